"""Upper and lower case, and white space around names: what is the same, and what is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc._names.cleaning import (
    clean_prefix,
    clean_suffix,
    is_clean,
    name_to_score,
    names_to_leave_out,
    names_to_score,
    training_names,
)
from dinorc._names.spelling import Spelling, capitalized
from helpers import refused

FOLDS, KEEPS = Spelling(folds=True), Spelling(strip=False)


# ---- case ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("ANNA", "anna"),
        ("Zoe\u0308", "zoë"),
        ("WEIẞ", "weiß"),
        ("WEISS", "weiss"),
        ("ΟΔΟΣ", "οδος"),  # a final sigma
        ("İrem", "i\u0307rem"),
        ("J\u030cX", "\u01f0x"),  # composed only in lower case
        ("明", "明"),
    ],
)
def test_names_are_put_in_lower_case(name: str, folded: str) -> None:
    clean, _ = training_names([f" {name}\n"], spelling=FOLDS)
    assert clean == names_to_score([name], FOLDS) == names_to_leave_out([name], "", FOLDS)
    assert clean == [folded] == [name_to_score(name, FOLDS)]
    assert unicodedata.is_normalized("NFC", folded)


def test_copies_in_another_case_are_copies() -> None:
    _, report = training_names(["Ann", "ann", "ANN"], spelling=FOLDS)
    assert (report.names, report.distinct) == (3, 1)


def test_what_grows_too_long_is_refused() -> None:
    with refused(ValueError, r"names\[0\] has 1,200 characters"):
        training_names(["İ" * 600], spelling=FOLDS)


def test_a_capital_sigma_ends_a_name_but_not_its_beginning() -> None:
    assert clean_prefix("ΑΣ", spelling=FOLDS) == "\u03b1\u03c3"
    assert clean_suffix("ΟΣ", FOLDS) == clean_suffix("ος", FOLDS) == "ος"
    assert clean_suffix("Σ", FOLDS) == "ς"


texts = st.text(st.characters(codec="utf-8", categories=["L", "M", "P", "Zs"]), max_size=8)


@given(texts)
def test_folding_again_changes_nothing(text: str) -> None:
    once = FOLDS.of_name(unicodedata.normalize("NFC", text))
    assert FOLDS.of_name(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("", ""),
        ("anna", "Anna"),
        ("anna-maria  de la cruz", "Anna-Maria  De La Cruz"),
        ("o'neill", "O'Neill"),
        ("d\u2019angelo", "D\u2019Angelo"),
        ("ma'at", "Ma'at"),
        ("'anna'", "'Anna'"),
        ("(anna)", "(Anna)"),
        ("the 2nd", "The 2nd"),
        ("i\u0307rem", "İrem"),
        ("\u01c6anna", "\u01c5anna"),  # one letter of two, in title case
        ("ßa", "ßa"),
        ("\u017fa", "\u017fa"),
        ("éva", "Éva"),
        ("明", "明"),
    ],
)
def test_capitals(name: str, given: str) -> None:
    assert capitalized(name) == given


@given(texts)
def test_names_stay_different_with_capitals(text: str) -> None:
    name = FOLDS.of_name(unicodedata.normalize("NFC", text))
    assert FOLDS.of_name(capitalized(name)) == name


# ---- white space --------------------------------------------------------------------------------


def test_white_space_is_kept_and_line_ends_are_not() -> None:
    clean, report = training_names([" a \r\n", "b\u3000", "\n", " ", "\ufeff c"], spelling=KEEPS)
    assert clean == [" a ", "b\u3000", " ", " c"]
    assert (report.stripped, report.blank_lines, report.carriage_returns) == (0, 1, 1)
    assert names_to_score([" a ", ""], KEEPS) == [" a ", ""]
    assert clean_prefix(" a", spelling=KEEPS) == " a"
    assert clean_suffix("a ", KEEPS) == "a "
    assert is_clean(" a ", KEEPS)
    assert not is_clean("\ufeffa", KEEPS)


def test_control_characters_are_refused_around_names_too() -> None:
    with refused(ValueError, r"names\[0\] has a control character '\\t' at position 1"):
        training_names(["a\t"], spelling=KEEPS)
