"""Every function of the notebook API against the oracle, over shapes that hypothesis makes up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dinorc.notebook as nb
from helpers import (
    GRADIENTS,
    PARAMETERS,
    Array,
    Arrays,
    as_double,
    assert_all_close,
    assert_close,
    assert_same_bits,
    copied,
    make_column,
    make_gradients,
    make_ids,
    make_parameters,
    relative_tolerance,
    shapes,
)
from oracles import notebook as reference

DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class Network:
    """A made-up network, a sequence to learn, and the state it starts from."""

    n_a: int
    n_x: int
    n_y: int
    seed: int
    dtype: str
    nones: tuple[int, ...] = (0,)
    length: int = 6

    @property
    def parameters(self) -> Arrays:
        """The same parameters each time, in new arrays."""
        return make_parameters(self.n_a, self.n_x, self.n_y, seed=self.seed, dtype=self.dtype)

    @property
    def inputs(self) -> list[int | None]:
        """The notebook's X."""
        ids = make_ids(self.length, self.n_x, seed=self.seed)
        return [None if t in self.nones else ix for t, ix in enumerate(ids)]

    @property
    def targets(self) -> list[int]:
        """The notebook's Y."""
        return make_ids(self.length, self.n_y, seed=self.seed + 1)

    @property
    def a0(self) -> Array:
        """The initial state."""
        return np.tanh(make_column(self.n_a, seed=self.seed + 2)).astype(self.dtype)


@st.composite
def networks(draw: st.DrawFn, dtype: str, *, largest: int = 130, longest: int = 60) -> Network:
    """Make up a network; the input and output vocabularies need not be the same size."""
    size = st.integers(1, largest)
    length = draw(st.integers(1, longest))
    return Network(
        n_a=draw(size),
        n_x=draw(size),
        n_y=draw(size),
        seed=draw(st.integers(0, 2**32)),
        dtype=dtype,
        nones=tuple(draw(st.sets(st.integers(0, length - 1), max_size=3))),
        length=length,
    )


any_network = st.sampled_from(DTYPES).flatmap(networks)

# Sizes around the widths of vectors, in addition to the made-up ones.
one = Network(n_a=1, n_x=1, n_y=1, seed=0, dtype="float64", nones=(), length=1)
notebook = Network(n_a=50, n_x=27, n_y=27, seed=1, dtype="float64", length=12)
notebook_single = Network(n_a=50, n_x=27, n_y=27, seed=1, dtype="float32", length=12)
vector = Network(n_a=64, n_x=32, n_y=16, seed=2, dtype="float64", nones=(), length=60)
odd = Network(n_a=17, n_x=9, n_y=33, seed=3, dtype="float32", nones=(0, 2, 5), length=7)


def assert_same_time_steps(
    actual: dict[int, Array], expected: dict[int, Array], dtype: str, name: str
) -> None:
    assert sorted(actual) == sorted(expected)
    for t, value in expected.items():
        assert_close(actual[t], value, dtype, f"{name}[{t}]")


def in_double(cache: Any) -> Any:
    return tuple({t: value.astype(np.float64) for t, value in part.items()} for part in cache)


# ---- forward ------------------------------------------------------------------------------------


@given(any_network)
@example(one)
@example(notebook)
@example(notebook_single)
@example(vector)
@example(odd)
def test_rnn_forward_is_the_oracles(net: Network) -> None:
    loss, (y_hat, a, x) = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    expected_loss, expected = reference.rnn_forward(
        net.inputs, net.targets, net.a0.astype(np.float64), as_double(net.parameters)
    )
    assert isinstance(loss, float)
    assert loss == pytest.approx(expected_loss, rel=relative_tolerance(net.dtype), abs=1e-12)
    assert_same_time_steps(y_hat, expected[0], net.dtype, "y_hat")
    assert_same_time_steps(a, expected[1], net.dtype, "a")
    assert_same_time_steps(x, expected[2], net.dtype, "x")
    assert a[-1].tobytes() == net.a0.tobytes()


def test_rnn_forward_takes_the_size_of_the_vocabulary_as_the_notebook_passes_it() -> None:
    net = notebook
    loss, _ = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters, vocab_size=27)
    assert loss == nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)[0]


@given(any_network)
@example(one)
@example(odd)
def test_rnn_step_forward_is_the_oracles_for_any_dense_input(net: Network) -> None:
    x = make_column(net.n_x, seed=net.seed + 3, dtype=net.dtype)
    x /= np.sqrt(net.n_x)
    a, y_hat = nb.rnn_step_forward(net.parameters, net.a0, x)
    expected_a, expected_y_hat = reference.rnn_step_forward(
        as_double(net.parameters), net.a0.astype(np.float64), x.astype(np.float64)
    )
    assert_close(a, expected_a, net.dtype, "a")
    assert_close(y_hat, expected_y_hat, net.dtype, "y_hat")


@given(any_network)
@example(notebook)
def test_steps_one_by_one_give_the_bits_of_rnn_forward(net: Network) -> None:
    _, (y_hat, a, x) = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    state = net.a0
    for t in range(net.length):
        state, y = nb.rnn_step_forward(net.parameters, state, x[t])
        assert state.tobytes() == a[t].tobytes()
        assert y.tobytes() == y_hat[t].tobytes()


# ---- backward -----------------------------------------------------------------------------------


@given(any_network)
@example(one)
@example(notebook)
@example(notebook_single)
@example(vector)
@example(odd)
def test_rnn_backward_is_the_oracles(net: Network) -> None:
    _, cache = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    gradients, a = nb.rnn_backward(net.inputs, net.targets, net.parameters, cache)
    expected, _ = reference.rnn_backward(
        net.inputs, net.targets, as_double(net.parameters), in_double(cache)
    )
    assert_all_close(gradients, expected, net.dtype)
    assert_same_time_steps(a, cache[1], net.dtype, "a")


@given(networks("float64"))
@example(notebook)
def test_rnn_backward_works_from_the_oracles_cache(net: Network) -> None:
    _, cache = reference.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    gradients, _ = nb.rnn_backward(net.inputs, net.targets, net.parameters, cache)
    expected, _ = reference.rnn_backward(net.inputs, net.targets, net.parameters, cache)
    assert_all_close(gradients, expected, net.dtype)


@given(any_network)
@example(one)
@example(odd)
def test_rnn_step_backward_is_the_oracles_for_any_dense_input(net: Network) -> None:
    x = make_column(net.n_x, seed=net.seed + 3, dtype=net.dtype)
    dy = make_column(net.n_y, seed=net.seed + 4, dtype=net.dtype)
    a = np.tanh(make_column(net.n_a, seed=net.seed + 5)).astype(net.dtype)
    gradients = make_gradients(
        net.n_a, net.n_x, net.n_y, seed=net.seed + 6, dtype=net.dtype, da_next=True
    )
    expected = reference.rnn_step_backward(
        dy.astype(np.float64),
        as_double(gradients),
        as_double(net.parameters),
        x.astype(np.float64),
        a.astype(np.float64),
        net.a0.astype(np.float64),
    )
    result = nb.rnn_step_backward(dy, gradients, net.parameters, x, a, net.a0)
    assert result is gradients
    assert_all_close(result, expected, net.dtype)


@given(any_network)
@example(notebook)
def test_steps_backward_one_by_one_give_the_bits_of_rnn_backward(net: Network) -> None:
    parameters = net.parameters
    _, cache = nb.rnn_forward(net.inputs, net.targets, net.a0, parameters)
    whole, _ = nb.rnn_backward(net.inputs, net.targets, parameters, cache)
    y_hat, a, x = cache
    gradients = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    gradients["da_next"] = np.zeros_like(net.a0)
    for t in reversed(range(net.length)):
        dy = y_hat[t].copy()
        dy[net.targets[t]] -= 1
        gradients = nb.rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    # -0 and +0 may differ: adding x's zeros to a sum is not the same as leaving them out.
    assert_same_bits(
        {name: value + 0.0 for name, value in gradients.items()},
        {name: value + 0.0 for name, value in whole.items()},
    )


@settings(max_examples=25)
@given(networks("float64", largest=6, longest=8))
@example(Network(n_a=5, n_x=4, n_y=3, seed=0, dtype="float64", nones=(0, 3), length=8))
def test_rnn_backward_agrees_with_finite_differences_of_the_loss(net: Network) -> None:
    parameters, a0 = net.parameters, net.a0
    _, cache = nb.rnn_forward(net.inputs, net.targets, a0, parameters)
    gradients, _ = nb.rnn_backward(net.inputs, net.targets, parameters, cache)
    half = 1e-5
    inputs = {"d" + name: value for name, value in parameters.items()} | {"da_next": a0}
    for name, value in inputs.items():
        for position in np.ndindex(value.shape):
            kept = value[position]
            value[position] = kept + half
            above, _ = nb.rnn_forward(net.inputs, net.targets, a0, parameters)
            value[position] = kept - half
            below, _ = nb.rnn_forward(net.inputs, net.targets, a0, parameters)
            value[position] = kept
            slope = (above - below) / (2 * half)
            assert gradients[name][position] == pytest.approx(slope, rel=1e-5, abs=1e-7)


# ---- clip, update, optimize ---------------------------------------------------------------------


@given(any_network, st.floats(0.0, 20.0))
@example(notebook, 0.0)
@example(odd, 5.0)
def test_clip_is_the_oracles_to_the_bit(net: Network, limit: float) -> None:
    gradients = make_gradients(net.n_a, net.n_x, net.n_y, seed=net.seed, dtype=net.dtype)
    limit = float(np.dtype(net.dtype).type(limit))
    expected = reference.clip(copied(gradients), limit)
    clipped = nb.clip(gradients, limit)
    assert set(clipped) == set(GRADIENTS)
    for name in GRADIENTS:
        assert clipped[name].dtype == net.dtype
        np.testing.assert_array_equal(clipped[name], expected[name])


@pytest.mark.parametrize("dtype", DTYPES)
def test_clip_limits_infinities_and_keeps_nan_as_numpy_does(dtype: str) -> None:
    gradients = make_gradients(3, 4, 5, dtype=dtype)
    gradients["dWya"][0, :3] = (np.inf, -np.inf, np.nan)
    clipped = nb.clip(gradients, 5)
    np.testing.assert_array_equal(clipped["dWya"][0, :3], [5.0, -5.0, np.nan])


def test_clip_takes_the_gradients_of_rnn_backward_and_leaves_da_next_alone() -> None:
    net = notebook
    _, cache = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    gradients, _ = nb.rnn_backward(net.inputs, net.targets, net.parameters, cache)
    da_next = gradients["da_next"].copy()
    assert set(nb.clip(gradients, 1e-3)) == set(GRADIENTS)
    assert gradients["da_next"].tobytes() == da_next.tobytes()


def test_clip_takes_arrays_of_any_shape_as_numpy_does() -> None:
    gradients = {name: np.array([[-9.0], [4.0]]) for name in GRADIENTS}
    gradients |= {"dWax": np.array([9.0, 1.0]), "dWaa": np.array(-9.0), "dby": np.zeros((0, 1))}
    clipped = nb.clip(gradients, 5)
    assert clipped["dWax"].tolist() == [5.0, 1.0]
    assert clipped["dWaa"].tolist() == -5.0
    assert clipped["db"].tolist() == [[-5.0], [4.0]]
    assert clipped["dby"].shape == (0, 1)


def test_clip_at_infinity_changes_nothing() -> None:
    gradients = make_gradients(3, 4, 5)
    before = copied(gradients)
    assert_same_bits(nb.clip(gradients, float("inf")), before)


@given(any_network, st.floats(0.0, 1.0))
@example(notebook, 0.01)
def test_update_parameters_is_the_oracles(net: Network, lr: float) -> None:
    parameters = net.parameters
    gradients = make_gradients(net.n_a, net.n_x, net.n_y, seed=net.seed, dtype=net.dtype)
    expected = reference.update_parameters(as_double(parameters), as_double(gradients), lr)
    result = nb.update_parameters(parameters, gradients, lr)
    assert result is parameters
    assert_all_close(result, expected, net.dtype)


def test_update_parameters_gives_numpys_bits_in_double() -> None:
    parameters, gradients = make_parameters(13, 9, 11), make_gradients(13, 9, 11)
    expected = reference.update_parameters(copied(parameters), gradients, 0.01)
    assert_same_bits(nb.update_parameters(parameters, gradients, 0.01), expected)


@given(any_network)
@example(one)
@example(notebook)
@example(notebook_single)
@example(vector)
@example(odd)
def test_optimize_is_the_oracles(net: Network) -> None:
    parameters, expected_parameters = net.parameters, as_double(net.parameters)
    loss, gradients, a_last = nb.optimize(net.inputs, net.targets, net.a0, parameters, 0.05)
    expected_loss, expected_gradients, expected_a = reference.optimize(
        net.inputs, net.targets, net.a0.astype(np.float64), expected_parameters, 0.05
    )
    assert isinstance(loss, float)
    assert loss == pytest.approx(expected_loss, rel=relative_tolerance(net.dtype), abs=1e-12)
    assert_all_close(gradients, expected_gradients, net.dtype)
    assert_close(a_last, expected_a, net.dtype, "a_last")
    assert_all_close(parameters, expected_parameters, net.dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_optimize_clips_at_five(dtype: str) -> None:
    net = Network(n_a=9, n_x=4, n_y=3, seed=0, dtype=dtype, length=60)
    parameters = net.parameters
    parameters["by"][:] = [[9.0], [-9.0], [-9.0]]
    _, gradients, _ = nb.optimize(net.inputs, [1] * net.length, net.a0, parameters)
    assert max(np.abs(gradients[name]).max() for name in GRADIENTS) == 5.0


@given(any_network)
@example(notebook)
def test_optimize_gives_the_bits_of_its_parts(net: Network) -> None:
    parameters, by_parts = net.parameters, net.parameters
    loss, gradients, a_last = nb.optimize(net.inputs, net.targets, net.a0, parameters, 0.01)
    parts_loss, cache = nb.rnn_forward(net.inputs, net.targets, net.a0, by_parts)
    parts_gradients, a = nb.rnn_backward(net.inputs, net.targets, by_parts, cache)
    parts_gradients = nb.clip(parts_gradients, 5)
    nb.update_parameters(by_parts, parts_gradients, 0.01)
    assert loss == parts_loss
    assert_same_bits(gradients, parts_gradients)
    assert a_last.tobytes() == a[net.length - 1].tobytes()
    assert_same_bits(parameters, by_parts)


def test_ids_may_be_numpy_integers_in_any_sequence() -> None:
    net = Network(n_a=5, n_x=7, n_y=6, seed=0, dtype="float64", nones=(), length=4)
    expected, _ = nb.rnn_forward(net.inputs, net.targets, net.a0, net.parameters)
    for kind in (np.int64, np.int32, np.uint8):
        X, Y = np.array(net.inputs, dtype=kind), np.array(net.targets, dtype=kind)
        assert nb.rnn_forward(list(X), list(Y), net.a0, net.parameters)[0] == expected
        assert nb.rnn_forward(X, Y, net.a0, net.parameters)[0] == expected
    assert (
        nb.rnn_forward(tuple(net.inputs), tuple(net.targets), net.a0, net.parameters)[0] == expected
    )


def test_parameters_may_be_adjacent_views_of_one_buffer() -> None:
    net = notebook
    flat = np.concatenate([net.parameters[name].ravel() for name in PARAMETERS])
    views, start = {}, 0
    for name, shape in shapes(net.n_a, net.n_x, net.n_y).items():
        size = shape[0] * shape[1]
        views[name] = flat[start : start + size].reshape(shape)
        start += size
    separate = net.parameters
    nb.optimize(net.inputs, net.targets, net.a0, views)
    nb.optimize(net.inputs, net.targets, net.a0, separate)
    assert_same_bits(views, separate)


# ---- sample -------------------------------------------------------------------------------------


@given(networks("float64"), st.integers(0, 2**32 - 100))
@example(notebook, 0)
def test_sample_is_the_oracles(net: Network, seed: int) -> None:
    parameters = make_parameters(net.n_a, net.n_x, net.n_x, seed=net.seed)
    char_to_ix = {"\n": net.seed % net.n_x}
    indices = nb.sample(parameters, char_to_ix, seed)
    assert indices == reference.sample(parameters, char_to_ix, seed)
    assert all(type(ix) is int for ix in indices)


@pytest.mark.parametrize("n_a", [1, 7, 50])
def test_sample_in_single_precision_draws_the_same_names_nearly_always(n_a: int) -> None:
    parameters = make_parameters(n_a, 27, 27, seed=n_a, dtype="float32")
    double = as_double(parameters)
    same = [
        nb.sample(parameters, {"\n": 0}, seed) == reference.sample(double, {"\n": 0}, seed)
        for seed in range(50)
    ]
    assert sum(same) >= 48


def constant_network(newline_logit: float, vocab_size: int = 11) -> Arrays:
    """Return a network that forgets everything: each draw is from the same distribution."""
    parameters = {
        name: np.zeros(shape) for name, shape in shapes(3, vocab_size, vocab_size).items()
    }
    parameters["by"][0] = newline_logit
    return parameters


def test_sample_that_never_ends_is_cut_at_fifty_and_given_a_newline() -> None:
    indices = nb.sample(constant_network(-1000.0), {"\n": 0}, 5)
    assert len(indices) == 51
    assert indices[-1] == 0
    assert 0 not in indices[:-1]


def test_sample_that_ends_at_once_is_the_newline_alone() -> None:
    assert nb.sample(constant_network(1000.0), {"\n": 0}, 5) == [0]


def test_sample_whose_fiftieth_draw_is_the_newline_gets_another_as_in_the_notebook() -> None:
    parameters = constant_network(np.log(0.02 / (0.98 / 10)))  # draws the newline at one in fifty
    draws = np.array([np.random.RandomState(seed).random_sample() for seed in range(3000)])
    seed = next(
        s for s in range(2900) if list(np.flatnonzero(draws[s : s + 99 : 2] < 0.02)) == [49]
    )
    indices = nb.sample(parameters, {"\n": 0}, seed)
    assert len(indices) == 51
    assert indices[-2:] == [0, 0]
    assert indices == reference.sample(parameters, {"\n": 0}, seed)


def test_sample_accepts_the_last_seeds_that_numpy_accepts() -> None:
    assert nb.sample(constant_network(1000.0), {"\n": 0}, 2**32 - 1) == [0]
    parameters = constant_network(-1000.0)
    last = 2**32 - 1 - 98  # the fiftieth draw uses seed + 98
    assert nb.sample(parameters, {"\n": 0}, last) == reference.sample(parameters, {"\n": 0}, last)
    assert len(nb.sample(parameters, {"\n": 0}, np.int64(3))) == 51


# ---- helpers ------------------------------------------------------------------------------------


@given(st.sampled_from(DTYPES), st.integers(1, 130), st.floats(0.01, 300.0), st.integers(0, 99))
@example("float32", 1, 1.0, 0)
def test_softmax_is_the_oracles(dtype: str, size: int, scale: float, seed: int) -> None:
    x = (make_column(size, seed=seed) * scale).astype(dtype)
    assert_close(nb.softmax(x), reference.softmax(x.astype(np.float64)), dtype)
    assert_close(nb.softmax(x[:, 0].copy()), reference.softmax(x[:, 0].astype(np.float64)), dtype)


def test_softmax_of_several_columns_normalises_each() -> None:
    x = np.random.default_rng(0).standard_normal((7, 4))
    assert_close(nb.softmax(x), reference.softmax(x), "float64")


def test_softmax_of_large_numbers_does_not_overflow() -> None:
    x = np.array([[1e308], [1e308], [-7e307]])
    np.testing.assert_array_equal(nb.softmax(x), [[0.5], [0.5], [0.0]])


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_smooth_is_the_oracles_to_the_bit(loss: float, cur_loss: float) -> None:
    assert nb.smooth(loss, cur_loss) == reference.smooth(loss, cur_loss)


@given(st.integers(1, 10_000), st.integers(0, 1000))
def test_initial_loss_is_the_oracles(vocab_size: int, seq_length: int) -> None:
    loss = nb.get_initial_loss(vocab_size, seq_length)
    assert isinstance(loss, float)
    expected = reference.get_initial_loss(vocab_size, seq_length)
    assert loss == pytest.approx(expected, rel=4e-16, abs=0.0)


@given(st.integers(1, 130), st.integers(1, 130), st.integers(1, 130))
@example(50, 27, 27)
def test_initial_parameters_are_numpys_within_the_last_bits(n_a: int, n_x: int, n_y: int) -> None:
    parameters = nb.initialize_parameters(n_a, n_x, n_y)
    expected = reference.initialize_parameters(n_a, n_x, n_y)
    assert list(parameters) == list(expected)
    for name, value in expected.items():
        assert parameters[name].dtype == np.float64
        assert parameters[name].flags.c_contiguous
        assert parameters[name].flags.writeable
        np.testing.assert_allclose(parameters[name], value, rtol=1e-15, atol=0)


@pytest.mark.parametrize("word", ["dino\n", "d\n", "\n", "dino", "ßeta\n"])
def test_samples_are_spelled_and_printed_as_the_oracle_does(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ix_to_char = dict(enumerate(sorted(set(word))))
    ids = [sorted(set(word)).index(character) for character in word]
    expected = reference.get_sample(ids, ix_to_char)
    assert nb.get_sample(ids, ix_to_char) == expected
    assert nb.print_sample(ids, ix_to_char) is None
    assert capsys.readouterr().out == expected
