"""Makes the base models that come with the package, from word lists of Debian packages.

    python data/make_base.py latin FOLDER --leave-out FILE...

FOLDER holds the packages named below, each unpacked in a folder of its name (`data/README.md` has
the commands). No name of the files to leave out, one a line, is among the words and names that the
model reads, in whatever case, nor is what is made from a long one ("stegosaurian"). The model goes
to `data/latin.safetensors`; the same lists give the same one on every machine.
"""

from __future__ import annotations

import argparse
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dinorc import CharRNN


class WordList(NamedTuple):
    """A file of a package, and how many ordinary words to read from it at most."""

    package: str
    file: str
    version: str  # of the package
    sha256: str  # of the file, its first digits
    words: int
    encoding: str = "utf-8"
    nouns_have_capitals: bool = False  # not only proper names
    folder: str = "dict"


WEBSTER = WordList("miscfiles", "web2", "1.5+dfsg-4", "2929895ab3fec78c", 4_500)
SCOWL = WordList(
    "wamerican-insane", "american-english-insane", "2020.12.07-2", "19fb16e4f5262e50", 7_000
)
WORDNET = WordList(
    "wordnet-base", "index.noun", "1:3.0-37", "a490d99d93d017bf", 0, folder="wordnet"
)
ENGLISH = (WEBSTER, SCOWL)
LATIN = (
    *ENGLISH,
    WordList("wfrench", "french", "1.2.7-2", "33b3a15b7c47c4b8", 7_000),
    WordList("wspanish", "spanish", "1.0.30", "6b26adc955ec682e", 7_000),
    WordList("witalian", "italian", "1.10", "096f728b7b63073f", 7_000),
    WordList("wportuguese", "portuguese", "20220621-1", "0ae13d0be0b580a4", 4_000),
    WordList("wcatalan", "catalan", "0.20111230b-14", "f739906c89d91496", 3_000),
    WordList(
        "wngerman", "ngerman", "20161207-11", "4864ca7300aae638", 7_000, nouns_have_capitals=True
    ),
    WordList(
        "wgerman-medical",
        "german-medical",
        "20220425-1",
        "29ab6d4f4ac6a025",
        4_000,
        nouns_have_capitals=True,
    ),
    WordList("wdutch", "dutch", "1:2.20.19-2", "2e5128e8e7f9a5bd", 5_000),
    WordList("wdanish", "danish", "1.6.36-14", "ed3f6ec15d32402c", 3_500),
    WordList("wswedish", "swedish", "1.4.5-3", "0e001d6362d9a061", 3_500, encoding="latin-1"),
    WordList("wnorwegian", "bokmaal", "2.2-4", "bf70979597247908", 3_000, encoding="latin-1"),
    WordList("wpolish", "polish", "20220301-1", "e9d92b97896378f7", 4_000),
)
# The lists of ordinary words of each base, and how often it reads them and the names.
BASES = {"latin": (LATIN, 9), "english": (ENGLISH, 8)}
SETTINGS = {
    "cell": "lstm",
    "hidden_size": 128,
    "embedding_size": 64,
    "dropout": 0.2,
    "learning_rate": 6e-3,
    "weight_decay": 0.1,
    "batch_size": 64,
    "validation_fraction": 0,
    "base": None,
}
SHORTEST, LONGEST = 3, 18  # characters of a word
LONG_NAME, ENDING = 8, 2  # a word that begins like a name so long, its ending aside, is left out
GENUS = "genus_"  # before each genus in WordNet
READINGS_OF_SPECIES = 3  # of names of animals and plants, in lower case
WORDS_WITH_CAPITAL, NAMES_WITH_CAPITAL = 4, 2  # every fourth, every second is read with one, too
MANTISSA_BITS = 7  # that are kept of each weight, so that the file can be compressed


def text_of(each: WordList, folder: Path) -> str:
    """Return the text of a list, which must be that of the package's version."""
    path = folder / each.package / "usr/share" / each.folder / each.file
    data = path.read_bytes()
    if not hashlib.sha256(data).hexdigest().startswith(each.sha256):
        raise SystemExit(f"{path} is not that of {each.package} {each.version}")
    return unicodedata.normalize("NFC", data.decode(each.encoding))


class LeftOut:
    """The names that no base may read, in whatever case, and what is made from long ones."""

    def __init__(self, names: Iterable[str]) -> None:
        folded = (unicodedata.normalize("NFC", name.strip()).casefold() for name in names)
        self.names = set(folded) - {""}
        self._stems = {name[:-ENDING] for name in self.names if len(name) >= LONG_NAME}

    def has(self, word: str) -> bool:
        """Return whether a word is such a name, or begins like a long one."""
        folded = word.casefold()
        beginnings = (folded[:end] for end in range(LONG_NAME - ENDING, len(folded) + 1))
        return folded in self.names or not self._stems.isdisjoint(beginnings)


def allowed(words: Iterable[str], left_out: LeftOut) -> set[str]:
    """Return those words that consist of letters, are neither short nor long, and may be read."""
    return {
        word
        for word in words
        if word.isalpha() and SHORTEST <= len(word) <= LONGEST and not left_out.has(word)
    }


def ordinary_words(lists: Iterable[WordList], folder: Path, left_out: LeftOut) -> list[str]:
    """Return some words of each list, none of them a name by its capital."""
    chosen: set[str] = set()
    for each in lists:
        words = text_of(each, folder).split()
        candidates = (
            word
            for word in words
            if word.islower() or (each.nouns_have_capitals and word.istitle())
        )
        chosen.update(in_order(allowed(candidates, left_out))[: each.words])
    return in_order(chosen)


def names_of(each: WordList, folder: Path, left_out: LeftOut) -> set[str]:
    """Return what a list has with a capital, in lower case."""
    capitalised = (word for word in text_of(each, folder).split() if word.istitle())
    return {word.lower() for word in allowed(capitalised, left_out)}


def genera(folder: Path, left_out: LeftOut) -> set[str]:
    """Return the genera of animals and plants of WordNet."""
    lines = text_of(WORDNET, folder).splitlines()
    found = (line.split()[0].removeprefix(GENUS) for line in lines if line.startswith(GENUS))
    return allowed(found, left_out)


def all_words(lists: Iterable[WordList], folder: Path, left_out: LeftOut) -> list[str]:
    """Return what the model reads: words, names of animals and plants thrice, and other names.

    Half of Webster's capitalised words are names of animals and plants, from which dinosaurs have
    theirs, too; SCOWL's are mostly of people and places. Lists of names come in lower case or
    with capitals, so that many are read in both ways.
    """
    words = ordinary_words(lists, folder, left_out)
    of_species = in_order(genera(folder, left_out) | names_of(WEBSTER, folder, left_out))
    others = in_order(names_of(SCOWL, folder, left_out).difference(of_species))
    with_capital = [
        *words[::WORDS_WITH_CAPITAL],
        *of_species[::NAMES_WITH_CAPITAL],
        *others[::NAMES_WITH_CAPITAL],
    ]
    in_lower_case = [*words, *of_species * READINGS_OF_SPECIES, *others]
    return in_lower_case + [word.title() for word in with_capital]


def in_order(words: Iterable[str]) -> list[str]:
    """Return words in the order of their hashes, which looks random and is always the same."""
    return sorted(words, key=lambda word: hashlib.sha256(word.encode()).digest())


def rounded(weights: np.ndarray, bits: int) -> np.ndarray:
    """Return float32 numbers rounded to this many bits of mantissa, of 23."""
    dropped = 23 - bits
    integers = weights.view(np.uint32)
    return ((integers + (1 << (dropped - 1))) >> dropped << dropped).view(np.float32)


def make_base(words: list[str], epochs: int, n_jobs: int | None) -> CharRNN:
    """Return the model that has read the words, without keeping them."""
    base = CharRNN(**SETTINGS, max_epochs=epochs, n_jobs=n_jobs).fit(words)
    weights = base._trained.predictor.flat
    weights[:] = rounded(weights, MANTISSA_BITS)
    base.set_params(n_jobs=None)
    base._trained = replace(
        base._trained,
        settings=replace(base._trained.settings, n_jobs=None),
        names_text=b"",
        names_report=None,
        names_hash="",
        results=(),
        best_epoch=0,
    )
    return base


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=BASES, help="of the base")
    parser.add_argument("folder", type=Path, help="where the packages are unpacked")
    parser.add_argument("--leave-out", nargs="+", type=Path, required=True, metavar="FILE")
    parser.add_argument("--jobs", type=int, help="threads (default: all processors)")
    options = parser.parse_args()
    lines = [line for file in options.leave_out for line in file.read_text("utf-8").splitlines()]
    left_out = LeftOut(lines)
    lists, epochs = BASES[options.name]
    words = all_words(lists, options.folder, left_out)
    letters = sum(map(len, words))
    print(f"{len(words):,} words, {letters:,} letters; {len(left_out.names):,} names to leave out")
    base = make_base(words, epochs, options.jobs)
    base.save(Path(__file__).parent / f"{options.name}.safetensors")
    print(f"fingerprint {base.fingerprint()}")


if __name__ == "__main__":
    main()
