"""Where a model is written to and read from: a path, a file that is open, or bytes."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from dinorc._storage.atomic_write import write_atomically
from dinorc._validation import describe, require_path
from dinorc.errors import ModelFileError


class Opened(NamedTuple):
    """A file to read from its beginning to its end, its size in bytes, and its name in messages."""

    file: io.BufferedIOBase
    size: int
    name: str


def write_to(place: object, parts: Iterable[bytes | memoryview]) -> None:
    """Write these parts in order: to a path as a whole or not at all, or to an open file."""
    if not hasattr(place, "write"):
        write_atomically(_path(place, "a binary file to write to"), parts)
        return
    _require_binary(place)
    for part in parts:
        rest = memoryview(part)
        rest = rest.cast("B") if rest.nbytes > 0 else memoryview(b"")
        while rest:
            written = place.write(rest)
            if written is None and isinstance(place, io.RawIOBase):
                raise BlockingIOError(errno.EAGAIN, "The file can't be written to without waiting")
            rest = rest[len(rest) if written is None else written :]


@contextmanager
def opened(place: Any) -> Iterator[Opened]:
    """Open what has a model: bytes, an open file from where it stands, or the path of a file."""
    content = _content(place)
    if content is not None:
        yield Opened(io.BytesIO(content), len(content), "the bytes given")
    elif hasattr(place, "read"):
        _require_binary(place)
        read = _content(place.read())
        if read is None:
            raise TypeError(f"path is {describe(place)}, whose read gives no bytes; expected bytes")
        name = getattr(place, "name", None)
        shown = repr(name) if isinstance(name, str) else "the file given"
        yield Opened(io.BytesIO(read), len(read), shown)
    else:
        with _opened(_path(place, "bytes or a binary file to read from")) as opened_file:
            yield opened_file


def _content(value: Any) -> bytes | None:
    """Return the bytes of whatever gives access to its memory; None if it does not."""
    if isinstance(value, bytes):
        return value
    try:
        return bytes(memoryview(value))
    except TypeError:
        return None


def _require_binary(file: object) -> None:
    if isinstance(file, io.TextIOBase):
        raise TypeError(f"path is {describe(file)}, a text file; expected one opened as binary")


def _path(place: object, otherwise: str) -> str:
    if not isinstance(place, (str, os.PathLike)):
        raise TypeError(f"path is {describe(place)}; expected a str, an os.PathLike or {otherwise}")
    return require_path("path", place)


@contextmanager
def _opened(path: str) -> Iterator[Opened]:
    """Open a regular file to read; anything else could be endless, or keep us waiting.

    Every error of opening or reading is an OSError that names the path.
    """
    try:
        if Path(path).is_dir():
            raise ModelFileError(f"{path!r} is a directory; expected a model file")
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ModelFileError(f"{path!r} is a device or a pipe; expected a model file")
            yield Opened(file, status.st_size, repr(path))
    except OSError as error:
        # An error of reading names no file.
        raise OSError(error.errno, error.strerror, path) from error
