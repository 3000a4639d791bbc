"""The core's MT19937 stream against NumPy's legacy ``RandomState``, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dinorc._core import RandomState

SEEDS = st.integers(0, 2**32 - 1)

# NumPy's randn takes the C library's logarithm, which need not be the core's. The square root, the
# division and the product around it turn one last bit into three at most (in 6 million draws).
LAST_BITS = 1e-15


def distribution(size: int, seed: int, dtype: str = "float64") -> NDArray[Any]:
    """Draw a distribution, some of it zero."""
    rng = np.random.default_rng(seed)
    p = rng.random(size) * (rng.random(size) > 0.3)
    p[rng.integers(size)] += 0.1
    return (p / p.sum()).astype(dtype)


def test_ten_thousand_seeds_draw_what_numpy_draws() -> None:
    edges = [0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]
    made_up = np.random.default_rng(0).integers(0, 2**32, 10_000 - len(edges))
    expected = np.random.RandomState()
    for i, seed in enumerate(edges + made_up.tolist()):
        p = distribution(1 + i % 130, i)
        ours = RandomState(seed)
        expected.seed(seed)
        assert ours.choice(p) == expected.choice(p.size, p=p), seed
        assert ours.random_sample() == expected.random_sample(), seed


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_draws_go_on_past_the_624_word_refill(seed: int) -> None:
    ours, expected = RandomState(seed), np.random.RandomState(seed)
    for i in range(2000):  # two words each
        assert ours.random_sample() == expected.random_sample(), i


@given(SEEDS, st.integers(1, 130), st.sampled_from(["float64", "float32"]))
@example(0, 1, "float32")
def test_choice_draws_what_numpy_draws(seed: int, size: int, dtype: str) -> None:
    p = distribution(size, seed, dtype)
    ours, expected = RandomState(seed), np.random.RandomState(seed)
    drawn = [ours.choice(p) for _ in range(20)]
    assert drawn == [expected.choice(size, p=p) for _ in range(20)]
    assert all(type(ix) is int for ix in drawn)
    assert all(p[ix] > 0 for ix in drawn)


@given(SEEDS)
def test_choice_never_draws_what_has_no_probability(seed: int) -> None:
    p = np.zeros(9)
    p[[3, 5]] = 0.5
    ours = RandomState(seed)
    assert {ours.choice(p) for _ in range(20)} <= {3, 5}


@pytest.mark.parametrize(
    "p",
    [[0.5, -0.5, 1.0], [np.nan, 1.0], [np.inf, 0.0], [0.2, 0.2], [0.9, 0.9], [0.0, 0.0], []],
    ids=str,
)
def test_choice_refuses_what_numpy_refuses(p: list[float]) -> None:
    with pytest.raises(ValueError):
        np.random.RandomState(0).choice(len(p), p=p)
    with pytest.raises(ValueError):
        RandomState(0).choice(np.array(p))


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**32 - 1])
def test_randn_is_numpys_within_the_last_bits(seed: int) -> None:
    drawn = RandomState(seed).randn(5001)
    assert drawn.dtype == np.float64
    assert drawn.shape == (5001,)
    expected = np.random.RandomState(seed).randn(5001)
    np.testing.assert_allclose(drawn, expected, rtol=LAST_BITS, atol=0)


@given(SEEDS, st.lists(st.sampled_from(["randn", "random_sample", "choice"]), max_size=30))
def test_kinds_of_draws_may_be_mixed(seed: int, kinds: list[str]) -> None:
    ours, expected = RandomState(seed), np.random.RandomState(seed)
    p = distribution(27, seed)
    for i, kind in enumerate(kinds):
        if kind == "randn":  # an odd number leaves one of a pair for later
            size = i % 4
            np.testing.assert_allclose(
                ours.randn(size), expected.randn(size), rtol=LAST_BITS, atol=0
            )
        elif kind == "choice":
            assert ours.choice(p) == expected.choice(27, p=p)
        else:
            assert ours.random_sample() == expected.random_sample()


@given(SEEDS, st.integers(0, 3000))
@example(0, 0)
@example(0, 1)
@example(0, 1536)
@example(2**32 - 1, 40_000)
def test_shuffled_indices_are_those_of_numpys_shuffle(seed: int, n: int) -> None:
    expected = list(range(n))
    np.random.RandomState(seed).shuffle(expected)
    order = RandomState(seed).shuffled_indices(n)
    assert order.dtype == np.int64
    assert order.shape == (n,)
    assert order.tolist() == expected


def test_two_streams_do_not_disturb_each_other() -> None:
    first, second, alone = RandomState(1), RandomState(2), RandomState(1)
    for _ in range(700):
        second.random_sample()
        assert first.random_sample() == alone.random_sample()


@pytest.mark.parametrize("seed", [-1, -(2**31), 2**32, 2**63, 2**64, -(2**64), 10**30])
def test_a_seed_that_numpy_refuses_is_refused(seed: int) -> None:
    with pytest.raises(ValueError):
        np.random.RandomState(seed)
    with pytest.raises(ValueError):
        RandomState(seed)


@pytest.mark.parametrize("n", [-1, -(2**62)])
def test_a_negative_number_of_draws_is_refused(n: int) -> None:
    with pytest.raises(ValueError):
        RandomState(0).randn(n)
    with pytest.raises(ValueError):
        RandomState(0).shuffled_indices(n)
