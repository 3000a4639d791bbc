"""A model that was saved and loaded is the same in every bit; other files are refused."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
import safetensors.numpy

import dinorc
from dinorc import CharRNN, ModelFileError, NotFittedError
from helpers import refused
from model_files import (
    a_file_of_no_training,
    all_of_unicode,
    ctrl_c_after,
    joined,
    loading,
    saved,
    split,
    tiny,
    with_checksum,
)
from small_models import CELLS, NAMES, OPTIMIZERS, small

# ---- there and back ------------------------------------------------------------------------------


def all_of(rnn: CharRNN) -> Any:
    """Return all that makes up a model, for comparison."""
    state = rnn.__getstate__()
    arrays = state["trained"].pop("arrays")
    return state, {name: (str(a.dtype), a.shape, a.tobytes()) for name, a in arrays.items()}


@pytest.mark.parametrize("embedding_size", [None, 4])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_loaded_model_is_the_same(
    tmp_path: Path, cell: str, dtype: str, optimizer: str, embedding_size: int | None
) -> None:
    rnn = small(
        cell=cell,
        dtype=dtype,
        optimizer=optimizer,
        embedding_size=embedding_size,
        schedule="constant",
        unknown="rare",
        random_state=2**64 - 1,
        clip_value=0.1,
    ).fit([*NAMES, " Zoe\u0308 \U0001f996"])
    rnn.set_params(n_jobs=1)
    rnn.save(tmp_path / "rnn.safetensors")
    other = dinorc.load(tmp_path / "rnn.safetensors")
    assert type(other) is CharRNN
    assert all_of(other) == all_of(rnn)
    assert other.fingerprint() == rnn.fingerprint()
    assert other.get_params() == rnn.get_params()
    assert other.history_ == rnn.history_
    assert [type(row[0]) for row in other.history_.values()] == [int, *[float] * 4]
    assert other.score_samples(NAMES).tobytes() == rnn.score_samples(NAMES).tobytes()
    assert other.sample(20) == rnn.sample(20)
    more = [
        model.set_params(max_epochs=5).resume([*NAMES, "Zoë \U0001f996"]) for model in (rnn, other)
    ]
    assert more[0].fingerprint() == more[1].fingerprint()


@pytest.mark.parametrize("settings", [{"validation_fraction": 0}, {"random_state": None}, {}])
def test_without_validation_seed_or_checkpoint(tmp_path: Path, settings: dict[str, Any]) -> None:
    rnn = small(**settings).fit(NAMES)
    rnn.save(tmp_path / "rnn")
    assert all_of(dinorc.load(tmp_path / "rnn")) == all_of(rnn)


def test_a_notebook_model(tmp_path: Path) -> None:
    parameters = dinorc.initialize_parameters(n_a=5, n_x=3, n_y=3)
    rnn = CharRNN.from_notebook(parameters, {"\n": 0, "b": 1, "a": 2})
    rnn.save(tmp_path / "rnn")
    other = dinorc.load(tmp_path / "rnn")
    assert all_of(other) == all_of(rnn)
    assert other.names_report_ is None


def test_settings_are_saved_as_they_are_now_and_those_of_training_too(tmp_path: Path) -> None:
    rnn = small().fit(NAMES).set_params(hidden_size=np.int64(77), dtype=np.float64)
    rnn.save(tmp_path / "rnn")
    other = dinorc.load(tmp_path / "rnn")
    assert (other.hidden_size, other.dtype) == (77, "float64")
    assert other.fingerprint() == rnn.fingerprint()


def test_the_safetensors_library_reads_it(tmp_path: Path) -> None:
    for dtype in ("float32", "float64"):
        rnn = tiny(dtype=dtype)
        rnn.save(tmp_path / "rnn")
        tensors = safetensors.numpy.load_file(tmp_path / "rnn")
        for name, array in rnn.parameters_.items():
            assert tensors[name].dtype == array.dtype
            assert tensors[name].shape == array.shape
            assert tensors[name].tobytes() == array.tobytes()
        assert tensors["names"].tobytes().decode().split("\n") == sorted([*NAMES[:30], "zoë"])
        assert tensors["history"][:, 1].tolist() == rnn.history_["training_loss"]
        with safetensors.safe_open(tmp_path / "rnn", "np") as file:
            metadata = file.metadata()
        assert metadata["format"] == "dinorc model"
        assert metadata["format_version"] == "3"
        assert metadata["dinorc_version"] == dinorc.__version__
        assert metadata["kind"] == "char_rnn"
        assert tensors["vocabulary"].tobytes().decode("utf-32-le") == rnn.vocabulary_


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    rnn = tiny()
    first = saved(rnn, tmp_path)
    assert saved(rnn, tmp_path) == first
    assert saved(pickle.loads(pickle.dumps(rnn)), tmp_path) == first
    loaded = dinorc.load(tmp_path / "saved.safetensors")
    assert saved(loaded, tmp_path) == first
    script = "import dinorc, sys; dinorc.load(sys.argv[1]).save(sys.argv[2])"
    paths = [tmp_path / "saved.safetensors", tmp_path / "again"]
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, *paths], check=True, env=environment)
        assert paths[1].read_bytes() == first


def test_every_tensor_is_aligned_and_the_checksum_is_over_every_byte(tmp_path: Path) -> None:
    odd = {"cell": "rnn", "hidden_size": 1, "embedding_size": None}  # 3 V + 2 parameters
    for settings in ({}, {"dtype": "float64"}, odd):
        rnn = small(validation_fraction=0, **settings).fit(["anna", "hannah", "nanak"])
        contents = saved(rnn, tmp_path)
        assert with_checksum(contents) == contents
        header, data = split(contents)
        assert (len(contents) - len(data)) % 8 == 0
        del header["__metadata__"]
        for tensor in header.values():
            size = {"F64": 8, "F32": 4, "U8": 1}[tensor["dtype"]]
            assert tensor["data_offsets"][0] % size == 0
    assert sum(array.size for array in rnn.parameters_.values()) % 2 == 1


def test_training_goes_on_in_another_process(tmp_path: Path) -> None:
    settings = {"max_epochs": 4, "hidden_size": 6}
    whole = small(**settings).fit(NAMES)
    with ctrl_c_after(2 * 12 + 5):  # batches; an epoch has 12
        rnn = small(**settings).fit(NAMES)
    rnn.save(tmp_path / "rnn")
    script = (
        "import dinorc, sys\n"
        "rnn = dinorc.load(sys.argv[1])\n"
        "assert rnn.interrupted_ and rnn.n_epochs_ == 2\n"
        "print(rnn.resume(dinorc.datasets.load('dinos')[::7]).fingerprint())"
    )
    command = [sys.executable, "-c", script, tmp_path / "rnn"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.strip() == whole.fingerprint()


@pytest.mark.parametrize("form", [str, Path])
def test_paths_of_any_form(tmp_path: Path, form: Callable[[Path], Any]) -> None:
    rnn = tiny()
    path = tmp_path / "a name with \U0001f996.model"
    rnn.save(form(path))
    assert path.stat().st_size > 0
    assert dinorc.load(form(path)).fingerprint() == rnn.fingerprint()


@pytest.mark.parametrize("path", [None, 1, True, ["rnn"], 1.5])
def test_anything_but_a_path_is_refused(path: Any) -> None:
    for function in (tiny().save, dinorc.load):
        with refused(TypeError, "^path is .*; expected a str, an os.PathLike(,| or)"):
            function(path)


@pytest.mark.parametrize("path", ["", "a\0b", "\ud800", f"models{os.sep}"])
def test_a_path_that_cannot_be_is_refused(path: Any) -> None:
    for function in (tiny().save, dinorc.load):
        with refused(ValueError, "^path is .*; expected the path of a file"):
            function(path)


def test_before_fit_there_is_nothing_to_save(tmp_path: Path) -> None:
    with refused(NotFittedError, "call fit"):
        CharRNN().save(tmp_path / "rnn")
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    rnn = tiny()
    rnn.parameters_["bias"][1] = np.inf
    with refused(ValueError, r"^parameters_\['bias'\]\[1\] is inf; expected finite"):
        rnn.save(tmp_path / "rnn")
    rnn = tiny()
    rnn.hidden_size = 0
    with refused(ValueError, "^hidden_size is 0; expected"):
        rnn.save(tmp_path / "rnn")
    assert list(tmp_path.iterdir()) == []


def test_all_of_unicode_and_the_smallest_network(tmp_path: Path) -> None:
    text = all_of_unicode()
    (tmp_path / "rnn").write_bytes(a_file_of_no_training(text))
    rnn = dinorc.load(tmp_path / "rnn")
    assert rnn.vocabulary_ == text
    contents = saved(rnn, tmp_path)
    assert contents == (tmp_path / "rnn").read_bytes()
    assert len(contents) - len(split(contents)[1]) < 3000


def test_a_header_is_short_whatever_the_vocabulary_is(tmp_path: Path) -> None:
    names = ["".join(map(chr, range(begin, begin + 200))) for begin in range(0x4E00, 0x5E00, 200)]
    rnn = small(hidden_size=1, max_epochs=1, validation_fraction=0).fit(names)
    contents = saved(rnn, tmp_path)
    assert len(contents) - len(split(contents)[1]) < 3000


# ---- files of other kinds --------------------------------------------------------------------


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("weights", b"1234")
    return file.getvalue()


def an_array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


class Bomb:
    """An object that would do harm if it were unpickled."""

    def __reduce__(self) -> Any:
        return (os._exit, (1,))


OTHERS: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"", "is empty"),
    (lambda: pickle.dumps(Bomb()), "is a pickle, which is not opened"),
    (lambda: pickle.dumps(Bomb(), protocol=2), "is a pickle, which is not opened"),
    (a_zip, r"is a zip archive \(Excel, PyTorch"),
    (an_array, "is a NumPy array"),
    (lambda: gzip.compress(b"names"), "is compressed by gzip"),
    (lambda: b"\x89HDF\r\n\x1a\n" + bytes(100), "is an HDF5 file"),
    (lambda: b"\n<!DOCTYPE HTML><title>404</title>", "is a web page"),
    (lambda: b"<html><body>sign in</body></html>", "is a web page"),
    (lambda: b"version https://git-lfs.github.com/spec/v1\noid", "is a pointer of Git LFS"),
    (lambda: b"anna\nhannah\n", "is not a dinorc model"),
    (lambda: b"{", "is not a dinorc model"),
    (lambda: bytes(3), "is not a dinorc model"),
    (lambda: bytes(300), "is not a dinorc model"),
    (lambda: b"\xff" * 300, "is not a dinorc model"),
    (lambda: joined({}, b""), "is a safetensors file, but not a dinorc model"),
    (lambda: joined({"__metadata__": {"format": "pt"}}, b""), "is a safetensors file, but not"),
]


@pytest.mark.parametrize(("make", "says"), OTHERS)
def test_other_files_are_recognised(tmp_path: Path, make: Callable[[], bytes], says: str) -> None:
    with refused(ModelFileError, r"^'.*/some\.file' ", says, "; expected a model file"):
        loading(tmp_path / "some.file", make())


def test_a_safetensors_file_of_the_library_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    safetensors.numpy.save_file({"weights": np.zeros((3, 4))}, path)
    with refused(ModelFileError, "is a safetensors file, but not a dinorc model"):
        dinorc.load(path)


def test_a_model_that_the_library_has_rewritten_is_recognised(tmp_path: Path) -> None:
    tiny().save(tmp_path / "rnn")
    with safetensors.safe_open(tmp_path / "rnn", "np") as file:
        metadata = file.metadata()
    safetensors.numpy.save_file(
        safetensors.numpy.load_file(tmp_path / "rnn"), tmp_path / "anew", metadata
    )
    with pytest.raises(ModelFileError):
        dinorc.load(tmp_path / "anew")


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such"):
        dinorc.load(tmp_path / "no-such")
    with refused(ModelFileError, "is a directory; expected a model file"):
        dinorc.load(tmp_path)


def test_the_error_is_a_value_error() -> None:
    assert issubclass(ModelFileError, ValueError)
