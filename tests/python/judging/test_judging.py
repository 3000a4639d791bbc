"""Judging strings: the threshold by the equations, fair to all lengths, kept and dropped."""

from __future__ import annotations

import copy
import math
import pickle
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, NotFittedError, datasets, initialize_parameters, load
from helpers import refused
from small_models import everything, small

DINOS = sorted(set(datasets.load("dinos")))
LEARNED = DINOS[1::2]
HELD_OUT, JUDGED = DINOS[::4], DINOS[2::4]  # 346 and 346 names

COPIES: dict[str, Callable[[CharRNN], CharRNN]] = {
    "pickle": lambda rnn: pickle.loads(pickle.dumps(rnn)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.fixture(scope="module")
def learned() -> CharRNN:
    """Return a model that knows dinosaurs rather well and has no threshold; not to be changed."""
    rnn = CharRNN(hidden_size=32, max_epochs=12, batch_size=16, n_jobs=2, verbose=False)
    return rnn.fit(LEARNED)


@pytest.fixture
def rnn(learned: CharRNN) -> CharRNN:
    """Return a copy of the learned model."""
    return copy.copy(learned)


# ---- against the equations ----------------------------------------------------------------------


class Oracle:
    """The equations, slowly, name by name."""

    def __init__(self, rnn: CharRNN, names: Sequence[str]) -> None:
        self.rnn = rnn
        self.names = names
        self.rates = [self.rate(name) for name in names]
        drawn = rnn.generate(10_000, exclude=None, unique=False)
        scores = rnn.score_samples(drawn).tolist()
        self.drawn = [
            (len(name), score / (len(name) + 1)) for name, score in zip(drawn, scores, strict=True)
        ]

    def rate(self, name: str) -> float:
        """Return nats per character."""
        return float(self.rnn.score_samples([name])[0]) / (len(name) + 1)

    @cache  # noqa: B019 - the few oracles end with the tests
    def of_the_drawn(self, length: int) -> tuple[float, float]:
        """Return mean and variance of the drawn names that are nearest in length."""
        ordered = sorted((abs(other - length), rate) for other, rate in self.drawn)
        near = [rate for distance, rate in ordered if distance <= ordered[99][0]]
        return statistics.fmean(near), statistics.pvariance(near)

    def typicality(self, name: str, left_out: int | None = None) -> float:
        """Return the typicality of a name; if it is a calibration name, among the others."""
        mean, variance = self.of_the_drawn(len(name))
        others = [
            rate
            for index, rate in enumerate(self.rates)
            if len(self.names[index]) == len(name) and index != left_out
        ]
        weight = len(others) + 30
        expected = (math.fsum(others) + 30 * mean) / weight
        second = (math.fsum(x * x for x in others) + 30 * (variance + mean**2)) / weight
        return (self.rate(name) - expected) / math.sqrt(second - expected**2)

    def threshold(self, place: int) -> float:
        """Return the typicality of the name in this place, counted from 1."""
        return sorted(self.typicality(name, i) for i, name in enumerate(self.names))[place - 1]


def test_threshold_and_decisions_are_those_of_the_equations(rnn: CharRNN) -> None:
    names = HELD_OUT[:199]
    oracle = Oracle(rnn, names)
    judged = ["tyrannosaurus", "rex", "a", "qqqq", *JUDGED[:10], *names[:5]]
    for rate, place in ((0.005, 1), (0.01, 2), (0.29, 58), (0.5, 100), (0.9999, 199)):
        assert rnn.calibrate(names, rate) is rnn
        threshold = oracle.threshold(place)
        assert rnn.threshold_ == pytest.approx(threshold, rel=1e-9)
        expected = [oracle.typicality(name) - threshold for name in judged]
        np.testing.assert_allclose(rnn.decision_function(judged), expected, rtol=0, atol=1e-9)


def test_names_longer_than_any_are_measured_by_the_longest(rnn: CharRNN) -> None:
    lengths = [300, 600, 1000]
    name = "saurus" * 200
    decisions = rnn.calibrate(HELD_OUT).decision_function([name[:length] for length in lengths])
    rates = [rnn.score_samples([name[:length]])[0] / (length + 1) for length in lengths]
    # With one mean and one deviation for all, differences are proportional.
    proportion = (decisions[1] - decisions[0]) / (rates[1] - rates[0])
    assert decisions[2] - decisions[0] == pytest.approx(proportion * (rates[2] - rates[0]))


def test_the_lowest_decision_that_is_like_the_list_is_zero(rnn: CharRNN) -> None:
    decisions = rnn.calibrate(HELD_OUT, 0.1).decision_function(DINOS)
    assert (decisions.dtype, decisions.shape) == (np.float64, (len(DINOS),))
    judgements = rnn.predict(DINOS)
    assert (judgements.dtype, judgements.shape) == (np.int64, (len(DINOS),))
    assert judgements.tolist() == [1 if decision >= 0 else -1 for decision in decisions]
    assert {1, -1} == set(judgements.tolist())


def test_nothing_to_judge(rnn: CharRNN) -> None:
    rnn.calibrate(HELD_OUT)
    for judged, dtype in ((rnn.decision_function([]), np.float64), (rnn.predict([]), np.int64)):
        assert (judged.dtype, judged.shape) == (dtype, (0,))


# ---- what it is worth ---------------------------------------------------------------------------


def test_names_are_told_from_gibberish_at_the_rate_asked_for(rnn: CharRNN) -> None:
    rng = np.random.default_rng(0)
    letters = list(rnn.vocabulary_[1:])
    gibberish = ["".join(rng.choice(letters, len(name))) for name in JUDGED]
    for rate, least_found in ((0.01, 0.85), (0.05, 0.95)):
        rnn.calibrate(HELD_OUT, rate)
        assert 0 < (rnn.predict(JUDGED) < 0).mean() < 2 * rate
        assert (rnn.predict(gibberish) < 0).mean() > least_found


def made_up(count: int) -> list[str]:
    """Return distinct names of one to six syllables, with common and rarer letters."""
    rng = np.random.default_rng(0)
    consonants, vowels = list("nrtslmkdgbpvhfcjwzxq"), list("aeiouyäöü")
    names: set[str] = set()
    while len(names) < count:
        size = rng.integers(1, 7)
        onsets = rng.choice(consonants, size, p=falling(len(consonants)))
        middles = rng.choice(vowels, size, p=falling(len(vowels)))
        ends = rng.choice(["", "n", "r"], size)
        names.add("".join(map("".join, zip(onsets, middles, ends, strict=True))))
    return [str(name) for name in rng.permutation(sorted(names))]


def falling(count: int) -> list[float]:
    """Return probabilities in proportion to 1, 1/2, 1/3 and so on."""
    weights = [1 / number for number in range(1, count + 1)]
    return [weight / sum(weights) for weight in weights]


def test_short_and_long_names_are_turned_down_alike() -> None:
    names = made_up(7000)
    rnn = small(hidden_size=24, max_epochs=4, learning_rate=0.01, n_jobs=2).fit(names[:2000])
    rnn.calibrate(names[2000:3000], 0.1)
    judged = names[3000:]
    is_alarm = rnn.predict(judged) < 0
    lengths = np.array([len(name) for name in judged])
    for shortest, beyond in pairwise([1, 6, 9, 12, 15, 99]):
        here = is_alarm[(lengths >= shortest) & (lengths < beyond)]
        assert len(here) > 200
        assert 0.06 < here.mean() < 0.16, (shortest, here.mean())


# ---- what it does not depend on -----------------------------------------------------------------


def calibration(rnn: CharRNN) -> bytes:
    """Return everything that judging uses."""
    return rnn.decision_function(DINOS).tobytes() + np.float64(rnn.threshold_).tobytes()


def test_neither_order_nor_threads_nor_how_names_come_make_a_difference(
    rnn: CharRNN, tmp_path: Path
) -> None:
    expected = calibration(rnn.calibrate(HELD_OUT))
    assert calibration(rnn.calibrate(HELD_OUT[::-1])) == expected
    assert calibration(rnn.calibrate(np.array(HELD_OUT))) == expected
    assert calibration(rnn.calibrate(name for name in HELD_OUT)) == expected
    for n_jobs in (1, 3):
        assert calibration(rnn.set_params(n_jobs=n_jobs).calibrate(HELD_OUT)) == expected
    path = tmp_path / "names.txt"
    path.write_text("\ufeff" + "\n\n".join(HELD_OUT) + "\n", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        assert calibration(rnn.calibrate(file)) == expected


def test_a_decision_does_not_depend_on_what_else_is_judged(rnn: CharRNN) -> None:
    together = rnn.calibrate(HELD_OUT).decision_function(JUDGED)
    one_by_one = [rnn.decision_function([name])[0] for name in JUDGED[:50]]
    assert together[:50].tolist() == one_by_one


def test_judging_changes_nothing(rnn: CharRNN) -> None:
    before = everything(rnn.calibrate(HELD_OUT))
    rnn.decision_function(JUDGED)
    rnn.predict(JUDGED)
    assert everything(rnn) == before


def test_the_threshold_is_the_same_on_every_machine() -> None:
    """The recipe is below; only a change of bits, or of what `generate` draws, may change it."""
    rnn = small(dtype="float64").fit(LEARNED).calibrate(HELD_OUT)
    assert rnn.threshold_.hex() == "-0x1.fd205a9549cfcp+0"


# ---- characters never seen ----------------------------------------------------------------------


def test_a_name_with_a_character_never_seen_can_be_impossible(rnn: CharRNN) -> None:
    rnn.set_params(unknown="impossible").calibrate(HELD_OUT)
    judged = ["tricosaurus", "Tricosaurus", "trico saurus"]
    assert np.isfinite(rnn.decision_function(judged)).tolist() == [True, False, False]
    assert rnn.decision_function(judged)[1] == -math.inf
    assert rnn.predict(judged).tolist() == [1, -1, -1]


def test_rare_characters_are_scored(rnn: CharRNN) -> None:
    rnn.calibrate(HELD_OUT)
    known = rnn.decision_function(["tricosaurus"])
    rnn.set_params(unknown="rare")
    decisions = rnn.decision_function(["tricosaurus", "tricosaurüs", "éèê"])
    assert decisions[0] == known[0]
    assert np.isfinite(decisions).all()
    assert known > decisions[1]
    assert rnn.predict(["éèê"]).tolist() == [-1]
    threshold = rnn.threshold_
    assert math.isfinite(rnn.calibrate([*HELD_OUT, "é", "èè", "êêê", "ëëë"]).threshold_)
    assert rnn.threshold_ < threshold


def test_names_with_characters_never_seen_count_among_the_false_alarms(rnn: CharRNN) -> None:
    names = HELD_OUT[:195]
    strange = ["Ä", "ÄÄ", "Ärex", "saurusÄ"]
    # Of 199 names, the fourth would be the threshold, which is one of these four.
    before = everything(rnn.set_params(unknown="impossible"))
    with refused(ValueError, r"\b4 of the 199 names", "has not seen", "0.02", "allows for 3"):
        rnn.calibrate(names + strange, 0.02)
    assert everything(rnn) == before
    rnn.calibrate(names + strange, 0.025)
    decisions = rnn.decision_function(names)
    assert np.isfinite(rnn.threshold_)
    # Now the threshold is the fifth, the first without such characters. A name is less typical of
    # the others than of all names, so that none is below the threshold.
    assert (decisions >= 0).all()


# ---- kept and dropped ---------------------------------------------------------------------------


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_judges_by_the_same_threshold(rnn: CharRNN, way: str) -> None:
    fingerprint = rnn.fingerprint()
    rnn.calibrate(HELD_OUT, 0.03)
    assert rnn.fingerprint() == fingerprint
    other = COPIES[way](rnn)
    assert calibration(other) == calibration(rnn)
    assert everything(other) == everything(rnn)
    other.calibrate(HELD_OUT, 0.3)
    assert other.threshold_ > rnn.threshold_


def test_a_model_file_keeps_it(rnn: CharRNN, tmp_path: Path) -> None:
    path = tmp_path / "dinos.safetensors"
    rnn.save(path)
    with pytest.raises(NotFittedError):
        load(path).predict(DINOS)
    rnn.calibrate(HELD_OUT)
    rnn.save(path)
    assert calibration(load(path)) == calibration(rnn)


def test_it_belongs_to_the_weights_and_not_to_the_settings() -> None:
    rnn = small(schedule="constant").fit(LEARNED).calibrate(HELD_OUT)
    before = calibration(rnn)
    assert calibration(rnn.set_params(hidden_size=16, max_epochs=5)) == before
    with refused(ValueError, "hidden_size is 16"):
        rnn.resume(LEARNED)
    with refused(ValueError, "names has no names"):
        rnn.fit([])
    assert calibration(rnn) == before
    rnn.set_params(hidden_size=8).resume(LEARNED)
    with pytest.raises(NotFittedError):
        rnn.predict(JUDGED)
    rnn.calibrate(HELD_OUT).fit(LEARNED)
    assert not hasattr(rnn, "threshold_")


def damaged(state: dict[str, Any], part: str, key: str, value: object) -> dict[str, Any]:
    """Return the state with another calibration array, or another value of one of its facts."""
    state = copy.deepcopy(state)
    if part == "array":
        state["trained"]["arrays"]["calibration"] = value
    elif key:
        state["trained"]["facts"]["calibration"][key] = value
    else:
        state["trained"]["facts"]["calibration"] = value
    return state


DAMAGE: list[tuple[str, str, object]] = [
    ("array", "", None),
    ("array", "", np.zeros((3, 2))),
    ("array", "", np.ones((3, 2), np.float32)),
    ("array", "", np.ones((3, 3))),
    ("array", "", np.ones(6)),
    ("array", "", np.ones((0, 2))),
    ("array", "", np.ones((1001, 2))),
    ("array", "", np.array([[math.nan, 1.0]])),
    ("array", "", np.array([[1.0, math.inf]])),
    ("array", "", np.array([[1.0, -1.0]])),
    ("fact", "", None),
    ("fact", "", {}),
    ("fact", "", {"threshold": 1.0}),
    ("fact", "", [1.0, 2.0]),
    ("fact", "threshold", math.inf),
    ("fact", "threshold", "0"),
    ("fact", "false_alarm_rate", 0.0),
    ("fact", "false_alarm_rate", 1.0),
    ("fact", "false_alarm_rate", None),
]


@pytest.mark.parametrize(("part", "key", "value"), DAMAGE, ids=lambda x: str(x)[:20])
def test_a_damaged_calibration_is_an_error(part: str, key: str, value: object) -> None:
    state = small().fit(LEARNED).calibrate(HELD_OUT).__getstate__()
    with refused(ValueError, "damaged"):
        CharRNN.__new__(CharRNN).__setstate__(damaged(state, part, key, value))


def test_a_calibration_of_the_other_byte_order_is_the_same(rnn: CharRNN) -> None:
    state = rnn.calibrate(HELD_OUT).__getstate__()
    arrays = state["trained"]["arrays"]
    arrays["calibration"] = arrays["calibration"].astype(np.dtype(np.float64).newbyteorder())
    other = CharRNN.__new__(CharRNN)
    other.__setstate__(state)
    assert calibration(other) == calibration(rnn)
    assert everything(other) == everything(rnn)


# ---- refusals -----------------------------------------------------------------------------------


def test_there_is_nothing_to_judge_by_before_fit_and_before_calibrate(rnn: CharRNN) -> None:
    with refused(NotFittedError, "call fit"):
        small().calibrate(HELD_OUT)
    for ask in (
        lambda rnn: rnn.predict(["rex"]),
        lambda rnn: rnn.decision_function(["rex"]),
        lambda rnn: rnn.threshold_,
    ):
        with refused(NotFittedError, "call fit"):
            ask(small())
        with refused(NotFittedError, r"call calibrate\(names\) first"):
            ask(rnn)
    assert not hasattr(rnn, "threshold_")


def test_too_few_names_for_the_rate(rnn: CharRNN) -> None:
    for rate, fewest in ((0.01, 99), (0.05, 19), (0.3, 3), (0.9, 1)):
        rnn.calibrate(HELD_OUT[:fewest], rate)
        before = everything(rnn)
        if fewest > 1:
            with refused(
                ValueError, rf"names has {fewest - 1:,} names?;", rf"{rate}.* {fewest} or more"
            ):
                rnn.calibrate(HELD_OUT[: fewest - 1], rate)
        with refused(ValueError, "names has no names"):
            rnn.calibrate([], rate)
        assert everything(rnn) == before


def test_bad_arguments(rnn: CharRNN) -> None:
    before = everything(rnn.calibrate(HELD_OUT))
    for rate in (0, 1, -0.1, 1.5, math.inf):
        with refused(ValueError, "false_alarm_rate is", "more than 0 and less than 1"):
            rnn.calibrate(HELD_OUT, rate)
    with refused(ValueError, "false_alarm_rate is nan"):
        rnn.calibrate(HELD_OUT, math.nan)
    bad: Any
    for bad in ("0.01", None, True, [0.1]):
        with refused(TypeError, "false_alarm_rate is"):
            rnn.calibrate(HELD_OUT, bad)
    for call in (rnn.calibrate, rnn.decision_function, rnn.predict):
        for bad, said in (
            ("rex", "names is 'rex'"),
            (3, "names is 3"),
            (["rex", 3], r"names\[1\]"),
        ):
            with refused(TypeError, said):
                call(bad)
    assert everything(rnn) == before


def test_names_that_were_learned_are_warned_of(rnn: CharRNN) -> None:
    names = LEARNED[:100]
    with pytest.warns(UserWarning, match="101 of the 200 names are among those that fit") as warned:
        rnn.calibrate([*names, names[0], *HELD_OUT[:99]], 0.05)
    assert warned[0].filename == __file__
    assert math.isfinite(rnn.threshold_)
    rnn.calibrate([*names, *HELD_OUT[:100]], 0.05)


# ---- models out of the ordinary -----------------------------------------------------------------


def test_a_model_that_knows_only_one_name() -> None:
    rnn = small(validation_fraction=0, max_epochs=200, learning_rate=0.05, dropout=0).fit(["anna"])
    assert rnn.sample(3) == ["anna"] * 3
    with pytest.warns(UserWarning, match="among those that fit was given"):
        rnn.calibrate(["anna"] * 99)
    assert rnn.predict(["anna", "annan", "a", "nana", "x"]).tolist() == [1, -1, -1, -1, -1]
    assert np.isfinite(rnn.decision_function(["anna", "annan"])).all()


@pytest.mark.parametrize("end", [-30.0, 30.0])
def test_a_model_of_the_notebook_that_never_or_always_ends(
    end: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dinorc._estimators.judging.DRAWN_NAMES", 300)  # of 1,000 characters
    parameters = initialize_parameters(n_a=3, n_x=3, n_y=3)
    parameters["by"][0] = end
    rnn = CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2})
    rnn.calibrate(["a", "ab", "ba", "bab"] * 5, 0.1)
    assert np.isfinite(rnn.decision_function(["a", "aba", "ab" * 500])).all()


def test_scikit_learn_measures_it(rnn: CharRNN) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rnn.set_params(unknown="rare").calibrate(HELD_OUT)
    gibberish = [name[::-1] + "Q" for name in JUDGED]
    names = JUDGED + gibberish
    truth = [1] * len(JUDGED) + [-1] * len(gibberish)
    assert metrics.roc_auc_score(truth, rnn.decision_function(names)) > 0.95
    assert metrics.accuracy_score(truth, rnn.predict(names)) > 0.9


def test_a_call_is_about_one_model_whatever_happens_meanwhile(rnn: CharRNN) -> None:
    expected = rnn.calibrate(HELD_OUT).decision_function(JUDGED)

    def names() -> Iterator[str]:
        rnn.set_params(max_epochs=1).fit(["Zoë", "Łukasz", *LEARNED])  # as another thread might
        yield from JUDGED

    assert (rnn.decision_function(names()) == expected).all()


def test_parameters_that_are_not_finite_are_refused(rnn: CharRNN) -> None:
    rnn = copy.deepcopy(rnn).calibrate(HELD_OUT)
    threshold = rnn.threshold_
    rnn.parameters_["output_bias"][3] = math.nan
    for function in (rnn.calibrate, rnn.decision_function, rnn.predict):
        with refused(ValueError, "not a number", "finite parameters"):
            function(HELD_OUT)
    assert rnn.threshold_ == threshold
