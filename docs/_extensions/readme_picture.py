"""Draws the README's picture from a real run, for light and for dark pages.

    python docs/_extensions/readme_picture.py

The default model learns the bundled dinosaurs. On the left stand names of the list, on the right
the first that the model invents, none left out, each letter coloured by how much it surprises the
model. The names are the same on every machine, the drawing for the same Matplotlib.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from dinorc import Ensemble, datasets

FOLDER = Path(__file__).resolve().parents[1] / "_static"
SHOWN = 8
STYLES = {
    "light": {"text": "#1f2328", "quiet": "#59636e"},
    "dark": {"text": "#f0f6fc", "quiet": "#9198a1"},
}
DARKEST = 0.75  # of the colour map: darker shades hide the letter
CELL, LINE = 0.24, 0.36  # inches: a letter's width, and from line to line

Run = tuple[list[str], list[str], list[list[float]]]


def learned_and_invented() -> Run:
    """Return names of the list, invented names, and the surprise of their letters in nats."""
    names = datasets.load("dinos")
    model = Ensemble(verbose=False).fit(names)
    invented = list(model.generate(SHOWN))
    surprise = [[-nats for nats in model.score_chars(name)[:-1].tolist()] for name in invented]
    return names[:: len(names) // SHOWN][:SHOWN], invented, surprise


def draw(run: Run, style: dict[str, str]) -> Any:
    """Return the figure in one of the styles."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyBboxPatch

    known, invented, surprise = run
    top = max(max(nats) for nats in surprise)
    shades = colormaps["YlOrBr"]([DARKEST * i / 255 for i in range(256)])
    colors = LinearSegmentedColormap.from_list("surprise", shades)
    left, arrow, right = 0.1, 2.85, 3.45  # inches
    width = max(7.6, right + CELL * max(map(len, invented)) + left)
    height = LINE * (len(known) + 2.1)
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.axis("off")

    title = {"fontsize": 10.5, "color": style["quiet"], "verticalalignment": "center"}
    ax.text(left, LINE / 2, "1,383 dinosaurs to learn, such as", **title)
    ax.text(right, LINE / 2, "the first new ones that it invents", **title)
    middle = LINE * (1 + len(known) / 2)
    ax.annotate(
        "",
        (right - 0.15, middle),
        (arrow - 0.25, middle),
        arrowprops={"arrowstyle": "-|>", "color": style["quiet"], "linewidth": 1.5},
    )
    for row, (name, new, nats) in enumerate(zip(known, invented, surprise, strict=True), start=1):
        y = LINE * (row + 0.5)
        letters = {"verticalalignment": "center", "family": "DejaVu Sans", "fontsize": 12}
        ax.text(left, y, name, color=style["text"], **letters)
        for place, (letter, value) in enumerate(zip(new, nats, strict=True)):
            x = right + place * CELL
            box = FancyBboxPatch(
                (x + 0.01, y - 0.13),
                CELL - 0.02,
                0.26,
                boxstyle="round,pad=0,rounding_size=0.04",
                facecolor=colors(value / top),
                edgecolor="none",
            )
            ax.add_patch(box)
            ax.text(
                x + CELL / 2, y, letter, color="#1f2328", horizontalalignment="center", **letters
            )
    y = LINE * (len(known) + 1.5)
    words = {**title, "fontsize": 9}
    ax.text(right, y, "a letter that the model expects", **words)
    bar = right + 2.05
    for step in range(40):
        rectangle = (bar + step * 0.02, y - 0.06)
        ax.add_patch(
            FancyBboxPatch(rectangle, 0.02, 0.12, boxstyle="square,pad=0", color=colors(step / 39))
        )
    ax.text(bar + 0.9, y, "a surprise", **words)
    return figure


def main() -> None:
    """Draw the picture twice."""
    import matplotlib

    matplotlib.rcParams["svg.hashsalt"] = "dinorc"  # ids in the file, the same each time
    run = learned_and_invented()
    for name, style in STYLES.items():
        path = FOLDER / f"names-{name}.svg"
        metadata = {"Date": None, "Title": ", ".join(run[1])}
        draw(run, style).savefig(path, transparent=True, metadata=metadata)
        print(f"{path}: {path.stat().st_size / 1e3:.0f} KB", file=sys.stderr)
    print(*run[1], sep="\n")


if __name__ == "__main__":
    main()
