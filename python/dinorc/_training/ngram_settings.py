"""The settings of NGram: what each may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dinorc._training.settings import (
    LARGEST_SEED,
    CheckedSettings,
    check_case,
    check_n_jobs,
    check_switch,
    check_unknown,
    integer_check,
    integer_or,
    or_none,
)

LARGEST_ORDER = 16  # the core counts no longer n-grams
ORDERS = (2, 8)  # the least and the greatest that "auto" tries


def _check_order(name: str, value: object) -> int | str:
    if isinstance(value, str) and value == "auto":
        return "auto"
    return integer_or(name, value, LARGEST_ORDER, "'auto'")


@dataclass(frozen=True)
class NGramSettings(CheckedSettings):
    """The arguments of NGram's constructor in the types that are used, each with its check."""

    order: Annotated[int | str, _check_order]
    unknown: Annotated[str, check_unknown]
    n_jobs: Annotated[int | None, check_n_jobs]
    random_state: Annotated[int | None, or_none(integer_check(0, LARGEST_SEED))]
    strip: Annotated[bool, check_switch]
    case: Annotated[str, check_case]

    def orders(self) -> tuple[int, int]:
        """Return the least and the greatest order to choose from."""
        return ORDERS if isinstance(self.order, str) else (self.order, self.order)
