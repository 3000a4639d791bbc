"""The settings of CharRNN: kept as given; the name is told of any that is out of range."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, _core
from dinorc._training.settings import Settings
from helpers import refused
from small_models import small

BAD: dict[str, list[tuple[object, str]]] = {
    "cell": [("transformer", "'gru'.*'lstm'|'lstm'.*'gru'"), ("LSTM", "'lstm'"), (None, "'rnn'")],
    "hidden_size": [(0, "1 to 4096"), (4097, "1 to 4096"), (-1, "-1"), (2.0, "integer")],
    "embedding_size": [(0, "1 to 4096"), (4097, "1 to 4096"), ("8", "integer")],
    "dropout": [(-0.1, "0 or more and less than 1"), (1, "less than 1"), (math.nan, "nan")],
    "optimizer": [("adamw", "'adam', 'sgd'"), (None, "'adam', 'sgd'")],
    "learning_rate": [(0, "above 0"), (-1e-3, "above 0"), (math.inf, "finite"), ("1", "number")],
    "schedule": [("cosine", "'one-cycle', 'constant', 'averaged', or 'auto'")],
    "weight_decay": [(-1, "0 or more"), (math.inf, "finite"), (None, "real number")],
    "batch_size": [(0, "1 to 65536, or 'auto'"), (65537, "1 to 65536"), (True, "integer")]
    + [("large", "integer, or 'auto'"), (None, "'auto'")],
    "max_epochs": [
        (0, "1 to 1000000000"),
        (10**9 + 1, "1 to"),
        (1.5, "integer"),
        (None, "integer"),
    ],
    "validation_fraction": [(-0.1, "0 or more"), (1.0, "less than 1")],
    "patience": [(0, "1 to"), (2**63, "1 to"), (2.5, "integer")],
    "clip_value": [(0, "above 0"), (-1, "above 0"), (math.inf, "finite")],
    "clip_norm": [(0, "above 0"), (-1, "above 0"), (math.nan, "nan")],
    "dtype": [("float16", "'float64' or 'float32'"), (int, "'float64'"), (None, "'float64'")],
    "unknown": [("ignore", "'smoothed', 'rare', 'impossible', 'error'"), (None, "'error'")],
    "n_jobs": [(0, "1 to 1024, or None or -1"), (-2, "1 to 1024"), (1025, "1 to 1024")],
    "random_state": [(-1, "0 to 18446744073709551615"), (2**64, "0 to"), ("0", "integer")],
    "verbose": [(2, "True, False or 'auto'"), ("yes", "'auto'"), (None, "'auto'")],
    "base": [(3, "None, a fitted CharRNN"), ("", "path of a model file"), ("a\0b", "bundled base")]
    + [(CharRNN(), "has not learned any names yet"), (CharRNN, "a fitted CharRNN")],
    "strip": [("no", "True or False"), (0, "True or False"), (None, "True or False")],
    "case": [("lower", "'keep', 'fold'"), (None, "'fold'")],
}

# For each, a value other than the default.
GOOD: dict[str, Any] = {
    "cell": "gru",
    "hidden_size": np.int64(9),
    "embedding_size": None,
    "dropout": 0,
    "optimizer": "sgd",
    "learning_rate": np.float32(0.5),
    "schedule": "constant",
    "weight_decay": 0,
    "batch_size": 7,
    "max_epochs": 2,
    "validation_fraction": 0.25,
    "patience": 3,
    "clip_value": 5,
    "clip_norm": None,
    "dtype": np.float64,
    "unknown": "rare",
    "n_jobs": -1,
    "random_state": None,
    "verbose": False,
    "base": "latin",
    "strip": False,
    "case": "fold",
}


def test_every_setting_is_tried_here() -> None:
    constructor = list(inspect.signature(CharRNN).parameters)
    assert constructor == list(BAD) == list(GOOD) == [field.name for field in fields(Settings)]


def test_every_setting_is_keyword_only() -> None:
    kinds = {parameter.kind for parameter in inspect.signature(CharRNN).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [(name, value, wanted) for name, cases in BAD.items() for value, wanted in cases],
)
def test_a_bad_value_is_refused_everywhere_by_its_name(
    name: str, value: object, wanted: str
) -> None:
    with refused((TypeError, ValueError), rf"^{name} is ", wanted):
        CharRNN(**{name: value})
    rnn = small()
    before = rnn.get_params()
    with refused((TypeError, ValueError), rf"^{name} is ", wanted):
        rnn.set_params(**{"cell": "gru", "verbose": True, name: value})
    assert rnn.get_params() == before
    setattr(rnn, name, value)  # past all checks
    with refused((TypeError, ValueError), rf"^{name} is ", wanted):
        rnn.fit(["ann", "bob"])


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("digits", [30, 5000])  # Python writes no more than 4,300
@pytest.mark.parametrize("name", BAD)
def test_an_integer_of_any_size_is_refused_by_its_name(name: str, digits: int, sign: int) -> None:
    value = sign * 10**digits
    if 0 < value <= 10**30 and name in ("learning_rate", "weight_decay", "clip_value", "clip_norm"):
        assert CharRNN(**{name: value}).get_params()[name] is value  # as a float
        return
    with refused((TypeError, ValueError), rf"^{name} is .*; expected "):
        CharRNN(**{name: value})


@pytest.mark.parametrize("name", GOOD)
def test_a_good_value_is_kept_as_it_was_given(name: str) -> None:
    rnn = CharRNN(**{name: GOOD[name]})
    assert rnn.get_params()[name] is GOOD[name] is getattr(rnn, name)
    assert CharRNN().set_params(**{name: GOOD[name]}).get_params() == rnn.get_params()
    assert rnn.get_params() == CharRNN().get_params() | {name: GOOD[name]}


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with refused(ValueError, "'hiden_size'", "hidden_size"):
        CharRNN().set_params(hiden_size=3)
    with pytest.raises(TypeError, match="hiden_size"):
        CharRNN(hiden_size=3)  # type: ignore[call-arg]


def test_the_representation_shows_what_is_not_the_default_and_makes_the_same_model() -> None:
    assert repr(CharRNN()) == "CharRNN()"
    rnn = CharRNN(cell="gru", dropout=0, validation_fraction=0.0)
    assert repr(rnn) == "CharRNN(cell='gru', dropout=0, validation_fraction=0.0)"
    assert eval(repr(rnn)).get_params() == rnn.get_params()
    assert repr(CharRNN(verbose=True)) == "CharRNN(verbose=True)"


KNOWN = {"cell": _core.cells(), "optimizer": _core.optimizers()}


@pytest.mark.parametrize("setting", KNOWN)
def test_the_cells_and_optimizers_are_those_of_the_core(setting: str) -> None:
    with pytest.raises(ValueError, match="expected one of") as caught:
        CharRNN(**{setting: "elman"})
    assert re.findall(r"'(\w+)'", str(caught.value)) == ["elman", *KNOWN[setting]]
    (line,) = re.findall(rf"^ *{setting} : (.+)$", str(CharRNN.__doc__), re.MULTILINE)
    assert set(re.findall(r'"(\w+)"', line)) == set(KNOWN[setting])


def test_the_page_on_the_file_format_tells_what_each_cell_keeps() -> None:
    page = Path(__file__).parents[3] / "docs" / "file-format.md"
    listed = re.findall(r"^\| (\w+) \| \d \| \d \| \d \|", page.read_text("utf-8"), re.MULTILINE)
    assert set(listed) == set(_core.cells())
