"""Which characters a picture has room for: the most frequent ones, and all others as one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dinorc._validation import Array


class Room(NamedTuple):
    """Ids of characters that have a place of their own, and how many others share one."""

    ids: Array  # [places of their own], int64
    others: int

    @classmethod
    def for_most(cls, amounts: Array, places: int) -> Room:
        """Return the ids by amount, the largest first, ties by id, in at most `places`."""
        order = np.argsort(-amounts, kind="stable")
        if order.size <= places:
            return cls(order, 0)
        return cls(order[: places - 1], order.size - (places - 1))

    @property
    def others_label(self) -> str:
        """What is written at the place of the others."""
        return f"{self.others:,} others"
