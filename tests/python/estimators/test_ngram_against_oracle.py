"""NGram against modified Kneser-Ney smoothing in plain Python, and its discounts against others."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dinorc import NGram, _core
from oracles.ngram import END, KneserNey, held_out_log_probabilities
from small_models import NAMES

LISTS = st.lists(st.text("abcé", min_size=1, max_size=6), min_size=1, max_size=12)
ORDERS = st.integers(1, 8)

WITH_COPIES = [*NAMES[:60], *NAMES[:9], *NAMES[:3], *NAMES[:3]]


def oracle_of(ngram: NGram, names: list[str]) -> KneserNey:
    return KneserNey(names, ngram.vocabulary_, ngram.discounts_.tolist())


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5, 8, 12, 16])
def test_scores_are_those_of_the_oracle(order: int) -> None:
    ngram = NGram(order=order).fit(WITH_COPIES)
    oracle = oracle_of(ngram, WITH_COPIES)
    for name in [*NAMES[:8], *NAMES[100:108], "aaaaaaaaaaaaaaaaaaaaaaaa", "qqq", "x"]:
        expected = oracle.log_probabilities(name)
        np.testing.assert_allclose(ngram.score_chars(name), expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(ngram.score([name]), math.fsum(expected), rtol=1e-13)


@settings(deadline=None, max_examples=60)
@given(names=LISTS, order=ORDERS, prefix=st.text("abcé", max_size=7))
def test_probabilities_are_those_of_the_oracle_and_sum_to_one(
    names: list[str], order: int, prefix: str
) -> None:
    ngram = NGram(order=order).fit(names)
    prefix = "".join(filter(ngram.vocabulary_.__contains__, prefix))
    oracle = oracle_of(ngram, names)
    next_ones = np.exp(ngram.next_char_log_probabilities(prefix))
    expected = [oracle.probability("\0" + prefix, character) for character in ngram.vocabulary_]
    np.testing.assert_allclose(next_ones, expected, rtol=1e-12)
    assert next_ones.min() > 0
    assert math.isclose(math.fsum(next_ones), 1, rel_tol=1e-13)


@settings(deadline=None, max_examples=30)
@given(names=LISTS)
def test_auto_takes_the_order_of_least_loss(names: list[str]) -> None:
    ngram = NGram().fit(names)
    losses = ngram.order_losses_
    if len(set(names)) == 1:
        assert losses == {}
    else:
        assert list(losses) == [2, 3, 4, 5, 6, 7, 8]
        assert ngram.order_ == min(losses, key=losses.__getitem__)
    same = NGram(order=ngram.order_).fit(names)
    assert (same.discounts_ == ngram.discounts_).all()
    assert same.sample(5) == ngram.sample(5)


def parts_of(names: list[str], seed: int) -> list[list[str]]:
    """Return the names held out together: tenths of the list in random order, the first larger."""
    shuffled = [names[i] for i in _core.shuffled_for_split(len(names), seed).tolist()]
    size, extra = divmod(len(names), min(10, len(names)))
    ends = [0]
    for part in range(min(10, len(names))):
        ends.append(ends[-1] + size + (part < extra))
    return [shuffled[begin:end] for begin, end in pairwise(ends)]


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("count", [2, 7, 33])
def test_the_loss_is_that_of_names_held_out(count: int, order: int) -> None:
    copies = Counter(WITH_COPIES)
    names = sorted(copies)[:count]
    ngram = NGram(order=order, random_state=5)
    ngram.fit([name for name in names for _ in range(copies[name])])
    logarithms = held_out_log_probabilities(
        names, copies, parts_of(names, 5), ngram.discounts_.tolist()
    )
    expected = -math.fsum(logarithms) / len(logarithms)
    assert math.isclose(ngram.order_losses_[order], expected, rel_tol=1e-12)


# What the discounts are drawn towards, as D = j / (1 + exp(-z)), with two nats per squared unit.
USUAL = [[0.8, 0.0, -0.3], [0.4, -0.4, -0.6], [1.5, 0.5, 0.0]]


def worth(names: list[str], z: np.ndarray) -> float:
    """Return what the discounts maximise."""
    discounts = np.array([1, 2, 3]) / (1 + np.exp(-z))
    parts = parts_of(names, 0)
    likelihood = math.fsum(
        held_out_log_probabilities(names, Counter(names), parts, discounts.tolist())
    )
    usual = np.array([USUAL[min(length, 2)] for length in range(len(z))])
    return likelihood - ((z - usual) ** 2).sum()


def test_no_other_discounts_are_better_for_names_held_out() -> None:
    names = sorted(NAMES[:40])
    ngram = NGram(order=3).fit(names)
    share = ngram.discounts_ / [1, 2, 3]
    z = np.log(share / (1 - share))
    best = worth(names, z)
    for place in np.ndindex(*z.shape):
        for step in (-0.2, 0.2):
            other = z.copy()
            other[place] += step
            assert worth(names, other) < best
    assert worth(names, np.array(USUAL)) < best - 1


def test_discounts_of_a_single_name_are_the_usual_ones() -> None:
    ngram = NGram(order=4).fit(["anna", "anna"])
    expected = np.array([1, 2, 3]) / (1 + np.exp(-np.array([*USUAL, USUAL[2]])))
    np.testing.assert_allclose(ngram.discounts_, expected, rtol=1e-15)


def test_a_character_that_ends_names_only_is_no_context_of_others() -> None:
    ngram = NGram(order=3).fit(["ab", "cb"])
    assert math.exp(ngram.score_chars("ab")[-1]) > 0.5
    assert KneserNey(["ab"], END + "ab", ngram.discounts_.tolist()).order == 3
