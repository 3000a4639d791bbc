"""``dinorc train`` onto a file that holds a model already."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage
from dinorc._training.run import TrainingRun

QUICK = (
    "--model", "network", "--hidden-size", "8", "--embedding-size", "4", "--max-epochs", "2",
    "--batch-size", "16",
)  # fmt: skip


def interrupt(self: TrainingRun, n_jobs: int) -> bool:
    """Stand in for the end of an epoch."""
    signal.raise_signal(signal.SIGINT)
    return True


@pytest.mark.parametrize("options", [QUICK, ("--model", "ngram")], ids=["network", "ngram"])
def test_an_interrupted_training_is_not_replaced_unless_it_is_said_so(
    options: tuple[str, ...], run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, others = names_file.with_name("m"), names_file.with_name("others.txt")
    others.write_text("anna\nhannah\nnana\nann\nhanna\nnan\nana\nnaan\nhan\nnah\n")
    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "_finish_epoch", interrupt)
        assert run("train", names_file, "-o", model, *QUICK).code == 130
    before = model.read_bytes()
    for each in (others, names_file):
        done = run("train", each, "-o", model, *options)
        assert_failed(done, f"{model} holds an interrupted training", "--resume", "--force")
        assert model.read_bytes() == before
    assert run("train", others, "-o", model, *options, "--force").code == 0
    assert dinorc.load(model).training_names_ == tuple(sorted(others.read_text().split()))
    # What is there now was not interrupted.
    assert run("train", names_file, "-o", model, *options).code == 0


def test_resume_replaces_nothing(run: Run, names_file: Path) -> None:
    done = run("train", names_file, "-o", names_file.with_name("m"), "--resume", "--force")
    assert_wrong_usage(done, "argument --force: not with --resume")
