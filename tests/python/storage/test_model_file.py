"""A model that was saved and loaded is the same in every bit, and what is no model says so."""

from __future__ import annotations

import gzip
import io
import json
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
from dinorc._storage import safetensors
from helpers import refused
from model_files import (
    CHECKSUM,
    Header,
    edited,
    edited_facts,
    joined,
    saved,
    split,
    tiny,
    with_checksum,
)
from small_models import CELLS, NAMES, OPTIMIZERS, small

# ---- there and back ------------------------------------------------------------------------------


def all_of(rnn: CharRNN) -> Any:
    """Return all that a model is, to compare."""
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
        assert metadata["format_version"] == "1"
        assert metadata["dinorc_version"] == dinorc.__version__
        assert json.loads(metadata["model"])["vocabulary"] == rnn.vocabulary_


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


def test_training_goes_on_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from test_char_rnn_resume import BATCHES, SETTINGS, interrupted

    whole = small(**SETTINGS).fit(NAMES)
    rnn = interrupted(monkeypatch, "run", 2 * BATCHES + 5, small(**SETTINGS), NAMES)
    rnn.save(tmp_path / "rnn")
    script = (
        "import dinorc, sys\n"
        "rnn = dinorc.load(sys.argv[1])\n"
        "assert rnn.interrupted_\n"
        "print(rnn.resume(dinorc.datasets.load('dinos')[::7]).fingerprint())"
    )
    command = [sys.executable, "-c", script, tmp_path / "rnn"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.strip() == whole.fingerprint()


@pytest.mark.parametrize("form", [str, os.fsencode, Path])
def test_paths_of_any_form(tmp_path: Path, form: Callable[[Path], Any]) -> None:
    rnn = tiny()
    path = tmp_path / "a name with \U0001f996.model"
    rnn.save(form(path))
    assert path.stat().st_size > 0
    assert dinorc.load(form(path)).fingerprint() == rnn.fingerprint()


@pytest.mark.parametrize("path", [None, 1, True, ["rnn"], 1.5])
def test_what_is_no_path(path: Any) -> None:
    for function in (tiny().save, dinorc.load):
        with refused(TypeError, "^path is .*; expected a str, bytes or os.PathLike"):
            function(path)


@pytest.mark.parametrize("path", ["", "a\0b", b"a\0b", "\ud800", f"models{os.sep}", b"models/"])
def test_what_can_be_no_path(path: Any) -> None:
    for function in (tiny().save, dinorc.load):
        with refused(ValueError, "^path is .*; expected the path of a file"):
            function(path)


def test_before_fit_there_is_nothing_to_save(tmp_path: Path) -> None:
    with refused(NotFittedError, "call fit"):
        CharRNN().save(tmp_path / "rnn")
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    rnn = tiny()
    rnn.parameters_["bias"][1] = np.inf
    with refused(ValueError, r"^parameters_\['bias'\]\[1\] is inf; expected finite"):
        rnn.save(tmp_path / "rnn")
    rnn = tiny()
    rnn.hidden_size = 0
    with refused(ValueError, "^hidden_size is 0; expected"):
        rnn.save(tmp_path / "rnn")
    assert list(tmp_path.iterdir()) == []


def test_a_header_that_could_not_be_loaded_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rnn = tiny()
    monkeypatch.setattr("dinorc._storage.model_file.MOST_HEADER_BYTES", 500)
    with refused(ValueError, "expected a smaller vocabulary"):
        rnn.save(tmp_path / "rnn")
    assert list(tmp_path.iterdir()) == []


def test_a_large_vocabulary_of_the_smallest_network(tmp_path: Path) -> None:
    text = "\n" + "".join(map(chr, range(0x4E00, 0xA000)))  # Chinese
    parameters = dinorc.initialize_parameters(n_a=1, n_x=len(text), n_y=len(text))
    ids = {character: index for index, character in enumerate(text)}
    rnn = CharRNN.from_notebook(parameters, ids)
    rnn.save(tmp_path / "rnn")
    assert dinorc.load(tmp_path / "rnn").vocabulary_ == rnn.vocabulary_


# ---- what is no model of ours --------------------------------------------------------------------


def loading(path: Path, contents: bytes) -> None:
    """Load a file of these contents."""
    path.write_bytes(contents)
    dinorc.load(path)


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
    """Something that would do harm if it were unpickled."""

    def __reduce__(self) -> Any:
        return (os._exit, (1,))


OTHERS: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"", "is empty"),
    (lambda: pickle.dumps(Bomb()), "is a pickle, which is not opened"),
    (lambda: pickle.dumps(Bomb(), protocol=2), "is a pickle, which is not opened"),
    (a_zip, r"is a zip archive \(PyTorch"),
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
def test_other_files_are_told(tmp_path: Path, make: Callable[[], bytes], says: str) -> None:
    with refused(ModelFileError, r"^'.*/some\.file' ", says, "; expected a model file"):
        loading(tmp_path / "some.file", make())


def test_a_safetensors_file_of_the_library_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    safetensors.numpy.save_file({"weights": np.zeros((3, 4))}, path)
    with refused(ModelFileError, "is a safetensors file, but not a dinorc model"):
        dinorc.load(path)


def test_what_the_library_has_written_anew_is_told(tmp_path: Path) -> None:
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


# ---- damage, by kind -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a whole file."""
    return saved(tiny(), tmp_path_factory.mktemp("whole"))


def test_a_changed_byte_is_told(tmp_path: Path, contents: bytes) -> None:
    for place in (CHECKSUM.start, 300, -1):
        made = bytearray(contents)
        made[place] ^= 1
        with refused(ModelFileError, "is damaged: ", "checksum"):
            loading(tmp_path / "rnn", bytes(made))


def test_a_file_cut_short_or_with_more_at_its_end_is_told(tmp_path: Path, contents: bytes) -> None:
    for made in (contents[:-1], contents[:-3000], contents + b"\0"):
        with refused(ModelFileError, "its header describes .* bytes of numbers, and .* are there"):
            loading(tmp_path / "rnn", made)
    with refused(ModelFileError, "its header is said to take .* bytes, and 992 are there"):
        loading(tmp_path / "rnn", contents[:1000])


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_that_changes_its_size_while_it_is_read_is_told(
    tmp_path: Path, contents: bytes, monkeypatch: pytest.MonkeyPatch, change: int
) -> None:
    path = tmp_path / "rnn"
    path.write_bytes(contents)

    def decode_header(text: bytes, data_bytes: int) -> Any:
        os.truncate(path, len(contents) + change)
        return safetensors.decode_header(text, data_bytes)

    monkeypatch.setattr("dinorc._storage.model_file.decode_header", decode_header)
    with refused(ModelFileError, "is damaged: its size changes while it is read"):
        dinorc.load(path)


def test_a_newer_version_is_told(tmp_path: Path, contents: bytes) -> None:
    def newer(header: Header) -> None:
        header["__metadata__"] |= {"format_version": "2", "more": "of it"}

    made = edited(contents, newer)
    says = r"was written by a newer version of dinorc \(format 2\); this dinorc reads format 1"
    with refused(ModelFileError, says):
        loading(tmp_path / "rnn", made)
    with refused(ModelFileError, "is damaged", "checksum"):
        loading(tmp_path / "rnn", made[:-1] + b"?")


def _set(*keys: Any) -> Callable[[Header], None]:
    *path, last, value = keys

    def edit(part: Header) -> None:
        for key in path:
            part = part[key]
        if value is KeyError:
            del part[last]
        else:
            part[last] = value

    return edit


def _moved(header: Header) -> None:
    header["bias"] = header.pop("bias")


def _swapped(header: Header) -> None:
    """Describe two tensors, each where the other is."""
    names = list(header)
    one, other = names[-1], names[-2]
    header[one], header[other] = header[other], header[one]


EDITS: list[tuple[Callable[[Header], None], str]] = [
    (_set("__metadata__", "format_version", "0"), ""),
    (_set("__metadata__", "dinorc_version", 1), "metadata"),
    (_set("__metadata__", "dinorc_version", KeyError), "dinorc_version"),
    (_set("__metadata__", "more", "of it"), "header is not the one"),
    (_set("__metadata__", "model", "{"), ""),
    (_set("__metadata__", "model", "[]"), "not an object"),
    (_set("__metadata__", "model", "[" * 100_000), "nested too deeply"),
    (_set("__metadata__", "model", KeyError), "model"),
    (_set("__metadata__", "params", KeyError), "params"),
    (_set("__metadata__", "params", "{}"), "cell"),
    (_set("bias", KeyError), "does not begin where"),
    (_set("names", KeyError), "its header describes"),
    (_set("more", {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}), "does not begin where"),
    (_set("bias", "dtype", "F16"), "F16"),
    (_set("bias", "dtype", "F64"), "not of the size"),
    (_set("bias", "dtype", ["F32"]), ""),
    (_set("bias", "more", 1), "header is not the one"),
    (_set("bias", "shape", [2**60]), "not of the size"),
    (_set("bias", "shape", [-12]), "is not one"),
    (_set("bias", "shape", [12.0]), "is not one"),
    (_set("bias", "shape", [True] * 9), "is not one"),
    (_set("bias", "shape", [3, 4]), "not those of the network"),
    (_set("bias", "shape", 12), ""),
    (_set("bias", "shape", [10**4000, 10**4000]), "not of the size"),
    (_set("bias", "data_offsets", [0, 2**60]), "not of the size"),
    (_set("bias", "data_offsets", [0]), ""),
    (_set("bias", "data_offsets", [0, 48]), "does not begin where"),
    (_set("bias", "data_offsets", KeyError), "data_offsets"),
    (_set("bias", []), ""),
    (_moved, "does not begin where"),
    (_swapped, ""),
]


@pytest.mark.parametrize(("edit", "says"), EDITS)
def test_an_edited_header_is_refused(
    tmp_path: Path, contents: bytes, edit: Callable[[Header], None], says: str
) -> None:
    with refused(ModelFileError, r"^'.*/rnn' is damaged: ", says):
        loading(tmp_path / "rnn", edited(contents, edit))


FACTS: list[tuple[Callable[[Header], None], str]] = [
    (_set("more", 1), "header is not the one"),
    (_set("seed", KeyError), "seed"),
    (_set("seed", 0.0), "seed"),
    (_set("seed", 2**64), "seed"),
    (_set("interrupted", 1), "interrupted"),
    (_set("vocabulary", "\nab"), "not those of the network"),
    (_set("vocabulary", "\nba"), "vocabulary"),
    (_set("vocabulary", "\n\ud800"), ""),
    (_set("best_epoch", 9), "best_epoch"),
    (_set("settings", "hidden_size", 4096), "not those of the network"),
    (_set("settings", "hidden_size", 3.0), "hidden_size"),
    (_set("settings", "hidden_size", True), "hidden_size"),
    (_set("settings", "cell", "gru"), "not those of the network"),
    (_set("settings", "dtype", "float64"), "parameters is float32"),
    (_set("settings", "learning_rate", 10**400), "learning_rate"),
    (_set("settings", "learning_rate", 1), "header is not the one"),
    (_set("settings", "learning_rate", float("nan")), "learning_rate"),
    (_set("settings", "weight_decay", float("inf")), "weight_decay"),
    (_set("settings", "more", 1), "header is not the one"),
    (_set("names_report", None), "names_report"),
    (_set("names_report", "names", 1), "names"),
    (_set("checkpoint", None), "checkpoint"),
    (_set("checkpoint", "seconds", float("inf")), "seconds"),
    (_set("checkpoint", "trainer", "batch", -1), "batch"),
    (_set("checkpoint", "trainer", "more", 1), "more"),
]


@pytest.mark.parametrize(("edit", "says"), FACTS)
def test_facts_that_can_not_be_are_refused(
    tmp_path: Path, contents: bytes, edit: Callable[[Header], None], says: str
) -> None:
    with refused(ModelFileError, r"^'.*/rnn' is damaged: ", says):
        loading(tmp_path / "rnn", edited_facts(contents, edit))


@pytest.mark.parametrize("value", ["transformer", None, 1])
def test_settings_that_can_not_be_are_refused(tmp_path: Path, contents: bytes, value: Any) -> None:
    made = edited_facts(contents, _set("cell", value), "params")
    with refused(ModelFileError, "is damaged: cell is "):
        loading(tmp_path / "rnn", made)
    made = edited_facts(contents, _set("more", value), "params")
    with refused(ModelFileError, "is damaged: its header is not the one"):
        loading(tmp_path / "rnn", made)


def test_other_spellings_of_the_same_header_are_refused(tmp_path: Path, contents: bytes) -> None:
    header, data = split(contents)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    assert joined(text, data) == contents
    for spelling in (
        text.replace('"model":', '"model": '),
        text.replace('"dinorc_version"', '"dinorc\\u005fversion"'),
        text.replace('"bias":{', '"bias":{"dtype":"F32",'),
        text.replace('"dinorc_version"', '"sha256":"","dinorc_version"'),
        text + " " * 8,
        text + "\n",
    ):
        assert spelling != text
        with refused(ModelFileError, "is damaged: "):
            loading(tmp_path / "rnn", joined(spelling, data))
    for wrong in (text + "x", text[:-1], "\ufeff" + text, text.replace('"bias"', '"\ud800"')):
        with pytest.raises(ModelFileError):
            loading(tmp_path / "rnn", joined(wrong, data))


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, contents: bytes) -> None:
    header, data = split(contents)
    for name in ("output_bias", "embedding", "checkpoint.moments", "history"):
        begin = header[name]["data_offsets"][0]
        dtype = {"F32": "<f4", "F64": "<f8"}[header[name]["dtype"]]
        nan = np.array([np.nan], dtype).tobytes()
        made = data[:begin] + nan + data[begin + len(nan) :]
        with refused(ModelFileError, "is damaged: .*(finite|history)"):
            loading(tmp_path / "rnn", joined(header, made))
