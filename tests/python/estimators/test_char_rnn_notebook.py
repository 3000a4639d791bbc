"""From CharRNN to the notebook and back: the same network, the same scores."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from dinorc import CharRNN
from helpers import Arrays, assert_same_bits, copied, make_parameters, refused
from small_models import NAMES, small

CHAR_TO_IX = {"b": 0, "\n": 3, "ä": 1, "a": 4, "-": 2}  # in no order


def notebook_scores(parameters: Arrays, char_to_ix: dict[str, int], name: str) -> list[float]:
    """Return the log-probability of each character from the notebook's own functions."""
    ids = [char_to_ix[character] for character in name] + [char_to_ix["\n"]]
    a0 = np.zeros_like(parameters["b"])
    _, (y_hat, _, _) = nb.rnn_forward([None, *ids[:-1]], ids, a0, parameters)
    return [float(np.log(y_hat[t][ix, 0])) for t, ix in enumerate(ids)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_of_a_notebook_network_are_the_notebooks(dtype: Any) -> None:
    parameters = make_parameters(7, 5, 5, dtype=dtype)
    rnn = CharRNN.from_notebook(parameters, CHAR_TO_IX)
    assert rnn.vocabulary_ == "\n-abä"
    assert (rnn.cell, rnn.hidden_size, rnn.embedding_size) == ("rnn", 7, None)
    assert rnn.dtype == np.dtype(dtype).name
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    for name in ("a", "ab-ä", "äbba-abab", "-" * 30):
        expected = notebook_scores(parameters, CHAR_TO_IX, name)
        np.testing.assert_allclose(rnn.score_chars(name), expected, rtol=tolerance)
        np.testing.assert_allclose(rnn.score_samples([name]), [sum(expected)], rtol=tolerance)


def test_there_and_back_gives_the_same_bits() -> None:
    parameters = make_parameters(7, 5, 5)
    before = copied(parameters)
    rnn = CharRNN.from_notebook(parameters, CHAR_TO_IX)
    rnn.parameters_["bias"][0] += 0  # the model's own array, not the caller's
    back, char_to_ix = rnn.to_notebook()
    assert char_to_ix == {"\n": 0, "-": 1, "a": 2, "b": 3, "ä": 4}
    order = [CHAR_TO_IX[character] for character in char_to_ix]
    expected = before | {
        "Wax": np.ascontiguousarray(before["Wax"][:, order]),
        "Wya": before["Wya"][order],
        "by": before["by"][order],
    }
    assert_same_bits(back, expected)
    assert_same_bits(parameters, before)
    again = CharRNN.from_notebook(back, char_to_ix)
    assert again.fingerprint() == rnn.fingerprint()
    back["b"][:] = 9
    assert rnn.fingerprint() == again.fingerprint()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_trained_network_goes_to_the_notebook(dtype: str) -> None:
    rnn = small(cell="rnn", embedding_size=None, dtype=dtype).fit(NAMES)
    parameters, char_to_ix = rnn.to_notebook()
    characters = len(rnn.vocabulary_)
    assert {name: array.shape for name, array in parameters.items()} == {
        "Wax": (8, characters),
        "Waa": (8, 8),
        "Wya": (characters, 8),
        "b": (8, 1),
        "by": (characters, 1),
    }
    assert {array.dtype.name for array in parameters.values()} == {dtype}
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    for name in NAMES[:10]:
        expected = notebook_scores(parameters, char_to_ix, name)
        np.testing.assert_allclose(rnn.score_chars(name), expected, rtol=tolerance)
    assert nb.sample(parameters, char_to_ix, 0)[-1] == 0
    again = CharRNN.from_notebook(parameters, char_to_ix)
    assert again.score_samples(NAMES).tobytes() == rnn.score_samples(NAMES).tobytes()
    assert again.sample(20) == rnn.sample(20)


def test_a_model_of_the_notebook_invents_the_like() -> None:
    characters = sorted({"\n"}.union(*NAMES))
    char_to_ix = {character: ix for ix, character in enumerate(characters)}
    parameters = nb.model(
        NAMES, dict(enumerate(characters)), char_to_ix, 2000, 20, 1, len(characters), verbose=False
    )
    rnn = CharRNN.from_notebook(parameters, char_to_ix)
    assert rnn.perplexity(NAMES) < 15
    assert len(rnn.sample(10)) == 10
    assert (rnn.history_["epoch"], rnn.names_report_, rnn.best_epoch_) == ([], None, 0)
    with refused(ValueError, "no training run to go on with"):
        rnn.resume(NAMES)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_other_cells_have_no_place_in_the_notebook(cell: str) -> None:
    with refused(ValueError, f"cell is '{cell}'", "expected 'rnn'"):
        small(cell=cell).fit(NAMES).to_notebook()


def test_an_embedding_has_no_place_in_the_notebook() -> None:
    with refused(ValueError, "embedding_size is 4", "expected None", "zero vector"):
        small(cell="rnn", embedding_size=4).fit(NAMES).to_notebook()


@pytest.mark.parametrize(
    ("char_to_ix", "exception", "mentions"),
    [
        (["\n", "a", "b", "c", "d"], TypeError, ["char_to_ix is "]),
        ({"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}, ValueError, [r"no '\\n'"]),
        (CHAR_TO_IX | {"c": 5}, ValueError, ["char_to_ix", "'c'", "0 to 4"]),
        (CHAR_TO_IX | {"c": 4}, ValueError, ["6 characters with 5 different ids"]),
        ({"\n": 0, "a": 1}, ValueError, ["2 characters with 2 different ids", "0 to 4"]),
        ({"\n": 0}, ValueError, ["only", "at least one other"]),
        (CHAR_TO_IX | {"ab": 2}, TypeError, ["'ab'", "one character"]),
        (CHAR_TO_IX | {1: 2}, TypeError, ["key 1"]),
        (CHAR_TO_IX | {"a": "4"}, TypeError, [r"char_to_ix\['a'\]", "integer"]),
        (CHAR_TO_IX | {"\t": 0}, ValueError, [r"control character '\\t'"]),
    ],
)
def test_bad_ids_are_refused(
    char_to_ix: Any, exception: type[Exception], mentions: list[str]
) -> None:
    with refused(exception, *mentions):
        CharRNN.from_notebook(make_parameters(3, 5, 5), char_to_ix)


def test_bad_parameters_are_refused() -> None:
    good = make_parameters(3, 5, 5)
    with refused(ValueError, "'Wya'"):
        CharRNN.from_notebook({k: v for k, v in good.items() if k != "Wya"}, CHAR_TO_IX)
    with refused(ValueError, "5 columns", "4 rows"):
        CharRNN.from_notebook(make_parameters(3, 5, 4), CHAR_TO_IX)
    good["b"][1] = np.inf
    with refused(ValueError, re.escape("parameters['b'][1, 0] is inf")):
        CharRNN.from_notebook(good, CHAR_TO_IX)
