"""The lists of names that come with the package."""

from __future__ import annotations

from pathlib import Path

_FILES = {"dinos": "dinos.txt"}


def path(name: str) -> Path:
    """Return where a bundled list lies: a UTF-8 text file, one name a line.

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
