"""The safetensors container: a header of JSON that names the tensors, then their bytes.

The file is 8 bytes, the length of the header as a little-endian integer; the header; the tensors,
one after the other without gaps. This is a small part of the format, written so that the same
contents give the same bytes, and read so that no claim of the header is believed unchecked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dinorc._validation import Array

LENGTH_BYTES = 8

_DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "U8": np.dtype("u1"),
}
_TAGS = {dtype: tag for tag, dtype in _DTYPES.items()}
_MOST_DIMENSIONS = 8


class Tensor(NamedTuple):
    """Where a tensor is, in bytes from the end of the header."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int


def in_file_order(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return little-endian, contiguous arrays, larger numbers first, so that all are aligned."""
    order = sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize)
    return {
        name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in order
    }


def encode_header(metadata: Mapping[str, str], arrays: Mapping[str, Array]) -> bytes:
    """Return a file's first bytes: the header's length, and the header padded to 8-byte units."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    position = 0
    for name, array in arrays.items():
        end = position + array.nbytes
        header[name] = {
            "dtype": _TAGS[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [position, end],
        }
        position = end
    text = to_json(header).encode()
    text += b" " * (-len(text) % LENGTH_BYTES)
    return len(text).to_bytes(LENGTH_BYTES, "little") + text


def decode_header(text: bytes, data_bytes: int) -> tuple[dict[str, str], list[Tensor]]:
    """Return the metadata and tensors of a header followed by `data_bytes` bytes, or ValueError."""
    header = from_json(text.decode())
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("its metadata is not all text")
    tensors: list[Tensor] = []
    position = 0
    for name, claim in header.items():
        tensor = _tensor(name, claim)
        if tensor.begin != position:
            raise ValueError(f"the tensor {name!r} does not begin where the one before it ends")
        position = tensor.end
        tensors.append(tensor)
    if position != data_bytes:
        raise ValueError(
            f"its header describes {position:,} bytes of numbers, and {data_bytes:,} are there"
        )
    return metadata, tensors


def _tensor(name: str, claim: Mapping[str, Any]) -> Tensor:
    dtype = _DTYPES[claim["dtype"]]
    shape = claim["shape"]
    begin, end = claim["data_offsets"]
    numbers = [*shape, begin, end]
    if len(shape) > _MOST_DIMENSIONS or any(type(n) is not int or n < 0 for n in numbers):
        raise ValueError(f"the tensor {name!r} can't have its shape or place")
    if end - begin != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"the tensor {name!r} does not have the size that its shape says")
    return Tensor(name, dtype, tuple(shape), begin, end)


def to_json(value: Any, sort_keys: bool = False) -> str:
    """Return JSON in the one spelling that our files use."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=sort_keys
    )


def from_json(text: str) -> dict[str, Any]:
    """Return the object that a JSON text describes, or raise ValueError."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("its header is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("its header is not an object")
    return value
