"""The items of whatever holds names: lists, iterators, arrays, columns of tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from dinorc._names.tables import likely_name_column
from dinorc._validation import describe

_ROWS_LOOKED_AT = 100


def items_of(names: object, argument: str) -> list[object]:
    """Return the items; columns of pandas, polars and pyarrow are taken as they are."""
    if isinstance(names, str):
        raise TypeError(
            f"{argument} is {describe(names)}; expected a list of names, as text.splitlines() or "
            "datasets.read(file) returns"
        )
    if (titles := _titles(names)) is not None:
        raise TypeError(_not_a_column(names, titles, argument))
    if isinstance(names, (bytes, bytearray, Mapping)) or not isinstance(names, Iterable):
        keys = (
            f": list({argument}), counts={argument} perhaps" if isinstance(names, Mapping) else ""
        )
        raise TypeError(f"{argument} is {describe(names)}; expected a list of names{keys}")
    dimensions = getattr(names, "ndim", 1)
    if dimensions != 1:
        raise ValueError(
            f"{argument} is a {type(names).__name__} of {dimensions} dimensions; expected one, "
            "with a name in each item"
        )
    if hasattr(names, "to_pylist"):  # pyarrow's items are no str themselves
        return list(names.to_pylist())
    return names.tolist() if isinstance(names, np.ndarray) else list(names)


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


def _not_a_column(table: Any, titles: list[Any], argument: str) -> str:
    """Return a message that says which column is probably meant."""
    kind, shown = type(table).__name__, ", ".join(map(repr, titles[:20]))
    columns = [table[title][:_ROWS_LOOKED_AT] for title in titles]
    items = [[] if _titles(each) else items_of(each, argument) for each in columns]
    known = [[each for each in column if not is_missing(each)] for column in items]
    place = likely_name_column(list(map(str, titles)), known)
    perhaps = "" if place is None else f", table[{titles[place]!r}] perhaps"
    return f"{argument} is a {kind} with the columns {shown}; expected one of its columns{perhaps}"
