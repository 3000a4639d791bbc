"""The file of an Ensemble holds its members; damaged and made-up ones are refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import dinorc
from dinorc import CharRNN, Ensemble, ModelFileError, NGram
from dinorc._training.ensemble_settings import MOST_MEMBERS
from helpers import refused
from model_files import ctrl_c_after, edited, edited_facts, loading, saved, split, with_checksum
from small_models import NAMES, small, small_ensemble, small_members

OTHER_NAMES = sorted("".join(NAMES))  # all letters, one a name


def everything_in(model: Any) -> Any:
    """Return all that makes up a model, for comparison."""
    state = model._trained.state()
    arrays = {n: (a.dtype.str, a.shape, a.tobytes()) for n, a in state["arrays"].items()}
    return state["facts"], arrays


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    """Return an ensemble of all kinds of members, one of which came trained on another list."""
    members = [*small_members(), NGram(order=3), small(validation_fraction=0.0).fit(OTHER_NAMES)]
    return small_ensemble(members=members, unknown="rare", random_state=9).fit(NAMES)


@pytest.fixture(scope="module")
def contents(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return its file."""
    return saved(ensemble, tmp_path_factory.mktemp("ensemble"))


def test_a_loaded_ensemble_is_the_same(ensemble: Ensemble, tmp_path: Path) -> None:
    ensemble.save(tmp_path / "one")
    other = dinorc.load(tmp_path / "one")
    assert type(other) is Ensemble
    assert everything_in(other) == everything_in(ensemble)
    assert other.fingerprint() == ensemble.fingerprint()
    assert repr(other) == repr(ensemble)
    assert other.history_ == ensemble.history_
    assert other.weights_.tobytes() == ensemble.weights_.tobytes()
    assert other.score_samples(NAMES).tobytes() == ensemble.score_samples(NAMES).tobytes()
    assert other.sample(20) == ensemble.sample(20)
    assert [type(member) for member in other.members_] == [CharRNN] * 3 + [NGram, CharRNN]
    assert other.members_[4].training_names_ == tuple(sorted(set(OTHER_NAMES)))
    assert other.members_[0].training_names_ == tuple(sorted(NAMES))
    assert [member._trained is None for member in other.members] == [True] * 4 + [False]
    assert other.fit(NAMES).fingerprint() == ensemble.fingerprint()
    ensemble.save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_defaults_and_an_ensemble_of_trained_models(tmp_path: Path) -> None:
    made = [
        Ensemble(verbose=False).fit(NAMES[:40]),
        Ensemble.of([small(validation_fraction=0).fit(NAMES), NGram().fit(NAMES)], [1, 2]),
    ]
    for number, ensemble in enumerate(made):
        ensemble.save(tmp_path / f"{number}")
        other = dinorc.load(tmp_path / f"{number}")
        assert isinstance(other, Ensemble)
        assert everything_in(other) == everything_in(ensemble)
        assert other.sample(9) == ensemble.sample(9)


@pytest.mark.parametrize("fraction", [0, 0.1])
def test_an_interrupted_training_goes_on_from_its_file(tmp_path: Path, fraction: float) -> None:
    settings = {"members": [*small_members(), NGram()], "validation_fraction": fraction}
    with ctrl_c_after(20):
        ensemble = small_ensemble(**settings).fit(NAMES)
    ensemble.save(tmp_path / "half")
    other = dinorc.load(tmp_path / "half")
    assert isinstance(other, Ensemble)
    assert other.interrupted_ is True
    whole = small_ensemble(**settings).fit(NAMES)
    assert other.resume(NAMES).fingerprint() == whole.fingerprint()


def test_a_calibrated_ensemble(tmp_path: Path) -> None:
    ensemble = small_ensemble(members=[small(), NGram()]).fit(NAMES[::2]).calibrate(NAMES[1::2])
    ensemble.save(tmp_path / "one")
    other = dinorc.load(tmp_path / "one")
    assert other.threshold_ == ensemble.threshold_
    assert other.predict(NAMES).tolist() == ensemble.predict(NAMES).tolist()


def test_the_names_are_there_once_and_members_have_tensors_of_their_own(
    ensemble: Ensemble, tmp_path: Path
) -> None:
    ensemble.save(tmp_path / "one")
    tensors = safetensors.numpy.load_file(tmp_path / "one")
    assert tensors["weights"].tobytes() == ensemble.weights_.tobytes()
    assert [name for name in tensors if name.endswith("names")] == ["members.4.names", "names"]
    member = ensemble.members_[1]
    assert isinstance(member, CharRNN)
    for name, array in member.parameters_.items():
        assert tensors[f"members.1.{name}"].tobytes() == array.tobytes()


def test_settings_are_saved_as_they_are_now(ensemble: Ensemble, tmp_path: Path) -> None:
    changed = small_ensemble(members=[small(), NGram()]).fit(NAMES)
    changed.set_params(members=[small(), small(), ensemble.members_[0]], weights=np.ones(3))
    changed.save(tmp_path / "one")
    other = dinorc.load(tmp_path / "one")
    assert isinstance(other, Ensemble)
    assert other.weights == [1, 1, 1]
    assert other.fingerprint() == changed.fingerprint()
    assert [member._trained for member in other.members] == [None] * 3  # type: ignore[union-attr]


Edit = Callable[[dict[str, Any]], Any]


def changed(key: str, value: Any, member: int | None = None) -> Edit:
    """Return an edit of the facts of the ensemble, or of one of its members."""

    def edit(facts: dict[str, Any]) -> None:
        (facts if member is None else facts["members"][member])[key] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        changed("members", []),
        changed("members", None),
        changed("members", [{}]),
        lambda facts: facts["members"].pop(),
        lambda facts: facts["members"].append(facts["members"][0]),
        lambda facts: facts["members"].reverse(),
        changed("kind", "ngram", 0),
        changed("kind", "ensemble", 0),
        changed("kind", None, 0),
        changed("vocabulary", "\nab", 0),
        changed("seed", -1, 2),
        changed("order", 4, 3),
        changed("order", 10**9, 3),
        changed("settings", None),
        changed("fitting", None),
        changed("interrupted", 1),
        changed("held_out_loss", "1"),
        changed("names_hash", 5),
        lambda facts: facts["fitting"].update(prior=[0.5, 0.5]),
        lambda facts: facts["fitting"].update(prior_characters=-1.0),
        lambda facts: facts["fitting"].update(folds=0.5),
        lambda facts: facts["fitting"].update(more=1),
        lambda facts: facts["settings"].update(members="some"),
        lambda facts: facts["settings"]["members"][0].update(kept=0),
        lambda facts: facts["settings"]["members"][0]["settings"].update(hidden_size=0),
        lambda facts: facts["settings"].update(weights=[1.0]),
    ],
)
def test_facts_that_no_ensemble_has_are_refused(
    contents: bytes, tmp_path: Path, edit: Edit
) -> None:
    made = edited_facts(contents, edit)
    assert made != contents
    with refused(ModelFileError, "is damaged: "):
        loading(tmp_path / "made", made)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("members.4.names", "members.0.names"),
        ("members.0.bias", "members.7.bias"),
        ("weights", "weight"),
        ("members.1.bias", "members.1.output_bias"),
    ],
)
def test_tensors_under_other_names_are_refused(
    contents: bytes, tmp_path: Path, old: str, new: str
) -> None:
    def rename(header: dict[str, Any]) -> None:
        renamed = {(new if name == old else name): tensor for name, tensor in header.items()}
        header.clear()
        header.update(renamed)

    with refused(ModelFileError, "is damaged: "):
        loading(tmp_path / "made", edited(contents, rename))


@pytest.mark.parametrize("weights", [[1.0] * 5, [-0.5, 0.5, 0.5, 0.5, 0], [np.nan] * 5])
def test_weights_that_are_none_are_refused(
    contents: bytes, tmp_path: Path, weights: list[float]
) -> None:
    header, data = split(contents)
    begin, end = header["weights"]["data_offsets"]
    made = data[:begin] + np.array(weights).tobytes() + data[end:]
    with refused(ModelFileError, "is damaged: "):
        loading(tmp_path / "made", with_checksum(contents[: -len(data)] + made))


def test_no_damaged_copy_passes(contents: bytes, tmp_path: Path) -> None:
    rng = random.Random(3)
    for _ in range(300):
        made = bytearray(contents)
        made[rng.randrange(rng.choice([len(made), 9000]))] ^= 1 << rng.randrange(8)
        for copy in (bytes(made), with_checksum(bytes(made))):
            (tmp_path / "copy").write_bytes(copy)
            try:
                other = dinorc.load(tmp_path / "copy")
            except ModelFileError:
                continue
            # A bit of a number, or of a name: then the file says so, and is the one it would save.
            assert copy == with_checksum(bytes(made)) != contents
            assert saved(other, tmp_path) == copy


def test_the_largest_header(tmp_path: Path) -> None:
    settings = {
        "schedule": "constant", "hidden_size": 3, "clip_value": 0.1234567890123456,
        "learning_rate": 0.00123456789012345, "dropout": 0.3333333333333333,
        "batch_size": 65536, "patience": 2**63 - 1, "max_epochs": 10**9,
    }  # fmt: skip
    members = [small(**settings) for _ in range(MOST_MEMBERS)]
    with ctrl_c_after(2):
        ensemble = small_ensemble(members=members, random_state=2**64 - 1, n_jobs=32).fit(NAMES)
    ensemble.save(tmp_path / "large")
    assert dinorc.load(tmp_path / "large").fingerprint() == ensemble.fingerprint()
