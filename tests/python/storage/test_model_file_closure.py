"""What `load` accepts, `save` can write and `load` accepts again, even after one more epoch.

The files are made up: real ones in which a part of the format is changed and the checksum
corrected. ``DINORC_LONG_TESTS=1`` checks 20,000 of them.
"""

from __future__ import annotations

import json
import math
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, ModelFileError, TrainingDivergedError
from model_files import (
    PARAMETERS,
    TINY_NAMES,
    ctrl_c_after,
    put_together,
    saved,
    taken_apart,
    tiny,
)
from small_models import small

FILES = 20_000 if "DINORC_LONG_TESTS" in os.environ else 600

FLOATS = [
    0.0, -0.0, 5e-324, 1e-300, 1e-9, 0.5, 0.999, 1.0, 2.0, 1e20, 3e38, 1e300, 1.7e308, -1e-9, -1.0,
    -1e300, math.inf, math.nan,
]  # fmt: skip
INTEGERS = [-1, 0, 1, 2, 3, 4, 5, 100, 2**31, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30]

SETTINGS: dict[str, list[Any]] = {
    "dropout": FLOATS,
    "learning_rate": FLOATS,
    "weight_decay": FLOATS,
    "clip_value": [None, *FLOATS],
    "clip_norm": [None, *FLOATS],
    "validation_fraction": [*FLOATS, 0.1, 0.3],
    "batch_size": ["auto", *INTEGERS],
    "max_epochs": INTEGERS,
    "patience": [None, *INTEGERS],
    "random_state": [None, *INTEGERS],
    "schedule": ["constant", "one-cycle", "averaged"],
    "optimizer": ["sgd", "adam"],
    "unknown": ["error", "rare"],
}


class Parts:
    """A file in pieces, for changing them."""

    def __init__(self, contents: bytes) -> None:
        self.metadata, self.arrays = taken_apart(contents)
        self.facts: dict[str, Any] = json.loads(self.metadata["model"])
        self.params: dict[str, Any] = json.loads(self.metadata["params"])

    def contents(self) -> bytes:
        """Return the whole file."""
        for key, value in (("model", self.facts), ("params", self.params)):
            self.metadata[key] = json.dumps(
                value, ensure_ascii=False, separators=(",", ":"), sort_keys=True
            )
        return put_together(self.metadata, self.arrays)


def change_a_setting(parts: Parts, rng: random.Random) -> None:
    """Change it both now and in training, or `resume` would only say that they differ."""
    name = rng.choice(["learning_rate", *SETTINGS])
    value = rng.choice(SETTINGS[name])
    for settings in rng.choice([[parts.facts["settings"], parts.params], [parts.params]]):
        settings[name] = value


def change_the_checkpoint(parts: Parts, rng: random.Random) -> None:
    facts = parts.facts["checkpoint"]
    if facts is None:
        return
    trainer = facts["trainer"]
    name = rng.choice(["seconds", "loss_sum", "batch", "characters", "epoch", "none"])
    if name == "seconds":
        last = parts.arrays["history"][-1, 4] if len(parts.arrays["history"]) else 0.0
        near = [last, np.nextafter(last, 0), np.nextafter(last, 1), last / 2, last - 1e-9, 2 * last]
        facts["seconds"] = float(rng.choice([*near, *FLOATS]))
    elif name == "loss_sum":
        trainer["loss_sum"] = rng.choice(FLOATS)
    elif name == "none":
        parts.facts["checkpoint"] = None
        for array in [name for name in parts.arrays if name.startswith("checkpoint.")]:
            del parts.arrays[array]
    else:
        near = [trainer[name] + step for step in (-2, -1, 1, 2)]
        trainer[name] = rng.choice([*near, *INTEGERS])


def change_the_history(parts: Parts, rng: random.Random) -> None:
    history = parts.arrays["history"]
    change = rng.choice(["one", "column", "longer", "shorter", "seconds"])
    if change in ("one", "column") and len(history):
        rows = slice(None) if change == "column" else rng.randrange(len(history))
        history[rows, rng.randrange(5)] = rng.choice(FLOATS)
    elif change == "seconds":
        with np.errstate(over="ignore"):
            history[:, 4] *= rng.choice([0, 0.5, 2, 1e300])
    elif change == "longer" and len(history):
        history = np.vstack([history, history[-1:]])
        history[-1, 0] += 1
    elif change == "shorter":
        history = history[: rng.randrange(len(history) + 1)].copy()
    parts.arrays["history"] = history
    parts.facts["best_epoch"] = min(parts.facts["best_epoch"], len(history))
    checkpoint = parts.facts["checkpoint"]
    if checkpoint is not None and rng.random() < 0.8:
        checkpoint["trainer"]["epoch"] = len(history) + rng.choice([0, 0, 1])
        if len(history) == 0:
            parts.arrays.pop("checkpoint.kept", None)


def change_numbers(parts: Parts, rng: random.Random) -> None:
    names = [name for name, array in parts.arrays.items() if array.dtype.kind == "f" and array.size]
    trained = [name for name in names if name.startswith("checkpoint.")]
    array = parts.arrays[rng.choice(rng.choice([names, trained or names]))].reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.array([*FLOATS, np.finfo(array.dtype).max, -1e30]).astype(array.dtype)
        values = values[np.isfinite(values)]
        if rng.random() < 0.3:
            array[:] = rng.choice([array * rng.choice(values), np.full_like(array, values[-2])])
        else:
            array[rng.randrange(array.size)] = rng.choice(values)


def change_another_fact(parts: Parts, rng: random.Random) -> None:
    facts = parts.facts
    name = rng.choice(list(facts.keys() - {"settings", "checkpoint"}))
    if name in ("best_epoch", "seed", "float_contract_version"):
        facts[name] = rng.choice(INTEGERS)
    elif name == "interrupted":
        facts[name] = not facts[name]
    elif name == "names_hash":
        facts[name] = rng.choice([facts[name] * 2, "", "\u00e9" * 64])
    elif name == "names_report" and facts[name] is not None:
        facts[name][rng.choice(list(facts[name]))] = rng.choice(INTEGERS)
    elif name == "calibration" and facts[name] is not None:
        facts[name][rng.choice(list(facts[name]))] = rng.choice(FLOATS)


def change_the_names(parts: Parts, rng: random.Random) -> None:
    """Replace a character of the vocabulary by the next one, or the names by some of them."""
    points = parts.arrays["vocabulary"].view("<u4").reshape(-1)
    at = rng.randrange(1, len(points))
    names = parts.arrays["names"].tobytes().decode().split("\n")
    if rng.random() < 0.5:
        names = sorted(name.replace(chr(points[at]), chr(points[at] + 1)) for name in names)
        points[at] += 1
    else:
        names = sorted(rng.sample(names, rng.randrange(len(names) + 1)))
        if parts.facts["names_report"] is not None:
            parts.facts["names_report"]["distinct"] = len(names)
    parts.arrays["names"] = np.frombuffer("\n".join(names).encode(), np.uint8)


CHANGES: list[Callable[[Parts, random.Random], None]] = [
    change_a_setting,
    change_the_checkpoint,
    change_the_checkpoint,
    change_the_history,
    change_numbers,
    change_another_fact,
    change_the_names,
]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return files of several kinds; training can go on in all but the last."""
    folder = tmp_path_factory.mktemp("originals")
    calibrated = tiny()
    with pytest.warns(UserWarning, match="among those that fit was given"):
        calibrated.calibrate(TINY_NAMES, 0.1)
    files = [saved(calibrated, folder), saved(calibrated, folder, training_names=False)]
    files.append(saved(tiny(cell="rnn", optimizer="sgd"), folder))
    files.append(saved(tiny(cell="rnn", dtype="float64", clip_norm=None, dropout=0), folder))
    for batches, settings in ((0, {}), (3, {}), (3, {"validation_fraction": 0})):
        with ctrl_c_after(batches):
            files.append(saved(tiny(schedule="one-cycle", patience=1, **settings), folder))
    parameters = dinorc.initialize_parameters(n_a=3, n_x=3, n_y=3)
    files.append(saved(CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2}), folder))
    return files


def require_whole(rnn: CharRNN, path: Path) -> bytes:
    """Save the model, and check that loading gives the same one."""
    rnn.save(path)
    contents = path.read_bytes()
    other = dinorc.load(path)
    assert other.fingerprint() == rnn.fingerprint()
    other.save(path)
    assert path.read_bytes() == contents
    return contents


def outcome(path: Path, contents: bytes, batches: float) -> str:
    """Return the outcome of loading, training for an epoch or some batches, and saving."""
    path.write_bytes(contents)
    try:
        rnn = dinorc.load(path)
    except ModelFileError:
        return "refused"
    assert require_whole(rnn, path) == contents
    if rnn.schedule == "constant":
        rnn.set_params(max_epochs=rnn.n_epochs_ + 1)
    try:
        with ctrl_c_after(batches):
            rnn.resume(TINY_NAMES)
        went = "interrupted" if rnn.interrupted_ else "resumed"
    except TrainingDivergedError:
        went = "diverged"
    except ValueError:
        assert require_whole(rnn, path)
        return "not to be resumed"
    require_whole(rnn, path)
    return went


def test_what_is_loaded_can_be_saved_and_loaded_again(
    originals: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # which takes long
    rng = random.Random(3)
    outcomes: Counter[str] = Counter()
    for number in range(FILES):
        parts = Parts(rng.choice(originals))
        for _ in range(rng.choice([1, 1, 2, 3])):
            rng.choice(CHANGES)(parts, rng)
        contents = parts.contents()
        try:
            went = outcome(tmp_path / "rnn", contents, rng.choice([math.inf, math.inf, 1, 2]))
        except BaseException as error:
            error.add_note(f"file {number}")
            raise
        outcomes[went] += 1
    print(dict(outcomes))
    kinds = {"refused", "not to be resumed", "resumed", "interrupted", "diverged"}
    assert outcomes.keys() == kinds
    assert min(outcomes[kind] for kind in kinds - {"diverged"}) > 0.05 * FILES


def test_another_vocabulary_cannot_be_resumed(tmp_path: Path) -> None:
    parts = Parts(saved(tiny(), tmp_path))
    text = parts.arrays["names"].tobytes().decode()
    assert text.endswith("zo\u00eb")
    parts.arrays["names"] = np.frombuffer((text[:-1] + "\u00ec").encode(), np.uint8)
    parts.arrays["vocabulary"].view("<u4")[-1] += 1
    (tmp_path / "rnn").write_bytes(parts.contents())
    rnn = dinorc.load(tmp_path / "rnn").set_params(max_epochs=5)
    with pytest.raises(ValueError, match=r"^names has '.*', which it did not have in fit"):
        rnn.resume(TINY_NAMES)
    assert rnn.vocabulary_[-1] == "\u00ec"


def test_a_fraction_that_holds_nothing_out_cannot_be_resumed(tmp_path: Path) -> None:
    with ctrl_c_after(3):
        parts = Parts(saved(tiny(patience=1), tmp_path))
    assert len(parts.arrays["history"]) == 1
    for settings in (parts.facts["settings"], parts.params):
        settings["validation_fraction"] = 0.01
    (tmp_path / "rnn").write_bytes(parts.contents())
    rnn = dinorc.load(tmp_path / "rnn")
    with pytest.raises(ValueError, match=r"^names has 31 distinct names; .*=0.01 needs 100"):
        rnn.resume(TINY_NAMES)
    assert require_whole(rnn, tmp_path / "rnn") == parts.contents()


# ---- numbers that become infinite ----------------------------------------------------------------


def test_ctrl_c_after_a_step_to_infinity() -> None:
    rnn = small(optimizer="sgd", learning_rate=1e300, clip_norm=None)
    with ctrl_c_after(1), pytest.raises(TrainingDivergedError, match="the model is as before"):
        rnn.fit(TINY_NAMES)
    assert not rnn.__sklearn_is_fitted__()


def with_parameters(
    path: Path, name: str, change: Callable[[Any], Any], **settings: Any
) -> CharRNN:
    """Return a model that goes on with other parameters of one name, for a single epoch."""
    rnn = tiny(**settings)
    metadata, arrays = taken_apart(saved(rnn, path.parent))
    sizes = {each: array.size for each, array in arrays.items() if each in PARAMETERS}
    before = list(sizes)[: list(sizes).index(name)]
    begin = sum(sizes[each] for each in before)
    numbers = arrays["checkpoint.parameters"][begin : begin + sizes[name]]
    numbers[:] = change(numbers)
    path.write_bytes(put_together(metadata, arrays))
    return dinorc.load(path).set_params(max_epochs=rnn.n_epochs_ + 1)


def test_moments_that_become_infinite_cannot_be_resumed(tmp_path: Path) -> None:
    # The gradients are finite as float32, but their squares are not.
    settings = {"clip_norm": None, "validation_fraction": 0, "dropout": 0}
    rnn = with_parameters(tmp_path / "rnn", "output_weights", lambda w: w * 1e22, **settings)
    require_whole(rnn.resume(TINY_NAMES), tmp_path / "rnn")
    with pytest.raises(ValueError, match="there is no training run to go on with"):
        rnn.set_params(max_epochs=9).resume(TINY_NAMES)


def test_losses_whose_sum_is_infinite(tmp_path: Path) -> None:
    # Each batch has about half of the letters a, so that its loss and gradients are finite.
    loss = 1.2e308 / (sum(name.count("a") for name in TINY_NAMES) / 2)
    rnn = with_parameters(
        tmp_path / "rnn",
        "output_bias",
        lambda bias: np.where(np.arange(bias.size) == 1, -loss, bias),
        dtype="float64",
    )
    assert rnn.vocabulary_[1] == "a"
    with pytest.raises(TrainingDivergedError, match="the model has the weights of epoch"):
        rnn.resume(TINY_NAMES)
    require_whole(rnn, tmp_path / "rnn")
