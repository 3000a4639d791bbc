"""Combining marks without a letter, and joiners where no script has them."""

from __future__ import annotations

import unicodedata

import pytest

from dinorc import NGram
from dinorc._names.cleaning import is_clean
from dinorc._names.well_formed import is_well_formed, spells_only_well_formed

ZWNJ, ZWJ = "\u200c", "\u200d"

WELL_FORMED = [
    "anna",
    "Zoë",
    "x\u0301",
    "ส้ม",
    f"علی{ZWNJ}رضا",  # Persian, "Alireza"
    f"\u0647\u0650{ZWNJ}\u0627",  # a mark between the letter and the joiner
    f"മോഹന\u0d4d{ZWJ}",  # Malayalam, "Mohan", with a virama and a joiner at the end
    f"ක\u0dca{ZWJ}ර",  # Sinhala
    f"र\u094d{ZWNJ}क",  # Devanagari
    f"র{ZWJ}\u09cdযাচেল",  # Bengali, "Rachel", with a joiner before the virama
    f"\U0001f469{ZWJ}\U0001f680",  # an astronaut
    f"\U0001f469\U0001f3fd{ZWJ}\U0001f680",  # with a modifier
    f"\U0001f3f3\ufe0f{ZWJ}\U0001f308",  # a flag, with a variation selector
    f"\U0001f642{ZWJ}\u2194\ufe0f",  # with an arrow
    f"\u1820{ZWNJ}\u1820",  # Mongolian
]
MALFORMED = [
    "\u0301",
    "\u0301anna",
    "\u093eक",  # a vowel sign of Devanagari, of category Mc
    "\u20ddb",  # an enclosing circle, of category Me
    f"{ZWJ}anna",
    f"anna{ZWNJ}",
    f"an{ZWNJ}na",
    f"an{ZWJ}na",
    f"{ZWNJ}علی",
    f"علی{ZWNJ}",
    f"علی{ZWNJ}{ZWNJ}رضا",
    f"علی{ZWNJ}{ZWJ}رضا",
    f"علی{ZWNJ} رضا",
    f"علی{ZWNJ}a",
    f"क\u094d{ZWJ}{ZWJ}क",
    f"ක{ZWJ}ර",
    f"{ZWJ}\u09cdয",
    f"\U0001f469{ZWJ}",
    f"\U0001f469{ZWNJ}\U0001f680",
    f"\U0001f469{ZWJ}a",
    f"\u0301{ZWJ}a",
    ZWJ,
]


@pytest.mark.parametrize("name", WELL_FORMED, ids=ascii)
def test_well_formed(name: str) -> None:
    assert is_well_formed(name)
    assert is_clean(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize("name", MALFORMED, ids=ascii)
def test_malformed(name: str) -> None:
    assert not is_well_formed(name)
    assert not is_clean(name)
    assert not spells_only_well_formed(name)


def test_which_characters_may_spell_a_malformed_name() -> None:
    assert spells_only_well_formed("")
    assert spells_only_well_formed("abc é ß 明 \U0001f680")
    for character in ("\u0301", "\u093e", ZWJ, ZWNJ):
        assert not spells_only_well_formed("ab" + character)


@pytest.mark.parametrize(
    ("names", "part"),
    [(["का", "ाक"], "ा"), ([f"a{ZWJ}b", "ab", "ba"], ZWJ), (["e\u0308\u0323x", "xe"], "\u0308")],
)
def test_generate_refuses_and_counts_them(names: list[str], part: str) -> None:
    model = NGram().fit(names)
    drawn = model.sample(2000, seed=0)
    assert not all(name == "" or is_well_formed(name) for name in drawn)
    generated = model.generate(2000, exclude=None, unique=False, seed=0, on_shortfall="ignore")
    assert generated
    assert all(is_well_formed(name) for name in generated)
    assert generated.report is not None
    assert generated.report.malformed > 0
    assert " malformed" in str(generated.report)
    found = model.most_likely(3, exclude=None)
    assert found
    assert all(is_well_formed(name) for name in found)
    assert any(part in name for name in [*generated, *found]) or part == ZWJ
