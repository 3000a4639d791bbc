"""Names from any list or file are cleaned; what can't be a name is refused, its place is told."""

from __future__ import annotations

import enum
import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc import datasets
from dinorc._names.cleaning import (
    LONGEST_NAME,
    clean_prefix,
    name_to_score,
    names_to_score,
    training_names,
)
from helpers import refused


def clean(names: Any) -> list[str]:
    """Return the names alone."""
    return training_names(names)[0]


def report(names: Any) -> dict[str, int]:
    """Return the counts that are not zero, without those of the names."""
    counts = dict(vars(training_names(names)[1]))
    del counts["names"], counts["distinct"]
    return {name: count for name, count in counts.items() if count}


# ---- what is kept and what is made clean --------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "anna",
        "Anna",
        "Mary Jane",
        "Jean-Luc",
        "O'Neill",
        "D\u2019Arcy",
        "Zoë",
        "Łukasz",
        "Ольга",
        "明",
    ],
)
def test_a_good_name_is_kept_as_it_is(name: str) -> None:
    assert clean([name]) == [name]
    assert report([name]) == {}


@pytest.mark.parametrize(
    ("names", "expected", "counts"),
    [
        (["ann\n", "bob\n"], ["ann", "bob"], {}),
        (["ann\r\n", "bob\r"], ["ann", "bob"], {"carriage_returns": 2}),
        (["ann\n", "\n", " \n", "bob"], ["ann", "bob"], {"blank_lines": 2}),
        ([" ann", "bob \n", "\tcid\u00a0", "dan"], ["ann", "bob", "cid", "dan"], {"stripped": 3}),
        (["\ufeffann\n", "bob\n"], ["ann", "bob"], {"byte_order_marks": 1}),
        (["\ufeff\n", "\ufeffbob"], ["bob"], {"byte_order_marks": 2, "blank_lines": 1}),
        (["Zoe\u0308", "Zoë"], ["Zoë", "Zoë"], {"normalized": 1}),
        (["\u1112\u1161\u11ab", "한"], ["한", "한"], {"normalized": 1}),
    ],
)
def test_what_a_file_adds_is_taken_off_and_counted(
    names: list[str], expected: list[str], counts: dict[str, int]
) -> None:
    assert clean(names) == expected
    assert report(names) == counts


def test_the_report_counts_names_and_reads_as_a_sentence() -> None:
    _, found = training_names(["\ufeffann\r\n", "\r\n", "bob \r\n", "ann\r\n", "Zoe\u0308\r\n"])
    assert (found.names, found.distinct) == (4, 3)
    assert str(found) == (
        "4 names, 3 distinct; 1 blank line left out; 5 carriage returns removed; 1 name stripped "
        "of white space; 1 name put in Unicode's form NFC; 1 byte-order mark removed"
    )
    assert str(training_names(["ann"])[1]) == "1 name, 1 distinct"


def test_any_iterable_will_do(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("ann\n\nbob\n", encoding="utf-8")
    expected = ["ann", "bob"]
    with file.open(encoding="utf-8") as lines:
        assert clean(lines) == expected
    assert clean(io.StringIO("ann\nbob")) == expected
    assert clean(name for name in expected) == expected
    assert clean(("ann", "bob")) == expected
    assert clean(dict.fromkeys(expected).keys()) == expected
    assert sorted(clean(set(expected))) == expected
    for dtype in (np.str_, object):
        cleaned = clean(np.array(expected, dtype=dtype))
        assert cleaned == expected
        assert {type(name) for name in cleaned} == {str}
    assert [type(name) for name in clean([np.str_("ann")])] == [str]


def test_an_iterable_like_a_column_of_a_table_will_do() -> None:
    class Column:
        ndim = 1

        def __iter__(self) -> Any:
            return iter(["ann", "bob"])

    assert clean(Column()) == ["ann", "bob"]


def test_a_name_may_have_a_thousand_characters_after_it_is_made_clean() -> None:
    assert clean(["e\u0301" * LONGEST_NAME + " \n"]) == ["é" * LONGEST_NAME]
    with refused(ValueError, r"names\[1\]", "1,001", "1,000"):
        clean(["a", "b" * (LONGEST_NAME + 1)])
    with refused(ValueError, r"names\[0\]", "10,000"):
        clean(["é" * 10_000])


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(texts, max_size=8))
def test_clean_names_are_normal_stripped_without_controls_and_stay_as_they_are(
    names: list[str],
) -> None:
    try:
        first = clean(names)
    except ValueError:
        return
    assert clean(first) == first
    assert report(first) == {}
    for name in first:
        assert name == name.strip() != ""
        assert unicodedata.is_normalized("NFC", name)
        categories = {unicodedata.category(character) for character in name}
        assert not categories & {"Cc", "Cs", "Zl", "Zp"}


class Dinosaur(str, enum.Enum):  # noqa: UP042 - whose str() is "Dinosaur.REX"
    """Names as members."""

    REX = "rex"


@pytest.mark.parametrize("rex", [Dinosaur.REX, np.str_("rex")])
def test_a_subclass_of_str_is_the_text_that_it_holds(rex: str) -> None:
    assert clean([rex]) == names_to_score([rex]) == ["rex"]
    assert name_to_score(rex) == clean_prefix(rex) == "rex"
    assert {type(each) for each in (*clean([rex]), name_to_score(rex), clean_prefix(rex))} == {str}


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names", ["anna", b"anna", bytearray(b"a"), {"ann": 1}, 3, None, 2.5, np.str_("anna")]
)
def test_anything_but_a_list_of_names_is_refused(names: object) -> None:
    with refused(TypeError, "^names is ", re.escape(type(names).__name__), "list of names"):
        clean(names)
    with refused(TypeError, "^names is "):
        names_to_score(names)


def test_a_table_is_refused() -> None:
    with refused(ValueError, "names is a ndarray of 2 dimensions", "expected one"):
        clean(np.array([["ann", "bob"]]))
    with refused(ValueError, "0 dimensions"):
        clean(np.array("ann"))


@pytest.mark.parametrize("item", [None, b"bob", 3, float("nan"), ["bob"], np.int64(3), True])
def test_an_item_that_is_not_a_str_is_refused_by_its_place(item: object) -> None:
    with refused(TypeError, r"names\[1\] is ", re.escape(repr(item)), "expected a str"):
        clean(["ann", item])


@pytest.mark.parametrize("item", ["", " ", "\t", "\u3000", "\ufeff"])
def test_an_empty_name_is_refused_by_its_place(item: str) -> None:
    with refused(ValueError, r"names\[2\]", re.escape(repr(item)), "at least one character"):
        clean(["ann", "bob", item])


@pytest.mark.parametrize(
    ("item", "kind", "position"),
    [
        ("an\nna", "line end", 2),
        ("an\r\nna\n", "line end", 2),
        ("anna\x85bob", "line end", 4),
        ("anna\u2028bob", "line end", 4),
        ("  ab\tc", "control character", 4),
        ("\ufeff a\x00b", "control character", 3),
        ("\x7fab", "control character", 0),
        ("ab\ud800c", "lone surrogate", 2),
    ],
)
def test_a_character_that_names_cannot_have_is_refused_by_its_place(
    item: str, kind: str, position: int
) -> None:
    with refused(ValueError, r"names\[1\]", kind, f"position {position};"):
        clean(["ann", item])


@pytest.mark.parametrize("names", [[], (), ["\n"], ["\n", " \r\n"], np.array([], dtype=str)])
def test_a_list_without_names_is_refused(names: Any) -> None:
    with refused(ValueError, "names has no names", "at least one"):
        clean(names)


# ---- names to be scored -------------------------------------------------------------------------


def test_names_to_score_are_as_many_as_the_items() -> None:
    assert names_to_score(["bob\n", " ann", "bob"]) == ["bob", "ann", "bob"]
    assert names_to_score([]) == []
    assert names_to_score(["ann\n", "\n", "", " "]) == ["ann", "", "", ""]


def test_a_single_name_to_score_is_cleaned_in_the_same_way() -> None:
    assert name_to_score(" Zoe\u0308\n") == "Zoë"
    with refused(TypeError, "^name is ", "expected a str"):
        name_to_score(["ann"])
    for blank in ("", "\n"):
        assert name_to_score(blank) == ""


# ---- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"ann\nZo\xc3\xab\n", "utf-8"),
        (b"\xef\xbb\xbfann\r\n\r\n Zo\xc3\xab \r\n", "utf-8"),
        (b"ann\rZo\xc3\xab", "utf-8"),
        (b"ann\nZo\xeb\n", "latin-1"),
        ("ann\r\n\r\nZoë".encode("utf-16"), "utf-16"),
    ],
)
def test_a_file_is_read_by_lines(tmp_path: Path, content: bytes, encoding: str) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    for path in (file, str(file)):
        assert datasets.read(path, encoding=encoding) == ["ann", "Zoë"]


@pytest.mark.parametrize(
    ("content", "encoding", "mentions"),
    [
        (b"ann\nbob\nZo\xeb\n", "utf-8", ("0xeb in line 3", "encoding='cp1252'")),
        (b"ann\r\rZo\xeb", "utf-8", ("0xeb in line 3",)),
        ("ann".encode("utf-16"), "utf-8", ("expected encoding='utf-16'",)),
        ("ann\nZoë".encode(), "ascii", ("0xc3 in line 2", "encoding='utf-8'")),
    ],
)
def test_a_file_in_another_encoding_is_refused_by_line_and_byte(
    tmp_path: Path, content: bytes, encoding: str, mentions: tuple[str, ...]
) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    with refused(ValueError, re.escape(str(file)), encoding, *mentions):
        datasets.read(file, encoding)


def test_an_unknown_encoding_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for encoding in ("utf-9", "idna", "utf-8\0"):
        with refused(
            ValueError, f"encoding is {re.escape(repr(encoding))}", "expected a text encoding"
        ):
            datasets.read(tmp_path / "names.txt", encoding)
    with refused(TypeError, "encoding is None", "expected a str"):
        datasets.read(tmp_path / "names.txt", None)  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        datasets.read(tmp_path / "names.txt")
