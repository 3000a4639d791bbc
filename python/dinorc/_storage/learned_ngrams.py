"""What NGram has after learning: n-grams, discounts, vocabulary; as plain state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dinorc import _core
from dinorc._names.spelling import Spelling
from dinorc._names.vocabulary import Vocabulary
from dinorc._storage.learned_model import LearnedModel, common_fields
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


@dataclass(frozen=True, kw_only=True)
class LearnedNGrams(LearnedModel):
    """Everything that counting has given."""

    predictor: _core.NGramModel
    settings: NGramSettings  # of the learning, whatever set_params has changed since
    ngrams: NGrams
    order_losses: Array  # [orders to choose from], nats per held-out character; empty: not known

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
        return self._hash(self.settings.shaping(), self.ngrams)

    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold."""
        state = self._common_state()
        ngrams = self.ngrams._asdict()
        state["arrays"] |= {
            "parameters": ngrams.pop("discounts").ravel(),
            "order_losses": self.order_losses,
            **{_PREFIX + name: _as_bytes(array) for name, array in ngrams.items()},
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
        ngrams = NGrams(
            branches=_from_bytes("branches", arrays, np.uint32),
            characters=_from_bytes("characters", arrays, np.int32),
            counts=_from_bytes("counts", arrays, np.uint32),
            discounts=np.array(discounts, np.float64).reshape(order, DISCOUNTS),
        )
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
        )


def parameter_shapes(order: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the parameters of a model of this order."""
    return {"discounts": (order, DISCOUNTS)}


def _as_bytes(array: Array) -> Array:
    """Return whole numbers as the bytes of the smallest type that holds them, lowest first."""
    largest = int(array.max(initial=0))
    dtype = np.min_scalar_type(largest).newbyteorder("<")
    return array.astype(dtype).view(np.uint8).reshape(-1, dtype.itemsize)


def _from_bytes(name: str, arrays: Mapping[str, Array], dtype: type) -> Array:
    """Return the whole numbers that `_as_bytes` was given."""
    array = arrays[_PREFIX + name]
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] not in (1, 2, 4):
        raise ValueError(
            f"{name} is {array.dtype}{list(array.shape)}; expected whole numbers of 1, 2 or 4 bytes"
        )
    numbers = array.view(f"<u{array.shape[1]}").reshape(-1)
    if numbers.max(initial=0) > np.iinfo(dtype).max:
        raise ValueError(f"a number of {name} is too large")
    return numbers.astype(dtype)
