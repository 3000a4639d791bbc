"""Columns of pandas, polars and pyarrow are lists of names; whole tables are told their column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dinorc import NGram
from helpers import refused

NAMES = ["anna", "hannah", "nana"]
TABLE = {"year": [1880, 1881, 1882], "sex": ["F", "F", "F"], "given": NAMES}


class Items:
    """A column as pyarrow has them: its items are objects of its own."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Any:
        return iter([object() for _ in self._items])

    def __getitem__(self, place: Any) -> Any:
        return Items(self._items[place])

    def to_pylist(self) -> list[Any]:
        """Return the items themselves."""
        return list(self._items)


class Frame:
    """A table with no number of dimensions, as polars and pyarrow have them."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self._columns = columns
        self.columns = list(columns)
        self.shape = (3, len(columns))

    def __iter__(self) -> Any:
        return iter(self._columns.values())

    def __getitem__(self, title: str) -> list[Any]:
        return self._columns[title]


def pandas_columns() -> list[Any]:
    pd = pytest.importorskip("pandas")
    kinds = [None, "string", "category", object]
    return [*(pd.Series(NAMES, dtype=kind) for kind in kinds), pd.Index(NAMES), pd.array(NAMES)]


def polars_columns() -> list[Any]:
    pl = pytest.importorskip("polars")
    return [pl.Series(NAMES), pl.Series(NAMES, dtype=pl.Categorical), pl.DataFrame(TABLE)["given"]]


def pyarrow_columns() -> list[Any]:
    pa = pytest.importorskip("pyarrow")
    array = pa.array(NAMES)
    return [array, pa.chunked_array([NAMES]), array.dictionary_encode(), pa.table(TABLE)["given"]]


@pytest.mark.parametrize(
    "columns",
    [pandas_columns, polars_columns, pyarrow_columns, lambda: [Items(NAMES), np.array(NAMES)]],
)
def test_a_column_is_a_list_of_names(columns: Any) -> None:
    ngram = NGram(order=2).fit(NAMES)
    for column in columns():
        assert NGram(order=2).fit(column).fingerprint() == ngram.fingerprint()
        assert ngram.score_samples(column).tolist() == ngram.score_samples(NAMES).tolist()


def tables(columns: dict[str, list[Any]]) -> list[Any]:
    made: list[Any] = [Frame(columns)]
    for module, kind in (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "table")):
        try:
            made.append(getattr(__import__(module), kind)(columns))
        except ImportError:
            continue
    return made


@pytest.mark.parametrize(
    ("columns", "title"),
    [
        (TABLE, "given"),
        ({"sex": ["F"] * 3, "name": ["A", "B", "C"]}, "name"),
        ({"place": ["Bonn"] * 3, "Last Name": NAMES}, "Last Name"),
        ({"given": [None, "anna", "nana"]}, "given"),
    ],
)
def test_a_whole_table_is_told_which_column_is_likely_meant(
    columns: dict[str, list[Any]], title: str
) -> None:
    for table in tables(columns):
        mentions = ("^names is a (Data|)(Frame|Table) with the columns", rf"table\['{title}'\]")
        with refused(TypeError, *mentions):
            NGram().fit(table)
        with refused(TypeError, *mentions):
            NGram().fit(NAMES).score(table)


def test_a_table_without_names_is_refused_like_any_other() -> None:
    for table in tables({"year": [1, 2, 3]}):
        with refused(TypeError, "expected one of its columns$"):
            NGram().fit(table)


def test_a_whole_table_in_place_of_labels_or_counts_is_told_no_column_of_names() -> None:
    for argument in ("labels", "counts"):
        for table in tables(TABLE):
            with refused(TypeError, f"^{argument} is .* expected one of its columns$"):
                NGram().fit(NAMES, **{argument: table})
        with refused(TypeError, rf"^{argument} is 7 \(int\); expected a list", "one for each name"):
            NGram().fit(NAMES, **{argument: 7})


def test_a_table_with_two_columns_of_one_title_is_refused_like_any_other() -> None:
    pd = pytest.importorskip("pandas")
    with refused(TypeError, "columns 'a', 'a'"):
        NGram().fit(pd.DataFrame([["x", "y"]], columns=["a", "a"]))


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan")])
def test_a_missing_value_is_named(missing: object) -> None:
    with refused(TypeError, r"^names\[1\] is ", "expected a str, and no missing value"):
        NGram().fit(["anna", missing])  # type: ignore[list-item]


def test_a_missing_value_of_pandas_is_named() -> None:
    pd = pytest.importorskip("pandas")
    with refused(TypeError, r"^names\[1\] is <NA>", "no missing value"):
        NGram().fit(pd.Series(["anna", None], dtype="string"))
