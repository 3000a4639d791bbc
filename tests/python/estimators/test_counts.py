"""Names that count more than once: against the same names as copies."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, NGram
from helpers import is_refused
from model_files import ctrl_c_after
from small_models import NAMES, small, small_ensemble

DISTINCT = sorted(set(NAMES))
COUNTS = [1 + len(name) % 5 for name in DISTINCT]
COPIES = [name for name, count in zip(DISTINCT, COUNTS, strict=True) for _ in range(count)]


def test_n_grams_count_as_if_there_were_copies() -> None:
    counted, copied = NGram().fit(DISTINCT, counts=COUNTS), NGram().fit(COPIES)
    assert counted.fingerprint() == copied.fingerprint()
    labels = ["a" if name < "m" else "b" for name in DISTINCT]
    of_copies = ["a" if name < "m" else "b" for name in COPIES]
    counted = NGram().fit(DISTINCT, counts=COUNTS, labels=labels)
    copied = NGram().fit(COPIES, labels=of_copies)
    np.testing.assert_allclose(
        counted.label_probabilities(["rex"]), copied.label_probabilities(["rex"]), atol=0.05
    )


@pytest.mark.parametrize("make", [NGram, small, small_ensemble])
def test_all_ways_of_giving_counts_are_the_same(make: Any) -> None:
    expected = make().fit(DISTINCT, counts=COUNTS).fingerprint()
    mapping = dict(zip(DISTINCT, COUNTS, strict=True))
    for names, counts in (
        (DISTINCT, np.array(COUNTS)),
        (DISTINCT, np.array(COUNTS, np.float32)),
        (DISTINCT, mapping),
        (DISTINCT[::-1], iter(COUNTS[::-1])),
        ([*DISTINCT, DISTINCT[0]], [*([COUNTS[0] / 2]), *COUNTS[1:], COUNTS[0] / 2]),
        (["\n", *DISTINCT], [7, *COUNTS]),
    ):
        assert make().fit(names, counts=counts).fingerprint() == expected
    assert make().fit(DISTINCT).fingerprint() != expected


def test_pandas_columns() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"name": DISTINCT, "n": COUNTS})
    one = NGram().fit(table["name"], counts=table["n"])
    assert one.fingerprint() == NGram().fit(DISTINCT, counts=COUNTS).fingerprint()


def test_a_network_learns_the_shares() -> None:
    names, counts = ["aa", "bb", "cc"], [1.0, 2.0, 5.0]
    rnn = CharRNN(
        hidden_size=16,
        max_epochs=400,
        validation_fraction=0,
        learning_rate=0.01,
        weight_decay=0.0,
        dropout=0.0,
        schedule="one-cycle",
        batch_size=3,
        verbose=False,
    ).fit(names, counts=counts)
    shares = np.exp(rnn.score_samples(names))
    np.testing.assert_allclose(shares, np.array(counts) / 8, atol=0.08)


def test_the_validation_loss_counts_names_as_often() -> None:
    rnn = small(max_epochs=1, validation_fraction=0.2).fit(DISTINCT, counts=COUNTS)
    held_out = _held_out(rnn)
    weights = [COUNTS[DISTINCT.index(name)] for name in held_out]
    characters = sum(count * (len(name) + 1) for name, count in zip(held_out, weights, strict=True))
    scores = rnn.score_samples(held_out)
    expected = -float(np.dot(scores, weights)) / characters
    assert rnn.history_["validation_loss"] == [pytest.approx(expected, rel=1e-9)]


def _held_out(rnn: CharRNN) -> list[str]:
    from dinorc._training.data import Lists, prepare

    data = prepare(Lists(DISTINCT), 0.2, rnn.seed_)
    assert data.validation is not None
    return data.vocabulary.decode(data.validation.names)


def test_resume_with_counts_ends_with_the_same_bits() -> None:
    whole = small(max_epochs=6).fit(DISTINCT, counts=COUNTS)
    rnn = small(max_epochs=6)
    advice = r"resume\(names, counts=counts\) goes on"
    with ctrl_c_after(2), pytest.warns(dinorc.errors.TrainingInterruptedWarning, match=advice):
        rnn.fit(DISTINCT, counts=COUNTS)
    is_refused(lambda: rnn.resume(DISTINCT), ValueError, "counts is not given, and was in fit")
    others = [*COUNTS[1:], COUNTS[0] + 1]
    message = (
        "how often each comes, by copies or counts, is not as it was in fit; expected the same"
    )
    is_refused(lambda: rnn.resume(DISTINCT, counts=others), ValueError, message)
    assert rnn.resume(DISTINCT, counts=COUNTS).fingerprint() == whole.fingerprint()


def test_an_ensemble_takes_counts_and_labels_together() -> None:
    labels = ["a" if name < "m" else "b" for name in DISTINCT]
    ensemble = small_ensemble(members=[small(), NGram()]).fit(
        DISTINCT, counts=COUNTS, labels=labels
    )
    of_a = sum(count for count, label in zip(COUNTS, labels, strict=True) if label == "a")
    share = Fraction(of_a, sum(COUNTS))
    shares = np.exp(
        [
            ensemble.score_samples(["rex"])[0],
            *(ensemble.score_samples(["rex"], label=label)[0] for label in "ab"),
        ]
    )
    assert shares[0] == pytest.approx(float(share) * shares[1] + float(1 - share) * shares[2])


def test_calibration_by_counts() -> None:
    ngram = NGram().fit(DISTINCT[::2])
    rest = DISTINCT[1::2]
    plain = ngram.calibrate(rest, 0.2).threshold_
    assert ngram.calibrate(rest, 0.2, counts=[2.0] * len(rest)).threshold_ == plain
    typicality = ngram.decision_function(rest)
    counts = np.where(typicality > np.median(typicality), 1000.0, 1.0)
    assert ngram.calibrate(rest, 0.2, counts=counts).threshold_ > plain


@pytest.mark.parametrize(
    ("counts", "error", "mentions"),
    [
        ([1], ValueError, "counts has 1 items, and there are"),
        ([-1, *COUNTS[1:]], ValueError, "counts[0] is -1; expected a number of 0 or more"),
        ([0] * len(DISTINCT), ValueError, "counts are all 0"),
        ([float("nan"), *COUNTS[1:]], ValueError, "counts[0] is nan"),
        ([float("inf"), *COUNTS[1:]], ValueError, "counts[0] is inf"),
        (["1", *COUNTS[1:]], TypeError, "counts[0] is '1' (str)"),
        ([True, *COUNTS[1:]], TypeError, "counts[0] is True"),
        ("many", TypeError, "counts is 'many' (str); expected a list of numbers, one for each"),
        ([1e308] * len(DISTINCT), ValueError, "counts sum up to more than 2**53"),
        (Counter(DISTINCT[1:]), ValueError, f"counts has no key {DISTINCT[0]!r}"),
        ([2**53, *COUNTS[1:]], ValueError, "counts sum up to"),
        ([2.0**51] * len(DISTINCT), ValueError, "counts sum up to"),
        ([1e308] * len(DISTINCT), ValueError, "counts sum up to"),
        ([10**400, *COUNTS[1:]], ValueError, "counts[0] is an integer too large for a float"),
    ],
)
def test_wrong_counts_are_refused(counts: Any, error: type[Exception], mentions: str) -> None:
    for make in (NGram, small, small_ensemble):
        model = make()
        is_refused(lambda model=model: model.fit(DISTINCT, counts=counts), error, mentions)
        assert not model.__sklearn_is_fitted__()


def test_more_names_than_n_grams_can_count_are_counted_in_proportion() -> None:
    ngram = NGram().fit(["a", "b"], counts=[3 * 2.0**40, 2.0**40])
    of_a, of_b = np.exp(ngram.score_samples(["a", "b"]))
    assert of_a / of_b == pytest.approx(3, rel=1e-6)


def test_counts_by_names_that_cleaning_changes() -> None:
    names = {"anna": 3, " bob ": 5, "z\u0065\u0301": 2}
    expected = NGram().fit(list(names), counts=list(names.values()))
    assert NGram().fit(list(names), counts=names).fingerprint() == expected.fingerprint()


def test_shares_are_counts_in_proportion() -> None:
    names = ["Anna", "Bob", "Carl"]
    shares = NGram().fit(names, counts=[0.9, 0.3, 0.001])
    np.testing.assert_array_equal(
        shares.score_samples(names), NGram().fit(names, counts=[900, 300, 1]).score_samples(names)
    )


@pytest.mark.parametrize("make", [NGram, small, small_ensemble])
def test_names_with_a_count_of_nothing_are_none_of_the_list(make: Any) -> None:
    expected = make().fit(DISTINCT, counts=COUNTS)
    model = make().fit(["xyz", *DISTINCT], counts=[0, *COUNTS])
    assert model.training_names_ == expected.training_names_
    assert model.fingerprint() == expected.fingerprint()
    assert model.names_report_ == expected.names_report_


def test_the_file_of_a_model_with_counts_of_nothing_loads(tmp_path: Path) -> None:
    model = NGram().fit(["xyz", *DISTINCT], counts=[0, *COUNTS])
    model.save(tmp_path / "counted")
    assert dinorc.load(tmp_path / "counted").fingerprint() == model.fingerprint()
