"""The items of whatever holds names: lists, iterators, arrays, columns of tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from dinorc._names.tables import likely_name_column
from dinorc._validation import describe

_ROWS_LOOKED_AT = 100
_NAMES = "a list of names"


def items_of(given: object, argument: str, wanted: str = _NAMES) -> list[object]:
    """Return the items; columns of pandas, polars and pyarrow are taken as they are.

    `wanted` says what the argument should have been, if it is no list of items.
    """
    is_names = wanted == _NAMES
    if (titles := _titles(given)) is not None:
        raise TypeError(_not_a_column(given, titles, argument, is_names))
    is_other = isinstance(given, (str, bytes, bytearray, Mapping))
    if is_other or not isinstance(given, Iterable):
        if is_names and isinstance(given, str):
            wanted += ", as text.splitlines() or datasets.read(file) returns"
        if is_names and isinstance(given, Mapping):
            wanted += f": list({argument}), counts={argument} perhaps"
        raise TypeError(f"{argument} is {describe(given)}; expected {wanted}")
    dimensions = getattr(given, "ndim", 1)
    if dimensions != 1:
        raise ValueError(
            f"{argument} is a {type(given).__name__} of {dimensions} dimensions; expected one, "
            f"as of {wanted}"
        )
    if hasattr(given, "to_pylist"):  # pyarrow's items are no str themselves
        return list(given.to_pylist())
    return given.tolist() if isinstance(given, np.ndarray) else list(given)


def is_missing(item: object) -> bool:
    """Tell whether an item stands for a missing value."""
    is_nan = isinstance(item, (float, np.floating)) and math.isnan(item)
    return item is None or is_nan or type(item).__name__ in ("NAType", "NaTType")


def _titles(names: object) -> list[Any] | None:
    """Return the titles of a whole table of pandas, polars or pyarrow; None if it is no table."""
    shape = getattr(names, "shape", None)
    if isinstance(names, np.ndarray) or not isinstance(shape, tuple) or len(shape) != 2:
        return None
    for attribute in ("column_names", "columns"):  # pyarrow has both
        if isinstance(titles := getattr(names, attribute, None), Iterable):
            return list(titles)
    return None


def _not_a_column(table: Any, titles: list[Any], argument: str, is_names: bool) -> str:
    """Return a message that says which column is probably meant, if it is one of names."""
    kind, shown = type(table).__name__, ", ".join(map(repr, titles[:20]))
    message = f"{argument} is a {kind} with the columns {shown}; expected one of its columns"
    if not is_names:
        return message
    columns = [table[title][:_ROWS_LOOKED_AT] for title in titles]
    items = [[] if _titles(each) else items_of(each, argument) for each in columns]
    known = [[each for each in column if not is_missing(each)] for column in items]
    place = likely_name_column(list(map(str, titles)), known)
    return message if place is None else f"{message}, table[{titles[place]!r}] perhaps"
