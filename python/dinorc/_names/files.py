"""Reads lists of names, from files or standard input: bytes that become lines of text."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib

from dinorc._validation import describe

_GZIP = b"\x1f\x8b"


def require_encoding(encoding: object) -> str:
    """Return the encoding, if it is a text encoding that Python knows."""
    if not isinstance(encoding, str):
        raise TypeError(f"encoding is {describe(encoding)}; expected a str")
    try:
        ".".encode(encoding)
    except (LookupError, ValueError):  # ValueError: no possible name, or for host names only
        raise ValueError(
            f"encoding is {encoding!r}; expected a text encoding that Python knows"
        ) from None
    return encoding


def unpacked(content: bytes, source: str) -> bytes:
    """Return the content of a file; that of one compressed by gzip, which its beginning tells."""
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{source} is compressed by gzip, and damaged ({error}); expected the whole file"
        ) from None


def decoded(content: bytes, source: str, encoding: str, advice: str = "encoding={!r}") -> str:
    """Return the text of a list of names, without a byte-order mark at its beginning.

    Bytes that are not in the encoding raise a ValueError that names `source`, the first such byte
    and its line, and the likely encoding in the words of `advice`.
    """
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "ignore")
        line = len(split_lines(before + "."))
        raise ValueError(
            f"{source} is not in {encoding}: byte 0x{content[error.start]:02x} in line {line}; "
            f"expected {advice.format(_likely_encoding(content))} perhaps"
        ) from None
    return text.removeprefix("\ufeff")


def split_lines(text: str) -> list[str]:
    r"""Return the lines with their ends, "\n", "\r" or "\r\n"; str.splitlines has eight more."""
    return list(io.StringIO(text, newline=""))


def _likely_encoding(content: bytes) -> str:
    """Return the likeliest encoding of a file that is not in the expected one."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
