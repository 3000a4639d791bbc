"""The conditions of `generate` that a drawn name has to meet, and the check of their values."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from dinorc._drawing.automata.conditions import blocked_parts
from dinorc._drawing.automata.words import folded
from dinorc._names.cleaning import is_clean, names_to_leave_out
from dinorc._validation import describe

# Why a candidate is refused: fields of GenerationReport.
MALFORMED = "malformed"
EXCLUDED = "excluded"
DUPLICATE = "duplicates"
BLOCKED = "blocked"
NOT_ACCEPTED = "not_accepted"
REASONS = (MALFORMED, EXCLUDED, DUPLICATE, BLOCKED, NOT_ACCEPTED)


def reasons_to_refuse(
    training_names: Collection[str],
    *,
    exclude: object,
    unique: object,
    block: object,
    accept: object,
) -> Callable[[str], str | None]:
    """Check every value; return a function that says why a name is refused, or None if it is not.

    For `unique`, the function remembers the names that it has accepted.
    """
    if not isinstance(unique, (bool, np.bool_)):
        raise TypeError(f"unique is {describe(unique)}; expected True or False")
    if accept is not None and not callable(accept):
        raise TypeError(
            f"accept is {describe(accept)}; expected a function that takes a name, or None"
        )
    excluded = _excluded(training_names, exclude)
    blocked = blocked_parts(block)
    found: set[str] = set()

    def reason_to_refuse(name: str) -> str | None:
        if not is_clean(name):
            return MALFORMED
        if name in excluded:
            return EXCLUDED
        if name in found:
            return DUPLICATE
        if blocked:
            text = folded(name)
            if any(part in text for part in blocked):
                return BLOCKED
        if accept is not None and not accept(name):
            return NOT_ACCEPTED
        if unique:
            found.add(name)
        return None

    return reason_to_refuse


def _excluded(training_names: Collection[str], exclude: object) -> Collection[str]:
    if exclude is None:
        return ()
    if isinstance(exclude, str):
        if exclude == "training":
            return training_names
        raise ValueError(
            f"exclude is {exclude!r}; expected 'training', or a list of names: [{exclude!r}] to "
            "leave out this one"
        )
    return frozenset(names_to_leave_out(exclude, "exclude"))
