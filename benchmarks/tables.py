"""Writes the tables of the README and of the documentation from the stored outputs.

    python benchmarks/tables.py README.md docs/benchmarks.md docs/labels.md

``benchmarks/results/`` has what the scripts of this folder have printed, one file each. A page says
where a table belongs::

    <!-- table: quality -->
    <!-- end of table -->

and what is between the two lines is written here. A test compares the pages with the outputs, so
that no figure contradicts another.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable
from pathlib import Path

RESULTS = Path(__file__).parent / "results"

_SPACE = "\N{NO-BREAK SPACE}"
_TIMES = "\N{MULTIPLICATION SIGN}"
_MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

Rows = list[list[str]]


# ---- reading outputs ----------------------------------------------------------------------------


def output(name: str) -> str:
    """Return what a script has printed."""
    return (RESULTS / f"{name}.txt").read_text(encoding="utf-8")


def fact(name: str, key: str) -> str:
    """Return what an output says of its date, CPU and so on."""
    match = re.search(rf"^{key} +(.*)$", output(name), re.MULTILINE)
    if match is None:
        raise ValueError(f"{name}.txt does not say: {key}")
    return match[1]


def source(name: str, command: str) -> str:
    """Return the line below a table: the command, the date and the CPU."""
    cpu = fact(name, "CPU").replace("1 threads", "one thread")
    return f"\n`python benchmarks/{command}`, {fact(name, 'date')}, {cpu}.\n"


def rows_of(name: str, title: str = "") -> Rows:
    """Return the cells of the Markdown table in an output, the row of dashes left out.

    Of several tables, it is the one below the line that begins with `title`.
    """
    lines = output(name).splitlines()
    if title:
        first = next(i for i, line in enumerate(lines) if line.startswith(title)) + 2
        lines = list(itertools.takewhile(str.strip, lines[first:]))
    lines = [line for line in lines if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line
    ]


def fields_below(name: str, header: str, count: int) -> Rows:
    """Return the fields of the lines below the one that begins so, as long as there are so many.

    Fields are two or more spaces apart.
    """
    lines = output(name).splitlines()
    first = next(i for i, line in enumerate(lines) if line.strip().startswith(header)) + 1
    split = [re.split(r" {2,}", line.strip()) for line in lines[first:]]
    return list(itertools.takewhile(lambda fields: len(fields) == count, split))


# ---- writing tables -----------------------------------------------------------------------------


def table(header: list[str], rows: Rows) -> str:
    """Return a table of Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(
        f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in line)}|\n" for line in lines
    )


def with_least_bold(cells: list[str]) -> list[str]:
    """Put the least of the figures in bold type."""
    least = min(range(len(cells)), key=lambda i: float(cells[i].split()[0]))
    return [re.sub(r"^\S+", r"**\g<0>**", c) if i == least else c for i, c in enumerate(cells)]


def quality() -> str:
    """Return nats of held-out names, list by list; the seconds of the output are left out."""
    header, *rows = rows_of("quality")
    shown = [
        [row[0], *with_least_bold([re.sub(r" \(.*", "", cell) for cell in row[1:]])] for row in rows
    ]
    code = [f"`{title}`" if "()" in title else title for title in header]
    return table(code, shown).replace(" ± ", f"{_SPACE}±{_SPACE}") + source("quality", "quality.py")


def quality_long() -> str:
    """Return what all first names come to."""
    header, *rows = rows_of("quality_long")
    shown = [[f"`{row[0]}`" if row[0].endswith("()") else row[0], *row[1:]] for row in rows]
    return table(header, shown) + source("quality_long", "quality.py --long")


def notebook() -> str:
    """Return the microseconds of an iteration of the notebook's job."""
    shown = [
        [label, time, f"{numpy} {_TIMES}", f"{numba} {_TIMES}"]
        for label, time, numpy, numba, *_ in fields_below("notebook", "us/iteration", 7)
    ]
    header = ["", "µs an iteration", "as fast as NumPy", "as fast as numba"]
    return table(header, shown) + source("notebook", "notebook.py")


def notebook_functions() -> str:
    """Return the microseconds of a call of the notebook's functions."""
    shown = [
        [label if "(" in label else f"`{label}`", numpy, ours, f"{ratio} {_TIMES}"]
        for label, numpy, ours, ratio in fields_below("notebook", "us a call", 4)
    ]
    return table(["µs a call", "NumPy", "dinorc", "as fast"], shown) + source(
        "notebook", "notebook.py"
    )


def generating() -> str:
    """Return how many names are drawn in a second, beside PyTorch."""
    shown = [
        [label, f"{rate},000", ratio, alone, alone_ratio]
        for label, rate, ratio, alone, alone_ratio in fields_below("generating", "k chars/s", 5)
    ]
    header = ["", "characters a second", "ratio", "one name a call: names a second", "ratio"]
    return table(header, shown) + source("generating", "generating.py")


def neighbours() -> str:
    """Return what else makes names, with all columns."""
    header, *rows = rows_of("neighbours")
    width = len(header)
    shown = [row + [""] * (width - len(row)) for row in rows]
    return table(header, shown) + source("neighbours", "neighbours.py")


def neighbours_short() -> str:
    """Return the README's table: what the neighbours can, and what was measured."""
    header, *rows = rows_of("neighbours")
    measured = {row[0]: dict(zip(header, row, strict=False)) for row in rows}
    shown = []
    for title, row, good_at, not_for in NEIGHBOURS:
        figures = ["not measured", "", ""]
        if row is not None:
            cells = measured[row]
            nats = [cells[f"1,200 {LISTS[0]}"], cells[f"1,000 {LISTS[1]}"]]
            seconds = re.search(r"\((\S+) s\)", nats[0])
            if seconds is None:
                raise ValueError(f"no seconds in {nats[0]!r}")
            figures = [
                " / ".join(re.sub(r"[ ,].*", "", cell) for cell in nats),
                f"{float(seconds[1]):.2g}",
                f"{float(cells['MB']):.2g}"
                if float(cells["MB"]) < 10
                else f"{float(cells['MB']):.0f}",
            ]
        shown.append([title, good_at, not_for, *figures])
    return table(["", "good at", "not for", "nats", "seconds", "MB"], shown)


def first_names_by_sex() -> str:
    """Return how well first names are known by label."""
    return _kinds("US first names")


def cities_by_country() -> str:
    """Return how well cities are known by label."""
    return _kinds("cities of six countries")


def _kinds(title: str) -> str:
    # The seconds, in the last column, are left out: they were measured on a busy machine.
    header, *rows = rows_of("kinds_of_names", title)
    shown = [[f"`{row[0]}`" if "()" in row[0] else row[0], *row[1:-1]] for row in rows]
    return table(header[:-1], shown) + source("kinds_of_names", "kinds_of_names.py")


def counted_names() -> str:
    """Return how counts should weigh."""
    header, *rows = rows_of("counted_names")
    shown = [[f"`{model}`", *others] for model, *others in rows]
    return table(header, shown) + source("counted_names", "counted_names.py")


LISTS = ("dinosaurs", "first names")

# What the README says of each: its name, its row in the output, what it is good at, and what not.
NEIGHBOURS: list[tuple[str, str | None, str, str]] = [
    (
        "**dinorc** (`Ensemble()`)",
        "dinorc, Ensemble()",
        "conditions, scores, the same bits everywhere",
        "long texts, GPUs",
    ),
    (
        "Kneser-Ney n-gram (`NGram()`)",
        "Kneser-Ney n-gram (dinorc, NGram())",
        "the same, in an instant",
        "unseen sounds",
    ),
    (
        "[PyTorch](https://pytorch.org) script",
        "an LSTM in PyTorch",
        "any network, GPUs",
        "a quick start",
    ),
    (
        "[makemore](https://github.com/karpathy/makemore)",
        None,
        "study: bigrams to Transformers",
        "conditions, scores",
    ),
    (
        "[textgenrnn](https://github.com/minimaxir/textgenrnn)",
        None,
        "texts, labels, GPUs",
        "scores; needs TensorFlow",
    ),
    (
        "[markovify](https://github.com/jsvine/markovify)",
        "markovify",
        "sentences, pure Python",
        "scores, unseen sequences",
    ),
    (
        "[namemaker](https://pypi.org/project/namemaker/)",
        "namemaker",
        "lists included, pure Python",
        "scores, unseen sequences",
    ),
]

TABLES: dict[str, Callable[[], str]] = {
    each.__name__: each
    for each in (
        quality,
        quality_long,
        notebook,
        notebook_functions,
        generating,
        neighbours,
        neighbours_short,
        first_names_by_sex,
        cities_by_country,
        counted_names,
    )
}


def with_tables(page: str) -> str:
    """Return a page with its tables as the stored outputs have them."""
    return _MARKED.sub(lambda match: match[1] + TABLES[match[2]]() + match[3], page)


def main() -> None:
    """Write the tables into the pages named on the command line."""
    for path in map(Path, sys.argv[1:]):
        page = path.read_text(encoding="utf-8")
        path.write_text(with_tables(page), encoding="utf-8")
        print(f"{path}: {len(_MARKED.findall(page))} tables")


if __name__ == "__main__":
    main()
