"""The lists of names by which `quality.py` judges.

    python benchmarks/judged_lists.py FOLDER

writes each of them, and those of `kinds_of_names.py` and `counted_names.py`, to a file of the
folder, for `data/make_base.py --leave-out`: a base model must not have read them.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from notebook import ROOT

# 31,033 first names, which are not part of the project.
FIRST_NAMES = ROOT.parent / "shared" / "data" / "names_train.txt"
MOST_HELD_OUT = 1000


@dataclass
class JudgedList:
    """A list of names, and how many of them to learn at a time."""

    title: str
    names: list[str]
    sizes: tuple[int, ...]


@dataclass
class Task:
    """Names to learn, and others to judge by, drawn from a list.

    Only names whose characters the training names have are judged by: strict models give others no
    probability. They are distinct and not among the training names.
    """

    title: str
    training: list[str]
    held_out: list[str] = field(repr=False)

    @classmethod
    def drawn(cls, judged: JudgedList, size: int, draw: int) -> Task:
        """Draw `size` names to learn; the held-out ones are the same for all sizes of a draw."""
        names = sorted(set(judged.names))
        random.Random(draw).shuffle(names)
        most = min(MOST_HELD_OUT, len(names) - size)
        held_out, rest = names[:most], names[most:]
        training = rest[:size]
        known = set().union(*training)
        return cls(judged.title, training, [name for name in held_out if known.issuperset(name)])

    @property
    def characters(self) -> int:
        """How many characters are held out, ends included."""
        return sum(len(name) + 1 for name in self.held_out)


def judged_lists() -> list[JudgedList]:
    """Return the lists that this machine has."""
    dinosaurs = (ROOT / "data" / "dinos.txt").read_text(encoding="utf-8").split()
    lists = [JudgedList("dinosaurs", dinosaurs, (30, 60, 300, 1200))]
    if FIRST_NAMES.exists():
        names = FIRST_NAMES.read_text(encoding="utf-8").split()
        lists.append(JudgedList("first names", names, (30, 300, 1000, 5000)))
    return lists + [
        JudgedList("Slovak towns", _places("sk_SK", "cities"), (300, 1000)),
        JudgedList("Greek places", _places("el_GR", "localities"), (300, 1000)),
    ]


def long_list() -> Task:
    """Return the task of all first names: a thousand lines of the list held out, the rest learned.

    The list has some names twice, so that a few of those held out are learned as well.
    """
    names = FIRST_NAMES.read_text(encoding="utf-8").split()
    random.Random(0).shuffle(names)
    return Task("first names", names[MOST_HELD_OUT:], names[:MOST_HELD_OUT])


def _places(locale: str, attribute: str) -> list[str]:
    """Return a list of places of the package Faker, with capitals and accents as they are."""
    import importlib

    provider = importlib.import_module(f"faker.providers.address.{locale}").Provider
    return [unicodedata.normalize("NFC", name.strip()) for name in getattr(provider, attribute)]


def main() -> None:
    """Write the lists."""
    from kinds_of_names import cities, us_first_names

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    lists = {judged.title: judged.names for judged in judged_lists()}
    lists["US first names"] = [name for name, _ in us_first_names()]
    lists["cities"] = [name for name, _ in cities()]
    for title, names in lists.items():
        path = folder / f"{title.replace(' ', '_')}.txt"
        path.write_text("\n".join(names) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
