"""What NGram has after learning: n-grams, discounts, vocabulary; as plain state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dinorc import _core
from dinorc._names.spelling import Spelling
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel, common_fields, labels_of
from dinorc._storage.model_state import require_numbers
from dinorc._training.ngram_settings import NGramSettings
from dinorc._training.settings import stored
from dinorc._validation import Array, require_integer

DISCOUNTS = 3  # for n-grams that came once, twice, and more often
_PREFIX = "ngrams."


class NGrams(NamedTuple):
    """The arrays of a model, as the core takes them."""

    branches: Array  # [contexts], uint32: how many different characters follow each
    characters: Array  # [n-grams], int32: those that follow
    counts: Array  # [some n-grams], uint32: of those that no other one ends with
    discounts: Array  # [order][3], float64: by the length of the context

    def model(self, vocabulary: Vocabulary) -> _core.NGramModel:
        """Return the core's model, which has copies of the arrays, to be changed no more."""
        for array in self:
            array.flags.writeable = False
        return _core.NGramModel(len(vocabulary), *self)


class LabelledNGrams(NamedTuple):
    """The n-grams of each label's names, and how they are mixed with those of all names."""

    ngrams: tuple[NGrams, ...]
    weights: Array  # [2], float64: of the n-grams of all names, and of the label's own

    def arrays(self) -> dict[str, Array]:
        """Return all arrays, by their names in the state."""
        found = {"label_weights": self.weights}
        for i, ngrams in enumerate(self.ngrams):
            found[f"{_prefix(i)}discounts"] = ngrams.discounts
            found |= _counts_state(ngrams, _prefix(i))
        return found

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, Array], labels: int, settings: NGramSettings
    ) -> LabelledNGrams:
        """Return what `arrays` was made from, or raise STATE_ERRORS."""
        weights = require_numbers("label_weights", arrays["label_weights"], "float64", 2)
        ngrams = tuple(
            _ngrams_from_state(arrays, _prefix(i), arrays[f"{_prefix(i)}discounts"], settings)
            for i in range(labels)
        )
        return cls(ngrams, np.array(weights))


@dataclass(frozen=True, kw_only=True)
class LearnedNGrams(LearnedModel):
    """Everything that counting has given."""

    predictor: _core.NGramModel
    settings: NGramSettings  # of the learning, whatever set_params has changed since
    ngrams: NGrams
    order_losses: Array  # [orders to choose from], nats per held-out character; empty: not known
    labelled: LabelledNGrams | None = None  # None: names have no labels

    def _labelled(self, label: int) -> Predictor:
        assert self.labelled is not None
        own = self.labelled.ngrams[label].model(self.vocabulary)
        return _core.Ensemble([self.predictor, own], self.labelled.weights)

    @property
    def order(self) -> int:
        """How many characters the longest n-grams have."""
        return len(self.ngrams.discounts)

    @property
    def spelling(self) -> Spelling:
        """As the names were learned."""
        return self.settings.spelling

    @property
    def parameters(self) -> dict[str, Array]:
        """The discounts: all numbers that are not counts."""
        return {"discounts": self.ngrams.discounts}

    def fingerprint(self) -> str:
        """Return the SHA-256 of n-grams, discounts, vocabulary and the settings behind them."""
        of_labels = () if self.labelled is None else self.labelled.arrays().values()
        return self._hash(self.settings.shaping(), (*self.ngrams, *of_labels))

    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold."""
        state = self._common_state()
        state["arrays"] |= {
            "parameters": self.ngrams.discounts.ravel(),
            "order_losses": self.order_losses,
            **_counts_state(self.ngrams, _PREFIX),
            **({} if self.labelled is None else self.labelled.arrays()),
        }
        state["facts"] |= {"settings": stored(self.settings), "order": self.order}
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> LearnedNGrams:
        """Return the model that `state` describes, with copies of its arrays; or STATE_ERRORS."""
        arrays: Mapping[str, Array] = state["arrays"]
        facts: Mapping[str, Any] = state["facts"]
        settings = NGramSettings.checked(facts["settings"])
        vocabulary = Vocabulary(facts["vocabulary"])
        least, greatest = settings.orders()
        order = require_integer("order", facts["order"], least, greatest)
        size = order * DISCOUNTS
        discounts = require_numbers("discounts", arrays["parameters"], "float64", size)
        ngrams = _ngrams_from_state(arrays, _PREFIX, discounts.reshape(order, DISCOUNTS), settings)
        labels = len(labels_of(facts))
        losses = arrays["order_losses"]
        losses = require_numbers("order_losses", losses, "float64", len(losses))
        if len(losses) not in (0, greatest - least + 1):
            raise ValueError(f"there are {len(losses)} losses of orders {least} to {greatest}")
        return cls(
            **common_fields(arrays, facts, vocabulary),
            predictor=ngrams.model(vocabulary),
            settings=settings,
            ngrams=ngrams,
            order_losses=np.array(losses, np.float64),
            labelled=LabelledNGrams.from_arrays(arrays, labels, settings) if labels else None,
        )


def parameter_shapes(order: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the parameters of a model of this order."""
    return {"discounts": (order, DISCOUNTS)}


def _prefix(label: int) -> str:
    return f"labels.{label}.{_PREFIX}"


def _counts_state(ngrams: NGrams, prefix: str) -> dict[str, Array]:
    return {
        prefix + "branches": _as_bytes(ngrams.branches),
        prefix + "characters": _as_bytes(ngrams.characters),
        prefix + "counts": _as_bytes(ngrams.counts),
    }


def _ngrams_from_state(
    arrays: Mapping[str, Array], prefix: str, discounts: Array, settings: NGramSettings
) -> NGrams:
    """Return copies of the arrays whose names begin so; or raise STATE_ERRORS."""
    least, greatest = settings.orders()
    if discounts.ndim != 2 or discounts.shape[1] != DISCOUNTS or discounts.dtype != np.float64:
        raise ValueError(f"discounts of {prefix} are {discounts.dtype}{list(discounts.shape)}")
    require_integer("order", len(discounts), least, greatest)
    return NGrams(
        branches=_from_bytes(prefix + "branches", arrays, np.uint32),
        characters=_from_bytes(prefix + "characters", arrays, np.int32),
        counts=_from_bytes(prefix + "counts", arrays, np.uint32),
        discounts=np.array(discounts, np.float64),
    )


def _as_bytes(array: Array) -> Array:
    """Return whole numbers as the bytes of the smallest type that holds them, lowest first."""
    largest = int(array.max(initial=0))
    dtype = np.min_scalar_type(largest).newbyteorder("<")
    return array.astype(dtype).view(np.uint8).reshape(-1, dtype.itemsize)


def _from_bytes(name: str, arrays: Mapping[str, Array], dtype: type) -> Array:
    """Return the whole numbers that `_as_bytes` was given."""
    array = arrays[name]
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] not in (1, 2, 4):
        raise ValueError(
            f"{name} is {array.dtype}{list(array.shape)}; expected whole numbers of 1, 2 or 4 bytes"
        )
    numbers = array.view(f"<u{array.shape[1]}").reshape(-1)
    if numbers.max(initial=0) > np.iinfo(dtype).max:
        raise ValueError(f"a number of {name} is too large")
    return numbers.astype(dtype)
