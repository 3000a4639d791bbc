"""New names that meet conditions: which ones, why others are refused, and when it gives up."""

from __future__ import annotations

import math
import unicodedata
import warnings
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, GenerationReport, NamesShortfallError, NamesShortfallWarning
from helpers import refused
from small_models import CELLS, NAMES, everything, small


@pytest.fixture(scope="module")
def few() -> CharRNN:
    """Return a model of few names: most names that it draws are in the list, or come twice."""
    names = ["anna", "ann", "nan", "na", "a"]
    return small(max_epochs=60, learning_rate=0.02, validation_fraction=0).fit(names)


ANY: dict[str, Any] = {"exclude": (), "unique": False}


# ---- which candidates ---------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_without_conditions_the_names_are_those_of_sample(cell: str, dtype: str) -> None:
    rnn = small(cell=cell, dtype=dtype).fit(NAMES)
    network, size = rnn._trained.predictor, len(rnn.vocabulary_)  # type: ignore[union-attr]
    nothing = np.empty(0, np.int32)
    characters, ends, *_ = network.generate(0, 400, 5, nothing, 0, 1000, 1.0, size, 1.0, 2)
    plain = network.sample(400, 5, 1000, 1)
    assert (characters.tolist(), ends.tolist()) == (plain[0].tolist(), plain[1].tolist())
    # The only other thing that `generate` does is to keep names from being empty.
    rnn.parameters_["output_bias"][0] -= 100
    rnn.parameters_["output_weights"][0] = 0
    drawn = rnn.sample(40, seed=5)
    assert rnn.generate(40, **ANY, seed=5) == drawn


def test_conditions_that_do_not_interfere_change_nothing(rnn: CharRNN) -> None:
    names = rnn.generate(200, seed=1)
    size = len(rnn.vocabulary_)
    for conditions in (
        {"temperature": 1.0, "top_k": size, "top_p": 1},
        {"prefix": "", "min_length": 1, "max_length": None},
        {"block": ["123"], "accept": lambda name: True},
        {"exclude": NAMES},
    ):
        assert rnn.generate(200, seed=1, **conditions) == names


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"temperature": 0.4},
        {"block": ["saur"], "prefix": "a"},
        {"accept": lambda name: len(name) % 2 == 0, "top_p": 0.8},
    ],
)
def test_more_names_begin_with_fewer(rnn: CharRNN, conditions: dict[str, Any]) -> None:
    many = rnn.generate(700, seed=3, **conditions)
    assert len(many) == 700
    for n in (0, 1, 2, 10, 20, 257, 699):
        names = rnn.generate(n, seed=3, **conditions)
        assert names == many[:n]
        assert names.log_probabilities.tobytes() == many[:n].log_probabilities.tobytes()
        assert names.report is not None
        assert names.report.accepted == names.report.wanted == n
        assert names.report.stopped == "complete"


def test_a_shortfall_begins_with_fewer_names_too(few: CharRNN) -> None:
    rules: dict[str, Any] = {"max_length": 2, "on_shortfall": "ignore"}
    all_names = few.generate(1000, **rules)
    assert 2 <= len(all_names) < 1000
    for n in range(len(all_names) + 3):
        assert few.generate(n, **rules) == all_names[:n]


def test_the_seed_chooses_the_names(rnn: CharRNN) -> None:
    names = rnn.generate(10)
    assert rnn.generate(10, seed=None) == rnn.generate(10, seed=rnn.seed_) == names
    assert rnn.generate(10, seed=1) != names
    assert rnn.generate(10, seed=2**64 - 1) != names


def test_log_probabilities_are_the_scores_to_the_bit(rnn: CharRNN) -> None:
    for conditions in ({}, {"temperature": 0.3}, {"prefix": "tri", "max_length": 5}, {"top_k": 3}):
        names = rnn.generate(100, on_shortfall="ignore", **conditions)
        assert len(names) > 10
        assert names.log_probabilities.dtype == np.float64
        assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()


def test_generating_changes_nothing(rnn: CharRNN) -> None:
    before = everything(rnn)
    rnn.generate(20)
    rnn.generate(0)
    with pytest.raises(ValueError, match="top_k"):
        rnn.generate(20, top_k=0)
    assert everything(rnn) == before


# ---- the rules of the draw ----------------------------------------------------------------------


def test_lengths_are_kept_without_throwing_names_away(rnn: CharRNN) -> None:
    for least, most in ((1, 3), (5, 5), (9, 12), (30, None), (1000, 1000)):
        n = 3 if least == 1000 else 60
        names = rnn.generate(n, **ANY, min_length=least, max_length=most)
        assert all(least <= len(name) <= (most or 1000) for name in names)
        assert names.report is not None
        assert names.report.candidates == n


def test_a_length_may_be_no_shorter_than_the_prefix(rnn: CharRNN) -> None:
    names = rnn.generate(20, **ANY, prefix="tricera", min_length=2, max_length=8)
    assert {len(name) for name in names} == {7, 8}
    assert rnn.generate(1, **ANY, prefix="tricera", max_length=7) == ["tricera"]


def test_names_begin_with_the_prefix(rnn: CharRNN) -> None:
    for prefix in ("a", "x", "zzzz", "tricerato"):
        names = rnn.generate(30, prefix=prefix)
        assert len(names) == 30
        assert all(name.startswith(prefix) for name in names)


def test_a_prefix_is_taken_in_its_normal_form() -> None:
    rnn = small(max_epochs=1).fit([*NAMES, "zoë", "Ωμέγα", "名前", "東京", "a b"])
    for prefix in ("zoe\u0308", "\u2126", "名", "東京", "a "):
        names = rnn.generate(5, prefix=prefix, max_length=12)
        normal = unicodedata.normalize("NFC", prefix)
        assert len(names) == 5
        assert all(name.startswith(normal) for name in names)
        assert all(unicodedata.is_normalized("NFC", name) for name in names)
        assert all(name == name.strip() for name in names)
        assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()


def test_near_temperature_0_there_is_one_name(rnn: CharRNN) -> None:
    greedy = ""
    while len(greedy) < 1000:
        scores = [rnn.score_chars(greedy + character)[len(greedy)] for character in letters(rnn)]
        end = rnn.score_chars(greedy)[-1] if greedy else -math.inf
        if end > max(scores):
            break
        greedy += letters(rnn)[int(np.argmax(scores))]
    for rules in ({"temperature": 1e-9}, {"temperature": 1e-300}, {"top_k": 1}, {"top_p": 1e-9}):
        names = rnn.generate(3, exclude=(), unique=False, **rules)
        assert names == [greedy] * 3
        once = rnn.generate(3, exclude=(), on_shortfall="ignore", **rules)
        assert once == [greedy]
        report = once.report
        assert report is not None
        assert (report.candidates, report.duplicates, report.stopped) == (2, 1, "no other name")


def test_at_a_very_high_temperature_all_characters_are_equally_likely(rnn: CharRNN) -> None:
    names = rnn.generate(4000, **ANY, temperature=1e300, min_length=1, max_length=1, seed=2)
    counts = [names.count(letter) for letter in letters(rnn)]
    mean = 4000 / len(counts)
    assert all(abs(count - mean) < 6 * math.sqrt(mean) for count in counts)


def letters(rnn: CharRNN) -> str:
    """Return the characters that names are made of."""
    return rnn.vocabulary_[1:]


def test_of_equally_probable_characters_the_first_remain() -> None:
    rnn = small(validation_fraction=0).fit(["abc", "cba", "bac"])
    rnn.parameters_["output_weights"][:] = 0
    rnn.parameters_["output_bias"][:] = 0
    for top_k, expected in ((1, "a"), (2, "ab"), (3, "abc")):
        names = rnn.generate(200, **ANY, top_k=top_k, min_length=8, max_length=8)
        assert set("".join(names)) == set(expected)
    # Where a name may end, the end is the first of all.
    for rules in ({"top_k": 2}, {"top_p": 0.5}):
        names = rnn.generate(200, **ANY, prefix="c", max_length=3, **rules)
        assert set("".join(names)) == set("ca")
        assert {len(name) for name in names} == {1, 2, 3}


def test_names_come_as_often_as_the_scores_say(rnn: CharRNN) -> None:
    """Names of two characters, each with its exact probability."""
    count = 20_000
    names = rnn.generate(count, **ANY, min_length=2, max_length=2, seed=9)
    for first in "at":
        for second in letters(rnn):
            nats = rnn.score_chars(first + second)
            # Neither of the two may have been an end.
            p = math.exp(nats[0] + nats[1]) / (1 - first_end(rnn)) / (1 - end_after(rnn, first))
            deviation = math.sqrt(count * p * (1 - p))
            assert abs(names.count(first + second) - count * p) < 5.5 * deviation + 1


def end_after(rnn: CharRNN, prefix: str) -> float:
    """Return the probability that a name ends after this prefix."""
    return math.exp(rnn.score_chars(prefix)[-1])


def first_end(rnn: CharRNN) -> float:
    """Return the probability of the empty name: 1 minus that of all first characters."""
    return 1 - sum(math.exp(rnn.score_chars(letter)[0]) for letter in letters(rnn))


# ---- conditions ---------------------------------------------------------------------------------


def test_names_of_the_training_list_are_left_out(few: CharRNN) -> None:
    training = {"anna", "ann", "nan", "na", "a"}
    names = few.generate(10)
    assert len(names) == 10
    assert not training & set(names)
    report = names.report
    assert report is not None
    assert report.excluded > 0
    assert training & set(few.generate(10, exclude=None))
    assert few.generate(10, exclude=None) == few.generate(10, exclude=[]) != names


def test_other_names_can_be_left_out_and_are_made_clean(few: CharRNN) -> None:
    before = few.generate(8, exclude=())
    rest = few.generate(6, exclude=[f" {before[0]}\n", "\n", before[3]])
    assert rest == [name for name in before if name not in (before[0], before[3])]
    assert few.generate(7, exclude=iter([before[2]])) == before[:2] + before[3:]
    assert few.generate(7, exclude=np.array([before[2]])) == before[:2] + before[3:]
    assert few.generate(4, exclude=before[:4]) == before[4:]


def test_held_out_names_are_training_names_too() -> None:
    rnn = small(max_epochs=30, learning_rate=0.05, validation_fraction=0.5).fit(
        ["anna", "ann", "nan", "na", "a", "aa"]
    )
    assert not set(rnn.generate(20, max_length=4)) & {"anna", "ann", "nan", "na", "a", "aa"}


def test_names_may_come_twice_or_not(few: CharRNN) -> None:
    names = few.generate(100, unique=False, exclude=())
    assert len(set(names)) < 100
    distinct = few.generate(30, exclude=())
    assert len(set(distinct)) == 30
    first_times = list(dict.fromkeys(few.generate(1000, unique=False, exclude=())))
    assert distinct == first_times[:30]


def test_parts_are_blocked_in_any_case() -> None:
    rnn = small(max_epochs=12, learning_rate=0.02).fit([*NAMES, "STRASSE", "Straße", "Élan"])
    free = rnn.generate(300, exclude=())
    names = rnn.generate(200, exclude=(), block=["SAUR", "na"])
    assert names == [n for n in free if "saur" not in n and "na" not in n][: len(names)][:200]
    report = names.report
    assert report is not None
    assert report.blocked > 30
    for part, name in (("ß", "STRASSE"), ("ss", "Straße"), ("E\u0301L", "Élan"), ("él", "Élan")):
        rnn_names = rnn.generate(
            1, exclude=(), prefix=name, max_length=len(name), block=[part], on_shortfall="ignore"
        )
        assert rnn_names == []
        assert rnn_names.report is not None
        assert rnn_names.report.blocked == 1


def test_a_function_decides_last(rnn: CharRNN) -> None:
    asked: list[str] = []

    def accept(name: str) -> bool:
        asked.append(name)
        return name[-1] == "s"

    names = rnn.generate(20, accept=accept, block=["x"])
    assert all(name.endswith("s") for name in names)
    assert [name for name in asked if name.endswith("s")] == names
    assert not any("x" in name or name in NAMES for name in asked)
    assert len(set(names)) == 20
    report = names.report
    assert report is not None
    assert report.not_accepted == len(asked) - 20


def test_what_the_function_raises_comes_through(rnn: CharRNN) -> None:
    def accept(name: str) -> bool:
        raise LookupError(name)

    with pytest.raises(LookupError):
        rnn.generate(20, accept=accept)


def test_a_candidate_is_counted_once_and_for_its_first_reason(few: CharRNN) -> None:
    names = few.generate(
        15, block=["aa"], accept=lambda name: not name.startswith("n"), max_length=6
    )
    report = names.report
    assert report is not None
    refused_ones = (
        report.malformed,
        report.excluded,
        report.duplicates,
        report.blocked,
        report.not_accepted,
    )
    assert all(refused_ones[1:])
    assert report.accepted == 15
    assert report.candidates == 15 + sum(refused_ones)
    seen = few.generate(report.candidates, **ANY, max_length=6)
    training = {"anna", "ann", "nan", "na", "a"}
    assert report.excluded == sum(name in training for name in seen)
    assert seen[-1] == names[-1]


def test_names_that_cleaning_would_change_are_refused() -> None:
    # The accent and x do not form a single character; the accent and e, which it knows too, would.
    rnn = small(validation_fraction=0).fit(["a b", "b a", "x\u0301e"])
    assert {" ", "e", "\u0301"} <= set(rnn.vocabulary_)
    rnn.parameters_["output_weights"][:] = 0
    rnn.parameters_["output_bias"][:] = 0
    names = rnn.generate(300, max_length=6)
    report = names.report
    assert report is not None
    assert report.malformed > 50
    assert any(" " in name for name in names)
    assert any("x\u0301" in name for name in names)
    for name in names:
        assert name == unicodedata.normalize("NFC", name.strip())
        assert "e\u0301" not in name
    assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()


def test_a_model_from_the_notebook_knows_no_training_names() -> None:
    names = dinorc.datasets.load("dinos")[:40]
    characters = sorted({"\n"}.union(*names))
    char_to_ix = {character: i for i, character in enumerate(characters)}
    ix_to_char = dict(enumerate(characters))
    parameters = dinorc.model(
        names,
        ix_to_char,
        char_to_ix,
        num_iterations=50,
        n_a=5,
        vocab_size=len(characters),
        verbose=False,
    )
    rnn = CharRNN.from_notebook(parameters, char_to_ix)
    assert rnn.generate(5) == rnn.generate(5, exclude=None)


# ---- when there are not enough ------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_letter() -> CharRNN:
    """Return a model whose names are a, aa, aaa, ..."""
    return small(validation_fraction=0).fit(["a", "aa", "aaa"])


def test_it_gives_up_when_all_names_are_found(one_letter: CharRNN) -> None:
    with pytest.warns(NamesShortfallWarning, match="fewer names than asked for: 7 of 10") as caught:
        names = one_letter.generate(10, max_length=10)
    assert caught[0].filename == __file__
    assert sorted(names, key=len) == ["a" * length for length in range(4, 11)]
    report = names.report
    assert report is not None
    assert report.stopped == "candidates"
    assert report.candidates == 7 + report.duplicates + report.excluded == 101_000
    assert "stopped after" in str(report)


def test_an_error_has_the_names(one_letter: CharRNN) -> None:
    with pytest.raises(NamesShortfallError, match="2 of 3 names") as caught:
        one_letter.generate(3, max_length=5, on_shortfall="error")
    names = caught.value.names
    assert names is not None
    assert sorted(names) == ["aaaa", "aaaaa"]
    assert names.report is not None
    assert names.log_probabilities.tobytes() == one_letter.score_samples(names).tobytes()


def test_a_shortfall_can_be_ignored_and_enough_is_no_shortfall(one_letter: CharRNN) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(one_letter.generate(9, max_length=5, on_shortfall="ignore")) == 2
        assert len(one_letter.generate(2, max_length=5, on_shortfall="error")) == 2
        assert one_letter.generate(0, on_shortfall="error") == []


def test_where_only_one_name_is_possible_it_ends_at_once(one_letter: CharRNN) -> None:
    rules: dict[str, Any] = {"min_length": 4, "max_length": 4, "on_shortfall": "ignore"}
    names = one_letter.generate(5, **rules)
    assert names == ["aaaa"]
    assert names.report == GenerationReport(
        wanted=5,
        candidates=2,
        accepted=1,
        malformed=0,
        excluded=0,
        duplicates=1,
        blocked=0,
        not_accepted=0,
        stopped="no other name",
    )
    assert "no other name is possible" in str(names.report)
    none = one_letter.generate(5, **rules, exclude=["aaaa"])
    assert none == []
    assert none.report is not None
    assert (none.report.candidates, none.report.excluded) == (1, 1)


def test_it_never_takes_more_candidates_than_it_says(
    rnn: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dinorc._drawing.generation.MOST_REFUSED_IN_A_ROW", 700)
    names = rnn.generate(5, accept=lambda name: False, on_shortfall="ignore")
    assert names.report is not None
    assert (names.report.candidates, names.report.stopped) == (700, "refused in a row")
    monkeypatch.setattr("dinorc._drawing.generation.MOST_CANDIDATES", 600)
    monkeypatch.setattr("dinorc._drawing.generation.MOST_CANDIDATES_A_NAME", 3)
    names = rnn.generate(5, accept=lambda name: False, on_shortfall="ignore")
    assert names.report is not None
    assert (names.report.candidates, names.report.stopped) == (615, "candidates")
    rare = rnn.generate(30, accept=lambda name: len(name) > 20, on_shortfall="ignore")
    assert rare.report is not None
    assert rare.report.candidates <= 690


@pytest.mark.parametrize("largest", [1, 7, 100])
def test_batches_make_no_difference(
    rnn: CharRNN, few: CharRNN, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    def all_of_it() -> list[Any]:
        results = [
            rnn.generate(60, seed=8),
            rnn.generate(20, seed=8, accept=lambda name: len(name) == 7, temperature=0.7),
            few.generate(50, max_length=3, on_shortfall="ignore"),
            few.generate(5, temperature=1e-4, on_shortfall="ignore"),
        ]
        return [(list(names), names.report) for names in results]

    monkeypatch.setattr("dinorc._drawing.generation.MOST_REFUSED_IN_A_ROW", 500)
    expected = all_of_it()
    monkeypatch.setattr("dinorc._drawing.generation._LARGEST_BATCH", largest)
    assert all_of_it() == expected


def test_reports_read_well() -> None:
    report = GenerationReport(10, 12_345, 7, 1, 1200, 30, 4, 0, "candidates")
    assert str(report) == (
        "7 of 10 names from 12,345 candidates; refused: 1 malformed, 1,200 in the list to exclude, "
        "30 found before, 4 with a blocked part; stopped after the most candidates for so many "
        "names"
    )
    assert (
        str(GenerationReport(3, 3, 3, 0, 0, 0, 0, 0, "complete"))
        == "3 of 3 names from 3 candidates"
    )


# ---- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "exception", "mentions"),
    [
        ({"n": -1}, ValueError, ["n is -1", "0 or more"]),
        ({"n": 2.0}, TypeError, ["n is 2.0", "integer"]),
        ({"n": True}, TypeError, ["n is True"]),
        ({"n": 10**12}, ValueError, ["n is 1,000,000,000,000", "memory"]),
        (
            {"temperature": 0},
            ValueError,
            ["temperature is 0", "more than 0", "0.01", "most_likely"],
        ),
        ({"temperature": -0.0}, ValueError, ["temperature is 0"]),
        ({"temperature": -1}, ValueError, ["temperature is -1", "above 0"]),
        ({"temperature": math.inf}, ValueError, ["temperature is inf"]),
        ({"temperature": math.nan}, ValueError, ["temperature is nan"]),
        ({"temperature": "hot"}, TypeError, ["temperature is 'hot'"]),
        ({"temperature": 10**400}, ValueError, ["temperature"]),
        ({"top_k": 0}, ValueError, ["top_k is 0", "1 to 2"]),
        ({"top_k": 1000}, ValueError, ["top_k is 1000", "1 to 2"]),
        ({"top_k": 2.5}, TypeError, ["top_k is 2.5"]),
        ({"top_p": 0}, ValueError, ["top_p is 0", "above 0"]),
        ({"top_p": 1.01}, ValueError, ["top_p is 1.01", "at most 1"]),
        ({"top_p": math.nan}, ValueError, ["top_p is nan"]),
        ({"top_p": [0.5]}, TypeError, ["top_p is"]),
        ({"prefix": None}, TypeError, ["prefix is None", "str"]),
        ({"prefix": b"a"}, TypeError, ["prefix is b'a'"]),
        (
            {"prefix": "ann1a"},
            ValueError,
            ["prefix is 'ann1a'", "'1' at position 3", "characters of the list: "],
        ),
        ({"prefix": "a\nb"}, ValueError, [r"'\\n' at position 1"]),
        ({"prefix": "\ud800"}, ValueError, ["position 0"]),
        ({"prefix": " a"}, ValueError, ["prefix is ' a'", "white space"]),
        ({"prefix": "a" * 1001}, ValueError, ["prefix has 1,001 characters", "1,000"]),
        ({"prefix": "anna", "max_length": 3}, ValueError, ["prefix is 'anna'", "max_length 3"]),
        ({"min_length": 0}, ValueError, ["min_length is 0", "1 to 1000"]),
        ({"min_length": 1001}, ValueError, ["min_length is 1001"]),
        ({"max_length": 0}, ValueError, ["max_length is 0"]),
        ({"max_length": 1001}, ValueError, ["max_length is 1001"]),
        ({"max_length": 4.0}, TypeError, ["max_length is 4.0"]),
        ({"min_length": 5, "max_length": 4}, ValueError, ["min_length is 5 and max_length 4"]),
        ({"exclude": "anna"}, ValueError, ["exclude is 'anna'", "'training'", r"\['anna'\]"]),
        ({"exclude": 3}, TypeError, ["exclude is 3"]),
        ({"exclude": True}, TypeError, ["exclude is True"]),
        ({"exclude": b"anna"}, TypeError, ["exclude is b'anna'"]),
        ({"exclude": {"anna": 1}}, TypeError, ["exclude is"]),
        ({"exclude": ["anna", 3]}, TypeError, [r"exclude\[1\] is 3"]),
        ({"exclude": ["an\tna"]}, ValueError, [r"exclude\[0\] has a control character"]),
        ({"unique": "no"}, TypeError, ["unique is 'no'"]),
        ({"unique": None}, TypeError, ["unique is None"]),
        ({"block": "saur"}, TypeError, ["block is 'saur'", r"\['saur'\]"]),
        ({"block": None}, TypeError, ["block is None"]),
        ({"block": ["saur", 1]}, TypeError, [r"block\[1\] is 1"]),
        ({"block": ["", "saur"]}, ValueError, [r"block\[0\] is ''"]),
        ({"accept": "saur"}, TypeError, ["accept is 'saur'", "function"]),
        ({"seed": -1}, ValueError, ["seed is -1"]),
        ({"seed": 2**64}, ValueError, ["seed is 18446744073709551616"]),
        ({"seed": "1"}, TypeError, ["seed is '1'"]),
        ({"on_shortfall": "raise"}, ValueError, ["on_shortfall is 'raise'", "'warn', 'error'"]),
        ({"on_shortfall": None}, ValueError, ["on_shortfall is None"]),
        ({"on_shortfall": []}, ValueError, [r"on_shortfall is \[\]"]),
        ({"on_shortfall": np.array(["warn", "error"])}, ValueError, ["on_shortfall is array"]),
        # Python writes no integer of more than 4,300 digits.
        ({"n": 10**5000}, ValueError, ["n is a value that can't be shown", "memory"]),
        ({"seed": 10**5000}, ValueError, ["seed is a value", r"\(int\); expected 0 to"]),
        ({"prefix": 10**5000}, TypeError, ["prefix is a value", r"\(int\); expected a str"]),
    ],
)
def test_bad_arguments_are_refused(
    rnn: CharRNN, arguments: dict[str, Any], exception: type[Exception], mentions: list[str]
) -> None:
    with refused(exception, *mentions):
        rnn.generate(**{"n": 3, **arguments})


def test_parameters_that_are_not_finite_are_refused() -> None:
    rnn = small(max_epochs=1).fit(NAMES)
    rnn.parameters_["output_bias"][3] = np.nan
    with refused(ValueError, "not a number", "finite parameters"):
        rnn.generate(3)


def test_conditions_are_given_by_name(rnn: CharRNN) -> None:
    with pytest.raises(TypeError):
        rnn.generate(3, 0.5)  # type: ignore[misc]


def test_before_fit_there_is_nothing_to_generate_from() -> None:
    with refused(dinorc.NotFittedError, "call fit"):
        small().generate(3)


@pytest.mark.parametrize("n", [10**9, 10**12])
def test_more_names_than_memory_are_refused_at_once(
    rnn: CharRNN, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    monkeypatch.setattr("dinorc._training.memory._physical_bytes", lambda: 64 * 10**9)
    for use in (rnn.sample, rnn.generate):
        with refused(ValueError, f"n is {n:,}; expected at most 426,666,666", "64.0 GB"):
            use(n)
