"""`check_gradients` on ways back that learners write, right ones and wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from dinorc.notebook import check_gradients
from helpers import Arrays, copied, frozen, make_column, make_parameters
from oracles import notebook as reference

Function = Callable[..., Any]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


X, Y = [None, 1, 3, 3, 0], [1, 3, 3, 0, 2]


def gradients_are_right(backward: Function | None = None) -> bool:
    arguments = (X, Y, make_column(5), make_parameters(5, 4, 4))
    before = frozen(arguments)
    more = () if backward is None else (backward,)
    result = check_gradients(*arguments, *more)
    assert frozen(arguments) == before
    return result


@pytest.mark.parametrize("backward", [None, nb.rnn_backward, reference.rnn_backward])
def test_right_gradients_are_right(
    backward: Function | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gradients_are_right(backward)
    names = ("dWax", "dWaa", "dWya", "db", "dby", "da_next")
    assert said(capsys) == "".join(f"{name}: right\n" for name in names)


def backward_by(change: Callable[[Arrays], Any]) -> Function:
    def backward(X: Any, Y: Any, parameters: Arrays, cache: Any) -> Any:
        gradients, a = reference.rnn_backward(X, Y, parameters, cache)
        return {**gradients, **change(gradients)}, a

    return backward


def backward_without_da_next(X: Any, Y: Any, parameters: Arrays, cache: Any) -> Any:
    y_hat, a, x = cache
    gradients = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    for t in reversed(range(len(X))):
        gradients["da_next"] = np.zeros_like(a[-1])
        dy = y_hat[t].copy()
        dy[Y[t]] -= 1
        reference.rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    del gradients["da_next"]
    return gradients


def one_entry_off(gradients: Arrays) -> Arrays:
    dWya = gradients["dWya"].copy()
    dWya[2, 1] += 0.25
    return {"dWya": dWya}


WRONG_WAYS_BACK: dict[str, tuple[Function, str]] = {
    "sign": (backward_by(lambda g: {"dby": -g["dby"]}), "dby: off.*the other way round"),
    "transposed": (backward_by(lambda g: {"dWaa": g["dWaa"].T}), "dWaa: off.*transposed"),
    "zero": (backward_by(lambda g: {"db": g["db"] * 0}), "db: off.*All of it is zero"),
    "mean": (backward_by(lambda g: {"db": g["db"] / 5}), "db: off.*0.2 times as large"),
    "clipped": (backward_by(lambda g: reference.clip(g, 0.1)), "dWax: off.*clipped already"),
    "one entry": (backward_by(one_entry_off), r"dWya: off, most at \[2, 1\]: it is .* slope"),
    "shape": (backward_by(lambda g: {"db": g["db"].T}), r"db: of shape \(1, 5\); .* \(5, 1\)"),
    "NaN": (backward_by(lambda g: {"db": g["db"] * np.nan}), "db: off, .*it is nan"),
    "infinite": (backward_by(lambda g: {"db": g["db"] * np.inf}), "db: off, .*it is -?inf"),
    "text": (backward_by(lambda g: {"db": "much"}), "db: no array of numbers"),
    "nothing": (lambda *_: None, "backward returns None"),
    "a list": (lambda *_: [1], r"backward returns \[1\]"),
    "a key less": (lambda *_: {"dWax": np.zeros((5, 4))}, "dWaa: missing"),
    "not through time": (backward_without_da_next, "dWaa: off"),
}


@pytest.mark.parametrize("kind", WRONG_WAYS_BACK)
def test_wrong_gradients_are_told(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    backward, words = WRONG_WAYS_BACK[kind]
    assert not gradients_are_right(backward)
    assert re.search(rf"^{words}", said(capsys), re.MULTILINE)


def test_right_gradients_beside_a_wrong_one_are_still_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not gradients_are_right(WRONG_WAYS_BACK["one entry"][0])
    assert said(capsys).count(": right\n") == 5


def test_a_way_back_may_change_what_it_gets_and_the_check_takes_single_precision() -> None:
    def careless(X: list[Any], Y: list[Any], parameters: Arrays, cache: Any) -> Any:
        result = nb.rnn_backward(X, Y, parameters, cache)
        X.clear()
        for array in (*parameters.values(), *cache[1].values()):
            array[:] = 7
        return result

    assert gradients_are_right(careless)
    parameters = make_parameters(5, 4, 4, dtype="float32")
    before = copied(parameters)
    assert check_gradients(X, Y, make_column(5, dtype="float32"), parameters)
    assert all((parameters[name] == before[name]).all() for name in before)
