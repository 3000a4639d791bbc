"""``dinorc train`` on a terminal: its bar, and names while they are being learned."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import dinorc
from command_line import dinorc_command, on_a_terminal
from dinorc import CharRNN
from dinorc._training import run as training_run
from dinorc._training.progress import ProgressBar

QUICK = (
    "--model", "network", "--hidden-size", "8", "--embedding-size", "4", "--max-epochs", "2",
    "--batch-size", "16",
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="makes a terminal")
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_bar_keeps_the_validation_loss_however_narrow(
    columns: int, names_file: Path, tmp_path: Path
) -> None:
    arguments = ("-o", tmp_path / "m", *QUICK, "--max-epochs", "15")
    lines = on_a_terminal("stderr", "train", names_file, *arguments, columns=columns)
    bar = next(line for line in lines if line.startswith("epoch 15/15"))
    assert bar.startswith("epoch 15/15, validation ")
    assert len(bar) <= columns
    if columns >= 80:
        assert re.search(r" 100%\|█{5,}\| 00:00 left, training \d\.\d{4}", bar)
    assert ("names/s" in bar) == (columns > 100)


@pytest.mark.skipif(os.name != "posix", reason="makes a terminal")
@pytest.mark.parametrize("kind", ["network", "ensemble"])
def test_names_are_shown_while_they_are_learned_on_a_terminal_alone(
    kind: str, names_file: Path, tmp_path: Path
) -> None:
    options = (*QUICK, "--max-epochs", "30") if kind == "network" else ()
    model, watched = tmp_path / "m", tmp_path / "watched"
    done = dinorc_command("train", names_file, "-o", model, *options)
    assert "epoch 1" not in done.err
    lines = on_a_terminal("stderr", "train", names_file, "-o", watched, *options)
    shown = [line for line in lines if re.match(r"epoch \d+: ", line)]
    assert 1 <= len(shown) <= 11
    assert max(map(len, shown)) < 80
    if kind == "network":
        assert shown[0].startswith("epoch 1: ")
    for line in shown:
        assert re.fullmatch(r"epoch \d+: [a-z]+(, [a-z]+)*(, )?…?", line)
    # Nobody can see at the model that somebody has looked.
    assert dinorc.load(watched).fingerprint() == dinorc.load(model).fingerprint()
    quiet = on_a_terminal("stderr", "train", names_file, "-o", watched, *options, "--quiet")
    assert quiet == [""]


def test_names_on_the_way_are_those_of_the_kept_weights_and_of_each_label(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(ProgressBar, "shows_names", True)
    monkeypatch.setattr(
        ProgressBar, "show_names", lambda _, what, names: seen.append((what, names))
    )
    monkeypatch.setattr(training_run, "SLICE", 0.0)
    girls, boys = ["aa", "aaa", "aaaa"] * 20, ["bb", "bbb", "bbbb"] * 20
    labels = ["girl"] * 60 + ["boy"] * 60
    rnn = CharRNN(
        hidden_size=8,
        embedding_size=4,
        max_epochs=40,
        learning_rate=0.02,
        validation_fraction=0,
        base=None,
    )
    rnn.fit(girls + boys, labels=labels)
    assert [what for what, _ in seen] == [f"epoch {epoch}" for epoch in range(1, 40, 4)]
    alternating = [set(name) for name in seen[-1][1]]
    assert alternating == [{"b"}, {"a"}, {"b"}, {"a"}, {"b"}]  # labels by code point
