"""exp, tanh, sigmoid and log of the core, against mpmath and the C library's long double.

``DINORC_LONG_TESTS=1`` checks ten million more binary64 arguments per function. All 2**32
binary32 arguments are checked by ``tests/cpp/exhaustive_float32.cpp``.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dinorc import _core

Array = NDArray[Any]

NAMES = ("exp", "tanh", "sigmoid", "log")
DTYPES = (np.float64, np.float32)
INF, NAN = math.inf, math.nan
LN2 = math.log(2.0)

# In units in the last place of the true value.
FLOAT64_BOUND = 1.0
FLOAT32_BOUND = 0.51

# Where the results are neither 0, 1 nor infinity for good.
DOMAIN = {
    "exp": (-745.1332191019411, 709.782712893384),
    "tanh": (-20.0, 20.0),
    "sigmoid": (-745.1332191019411, 40.0),
    "log": (5e-324, 1.7976931348623157e308),
}


def call(name: str, x: Array) -> Array:
    result: Array = getattr(_core, name)(np.ascontiguousarray(x))
    assert result.dtype == x.dtype
    assert result.shape == x.shape
    return result


def call_one(name: str, x: float, dtype: type[np.floating[Any]] = np.float64) -> float:
    return float(call(name, np.array([x], dtype=dtype))[0])


def integers_of(x: Array) -> Array:
    """Return integers in the order of the numbers, consecutive for neighbours."""
    bits = x.view(np.int64)
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def numbers_of(integers: Array) -> Array:
    """Undo ``integers_of``."""
    return np.where(integers < 0, np.int64(-(2**63)) - integers, integers).view(np.float64)


def neighbourhoods(centres: Array, radius: int) -> Array:
    """Return, for each centre, a row with its neighbours on both sides, ascending."""
    return numbers_of(integers_of(centres)[:, None] + np.arange(-radius, radius + 1))


def any_bits(dtype: type[np.floating[Any]], count: int, seed: int) -> Array:
    """Draw numbers of every exponent, NaN left out."""
    integer = np.uint64 if dtype is np.float64 else np.uint32
    bits = np.random.default_rng(seed).integers(0, np.iinfo(integer).max, count, integer, True)
    x = bits.view(dtype)
    return x[~np.isnan(x)]


def arguments(
    name: str, count: int, seed: int, dtype: type[np.floating[Any]] = np.float64
) -> Array:
    """Draw arguments from where the function is not saturated, near and far from zero."""
    rng = np.random.default_rng(seed)
    low, high = DOMAIN[name]
    part = count // 4
    if name == "log":
        drawn = [
            np.abs(any_bits(np.float64, part, seed)),
            rng.uniform(0.5, 2.0, part),
            1.0 + rng.uniform(-0.5, 0.5, part) * 2.0 ** -rng.uniform(0.0, 40.0, part),
            rng.uniform(0.0, 1e4, part),
        ]
    else:
        drawn = [
            any_bits(np.float64, part, seed),
            rng.uniform(low, high, part),
            rng.uniform(-3.0, 3.0, part),
            rng.choice([-1.0, 1.0], part) * 2.0 ** rng.uniform(-40.0, 2.0, part),
        ]
    x = np.concatenate(drawn)
    x = x[(x >= low) & (x <= high) & (np.abs(x) <= np.finfo(dtype).max)]
    return x.astype(dtype)


def reference_function(name: str) -> Callable[[Array], Array]:
    """Return the function in NumPy, in the precision of its argument."""

    def sigmoid(x: Array) -> Array:
        e = np.exp(-np.abs(x))
        return np.where(x < 0, e / (1 + e), 1 / (1 + e))

    plain: dict[str, Callable[[Array], Array]] = {"exp": np.exp, "tanh": np.tanh, "log": np.log}
    return plain.get(name, sigmoid)


def errors_in_ulp(result: Array, truth: Array) -> Array:
    """Return the distance from finite true values, in units in the last place of ``result``."""
    limits = np.finfo(result.dtype)
    exponent = np.maximum(np.frexp(truth)[1] - 1, limits.minexp)
    ulp = np.ldexp(np.ones_like(truth), exponent - limits.nmant)
    return np.abs(result.astype(truth.dtype) - truth) / ulp


def true_value(name: str, x: float) -> mpmath.mpf:
    """Return the function at x to 120 bits or better, whatever x is."""
    with mpmath.workprec(120):
        exact = mpmath.mpf(x)
        if name == "tanh" and abs(x) < 1e-18:
            return +exact
        if name == "tanh":
            e = mpmath.expm1(2 * exact)
            return e / (e + 2)
        if name == "sigmoid":
            e = mpmath.exp(-abs(exact))
            return e / (1 + e) if x < 0 else 1 / (1 + e)
        return mpmath.exp(exact) if name == "exp" else mpmath.log(exact)


def error_against_mpmath(name: str, x: float, result: float) -> float:
    """Return the distance from the true value in binary64 ULP."""
    truth = true_value(name, x)
    with mpmath.workprec(120):
        exponent = max(mpmath.frexp(truth)[1] - 1, -1022) if truth else -1022
        return float(abs(mpmath.mpf(result) - truth) * mpmath.mpf(2) ** (52 - exponent))


def needs_long_double() -> None:
    if np.finfo(np.longdouble).nmant < 63:
        pytest.skip("long double has no 64-bit mantissa here: only mpmath is left as the reference")


def check_against_long_double(name: str, x: Array) -> None:
    with np.errstate(all="ignore"):
        truth = reference_function(name)(x.astype(np.longdouble))
    result = call(name, x)
    errors = errors_in_ulp(result, truth)
    worst = int(np.argmax(errors))
    assert errors[worst] <= FLOAT64_BOUND, (x[worst].hex(), result[worst].hex(), errors[worst])


@pytest.mark.parametrize("name", NAMES)
def test_float64_against_mpmath(name: str) -> None:
    x = arguments(name, 40_000, seed=1)
    for argument, result in zip(x.tolist(), call(name, x).tolist(), strict=True):
        error = error_against_mpmath(name, argument, result)
        assert error <= FLOAT64_BOUND, (argument.hex(), result.hex(), error)


@pytest.mark.parametrize("name", NAMES)
def test_float64_against_long_double(name: str) -> None:
    needs_long_double()
    check_against_long_double(name, arguments(name, 400_000, seed=2))


@pytest.mark.skipif("DINORC_LONG_TESTS" not in os.environ, reason="DINORC_LONG_TESTS is not set")
@pytest.mark.parametrize("name", NAMES)
def test_float64_against_long_double_at_length(name: str) -> None:
    needs_long_double()
    for seed in range(3, 23):
        check_against_long_double(name, arguments(name, 500_000, seed))


# Any numbers, more often those near places where numbers change their kind.
@given(x=st.floats(allow_nan=False, allow_infinity=False), name=st.sampled_from(NAMES))
@example(x=709.782712893384, name="exp")  # the last finite result
@example(x=-745.1332191019411, name="exp")  # the last result above zero
@example(x=-745.1332191019411, name="sigmoid")
@example(x=0.3125, name="tanh")  # here one formula takes over from the other
@example(x=0.31249999999999994, name="tanh")
@example(x=0.697265625, name="log")  # here the exponent steps
@example(x=0.6972656249999999, name="log")
def test_float64_anywhere(x: float, name: str) -> None:
    if name == "log":
        x = abs(x) or 1.0
    result = call_one(name, x)
    low, high = DOMAIN[name]
    if x < low:
        assert result == (-1.0 if name == "tanh" else 0.0)
    elif x > high:
        assert result == (INF if name == "exp" else 1.0)
    else:
        assert error_against_mpmath(name, x, result) <= FLOAT64_BOUND


SPECIAL_VALUES = {
    "exp": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (1e300, INF), (-1e300, 0.0)],
    "tanh": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (1e30, 1.0), (-1e30, -1.0)],
    "sigmoid": [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (1e30, 1.0), (-1e30, 0.0)],
    "log": [
        (0.0, -INF),
        (-0.0, -INF),
        (INF, INF),
        (-INF, NAN),
        (1.0, 0.0),
        (-1.0, NAN),
        (-1e-40, NAN),
    ],
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_special_values(name: str, dtype: type[np.floating[Any]]) -> None:
    with np.errstate(over="ignore"):
        x, expected = np.array(SPECIAL_VALUES[name] + [(NAN, NAN), (-NAN, NAN)]).astype(dtype).T
    result = call(name, x)
    np.testing.assert_array_equal(result, expected)
    number = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(result[number]), np.signbit(expected[number]))


@pytest.mark.parametrize("name", NAMES)
def test_special_values_in_every_lane(name: str) -> None:
    """A vector of 64 bytes has 16 lanes; no lane may influence another."""
    for dtype in DTYPES:
        ordinary = np.linspace(0.25, 4.0, 37).astype(dtype)
        undisturbed = call(name, ordinary)
        for intruder in (NAN, INF, -INF, -0.0):
            for lane in range(ordinary.size):
                x = ordinary.copy()
                x[lane] = intruder
                others = np.arange(x.size) != lane
                np.testing.assert_array_equal(call(name, x)[others], undisturbed[others])


@pytest.mark.parametrize("dtype", DTYPES)
def test_subnormal_arguments(dtype: type[np.floating[Any]]) -> None:
    limits = np.finfo(dtype)
    tiny = limits.smallest_subnormal * 2.0 ** np.arange(limits.nmant + 1)
    tiny = np.concatenate([tiny, limits.smallest_normal - tiny[:-1]]).astype(dtype)
    for x in (tiny, -tiny):
        np.testing.assert_array_equal(call("tanh", x), x)
        np.testing.assert_array_equal(call("exp", x), np.ones_like(x))
        np.testing.assert_array_equal(call("sigmoid", x), np.full_like(x, 0.5))
    truth = [mpmath.log(mpmath.mpf(float(x))) for x in tiny]
    np.testing.assert_array_equal(call("log", tiny), np.array([float(t) for t in truth], dtype))


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_gradual_underflow(name: str) -> None:
    """Below 2**-1022 results lose their bits one by one, and not too early."""
    x = np.linspace(-745.2, -708.3, 5001)
    for argument, result in zip(x.tolist(), call(name, x).tolist(), strict=True):
        assert error_against_mpmath(name, argument, result) <= FLOAT64_BOUND, argument.hex()


def test_exp_overflows_where_it_should() -> None:
    last = 709.782712893384
    assert math.isfinite(call_one("exp", last))
    assert call_one("exp", math.nextafter(last, INF)) == INF
    last = float(np.float32(88.72283))
    assert math.isfinite(call_one("exp", last, np.float32))
    assert (
        call_one("exp", float(np.nextafter(np.float32(last), np.float32(INF))), np.float32) == INF
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_tanh_is_odd_to_the_bit(dtype: type[np.floating[Any]]) -> None:
    for x in (any_bits(dtype, 50_000, seed=3), arguments("tanh", 50_000, 4, dtype)):
        forward, backward = call("tanh", x), call("tanh", -x)
        np.testing.assert_array_equal(forward, -backward)
        np.testing.assert_array_equal(np.signbit(forward), np.signbit(x))


def breakpoints(name: str) -> Array:
    """Return where the function changes its formula or its scale, or becomes constant."""
    if name == "log":
        powers = np.ldexp(1.0, np.arange(-1060, 1023))
        return np.concatenate([powers, powers * 0.697265625])  # 1 and where the exponent steps
    steps = (np.arange(-1077, 1026) + 0.5) * LN2
    if name == "exp":
        return np.append(steps, [-746.0, 710.0])
    if name == "sigmoid":
        return np.append(steps[steps < 50.0], [-746.0, 746.0])
    return np.append(steps[np.abs(steps) < 45.0] / 2, [-22.0, -0.3125, 0.3125, 22.0])


@pytest.mark.parametrize("name", NAMES)
def test_monotone_around_breakpoints(name: str) -> None:
    x = neighbourhoods(breakpoints(name), radius=60)
    results = call(name, x.ravel()).reshape(x.shape)
    assert not np.any(results[:, 1:] < results[:, :-1])


@pytest.mark.parametrize("name", NAMES)
def test_monotone_between_neighbours_anywhere(name: str) -> None:
    x = neighbourhoods(arguments(name, 40_000, seed=5), radius=8)
    results = call(name, x.ravel()).reshape(x.shape)
    assert not np.any(results[:, 1:] < results[:, :-1])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_monotone_from_end_to_end(name: str, dtype: type[np.floating[Any]]) -> None:
    x = np.sort(np.concatenate([any_bits(dtype, 50_000, 6), arguments(name, 50_000, 7, dtype)]))
    results = call(name, x[x >= 0] if name == "log" else x)
    assert not np.any(results[1:] < results[:-1])


@pytest.mark.parametrize("name", NAMES)
def test_float32_is_rounded_once(name: str) -> None:
    x = np.concatenate([any_bits(np.float32, 200_000, 8), arguments(name, 200_000, 9, np.float32)])
    x = x[(x > 0 if name == "log" else True) & np.isfinite(x)]
    result = call(name, x)
    with np.errstate(all="ignore"):
        truth = reference_function(name)(x.astype(np.float64))
        overflow = truth >= 2.0**128 * (1 - 2.0**-25)
        assert np.all(np.isinf(result[overflow]))
        errors = errors_in_ulp(result[~overflow], truth[~overflow])
    worst = int(np.argmax(errors))
    assert errors[worst] <= FLOAT32_BOUND, (float(x[~overflow][worst]).hex(), errors[worst])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_position_and_length_do_not_matter(name: str, dtype: type[np.floating[Any]]) -> None:
    x = np.random.default_rng(10).uniform(0.1, 5.0, 70).astype(dtype)
    whole = call(name, x)
    for start in range(20):
        for end in range(start, x.size + 1, 7):
            np.testing.assert_array_equal(call(name, x[start:end]), whole[start:end])


@pytest.mark.parametrize("name", NAMES)
def test_the_argument_is_left_alone(name: str) -> None:
    x = np.linspace(0.1, 3.0, 50)
    before = x.copy()
    assert not np.shares_memory(call(name, x), x)
    np.testing.assert_array_equal(x, before)


# SHA-256 of the results of float contract 1 at GOLDEN_COUNT arguments of every kind but NaN, made
# with integer arithmetic alone. They must not depend on the machine, the compiler or the
# instruction set. Whoever changes a bit on purpose raises the version of the contract and takes
# over the digests that the failing test shows.
GOLDEN_COUNT = 100_000
GOLDEN = {
    ("exp", "float64"): "18325464c3617adb8a4af91bd126fac7",
    ("exp", "float32"): "38a07a44db9ce49b0399d5dacc01f4f9",
    ("tanh", "float64"): "4b3edfd1d20682684e0b98de0e4a833b",
    ("tanh", "float32"): "d94da3abcc97eba2e7795ed217a8f1b2",
    ("sigmoid", "float64"): "235c6c152e5a8f4e6db8d773dc516e78",
    ("sigmoid", "float32"): "e9c7c0a50daba26940d4c6fa32afad15",
    ("log", "float64"): "1616f70c372052b49a88c4e4c477f030",
    ("log", "float32"): "86606d6e941b9c73db262908f6a34a9e",
}


def golden_arguments(dtype: type[np.floating[Any]]) -> Array:
    n = np.arange(GOLDEN_COUNT, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    if dtype is np.float64:
        any_exponent, near_one = n, np.uint64(0x3FC0000000000000) + (n >> np.uint64(7))
    else:
        n = (n >> np.uint64(32)).astype(np.uint32)
        any_exponent, near_one = n, np.uint32(0x3E000000) + (n >> np.uint32(6))
    x = np.concatenate([any_exponent.view(dtype), near_one.view(dtype), -near_one.view(dtype)])
    return x[~np.isnan(x)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_bits_are_those_of_the_contract(name: str, dtype: type[np.floating[Any]]) -> None:
    x = golden_arguments(dtype)
    if name == "log":
        x = np.abs(x)
    little_endian = call(name, x).astype(np.dtype(dtype).newbyteorder("<"))
    digest = hashlib.sha256(little_endian.tobytes()).hexdigest()
    assert digest[:32] == GOLDEN[name, np.dtype(dtype).name]
