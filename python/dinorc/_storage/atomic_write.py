"""Writing a file as a whole or not at all: its path always holds the old file or the new one."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_atomically(path: str, parts: Iterable[bytes | memoryview]) -> None:
    """Replace the file at `path`, or the one a link there points to, by these parts in order.

    They go to a temporary file in the same folder, which is on the disk before it takes the name.
    The permissions of an old file are kept. Every error is an OSError that names the path.
    """
    try:
        target = Path(os.path.realpath(path))
        permissions = _permissions_of_replaceable(target)
        folder = target.parent
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, f"There is no folder {str(folder)!r}")
        # A killed process leaves the temporary file behind: its name says what it was.
        temporary = folder / f".dinorc-{secrets.token_hex(8)}.tmp"
        try:
            _write_to_disk(temporary, permissions, parts)
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _flush_folder(folder)
    except OSError as error:
        # The error of a full disk names no file, and the temporary file's name would not help.
        raise OSError(error.errno, error.strerror, path) from error


def _permissions_of_replaceable(target: Path) -> int | None:
    """Return the permissions of the file that is there; None if there is no file."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory, not a file")
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "Is not a regular file, and can't be replaced by one")
    if not os.access(target, os.W_OK):
        # Renaming would succeed, but whoever made it read-only did not want that.
        raise PermissionError(errno.EACCES, "Is read-only")
    return stat.S_IMODE(old.st_mode)


def _write_to_disk(
    path: Path, permissions: int | None, parts: Iterable[bytes | memoryview]
) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Without an old file, the process's umask restricts the permissions, as for any new file.
    descriptor = os.open(path, flags, 0o666 if permissions is None else permissions & 0o777)
    with os.fdopen(descriptor, "wb") as file:
        if permissions is not None:
            path.chmod(permissions)
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Write the new name to the disk, too, where the system can do that."""
    # The file is whole and in its place: a system that can't flush folders is no failure.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
