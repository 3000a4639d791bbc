"""Parts of a model's state: to arrays and plain facts, and back with everything checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from typing import Any

import numpy as np

from dinorc._names.cleaning import LONGEST_NAME, NamesReport
from dinorc._names.vocabulary import Vocabulary
from dinorc._training.run import Checkpoint, EpochResult, KeptWeights, Record
from dinorc._validation import (
    Array,
    T,
    describe,
    require_finite_real,
    require_integer,
    require_keys,
)

_CHECKPOINT = "checkpoint."
_TRAINER_COUNTS = ("batch", "characters", "epoch")
_LARGEST_COUNT = 2**63 - 1  # the core accepts no larger count
# How much to check at a time, so that checking takes hardly any memory.
_CHUNK = 1 << 20  # numbers
_PART = 1 << 16  # characters of names


def require_numbers(name: str, array: Array, dtype: str, size: int) -> Array:
    """Return the array, if it is a vector of `size` finite numbers of this type."""
    if array.dtype.newbyteorder("=") != np.dtype(dtype) or array.shape != (size,):
        raise ValueError(
            f"{name} is {array.dtype}{list(array.shape)}; expected {np.dtype(dtype)}[{size}]"
        )
    for begin in range(0, size, _CHUNK):
        if not np.isfinite(array[begin : begin + _CHUNK]).all():
            raise ValueError(f"a number of {name} is not finite")
    return array


def require_type(name: str, value: object, kind: type[T]) -> T:
    """Return the value, if it is of this type."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {describe(value)}; expected a {kind.__name__}")
    return value


def names_text_from_state(array: Array, vocabulary: Vocabulary) -> tuple[bytes, int]:
    """Return the text of distinct names, sorted by code point, and the number of names."""
    if array.dtype != np.uint8 or array.ndim != 1:
        raise ValueError(f"names is {array.dtype}{list(array.shape)}; expected bytes")
    text = array.tobytes()
    # Piece by piece: all names at once would take ten times the memory of the text.
    reader = TextIOWrapper(BytesIO(text), "utf-8", newline="\n")
    while part := reader.read(_PART):
        if (vocabulary.encode([part]).characters < 0).any():
            raise ValueError("the names have characters that the vocabulary lacks")
    count, before = 0, ""
    reader.seek(0)
    while line := reader.readline(LONGEST_NAME + 1):
        name = line.removesuffix("\n")
        if len(name) > LONGEST_NAME:
            raise ValueError(f"one of the names has more than {LONGEST_NAME:,} characters")
        if name <= before:
            raise ValueError("the names are not distinct and sorted by code point")
        count, before = count + 1, name
    if text.endswith(b"\n"):
        raise ValueError("the last name has no characters")
    return text, count


def report_from_state(
    state: Mapping[str, Any] | None, distinct: int, left_out: bool
) -> NamesReport | None:
    """Return the report on a list with `distinct` distinct names; None if there was no list.

    If the names were left out, `distinct` is 0, and the report alone knows how many there were.
    """
    if state is None and distinct == 0 and not left_out:
        return None
    counts = require_keys("names_report", state, tuple(NamesReport.__dataclass_fields__))
    report = NamesReport(**{n: require_integer(n, count, 0) for n, count in counts.items()})
    if left_out:
        distinct = max(1, report.distinct)
    if report.distinct != distinct or report.names < distinct:
        raise ValueError(
            f"there are {distinct} distinct names, and the report says {report.distinct} distinct "
            f"of {report.names}"
        )
    return report


def history_state(results: tuple[EpochResult, ...]) -> Array:
    """Return a row for each epoch, with NaN where there is no validation loss."""
    rows = [[math.nan if value is None else value for value in result] for result in results]
    return np.array(rows, np.float64).reshape(len(rows), len(EpochResult._fields))


def history_from_state(array: Array) -> tuple[EpochResult, ...]:
    """Return the results that `history_state` was given."""
    if array.dtype.newbyteorder("=") != np.float64 or array.shape[1:] != (5,):
        raise ValueError(
            f"history is {array.dtype}{list(array.shape)}; expected float64[epochs, 5]"
        )
    is_validated = not np.isnan(array[:1, 2]).all()
    results = []
    seconds_before = 0.0
    for number, row in enumerate(array.tolist(), start=1):
        result = EpochResult(number, row[1], row[2] if is_validated else None, row[3], row[4])
        numbers = [result.training_loss, result.learning_rate, result.seconds - seconds_before]
        if is_validated:
            numbers.append(row[2])
        if not all(0 <= x < math.inf for x in numbers):
            raise ValueError(
                f"row {number - 1} of history is {row}; expected losses and a learning rate of 0 "
                "or more, and seconds that do not decrease"
            )
        results.append(result)
        seconds_before = result.seconds
    if history_state(tuple(results)).tobytes() != array.astype(np.float64).tobytes():
        raise ValueError(
            "history does not have epochs 1, 2, ..., all with a validation loss or all without"
        )
    return tuple(results)


def checkpoint_state(checkpoint: Checkpoint) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return a checkpoint's arrays and facts, without its results, which the model has."""
    trainer = dict(checkpoint.trainer)
    arrays = {"parameters": checkpoint.parameters, "moments": trainer.pop("moments")}
    if checkpoint.record.kept is not None:
        arrays["kept"] = checkpoint.record.kept.parameters
    if checkpoint.record.mean is not None:
        arrays["mean"] = checkpoint.record.mean
    facts = {"seconds": checkpoint.seconds, "trainer": trainer}
    return {_CHECKPOINT + name: array for name, array in arrays.items()}, facts


def checkpoint_from_state(
    arrays: Mapping[str, Array],
    facts: Mapping[str, Any] | None,
    results: tuple[EpochResult, ...],
    best_epoch: int,
    parameters: Array,
    is_averaged: bool,
) -> Checkpoint | None:
    """Return the checkpoint of a model with these parameters; None if the state has none."""
    arrays = {n: array for n, array in arrays.items() if n.startswith(_CHECKPOINT)}
    if facts is None and not arrays:
        return None
    dtype, size = parameters.dtype, parameters.size
    names = ["parameters", "moments"]
    if best_epoch > 0:
        names += ["kept", "mean"] if is_averaged else ["kept"]
    require_keys("checkpoint", arrays, [_CHECKPOINT + name for name in names])
    moments = len(arrays[_CHECKPOINT + "moments"]) // size  # each has the size of parameters
    sizes = {"parameters": size, "moments": moments * size, "kept": size, "mean": size}
    parts = {}
    for name in names:
        array = require_numbers(name, arrays[_CHECKPOINT + name], dtype.name, sizes[name])
        parts[name] = np.array(array, dtype)
    require_keys("checkpoint", facts, ["seconds", "trainer"])
    assert facts is not None  # or require_keys would have raised
    trainer = require_keys("trainer", facts["trainer"], [*_TRAINER_COUNTS, "loss_sum"])
    counts = {n: require_integer(n, trainer[n], 0, _LARGEST_COUNT) for n in _TRAINER_COUNTS}
    loss_sum = require_finite_real("loss_sum", trainer["loss_sum"])
    seconds = require_finite_real("seconds", facts["seconds"])
    # An epoch without a result is one whose validation was interrupted.
    epoch = require_integer("epoch", counts["epoch"], len(results), len(results) + 1)
    is_ahead = epoch > len(results)
    if (
        loss_sum < 0
        or seconds < (results[-1].seconds if results else 0)
        or (is_ahead and (counts["batch"] > 0 or counts["characters"] == 0))
    ):
        raise ValueError(f"after {len(results)} epochs a checkpoint can't be {dict(facts)}")
    return Checkpoint(
        parts["parameters"],
        {**counts, "loss_sum": loss_sum, "moments": parts["moments"]},
        seconds,
        Record(
            results,
            KeptWeights(best_epoch, parts["kept"]) if best_epoch > 0 else None,
            parts.get("mean"),
        ),
    )
