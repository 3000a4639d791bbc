"""`check` on solutions that learners write, right ones and wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from dinorc.notebook import check, newer
from helpers import GRADIENTS, Array, Arrays
from oracles import notebook as reference

Function = Callable[..., Any]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


# ---- right solutions ----------------------------------------------------------------------------


def newer_clip(gradients: Arrays, maxValue: float) -> Arrays:
    return reference.clip({name: value.copy() for name, value in gradients.items()}, maxValue)


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


def optimize_with(
    *,
    limit: float = 5,
    sign: float = 1,
    rate: float | None = None,
    update: bool = True,
    update_unclipped: bool = False,
    return_unclipped: bool = False,
    finish: Callable[..., Any] = lambda loss, gradients, a, X, a_prev: (
        loss,
        gradients,
        a[len(X) - 1],
    ),
) -> Function:
    """Return a solution as the course guides to it, with a line of it forgotten or wrong."""

    def optimize(
        X: Any, Y: Any, a_prev: Array, parameters: Arrays, learning_rate: float = 0.01
    ) -> Any:
        loss, cache = reference.rnn_forward(X, Y, a_prev, parameters)
        gradients, a = reference.rnn_backward(X, Y, parameters, cache)
        clipped = newer_clip(gradients, limit)
        if update:
            step = sign * (learning_rate if rate is None else rate)
            reference.update_parameters(
                parameters, gradients if update_unclipped else clipped, step
            )
        return finish(loss, gradients if return_unclipped else clipped, a, X, a_prev)

    return optimize


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


# ---- model --------------------------------------------------------------------------------------


def model_with(
    *,
    carry: bool = True,
    shuffle: bool = True,
    index: Callable[[int, int], int] = lambda j, n: j % n,
    example: Callable[[list[int]], tuple[list[int | None], list[int]]] = lambda ids: (
        [None, *ids],
        [*ids, 0],
    ),
    rate: float = 0.01,
    learn: Function = reference.optimize,
    smooth: Function = reference.smooth,
    every: int = 2000,
    end: str = "\n",
    extra: str = "",
    finish: Callable[[Arrays], Any] = lambda parameters: parameters,
) -> Function:
    """Return a solution of the older notebook, which reads its file, with a line of it wrong."""

    def model(
        data: str,
        ix_to_char: dict[int, str],
        char_to_ix: dict[str, int],
        num_iterations: int = 35000,
        n_a: int = 50,
        dino_names: int = 7,
        vocab_size: int = 27,
    ) -> Any:
        parameters = reference.initialize_parameters(n_a, vocab_size, vocab_size)
        loss = reference.get_initial_loss(vocab_size, dino_names)
        text = Path("dinos.txt").read_text(encoding="utf-8")
        examples = [line.lower().strip() for line in text.splitlines()]
        np.random.seed(0)
        if shuffle:
            np.random.shuffle(examples)
        a_prev = np.zeros((n_a, 1))
        for j in range(num_iterations):
            ids = [char_to_ix[character] for character in examples[index(j, len(examples))]]
            curr_loss, _, a = learn(*example(ids), a_prev, parameters, rate)
            if carry:
                a_prev = a
            loss = smooth(loss, curr_loss)
            if j % every == 0:
                print("Iteration: %d, Loss: %f" % (j, loss) + "\n")  # noqa: UP031
                for seed in range(dino_names):
                    ids = reference.sample(parameters, char_to_ix, seed)
                    print(reference.get_sample(ids, ix_to_char).strip(), end=end)
                print("\n")
        print(extra)
        return finish(parameters)

    return model


WRONG_MODELS: dict[str, tuple[Function, str]] = {
    "state not carried": (model_with(carry=False), "the hidden state is not carried"),
    "not shuffled": (model_with(shuffle=False), "the names are not shuffled"),
    "one name": (model_with(index=lambda j, n: 0), "takes the same name"),
    "one further": (model_with(index=lambda j, n: (j + 1) % n), r"takes name number j \+ 1"),
    "beyond the end": (model_with(index=lambda j, n: j), "raises IndexError"),
    "no None": (model_with(example=lambda ids: (ids, [*ids[1:], 0])), "begin with None"),
    "no line end": (model_with(example=lambda ids: ([None, *ids[:-1]], ids)), "line end"),
    "slow": (model_with(rate=0.001), "learning rate is 0.001"),
    "other rate": (model_with(rate=0.02), "differs after 1 iteration"),
    "uphill": (model_with(learn=optimize_with(sign=-1)), "uphill"),
    "no learning": (model_with(learn=optimize_with(update=False)), "as they were drawn"),
    "no result": (model_with(finish=lambda parameters: None), "what it returns is None"),
    "not smoothed": (model_with(smooth=lambda loss, cur_loss: cur_loss), "prints 'Iteration: 0"),
    "other interval": (model_with(every=1000), "prints 'Iteration: 1000"),
    "names in a line": (model_with(end=" "), "prints"),
    "silent": (model_with(every=10**9), "prints|nothing more"),
    "chatty": (model_with(extra="done"), "prints 'done' after all"),
}


def test_the_older_model_may_read_the_file_itself() -> None:
    assert check(model=model_with())


@pytest.mark.parametrize("kind", WRONG_MODELS)
def test_a_wrong_model_is_told(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    function, words = WRONG_MODELS[kind]
    assert not check(model=function)
    assert re.match(f"model: .*({words})", said(capsys))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda parameters, name: parameters, "expected parameters, last_name"),
        (lambda parameters, name: (parameters, name.strip()), "last name returned is"),
        (lambda parameters, name: (name, parameters), "expected a dictionary"),
    ],
)
def test_what_a_newer_model_returns_is_checked(
    change: Function, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def model(data_x: Any, *arguments: Any, **options: Any) -> Any:
        return change(*newer.model(data_x, *arguments, **options))

    assert not check(model=model)
    assert words in said(capsys)


def test_a_newer_model_that_drops_empty_strings_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def model(data_x: Any, *arguments: Any, verbose: bool = False, **options: Any) -> Any:
        return newer.model([name for name in data_x if name], *arguments, **options)

    assert not check(model=model)
    assert "differs after" in said(capsys)


def test_the_checks_are_not_brought_by_a_star_import() -> None:
    assert not {"check", "check_gradients"} & set(nb.__all__)
