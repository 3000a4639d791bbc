"""Makes the base models that come with the package, from word lists of Debian packages.

    python data/make_base.py latin FOLDER --leave-out data/dinos.txt FILE...

FOLDER holds the packages named below, each unpacked in a folder of its name (`data/README.md` has
the commands). No name of the files to leave out, one a line, is among the words that the model
reads, in whatever case, nor is what is made from a long one ("stegosaurian"). The model goes to
`data/latin.safetensors`; the same lists give the same one on every machine.
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
    """A file of a package, and how many words to read from it at most."""

    package: str
    file: str
    version: str  # of the package
    sha256: str  # of the file, its first digits
    words: int
    encoding: str = "utf-8"
    nouns_have_capitals: bool = False  # not only proper names


ENGLISH = (
    WordList("miscfiles", "web2", "1.5+dfsg-4", "2929895ab3fec78c", 40_000),
    WordList(
        "wamerican-insane", "american-english-insane", "2020.12.07-2", "19fb16e4f5262e50", 60_000
    ),
)
LATIN = (
    *ENGLISH,
    WordList("wfrench", "french", "1.2.7-2", "33b3a15b7c47c4b8", 14_000),
    WordList("wspanish", "spanish", "1.0.30", "6b26adc955ec682e", 14_000),
    WordList("witalian", "italian", "1.10", "096f728b7b63073f", 14_000),
    WordList("wportuguese", "portuguese", "20220621-1", "0ae13d0be0b580a4", 8_000),
    WordList("wcatalan", "catalan", "0.20111230b-14", "f739906c89d91496", 6_000),
    WordList(
        "wngerman", "ngerman", "20161207-11", "4864ca7300aae638", 14_000, nouns_have_capitals=True
    ),
    WordList(
        "wgerman-medical",
        "german-medical",
        "20220425-1",
        "29ab6d4f4ac6a025",
        8_000,
        nouns_have_capitals=True,
    ),
    WordList("wdutch", "dutch", "1:2.20.19-2", "2e5128e8e7f9a5bd", 10_000),
    WordList("wdanish", "danish", "1.6.36-14", "ed3f6ec15d32402c", 7_000),
    WordList("wswedish", "swedish", "1.4.5-3", "0e001d6362d9a061", 7_000, encoding="latin-1"),
    WordList("wnorwegian", "bokmaal", "2.2-4", "bf70979597247908", 6_000, encoding="latin-1"),
    WordList("wpolish", "polish", "20220301-1", "e9d92b97896378f7", 8_000),
)
# The lists of each base, and how often it reads them: about as many words in all.
BASES = {"latin": (LATIN, 2), "english": (ENGLISH, 4)}
SETTINGS = {
    "cell": "lstm",
    "hidden_size": 128,
    "embedding_size": 64,
    "dropout": 0.3,
    "learning_rate": 4e-3,
    "weight_decay": 0.1,
    "batch_size": 32,
    "validation_fraction": 0,
    "base": None,
}
SHORTEST, LONGEST = 3, 18  # characters of a word
LONG_NAME, ENDING = 8, 2  # a word that begins like a name so long, its ending aside, is left out
CAPITALISED = 4  # every fourth word is read with a capital, too
MANTISSA_BITS = 7  # that are kept of each weight, so that the file can be compressed


def read(each: WordList, folder: Path) -> set[str]:
    """Return the words of a list that consist of letters."""
    path = folder / each.package / "usr/share/dict" / each.file
    data = path.read_bytes()
    if not hashlib.sha256(data).hexdigest().startswith(each.sha256):
        raise SystemExit(f"{path} is not that of {each.package} {each.version}")
    words = {unicodedata.normalize("NFC", word) for word in data.decode(each.encoding).split()}
    return {word for word in words if word.isalpha() and SHORTEST <= len(word) <= LONGEST}


def proper_names(lists: dict[WordList, set[str]]) -> set[str]:
    """Return the words, without regard to case, that a list has with a capital at the beginning."""
    return {
        word.casefold()
        for each, words in lists.items()
        if not each.nouns_have_capitals
        for word in words
        if word.istitle()
    }


def all_words(lists: tuple[WordList, ...], folder: Path, names: set[str]) -> list[str]:
    """Return what the model reads: some words of all lists, and a part of them with a capital.

    Proper names are left out, even where they are words, too ("grace"): many are first names, and
    models of such are judged by names that no base has read.
    """
    letters_only = {each: read(each, folder) for each in lists}
    left_out = names | proper_names(letters_only)
    stems = {name[:-ENDING] for name in names if len(name) >= LONG_NAME}

    def is_read(word: str, each: WordList) -> bool:
        folded = word.casefold()
        beginnings = (folded[:end] for end in range(LONG_NAME - ENDING, len(folded) + 1))
        return (
            (word.islower() or (each.nouns_have_capitals and word.istitle()))
            and folded not in left_out
            and stems.isdisjoint(beginnings)
        )

    chosen: set[str] = set()
    for each, words in letters_only.items():
        chosen.update(in_order(word for word in words if is_read(word, each))[: each.words])
    in_lower_case = in_order(chosen)
    return in_lower_case + [word.title() for word in in_lower_case[::CAPITALISED]]


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
    names = {unicodedata.normalize("NFC", line.strip()).casefold() for line in lines} - {""}
    lists, epochs = BASES[options.name]
    words = all_words(lists, options.folder, names)
    letters = sum(map(len, words))
    print(f"{len(words):,} words, {letters:,} letters; {len(names):,} names to leave out")
    base = make_base(words, epochs, options.jobs)
    base.save(Path(__file__).parent / f"{options.name}.safetensors")
    print(f"fingerprint {base.fingerprint()}")


if __name__ == "__main__":
    main()
