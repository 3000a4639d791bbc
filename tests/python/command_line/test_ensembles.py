"""Ensembles from a shell: what is trained if nothing else is asked for, shown and resumed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed
from dinorc import Ensemble
from model_files import ctrl_c_after
from small_models import NAMES

FEW = NAMES[:25]


@pytest.fixture
def few_names(tmp_path: Path) -> Path:
    """Return a file of few names."""
    file = tmp_path / "few.txt"
    file.write_text("\n".join(FEW), encoding="utf-8")
    return file


def test_an_ensemble_is_what_train_makes(run: Run, few_names: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    done = run("train", few_names, "-o", model, "--seed", "4")
    assert done.code == 0
    expected = Ensemble(random_state=4, verbose=False).fit(FEW)
    ensemble = dinorc.load(model)
    assert isinstance(ensemble, Ensemble)
    assert ensemble.fingerprint() == expected.fingerprint()
    networks = len(ensemble.members_) - 1
    loss = f"{ensemble.held_out_loss_:.4f}"
    assert f"{networks} networks and 1 n-gram; held-out names: {loss} nats a character" in done.err
    assert f"saved in {model}, fingerprint {ensemble.fingerprint()}" in done.err
    assert run("generate", model, "-n", "3", "--seed", "2").out.split() == expected.generate(
        3, seed=2
    )
    assert run("score", model, few_names, "--quiet").code == 0


def test_info_shows_members_and_weights(run: Run, few_names: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    run("train", few_names, "-o", model, "--quiet", "--model", "ensemble")
    ensemble = dinorc.load(model)
    assert isinstance(ensemble, Ensemble)
    facts = json.loads(run("info", model, "--format", "json").out)
    assert facts["model"] == "ensemble"
    assert [member["weight"] for member in facts["members"]] == ensemble.weights_.tolist()
    assert facts["members"][0]["fingerprint"] == ensemble.members_[0].fingerprint()
    assert facts["held_out_loss"] == ensemble.held_out_loss_
    assert facts["interrupted"] is facts["resumable"] is False
    text = " ".join(run("info", model).out.split())  # its lines are folded
    assert f"ensemble {len(ensemble.members_)} members weights " in text
    assert f"{ensemble.weights_[-1]:.3f} n-grams of up to" in text
    assert " lstm of " in text
    assert " training complete " in text


def test_an_interrupted_training_goes_on(run: Run, few_names: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    with ctrl_c_after(10):
        done = run("train", few_names, "-o", model)
    assert done.code == 130
    assert "--resume" in done.err
    assert "interrupted, can be resumed" in run("info", model).out
    done = run("train", few_names, "-o", model, "--resume", "--model", "ngram")
    assert done.code == 2
    assert "argument --model: not with --resume" in done.err
    assert run("train", few_names, "-o", model, "--resume").code == 0
    assert dinorc.load(model).fingerprint() == Ensemble(verbose=False).fit(FEW).fingerprint()
    done = run("train", few_names, "-o", model, "--resume", "--quiet")
    assert_failed(done, "no training to go on with")


def test_networks_that_have_not_begun_are_told_apart(
    run: Run, few_names: Path, tmp_path: Path
) -> None:
    with ctrl_c_after(1):
        done = run("train", few_names, "-o", tmp_path / "m", "--jobs", "1")
    assert "\n1 n-gram; 4 networks before the end of the first epoch\n" in done.err


@pytest.mark.parametrize("setting", [("--hidden-size", "8"), ("--order", "3")])
def test_settings_of_other_models_are_refused(
    run: Run, few_names: Path, tmp_path: Path, setting: tuple[str, str]
) -> None:
    done = run("train", few_names, "-o", tmp_path / "m", *setting)
    assert done.code == 2
    wanted = "network" if setting[0] == "--hidden-size" else "ngram"
    assert f"not with a model of the kind ensemble; expected --model {wanted}" in done.err
    assert not (tmp_path / "m").exists()
