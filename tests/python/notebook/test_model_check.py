"""`check` on a learner's own `model`: how it may be wrong, and what is then said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from dinorc.notebook import check, newer
from helpers import Arrays
from learners_solutions import Function, optimize_with, said
from oracles import notebook as reference


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
