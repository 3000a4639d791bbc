"""Conditions as a reader would say them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def conditions_in_words(
    *,
    prefix: str,
    suffix: str,
    contains: Any,
    pattern: Any,
    alphabet: Any,
    block: Iterable[str],
    min_length: int,
    max_length: int | None,
) -> str:
    """Return what names do that meet the conditions: "end in 'saurus' and contain 'rex'"; or "".

    Examples
    --------
    >>> conditions_in_words(
    ...     prefix="", suffix="saurus", contains=["rex"], pattern=None, alphabet=None, block=(),
    ...     min_length=1, max_length=9,
    ... )
    "end in 'saurus', contain 'rex' and have at most 9 characters"
    """
    contained = [contains] if isinstance(contains, str) else list(contains)
    if isinstance(pattern, re.Pattern):
        pattern = pattern.pattern
    if alphabet is not None and not isinstance(alphabet, str):
        alphabet = "".join(alphabet)
    parts = [
        f"begin with {prefix!r}" if prefix else "",
        f"end in {suffix!r}" if suffix else "",
        f"contain {_listed([repr(text) for text in contained if text], 'and')}"
        if any(contained)
        else "",
        f"match {pattern!r}" if pattern is not None else "",
        f"are made of {alphabet!r}" if alphabet is not None else "",
        f"are free of {_listed([repr(text) for text in block], 'or')}" if list(block) else "",
        _lengths(min_length, max_length),
    ]
    return _listed([part for part in parts if part], "and")


def _lengths(least: int, most: int | None) -> str:
    if least == most:
        return f"have exactly {least} characters"
    if most is None:
        return f"have at least {least} characters" if least > 1 else ""
    if least == 1:
        return f"have at most {most} characters"
    return f"have {least} to {most} characters"


def _listed(items: list[str], conjunction: str) -> str:
    if len(items) > 4:
        items = [*items[:3], f"{len(items) - 3} more"]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"
