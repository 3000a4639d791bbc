"""The engine of CharRNN against the oracle: whole training runs, scores, the numbers drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from dinorc import _core
from helpers import Array, Arrays, assert_all_close
from oracles import char_rnn as oracle
from oracles import philox

VOCABULARY, HIDDEN, SEED = 6, 5, 0x0000000500000004
EACH_CELL = pytest.mark.parametrize("cell", oracle.CELLS)
EACH_TYPE = pytest.mark.parametrize("dtype", ["float32", "float64"])


def made_names(count: int) -> list[list[int]]:
    """Draw names with repetitions, shared beginnings, and some that begin others."""
    rng = np.random.default_rng(1)
    names = [rng.integers(1, VOCABULARY, rng.integers(1, 7)).tolist() for _ in range(count)]
    return [*names, names[0], names[1][:1], [*names[2], 1]]


NAMES = made_names(20)


def flattened(names: Sequence[oracle.Name]) -> tuple[Array, Array]:
    """Return the ids of all names, each with its end, and where each of them ends."""
    characters = np.array([i for ids in names for i in [*ids, oracle.END]], dtype=np.int32)
    return characters, np.cumsum([len(ids) + 1 for ids in names], dtype=np.int64)


def made_network(cell: str, dtype: str, embedding_size: int) -> tuple[Any, Arrays]:
    """Make a network of the engine, and its parameters again for the oracle."""
    network = _core.CharacterNetwork(cell, dtype, VOCABULARY, HIDDEN, embedding_size)
    rng = np.random.default_rng(2)
    shapes = oracle.parameter_shapes(cell, VOCABULARY, HIDDEN, embedding_size)
    assert list(network.parameters) == list(shapes)
    for name, shape in shapes.items():
        assert network.parameters[name].shape == shape
        network.parameters[name][:] = rng.standard_normal(shape) * 0.7
    parameters = {name: value.astype(np.float64) for name, value in network.parameters.items()}
    return network, parameters


SETTINGS: dict[str, dict[str, Any]] = {
    "plain Adam": {"optimizer": "adam"},
    "plain SGD": {"optimizer": "sgd", "learning_rate": 0.5},
    "one cycle": {"schedule": "one-cycle"},
    "weight decay of Adam": {"weight_decay": 2.0},
    "weight decay of SGD": {"optimizer": "sgd", "weight_decay": 1.5},
    "dropout": {"dropout": 0.4},
    "a limit of values": {"optimizer": "sgd", "learning_rate": 0.5, "clip_value": 0.01},
    "a limit of the norm": {"optimizer": "sgd", "learning_rate": 0.5, "clip_norm": 0.1},
    "everything": {
        "schedule": "one-cycle",
        "weight_decay": 0.5,
        "dropout": 0.25,
        "clip_value": 0.02,
        "clip_norm": 0.2,
    },
}


@EACH_CELL
@EACH_TYPE
@pytest.mark.parametrize("embedding_size", [0, 3])
@pytest.mark.parametrize("which", SETTINGS)
def test_training_is_the_oracles(cell: str, dtype: str, embedding_size: int, which: str) -> None:
    network, parameters = made_network(cell, dtype, embedding_size)
    settings: dict[str, Any] = {
        "seed": SEED,
        "batch_size": 9,
        "epochs": 3,
        "optimizer": "adam",
        "learning_rate": 0.02,
        "schedule": "constant",
        "weight_decay": 0.0,
        "dropout": 0.0,
        "clip_value": np.inf,
        "clip_norm": np.inf,
    } | SETTINGS[which]
    trainer = _core.BatchTrainer(network, *flattened(NAMES), **settings)
    losses = []
    while trainer.epoch < settings["epochs"]:
        assert trainer.run(60.0, 1)
        losses.append(trainer.epoch_loss)
    expected = oracle.train(parameters, cell, NAMES, **settings)
    np.testing.assert_allclose(losses, expected, rtol=1e-10 if dtype == "float64" else 1e-5)
    assert_all_close(dict(network.parameters), parameters, dtype)


@EACH_CELL
@EACH_TYPE
@pytest.mark.parametrize("embedding_size", [0, 3])
def test_scores_are_the_oracles(cell: str, dtype: str, embedding_size: int) -> None:
    network, parameters = made_network(cell, dtype, embedding_size)
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    expected = [oracle.name_log_probabilities(parameters, cell, ids) for ids in NAMES]
    scores = network.score(*flattened(NAMES), -np.inf, 2)
    np.testing.assert_allclose(scores, [each.sum() for each in expected], rtol=tolerance)
    for ids, each in zip(NAMES, expected, strict=True):
        characters = flattened([ids])[0]
        of_characters = network.score_characters(characters, -np.inf)
        np.testing.assert_allclose(of_characters, each, rtol=tolerance)
    loss, _ = oracle.batch_loss_and_gradients(parameters, cell, NAMES)
    assert network.mean_loss(*flattened(NAMES), 1) == pytest.approx(loss, rel=tolerance)


def test_the_order_for_the_split_is_the_oracles() -> None:
    for size in (0, 1, 2, 100):
        words = philox.stream(SEED, philox.VALIDATION_SPLIT, 0)
        expected = philox.shuffled_indices(size, words)
        assert list(_core.shuffled_for_split(size, SEED)) == expected
