"""The C++ core. It takes C-contiguous, aligned arrays of float64, or of float32 throughout."""

from typing import Any, TypeAlias

import numpy as np

from dinorc._build_info import BuildInfo

_Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

self_test_failure: str

# What all models of names have; no class of the module.
class _Predictions:
    def mean_loss(self, characters: _Array, ends: _Array, n_jobs: int) -> float: ...
    def most_likely(
        self,
        count: int,
        conditions: NameConditions,
        known: KnownNames | None,
        min_distance: int,
        most_bytes: int,
    ) -> tuple[_Array, _Array, _Array, bool]: ...
    def next_characters(self, prefix: _Array) -> _Array: ...
    def sample(self, count: int, seed: int, limit: int, n_jobs: int) -> tuple[_Array, _Array]: ...
    def score(
        self, characters: _Array, ends: _Array, unknown_log_probability: float, n_jobs: int
    ) -> _Array: ...
    def score_characters(
        self, characters: _Array, unknown_log_probability: float
    ) -> list[float]: ...
    def score_each_character(self, characters: _Array, ends: _Array, n_jobs: int) -> _Array: ...

class BatchTrainer:
    def __init__(
        self,
        network: CharacterNetwork,
        characters: _Array,
        ends: _Array,
        seed: int,
        batch_size: int,
        epochs: int,
        optimizer: str,
        learning_rate: float,
        schedule: str,
        weight_decay: float,
        dropout: float,
        clip_value: float,
        clip_norm: float,
        weights: _Array | None = None,
    ) -> None: ...
    @property
    def batch(self) -> int: ...
    @property
    def batches_per_epoch(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    @property
    def epoch_loss(self) -> float: ...
    @property
    def learning_rate(self) -> float: ...
    def restore(
        self, epoch: int, batch: int, loss_sum: float, characters: int, moments: _Array
    ) -> None: ...
    def run(self, seconds: float, n_jobs: int) -> bool: ...
    def state(self) -> dict[str, Any]: ...

class CharacterNetwork(_Predictions):
    def __init__(
        self,
        cell: str,
        dtype: str,
        vocabulary_size: int,
        hidden_size: int,
        embedding_size: int,
        label_count: int = 0,
    ) -> None: ...
    @property
    def flat(self) -> _Array: ...
    @property
    def parameters(self) -> dict[str, _Array]: ...
    def hidden_states(self, prefix: _Array) -> _Array: ...
    def initialize(self, seed: int) -> None: ...

class Ensemble(_Predictions):
    def __init__(self, members: list[Any], weights: _Array) -> None: ...
    @property
    def weights(self) -> _Array: ...

class LabelMixture(_Predictions):
    def __init__(self, labels: list[Any], log_shares: _Array) -> None: ...

class LabelledNetwork(_Predictions):
    def __init__(self, network: CharacterNetwork, label: int) -> None: ...
    def hidden_states(self, prefix: _Array) -> _Array: ...

class NGramModel(_Predictions):
    def __init__(
        self,
        vocabulary_size: int,
        branches: _Array,
        characters: _Array,
        counts: _Array,
        discounts: _Array,
    ) -> None: ...

class KnownNames:
    def __init__(self, characters: _Array, ends: _Array, vocabulary_size: int) -> None: ...

class NameConditions:
    def __init__(
        self,
        next_states: _Array,
        accepting: _Array,
        prefix: _Array,
        min_length: int,
        max_length: int,
    ) -> None: ...
    def can_be_met(self) -> bool: ...

class NameDrawing:
    def __init__(
        self,
        model: object,
        conditions: NameConditions,
        known: KnownNames | None,
        min_distance: int,
        unique: bool,
        seed: int,
        temperature: float,
        top_k: int,
        top_p: float,
        most_candidates: int,
    ) -> None: ...
    def draw(self, wanted: int, n_jobs: int) -> tuple[_Array, _Array, bool]: ...
    def settle(self, verdicts: _Array, wanted: int) -> tuple[_Array, _Array, _Array]: ...
    def report(self) -> dict[str, Any]: ...

class OnlineTrainer:
    def __init__(
        self,
        Wax: _Array,
        Waa: _Array,
        Wya: _Array,
        b: _Array,
        by: _Array,
        characters: _Array,
        ends: _Array,
        learning_rate: float,
        maximum: float,
    ) -> None: ...
    @property
    def iteration(self) -> int: ...
    def copy_parameters(
        self, Wax: _Array, Waa: _Array, Wya: _Array, b: _Array, by: _Array
    ) -> None: ...
    def run(self, count: int, smoothed_loss: float) -> tuple[bool, float]: ...
    def sample(self, end_character: int, seed: int, limit: int) -> list[int]: ...

class RandomState:
    def __init__(self, seed: int) -> None: ...
    def choice(self, p: _Array) -> int: ...
    def randn(self, size: int) -> _Array: ...
    def random_sample(self) -> float: ...
    def shuffled_indices(self, size: int) -> _Array: ...

def build_info() -> BuildInfo: ...
def cells() -> list[str]: ...
def optimizers() -> list[str]: ...
def mixture_weights(
    log_probabilities: _Array, prior: _Array, prior_characters: float
) -> tuple[_Array, float]: ...
def clip(
    dWax: _Array,
    dWaa: _Array,
    dWya: _Array,
    db: _Array,
    dby: _Array,
    maximum: float,
) -> None: ...
def descend(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    dWax: _Array,
    dWaa: _Array,
    dWya: _Array,
    db: _Array,
    dby: _Array,
    learning_rate: float,
) -> None: ...
def exp(x: _Array) -> _Array: ...
def learn_ngrams(
    vocabulary_size: int,
    characters: _Array,
    ends: _Array,
    copies: _Array,
    least_order: int,
    greatest_order: int,
    seed: int,
) -> dict[str, _Array]: ...
def log(x: _Array) -> _Array: ...
def optimize(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    a_prev: _Array,
    X: _Array,
    Y: _Array,
    learning_rate: float,
    maximum: float,
) -> tuple[float, tuple[_Array, ...] | None, _Array | None]: ...
def rnn_backward(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    Y: _Array,
    y_hat: _Array,
    a: _Array,
    x: _Array,
) -> tuple[tuple[_Array, ...], _Array]: ...
def rnn_forward(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    a0: _Array,
    X: _Array,
    Y: _Array,
) -> tuple[float, _Array, _Array, _Array]: ...
def rnn_step_backward(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    dy: _Array,
    x: _Array,
    a: _Array,
    a_prev: _Array,
    da_next: _Array,
    dWax: _Array,
    dWaa: _Array,
    dWya: _Array,
    db: _Array,
    dby: _Array,
) -> _Array: ...
def rnn_step_forward(
    Wax: _Array, Waa: _Array, Wya: _Array, b: _Array, by: _Array, a_prev: _Array, x: _Array
) -> tuple[_Array, _Array]: ...
def sample(
    Wax: _Array,
    Waa: _Array,
    Wya: _Array,
    b: _Array,
    by: _Array,
    end_character: int,
    seed: int,
    limit: int,
) -> list[int]: ...
def shuffled_for_split(size: int, seed: int) -> _Array: ...
def sigmoid(x: _Array) -> _Array: ...
def softmax(x: _Array) -> _Array: ...
def tanh(x: _Array) -> _Array: ...
