"""New names that meet conditions: which ones, why others are refused, and when it gives up."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
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
    drawn = rnn.sample(700, seed=5)
    # The only thing that `generate` does beside is to leave out the empty name.
    names = [name for name in drawn if name]
    assert len(names) < 700
    assert rnn.generate(len(names), **ANY, seed=5) == names


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


def test_lengths_are_kept(rnn: CharRNN) -> None:
    for least, most in ((1, 3), (5, 5), (9, 12), (30, None)):
        names = rnn.generate(60, **ANY, min_length=least, max_length=most)
        assert len(names) == 60
        assert all(least <= len(name) <= (most or 1000) for name in names)


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
        assert report.stopped == "no other name"
        assert report.candidates == report.duplicates + 1


def test_at_a_very_high_temperature_all_characters_are_equally_likely(rnn: CharRNN) -> None:
    names = rnn.generate(4000, **ANY, temperature=1e300, max_length=1, seed=2)
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
    for top_k, expected in ((2, "a"), (3, "ab"), (4, "abc")):
        names = rnn.generate(200, **ANY, top_k=top_k)
        assert set("".join(names)) == set(expected)
    # The end is the first of all.
    for rules in ({"top_k": 2}, {"top_p": 0.5}):
        names = rnn.generate(200, **ANY, prefix="c", max_length=3, **rules)
        assert set("".join(names)) == set("ca")
        assert {len(name) for name in names} == {1, 2, 3}


def test_names_come_as_often_as_the_scores_say(rnn: CharRNN) -> None:
    """Names of two characters: each as often, among all of them, as its probability says."""
    count = 20_000
    names = rnn.generate(count, **ANY, min_length=2, max_length=2, seed=9)
    pairs = [first + second for first in letters(rnn) for second in letters(rnn)]
    probabilities = np.exp(rnn.score_samples(pairs))
    probabilities /= probabilities.sum()
    counts = Counter(names)
    for pair, p in zip(pairs, probabilities.tolist(), strict=True):
        deviation = math.sqrt(count * p * (1 - p))
        assert abs(counts[pair] - count * p) < 5.5 * deviation + 1
    share = rnn.probability_of(min_length=2, max_length=2, budget=50_000)
    exact = float(np.exp(rnn.score_samples(pairs)).sum())
    assert abs(share.probability - exact) < 5 * share.standard_error + 1e-12


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
    likely = few.most_likely(8)
    rest = few.generate(30, exclude=[f" {likely[0]}\n", "\n", likely[3]])
    assert not {likely[0], likely[3]} & set(rest)
    assert set(likely[1:3]) <= set(rest)
    for exclude in (iter([likely[2]]), np.array([likely[2]]), {likely[2]}):
        assert likely[2] not in few.generate(20, exclude=exclude)
    # Of names with characters that the model lacks, none can be met, or come near.
    assert few.generate(9, exclude=["zoë", "xyz"], min_distance=2) == few.generate(9, exclude=())


def test_near_copies_are_left_out(few: CharRNN) -> None:
    training = {"anna", "ann", "nan", "na", "a"}
    for distance in (1, 2, 3):
        names = few.generate(20, min_distance=distance, max_length=8)
        assert names
        for name in names:
            assert min(levenshtein(name, other) for other in training) >= distance
        assert names.report is not None
        assert (names.report.near > 0) == (distance > 1)


def levenshtein(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]


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


def test_parts_are_blocked_in_any_case() -> None:
    rnn = small(max_epochs=12, learning_rate=0.02).fit([*NAMES, "STRASSE", "Straße", "Élan"])
    names = rnn.generate(200, exclude=(), block=["SAUR", "na"])
    assert not any("saur" in name.casefold() or "na" in name.casefold() for name in names)
    report = names.report
    assert report is not None
    assert report.unfit > 30
    for part, name in (("ß", "STRASSE"), ("ss", "Straße"), ("E\u0301L", "Élan"), ("él", "Élan")):
        with refused(ValueError, "no name can meet", "prefix", "block"):
            rnn.generate(1, exclude=(), prefix=name, max_length=len(name), block=[part])


@pytest.mark.parametrize(
    ("conditions", "meets"),
    [
        ({"suffix": "us"}, lambda name: name.endswith("us")),
        ({"contains": "a"}, lambda name: "a" in name),
        ({"contains": ["a", "no"]}, lambda name: "a" in name and "no" in name),
        (
            {"pattern": "[aeiou].*[^s]"},
            lambda name: name[0] in "aeiou" and name[1:] and name[-1] != "s",
        ),
        ({"pattern": re.compile("T.*", re.IGNORECASE)}, lambda name: name[0] == "t"),
        ({"alphabet": "aeiounst"}, lambda name: set(name) <= set("aeiounst")),
        (
            {"prefix": "a", "suffix": "s", "min_length": 4, "max_length": 7, "block": ["u"]},
            lambda name: re.fullmatch("a[^u]{2,5}s", name) is not None,
        ),
    ],
)
def test_letters_are_as_asked_for(
    rnn: CharRNN, conditions: dict[str, Any], meets: Callable[[str], bool]
) -> None:
    """The names and their distribution: those of plain draws that meet the conditions."""
    names = rnn.generate(3000, **ANY, seed=4, **conditions)
    assert len(names) == 3000
    assert all(meets(name) for name in names)
    plain = [name for name in rnn.sample(200_000, seed=11) if name and meets(name)]
    share = rnn.probability_of(seed=4, **conditions)
    error = math.hypot(share.standard_error, math.sqrt(len(plain)) / 200_000)
    assert abs(share.probability - len(plain) / 200_000) < 5 * error
    for statistic in (len, lambda name: name.count("a"), lambda name: name[-1] < "m"):
        ours, theirs = np.array([*map(statistic, names)]), np.array([*map(statistic, plain)])
        error = math.hypot(ours.std() / 3000**0.5, theirs.std() / len(plain) ** 0.5)
        assert abs(ours.mean() - theirs.mean()) < 5 * error + 1e-9


def test_rare_names_are_found_by_looking_ahead(rnn: CharRNN) -> None:
    names = rnn.generate(10, pattern=".*qx.*saurus", seed=2)
    assert len(names) == 10
    assert all(re.fullmatch(".*qx.*saurus", name) for name in names)
    report = names.report
    assert report is not None
    assert report.independent_draws > 20
    assert report.accepted + report.not_chosen + report.unfit <= report.candidates < 20_000
    assert 0 < report.share < 1e-3
    assert report.share_error < report.share / 3
    assert "looking ahead" in str(report)
    for n in (1, 4, 9):
        assert rnn.generate(n, pattern=".*qx.*saurus", seed=2) == names[:n]


def test_looking_ahead_meets_the_distribution(rnn: CharRNN) -> None:
    """Names of five letters that end in qx can be enumerated."""
    conditions: dict[str, Any] = {"suffix": "qx", "min_length": 5, "max_length": 5}
    names = ["".join(three) + "qx" for three in itertools.product(letters(rnn), repeat=3)]
    probabilities = np.exp(rnn.score_samples(names))
    total = float(probabilities.sum())
    assert total < 1e-4
    share = rnn.probability_of(**conditions)
    assert abs(share.probability - total) < 5 * share.standard_error
    assert share.standard_error < 0.2 * total
    drawn: Counter[str] = Counter()
    for seed in range(60):
        generated = rnn.generate(10, **ANY, seed=seed, **conditions)
        assert generated.report is not None
        assert generated.report.independent_draws > 100
        drawn.update(name[0] for name in generated)
    first = {letter: 0.0 for letter in letters(rnn)}
    for name, probability in zip(names, probabilities.tolist(), strict=True):
        first[name[0]] += 600 * probability / total
    many = [letter for letter, expected in first.items() if expected > 8]
    assert len(many) >= 5
    chi_square = sum((drawn[letter] - first[letter]) ** 2 / first[letter] for letter in many)
    assert chi_square < len(many) + 6 * math.sqrt(2 * len(many))


def test_what_no_name_can_meet_is_said_at_once(rnn: CharRNN) -> None:
    for conditions, mentions in (
        ({"suffix": "saurus", "max_length": 5}, ["1 to 5 characters", "6 or more"]),
        ({"pattern": "(ab)*", "min_length": 3, "max_length": 3}, ["3 to 3", "2 or more"]),
        ({"prefix": "t", "alphabet": "aeiou"}, ["no name can meet", "prefix='t'", "alphabet"]),
        (
            {"pattern": "a+", "contains": "b"},
            ["no name can meet", "contains='b'", r"pattern='a\+'", "together"],
        ),
    ):
        for method in (lambda **k: rnn.generate(3, **k), rnn.probability_of):
            with refused(ValueError, *mentions):
                method(**conditions)


def test_a_function_decides_last(rnn: CharRNN) -> None:
    asked: list[str] = []

    def accept(name: str) -> bool:
        asked.append(name)
        return name[-1] == "s"

    names = rnn.generate(20, accept=accept, block=["x"])
    assert all(name.endswith("s") for name in names)
    assert [name for name in asked if name.endswith("s")] == names  # nobody is asked in vain
    assert not any("x" in name or name in NAMES for name in asked)
    assert len(set(names)) == 20
    assert len(set(asked)) == len(asked)
    report = names.report
    assert report is not None
    assert report.not_accepted >= len(asked) - 20


def test_what_the_function_raises_comes_through(rnn: CharRNN) -> None:
    def accept(name: str) -> bool:
        raise LookupError(name)

    with pytest.raises(LookupError):
        rnn.generate(20, accept=accept)


def test_the_function_may_call_the_model(rnn: CharRNN) -> None:
    names = rnn.generate(5, accept=lambda name: bool(rnn.generate(1, prefix=name[:1])))
    assert names == rnn.generate(5)


def test_a_candidate_is_counted_once(few: CharRNN) -> None:
    names = few.generate(
        15, block=["aa"], accept=lambda name: not name.startswith("n"), max_length=6
    )
    report = names.report
    assert report is not None
    refused_ones = (
        report.unfit,
        report.excluded,
        report.near,
        report.malformed,
        report.not_accepted,
        report.duplicates,
        report.not_chosen,
    )
    assert report.unfit and report.excluded and report.not_accepted
    assert report.accepted == 15
    assert report.candidates == 15 + sum(refused_ones)


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


def test_it_ends_when_all_names_are_found(one_letter: CharRNN) -> None:
    with pytest.warns(NamesShortfallWarning, match="7 of 10 names") as caught:
        names = one_letter.generate(10, max_length=10)
    assert caught[0].filename == __file__
    assert sorted(names, key=len) == ["a" * length for length in range(4, 11)]
    report = names.report
    assert report is not None
    assert report.stopped == "no other name"
    assert report.candidates < 1000
    assert "no other name is possible" in str(report)


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


def test_where_only_one_name_is_possible_it_ends_soon(one_letter: CharRNN) -> None:
    rules: dict[str, Any] = {"min_length": 4, "max_length": 4, "on_shortfall": "ignore"}
    names = one_letter.generate(5, **rules)
    assert names == ["aaaa"]
    assert names.report is not None
    assert names.report.stopped == "no other name"
    none = one_letter.generate(5, **rules, exclude=["aaaa"])
    assert none == []
    assert none.report is not None
    assert none.report.excluded > 0
    assert none.report.stopped == "no other name"


def test_the_budget_is_kept(rnn: CharRNN, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing: dict[str, Any] = {"accept": lambda name: False, "on_shortfall": "ignore"}
    for budget in (1, 15, 16, 17, 700):
        names = rnn.generate(5, budget=budget, **refusing)
        assert names.report is not None
        assert (names.report.candidates, names.report.stopped) == (budget, "candidates")
    monkeypatch.setattr("dinorc._drawing.generation.MOST_CANDIDATES", 600)
    monkeypatch.setattr("dinorc._drawing.generation.MOST_CANDIDATES_A_NAME", 3)
    names = rnn.generate(5, **refusing)
    assert names.report is not None
    assert (names.report.candidates, names.report.stopped) == (615, "candidates")
    assert "`budget` allows more" in str(names.report)
    rare = rnn.generate(3, pattern=".*qx.*saurus", budget=5000, on_shortfall="ignore")
    assert rare.report is not None
    assert rare.report.candidates <= 5000


def test_reports_read_well() -> None:
    report = GenerationReport(
        wanted=10,
        candidates=12_345,
        accepted=7,
        unfit=3,
        malformed=1,
        excluded=1200,
        near=2,
        duplicates=30,
        stopped="candidates",
    )
    assert str(report) == (
        "7 of 10 names from 12,345 candidates; refused: 3 with other letters or lengths, 1,200 in "
        "the list to exclude, 2 too much like the list to exclude, 1 malformed, 30 found before; "
        "stopped after the most candidates; `budget` allows more"
    )
    assert str(GenerationReport(wanted=3, candidates=3, accepted=3)) == (
        "3 of 3 names from 3 candidates"
    )
    for share, words in (
        (0.4567, "about 45.7 of 100 names of the model end in 'a'; "),
        (0.00123, "about 12 of 10,000 names of the model end in 'a'; "),
        (3e-9, "a share of 3e-09 of the model's names end in 'a'; "),
        (0.0, "hardly any of the model's names end in 'a'; "),
    ):
        told = GenerationReport(
            wanted=3, candidates=30, accepted=3, conditions="end in 'a'", share=share
        )
        assert str(told) == words + "3 of 3 names from 30 candidates"


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
        ({"suffix": None}, TypeError, ["suffix is None", "str"]),
        ({"suffix": "1"}, ValueError, ["suffix is '1'", "'1' at position 0"]),
        ({"contains": 3}, TypeError, ["contains is 3"]),
        ({"contains": ["a", 3]}, TypeError, [r"contains\[1\] is 3"]),
        ({"contains": ["a", "é"]}, ValueError, [r"contains\[1\] is 'é'", "position 0"]),
        ({"pattern": "a(b"}, ValueError, ["pattern", "position 1"]),
        ({"pattern": 3}, TypeError, ["pattern is 3"]),
        ({"pattern": r"(a)\1"}, ValueError, ["pattern", "back"]),
        ({"pattern": "(?<=a)b"}, ValueError, ["pattern", "behind|around"]),
        ({"pattern": ".{0,500}x.{500}"}, ValueError, ["pattern", "too large an automaton"]),
        ({"alphabet": "123"}, ValueError, ["alphabet is '123'"]),
        ({"alphabet": 3}, TypeError, ["alphabet is 3"]),
        ({"min_distance": 0}, ValueError, ["min_distance is 0"]),
        ({"min_distance": 1.5}, TypeError, ["min_distance is 1.5"]),
        ({"min_distance": 2, "exclude": None}, ValueError, ["min_distance is 2", "exclude None"]),
        ({"budget": 0}, ValueError, ["budget is 0", "1"]),
        ({"budget": "much"}, TypeError, ["budget is 'much'"]),
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
