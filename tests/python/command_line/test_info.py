"""``dinorc info``: what a model file holds, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dinorc
from command_line import Run, trained
from dinorc import CharRNN, NGram
from small_models import NAMES, small, small_ensemble


def test_json_holds_what_the_model_is(run: Run, model_file: Path) -> None:
    rnn = small(learning_rate=0.1, max_epochs=10, hidden_size=32, dropout=0).fit(NAMES)
    assert rnn.best_epoch_ < rnn.n_epochs_
    rnn.save(model_file)
    done = run("info", model_file, "--format", "json")
    history = rnn.history_
    facts = json.loads(done.out)
    assert done.code == 0
    assert done.err == ""
    assert facts["fingerprint"] == rnn.fingerprint()
    assert facts["cell"] == rnn.cell
    assert facts["hidden_size"] == rnn.hidden_size
    assert facts["embedding_size"] == rnn.embedding_size
    assert facts["dtype"] == rnn.dtype
    assert facts["n_parameters"] == sum(array.size for array in rnn.parameters_.values())
    assert "\n" + facts["characters"] == rnn.vocabulary_
    assert facts["n_names"] == facts["n_distinct_names"] == len(NAMES)
    assert facts["n_epochs"] == 10
    assert facts["best_epoch"] == rnn.best_epoch_
    assert facts["validation_loss"] == min(history["validation_loss"])
    assert facts["training_loss"] == history["training_loss"][rnn.best_epoch_ - 1]
    assert facts["training_seconds"] == history["seconds"][-1]
    assert facts["seed"] == rnn.seed_
    assert facts["interrupted"] is facts["resumable"] is False
    assert facts["settings"] == rnn.settings_
    assert facts["float_contract_version"] == dinorc.build_info()["float_contract_version"]


def test_text_says_it_too(run: Run, model_file: Path) -> None:
    done = run("info", model_file)
    rnn = trained()
    assert done.code == 0
    topics = {line[:15].strip(): line[16:] for line in done.out.splitlines()}
    assert topics["network"].startswith("lstm of 32 units, embedding of 4, float32, ")
    assert topics["characters"] == "26 and the end of a name: abcdefghijklmnopqrstuvwxyz"
    assert topics["names"] == "198, 198 distinct"
    assert topics["training"].startswith("10 of 10 epochs, seed 0, ")
    assert topics["best epoch"].startswith(f"{rnn.best_epoch_}: training ")
    assert "dropout=0.4" in topics["settings"]
    assert topics["fingerprint"] == rnn.fingerprint()
    assert topics["calibration"] == "none"


def test_a_run_that_can_go_on_says_so(run: Run, model_file: Path) -> None:
    small(schedule="constant", validation_fraction=0).fit(NAMES).save(model_file)
    assert "can be resumed" in run("info", model_file).out
    facts = json.loads(run("info", model_file, "--format", "json").out)
    assert facts["resumable"] is True
    assert facts["validation_loss"] is None


def test_a_model_of_the_notebook_was_trained_elsewhere(run: Run, model_file: Path) -> None:
    parameters = dinorc.initialize_parameters(n_a=5, n_x=3, n_y=3)
    CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2}).save(model_file)
    text = run("info", model_file).out
    assert "rnn of 5 units, no embedding, float64" in text
    assert "elsewhere" in text
    facts = json.loads(run("info", model_file, "--format", "json").out)
    assert facts["n_names"] is facts["best_epoch"] is facts["training_loss"] is None
    assert facts["settings"] == {}


def test_a_large_vocabulary_is_shown_in_part(run: Run, model_file: Path) -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 100)]
    small(max_epochs=1, validation_fraction=0).fit(letters).save(model_file)
    lines = run("info", model_file).out.splitlines()[1:4]
    assert lines[0].endswith("100 and the end of a name:")
    assert lines[1].strip() + lines[2].strip() == "".join(letters[:60]) + "..."
    facts = json.loads(run("info", model_file, "--format", "json").out)
    assert facts["characters"] == "".join(letters)


@pytest.mark.parametrize("kind", ["network", "ngram", "ensemble"])
def test_no_line_is_wider_than_a_terminal(run: Run, model_file: Path, kind: str) -> None:
    models = {"network": small(), "ngram": NGram(), "ensemble": small_ensemble()}
    labels = [f"the kind {len(name)}" for name in NAMES]
    models[kind].fit(NAMES, labels=labels).save(model_file)
    lines = run("info", model_file).out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith(" " * 16) for line in lines) > 0


def test_white_space_among_the_characters_is_kept(run: Run, model_file: Path) -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 50)))
    NGram().fit([f"a  b: {letters}"]).save(model_file)
    lines = run("info", model_file).out.splitlines()
    assert lines[2:4] == [" " * 16 + " :ab" + letters[:30], " " * 16 + letters[30:]]


def test_letters_of_two_columns_stay_within_a_terminal(run: Run, model_file: Path) -> None:
    kana = "".join(map(chr, range(0x30A2, 0x30A2 + 33)))  # 79 letters in one line, but 109 columns
    NGram().fit([kana]).save(model_file)
    lines = run("info", model_file).out.splitlines()
    assert lines[2:4] == [" " * 16 + kana[:32], " " * 16 + kana[32:]]


def test_a_weight_and_its_member_stay_in_one_line(run: Run, model_file: Path) -> None:
    members = [small(), small(cell="gru"), NGram(order=2)]
    small_ensemble(members=members, weights=[1, 1, 2]).fit(NAMES).save(model_file)
    assert run("info", model_file).out.splitlines()[1:3] == [
        "weights         0.250 lstm of 8 units; 0.250 gru of 8 units;",
        "                0.500 n-grams of up to 2 characters",
    ]
    small_ensemble(members=members[:1]).fit(NAMES).save(model_file)
    assert run("info", model_file).out.splitlines()[1] == "weights         1.000 lstm of 8 units"


def test_a_calibration_is_shown(run: Run, model_file: Path) -> None:
    rnn = (
        small(max_epochs=1)
        .fit(NAMES)
        .calibrate([name + "a" for name in NAMES], false_alarm_rate=0.05)
    )
    rnn.save(model_file)
    facts = json.loads(run("info", model_file, "--format", "json").out)
    assert facts["threshold"] == rnn.threshold_
    assert facts["false_alarm_rate"] == 0.05
    assert "0.05" in run("info", model_file).out


def test_an_option_that_is_not_right_is_wrong_usage(run: Run, model_file: Path) -> None:
    assert run("info", model_file, "--format", "xml").code == 2
    assert run("info").code == 2
