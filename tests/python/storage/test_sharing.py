"""Models go to and come from open files and bytes, with or without the names of their lists."""

from __future__ import annotations

import gzip
import io
import mmap
import pickle
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from command_line import Run
from dinorc import CharRNN, Ensemble, ModelFileError, NGram
from dinorc._estimators.name_model import NameModel
from helpers import refused
from model_files import ctrl_c_after, edited, edited_facts, split
from small_models import NAMES, small, small_ensemble


def fitted(model: Any) -> NameModel:
    return model.fit(NAMES)  # type: ignore[no-any-return]


MODELS: dict[str, Callable[[], NameModel]] = {
    "network": lambda: fitted(small()),
    "n-gram": lambda: fitted(NGram(order=3)),
    "ensemble": lambda: fitted(small_ensemble(members=[small(), NGram(order=2)])),
    "of trained ones": lambda: Ensemble.of([fitted(small()), fitted(NGram(order=3))]),
}
every_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def contents(model: NameModel, **options: bool) -> bytes:
    buffer = io.BytesIO()
    model.save(buffer, **options)
    return buffer.getvalue()


# ---- open files and bytes -----------------------------------------------------------------------


@every_model
def test_an_open_file_gets_the_bytes_of_a_file_at_a_path(
    make: Callable[[], NameModel], tmp_path: Path
) -> None:
    model = make()
    model.save(tmp_path / "model")
    assert contents(model) == (tmp_path / "model").read_bytes()
    for buffering in (-1, 0):
        with (tmp_path / "other").open("wb", buffering) as file:
            file.write(b"before")
            model.save(file)
            file.write(b"after")
        assert (tmp_path / "other").read_bytes() == b"before" + contents(model) + b"after"


@pytest.mark.parametrize(
    "form",
    [
        bytes,
        bytearray,
        memoryview,
        io.BytesIO,
        lambda content: array("B", content),
        lambda content: np.frombuffer(content, np.uint8),
        lambda content: memoryview(b"x" + content)[1:],
        lambda content: io.BufferedReader(io.BytesIO(content)),
        lambda content: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(content))),
    ],
)
def test_contents_of_any_form(form: Callable[[bytes], Any], rnn: CharRNN) -> None:
    loaded = dinorc.load(form(contents(rnn)))
    assert loaded.fingerprint() == rnn.fingerprint()
    assert contents(loaded) == contents(rnn)


def test_files_of_other_kinds(tmp_path: Path, rnn: CharRNN) -> None:
    with tempfile.TemporaryFile() as file:
        rnn.save(file)
        file.seek(0)
        assert dinorc.load(file).fingerprint() == rnn.fingerprint()
        assert not file.closed
    with gzip.open(tmp_path / "packed", "wb") as packed:
        rnn.save(packed)
    with gzip.open(tmp_path / "packed") as unpacked:
        assert dinorc.load(unpacked).fingerprint() == rnn.fingerprint()
    rnn.save(tmp_path / "model")
    with (tmp_path / "model").open("rb", buffering=0) as raw:
        assert dinorc.load(raw).fingerprint() == rnn.fingerprint()
        with mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert dinorc.load(mapped).fingerprint() == rnn.fingerprint()


def test_a_file_is_read_from_where_it_stands(rnn: CharRNN) -> None:
    file = io.BytesIO(b"before" + contents(rnn))
    file.seek(6)
    assert dinorc.load(file).fingerprint() == rnn.fingerprint()


class Slow(io.RawIOBase):
    """A file that takes a few bytes at a time."""

    def __init__(self, at_a_time: int | None) -> None:
        self.written = bytearray()
        self._at_a_time = at_a_time

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, part: Any) -> int | None:
        """Take the first bytes."""
        if self._at_a_time is None:
            return None
        self.written += part[: self._at_a_time]
        return min(self._at_a_time, len(part))


def test_a_file_that_takes_a_part_gets_the_rest(rnn: CharRNN) -> None:
    slow = Slow(1000)
    rnn.save(slow)  # type: ignore[arg-type]
    assert bytes(slow.written) == contents(rnn)
    with pytest.raises(BlockingIOError):
        rnn.save(Slow(None))  # type: ignore[arg-type]


def test_text_files_and_what_gives_no_bytes_are_refused(tmp_path: Path, rnn: CharRNN) -> None:
    with (tmp_path / "text").open("w+") as file:
        for use in (rnn.save, dinorc.load):
            with refused(TypeError, "^path is .*, a text file; expected one opened as binary"):
                use(file)
    with refused(TypeError, "^path is .*; expected a str, an os.PathLike or a binary file"):
        rnn.save(b"model")  # type: ignore[arg-type]

    class Reader:
        def read(self) -> str:
            return "text"

    with refused(TypeError, "^path is .*, whose read gives no bytes"):
        dinorc.load(Reader())  # type: ignore[arg-type]


def test_bytes_are_never_a_path(tmp_path: Path, rnn: CharRNN) -> None:
    rnn.save(tmp_path / "model")
    with refused(ModelFileError, "^the bytes given is not a dinorc model"):
        dinorc.load(bytes(tmp_path / "model"))


@pytest.mark.parametrize("form", [bytes, io.BytesIO])
def test_damage_is_found_wherever_it_comes_from(form: Callable[[bytes], Any], rnn: CharRNN) -> None:
    whole = contents(rnn)
    name = "the bytes given" if form is bytes else "the file given"
    for damaged in (whole[:-1], whole + b"x", whole[:99], whole[:-1] + b"?"):
        with refused(ModelFileError, f"^{name} is (damaged|not a dinorc model)"):
            dinorc.load(form(damaged))
    with refused(ModelFileError, f"^{name} is empty"):
        dinorc.load(form(b""))


# ---- without the names --------------------------------------------------------------------------


@every_model
def test_the_names_can_be_left_out(make: Callable[[], NameModel]) -> None:
    model = make()
    with_names, without = contents(model), contents(model, training_names=False)
    assert b"acrocanthosaurus" in with_names
    assert b"acrocanthosaurus" not in without
    loaded = dinorc.load(without)
    assert loaded.fingerprint() == model.fingerprint()
    assert loaded.names_report_ == model.names_report_
    assert loaded.training_names_ == ()
    assert loaded.sample(5) == model.sample(5)
    assert loaded.score_samples(NAMES).tolist() == model.score_samples(NAMES).tolist()
    assert contents(loaded) == without
    assert contents(dinorc.load(with_names)) == with_names
    assert contents(pickle.loads(pickle.dumps(loaded))) == without
    if isinstance(loaded, Ensemble):
        assert [member.training_names_ for member in loaded.members_] == [(), ()]


def test_generate_says_that_it_cannot_leave_them_out() -> None:
    names = ["anna", "hannah", "nana"]
    ngram = NGram(order=3).fit(names)
    loaded = dinorc.load(contents(ngram, training_names=False))
    for conditions in ({}, {"exclude": "training"}):
        with pytest.warns(UserWarning, match="saved without its training names") as told:
            made = loaded.generate(20, **conditions)
        assert told[0].filename == __file__
        assert set(made) & set(names)
    for exclude in (names, None):
        assert len(loaded.generate(3, exclude=exclude)) == 3
    assert not set(loaded.generate(20, exclude=names)) & set(names)
    assert not set(ngram.generate(20)) & set(names)


def test_a_model_that_never_had_a_list_has_nothing_to_leave_out() -> None:
    of = Ensemble.of([NGram(order=2).fit(NAMES)])
    parameters = dinorc.initialize_parameters(n_a=2, n_x=3, n_y=3)
    notebook = CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2})
    assert contents(notebook, training_names=False) == contents(notebook)
    loaded = dinorc.load(contents(of, training_names=False))
    assert len(loaded.generate(3)) == 3


def test_training_goes_on_with_the_names_given_again() -> None:
    model, whole = small_ensemble(), small_ensemble().fit(NAMES)
    with ctrl_c_after(5):
        model.fit(NAMES)
    loaded = dinorc.load(contents(model, training_names=False))
    assert isinstance(loaded, Ensemble)
    assert loaded.resume(NAMES).fingerprint() == whole.fingerprint()
    assert loaded.training_names_ == whole.training_names_


def test_an_ensemble_has_its_own_list_whatever_its_first_member_has_learned() -> None:
    other = NGram(order=3).fit([name[::-1] for name in NAMES])
    ensemble = small_ensemble(members=[other, small()]).fit(NAMES)
    loaded = dinorc.load(contents(ensemble))
    assert isinstance(loaded, Ensemble)
    assert loaded.training_names_ == ensemble.training_names_ == tuple(sorted(NAMES))
    assert loaded.members_[0].training_names_ == other.training_names_


def test_an_ensemble_may_have_a_member_without_names() -> None:
    member = dinorc.load(contents(NGram(order=3).fit(NAMES), training_names=False))
    ensemble = small_ensemble(members=[member, small()]).fit(NAMES)
    loaded = dinorc.load(contents(ensemble))
    assert contents(loaded) == contents(ensemble)
    assert isinstance(loaded, Ensemble)
    assert loaded.training_names_ == tuple(sorted(NAMES))
    assert [len(each.training_names_) for each in loaded.members_] == [0, len(NAMES)]


@pytest.mark.parametrize("value", [None, 1, "no"])
def test_whether_to_leave_them_out_is_true_or_false(value: Any, rnn: CharRNN) -> None:
    with refused(TypeError, "^training_names is ", "expected True or False"):
        rnn.save(io.BytesIO(), training_names=value)


# ---- the file -----------------------------------------------------------------------------------


def version(content: bytes) -> str:
    return str(split(content)[0]["__metadata__"]["format_version"])


@every_model
def test_files_of_format_2_load_but_leave_no_names_out(make: Callable[[], NameModel]) -> None:
    def older(header: Any) -> None:
        header["__metadata__"]["format_version"] = "2"

    model = make().set_params(unknown="error")
    assert version(contents(model)) == "3"
    loaded = dinorc.load(edited(contents(model), older))
    assert loaded.training_names_ == model.training_names_
    assert contents(loaded) == contents(model)
    if model.training_names_ or isinstance(model, Ensemble):
        with refused(ModelFileError, "is damaged: its header is not the one"):
            dinorc.load(edited(contents(model, training_names=False), older))


@pytest.mark.parametrize(
    "facts",
    [
        {"names_left_out": False},
        {"names_left_out": 0},
        {"names_left_out": -1},
        {"names_left_out": 2**60},
        {"names_left_out": None},
        {"names_report": None},
        {"more": True},
    ],
)
def test_impossible_facts_about_names_are_refused(facts: dict[str, Any], rnn: CharRNN) -> None:
    without = contents(rnn, training_names=False)
    assert dinorc.load(edited_facts(without, lambda before: None)).training_names_ == ()
    with refused(ModelFileError, "is damaged"):
        dinorc.load(edited_facts(without, lambda before: before.update(facts)))


def test_a_file_with_names_cannot_say_that_they_are_left_out(rnn: CharRNN) -> None:
    made = edited_facts(contents(rnn), lambda before: before.update(names_left_out=9))
    with refused(ModelFileError, "names are left out, and there are names"):
        dinorc.load(made)


# ---- on the command line ------------------------------------------------------------------------


def test_train_leaves_them_out_and_info_and_generate_say_so(run: Run, tmp_path: Path) -> None:
    names, model = tmp_path / "names.txt", tmp_path / "model"
    names.write_text("anna\nhannah\nnana\n")
    options = ("-o", model, "--model", "ngram", "--quiet", "--no-training-names")
    assert run("train", names, *options).code == 0
    assert dinorc.load(model).training_names_ == ()
    assert "3, 3 distinct, not in the file" in run("info", model).out
    done = run("generate", model, "-n", "20")
    assert done.err.count("\n") == 1
    assert "was saved without the names of its training list" in done.err
    assert "anna" in done.out.split()
    done = run("generate", model, "-n", "20", "--exclude", names)
    assert "anna" not in done.out.split()
    assert run("generate", model, "-n", "3", "--allow-training").err == ""
