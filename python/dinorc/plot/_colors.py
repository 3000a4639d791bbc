"""Colours that all eyes can tell apart, and text that can be read on them."""

from __future__ import annotations

from collections.abc import Sequence

from dinorc._validation import Array

# From the palette of Okabe and Ito, "Color Universal Design" (2008).
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREY = "#666666"
PALE = "#B8C4CC"  # of what stands behind

# Two colour maps whose lightness alone shows the order, and one with two directions.
AMOUNTS = "magma_r"  # from pale (little) to black (much)
LANDSCAPE = "viridis"
SIGNED = "PuOr"  # from orange (negative) over white to purple (positive)


def readable_on(color: Sequence[float] | Array) -> str:
    """Return the colour of text on (red, green, blue, ...), each 0 to 1: black or white.

    By the relative luminance of the Web Content Accessibility Guidelines 2.1: at 0.179, black and
    white have the same contrast.
    """
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in color[:3]
    )
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "white"
