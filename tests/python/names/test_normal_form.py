"""Characters that always make a text in Unicode's normal form C are told from others."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc._names.normal_form import spells_only_normal_text

# Letters and marks that combine with each other, marks that change places, syllables and their
# parts, vowel signs that are no marks (the last ones in new versions of Unicode only).
SUSPECTS = "ae\u0301\u0323\u0345가\u1100\u1161\u11a8\u09c7\u09be\u0b92\u0bd7\u1025\u102e字"
SUSPECTS += "éß\u0344\u212b\uf900\U00016d63\U00016d67\U00016d68\U00016d69"


@given(st.sets(st.sampled_from(SUSPECTS), max_size=3))
def test_all_texts_are_normal_if_it_says_so(characters: set[str]) -> None:
    texts = ("".join(text) for text in product(sorted(characters), repeat=4))
    are_normal = all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert are_normal or not spells_only_normal_text("".join(characters))


@pytest.mark.parametrize(
    "characters",
    [
        "",
        "abc -'",
        "éàüßÿ",
        "Ǆſ",
        "αβγς",
        "άΐ",
        "яё",
        "שלום",
        "ابت",
        "字漢",
        "가나다",
        "かがァ",
        "\ufeff",
    ],
)
def test_letters_that_do_not_combine_are_known(characters: str) -> None:
    assert spells_only_normal_text(characters)


@pytest.mark.parametrize(
    "character", ["\u0301", "\u1161", "\u11a8", "\u09be", "\u0bd7", "\u102e", "\u3099", "\u212b"]
)
def test_one_that_combines_is_enough(character: str) -> None:
    assert not spells_only_normal_text("ab字" + character)


def test_no_composites_are_in_the_planes_that_are_not_looked_at() -> None:
    for code_point in range(0x20000, 0x110000):
        assert " " not in unicodedata.decomposition(chr(code_point))
