"""The lists of names that come with the package, and lists from files."""

from __future__ import annotations

import os
from pathlib import Path

from dinorc._names import files

__all__ = ["load", "path", "read"]

_FILES = {"dinos": "dinos.txt"}


def path(name: str) -> Path:
    """Return the path of a bundled list: a UTF-8 text file, one name per line.

    Parameters
    ----------
    name : str
        ``"dinos"``: genera of dinosaurs, lower-case a to z, in alphabetical order.

    Raises
    ------
    ValueError
        If there is no list of that name.

    Examples
    --------
    >>> from dinorc import datasets
    >>> datasets.path("dinos").name
    'dinos.txt'
    """
    if name not in _FILES:
        known = ", ".join(repr(known_name) for known_name in _FILES)
        raise ValueError(f"name is {name!r}; expected one of the bundled lists: {known}")
    return Path(__file__).parent / "data" / _FILES[name]


def load(name: str) -> list[str]:
    """Return a bundled list of names.

    Parameters
    ----------
    name : str
        As for `path`.

    Returns
    -------
    list of str
        The names, without line ends.

    Raises
    ------
    ValueError
        If there is no list of that name.

    Examples
    --------
    >>> from dinorc import datasets
    >>> "triceratops" in datasets.load("dinos")
    True
    """
    return path(name).read_text(encoding="utf-8").split()


def read(file: str | os.PathLike[str], encoding: str = "utf-8") -> list[str]:
    r"""Return the names of a text file, one per line.

    Blank lines, white space around names, a byte-order mark and line ends of any kind are left out.

    Parameters
    ----------
    file : str or os.PathLike
        The file.
    encoding : str
        Its encoding, as `open` takes it.

    Returns
    -------
    list of str
        The names, in the order of the file, copies included.

    Raises
    ------
    OSError
        If the file can't be read.
    ValueError
        If there is no such encoding, or the file is not in it; the message names the first wrong
        byte and its line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from dinorc import datasets
    >>> file = pathlib.Path(tempfile.mkdtemp(), "names.txt")
    >>> file.write_bytes(b"Ann\r\n\r\nBob \r\n")
    13
    >>> datasets.read(file)
    ['Ann', 'Bob']
    """
    files.require_encoding(encoding)
    lines = files.decoded_lines(Path(file).read_bytes(), os.fspath(file), encoding)
    return [name for line in lines if (name := line.strip())]
