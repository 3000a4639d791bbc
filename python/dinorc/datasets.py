"""The lists of names that come with the package, and lists from files."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias, overload

from dinorc import _core
from dinorc._names import files, tables
from dinorc._validation import describe

__all__ = ["Columns", "load", "path", "read"]

Files: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

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
    # Beside the core: in an editable installation the Python files are elsewhere.
    return Path(_core.__file__).parent / "data" / _FILES[name]


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


class Columns(NamedTuple):
    """What `read` has found in a table: an item of each list for each row."""

    names: list[str]
    counts: list[float] | None  # None: they were not asked for
    labels: list[str] | None


@overload
def read(
    file: Files,
    encoding: str = ...,
    *,
    errors: str = ...,
    strip: bool = ...,
    column: str | int | None = ...,
    count_column: None = ...,
    label_column: None = ...,
) -> list[str]: ...
@overload
def read(
    file: Files,
    encoding: str = ...,
    *,
    errors: str = ...,
    strip: bool = ...,
    column: str | int | None = ...,
    count_column: str | int,
    label_column: str | int | None = ...,
) -> Columns: ...
@overload
def read(
    file: Files,
    encoding: str = ...,
    *,
    errors: str = ...,
    strip: bool = ...,
    column: str | int | None = ...,
    count_column: str | int | None = ...,
    label_column: str | int,
) -> Columns: ...
def read(
    file: Files,
    encoding: str = "utf-8",
    *,
    errors: str = "strict",
    strip: bool = True,
    column: str | int | None = None,
    count_column: str | int | None = None,
    label_column: str | int | None = None,
) -> list[str] | Columns:
    r"""Return the names of text files, one per line, or of a column of tables, CSV or TSV.

    Blank lines, white space around names, a byte-order mark and line ends of any kind are left out.
    Files may be compressed by gzip, whatever they are called.

    Parameters
    ----------
    file : str, os.PathLike or iterable of these
        The file, or several, whose names follow each other.
    encoding : str
        Their encoding, as `open` takes it.
    errors : {"strict", "skip", "replace"}
        What to do about lines with bytes that are not in the encoding: raise an error, leave them
        out, or put U+FFFD for such bytes.
    strip : bool
        Whether white space around names is left out. False keeps it, for models with the same
        setting; but that around the cells of tables is always left out.
    column : str or int, optional
        The column of the names: its title in the first line, in upper or lower case, or its number,
        from 0, or from the end if negative. The files are then tables, with commas, semicolons or
        tabs between the columns, which is found out, and quotation marks as in CSV; rows without a
        name are left out. A number may be used with or without a line of titles: the first line is
        left out if it has a text above a column of numbers, or a word such as "name" or "count",
        which no other line has below it.
        None: there are no columns; or, beside the next two, the likeliest one.
    count_column, label_column : str or int, optional
        The columns that tell how often a name came, and of which kind it is.

    Returns
    -------
    list of str, or Columns
        The names, in the order of the file, copies included. With `count_column` or `label_column`,
        a named tuple of the lists ``names``, ``counts`` (int, or float where they are not whole)
        and ``labels`` (str), each None if it was not asked for.

    Raises
    ------
    OSError
        If a file can't be read.
    TypeError, ValueError
        If an argument is not as described; if there is no such encoding; if a file is no text, or
        not in the encoding: the message names the first wrong byte and its line, how many lines
        are wrong, and what would help; or if a table has no such column, or a
        row lacks it or has a count that is not a number of 0 or more.

    Warns
    -----
    UserWarning
        If most lines end in a delimiter and a number, and no column is chosen.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from dinorc import datasets
    >>> file = pathlib.Path(tempfile.mkdtemp(), "names.txt")
    >>> file.write_bytes(b"Ann\r\n\r\nBob \r\n")
    13
    >>> datasets.read(file)
    ['Ann', 'Bob']

    A table:

    >>> file.write_text("name,sex,count\nAnn,F,12\nBob,M,3\n")
    32
    >>> datasets.read(file, column="name")
    ['Ann', 'Bob']
    >>> datasets.read(file, column="name", count_column="count", label_column="sex")
    Columns(names=['Ann', 'Bob'], counts=[12, 3], labels=['F', 'M'])
    """
    files.require_encoding(encoding)
    files.require_errors(errors)
    if not isinstance(strip, bool):
        raise TypeError(f"strip is {describe(strip)}; expected True or False")
    choice = tables.Choice.checked(column, count_column, label_column)
    paths = [file] if isinstance(file, (str, os.PathLike)) else list(file)
    rows: list[tables.Row] = []
    for each in paths:
        source = os.fspath(each)
        content = files.unpacked(Path(each).read_bytes(), source)
        text, _ = files.decoded(content, source, encoding, errors)
        if choice.is_given:
            rows += tables.read_rows(text, source, choice)
            continue
        place = tables.ending_in_numbers(text)
        if place is not None:
            warnings.warn(
                f"most lines of {source} end in a number after a comma, semicolon or tab, which "
                f"is now a part of the names; column={place} reads the names alone",
                stacklevel=2,
            )
        lines = enumerate(files.split_lines(text), start=1)
        around = None if strip else "\r\n"
        rows += [tables.Row(n, name) for n, line in lines if (name := line.strip(around))]
    names = [row.name for row in rows]
    if count_column is None and label_column is None:
        return names
    return Columns(
        names,
        None if count_column is None else [row.count for row in rows],
        None if label_column is None else [row.label for row in rows],
    )
