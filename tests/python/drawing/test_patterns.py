"""Regular expressions become automata that accept what `re.fullmatch` matches."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dinorc._drawing.automata.conditions import conditions_automaton
from enumerated_names import accepted, clean_names, vocabulary_of
from helpers import refused

CHARACTERS = " aB-"
LENGTH = 4
NAMES = clean_names(CHARACTERS, LENGTH)
VOCABULARY = vocabulary_of(CHARACTERS)


def matching(pattern: str | re.Pattern[str]) -> list[str]:
    """Return the names that the automaton accepts, none if it says that there are none."""
    try:
        automaton = conditions_automaton(VOCABULARY, pattern=pattern)
    except ValueError as error:
        assert str(error).startswith("no name can meet pattern=")
        return []
    assert automaton is not None
    return accepted(automaton, VOCABULARY, LENGTH)


characters = st.sampled_from(
    ["a", "A", "B", "b", "-", " ", ".", "x", r"\w", r"\W", r"\s", r"\S", r"\d", r"\D"]
    + ["[a-c]", "[^a]", "[^a-c]", "[A-C -]", r"[\w-]", r"[^\W]", r"\x61", "[aB]", "[^aB]"]
)
assertions = st.sampled_from(["^", "$", r"\A", r"\Z", r"\b", r"\B", ""])
counts = st.sampled_from(["*", "+", "?", "{2}", "{0}", "{1,3}", "{0,2}", "{2,}", "{,2}"])
flags = st.sampled_from(["", "i", "a", "s", "m", "-i", "ai", "i-s"])


def larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of smaller ones."""
    return st.one_of(
        st.tuples(smaller, smaller).map("".join),
        st.lists(smaller, min_size=2, max_size=3).map(lambda all_of: f"({'|'.join(all_of)})"),
        st.tuples(smaller, counts, st.sampled_from(["", "?"])).map(
            lambda parts: f"(?:{parts[0]}){parts[1]}{parts[2]}"
        ),
        st.tuples(characters, counts).map("".join),
        st.tuples(flags, smaller).map(lambda parts: f"(?{parts[0]}:{parts[1]})"),
    )


expressions = st.recursive(st.one_of(characters, characters, assertions), larger, max_leaves=7)


@settings(max_examples=300)
@given(st.sampled_from(["", "(?i)", "(?a)"]), expressions)
def test_an_automaton_accepts_what_fullmatch_matches(flag: str, expression: str) -> None:
    compiled = re.compile(flag + expression)
    assert matching(flag + expression) == [name for name in NAMES if compiled.fullmatch(name)]


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "a|B",
        "aB|a-|B",
        ".*",
        ".*a.*B",
        "a*?B+?",
        "(a|aB)(B-|-)",
        "(?P<first>a)(?#a remark)-",
        "a{2,3}",
        "a{,2}B",
        "a{2,}",
        "a{0}B",
        "(a?B?){3}",
        "((a|)*-)*",
        "[^-]+",
        r"[\s\w]+",
        "(?i)[ab]+",
        "(?i:A)b|(?-i:B)",
        "(?i)(?-i:A)|b",
        r"(?x) a \  B  # a remark",
        "^a|B$",
        "^^a$$",
        "(^a|B)*",
        "(a$|B)*",
        r"\Aa\Z",
        r"(a|\b-\b|B)*",
        r"\w+\b.\b\w+",
        r"-\B-",
        r"\B-\B",
        r".*\b",
        r"(\b|a)*-",
        "a^B|-",
        "a$B|-",
        "",
        "a|",
        "x|a",
        "[x-z]?B",
    ],
)
def test_constructs(pattern: str) -> None:
    assert matching(pattern) == [name for name in NAMES if re.fullmatch(pattern, name)]


@pytest.mark.parametrize(
    "flags",
    [0, re.I, re.A, re.I | re.A, re.X, re.M | re.S, re.U],
)
def test_a_compiled_pattern_keeps_its_flags(flags: int) -> None:
    pattern = re.compile(r"( [ab]+ | \w - )+", flags)
    assert matching(pattern) == [name for name in NAMES if pattern.fullmatch(name)]


def test_the_flag_debug_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    pattern = re.compile("a+", re.DEBUG)
    capsys.readouterr()
    assert matching(pattern) == ["a", "aa", "aaa", "aaaa"]
    assert capsys.readouterr() == ("", "")


UNICODE = "aksïé\u017f\u212aß\u03c3ςΣ٣"  # with a long s and the sign of kelvins


@pytest.mark.parametrize(
    "pattern",
    [
        "(?i)[a-z]+",
        "(?i)S+",
        "(?ia)[a-z]+",
        "(?i)\u03c3+",
        r"\w*\d",
        r"(?a)\w+",
        "(?i)É|Ï",
        "(?i)ß|ẞ",
    ]
    + [r"(?i)(?a:s)s", r"(?a)(?u:\w)a", r"(?:é\b|\Bï)+", r"(?a)(?:é\b|a\bé|a)+", "[^ß-\u03c3]+"],
)
def test_cases_and_categories_are_those_of_the_module_re(pattern: str) -> None:
    vocabulary = vocabulary_of(UNICODE)
    automaton = conditions_automaton(vocabulary, pattern=pattern)
    assert automaton is not None
    names = clean_names(UNICODE, 3)
    assert accepted(automaton, vocabulary, 3) == [n for n in names if re.fullmatch(pattern, n)]


def test_two_kinds_of_word_boundary_in_one_pattern() -> None:
    pattern = r"(?:(?a:\b)a|\bé|(?a:\B)é)+"
    vocabulary = vocabulary_of("aé-")
    automaton = conditions_automaton(vocabulary, pattern=pattern)
    assert automaton is not None
    expected = [name for name in clean_names("aé-", 5) if re.fullmatch(pattern, name)]
    assert expected
    assert accepted(automaton, vocabulary, 5) == expected


def test_a_pattern_is_put_in_the_form_of_names() -> None:
    vocabulary = vocabulary_of("eé")
    automaton = conditions_automaton(vocabulary, pattern=unicodedata.normalize("NFD", "é+"))
    assert automaton is not None
    assert accepted(automaton, vocabulary, 2) == ["é", "éé"]


@pytest.mark.parametrize(
    ("pattern", "mention"),
    [
        (r"(a|B)\1", "a reference back"),
        (r"(?P<x>a)(?P=x)", "a reference back"),
        (r"(a)?(?(1)B|-)", "a condition on a group"),
        ("a(?=B).*", "a look-ahead"),
        ("(?!)|a", "a negative look-ahead"),
        ("(?!a).*", "a negative look-ahead"),
        (".*(?<=a)", "look-behind"),
        (".*(?<!a)", "a negative look-ahead or look-behind"),
        ("(?>a|aB)-", "an atomic group"),
        ("(a++|B)", "a possessive repeat"),
        ("a{2,3}+", "a possessive repeat"),
    ],
)
def test_what_an_automaton_cannot_do_is_refused_by_name(pattern: str, mention: str) -> None:
    re.compile(pattern)
    with refused(ValueError, mention, "expected a regular expression without"):
        conditions_automaton(VOCABULARY, pattern=pattern)


@pytest.mark.parametrize(
    ("pattern", "position"),
    [("(a", 0), ("a)", 1), ("[a", 0), ("aB**", 3), ("a{3,2}", 2), ("*a", 0), (r"a\q", 1)]
    + [("(?<a)", 1), ("a(?i)", 1), ("é" * 500 + "(", 500), ("(?x)a\nB(\n", 7)],
)
def test_what_is_no_expression_is_shown_with_the_place_of_the_error(
    pattern: str, position: int
) -> None:
    with pytest.raises(ValueError) as caught:
        conditions_automaton(VOCABULARY, pattern=pattern)
    first, line, caret = str(caught.value).split("\n")
    assert first.startswith("pattern is not a regular expression: ")
    assert first.endswith(f" at position {position}")
    assert len(line) < 80
    assert line[caret.index("^")] == pattern[position]


def test_other_errors_of_the_parser_are_told() -> None:
    with refused(ValueError, re.escape("pattern is 'a{99999999999}'"), "too large"):
        conditions_automaton(VOCABULARY, pattern="a{99999999999}")
    with refused(ValueError, "pattern has groups within groups, too deep"):
        conditions_automaton(VOCABULARY, pattern="(" * 5000 + ")" * 5000)


@pytest.mark.parametrize("pattern", [3, b"a", ["a"], re.compile(b"a"), True])
def test_other_types_are_refused(pattern: Any) -> None:
    with refused(TypeError, "^pattern is ", "expected a regular expression"):
        conditions_automaton(VOCABULARY, pattern=pattern)


@pytest.mark.parametrize(
    ("pattern", "states"),
    [
        (".*", 2),
        (".{3,16}", 17),
        (".{1,1000}", 1001),
        (".*rex.*saurus", 10),
        ("(a|b)*c?d", 3),
        # With a counter for each "a", it would be every set of 501 counters.
        (".*a.{0,500}", 502),
        (".*a(?:.){2,14}", 20),
        ("(ab){1,3}|(abab)", 7),
        ("rex|saurus|tyrannosaurus", 16),
    ],
)
def test_automata_are_as_small_as_can_be(pattern: str, states: int) -> None:
    automaton = conditions_automaton(vocabulary_of("abcdenorstuxy"), pattern=pattern)
    assert automaton is not None
    assert len(automaton.accepting) == states


@pytest.mark.parametrize(
    "pattern",
    [
        ".{0,500}x.{500}",
        "(.*a.{12}b.*|.*c.{13}d)",
        "((a{100}){100}){100}",
        "a{11000}",
        "((a?){99}){99}",
        "(" * 50 + "a" + "{9})" * 50,
        "(a?b?c?){300}",
        r"((\b)?a?){500}",
        "(.*a.*b.*c.*d.*|.*x.{6}1.{5}2.{9}){9}",
        "|".join(f"{number:05}" for number in range(3000)),
    ],
)
def test_too_large_an_automaton_is_refused(pattern: str) -> None:
    with refused(ValueError, "too large an automaton", r"\(more than [0-9,]+ \w+", "accept="):
        conditions_automaton(vocabulary_of("-abcdx0123456789"), pattern=pattern)


def test_an_expression_too_deep_to_be_walked_is_refused() -> None:
    with refused(ValueError, "groups within groups, too deep"):
        conditions_automaton(VOCABULARY, pattern="(" * 300 + "a" + ")*" * 300)


def test_counts_beyond_the_longest_name_have_no_limit() -> None:
    automaton = conditions_automaton(VOCABULARY, pattern="a{2,60000}(B?){9999}")
    assert automaton is not None
    assert automaton.lengths() == (2, None)
