"""Kinds of files that are neither lists of names nor models, by how they begin."""

from __future__ import annotations

GZIP = b"\x1f\x8b"

_BEGINNINGS = (
    (b"PK\x03\x04", "is a zip archive (Excel, PyTorch and numpy.savez write such)"),
    (b"\x93NUMPY", "is a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
    (GZIP, "is compressed by gzip"),
    (b"BZh91AY&SY", "is compressed by bzip2"),
    (b"\xfd7zXZ\0", "is compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "is compressed by Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive"),
    (b"PAR1\x15", "is a Parquet file"),
    (b"ARROW1\0\0", "is a file of Apache Arrow"),
    (b"SQLite format 3\0", "is a database of SQLite"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a document of an old Microsoft Office"),
    (b"%PDF-", "is a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"\x7fELF", "is a program"),
    (b"version https://git-lfs", "is a pointer of Git LFS, which stands for a file not fetched"),
    *((bytes([0x80, protocol]), "is a pickle, which is not opened") for protocol in range(2, 6)),
)


def kind_of_file(start: bytes, size: int) -> str | None:
    """Say, as the rest of a sentence, what kind of file begins so; None: it is not known."""
    for beginning, what in _BEGINNINGS:
        if start.startswith(beginning):
            return what
    if start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "is a web page"
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size - 8:
        return "is a safetensors file, but not a dinorc model"
    return None
