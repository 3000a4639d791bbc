"""Decodes a list of names, from a file or standard input, into lines of text."""

from __future__ import annotations

import codecs
import io

from dinorc._validation import describe


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


def decoded_lines(
    content: bytes, source: str, encoding: str, advice: str = "encoding={!r}"
) -> list[str]:
    """Return the lines with their line ends, without a byte-order mark at the beginning.

    Bytes that are not in the encoding raise a ValueError that names `source`, the first such byte
    and its line, and the likely encoding in the words of `advice`.
    """
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "ignore")
        raise ValueError(
            f"{source} is not in {encoding}: byte 0x{content[error.start]:02x} in line "
            f"{len(_lines(before + '.'))}; expected {advice.format(_likely_encoding(content))} "
            "perhaps"
        ) from None
    return _lines(text.removeprefix("\ufeff"))


def _lines(text: str) -> list[str]:
    # Lines end at "\n", "\r" or "\r\n" only; str.splitlines has eight more line ends.
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
