"""Makes the base model that comes with the package, from word lists of Debian packages.

    python data/make_base.py FOLDER --leave-out data/dinos.txt FILE... -o data/latin.safetensors

FOLDER holds the packages named below, each unpacked in a folder of its name (`data/README.md` has
the commands). Names of the files to leave out, one a line, are not among the words that the model
reads, nor is what is made from a long one ("stegosaurian"). The same lists give the same bytes on
every machine.
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
    version: str
    file: str
    sha256: str
    words: int
    encoding: str = "utf-8"
    has_capitals: bool = False  # common nouns have them, not only proper names


LISTS = (
    WordList(
        "miscfiles",
        "debs/miscfiles",
        "web2",
        "2929895ab3fec78c6963ebe5cbb3493fe4fc9e11eba095a522787b8afc53a863",
        20_000,
    ),
    WordList(
        "wamerican-insane",
        "debs/wamerican-insane",
        "american-english-insane",
        "19fb16e4f5262e5007e9b203a4d5cc3cd05834987b2f2c1e037bc6329c2a6fd4",
        30_000,
    ),
    WordList(
        "wfrench",
        "debs/wfrench",
        "french",
        "33b3a15b7c47c4b85aaafa7c8b41d3fee9c7ca1383381bb8f710372ce7474f06",
        15_000,
    ),
    WordList(
        "wspanish",
        "debs/wspanish",
        "spanish",
        "6b26adc955ec682e41e98d626d0ed1f778511065ee1f7f19c28e8b3cb574b9b6",
        15_000,
    ),
    WordList(
        "witalian",
        "debs/witalian",
        "italian",
        "096f728b7b63073f32604dfaa7c5dbf5b2d32123880f0b05fe462670630f6218",
        15_000,
    ),
    WordList(
        "wportuguese",
        "debs/wportuguese",
        "portuguese",
        "0ae13d0be0b580a4f279e64c963371824092d05acca48a2523f562c228144536",
        15_000,
    ),
    WordList(
        "wcatalan",
        "debs/wcatalan",
        "catalan",
        "f739906c89d914965388e3771c4dfcd6203e00976bf5c458e52024c94e10b57d",
        10_000,
    ),
    WordList(
        "wngerman",
        "debs/wngerman",
        "ngerman",
        "4864ca7300aae638c611114092ed566ba232b35e42280fcfb5509c5d121b307d",
        15_000,
        has_capitals=True,
    ),
    WordList(
        "wgerman-medical",
        "debs/wgerman-medical",
        "german-medical",
        "29ab6d4f4ac6a025c37613be9fe371907558b5a4a6cc3b159b9b803c0a6e6b6b",
        10_000,
        has_capitals=True,
    ),
    WordList(
        "wdutch",
        "debs/wdutch",
        "dutch",
        "2e5128e8e7f9a5bdfc427c784c839986b0df1386cc53aef90ed2df71644f3987",
        12_000,
    ),
    WordList(
        "wdanish",
        "debs/wdanish",
        "danish",
        "ed3f6ec15d32402c143539a1c0ec8f57b454a0fa758e23e7a2156b0a1119942b",
        10_000,
    ),
    WordList(
        "wswedish",
        "debs/wswedish",
        "swedish",
        "0e001d6362d9a06105354c4e5de3b4cbc320a327dcb59dc1a42c48f3b7231513",
        10_000,
        "latin-1",
    ),
    WordList(
        "wnorwegian",
        "debs/wnorwegian",
        "bokmaal",
        "bf709795972479081fef367f4056ba89f66486a6c7c26d8aed1f1a3276ec6f3a",
        10_000,
        "latin-1",
    ),
    WordList(
        "wpolish",
        "debs/wpolish",
        "polish",
        "e9d92b97896378f7907ee9b77e7ef3c26da4fc596bdf9de0262520c3c471f2b1",
        12_000,
    ),
)
SETTINGS = {
    "cell": "lstm",
    "hidden_size": 128,
    "embedding_size": 32,
    "dropout": 0.0,
    "learning_rate": 4e-3,
    "weight_decay": 0.0,
    "batch_size": 64,
    "max_epochs": 4,
    "validation_fraction": 0,
}
SHORTEST, LONGEST = 3, 18  # characters of a word
LONG_NAME, ENDING = 8, 2  # a word that begins like a name so long, its ending aside, is left out
CAPITALISED = 4  # every fourth word is read with a capital, too
MANTISSA_BITS = 7  # that are kept of each weight, so that the file can be compressed


def words_of(each: WordList, folder: Path, names: set[str]) -> list[str]:
    """Return the chosen words of a list, in an order that looks random and is always the same.

    Proper names are left out: many are first names, and models of such are judged by what no base
    has read.
    """
    path = folder / each.package / "usr/share/dict" / each.file
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != each.sha256:
        raise SystemExit(f"{path} is not that of {each.package} {each.version}")
    stems = {name[:-ENDING] for name in names if len(name) >= LONG_NAME}
    words = {unicodedata.normalize("NFC", line) for line in data.decode(each.encoding).split()}
    kept = [
        word
        for word in words
        if word.isalpha()
        and (word.islower() or (each.has_capitals and word.istitle()))
        and SHORTEST <= len(word) <= LONGEST
        and is_allowed(word.casefold(), names, stems)
    ]
    return in_order(kept)[: each.words]


def is_allowed(word: str, names: set[str], stems: set[str]) -> bool:
    """Tell whether a word is none of the names, nor begins like a long one."""
    beginnings = (word[:length] for length in range(LONG_NAME - ENDING, len(word) + 1))
    return word not in names and not any(beginning in stems for beginning in beginnings)


def in_order(words: Iterable[str]) -> list[str]:
    """Return words in the order of their hashes."""
    return sorted(words, key=lambda word: hashlib.sha256(word.encode()).digest())


def all_words(folder: Path, names: set[str]) -> list[str]:
    """Return what the model reads: the words of all lists, and some of them with a capital."""
    words = in_order({word for each in LISTS for word in words_of(each, folder, names)})
    return words + [word.title() for word in words[::CAPITALISED] if word.islower()]


def rounded(weights: np.ndarray, bits: int) -> np.ndarray:
    """Return float32 numbers rounded to this many bits of mantissa, of 23."""
    dropped = 23 - bits
    integers = weights.view(np.uint32)
    return ((integers + (1 << (dropped - 1))) >> dropped << dropped).view(np.float32)


def make_base(words: list[str], n_jobs: int | None) -> CharRNN:
    """Return the model that has read the words, without keeping them."""
    base = CharRNN(**SETTINGS, n_jobs=n_jobs).fit(words)
    flat = base._trained.predictor.flat
    flat[:] = rounded(flat, MANTISSA_BITS)
    base._trained = replace(
        base._trained, names_text=b"", names_report=None, names_hash="", results=(), best_epoch=0
    )
    return base.set_params(n_jobs=None)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the packages are unpacked")
    parser.add_argument("--leave-out", nargs="+", type=Path, required=True, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--jobs", type=int)
    options = parser.parse_args()
    lines = [line for file in options.leave_out for line in file.read_text("utf-8").split("\n")]
    names = {unicodedata.normalize("NFC", line.strip()).casefold() for line in lines} - {""}
    words = all_words(options.folder, names)
    print(
        f"{len(words):,} words, {sum(map(len, words)):,} characters; {len(names):,} names left out"
    )
    base = make_base(words, options.jobs)
    base.save(options.output)
    print(f"fingerprint {base.fingerprint()}")


if __name__ == "__main__":
    main()
