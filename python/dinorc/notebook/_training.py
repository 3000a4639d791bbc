"""The training loop of both generations of the notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dinorc import _core
from dinorc._validation import (
    Array,
    describe,
    require_finite_real,
    require_float_dtype,
    require_id,
    require_integer,
    require_mapping,
    require_not_negative,
)
from dinorc.errors import TrainingDivergedError
from dinorc.notebook._arrays import Parameters, require_newline
from dinorc.notebook._losses import get_initial_loss
from dinorc.notebook._names import LARGEST_SEED, LONGEST_NAME, get_sample, require_characters
from dinorc.notebook._network import draw_parameters

# What is told of iterations that are done: their range, the smoothed loss if it is time to print
# it, a function from a seed to the text of a sample, and the names in the order of training.
Report: TypeAlias = Callable[[range, float | None, Callable[[int], str], list[str]], None]


def train(
    names: list[str],
    name_of_data: str,
    report: Report,
    *,
    ix_to_char: Mapping[int, str] | Sequence[str],
    char_to_ix: Mapping[str, int],
    num_iterations: int,
    n_a: int,
    dino_names: int,
    vocab_size: int,
    learning_rate: float,
    max_value: float,
    print_every: int,
    dtype: Any,
    seed: int,
) -> dict[str, Array]:
    """Train on the names as they are, in shuffled order, one an iteration; return the parameters.

    The arguments are checked here, those of both generations under the names that they share.
    """
    _require_vocabulary(char_to_ix, ix_to_char, vocab_size)
    iterations = require_integer("num_iterations", num_iterations, 0)
    require_integer("dino_names", dino_names, 0)
    interval = require_integer("print_every", print_every, 1)
    shuffle_seed = require_integer("seed", seed, 0, LARGEST_SEED - 1)
    rate = require_finite_real("learning_rate", learning_rate)
    maximum = require_not_negative("max_value", max_value)
    float_dtype = require_float_dtype("dtype", dtype)
    if not names:
        raise ValueError(f"{name_of_data} has no names; expected at least one")

    order = _core.RandomState(shuffle_seed).shuffled_indices(len(names))
    examples = [names[index] for index in order]
    newline = char_to_ix["\n"]
    drawn = draw_parameters(n_a, vocab_size, vocab_size, seed=shuffle_seed + 1)
    parameters = Parameters(**{key: array.astype(float_dtype) for key, array in drawn.items()})
    text = "".join(example + "\n" for example in examples)
    characters = np.array([char_to_ix[character] for character in text], dtype=np.int32)
    ends = np.cumsum([len(example) + 1 for example in examples], dtype=np.int64)
    trainer = _core.OnlineTrainer(*parameters, characters, ends, rate, maximum)

    def draw(sample_seed: int) -> str:
        return get_sample(trainer.sample(newline, sample_seed, LONGEST_NAME), ix_to_char)

    loss = get_initial_loss(vocab_size, dino_names)
    done = 0
    while done < iterations:
        # The notebook prints after each iteration whose number is a multiple of the interval.
        next_print = 1 if done == 0 else done + interval
        count = min(next_print, iterations) - done
        finite, loss = trainer.run(count, loss)
        if not finite:
            trainer.copy_parameters(*parameters)
            raise TrainingDivergedError(
                f"between iterations {done} and {done + count} a loss or a parameter is not "
                f"finite; the exception's `parameters` are those after {done} iterations. Lower "
                f"learning_rate ({rate:g}) or max_value ({maximum:g})",
                iteration=done,
                parameters=parameters._asdict(),
            )
        done += count
        report(range(done - count, done), loss if done == next_print else None, draw, examples)
    trainer.copy_parameters(*parameters)
    return parameters._asdict()


def _require_vocabulary(char_to_ix: object, ix_to_char: object, vocab_size: object) -> None:
    """Raise where char_to_ix does not number vocab_size characters, with ix_to_char its inverse."""
    ids = require_mapping("char_to_ix", char_to_ix)
    characters = require_characters(ix_to_char)
    size = require_integer("vocab_size", vocab_size, 1)
    require_newline(ids)
    if len(ids) != size:
        raise ValueError(
            f"vocab_size is {size}, but char_to_ix has {len(ids)} characters; expected "
            f"vocab_size={len(ids)}"
        )
    for character in ids:
        index = require_id(ids, character, size)
        if characters.get(index) != character:
            raise ValueError(
                f"ix_to_char[{index}] is {characters.get(index)!r}, but char_to_ix[{character!r}] "
                f"is {index}; expected each to be the inverse of the other"
            )
    if len(characters) != size:
        raise ValueError(
            f"ix_to_char has {len(characters)} entries, but char_to_ix {size}; expected each to be "
            "the inverse of the other"
        )


def require_lines(name: str, lines: Iterable[str]) -> list[str]:
    """Return a list of lines, if each is one."""
    if isinstance(lines, (str, bytes, bytearray)) or not isinstance(lines, Iterable):
        raise TypeError(f"{name} is {describe(lines)}; expected a list of lines")
    listed = list(lines)
    for number, line in enumerate(listed, start=1):
        if not isinstance(line, str):
            raise TypeError(f"line {number} of {name} is {describe(line)}; expected a str")
        if "\n" in line.strip():
            raise ValueError(f"line {number} of {name} is {line!r}; expected one line, not several")
    return listed


def require_known(name: str, lines: list[str], names: list[str], char_to_ix: object) -> None:
    """Raise where char_to_ix lacks a character of a name, as it is after stripping a line."""
    ids = require_mapping("char_to_ix", char_to_ix)
    for number, (line, word) in enumerate(zip(lines, names, strict=True), start=1):
        unknown = next((character for character in word if character not in ids), None)
        if unknown is None:
            continue
        stripped = line.strip()
        column = len(line) - len(line.lstrip()) + word.index(unknown) + 1
        came = stripped[word.index(unknown)] if len(stripped) == len(word) else unknown
        place = f"{name} has the character {came!r} in line {number}, column {column}"
        if came != unknown:
            raise ValueError(
                f"{place}, which is lower-cased to {unknown!r}, as the notebook does, and "
                "char_to_ix lacks that; expected a char_to_ix of the lower-cased text. (model of "
                "dinorc.notebook.newer leaves capitals as they are)"
            )
        raise ValueError(f"{place}, but char_to_ix lacks it; expected only characters that it has")
