"""The arguments that functions of the core take, read from their docstrings."""

from __future__ import annotations

import re
from typing import Any


def split_arguments(text: str) -> list[str]:
    """Split a signature at the commas outside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def signatures(function: Any) -> list[list[str]]:
    """Read the arguments of each overload from the docstring that the binding wrote."""
    found = re.findall(r"^(?:\d+\. )?\w+\((.*)\)(?: -> .*)?$", function.__doc__ or "", re.MULTILINE)
    listed = [split_arguments(text) for text in found if text != "*args, **kwargs"]
    return [[a for a in arguments if a not in ("*", "/")] for arguments in listed] or [[]]
