r"""The model file: one safetensors file with everything that makes up a trained model.

Its beginning is fixed, so that any version can be recognised and its checksum found::

    8 bytes  {"__metadata__":{"sha256":"64 digits","format":"dinorc model","format_version":"2", ...

``docs/file-format.md`` describes all of it. A file is read on the understanding that someone has
made it up: sizes are checked before memory is taken, no code is run, and a file is accepted only
if its header is, byte for byte, the one that its version of the format prescribes for this model.
Files of version 1 are read, too: they do not name the kind, which is always CharRNN, and keep the
vocabulary among the facts.
"""

from __future__ import annotations

import hashlib
from io import BufferedIOBase
from typing import Any

import numpy as np

from dinorc._build_info import __version__
from dinorc._names.file_kinds import kind_of_file
from dinorc._storage.kinds import KINDS
from dinorc._storage.learned_model import STATE_ERRORS, LearnedModel
from dinorc._storage.member_kinds import Kind, kind_of
from dinorc._storage.places import opened, write_to
from dinorc._storage.safetensors import (
    LENGTH_BYTES,
    Tensor,
    decode_header,
    encode_header,
    from_json,
    in_file_order,
    to_json,
)
from dinorc._training.settings import stored
from dinorc._validation import Array, require_finite
from dinorc.errors import ModelFileError

FORMAT_VERSION = 3

_UNICODE_CHARACTERS = 0x110000
_CHARACTER_BYTES = 4
_DIGITS = 64
_BEFORE_CHECKSUM = b'{"__metadata__":{"sha256":"'
_AFTER_CHECKSUM = b'","format":"dinorc model","format_version":"'
_CHECKSUM_AT = LENGTH_BYTES + len(_BEFORE_CHECKSUM)
_START_BYTES = _CHECKSUM_AT + _DIGITS + len(_AFTER_CHECKSUM)


def write_model_file(place: object, settings: Any, trained: LearnedModel) -> None:
    """Write the model, and the settings as they are now; at a path, all or nothing."""
    kind = kind_of(trained, KINDS)
    for name, array in trained.parameters.items():
        require_finite(f"parameters_[{name!r}]", array)
    head, arrays = _contents(kind, settings, trained, __version__, FORMAT_VERSION)
    digest = hashlib.sha256(head)
    for array in arrays.values():
        digest.update(array.data)
    data = [array.data for array in arrays.values()]
    write_to(place, [_with_checksum(head, digest.hexdigest()), *data])


def read_model_file(place: object) -> tuple[str, Any, LearnedModel]:
    """Return kind, settings and model of a file; ModelFileError if it is not a whole model file."""
    with opened(place) as (file, size, shown):
        start = file.read(_START_BYTES)
        around_checksum = (start[LENGTH_BYTES:_CHECKSUM_AT], start[_CHECKSUM_AT + _DIGITS :])
        if around_checksum != (_BEFORE_CHECKSUM, _AFTER_CHECKSUM):
            raise ModelFileError(
                f"{shown} {_what_it_is(start, size)}; expected a model file, as save writes"
            )
        try:
            head = _read_head(file, start, size)
            return _read_model(file, head, size)
        except _NewerError as error:
            raise ModelFileError(f"{shown} {error}") from None
        except STATE_ERRORS as error:
            said = f"{error}" if type(error) is ValueError else f"{type(error).__name__}: {error}"
            raise ModelFileError(
                f"{shown} is damaged: {said}; expected a model file as save has written it"
            ) from error


class _NewerError(Exception):
    """The file is whole, but a newer dinorc has written it."""


def _contents(
    kind: str, settings: Any, trained: LearnedModel, dinorc_version: str, version: int
) -> tuple[bytes, dict[str, Array]]:
    """Return the beginning of a file, with a checksum of zeros, and the arrays that follow."""
    state = trained.state()
    facts = state["facts"]
    metadata = {
        "sha256": "0" * _DIGITS,
        "format": "dinorc model",
        "format_version": str(version),
        "dinorc_version": dinorc_version,
    }
    if version < 3:
        for each in (facts, *facts.get("members", ())):
            each.pop("names_left_out", None)
    if version > 1:
        metadata["kind"] = kind
        # Headers have to be short: JSON objects may take far more memory than their text.
        del facts["vocabulary"]
        code_points = trained.vocabulary.code_points  # as bytes, a type that every dinorc knows
        state["arrays"]["vocabulary"] = code_points.view(np.uint8).reshape(-1, _CHARACTER_BYTES)
    others = {
        n: array
        for n, array in sorted(state["arrays"].items())
        if n not in trained.parameter_arrays
    }
    arrays = in_file_order({**trained.parameters, **others})
    metadata["model"] = to_json(facts, sort_keys=True)
    metadata["params"] = to_json(stored(settings), sort_keys=True)
    return encode_header(metadata, arrays), arrays


def _with_checksum(head: bytes, digits: str) -> bytes:
    return head[:_CHECKSUM_AT] + digits.encode() + head[_CHECKSUM_AT + _DIGITS :]


def _read_head(file: BufferedIOBase, start: bytes, size: int) -> bytes:
    """Return the beginning of the file up to the end of the header."""
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    most = size - LENGTH_BYTES
    if length > most:
        raise ValueError(f"its header claims to take {length:,} bytes, but {most:,} are there")
    most = (1 << 20) + size // 64  # made-up JSON takes up to forty times its length in memory
    if length > most:
        raise ValueError(f"its header takes {length:,} bytes of at most {most:,}")
    head = start + file.read(LENGTH_BYTES + length - len(start))
    if len(head) != LENGTH_BYTES + length:
        raise ValueError("its header ends too early")
    return head


def _read_model(file: BufferedIOBase, head: bytes, size: int) -> tuple[str, Any, LearnedModel]:
    metadata, tensors = decode_header(head[LENGTH_BYTES:], size - len(head))
    data = _read_data(file, size - len(head))
    checksum = hashlib.sha256(_with_checksum(head, "0" * _DIGITS))
    checksum.update(data.data)
    if checksum.hexdigest() != metadata["sha256"]:
        raise ValueError("its contents do not match its checksum")
    version = int(metadata["format_version"])
    if version > FORMAT_VERSION:
        raise _NewerError(
            f"was written by a newer version of dinorc (format {version}); this dinorc reads "
            f"formats 1 to {FORMAT_VERSION}"
        )
    if version < 1:
        raise ValueError(f"its format is {version}")
    name = metadata["kind"] if version > 1 else "char_rnn"
    if name not in KINDS:
        raise _NewerError(
            f"holds a model of the kind {name[:60]!r}, and this dinorc knows "
            f"{', '.join(map(repr, KINDS))}; a newer version may know more"
        )
    kind = KINDS[name]
    settings = kind.settings(from_json(metadata["params"]))
    state = _state(kind, version, from_json(metadata["model"]), tensors, data)
    trained = kind.model.from_state(state)
    # If not, it has unknown or doubled keys, numbers of another type, or another spelling.
    expected, _ = _contents(name, settings, trained, metadata["dinorc_version"], version)
    if _with_checksum(head, "0" * _DIGITS) != expected:
        raise ValueError("its header is not the one that a file of this model has")
    return name, settings, trained


def _read_data(file: BufferedIOBase, size: int) -> Array:
    try:
        data = np.empty(size, np.uint8)
    except MemoryError:
        raise ValueError(f"it has {size:,} bytes of numbers, more than there is memory") from None
    if file.readinto(data.data) != size or file.read(1):
        raise ValueError("its size changes while it is read")
    return data


def _state(
    kind: Kind, version: int, facts: dict[str, Any], tensors: list[Tensor], data: Array
) -> dict[str, Any]:
    """Return a model's state, its arrays as views of the data."""
    arrays = {
        tensor.name: data[tensor.begin : tensor.end].view(tensor.dtype).reshape(tensor.shape)
        for tensor in tensors
    }
    if version > 1:
        characters = arrays.pop("vocabulary")
        if characters.nbytes > _UNICODE_CHARACTERS * _CHARACTER_BYTES:
            raise ValueError("its vocabulary has more characters than there are")
        facts["vocabulary"] = str(characters.data, "utf-32-le")
    for name, shapes in kind.shapes(facts).items():
        parameters = [tensor for tensor in tensors if tensor.name in shapes]
        if {tensor.name: tensor.shape for tensor in parameters} != shapes:
            raise ValueError("its parameters are not those of the model that it describes")
        # They lie one after the other in the file, just as in the network's flat buffer.
        whole = data[parameters[0].begin : parameters[-1].end]
        arrays[name] = whole.view(parameters[0].dtype)
    return {"arrays": arrays, "facts": facts}


def _what_it_is(start: bytes, size: int) -> str:
    """Say, as the rest of a sentence, what kind of file begins with these bytes."""
    return "is empty" if size == 0 else kind_of_file(start, size) or "is not a dinorc model"
