"""Tells by its first bytes what a file is that is not a model file."""

from __future__ import annotations

_BEGINNINGS = (
    (b"PK\x03\x04", "is a zip archive (PyTorch and numpy.savez write such)"),
    (b"\x93NUMPY", "is a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
    (b"\x1f\x8b", "is compressed by gzip"),
    (b"version https://git-lfs", "is a pointer of Git LFS, which stands for a file not fetched"),
    *((bytes([0x80, protocol]), "is a pickle, which is not opened") for protocol in range(2, 6)),
)


def what_it_is(start: bytes, size: int) -> str:
    """Return what a file is that begins with these bytes, as the rest of a sentence."""
    if size == 0:
        return "is empty"
    for beginning, what in _BEGINNINGS:
        if start.startswith(beginning):
            return what
    if start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "is a web page"
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size - 8:
        return "is a safetensors file, but not a dinorc model"
    return "is not a dinorc model"
