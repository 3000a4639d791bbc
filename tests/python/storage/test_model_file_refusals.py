"""What `load` refuses, and what it says, kind of damage by kind of damage."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import ModelFileError
from dinorc._estimators.loading import ESTIMATORS
from dinorc._storage import safetensors as container
from dinorc._storage.kinds import KINDS
from helpers import refused
from model_files import (
    CHECKSUM,
    Header,
    edited,
    edited_facts,
    joined,
    loading,
    put_together,
    saved,
    split,
    taken_apart,
    tiny,
)


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a whole file."""
    return saved(tiny(), tmp_path_factory.mktemp("whole"))


def test_a_changed_byte_is_noticed(tmp_path: Path, contents: bytes) -> None:
    for place in (CHECKSUM.start, contents.index(b"best_epoch"), -1):
        made = bytearray(contents)
        made[place] ^= 1
        with refused(ModelFileError, "is damaged: ", "checksum"):
            loading(tmp_path / "rnn", bytes(made))


def test_a_file_cut_short_or_extended_is_noticed(tmp_path: Path, contents: bytes) -> None:
    for made in (contents[:-1], contents[:-3000], contents + b"\0"):
        with refused(ModelFileError, "its header describes .* bytes of numbers, and .* are there"):
            loading(tmp_path / "rnn", made)
    with refused(ModelFileError, "its header claims to take .* bytes, but 992 are there"):
        loading(tmp_path / "rnn", contents[:1000])


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_whose_size_changes_while_it_is_read_is_noticed(
    tmp_path: Path, contents: bytes, monkeypatch: pytest.MonkeyPatch, change: int
) -> None:
    path = tmp_path / "rnn"
    path.write_bytes(contents)

    def decode_header(text: bytes, data_bytes: int) -> Any:
        os.truncate(path, len(contents) + change)
        return container.decode_header(text, data_bytes)

    monkeypatch.setattr("dinorc._storage.model_file.decode_header", decode_header)
    with refused(ModelFileError, "is damaged: its size changes while it is read"):
        dinorc.load(path)


def test_a_newer_version_is_reported(tmp_path: Path, contents: bytes) -> None:
    def newer(header: Header) -> None:
        header["__metadata__"] |= {"format_version": "4", "more": "of it"}

    made = edited(contents, newer)
    says = (
        r"was written by a newer version of dinorc \(format 4\); this dinorc reads formats 1 to 3"
    )
    with refused(ModelFileError, says):
        loading(tmp_path / "rnn", made)
    with refused(ModelFileError, "is damaged", "checksum"):
        loading(tmp_path / "rnn", made[:-1] + b"?")


@pytest.mark.parametrize("kind", ["n_gram", "", "CHAR_RNN", "\U0001f996" * 100])
def test_an_unknown_kind_of_model_is_reported(tmp_path: Path, contents: bytes, kind: str) -> None:
    made = edited(contents, _set("__metadata__", "kind", kind))
    says = (
        f"holds a model of the kind '{kind[:50]}",
        f"knows {', '.join(map(repr, KINDS))}; a newer version may know more",
    )
    with refused(ModelFileError, *says):
        loading(tmp_path / "rnn", made)
    with refused(ModelFileError, "is damaged", "checksum"):
        loading(tmp_path / "rnn", made[:-1] + b"?")


def test_every_kind_has_its_estimator() -> None:
    assert ESTIMATORS.keys() == KINDS.keys()
    for name, kind in KINDS.items():
        assert re.fullmatch("[a-z_]+", name)
        assert ESTIMATORS[name](**asdict(kind.settings(ESTIMATORS[name]().get_params())))


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
    """Describe two tensors, each in the place of the other."""
    names = list(header)
    one, other = names[-1], names[-2]
    header[one], header[other] = header[other], header[one]


EDITS: list[tuple[Callable[[Header], None], str]] = [
    (_set("__metadata__", "format_version", "0"), ""),
    (_set("__metadata__", "format_version", "-1"), ""),
    (_set("__metadata__", "format_version", "02"), "header is not the one"),
    (_set("__metadata__", "format_version", "1"), ""),
    (_set("__metadata__", "kind", KeyError), "kind"),
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
    (_set("vocabulary", KeyError), "its header describes"),
    (_set("more", {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}), "does not begin where"),
    (_set("bias", "dtype", "F16"), "F16"),
    (_set("bias", "dtype", "F64"), "does not have the size"),
    (_set("bias", "dtype", ["F32"]), ""),
    (_set("bias", "more", 1), "header is not the one"),
    (_set("bias", "shape", [2**60]), "does not have the size"),
    (_set("bias", "shape", [-12]), "can't have its shape"),
    (_set("bias", "shape", [12.0]), "can't have its shape"),
    (_set("bias", "shape", [True] * 9), "can't have its shape"),
    (_set("bias", "shape", [3, 4]), "not those of the model"),
    (_set("bias", "shape", 12), ""),
    (_set("bias", "shape", [10**4000, 10**4000]), "does not have the size"),
    (_set("bias", "data_offsets", [0, 2**60]), "does not have the size"),
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
    (_set("vocabulary", "\nab"), "header is not the one"),
    (_set("best_epoch", 9), "best_epoch"),
    (_set("best_epoch", 0), "best_epoch"),
    (_set("settings", "validation_fraction", 0.0), "whether there are validation losses"),
    (_set("settings", "hidden_size", 4096), "not those of the model"),
    (_set("settings", "hidden_size", 3.0), "hidden_size"),
    (_set("settings", "hidden_size", True), "hidden_size"),
    (_set("settings", "cell", "gru"), "not those of the model"),
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
    (
        _set("checkpoint", "seconds", 1e-9),
        "after 3 epochs a checkpoint can't be .*'seconds': 1e-09",
    ),
    (_set("checkpoint", "trainer", "batch", -1), "batch"),
    (_set("checkpoint", "trainer", "characters", 2**63), "characters"),
    (_set("checkpoint", "trainer", "loss_sum", -1.0), "a checkpoint can't be .*'loss_sum': -1.0"),
    (_set("checkpoint", "trainer", "epoch", 5), "epoch"),
    (_set("checkpoint", "trainer", "more", 1), "more"),
]


@pytest.mark.parametrize(("edit", "says"), FACTS)
def test_impossible_facts_are_refused(
    tmp_path: Path, contents: bytes, edit: Callable[[Header], None], says: str
) -> None:
    with refused(ModelFileError, r"^'.*/rnn' is damaged: ", says):
        loading(tmp_path / "rnn", edited_facts(contents, edit))


@pytest.mark.parametrize("value", ["transformer", None, 1])
def test_impossible_settings_are_refused(tmp_path: Path, contents: bytes, value: Any) -> None:
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


VOCABULARIES: list[tuple[Any, str]] = [
    ([10, 97, 98], "not those of the model"),
    ([10, 98, 97], r"the vocabulary is '\\nba'; expected"),
    ([97, 98], "the vocabulary is"),
    ([], "the vocabulary is"),
    ([10, 97, 97], "the vocabulary is"),
    ([10, 0xD800], "UnicodeDecodeError"),
    ([10, 0x110000], "UnicodeDecodeError"),
    ([10] * 0x110001, "more characters than there are"),
]


@pytest.mark.parametrize(("points", "says"), VOCABULARIES)
def test_an_impossible_vocabulary_is_refused(
    tmp_path: Path, contents: bytes, points: Any, says: str
) -> None:
    metadata, arrays = taken_apart(contents)
    assert put_together(metadata, arrays) == contents
    arrays["vocabulary"] = np.array(points, "<u4").view(np.uint8).reshape(-1, 4)
    with refused(ModelFileError, "is damaged: ", says):
        loading(tmp_path / "rnn", put_together(metadata, arrays))


@pytest.mark.parametrize("change", ["type", "shape", "size", "missing"])
def test_a_vocabulary_of_another_form_is_refused(
    tmp_path: Path, contents: bytes, change: str
) -> None:
    metadata, arrays = taken_apart(contents)
    points = arrays.pop("vocabulary")
    if change == "type":
        arrays["vocabulary"] = points.view(np.float32)
    elif change == "shape":
        arrays["vocabulary"] = points.reshape(-1)
    elif change == "size":
        arrays["vocabulary"] = points.reshape(-1)[:-1]
    with refused(ModelFileError, "is damaged: ", "header is not the one|Unicode|vocabulary"):
        loading(tmp_path / "rnn", put_together(metadata, arrays))


def test_a_name_that_is_too_long_is_refused(tmp_path: Path, contents: bytes) -> None:
    metadata, arrays = taken_apart(contents)
    arrays["names"] = np.frombuffer(b"a" * 1001, np.uint8)
    with refused(ModelFileError, "one of the names has more than 1,000 characters"):
        loading(tmp_path / "rnn", put_together(metadata, arrays))


@pytest.mark.parametrize("error", [errno.EIO, errno.EISDIR, errno.ESTALE])
@pytest.mark.parametrize("method", ["read", "readinto"])
def test_an_error_while_reading_names_the_path(
    tmp_path: Path, contents: bytes, monkeypatch: pytest.MonkeyPatch, method: str, error: int
) -> None:
    class Failing(io.FileIO):
        def __getattribute__(self, name: str) -> Any:
            if name == method:
                raise OSError(error, os.strerror(error))
            return super().__getattribute__(name)

    (tmp_path / "rnn").write_bytes(contents)
    monkeypatch.setattr(os, "fdopen", lambda descriptor, mode: Failing(descriptor, mode))
    with pytest.raises(OSError, match=f"{os.strerror(error)}: .*rnn") as caught:
        dinorc.load(tmp_path / "rnn")
    assert caught.value.errno == error
    assert caught.value.filename == os.fspath(tmp_path / "rnn")


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, contents: bytes) -> None:
    header, data = split(contents)
    for name in ("output_bias", "embedding", "checkpoint.moments", "history"):
        begin = header[name]["data_offsets"][0]
        dtype = {"F32": "<f4", "F64": "<f8"}[header[name]["dtype"]]
        nan = np.array([np.nan], dtype).tobytes()
        made = data[:begin] + nan + data[begin + len(nan) :]
        with refused(ModelFileError, "is damaged: .*(finite|history)"):
            loading(tmp_path / "rnn", joined(header, made))
