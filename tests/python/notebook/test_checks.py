"""`check` on solutions that learners write, right ones and wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from dinorc.notebook import check, newer
from helpers import GRADIENTS, Array, Arrays
from learners_solutions import Function, newer_clip, optimize_with, said
from oracles import notebook as reference

# ---- right solutions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "functions",
    [
        {name: getattr(nb, name) for name in ("clip", "sample", "optimize", "model")},
        {name: getattr(reference, name) for name in ("clip", "sample", "optimize", "model")},
        {"clip": newer.clip, "model": newer.model},
        {"clip": newer_clip, "model": reference.newer_model},
    ],
    ids=["older", "older in NumPy", "newer", "newer in NumPy"],
)
def test_right_solutions_of_both_generations_are_right(
    functions: dict[str, Function], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(**functions)
    assert said(capsys) == "".join(f"{name}: right\n" for name in functions)


def test_the_surroundings_are_left_as_they_were(capsys: pytest.CaptureFixture[str]) -> None:
    def noisy(*arguments: Any) -> Any:
        np.random.seed(9)
        print("noise")
        raise RuntimeError("too hard")

    np.random.seed(5)
    expected = np.random.RandomState(5).random_sample()
    assert not check(clip=noisy)
    assert said(capsys) == "clip: raises RuntimeError: too hard\n"
    assert np.random.random_sample() == expected


def test_something_to_check_has_to_be_there() -> None:
    with pytest.raises(TypeError, match="nothing to check"):
        check()
    with pytest.raises(TypeError, match="sample is 3"):
        check(sample=3)  # type: ignore[arg-type]


# ---- clip ---------------------------------------------------------------------------------------


def clip_by(change: Callable[[Array, float], Array]) -> Function:
    return lambda gradients, maxValue: {
        name: change(value, maxValue) for name, value in gradients.items()
    }


def clip_without_out(gradients: Arrays, maxValue: float) -> Arrays:
    for gradient in gradients.values():
        np.clip(gradient, -maxValue, maxValue)
    return gradients


def clip_but_forget_one(gradients: Arrays, maxValue: float) -> Arrays:
    for name in ("dWax", "dWaa", "dWya", "db"):
        np.clip(gradients[name], -maxValue, maxValue, out=gradients[name])
    return gradients


WRONG_CLIPS: dict[str, tuple[Function, str]] = {
    "no out": (clip_without_out, "dWaa comes back as it was.*out="),
    "one forgotten": (clip_but_forget_one, "dby comes back as it was"),
    "no result": (lambda gradients, maxValue: None, "returns nothing"),
    "a list": (lambda gradients, maxValue: list(gradients), "expected a dictionary"),
    "a key less": (lambda gradients, maxValue: {"dWaa": np.zeros((5, 5))}, "dWaa|dWax"),
    "flat": (clip_by(lambda g, n: np.clip(g, -n, n).ravel()), r"dWaa has shape \(25,\)"),
    "text": (clip_by(lambda g, n: "all of it"), "expected an array of numbers"),
    "above only": (clip_by(np.minimum), "below -maxValue are not clipped"),
    "below only": (clip_by(lambda g, n: np.maximum(g, -n)), "above maxValue are not clipped"),
    "always 10": (clip_by(lambda g, n: np.clip(g, -10, 10)), "at 10, not at maxValue = 5"),
    "always 5": (clip_by(lambda g, n: np.clip(g, -5, 5)), "at 5, not at maxValue = 10"),
    "scaled": (clip_by(lambda g, n: g * n / np.abs(g).max()), "all of dWaa is scaled"),
    "signs lost": (clip_by(lambda g, n: np.clip(np.abs(g), -n, n)), "dWaa has .* expected"),
    "not a number": (clip_by(lambda g, n: g * np.nan), "dWaa has nan"),
}


@pytest.mark.parametrize("kind", WRONG_CLIPS)
def test_a_wrong_clip_is_told(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    function, words = WRONG_CLIPS[kind]
    assert not check(clip=function)
    assert re.match(f"clip: .*({words})", said(capsys))


# ---- sample -------------------------------------------------------------------------------------


def sample_with(
    *,
    reseed: bool = True,
    seed_once: bool = False,
    seed_grows: bool = True,
    counter_grows: bool = True,
    choose: Callable[[Array], Any] = lambda y: np.random.choice(range(27), p=y),
    carry: bool = True,
    feed: bool = True,
    clear: bool = True,
    append: bool = True,
    keep: bool = True,
    stop: bool = True,
    finish: Callable[[list[Any]], Any] = lambda ids: ids,
) -> Function:
    """Return a solution as the course guides to it, with a line of it forgotten or wrong."""

    def sample(parameters: Arrays, char_to_ix: dict[str, int], seed: int) -> Any:
        x, a_prev = np.zeros((27, 1)), np.zeros((parameters["Waa"].shape[0], 1))
        ids: list[Any] = []
        idx, counter, length = -1, 0, 0
        if seed_once:
            np.random.seed(seed)
        while (idx != char_to_ix["\n"] or not stop) and length != 50:
            a, y = reference.rnn_step_forward(parameters, a_prev, x)
            if reseed:
                np.random.seed(counter + seed)
            idx = choose(y.ravel())
            ids.append(idx)
            if clear:
                x = np.zeros((27, 1))
            if feed:
                x[idx] = 1
            if carry:
                a_prev = a
            seed += seed_grows
            counter += counter_grows
            length += 1
        if length == 50 and append:
            ids.append(char_to_ix["\n"])
        elif not keep:
            ids.pop()
        return finish(ids)

    return sample


WRONG_SAMPLES: dict[str, tuple[Function, str]] = {
    "not seeded": (sample_with(reseed=False), "different names in two calls with seed 0"),
    "seeded once": (sample_with(reseed=False, seed_once=True), "seeds the generator once"),
    "seeded alike": (sample_with(seed_grows=False, counter_grows=False), "seeds each draw alike"),
    "seed stays": (sample_with(seed_grows=False), "only one of counter and seed"),
    "counter stays": (sample_with(counter_grows=False), "only one of counter and seed"),
    "argmax": (sample_with(choose=lambda y: int(np.argmax(y))), "likeliest character"),
    "no probabilities": (sample_with(choose=lambda y: np.random.choice(27)), "draws all .* alike"),
    "reversed": (sample_with(choose=lambda y: np.random.choice(27, p=y[::-1])), "reverse order"),
    "wrong end": (
        sample_with(choose=lambda y: 26 - np.random.choice(27, p=y[::-1])),
        "from the wrong end",
    ),
    "state forgotten": (sample_with(carry=False), "same hidden state"),
    "input forgotten": (sample_with(feed=False), "reads nothing that it wrote"),
    "input kept": (sample_with(clear=False), "earlier characters in x"),
    "no line end at 50": (sample_with(append=False), "after 50 characters"),
    "line end dropped": (sample_with(keep=False), "leaves out the line end"),
    "never stops": (sample_with(stop=False), "goes on to 50"),
    "no result": (sample_with(finish=lambda ids: None), "returns nothing"),
    "a text": (sample_with(finish=str), "expected a list of ids"),
    "columns": (sample_with(finish=lambda ids: [np.zeros(27)] * 3), "at place 0"),
    "floats": (sample_with(finish=lambda ids: [float(ix) for ix in ids]), "at place 0"),
    "one off": (sample_with(finish=lambda ids: [(ix + 1) % 27 for ix in ids]), "draw number 0"),
    "cut short": (sample_with(finish=lambda ids: ids[:3]), "draw number 3 .* is missing"),
}


@pytest.mark.parametrize("kind", WRONG_SAMPLES)
def test_a_wrong_sample_is_told(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    function, words = WRONG_SAMPLES[kind]
    assert not check(sample=function)
    assert re.match(f"sample: .*{words}", said(capsys))


def test_a_sample_that_is_right_may_return_numpys_integers() -> None:
    assert check(sample=sample_with(finish=lambda ids: np.array(ids)))
    assert check(sample=sample_with(finish=lambda ids: [np.array([ix]) for ix in ids]))


# ---- optimize -----------------------------------------------------------------------------------


WRONG_OPTIMIZES: dict[str, tuple[Function, str]] = {
    "not clipped": (
        optimize_with(return_unclipped=True, update_unclipped=True),
        "the gradients are not clipped.*clip\\(gradients, 5\\)",
    ),
    "clipped at 10": (optimize_with(limit=10), "clipped at 10; expected 5"),
    "uphill": (optimize_with(sign=-1), "are added, which is uphill"),
    "uphill, unclipped": (optimize_with(sign=-1, update_unclipped=True), "uphill, and before"),
    "no update": (optimize_with(update=False), "the parameters are as they were"),
    "updated before clipping": (optimize_with(update_unclipped=True), "before clipping"),
    "rate ignored": (optimize_with(rate=0.01), "0.01 times the gradients"),
    "rate forgotten": (optimize_with(rate=1), "the whole gradients"),
    "another rate": (optimize_with(rate=0.3), "after the step differs"),
    "no result": (optimize_with(finish=lambda *_: None), "returns None"),
    "loss only": (optimize_with(finish=lambda loss, *_: loss), "expected loss, gradients"),
    "mean loss": (
        optimize_with(finish=lambda loss, g, a, X, p: (loss / len(X), g, a[11])),
        "the mean",
    ),
    "negative loss": (optimize_with(finish=lambda loss, g, a, X, p: (-loss, g, a[11])), "the sign"),
    "wrong loss": (
        optimize_with(finish=lambda loss, g, a, X, p: (loss + 1, g, a[11])),
        "the loss is",
    ),
    "loss of text": (optimize_with(finish=lambda loss, g, a, X, p: ("1", g, a[11])), "a number"),
    "all states": (optimize_with(finish=lambda loss, g, a, X, p: (loss, g, a)), "of all times"),
    "first state": (optimize_with(finish=lambda loss, g, a, X, p: (loss, g, a[0])), r"is a\[0\]"),
    "old state": (optimize_with(finish=lambda loss, g, a, X, p: (loss, g, p)), "a_prev as it came"),
    "other state": (optimize_with(finish=lambda loss, g, a, X, p: (loss, g, a[1] * 2)), "differs"),
    "flat state": (
        optimize_with(finish=lambda loss, g, a, X, p: (loss, g, a[11][:, 0])),
        "has shape",
    ),
    "no gradients": (
        optimize_with(finish=lambda loss, g, a, X, p: (loss, {}, a[11])),
        "has no dWaa",
    ),
    "gradients of a sign": (
        optimize_with(
            finish=lambda loss, g, a, X, p: (loss, {name: -g[name] for name in GRADIENTS}, a[11])
        ),
        "dWaa has the sign the other way round",
    ),
    "other gradients": (
        optimize_with(
            finish=lambda loss, g, a, X, p: (loss, {name: g[name] / 2 for name in GRADIENTS}, a[11])
        ),
        "dWaa",
    ),
}


@pytest.mark.parametrize("kind", WRONG_OPTIMIZES)
def test_a_wrong_optimize_is_told(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    function, words = WRONG_OPTIMIZES[kind]
    assert not check(optimize=function)
    assert re.match(f"optimize: .*{words}", said(capsys))
