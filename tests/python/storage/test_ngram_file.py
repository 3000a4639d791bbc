"""Files of NGram: the same model back, no more than it takes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import dinorc
from dinorc import ModelFileError, NGram, datasets
from helpers import refused
from model_files import edited_facts, joined, loading, saved, split
from small_models import NAMES

LISTS = {
    "dinosaurs": NAMES,
    "copies": [*NAMES[:20], *NAMES[:5] * 70],
    "one name": ["anna"],
    "other scripts": ["Zoë", "Łódź", "東京", "\U0001f996"],
    "many characters": [chr(code) for code in range(0x4E00, 0x4F00)],
}


@pytest.mark.parametrize("order", ["auto", 1, 4, 16])
@pytest.mark.parametrize("names", LISTS.values(), ids=LISTS)
def test_a_loaded_model_is_the_same(tmp_path: Path, names: list[str], order: int | str) -> None:
    ngram = NGram(order=order, random_state=3, unknown="rare").fit(names)
    contents = saved(ngram, tmp_path)
    loaded = dinorc.load(tmp_path / "saved.safetensors")
    assert type(loaded) is NGram
    assert repr(loaded) == repr(ngram)
    assert loaded.fingerprint() == ngram.fingerprint()
    assert loaded.training_names_ == ngram.training_names_
    assert loaded.names_report_ == ngram.names_report_
    assert loaded.order_losses_ == ngram.order_losses_
    assert loaded.discounts_.tolist() == ngram.discounts_.tolist()
    assert loaded.settings_ == ngram.settings_
    assert loaded.sample(20) == ngram.sample(20)
    assert loaded.score_samples(names).tolist() == ngram.score_samples(names).tolist()
    assert saved(loaded, tmp_path) == contents


def test_settings_changed_since_are_kept_beside_those_of_learning(tmp_path: Path) -> None:
    ngram = NGram().fit(NAMES).set_params(order=1, unknown="impossible")
    saved(ngram, tmp_path)
    loaded = dinorc.load(tmp_path / "saved.safetensors")
    assert repr(loaded) == "NGram(order=1, unknown='impossible')"
    assert loaded.settings_ == {"order": "auto"}
    assert loaded.order_ == ngram.order_ > 1


def test_a_calibrated_model_keeps_its_threshold(tmp_path: Path) -> None:
    ngram = NGram(order=3).fit(NAMES).calibrate(datasets.load("dinos")[3::14], 0.05)
    saved(ngram, tmp_path)
    loaded = dinorc.load(tmp_path / "saved.safetensors")
    assert loaded.threshold_ == ngram.threshold_
    assert loaded.decision_function(NAMES).tolist() == ngram.decision_function(NAMES).tolist()


def test_its_arrays_are_those_of_the_page_on_files(tmp_path: Path) -> None:
    ngram = NGram(order=3).fit([*NAMES, "anna", *["zara"] * 300])
    saved(ngram, tmp_path)
    tensors = safetensors.numpy.load_file(tmp_path / "saved.safetensors")
    branches, characters, counts = (
        tensors[f"ngrams.{name}"].view(dtype).ravel()
        for name, dtype in (("branches", "u1"), ("characters", "u1"), ("counts", "<u2"))
    )
    assert tensors["discounts"].tolist() == ngram.discounts_.tolist()
    assert tensors["order_losses"].tolist() == [ngram.order_losses_[3]]
    assert branches.sum() == len(characters) == ngram.n_ngrams_
    assert characters[: branches[0]].tolist() == list(range(len(ngram.vocabulary_)))
    assert counts.max() > 300
    assert "names" in tensors


def test_a_file_takes_a_few_bytes_for_each_ngram(tmp_path: Path) -> None:
    ngram = NGram(order=8).fit(datasets.load("dinos"))
    assert len(saved(ngram, tmp_path)) < 3 * ngram.n_ngrams_ + 20_000


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a sound file."""
    return saved(NGram().fit(NAMES[:30]), tmp_path_factory.mktemp("ngram"))


def changed(contents: bytes, name: str, change: Any) -> bytes:
    """Return the file with the numbers of a tensor changed in place and the checksum corrected."""
    header, data = split(contents)
    made = bytearray(data)
    begin, end = header[name]["data_offsets"]
    dtype = {"F64": "<f8", "U8": "u1"}[header[name]["dtype"]]
    change(np.frombuffer(made, dtype)[begin // np.dtype(dtype).itemsize :][: (end - begin)])
    return joined(json.dumps(header, ensure_ascii=False, separators=(",", ":")), bytes(made))


def _put(at: int, value: float) -> Any:
    def change(numbers: Any) -> None:
        numbers[at] = value

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("discounts", _put(0, 0.0), "a discount is out of range"),
        ("discounts", _put(1, 2.5), "a discount is out of range"),
        ("discounts", _put(2, np.nan), "a number of discounts is not finite"),
        ("order_losses", _put(0, np.inf), "a number of order_losses is not finite"),
        ("ngrams.branches", _put(0, 0), "no names have such n-grams"),
        ("ngrams.branches", _put(0, 255), "no names have such n-grams"),
        ("ngrams.characters", _put(0, 255), "no names have such n-grams"),
        ("ngrams.characters", _put(1, 0), "no names have such n-grams"),
        ("ngrams.counts", _put(0, 0), "no names have such n-grams"),
        ("names", _put(0, 255), "UnicodeDecodeError|names"),
    ],
)
def test_numbers_that_are_none_of_a_model_are_refused(
    tmp_path: Path, contents: bytes, name: str, change: Any, message: str
) -> None:
    loading(tmp_path / "model", changed(contents, name, lambda numbers: None))
    with refused(ModelFileError, "is damaged", message):
        loading(tmp_path / "model", changed(contents, name, change))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("order", 1, "parameters are not those"),
        ("order", 3, "parameters are not those"),
        ("order", 9, "parameters are not those"),
        ("order", True, "parameters are not those"),
        ("order", "3", "is damaged"),
        ("settings", {"order": 0}, "KeyError|order is 0"),
        ("seed", -1, "seed is -1"),
        ("more", 1, "its header is not the one"),
        ("names_report", None, "None"),
    ],
)
def test_facts_that_are_none_of_a_model_are_refused(
    tmp_path: Path, contents: bytes, key: str, value: Any, message: str
) -> None:
    made = edited_facts(contents, lambda facts: facts.update({key: value}))
    with refused(ModelFileError, "is damaged", message):
        loading(tmp_path / "model", made)


def test_a_file_of_another_kind_is_not_read_as_ngrams(tmp_path: Path, contents: bytes) -> None:
    for kind in ("char_rnn", "ngrams"):
        header, data = split(contents)
        header["__metadata__"]["kind"] = kind
        made = joined(json.dumps(header, ensure_ascii=False, separators=(",", ":")), data)
        with refused(ModelFileError, "is damaged|a newer version may know more"):
            loading(tmp_path / "model", made)
