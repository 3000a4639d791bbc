"""Scores and draws: against the oracle, independent of other names, with unknown letters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN
from helpers import refused
from oracles import char_rnn as reference
from small_models import CELLS, NAMES, everything, small

OTHERS = ["triceratops", "xqzvw", "aaa", "saurus", "z"]


def oracle_scores(rnn: CharRNN, name: str) -> reference.Array:
    """Return the oracle's log-probability of each character, the end included."""
    parameters = {key: array.astype(np.float64) for key, array in rnn.parameters_.items()}
    return reference.name_log_probabilities(
        parameters, rnn.cell, [rnn.vocabulary_.index(character) for character in name]
    )


# ---- against the oracle -------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("embedding_size", [None, 4])
@pytest.mark.parametrize("cell", CELLS)
def test_scores_are_those_of_the_oracle(cell: str, embedding_size: int | None, dtype: str) -> None:
    rnn = small(cell=cell, embedding_size=embedding_size, dtype=dtype).fit(NAMES)
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    expected = [oracle_scores(rnn, name) for name in OTHERS]
    scores = rnn.score_samples(OTHERS)
    assert scores.dtype == np.float64
    np.testing.assert_allclose(scores, [each.sum() for each in expected], rtol=tolerance)
    for name, each in zip(OTHERS, expected, strict=True):
        np.testing.assert_allclose(rnn.score_chars(name), each, rtol=0, atol=10 * tolerance)


def test_characters_sum_to_the_name_and_names_to_score_and_perplexity(rnn: CharRNN) -> None:
    scores = rnn.score_samples(OTHERS)
    for name, score in zip(OTHERS, scores, strict=True):
        characters = rnn.score_chars(name)
        assert characters.dtype == np.float64
        assert characters.shape == (len(name) + 1,)
        total = 0.0
        for number in characters.tolist():
            total += number
        assert total == score
    assert rnn.score(OTHERS) == rnn.score(OTHERS, None) == math.fsum(scores) / len(OTHERS)
    count = sum(len(name) + 1 for name in OTHERS)
    assert rnn.perplexity(OTHERS) == pytest.approx(math.exp(-math.fsum(scores) / count), rel=1e-14)


def test_the_scores_of_all_names_sum_to_one() -> None:
    rnn = small(validation_fraction=0, max_epochs=1).fit(["a", "b", "ab"])
    total = np.exp(rnn.score_samples(all_names("ab", 9))).sum() + empty_name(rnn)
    assert 0.9 < total < 1


def all_names(characters: str, longest: int) -> list[str]:
    """Return every name of at most this many characters."""
    names, last = [], [""]
    for _ in range(longest):
        last = [name + character for name in last for character in characters]
        names += last
    return names


def empty_name(rnn: CharRNN) -> float:
    """Return the probability of the name without characters."""
    return float(np.exp(oracle_scores(rnn, ""))[0])


# ---- what a score does not depend on ------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_a_score_does_not_depend_on_what_else_is_scored(cell: str) -> None:
    rnn = small(cell=cell).fit(NAMES)
    together = rnn.score_samples(NAMES)
    rng = np.random.default_rng(0)
    for size in (1, 2, 17, 150):
        for _ in range(5):
            chosen = rng.choice(len(NAMES), size)
            scores = rnn.score_samples([NAMES[i] for i in chosen])
            assert scores.tobytes() == together[chosen].tobytes()


def test_names_are_made_clean_before_they_are_scored() -> None:
    rnn = small().fit([*NAMES, "zoë"])
    expected = rnn.score_samples(["zoë", "zoë", "zoë"])
    assert rnn.score_samples([" zoë\n", "zoe\u0308", "zoë\r\n"]).tolist() == expected.tolist()
    assert rnn.score_chars("zoe\u0308").shape == (4,)


def test_nothing_to_score(rnn: CharRNN) -> None:
    scores = rnn.score_samples([])
    assert (scores.dtype, scores.shape) == (np.float64, (0,))
    for mean in (rnn.score, rnn.perplexity):
        with refused(ValueError, "names is empty"):
            mean([])


def test_a_call_is_about_one_model_whatever_happens_meanwhile() -> None:
    rnn = small().fit(NAMES)
    expected = rnn.score_samples(["triceratops"])

    def names() -> Iterator[str]:
        rnn.fit(["Zoë", "Łukasz", *NAMES])  # with another vocabulary, as another thread might
        yield "triceratops"

    assert rnn.score_samples(names()) == expected


def test_scoring_and_drawing_change_nothing(rnn: CharRNN) -> None:
    before = everything(rnn)
    rnn.score_samples(NAMES)
    rnn.score(NAMES)
    rnn.perplexity(NAMES)
    rnn.score_chars("anna")
    rnn.sample(10)
    rnn.fingerprint()
    assert everything(rnn) == before


# ---- characters never seen ----------------------------------------------------------------------


def test_an_unknown_character_can_be_an_error() -> None:
    rnn = small(unknown="error").fit(NAMES)
    with refused(ValueError, r"names\[1\] is 'ann1'", "'1' at position 3", "smoothed", "rare"):
        rnn.score_samples(["anna", "ann1", "2"])
    with refused(ValueError, "^name is 'épée'", "'é' at position 0"):
        rnn.score_chars("épée")
    with refused(ValueError, "'A' at position 0"):
        rnn.perplexity(["Anna"])


def test_an_unknown_character_can_be_impossible(rnn: CharRNN) -> None:
    tolerant = small(max_epochs=8, learning_rate=0.02, unknown="impossible").fit(NAMES)
    scores = tolerant.score_samples(["anna", "an1a"])
    assert scores[0] == rnn.score_samples(["anna"])[0]
    assert scores[1] == -math.inf
    assert tolerant.score(["anna", "an1a"]) == -math.inf
    assert tolerant.perplexity(["an1a"]) == math.inf
    characters = tolerant.score_chars("an1a")
    assert np.isfinite(characters).tolist() == [True, True, False, True, True]


def test_an_unknown_character_can_be_one_in_a_million(rnn: CharRNN) -> None:
    tolerant = small(max_epochs=8, learning_rate=0.02, unknown="rare").fit(NAMES)
    characters = tolerant.score_chars("an1a")
    assert characters[2] == math.log(1e-6)
    assert characters[:2].tolist() == rnn.score_chars("an")[:2].tolist()
    assert tolerant.score_samples(["an1a"])[0] == pytest.approx(characters.sum(), rel=1e-14)


@pytest.mark.parametrize(
    ("names", "exception", "mentions"),
    [
        ("anna", TypeError, ["^names is 'anna'"]),
        ([b"anna"], TypeError, [r"names\[0\]"]),
        (["anna", "an\0a"], ValueError, [r"names\[1\]"]),
    ],
)
def test_bad_names_are_refused(
    rnn: CharRNN, names: Any, exception: type[Exception], mentions: list[str]
) -> None:
    for use in (rnn.score_samples, rnn.score, rnn.perplexity):
        with refused(exception, *mentions):
            use(names)


# ---- draws --------------------------------------------------------------------------------------


def test_draws_depend_on_the_seed_and_their_number_alone(rnn: CharRNN) -> None:
    ten = rnn.sample(10, seed=5)
    assert len(ten) == 10
    assert rnn.sample(10, seed=5) == ten
    assert rnn.sample(4, seed=5) == ten[:4]
    assert rnn.sample(300, seed=5)[:10] == ten
    assert rnn.sample(10, seed=6) != ten
    assert rnn.sample(10, seed=2**64 - 1) != ten
    assert rnn.sample(10) == rnn.sample(10, seed=rnn.seed_)
    assert rnn.sample(0) == []
    assert len(rnn.sample()) == 1


def test_draws_follow_the_distribution() -> None:
    rnn = small(validation_fraction=0, max_epochs=20, learning_rate=0.05).fit(["a", "b", "ab"])
    count = 4000
    drawn = rnn.sample(count, seed=1)
    names = all_names("ab", 2)
    for name, score in zip(names, rnn.score_samples(names), strict=True):
        probability = math.exp(score)
        deviation = math.sqrt(count * probability * (1 - probability))
        assert abs(drawn.count(name) - count * probability) < 5 * deviation + 1
    assert abs(drawn.count("") - count * empty_name(rnn)) < 5 * math.sqrt(count)


def test_a_name_without_end_is_cut_off() -> None:
    rnn = small(validation_fraction=0).fit(["anna"])
    rnn.parameters_["output_bias"][0] = -1e4  # the end never comes
    assert {len(name) for name in rnn.sample(3)} == {1000}


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        ({"n": -1}, ["n is -1", "0 or more"]),
        ({"n": 2.0}, ["n is 2.0", "integer"]),
        ({"n": 1, "seed": -1}, ["seed is -1"]),
        ({"n": 1, "seed": 2**64}, ["seed is 18446744073709551616"]),
    ],
)
def test_bad_arguments_of_sample_are_refused(
    rnn: CharRNN, arguments: dict[str, Any], mentions: list[str]
) -> None:
    with refused((TypeError, ValueError), *mentions):
        rnn.sample(**arguments)
