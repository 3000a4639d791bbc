"""Temperature, top-k, top-p, prefix and lengths, candidate by candidate against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dinorc import CharRNN, datasets
from oracles import generation as reference
from small_models import CELLS, small

NAMES = datasets.load("dinos")[::40]

# In binary64, rounding can't change a draw that is this far from the border of two characters.
MARGIN = 1e-9


def model(cell: str) -> CharRNN:
    """Return a model whose distributions are neither flat nor peaked."""
    rnn = small(cell=cell, dtype="float64", validation_fraction=0, max_epochs=6).fit(NAMES)
    rnn.parameters_["output_weights"][:] *= 3
    return rnn


MODELS = {cell: model(cell) for cell in CELLS}
SIZE = len(MODELS["rnn"].vocabulary_)


FIRST_ROUND = 16  # candidates; what they show changes what later ones are drawn from


def candidates(rnn: CharRNN, rules: dict[str, Any]) -> list[str]:
    """Return those of the first round that meet the conditions."""
    return rnn.generate(
        FIRST_ROUND,
        exclude=(),
        unique=False,
        budget=FIRST_ROUND,
        on_shortfall="ignore",
        **rules,
    )


def oracle(rnn: CharRNN, number: int, rules: dict[str, Any]) -> tuple[str | None, float]:
    """Return a candidate as the oracle draws it; None if its length is wrong."""
    characters = rnn.vocabulary_
    ids, nearest = reference.candidate(
        rnn.parameters_,
        rnn.cell,
        seed=rules["seed"],
        number=number,
        prefix=[characters.index(character) for character in rules["prefix"]],
        min_length=rules["min_length"],
        max_length=rules["max_length"],
        temperature=rules["temperature"],
        top_k=rules["top_k"],
        top_p=rules["top_p"],
    )
    return None if ids is None else "".join(characters[i] for i in ids), nearest


@given(
    cell=st.sampled_from(CELLS),
    seed=st.integers(0, 2**64 - 1),
    temperature=st.one_of(st.just(1.0), st.floats(0.05, 20)),
    top_k=st.one_of(st.just(SIZE), st.integers(1, SIZE)),
    top_p=st.one_of(st.just(1.0), st.floats(0.01, 1)),
    prefix=st.text(alphabet=MODELS["rnn"].vocabulary_[1:], max_size=4),
    lengths=st.tuples(st.integers(1, 9), st.integers(1, 9)).map(sorted),
)
def test_candidates_are_those_of_the_oracle(
    cell: str,
    seed: int,
    temperature: float,
    top_k: int,
    top_p: float,
    prefix: str,
    lengths: list[int],
) -> None:
    rules: dict[str, Any] = {
        "seed": seed,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "prefix": prefix,
        "min_length": lengths[0],
        "max_length": max(lengths[1], len(prefix)),
    }
    rnn = MODELS[cell]
    drawn = [oracle(rnn, number, rules) for number in range(FIRST_ROUND)]
    assume(all(nearest > MARGIN for _, nearest in drawn))
    assert candidates(rnn, rules) == [name for name, _ in drawn if name is not None]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "rules",
    [{}, {"temperature": 0.6}, {"top_k": 4}, {"top_p": 0.7}, {"temperature": 2, "top_k": 6}],
)
def test_characters_come_as_often_as_the_rules_say(cell: str, rules: dict[str, Any]) -> None:
    rnn = MODELS[cell]
    count = 5000
    names = rnn.generate(
        count,
        exclude=(),
        unique=False,
        prefix="a",
        min_length=2,
        max_length=2,
        seed=4,
        on_shortfall="ignore",
        **rules,
    )

    def shares_after(ids: list[int]) -> dict[int, float]:
        return reference.restricted(
            reference.next_log_probabilities(rnn.parameters_, cell, ids),
            rules.get("temperature", 1),
            rules.get("top_k", SIZE),
            rules.get("top_p", 1),
        )

    a = rnn.vocabulary_.index("a")
    # A name of two letters goes on with the second, and ends.
    shares = {
        second: share * shares_after([a, second]).get(0, 0.0)
        for second, share in shares_after([a]).items()
        if second != 0
    }
    total = sum(shares.values())
    if total == 0:  # the end is never among the likeliest characters
        assert names == []
        return
    assert len(names) == count
    shares = {second: share / total for second, share in shares.items()}
    found = {rnn.vocabulary_.index(name[1]): names.count(name) for name in set(names)}
    assert set(found) <= set(shares)
    for character, share in shares.items():
        deviation = np.sqrt(count * share * (1 - share))
        assert abs(found.get(character, 0) - count * share) < 5.5 * deviation + 1
