"""What the network knows at a prefix: what comes next, and its hidden output."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, NotFittedError
from helpers import refused
from oracles import char_rnn as reference
from small_models import CELLS, NAMES, everything, small

PREFIXES = ["", "t", "tri", "trice", "zzz", "saurus", "x" * 200]


def ids(rnn: CharRNN, text: str) -> list[int]:
    """Return the characters of a text as the oracle takes them."""
    return [rnn.vocabulary_.index(character) for character in text]


# ---- what comes next ----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_what_comes_next_has_the_bits_of_the_scores(cell: str, dtype: str) -> None:
    rnn = small(cell=cell, dtype=dtype).fit(NAMES)
    for prefix in PREFIXES:
        following = rnn.next_char_log_probabilities(prefix)
        assert following.dtype == np.float64
        assert following.shape == (len(rnn.vocabulary_),)
        for index, character in enumerate(rnn.vocabulary_):
            if index == 0 and not prefix:
                continue  # a name without characters has no score
            scores = rnn.score_chars(prefix if index == 0 else prefix + character)
            assert following[index] == scores[len(prefix)]


@pytest.mark.parametrize("cell", CELLS)
def test_what_comes_next_is_that_of_the_oracle(cell: str) -> None:
    rnn = small(cell=cell, dtype="float64").fit(NAMES)
    for prefix in PREFIXES:
        following = rnn.next_char_log_probabilities(prefix)
        end = reference.name_log_probabilities(rnn.parameters_, cell, ids(rnn, prefix))[-1]
        assert following[0] == pytest.approx(end, rel=1e-12)
        assert math.fsum(np.exp(following)) == pytest.approx(1, rel=1e-13)


# ---- hidden outputs -----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_hidden_states_lead_to_what_comes_next(cell: str, dtype: str) -> None:
    rnn = small(cell=cell, dtype=dtype).fit(NAMES)
    parameters = {key: array.astype(np.float64) for key, array in rnn.parameters_.items()}
    for name in PREFIXES:
        states = rnn.hidden_states(name)
        assert states.dtype == np.dtype(dtype)
        assert states.shape == (len(name) + 1, rnn.hidden_size)
        for length in range(0, len(name) + 1, 1 + len(name) // 7):
            logits = parameters["output_weights"] @ states[length] + parameters["output_bias"]
            np.testing.assert_allclose(
                rnn.next_char_log_probabilities(name[:length]),
                reference.log_softmax(logits),
                rtol=1e-12 if dtype == "float64" else 2e-5,
            )


def test_hidden_states_of_a_prefix_are_those_of_the_name(rnn: CharRNN) -> None:
    whole = rnn.hidden_states("triceratops")
    for length in range(12):
        part = rnn.hidden_states("triceratops"[:length])
        assert part.tobytes() == whole[: length + 1].tobytes()
    assert len({row.tobytes() for row in whole}) == 12


# ---- what they take -----------------------------------------------------------------------------


def test_prefixes_are_put_in_normal_form_and_keep_their_spaces() -> None:
    rnn = small().fit([*NAMES, "zoë van dal"])
    expected = rnn.next_char_log_probabilities("zoë")
    assert rnn.next_char_log_probabilities("zoe\u0308").tolist() == expected.tolist()
    assert rnn.hidden_states("zoe\u0308").tobytes() == rnn.hidden_states("zoë").tobytes()
    with_space = rnn.next_char_log_probabilities("zoë van ")
    assert with_space.tolist() != rnn.next_char_log_probabilities("zoë van").tolist()
    assert rnn.score_chars("zoë van d")[8] == with_space[rnn.vocabulary_.index("d")]


def test_names_are_made_clean(rnn: CharRNN) -> None:
    expected = rnn.hidden_states("anna").tobytes()
    assert rnn.hidden_states(" anna\r\n").tobytes() == expected


@pytest.mark.parametrize("unknown", ["error", "impossible", "rare"])
def test_characters_never_seen_are_named(rnn: CharRNN, unknown: str) -> None:
    tolerant = small(unknown=unknown, max_epochs=1).fit(NAMES)
    with refused(ValueError, "^prefix is 'an1'", "'1' at position 2"):
        tolerant.next_char_log_probabilities("an1")
    with refused(ValueError, "^name is 'Anna'", "'A' at position 0"):
        tolerant.hidden_states("Anna")


@pytest.mark.parametrize(
    ("prefix", "exception", "mentions"),
    [
        (None, TypeError, ["is None"]),
        (b"tri", TypeError, ["is b'tri'"]),
        (["tri"], TypeError, [r"is \['tri'\]"]),
        ("tri\tc", ValueError, ["control character '\\\\t' at position 3"]),
        ("tr\nic", ValueError, ["line end '\\\\n' at position 2"]),
        ("a" * 1001, ValueError, ["1,001 characters", "at most 1,000"]),
    ],
)
def test_bad_prefixes_are_refused(
    rnn: CharRNN, prefix: Any, exception: type[Exception], mentions: list[str]
) -> None:
    with refused(exception, "^prefix ", *mentions):
        rnn.next_char_log_probabilities(prefix)
    with refused(exception, "^name ", *mentions):
        rnn.hidden_states(prefix)


def test_the_longest_prefix_of_all(rnn: CharRNN) -> None:
    assert np.isfinite(rnn.next_char_log_probabilities("a" * 1000)).all()
    assert rnn.hidden_states("a" * 1000).shape == (1001, rnn.hidden_size)
    assert rnn.hidden_states(" ").tolist() == rnn.hidden_states("").tolist()


def test_an_untrained_model_says_so() -> None:
    for use in (CharRNN().next_char_log_probabilities, CharRNN().hidden_states):
        with pytest.raises(NotFittedError, match="call fit"):
            use("a")


def test_looking_changes_nothing(rnn: CharRNN) -> None:
    before = everything(rnn)
    rnn.next_char_log_probabilities("tri")[:] = 0
    rnn.hidden_states("tri")[:] = 0
    assert everything(rnn) == before
