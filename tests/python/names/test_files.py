"""Lists in another encoding, with bad bytes, or that are no text: what is said, and what helps."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dinorc import NGram, datasets
from helpers import refused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "names.txt"


def advice(file: Path, content: bytes, encoding: str) -> str:
    """Return the error of a list that can't be read."""
    file.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(str(file))) as caught:
        datasets.read(file, encoding)
    return str(caught.value)


# ---- bytes that are not in the encoding ---------------------------------------------------------


def test_one_bad_byte_in_utf_8_is_not_another_encoding(file: Path) -> None:
    said = advice(file, "Zoë\nChloë\n".encode() + b"b\xffb\nann\n", "utf-8")
    assert "byte 0xff in line 3, the only bad line of 4" in said
    assert "expected errors='skip'" in said
    assert "errors='replace'" in said
    assert "cp1252" not in said


def test_the_advice_can_be_followed(file: Path) -> None:
    file.write_bytes("Zoë\n".encode() + b"b\xffb\r\nann\n")
    assert datasets.read(file, errors="skip") == ["Zoë", "ann"]
    assert datasets.read(file, errors="replace") == ["Zoë", "b\ufffdb", "ann"]
    file.write_bytes("Zoë\nann\n".encode("cp1252"))
    assert datasets.read(file, "cp1252") == ["Zoë", "ann"]


@pytest.mark.parametrize(
    ("content", "tried", "likely", "bad"),
    [
        (b"Zo\xeb\nChlo\xeb\nann\n", "utf-8", "cp1252", "line 1, the first of 2 bad lines of 3"),
        (b"Zo\xeb", "UTF8", "cp1252", "line 1, the only bad line of 1"),
        ("Zoë".encode(), "ascii", "utf-8", "byte 0xc3 in line 1"),
        (b"Zo\xeb", "ascii", None, "byte 0xeb"),
        ("ÁÏ\n".encode(), "cp1252", "utf-8", "byte 0x81"),
        (b"\x81\xff", "cp1252", None, "byte 0x81"),
        (b"\x81\xff", "utf-8", None, "byte 0x81"),
        (b"Zo\xeb\n\x81", "utf-8", None, "byte 0xeb"),
        (b"ann\nbob", "utf-16", "utf-8", "byte 0x62"),
    ],
)
def test_the_encoding_just_tried_is_not_suggested(
    file: Path, content: bytes, tried: str, likely: str | None, bad: str
) -> None:
    said = advice(file, content, tried)
    assert bad in said
    assert re.findall(r"encoding='([^']*)'", said) == ([likely] if likely else [])
    if likely:
        assert datasets.read(file, likely)
    assert datasets.read(file, tried, errors="skip") == [
        line
        for line in content.decode(tried, "replace").split("\n")
        if line and "\ufffd" not in line
    ]


@pytest.mark.parametrize("wide", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("tried", ["utf-8", "ascii", "cp1252", "latin-1"])
def test_two_bytes_a_character_are_known(file: Path, wide: str, tried: str) -> None:
    for names in (["Anna", "Zoë"], ["a" * 3_000] * 3):
        said = advice(file, "\n".join(names).encode(wide), tried)
        (likely,) = re.findall(r"encoding='([^']*)'", said)
        if wide != "utf-32" or len(names[0]) < 10:
            assert likely == wide


@pytest.mark.parametrize("errors", ["ignore", "", None, 1])
def test_what_to_do_about_bad_lines_is_one_of_three(file: Path, errors: object) -> None:
    with refused(ValueError, "^errors is ", "'strict', 'skip' or 'replace'"):
        datasets.read(file, errors=errors)  # type: ignore[arg-type]


# ---- what is no text ----------------------------------------------------------------------------


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("names.txt", "ann")
    return made.getvalue()


def array() -> bytes:
    made = io.BytesIO()
    np.save(made, np.arange(3))
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zipped(), "is a zip archive"),
        (array(), "is a NumPy array"),
        (bz2.compress(b"ann"), "is compressed by bzip2"),
        (lzma.compress(b"ann"), "is compressed by xz"),
        (pickle.dumps(["ann"]), "is a pickle"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b"\n<!DOCTYPE html>\n<title>404</title>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (bytes(range(256)) * 4, "is not a text"),
        (gzip.compress(zipped()), "is a zip archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_kind_of_file_is_named(
    file: Path, content: bytes, what: str, encoding: str
) -> None:
    assert f"{what}" in advice(file, content, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1"])
def test_a_model_given_as_a_list_is_named(file: Path, encoding: str) -> None:
    NGram().fit(["anna", "hannah", "zoë"]).save(file)
    assert "is a dinorc model; expected a list of names" in advice(
        file, file.read_bytes(), encoding
    )


@pytest.mark.parametrize(
    "text", ["BZhang\nPARis\n", "PK\n", "a\x00b\n", "\t\n\x1b\n", "ÿþa\n", "{\n"]
)
def test_a_list_is_not_taken_for_anything_else(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert datasets.read(file) == text.split()


def test_white_space_around_names_can_be_kept(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(b" ann\r\n\r\nbob \r \n")
    assert datasets.read(file) == ["ann", "bob"]
    assert datasets.read(file, strip=False) == [" ann", "bob ", " "]
    with refused(TypeError, "^strip is 'no' .*; expected True or False"):
        datasets.read(file, strip="no")  # type: ignore[call-overload]
