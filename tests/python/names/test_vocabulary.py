"""Characters become ids and ids characters again."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc._names.vocabulary import EncodedNames, Vocabulary, first_unknown
from helpers import refused

names_lists = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=9),
    min_size=1,
    max_size=9,
)


def test_ids_are_in_the_order_of_code_points_after_the_end_of_a_name() -> None:
    vocabulary = Vocabulary.of(["b a", "Ǆé", "\U0001d4b5-", "B'"])
    assert vocabulary.characters == "\n '-Bab" + "éǄ\U0001d4b5"
    assert len(vocabulary) == 10


def test_names_are_one_array_with_the_end_after_each() -> None:
    encoded = Vocabulary.of(["ab", "c"]).encode(["ca", "b", "abc"])
    assert encoded.characters.tolist() == [3, 1, 0, 2, 0, 1, 2, 3, 0]
    assert encoded.ends.tolist() == [3, 5, 9]
    assert (encoded.characters.dtype, encoded.ends.dtype) == (np.int32, np.int64)


@given(names_lists)
def test_ids_and_back_are_the_names_again(names: list[str]) -> None:
    vocabulary = Vocabulary.of(names)
    encoded = vocabulary.encode(names)
    assert first_unknown(names, encoded) is None
    assert vocabulary.decode(encoded) == names
    by_dictionary = {character: ix for ix, character in enumerate(vocabulary.characters)}
    assert encoded.characters.tolist() == [by_dictionary[c] for n in names for c in n + "\n"]


@given(names_lists, st.text("abc", min_size=1))
def test_a_character_of_no_training_name_is_unknown(names: list[str], known: str) -> None:
    encoded = Vocabulary.of([known]).encode(names)
    text = "".join(name + "\n" for name in names)
    expected = [c not in known and c != "\n" for c in text]
    assert (encoded.characters == -1).tolist() == expected
    first = first_unknown(names, encoded)
    unknown = [(i, p, c) for i, n in enumerate(names) for p, c in enumerate(n) if c not in known]
    assert (None if first is None else tuple(first)) == (unknown[0] if unknown else None)


def test_the_first_unknown_character_is_found_by_name_and_position() -> None:
    vocabulary = Vocabulary.of(["ab"])
    for names, expected in [
        (["xa", "ab"], (0, 0, "x")),
        (["ab", "xy"], (1, 0, "x")),
        (["ab", "b", "ay", "x"], (2, 1, "y")),
    ]:
        assert first_unknown(names, vocabulary.encode(names)) == expected


def test_empty_names_may_be_drawn() -> None:
    drawn = EncodedNames(np.array([0, 1, 0, 0], np.int32), np.array([1, 3, 4], np.int64))
    assert Vocabulary("\na").decode(drawn) == ["", "a", ""]
    nothing = EncodedNames(np.empty(0, np.int32), np.empty(0, np.int64))
    assert Vocabulary("\na").decode(nothing) == []


@pytest.mark.parametrize("characters", ["", "ab", "a\n", "\nba", "\naa", "\n\nab"])
def test_characters_out_of_order_are_refused(characters: str) -> None:
    with refused(ValueError, re.escape(repr(characters)), "by code point"):
        Vocabulary(characters)
