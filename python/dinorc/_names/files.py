"""Reads lists of names, from files or standard input: bytes that become text."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable
from typing import NamedTuple

from dinorc._names.file_kinds import GZIP, kind_of_file
from dinorc._validation import describe

ERRORS = ("strict", "skip", "replace")  # what to do about lines that are not in the encoding

_BAD = "\udfff"  # stands for bytes that are not in the encoding; no text has it
codecs.register_error("dinorc.mark", lambda error: (_BAD, error.end))  # type: ignore[attr-defined]

_LOOKED_AT = 4096  # bytes, to tell a text from anything else
_BYTE_ORDER_MARKS = (  # those of UTF-32 first, as one of UTF-16 is the beginning of one of them
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded(NamedTuple):
    """A text, and how many of its lines were not in the encoding."""

    text: str
    bad_lines: int


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


def require_errors(errors: object) -> str:
    """Return the value, if it says what to do about lines that are not in the encoding."""
    if not isinstance(errors, str) or errors not in ERRORS:
        raise ValueError(f"errors is {describe(errors)}; expected 'strict', 'skip' or 'replace'")
    return errors


def unpacked(content: bytes, source: str) -> bytes:
    """Return the content of a file; that of one compressed by gzip, which its beginning tells."""
    if not content.startswith(GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{source} is compressed by gzip, and damaged ({error}); expected the whole file"
        ) from None


def decoded(
    content: bytes,
    source: str,
    encoding: str,
    errors: str = "strict",
    option: Callable[[str, str], str] = "{}={!r}".format,
) -> Decoded:
    """Return the text of a list of names, without a byte-order mark at its beginning.

    Lines with bytes that are not in the encoding are made blank ("skip"), or such bytes replaced;
    or ("strict") a ValueError names `source`, the first such byte and its line, and the options
    that help, in the words of `option`.
    """
    _require_text(content, source, encoding, option)
    try:
        return Decoded(content.decode(encoding).removeprefix("\ufeff"), 0)
    except UnicodeDecodeError as error:
        first = content[error.start]
    lines = split_lines(content.decode(encoding, "dinorc.mark").removeprefix("\ufeff"))
    bad = [number for number, line in enumerate(lines, start=1) if _BAD in line]
    if errors == "replace":
        return Decoded("".join(lines).replace(_BAD, "\ufffd"), len(bad))
    if errors == "skip":
        for number in bad:
            line = lines[number - 1]
            lines[number - 1] = line[len(line.rstrip("\r\n")) :]
        return Decoded("".join(lines), len(bad))
    likely = _likely_encoding(content, encoding, lines)
    perhaps = "" if likely is None else f"{option('encoding', likely)} perhaps, or "
    raise ValueError(
        f"{source} is not in {encoding}: byte 0x{first:02x} in line {bad[0]:,}, "
        + (f"the first of {len(bad):,} bad lines" if len(bad) > 1 else "the only bad line")
        + f" of {len(lines):,}; expected {perhaps}{option('errors', 'skip')}, which leaves such "
        f"lines out, or {option('errors', 'replace')}, which puts U+FFFD for such bytes"
    )


def split_lines(text: str) -> list[str]:
    r"""Return the lines with their ends, "\n", "\r" or "\r\n"; str.splitlines has eight more."""
    return list(io.StringIO(text, newline=""))


def _require_text(
    content: bytes, source: str, encoding: str, option: Callable[[str, str], str]
) -> None:
    """Raise where the content is no text, or one in an encoding with two or four bytes at least."""
    start = content[:_LOOKED_AT]
    what = kind_of_file(start, len(content))
    if what is not None:
        if b'"format":"dinorc model"' in start:
            what = "is a dinorc model"
        raise ValueError(f"{source} {what}; expected a list of names, as text")
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        return
    wide = _wide_encoding(content)
    if wide is not None:
        raise ValueError(f"{source} is not in {encoding}; expected {option('encoding', wide)}")
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in start)
    if controls > max(4, len(start) // 20):
        raise ValueError(f"{source} is not a text; expected a list of names, one per line")


def _wide_encoding(content: bytes) -> str | None:
    """Return the encoding of a text in UTF-16 or UTF-32, by its mark or its zero bytes."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:_LOOKED_AT]
    even, odd = (start[first::2].count(0) for first in (0, 1))
    zeros = max(even, odd)
    if len(content) % 2 == 0 and zeros > max(2, len(start) // 6) and min(even, odd) == 0:
        return "utf-16-be" if even > 0 else "utf-16-le"
    return None


def _likely_encoding(content: bytes, tried: str, lines: list[str]) -> str | None:
    """Return the likeliest encoding of a text that is not in the one tried; None: nobody knows."""
    if not codecs.lookup(tried).name.startswith("utf-8"):
        likely = "utf-8"
    elif sum(not line.isascii() and _BAD not in line for line in lines):
        return None  # other lines are: no text of another encoding has such by chance
    else:
        likely = "cp1252"
    try:
        content.decode(likely)
    except UnicodeDecodeError:
        return None
    return likely
