"""What the tests of the model file share. The format is spelled out here once more, on purpose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dinorc import CharRNN
from small_models import NAMES, small

CHECKSUM = slice(35, 35 + 64)  # where the digits of the checksum are
RESUMABLE: dict[str, Any] = {"schedule": "constant", "hidden_size": 3, "embedding_size": 2}

Header = dict[str, Any]


def saved(rnn: CharRNN, folder: Path) -> bytes:
    """Return what the model's file contains."""
    path = folder / "saved.safetensors"
    rnn.save(path)
    return path.read_bytes()


def tiny(**settings: Any) -> CharRNN:
    """Return a trained model that makes a small file with everything in it."""
    return small(**{**RESUMABLE, **settings}).fit([*NAMES[:30], "zoë"])


def with_checksum(contents: bytes) -> bytes:
    """Return the file with the right checksum, whatever its contents are."""
    made = bytearray(contents)
    if len(made) >= CHECKSUM.stop:
        made[CHECKSUM] = b"0" * 64
        made[CHECKSUM] = hashlib.sha256(made).hexdigest().encode()
    return bytes(made)


def split(contents: bytes) -> tuple[Header, bytes]:
    """Return header and data of a whole file."""
    end = 8 + int.from_bytes(contents[:8], "little")
    return json.loads(contents[8:end]), contents[end:]


def joined(header: str | Header, data: bytes) -> bytes:
    """Return the file of a header, as JSON or as text, and its data, with the right checksum."""
    if not isinstance(header, str):
        header = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    text = header.encode(errors="surrogatepass")
    text += b" " * (-len(text) % 8)
    return with_checksum(len(text).to_bytes(8, "little") + text + data)


def edited(contents: bytes, edit: Callable[[Header], Any]) -> bytes:
    """Return the file with its header edited in place and the checksum made right."""
    header, data = split(contents)
    edit(header)
    return joined(header, data)


def edited_facts(contents: bytes, edit: Callable[[Header], Any], key: str = "model") -> bytes:
    """Return the file with the facts about the model edited, and the checksum made right."""

    def edit_header(header: Header) -> None:
        facts = json.loads(header["__metadata__"][key])
        edit(facts)
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        header["__metadata__"][key] = text

    return edited(contents, edit_header)
