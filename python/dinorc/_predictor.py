"""What scoring, drawing and searching need from the core, whatever the kind of model."""

from __future__ import annotations

from typing import Protocol

from dinorc._core import KnownNames, NameConditions
from dinorc._validation import Array


class Predictor(Protocol):
    """The methods that `bind_predictions` gives to each class of models in the core."""

    def score(
        self, characters: Array, ends: Array, unknown_log_probability: float, n_jobs: int
    ) -> Array:
        """Return the log-probability of each name, in nats."""

    def score_characters(self, characters: Array, unknown_log_probability: float) -> list[float]:
        """Return the log-probability of each character of a name, its end included, in nats."""

    def score_each_character(self, characters: Array, ends: Array, n_jobs: int) -> Array:
        """Return the log-probability of each character of all names, in nats."""

    def mean_loss(self, characters: Array, ends: Array, n_jobs: int) -> float:
        """Return the mean loss per character, ends included, in nats."""

    def sample(self, count: int, seed: int, limit: int, n_jobs: int) -> tuple[Array, Array]:
        """Return names drawn from the model: their characters, and where each name ends."""

    def next_characters(self, prefix: Array) -> Array:
        """Return the log-probability of each character that may follow, the end first, in nats."""

    def most_likely(
        self,
        count: int,
        conditions: NameConditions,
        known: KnownNames | None,
        min_distance: int,
        most_bytes: int,
    ) -> tuple[Array, Array, Array, bool]:
        """Return the most probable names, their log-probabilities, and whether these are all."""
