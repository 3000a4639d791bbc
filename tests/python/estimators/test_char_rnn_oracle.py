"""CharRNN's oracle against finite differences, steps written out and the notebook's oracle."""

from __future__ import annotations

import itertools
from math import exp, tanh

import numpy as np
import pytest

from dinorc import _core
from helpers import Arrays, copied
from oracles import char_rnn as oracle
from oracles import notebook as reference
from oracles import philox

VOCABULARY, HIDDEN = 5, 3
NAMES = [[1, 2, 3], [1, 2], [1, 2, 3, 3, 4, 1], [4], [2, 1, 1], [1, 2]]
EMBEDDING_SIZES = pytest.mark.parametrize("embedding_size", [0, 2, 7])
EACH_CELL = pytest.mark.parametrize("cell", oracle.CELLS)


def made_parameters(cell: str, hidden: int = HIDDEN, embedding_size: int = 0) -> Arrays:
    """Draw parameters large enough for every nonlinearity to bend."""
    rng = np.random.default_rng(7)
    shapes = oracle.parameter_shapes(cell, VOCABULARY, hidden, embedding_size)
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def logistic(x: float) -> float:
    """Return the sigmoid, computed by its definition."""
    return 1.0 / (1.0 + exp(-x))


# ---- random numbers -----------------------------------------------------------------------------


def test_philox_gives_the_published_words() -> None:
    ones = 2**32 - 1
    zero_block = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    ones_block = (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    pi_block = (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)
    assert philox.philox4x32((0, 0), (0, 0, 0, 0)) == zero_block
    assert philox.philox4x32((ones, ones), (ones, ones, ones, ones)) == ones_block
    pi = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    assert philox.philox4x32((0xA4093822, 0x299F31D0), pi) == pi_block


def test_streams_put_seed_item_and_purpose_where_they_belong() -> None:
    words = philox.stream(0x0000000200000001, 5, 0x0000000400000003)
    first_ten = list(itertools.islice(words, 10))
    blocks = [philox.philox4x32((1, 2), (block, 3, 4, 5)) for block in range(3)]
    assert first_ten == [*blocks[0], *blocks[1], *blocks[2]][:10]


def test_below_is_even_and_shuffling_permutes() -> None:
    words = philox.stream(1, philox.SAMPLING, 0)
    counts = np.bincount([philox.below(6, words) for _ in range(6000)])
    assert counts.size == 6
    assert np.all(np.abs(counts - 1000) < 120)
    assert philox.below(1, words) == 0
    largest = 2**32 - 1
    assert philox.below(largest, iter([0, largest])) == largest - 1  # 0 is refused
    for size in range(20):
        assert sorted(philox.shuffled_indices(size, words)) == list(range(size))


# ---- the network --------------------------------------------------------------------------------


def test_the_oracle_knows_every_cell_and_optimizer() -> None:
    assert set(oracle.CELLS) == set(_core.cells())
    assert set(oracle.OPTIMIZERS) == set(_core.optimizers())


def test_steps_of_one_unit_are_the_equations_written_out() -> None:
    z = np.array([0.3, -0.7, 1.1, 0.4])
    h, c = 0.6, -1.3
    before = {"h": np.array([h]), "c": np.array([c])}

    after, _ = oracle.CELLS["rnn"].forward(z[:1], before)
    assert after["h"][0] == pytest.approx(tanh(0.3), rel=1e-15)

    after, _ = oracle.CELLS["lstm"].forward(z, before)
    new_c = logistic(-0.7) * c + logistic(0.3) * tanh(1.1)
    assert after["c"][0] == pytest.approx(new_c, rel=1e-14)
    assert after["h"][0] == pytest.approx(logistic(0.4) * tanh(new_c), rel=1e-14)

    after, _ = oracle.CELLS["gru"].forward(z, before)
    n, update = tanh(0.3 + logistic(-0.7) * 0.4), logistic(1.1)
    assert after["h"][0] == pytest.approx((1.0 - update) * n + update * h, rel=1e-14)


@EACH_CELL
@EMBEDDING_SIZES
def test_pre_activations_put_each_part_on_its_blocks(cell: str, embedding_size: int) -> None:
    p = made_parameters(cell, HIDDEN, embedding_size)
    h = np.array([0.5, -0.25, 0.125])
    blocks, inputs, recurrents, *_ = oracle.CELLS[cell]
    for character in (None, 0, 3):
        z = oracle.pre_activations(p, cell, character, h)
        assert z.shape == (blocks * HIDDEN,)
        for i in range(blocks * HIDDEN):
            expected = p["bias"][i]
            if i < inputs * HIDDEN and character is not None:
                if embedding_size:
                    row, weights = p["embedding"][character], p["input_weights"]
                    expected += sum(row[e] * weights[e, i] for e in range(embedding_size))
                else:
                    expected += p["input_weights"][character, i]
            row_of_product = i - (blocks - recurrents) * HIDDEN
            if row_of_product >= 0:
                weights = p["recurrent_weights"]
                expected += sum(weights[row_of_product, k] * h[k] for k in range(HIDDEN))
            assert z[i] == pytest.approx(expected, rel=1e-13)


@EACH_CELL
@EMBEDDING_SIZES
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_gradients_are_finite_differences(cell: str, embedding_size: int, dropout: float) -> None:
    parameters = made_parameters(cell, HIDDEN, embedding_size)
    masks = oracle.dropout_masks(NAMES, HIDDEN, dropout, seed=3, step=8) if dropout else None

    def loss() -> float:
        return oracle.batch_loss_and_gradients(parameters, cell, NAMES, masks)[0]

    _, gradients = oracle.batch_loss_and_gradients(parameters, cell, NAMES, masks)
    assert gradients.keys() == parameters.keys()
    step = 1e-5
    for name, value in parameters.items():
        numeric = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            kept = value[index]
            value[index] = kept + step
            above = loss()
            value[index] = kept - step
            numeric[index] = (above - loss()) / (2.0 * step)
            value[index] = kept
        np.testing.assert_allclose(gradients[name], numeric, rtol=1e-6, atol=1e-9, err_msg=name)
        assert np.any(gradients[name] != 0.0), name


@EACH_CELL
def test_probabilities_of_what_may_follow_sum_to_one(cell: str) -> None:
    parameters = made_parameters(cell, HIDDEN, 2)
    for prefix in ([], [1], [4, 4, 2]):
        last = len(prefix)
        total = np.exp(oracle.name_log_probabilities(parameters, cell, prefix)[last])  # the end
        for character in range(1, VOCABULARY):
            longer = oracle.name_log_probabilities(parameters, cell, [*prefix, character])
            total += np.exp(longer[last])
        assert total == pytest.approx(1.0, rel=1e-13)


@EACH_CELL
def test_the_loss_is_the_mean_of_all_characters_log_probabilities(cell: str) -> None:
    parameters = made_parameters(cell)
    loss, _ = oracle.batch_loss_and_gradients(parameters, cell, NAMES)
    every = np.concatenate([oracle.name_log_probabilities(parameters, cell, ids) for ids in NAMES])
    assert every.size == sum(map(len, NAMES)) + len(NAMES)
    assert loss == pytest.approx(-every.mean(), rel=1e-13)


@EACH_CELL
def test_zero_parameters_know_nothing(cell: str) -> None:
    parameters = {name: 0.0 * value for name, value in made_parameters(cell).items()}
    loss, gradients = oracle.batch_loss_and_gradients(parameters, cell, NAMES)
    assert loss == pytest.approx(np.log(VOCABULARY), rel=1e-14)
    assert np.all(gradients["recurrent_weights"] == 0.0)


def test_an_rnn_without_embedding_is_the_network_of_the_notebook() -> None:
    p = made_parameters("rnn")
    notebook = {
        "Wax": p["input_weights"].T,
        "Waa": p["recurrent_weights"],
        "Wya": p["output_weights"],
        "b": p["bias"][:, np.newaxis],
        "by": p["output_bias"][:, np.newaxis],
    }
    for ids in NAMES:
        inputs, targets = [None, *ids], [*ids, 0]
        loss, cache = reference.rnn_forward(inputs, targets, np.zeros((HIDDEN, 1)), notebook)
        expected, _ = reference.rnn_backward(inputs, targets, notebook, cache)
        actual_loss, actual = oracle.name_loss_and_gradients(p, "rnn", ids)
        assert actual_loss == pytest.approx(loss, rel=1e-13)
        for name, ours in [("dWax", actual["input_weights"].T), ("dWya", actual["output_weights"])]:
            np.testing.assert_allclose(ours, expected[name], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(actual["recurrent_weights"], expected["dWaa"], rtol=1e-12)
        np.testing.assert_allclose(actual["bias"], expected["db"][:, 0], rtol=1e-12)


# ---- dropout ------------------------------------------------------------------------------------


def test_prefixes_are_numbered_by_length_and_then_by_their_characters() -> None:
    names = [[2, 1], [1, 3, 2], [1, 3], [1, 1], [2, 1]]
    expected = [(), (1,), (2,), (1, 1), (1, 3), (2, 1), (1, 3, 2)]
    assert oracle.numbered_prefixes(names) == expected


def test_masks_are_the_documented_words_against_the_threshold() -> None:
    rate, seed, step, number = 0.25, 0x0000000A0000000B, 12, 34
    mask = oracle.dropout_mask(10, rate, seed, step, number)
    for unit in range(10):
        counter = (unit // 4, number, step, philox.DROPOUT)
        word = philox.philox4x32((0xB, 0xA), counter)[unit % 4]
        assert mask[unit] == (4.0 / 3.0 if word >= 2**30 else 0.0)


def test_masks_keep_as_many_as_the_rate_says_and_differ() -> None:
    masks = oracle.dropout_masks([[1, 2, 3], [1, 2, 4]], 4000, 0.3, seed=5, step=0)
    assert list(masks) == [(), (1,), (1, 2), (1, 2, 3), (1, 2, 4)]
    for shared in [(), (1,), (1, 2)]:
        assert set(masks[shared]) == {1.0}
    alone = [masks[1, 2, 3], masks[1, 2, 4]]
    for mask in alone:
        assert set(mask) == {0.0, 1.0 / 0.7}
        assert np.mean(mask != 0.0) == pytest.approx(0.7, abs=0.03)
    assert np.any(alone[0] != alone[1])
    later = oracle.dropout_masks([[1, 2, 3], [1, 2, 4]], 4000, 0.3, seed=5, step=1)
    assert np.any(later[1, 2, 3] != alone[0])


def test_masks_of_ones_change_nothing_and_zeros_leave_the_output_bias() -> None:
    parameters = made_parameters("lstm")
    prefixes = oracle.numbered_prefixes(NAMES)
    plain, _ = oracle.batch_loss_and_gradients(parameters, "lstm", NAMES)
    ones = {prefix: np.ones(HIDDEN) for prefix in prefixes}
    assert oracle.batch_loss_and_gradients(parameters, "lstm", NAMES, ones)[0] == plain
    zeros = {prefix: np.zeros(HIDDEN) for prefix in prefixes}
    _, gradients = oracle.batch_loss_and_gradients(parameters, "lstm", NAMES, zeros)
    assert {name for name, value in gradients.items() if np.any(value != 0.0)} == {"output_bias"}


# ---- steps --------------------------------------------------------------------------------------


def test_clipping_by_norm_shortens_and_keeps_the_direction() -> None:
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([[0.0], [-4.0]])}
    assert oracle.global_norm(gradients) == 5.0
    clipped = oracle.clip_by_norm(gradients, 2.5)
    np.testing.assert_allclose(clipped["a"], [1.5, 0.0])
    np.testing.assert_allclose(clipped["b"], [[0.0], [-2.0]])
    for longer in (5.0, 6.0, np.inf):
        unchanged = oracle.clip_by_norm(gradients, longer)
        assert all(np.array_equal(unchanged[name], gradients[name]) for name in gradients)


def test_clipping_by_value_limits_each_number() -> None:
    clipped = oracle.clip_by_value({"a": np.array([3.0, -0.5, -7.0])}, 2.0)
    np.testing.assert_array_equal(clipped["a"], [2.0, -0.5, -2.0])


def test_adam_is_its_recurrence_for_each_number_and_spares_the_biases_from_decay() -> None:
    parameters = {"output_weights": np.array([2.0]), "bias": np.array([2.0])}
    moments = oracle.zero_moments(parameters)
    rate, decay = 0.1, 0.5
    weight = bias = 2.0
    m = v = 0.0
    for t, g in enumerate([0.3, -0.2, 0.7], start=1):
        gradients = {name: np.array([g]) for name in parameters}
        oracle.adam_step(parameters, gradients, moments, t, rate, decay)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        change = rate * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
        weight = weight * (1 - rate * decay) - change
        bias -= change
        assert parameters["output_weights"][0] == pytest.approx(weight, rel=1e-13)
        assert parameters["bias"][0] == pytest.approx(bias, rel=1e-13)


def test_sgd_goes_against_the_gradient_and_decays_weights_only() -> None:
    shapes = oracle.parameter_shapes("gru", VOCABULARY, HIDDEN, 2)
    parameters = {name: np.full(shape, 2.0) for name, shape in shapes.items()}
    gradients = {name: np.full(shape, 3.0) for name, shape in shapes.items()}
    moments = oracle.zero_moments(parameters)
    oracle.sgd_step(parameters, gradients, moments, 1, 0.1, weight_decay=0.5)
    for name, value in parameters.items():
        decayed = 2.0 if name in ("bias", "output_bias") else 2.0 * 0.95
        np.testing.assert_allclose(value, decayed - 0.3, err_msg=name)


# ---- training -----------------------------------------------------------------------------------


def test_one_cycle_rises_and_falls_where_it_should() -> None:
    rates = [oracle.one_cycle(0.5, step, 100) for step in range(100)]
    assert rates[0] == 0.5 / 25
    assert rates[30] == 0.5
    assert rates[99] == pytest.approx(0.5 / 25 / 1e4, rel=1e-12)
    assert rates[15] == pytest.approx((rates[0] + rates[30]) / 2)
    assert all(early < late for early, late in itertools.pairwise(rates[:31]))
    assert all(early > late for early, late in itertools.pairwise(rates[30:]))
    for steps in range(1, 8):
        assert all(0.0 < oracle.one_cycle(0.5, step, steps) <= 0.5 for step in range(steps))


def test_an_epoch_has_every_name_once_in_batches_of_nearly_one_size() -> None:
    for batch_size, sizes in [(1, [1] * 6), (4, [3, 3]), (5, [3, 3]), (6, [6]), (100, [6])]:
        batches = oracle.batches_of_epoch(NAMES, batch_size, 3, 0)
        assert [len(batch) for batch in batches] == sizes
        assert sorted(itertools.chain.from_iterable(batches)) == sorted(NAMES)
    first, second = (oracle.batches_of_epoch(NAMES, 1, 3, epoch) for epoch in range(2))
    assert first != second
    assert oracle.batches_of_epoch(NAMES[::-1], 1, 3, 0) == first  # in any order


@EACH_CELL
@pytest.mark.parametrize("optimizer", oracle.OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "one-cycle"])
def test_training_learns_the_names(cell: str, optimizer: str, schedule: str) -> None:
    parameters = made_parameters(cell, 8, 4)
    before = copied(parameters)
    losses = oracle.train(
        parameters,
        cell,
        NAMES,
        seed=1,
        batch_size=4,
        epochs=40,
        learning_rate=0.05 if optimizer == "adam" else 1.0,
        optimizer=optimizer,
        schedule=schedule,
        clip_norm=1.0,
    )
    assert len(losses) == 40
    assert losses[-1] < 0.6 * losses[0]
    assert all(np.any(parameters[name] != before[name]) for name in parameters)
