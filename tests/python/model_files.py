"""What the tests of the model file share. The format is spelled out here again, on purpose."""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import dinorc
from dinorc import CharRNN, TrainingInterruptedWarning
from dinorc._training.run import TrainingRun
from small_models import NAMES, small

CHECKSUM = slice(35, 35 + 64)  # where the digits of the checksum are
RESUMABLE: dict[str, Any] = {"schedule": "constant", "hidden_size": 3, "embedding_size": 2}

TINY_NAMES = [*NAMES[:30], "zoë"]
TYPES = {"F64": "<f8", "F32": "<f4", "U8": "u1"}
PARAMETERS = (
    "embedding", "input_weights", "recurrent_weights", "output_weights", "bias", "output_bias",
)  # fmt: skip

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


def saved(rnn: CharRNN, folder: Path, **options: bool) -> bytes:
    """Return the contents of the model's file."""
    path = folder / "saved.safetensors"
    rnn.save(path, **options)
    return path.read_bytes()


def tiny(**settings: Any) -> CharRNN:
    """Return a trained model that makes a small file with everything in it."""
    return small(**{**RESUMABLE, **settings}).fit(TINY_NAMES)


def loading(path: Path, contents: bytes) -> None:
    """Load a file with these contents."""
    path.write_bytes(contents)
    dinorc.load(path)


def with_checksum(contents: bytes) -> bytes:
    """Return the file with the right checksum for its contents, whatever they are."""
    made = bytearray(contents)
    if len(made) >= CHECKSUM.stop:
        made[CHECKSUM] = b"0" * 64
        made[CHECKSUM] = hashlib.sha256(made).hexdigest().encode()
    return bytes(made)


def split(contents: bytes) -> tuple[Header, bytes]:
    """Return the header and the data of a whole file."""
    end = 8 + int.from_bytes(contents[:8], "little")
    return json.loads(contents[8:end]), contents[end:]


def joined(header: str | Header, data: bytes) -> bytes:
    """Return the file made of a header (JSON or text) and data, with the right checksum."""
    if not isinstance(header, str):
        header = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    text = header.encode(errors="surrogatepass")
    text += b" " * (-len(text) % 8)
    return with_checksum(len(text).to_bytes(8, "little") + text + data)


def edited(contents: bytes, edit: Callable[[Header], Any]) -> bytes:
    """Return the file with its header edited in place and the checksum corrected."""
    header, data = split(contents)
    edit(header)
    return joined(header, data)


def edited_facts(contents: bytes, edit: Callable[[Header], Any], key: str = "model") -> bytes:
    """Return the file with the facts about the model edited and the checksum corrected."""

    def edit_header(header: Header) -> None:
        facts = json.loads(header["__metadata__"][key])
        edit(facts)
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        header["__metadata__"][key] = text

    return edited(contents, edit_header)


def taken_apart(contents: bytes) -> tuple[dict[str, str], Arrays]:
    """Return the metadata and the tensors of a whole file, for changing them."""
    header, data = split(contents)
    metadata = header.pop("__metadata__")
    arrays = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        array = np.frombuffer(data[begin:end], TYPES[tensor["dtype"]])
        arrays[name] = array.reshape(tensor["shape"]).copy()
    return metadata, arrays


def put_together(metadata: dict[str, str], arrays: Arrays) -> bytes:
    """Return the file with these metadata and tensors, in the order that the format prescribes."""

    def place(name: str) -> tuple[int, int, str]:
        is_parameter = name in PARAMETERS
        number = PARAMETERS.index(name) if is_parameter else len(PARAMETERS)
        return -arrays[name].itemsize, number, "" if is_parameter else name

    header: Header = {"__metadata__": metadata}
    data = b""
    for name in sorted(arrays, key=place):
        array = arrays[name]
        (tag,) = (tag for tag, dtype in TYPES.items() if array.dtype == dtype)
        end = len(data) + array.nbytes
        header[name] = {
            "dtype": tag, "shape": list(array.shape), "data_offsets": [len(data), end]
        }  # fmt: skip
        data += array.tobytes()
    return joined(header, data)


def all_of_unicode() -> str:
    """Return all characters of Unicode, the line end first."""
    return "".join(chr(point) for point in range(0x0A, 0x110000) if not 0xD800 <= point < 0xE000)


def vocabulary_tensor(text: str) -> NDArray[Any]:
    """Return the tensor of these characters, which may be any text."""
    points = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(points, np.uint8).reshape(-1, 4)


def a_file_of_no_training(text: str) -> bytes:
    """Return the file of the smallest network for this many characters, its parameters zero."""
    parameters = dinorc.initialize_parameters(n_a=1, n_x=2, n_y=2)
    small = {name: array.astype(np.float32) for name, array in parameters.items()}
    with TemporaryDirectory() as folder:
        rnn = CharRNN.from_notebook(small, {"\n": 0, "a": 1})
        metadata, arrays = taken_apart(saved(rnn, Path(folder)))
    arrays["vocabulary"] = vocabulary_tensor(text)
    for name in ("input_weights", "output_weights", "output_bias"):
        arrays[name] = np.zeros((len(text), *arrays[name].shape[1:]), np.float32)
    return put_together(metadata, arrays)


class _Interrupting:
    """Stands for the core's trainer; does one batch at a time, and then Ctrl-C comes."""

    def __init__(self, trainer: Any, batches: float) -> None:
        self._trainer, self._batches = trainer, batches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._trainer, name)

    def run(self, seconds: float, n_jobs: int) -> bool:
        if self._batches == 0:
            raise KeyboardInterrupt
        self._batches -= 1
        return bool(self._trainer.run(0.0, n_jobs))


@contextmanager
def ctrl_c_after(batches: float = math.inf) -> Iterator[None]:
    """Let Ctrl-C come after this many batches of each training run, without a warning."""
    begin = TrainingRun.__init__

    def init(run: TrainingRun, *arguments: Any, **more: Any) -> None:
        begin(run, *arguments, **more)
        run.trainer = _Interrupting(run.trainer, batches)

    with patch.object(TrainingRun, "__init__", init), warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingInterruptedWarning)
        yield
