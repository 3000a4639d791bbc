"""Conditions on the characters of names become one automaton, the smallest that there is."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc._drawing.automata import conditions, machines
from dinorc._drawing.automata.automaton import Automaton
from dinorc._drawing.automata.conditions import conditions_automaton
from dinorc._names.cleaning import is_clean
from enumerated_names import accepted, clean_names, vocabulary_of
from helpers import refused

CHARACTERS = " aAb"
LENGTH = 5
NAMES = clean_names(CHARACTERS, LENGTH)
VOCABULARY = vocabulary_of(CHARACTERS)
NO_LIMIT = 2**31 - 1


def automaton_of(characters: str = CHARACTERS, **asked: Any) -> Automaton:
    """Return the automaton of conditions that need one."""
    automaton = conditions_automaton(vocabulary_of(characters), **asked)
    assert automaton is not None
    return automaton


def folded(text: str) -> str:
    """Return a text as `block` compares it."""
    return unicodedata.normalize("NFC", text.casefold())


def meets(
    name: str,
    *,
    prefix: str,
    suffix: str,
    contains: list[str],
    pattern: str | None,
    alphabet: str | None,
    block: list[str],
) -> bool:
    """Tell whether a name meets the conditions, in plain words."""
    return (
        name.startswith(prefix)
        and name.endswith(suffix)
        and all(part in name for part in contains)
        and (pattern is None or re.fullmatch(pattern, name) is not None)
        and (alphabet is None or set(name) <= set(alphabet))
        and not any(folded(part) in folded(name) for part in block)
    )


texts = st.text(CHARACTERS, max_size=3)
all_conditions = st.fixed_dictionaries(
    {
        "prefix": st.one_of(st.just(""), texts.map(str.lstrip)),
        "suffix": st.one_of(st.just(""), texts.map(str.rstrip)),
        "contains": st.lists(texts, max_size=3),
        "pattern": st.sampled_from([None, None, ".{2,4}", "a.*", ".*[^a]", "(?i)[ab]*", "(..)+"]),
        "alphabet": st.one_of(st.none(), st.just("abX"), st.text(CHARACTERS, min_size=1)),
        "block": st.lists(st.text(CHARACTERS + "Bß", min_size=1, max_size=3), max_size=3),
    }
)


@given(all_conditions)
def test_the_names_are_those_that_meet_every_condition(asked: dict[str, Any]) -> None:
    expected = [name for name in NAMES if meets(name, **asked)]
    try:
        automaton = conditions_automaton(VOCABULARY, **asked)
    except ValueError as error:
        assert str(error).startswith("no name can meet ")
        assert expected == []
        return
    assert automaton is not None  # the vocabulary has a space
    assert accepted(automaton, VOCABULARY, LENGTH) == expected


@given(all_conditions)
def test_automata_are_smallest_numbered_by_breadth_and_know_lengths(asked: dict[str, Any]) -> None:
    try:
        automaton = automaton_of(**asked)
    except ValueError:
        return
    table, accepting = automaton.next_states, automaton.accepting
    states = len(table)
    assert table.shape == (states, len(VOCABULARY))
    assert (table.dtype, accepting.dtype, accepting.shape) == (np.int32, bool, (states,))
    assert table.flags.c_contiguous
    assert (table[:, 0] == -1).all()
    assert not accepting[0]
    # By breadth: each state but 0 is first entered after all those before it.
    entered = table[table >= 0]
    assert list(dict.fromkeys([0, *entered.tolist()])) == list(range(states))
    shortest, longest = lengths_by_walking(automaton)
    assert automaton.shortest.tolist() == shortest
    assert automaton.longest.tolist() == longest
    assert (automaton.shortest.dtype, automaton.longest.dtype) == (np.int32, np.int32)
    assert automaton.lengths() == (shortest[0], None if longest[0] == NO_LIMIT else longest[0])
    assert min(shortest) >= 0  # every state leads to a name
    assert all_differ(automaton)


def lengths_by_walking(automaton: Automaton) -> tuple[list[int], list[int]]:
    """Return the fewest and most characters from each state to a name's end, by trying them all."""
    states = len(automaton.accepting)
    at_end = [{0} if accepting else set() for accepting in automaton.accepting]
    rests: list[set[int]] = at_end
    for _ in range(2 * states):  # a path of more characters than states has a cycle
        rests = [
            at_end[state].union(
                length + 1
                for following in set(automaton.next_states[state].tolist()) - {-1}
                for length in rests[following]
            )
            for state in range(states)
        ]
    longest = [max(lengths) if max(lengths) < states else NO_LIMIT for lengths in rests]
    return [min(lengths) for lengths in rests], longest


def all_differ(automaton: Automaton) -> bool:
    """Tell whether some text tells any two states apart: Moore's table, filled pair by pair."""
    table = automaton.next_states.tolist()
    pairs = list(combinations(range(-1, len(table)), 2))
    ends = [*automaton.accepting.tolist(), False]
    table.append([-1] * len(table[0]))
    different = {(a, b) for a, b in pairs if ends[a] != ends[b]}
    while True:
        more = {
            (a, b)
            for a, b in pairs
            if (a, b) not in different
            and any(
                tuple(sorted(both)) in different for both in zip(table[a], table[b], strict=True)
            )
        }
        if not more:
            return len(different) == len(pairs)
        different |= more


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"prefix": "ab"}, {"pattern": "ab.*"}),
        ({"suffix": "aa"}, {"pattern": ".*aa"}),
        ({"contains": "aba"}, {"pattern": ".*aba.*"}),
        ({"contains": ["ab", "ba"]}, {"pattern": ".*(aba|bab|ab.*ba|ba.*ab).*"}),
        ({"contains": ["ab", "a", "", "ab"]}, {"contains": "ab"}),
        ({"alphabet": "ab"}, {"pattern": "[ab]+"}),
        ({"alphabet": "ab"}, {"block": ["c"]}),
        ({"block": ["a", "aab"]}, {"block": iter(["A"])}),
        ({"block": ["abca", "bc"]}, {"block": ["BC"]}),
        ({"block": ["abca", "c"]}, {"alphabet": "ab"}),
        ({"contains": "", "alphabet": "cba"}, {"pattern": ".*"}),
        ({"prefix": "a", "suffix": "a"}, {"pattern": "a(.*a)?"}),
    ],
)
def test_equal_conditions_give_equal_arrays(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = automaton_of("abc", **one), automaton_of("abc", **other)
    for field in ("next_states", "accepting", "shortest", "longest"):
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))


def test_any_iterable_will_do() -> None:
    text: type[str] = type("Text", (str,), {"__str__": lambda self: "something else"})
    for contains, alphabet, block in [
        (["ab", "ba"], ["a", "b"], ["aa"]),
        (iter(["ab", "ba"]), iter("ab"), iter(["aa"])),
        ({"ab", "ba"}, {"a", "b"}, {"aa"}),
        (np.array(["ab", "ba"]), np.array(["a", "b"]), np.array(["aa"])),
        ([text("ab"), "ba"], text("ab"), [text("aa")]),
    ]:
        automaton = automaton_of("abc", contains=contains, alphabet=alphabet, block=block)
        assert accepted(automaton, vocabulary_of("abc"), 4) == ["aba", "bab", "abab", "abba"] + [
            "baba",
            "babb",
            "bbab",
        ]


def test_without_conditions_only_what_names_may_not_begin_or_end_with_needs_an_automaton() -> None:
    nothing = {"prefix": "", "suffix": "", "contains": [], "pattern": None, "block": []}
    assert conditions_automaton(vocabulary_of("ab-")) is None
    assert conditions_automaton(vocabulary_of("ab-"), **nothing, alphabet=None) is None
    for odd in (" ", "\u00a0", "\u3000", "\ufeff"):
        automaton = automaton_of("a" + odd)
        found = accepted(automaton, vocabulary_of("a" + odd), 4)
        assert found == [name for name in clean_names("a" + odd, 4) if is_clean(name)]
        assert len(automaton.accepting) == (2 if odd == "\ufeff" else 3)


@pytest.mark.parametrize(
    ("characters", "block"),
    [
        ("sSßẞt", ["ss"]),
        ("sSßẞt", ["ß"]),
        ("sSßẞt", ["sSt"]),
        ("i\u0131İI\u0307", ["i"]),
        ("i\u0131İI", ["İ"]),
        ("i\u0131İI", ["\u0131"]),
        ("\u03c3ςΣa", ["Σ"]),
        ("\u03c3ςΣa", ["aς"]),
        ("eéÉE", ["É"]),
        ("eéÉE", [unicodedata.normalize("NFD", "É")]),
        ("eéÉE", ["e"]),
        ("ŉn\u02bc", ["\u02bcN"]),
        ("fﬃi", ["FI"]),
        ("\u0390\u1fd3\u03b9", ["\u0390"]),
        ("ǰj", ["ǰ"]),
    ],
)
def test_blocked_parts_are_found_in_upper_or_lower_case(characters: str, block: list[str]) -> None:
    vocabulary = vocabulary_of(characters)
    parts = [folded(unicodedata.normalize("NFC", part)) for part in block]
    names = clean_names(characters, 4)
    expected = [name for name in names if not any(part in folded(name) for part in parts)]
    assert 0 < len(expected) < len(names)
    automaton = conditions_automaton(vocabulary, block=block)
    assert automaton is not None
    assert accepted(automaton, vocabulary, 4) == expected


def test_a_name_is_blocked_by_what_its_characters_fold_to_one_by_one() -> None:
    # "ß" and an accent fold to "s" and "ś" in one text: it would not contain "ss".
    automaton = automaton_of("ß\u0301", block=["ss"])
    assert accepted(automaton, vocabulary_of("ß\u0301"), 2) == ["\u0301", "\u0301\u0301"]


def test_a_part_that_the_model_cannot_spell_blocks_nothing() -> None:
    assert len(automaton_of("ab", block=["xyz", "ax"]).accepting) == 2


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"prefix": "axb"}, "prefix is 'axb', with the character 'x' at position 1"),
        ({"suffix": "abx"}, "suffix is 'abx', with the character 'x' at position 2"),
        ({"contains": "x"}, "contains is 'x', with the character 'x' at position 0"),
        ({"contains": ["a", "bx"]}, r"contains\[1\] is 'bx', with the character 'x' at position 1"),
    ],
)
def test_characters_that_the_model_lacks_are_told(asked: dict[str, Any], message: str) -> None:
    with refused(ValueError, "^" + message + ", which training has not seen", "list:  Aab$"):
        conditions_automaton(VOCABULARY, **asked)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"pattern": "x+y"}, "pattern='x+y'; "),
        ({"pattern": re.compile("")}, "pattern=''; "),
        ({"pattern": " +"}, "pattern=' +'; "),
        ({"block": ["A", "b"]}, "block=['a', 'b']; "),
        ({"prefix": "a", "alphabet": "b"}, "prefix='a', alphabet='b' together; "),
        ({"suffix": "b", "pattern": ".*a"}, "suffix='b', pattern='.*a' together; "),
        ({"contains": ["ab"], "block": iter(["B"])}, "contains=['ab'], block=['b'] together; "),
        (
            {"prefix": "aa", "suffix": "bb", "pattern": ".{3}"},
            "prefix='aa', suffix='bb', pattern='.{3}' together; ",
        ),
        # Whatever else was asked for is not named.
        (
            {"prefix": "a", "suffix": "a", "contains": "aa", "pattern": ".{4}b.*", "block": ["b"]},
            "pattern='.{4}b.*', block=['b'] together; ",
        ),
    ],
)
def test_conditions_that_contradict_each_other_are_named(asked: dict[str, Any], named: str) -> None:
    with refused(ValueError, f"^no name can meet {re.escape(named)}", "meet:  Aab$"):
        conditions_automaton(VOCABULARY, **asked)


@pytest.mark.parametrize(
    ("exception", "asked", "mentions"),
    [
        (TypeError, {"prefix": 3}, ["^prefix is 3", "a str"]),
        (TypeError, {"suffix": ["a"]}, ["^suffix is ", "a str"]),
        (ValueError, {"prefix": " a"}, ["^prefix is ' a'", "no white space before"]),
        (ValueError, {"suffix": "a "}, ["^suffix is 'a '", "no white space after"]),
        (ValueError, {"suffix": "a\n"}, ["^suffix has a line end '\\\\n' at position 1"]),
        (ValueError, {"suffix": "a" * 1001}, ["^suffix has 1,001 characters"]),
        (TypeError, {"contains": 3}, ["^contains is 3", "a str or a list of str"]),
        (TypeError, {"contains": None}, ["^contains is None"]),
        (TypeError, {"contains": b"a"}, ["^contains is b'a'"]),
        (TypeError, {"contains": {"a": 1}}, ["^contains is {"]),
        (TypeError, {"contains": ["a", 3]}, [r"^contains\[1\] is 3"]),
        (ValueError, {"contains": ["\0"]}, [r"^contains\[0\] has a control character"]),
        (TypeError, {"alphabet": 3}, ["^alphabet is 3", "a str or a list of characters"]),
        (TypeError, {"alphabet": b"ab"}, ["^alphabet is b'ab'"]),
        (TypeError, {"alphabet": ["a", 3]}, [r"^alphabet\[1\] is 3"]),
        (ValueError, {"alphabet": ["a", "ab"]}, [r"^alphabet\[1\] is 'ab'", "one character"]),
        (ValueError, {"alphabet": ["a", ""]}, [r"^alphabet\[1\] is ''", "one character"]),
        (ValueError, {"alphabet": ""}, ["^alphabet is ''", "expected some of  Aab$"]),
        (ValueError, {"alphabet": "\nXY"}, ["^alphabet is '\\\\nXY', without any character"]),
        (TypeError, {"block": "ab"}, ["^block is 'ab'", r"\['ab'\]"]),
        (TypeError, {"block": b"ab"}, ["^block is b'ab'"]),
        (TypeError, {"block": 3}, ["^block is 3"]),
        (TypeError, {"block": {"a": 1}}, ["^block is {"]),
        (TypeError, {"block": ["a", None]}, [r"^block\[1\] is None"]),
        (ValueError, {"block": ["a", ""]}, [r"^block\[1\] is ''"]),
    ],
)
def test_bad_values_are_refused(
    exception: type[Exception], asked: dict[str, Any], mentions: list[str]
) -> None:
    with refused(exception, *mentions):
        conditions_automaton(VOCABULARY, **asked)


def test_prefix_suffix_and_parts_are_put_in_the_form_of_names() -> None:
    accented = unicodedata.normalize("NFD", "é")
    for asked in (
        {"prefix": accented},
        {"suffix": accented},
        {"contains": [accented]},
        {"alphabet": accented},
        {"alphabet": [accented]},
    ):
        automaton = automaton_of("aé", **asked)
        assert accepted(automaton, vocabulary_of("aé"), 1) == ["é"]


def test_thousands_of_characters_cost_no_more_states_than_a_few() -> None:
    ideographs = "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))
    asked = {
        "prefix": "一",
        "contains": ["丂七", "a b"],
        "pattern": r"(?i).{4,9}[A-C一-丐]",
        "block": ["X一", "丁丁"],
    }
    small = automaton_of("一丁丂七万丈丐aAbxX ", **asked)
    large = automaton_of(ideographs + "aAbxX ", **asked)
    assert large.accepting.tolist() == small.accepting.tolist()
    assert large.lengths() == small.lengths() == (6, 10)
    columns = [vocabulary_of(ideographs + "aAbxX ").characters.index(c) for c in "一丁丂七aAbxX "]
    few = [vocabulary_of("一丁丂七万丈丐aAbxX ").characters.index(c) for c in "一丁丂七aAbxX "]
    np.testing.assert_array_equal(large.next_states[:, columns], small.next_states[:, few])


@pytest.mark.parametrize(
    ("module", "limit", "size"),
    [(machines, "MOST_CELLS", 100), (conditions, "MOST_TABLE_CELLS", 40)],
)
def test_too_large_an_automaton_is_refused(
    monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, size: int
) -> None:
    asked = {"contains": ["aba", "bab"], "block": ["aaa"], "pattern": ".{3,9}"}
    assert len(automaton_of("ab", **asked).accepting) > 20
    monkeypatch.setattr(module, limit, size)
    message = r"contains=\['aba', 'bab'\], pattern='.{3,9}', block=\['aaa'\] would take too large"
    with refused(ValueError, "^" + message, r"\((more than )?\d+ states\)", "accept="):
        conditions_automaton(vocabulary_of("ab"), **asked)


def test_a_list_of_blocked_parts_beyond_all_measure_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dinorc._drawing.automata.words.MOST_CELLS", 100)
    with refused(ValueError, "^block=.* would take too large an automaton"):
        conditions_automaton(vocabulary_of("ab"), block=["ab" * 30])


def test_rows_whose_hashes_are_equal_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"contains": ["aba", "bb"], "block": ["aaa"], "pattern": ".{3,9}"}
    by_hash = automaton_of("ab", **asked)
    monkeypatch.setattr(machines, "_MULTIPLIER", np.uint64(0))
    by_rows = automaton_of("ab", **asked)
    np.testing.assert_array_equal(by_hash.next_states, by_rows.next_states)
    np.testing.assert_array_equal(by_hash.accepting, by_rows.accepting)
