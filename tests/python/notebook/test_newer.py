"""The newer generation of the notebook: its own `model` and `clip`, and the rest shared."""

from __future__ import annotations

import inspect
import re
from typing import Any

import numpy as np
import pytest

import dinorc
import dinorc.notebook as older
from conftest import Corpus
from dinorc.notebook import newer
from helpers import (
    GRADIENTS,
    PARAMETERS,
    Arrays,
    assert_same_bits,
    copied,
    dictionaries,
    make_gradients,
    refused,
)
from oracles import notebook as reference

CLIPPED = ["dWaa", "dWax", "dWya", "db", "dby"]
NAMES = ["Rex", "maia", "  yi ", "", "Tyrannosaurus", "maia", "zby", ""]


@pytest.fixture
def few() -> Corpus:
    """Return names with capitals, blanks, and empty strings, one of them at the end."""
    return Corpus(NAMES, *dictionaries(name.strip() for name in NAMES))


def run(corpus: Corpus, num_iterations: int, *verbose: bool, **options: Any) -> tuple[Arrays, str]:
    arguments = (corpus.names, corpus.ix_to_char, corpus.char_to_ix, num_iterations)
    return newer.model(*arguments, 11, 3, corpus.vocab_size, *verbose, **options)


def test_the_names_are_those_of_the_older_and_all_but_two_the_same_objects() -> None:
    assert newer.__all__ == older.__all__
    different = [n for n in newer.__all__ if getattr(newer, n) is not getattr(older, n)]
    assert different == ["clip", "model"]
    assert dinorc.notebook.newer is newer
    namespace: dict[str, Any] = {}
    exec("from dinorc.notebook.newer import *", namespace)
    assert namespace["model"] is newer.model


def test_model_has_the_arguments_of_the_newer_notebook() -> None:
    parameters = inspect.signature(newer.model).parameters.values()
    positional = {p.name: p.default for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert positional == {
        **dict.fromkeys(("data_x", "ix_to_char", "char_to_ix"), inspect.Parameter.empty),
        "num_iterations": 35000,
        "n_a": 50,
        "dino_names": 7,
        "vocab_size": 27,
        "verbose": False,
    }
    assert list(inspect.signature(newer.clip).parameters) == ["gradients", "maxValue"]


# ---- model --------------------------------------------------------------------------------------


@pytest.mark.parametrize("num_iterations", [0, 1, 7, 8, 9, 2001])
@pytest.mark.parametrize("verbose", [False, True])
def test_model_prints_and_returns_what_the_oracle_does(
    few: Corpus, verbose: bool, num_iterations: int, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (few.names, few.ix_to_char, few.char_to_ix, num_iterations, 11, 3, few.vocab_size)
    expected, expected_name = reference.newer_model(*arguments, verbose)
    printed = capsys.readouterr().out
    parameters, last_name = newer.model(*arguments, verbose)
    assert capsys.readouterr().out == printed
    assert last_name == expected_name
    assert list(parameters) == list(PARAMETERS)
    for name, value in expected.items():
        np.testing.assert_allclose(parameters[name], value, rtol=0, atol=1e-11)


def test_the_debugging_lines_are_at_the_first_iteration_and_where_the_list_begins_anew(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    run(few, 20, True)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("j = ")] == [
        "j =  0 idx =  0",
        "j =  7 idx =  7",
        "j =  8 idx =  0",
    ]
    order = [name.strip() for name in NAMES]
    np.random.RandomState(0).shuffle(order)
    ids = [few.char_to_ix[character] for character in order[0]]
    assert lines[1:6] == [
        f"single_example = {order[0]}",
        f"single_example_chars {list(order[0])}",
        f"single_example_ix {ids}",
        f" X =  {[None, *ids]} ",
        f" Y =        {[*ids, few.char_to_ix[chr(10)]]} ",
    ]


def test_everything_may_be_given_by_keyword(few: Corpus) -> None:
    by_keyword, _ = newer.model(
        data_x=few.names,
        ix_to_char=few.ix_to_char,
        char_to_ix=few.char_to_ix,
        num_iterations=30,
        n_a=11,
        dino_names=3,
        vocab_size=few.vocab_size,
        verbose=False,
    )
    assert_same_bits(by_keyword, run(few, 30)[0])


def test_one_name_is_trained_on_over_and_over(capsys: pytest.CaptureFixture[str]) -> None:
    ix_to_char, char_to_ix = ["\n", "a"], {"\n": 0, "a": 1}
    newer.model(["aa"], ix_to_char, char_to_ix, 3, 4, 1, 2, True)
    assert capsys.readouterr().out.count("j = ") == 2  # at 0, which is the last one too, and at 1


def test_on_lower_case_names_the_parameters_are_those_of_the_older(dinos: Corpus) -> None:
    arguments = (dinos.names, dinos.ix_to_char, dinos.char_to_ix, 300)
    parameters, _ = newer.model(*arguments)
    assert_same_bits(parameters, older.model(*arguments, verbose=False))


def test_the_last_name_has_its_capital_and_its_line_end(few: Corpus) -> None:
    _, last_name = run(few, 1)
    assert last_name == last_name[0].upper() + last_name[1:]
    assert last_name.endswith("\n")
    assert run(few, 0)[1] == "abc"


def test_settings_beyond_the_notebook_are_shared(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    run(few, 21, print_every=10, learning_rate=0.1, max_value=1, dtype="float32", seed=3)
    assert capsys.readouterr().out.count("Iteration: ") == 3


@pytest.mark.parametrize(
    ("data_x", "exception", "mention"),
    [
        ("rex\nmaia", TypeError, "split"),
        (None, TypeError, "None"),
        ([b"rex"], TypeError, "line 1"),
        (["rex", "ma\nia"], ValueError, "line 2"),
        ([], ValueError, "no names"),
        (["maia", "rEx"], ValueError, "'E' in line 2, column 2"),
    ],
    ids=repr,
)
def test_other_data_is_refused(
    data_x: Any, exception: type[Exception], mention: str, capsys: pytest.CaptureFixture[str]
) -> None:
    char_to_ix, ix_to_char = dictionaries(["rex", "maia"])
    with refused(exception, r"\bdata_x\b", mention, unchanged=data_x):
        newer.model(data_x, ix_to_char, char_to_ix, vocab_size=len(char_to_ix))
    assert capsys.readouterr().out == ""


def test_the_older_model_says_whose_call_it_is(
    dinos: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    dictionaries = (dinos.ix_to_char, dinos.char_to_ix)
    message = re.escape("from dinorc.notebook.newer import *")
    for call in (
        lambda: older.model(data_x=dinos.names, ix_to_char=dictionaries[0], char_to_ix=None),
        lambda: older.model(dinos.names, *dictionaries, 10, 50, 7, 27, True),
        lambda: older.model(dinos.names, *dictionaries, 10, 50, 7, 27, False),
    ):
        with pytest.raises(TypeError, match=message):
            call()
    assert capsys.readouterr().out == ""


# ---- capitals -----------------------------------------------------------------------------------


def test_the_older_model_lower_cases_also_where_the_dictionary_has_capitals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ["Abba", "baBA"]
    char_to_ix, ix_to_char = dictionaries([*names, "ab"])
    assert "A" in char_to_ix
    size = len(char_to_ix)
    expected = older.model(["abba", "baba"], ix_to_char, char_to_ix, 50, vocab_size=size)
    printed = capsys.readouterr().out
    assert_same_bits(older.model(names, ix_to_char, char_to_ix, 50, vocab_size=size), expected)
    assert capsys.readouterr().out == printed
    different, _ = newer.model(names, ix_to_char, char_to_ix, 50, vocab_size=size)
    assert (different["by"] != expected["by"]).any()


def test_a_name_that_lacks_a_character_once_in_lower_case_is_blamed_on_that() -> None:
    names = ["bab", " baTa"]
    char_to_ix, ix_to_char = dictionaries(["bab", "baTa"])
    with refused(
        ValueError, "'T' in line 2, column 4", "lower-cased to 't'", "char_to_ix lacks that"
    ):
        older.model(names, ix_to_char, char_to_ix, vocab_size=len(char_to_ix))
    newer.model(names, ix_to_char, char_to_ix, 1, vocab_size=len(char_to_ix))


# ---- clip ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clip_returns_new_arrays_in_the_newer_order(dtype: str) -> None:
    gradients = make_gradients(4, 3, 2, dtype=dtype, da_next=True)
    before = copied(gradients)
    clipped = newer.clip(gradients, maxValue=2)
    assert_same_bits(gradients, before)
    assert list(clipped) == CLIPPED
    for name in GRADIENTS:
        assert clipped[name].dtype == dtype
        np.testing.assert_array_equal(clipped[name], np.clip(before[name], -2, 2))
        assert not np.shares_memory(clipped[name], gradients[name])
        assert clipped[name].flags.writeable


def test_clip_takes_what_it_can_copy() -> None:
    gradients = {name: np.array([[-9, 1], [4, 9]]).T for name in GRADIENTS}
    gradients["dby"].flags.writeable = False
    assert newer.clip(gradients, 5)["dby"].tolist() == [[-5.0, 4.0], [1.0, 5.0]]
    assert gradients["db"].tolist() == [[-9, 4], [1, 9]]


@pytest.mark.parametrize(
    ("change", "exception", "mention"),
    [
        ({"db": None}, TypeError, "'db'"),
        ({"db": np.array([1j])}, TypeError, "'db'"),
    ],
    ids=repr,
)
def test_clip_refuses_what_is_no_array(
    change: Any, exception: type[Exception], mention: str
) -> None:
    with refused(exception, mention):
        newer.clip(make_gradients(4, 3, 2) | change, 5)
    with refused(ValueError, "'dWaa'"):
        newer.clip({"dWax": np.ones(2)}, 5)
    with refused(ValueError, "maxValue"):
        newer.clip(make_gradients(4, 3, 2), -1)


# ---- what the newer course publishes for its own checks -----------------------------------------


def test_clip_passes_the_published_check() -> None:
    stream = np.random.RandomState(3)
    shapes = {"dWax": (5, 3), "dWaa": (5, 5), "dWya": (2, 5), "db": (5, 1), "dby": (2, 1)}
    gradients = {name: stream.randn(*shape) * 10 for name, shape in shapes.items()}
    for limit in (10, 5):
        clipped = newer.clip(gradients, limit)
        assert clipped["dWaa"][1][2] == limit
        assert clipped["dWax"][3][1] == -limit
        assert clipped["dWya"][1][2] == pytest.approx(0.2971381536101662, rel=1e-15)
        for name, value in clipped.items():
            kept = np.abs(gradients[name]) <= limit
            np.testing.assert_array_equal(gradients[name][kept], value[kept])


def test_sample_passes_the_published_check() -> None:
    stream = np.random.RandomState(24)
    n_a, size = 100, 27
    shapes = {"Wax": (n_a, size), "Waa": (n_a, n_a), "Wya": (size, n_a)}
    shapes |= {"b": (n_a, 1), "by": (size, 1)}
    parameters = {name: stream.randn(*shape) for name, shape in shapes.items()}
    char_to_ix, _ = dictionaries(["abcdefghijklmnopqrstuvwxyz"])
    indices = newer.sample(parameters, char_to_ix, 0)
    assert indices[:6] == [23, 16, 26, 26, 24, 3]
    assert indices[-1] == 0
    assert len(indices) < 52


def test_optimize_returns_clipped_gradients_and_updates_the_parameters() -> None:
    parameters = newer.initialize_parameters(100, 27, 27)
    parameters = {name: 100 * value for name, value in parameters.items()}
    before = copied(parameters)
    X, Y = [12, 3, 5, 11, 22, 3], [4, 14, 11, 22, 25, 26]
    _, gradients, _ = newer.optimize(X, Y, np.zeros((100, 1)), parameters, learning_rate=0.01)
    assert all(np.abs(gradient).max() <= 5 for gradient in gradients.values())
    assert not np.allclose(parameters["Wya"], before["Wya"])
