"""``dinorc train``: what it saves, what it says, and what it refuses before it begins."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dinorc
from command_line import Done, Run, assert_failed, assert_wrong_usage
from dinorc import CharRNN
from dinorc._command_line import main
from dinorc._command_line.models import KINDS
from dinorc._training.progress import ProgressBar
from dinorc._training.run import TrainingRun
from small_models import NAMES

QUICK = (
    "--model", "network", "--hidden-size", "8", "--embedding-size", "4", "--max-epochs", "2",
    "--batch-size", "16",
)  # fmt: skip


def same_model(file: Path, rnn: CharRNN) -> bool:
    return dinorc.load(file).fingerprint() == rnn.fingerprint()


# ---- what it makes ------------------------------------------------------------------------------


def test_the_model_is_that_of_fit_with_the_same_settings(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    model = tmp_path / "m.safetensors"
    done = run("train", names_file, "-o", model, *QUICK)
    rnn = CharRNN(hidden_size=8, embedding_size=4, max_epochs=2, batch_size=16).fit(NAMES)
    assert done.code == 0
    assert done.out == ""
    assert same_model(model, rnn)
    assert f"{names_file}: {rnn.names_report_}" in done.err
    assert f"validation {rnn.history_['validation_loss'][rnn.best_epoch_ - 1]:.4f}" in done.err
    assert f"saved in {model}, fingerprint {rnn.fingerprint()}" in done.err


def test_without_names_it_learns_the_bundled_dinosaurs(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    assert run("train", "-o", model, *QUICK, "--max-epochs", "1").code == 0
    rnn = dinorc.load(model)
    assert rnn.names_report_ is not None
    assert rnn.names_report_.names == len(dinorc.datasets.load("dinos"))


OPTIONS = {
    "cell": ("gru", "gru"),
    "hidden_size": ("9", 9),
    "embedding_size": ("none", None),
    "dropout": ("0.25", 0.25),
    "optimizer": ("sgd", "sgd"),
    "learning_rate": ("1e-3", 1e-3),
    "schedule": ("constant", "constant"),
    "weight_decay": ("0.5", 0.5),
    "batch_size": ("auto", "auto"),
    "max_epochs": ("3", 3),
    "validation_fraction": ("0.3", 0.3),
    "patience": ("2", 2),
    "clip_value": ("3", 3.0),
    "clip_norm": ("none", None),
    "dtype": ("float64", "float64"),
    "case": ("fold", "fold"),
    "n_jobs": ("1", 1),
    "random_state": ("18446744073709551615", 2**64 - 1),
}

FLAGS = {name: "--" + name.replace("_", "-") for name in OPTIONS}
FLAGS |= {"n_jobs": "--jobs", "random_state": "--seed", "base": "--base"}


def test_there_is_an_option_for_every_setting() -> None:
    for kind in KINDS.values():
        settings = set(kind.estimator().get_params())
        others = {"verbose", "unknown", "members", "weights", "strip"}
        assert set(kind.settings) == settings - others
    assert set(FLAGS) == set(KINDS["network"].settings)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_the_setting(name: str, run: Run, names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    text, value = OPTIONS[name]
    assert run("train", names_file, "-o", model, *QUICK, FLAGS[name], text).code == 0
    assert dinorc.load(model).get_params()[name] == value


def test_the_base_may_be_a_model_file(run: Run, names_file: Path, tmp_path: Path) -> None:
    base, model = tmp_path / "base.safetensors", tmp_path / "m.safetensors"
    run("train", names_file, "-o", base, *QUICK)
    assert run("train", names_file, "-o", model, *QUICK, "--base", base).code == 0
    settings = {"hidden_size": 8, "embedding_size": 4, "max_epochs": 2, "batch_size": 16}
    assert same_model(model, CharRNN(base=base, **settings).fit(NAMES))
    done = run("train", names_file, "-o", model, *QUICK, "--base", "latn")
    assert done.code == 1
    assert "did you mean 'latin'?" in done.err


def test_help_shows_the_defaults_of_the_models(run: Run) -> None:
    done = run("train", "--help")
    text = " ".join(done.out.split())
    assert done.code == 0
    shown_before: set[str] = set()
    for kind in KINDS.values():
        for name in kind.settings.keys() - shown_before:
            shown_before.add(name)
            option = kind.settings[name]
            default = kind.estimator().get_params()[name]
            shown = "none" if default is None else str(default)
            flag = FLAGS.get(name, f"--{name}")
            assert re.search(
                rf"{flag} {option.metavar} [^()]*\(default: {re.escape(shown)}\)", text
            ), name


def test_help_shows_which_settings_the_kinds_share(run: Run) -> None:
    text = " ".join(run("train", "--help").out.split())
    for kind, flags in (
        ("CharRNN", "--validation-fraction, --base, --case, --jobs, --seed"),
        ("NGram", "--case, --jobs, --seed"),
    ):
        assert f"as of dinorc.{kind}: Also {flags}, as above. " in text


def test_names_come_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(NAMES).encode())))
    model = tmp_path / "m.safetensors"
    done = run("train", "-", "--output", model, *QUICK)
    assert done.code == 0
    assert "standard input: 198 names" in done.err
    assert same_model(model, CharRNN(**_quick()).fit(NAMES))


def test_validation_names_choose_the_epoch(run: Run, names_file: Path, tmp_path: Path) -> None:
    held_out = tmp_path / "held out.txt"
    held_out.write_text("rex\n\nraptor\n")
    model = tmp_path / "m.safetensors"
    assert run("train", names_file, "-o", model, *QUICK, "--validation", held_out).code == 0
    assert same_model(model, CharRNN(**_quick()).fit(NAMES, validation=["rex", "raptor"]))


def test_what_cleaning_did_to_the_list_is_reported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes("\ufeff".encode() + b"ann\r\n\r\n bob\r\nann")
    done = run("train", file, "-o", tmp_path / "m", *QUICK, "--validation-fraction", "0")
    assert "3 names, 2 distinct; 1 blank line left out; 3 carriage returns removed" in done.err


def test_another_encoding_is_read_when_it_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes("Zoë\nChloë\n".encode("cp1252"))
    model = tmp_path / "m.safetensors"
    options = (file, "-o", model, *QUICK, "--validation-fraction", "0")
    assert_failed(run("train", *options), "0xeb in line 1", "--encoding cp1252")
    assert run("train", *options, "--encoding", "cp1252").code == 0
    assert "ë" in dinorc.load(model).vocabulary_


def test_quiet_says_nothing_and_leaves_no_trace_in_the_model(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    model = tmp_path / "m.safetensors"
    assert run("train", names_file, "-o", model, *QUICK, "--quiet") == Done(0, "", "")
    assert dinorc.load(model).verbose == "auto"


def test_a_model_is_replaced(run: Run, names_file: Path, model_file: Path) -> None:
    assert run("train", names_file, "-o", model_file, *QUICK).code == 0
    assert dinorc.load(model_file).hidden_size == 8


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "text", "mentions"),
    [
        ("--cell", "transformer", ("'transformer'", "'lstm'")),
        ("--hidden-size", "0", ("'0' is not right", "1 to 4096")),
        ("--hidden-size", "2.5", ("'2.5'", "an integer")),
        ("--hidden-size", "none", ("'none'", "an integer")),
        ("--dropout", "1", ("'1' is not right", "less than 1")),
        ("--dropout", "half", ("'half'", "a number")),
        ("--learning-rate", "nan", ("'nan'",)),
        ("--learning-rate", "-1", ("'-1'", "above 0")),
        ("--batch-size", "0", ("'0'", "1 to 65536")),
        ("--batch-size", "small", ("'small'", "expected an integer")),
        ("--hidden-size", "auto", ("'auto'", "integer")),
        ("--max-epochs", "", ("''", "an integer")),
        ("--patience", "0", ("'0'", "1 to")),
        ("--max-epochs", "1" + "0" * 30, ("'1000", "1 to 1000000000")),
        ("--dtype", "float16", ("float16", "'float32'")),
        ("--jobs", "0", ("'0'", "-1")),
        ("--seed", "-1", ("'-1'",)),
        ("--validation-fraction", "1", ("'1' is not right",)),
    ],
)
def test_a_wrong_setting_is_wrong_usage(
    run: Run, names_file: Path, tmp_path: Path, option: str, text: str, mentions: tuple[str, ...]
) -> None:
    model = tmp_path / "m.safetensors"
    done = run("train", names_file, "-o", model, option, text)
    assert_wrong_usage(done, f"argument {option}: ", *mentions)
    assert not model.exists()


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        (("names.txt",), "-o"),
        (("names.txt", "-o", "-"), "argument -o"),
        (("-", "-o", "m", "--validation", "-"), "argument --validation"),
        (("names.txt", "-o", "m", "--hidden", "8"), "expected --hidden-size perhaps"),
        (("names.txt", "-o", "m", "--epochs=8"), "expected --max-epochs perhaps"),
        (("names.txt", "-o", "m", "--zzz"), "dinorc train: unrecognized arguments: --zzz; see"),
        (("names.txt", "-o", "m", "--resume", "--seed", "1"), "argument --seed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], mention: str) -> None:
    assert_wrong_usage(run("train", *arguments), mention)


def test_errors_of_the_library_speak_of_options(run: Run, tmp_path: Path) -> None:
    few, model = tmp_path / "few.txt", tmp_path / "m.safetensors"
    few.write_text("rex\nsue\n", encoding="utf-8")
    fraction = "--validation-fraction 0"
    done = run("train", few, "-o", model, *QUICK, "--quiet")
    assert_failed(done, "2 distinct names", f"{fraction}.1 needs 10", f"{fraction} to train on all")
    assert run("train", few, "-o", model, *QUICK, *fraction.split()).code == 0
    done = run("train", few, "-o", model, "--resume", "--quiet")
    assert_failed(done, "with --schedule constant and now a larger --max-epochs")


def test_a_list_is_not_overwritten_by_a_model(run: Run, names_file: Path) -> None:
    before = names_file.read_bytes()
    assert_failed(run("train", "-o", names_file, *QUICK), f"will not replace {names_file}")
    assert names_file.read_bytes() == before


def test_where_the_model_cannot_be_saved_nothing_is_trained(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    forever = ("--model", "network", "--max-epochs", "1000000000")
    assert_failed(run("train", names_file, "-o", tmp_path, *forever), "is a directory")
    folder_to_be = f"{tmp_path / 'models'}{os.sep}"
    assert_failed(run("train", names_file, "-o", folder_to_be, *forever), "-o is", "path of a file")
    nowhere = tmp_path / "nowhere" / "m"
    assert_failed(run("train", names_file, "-o", nowhere, *forever), "nowhere", "no directory")
    assert_failed(run("train", names_file, "-o", names_file / "m", *forever), "no directory")


@pytest.mark.skipif(os.name != "posix", reason="names and links of POSIX")
def test_an_impossible_name_of_a_model_is_one_line(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    assert_failed(run("train", names_file, "-o", tmp_path / ("m" * 300)), "too long")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert_failed(run("train", names_file, "-o", loop), f"{loop} is a link that leads back to it")
    assert_failed(run("train", names_file, "-o", loop / "m"), f"there is no directory {loop}")


def test_a_read_only_directory_is_found_before_training(
    run: Run, names_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere, so the system's answer is replaced.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    done = run(
        "train",
        names_file,
        "-o",
        tmp_path / "m",
        "--model",
        "network",
        "--max-epochs",
        "1000000000",
    )
    assert_failed(done, "cannot write", str(tmp_path))


def test_a_disk_that_fills_up_is_one_line(
    run: Run, names_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: CharRNN, path: object, **others: bool) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(CharRNN, "save", full)
    done = run("train", names_file, "-o", tmp_path / "m", *QUICK, "--quiet")
    assert_failed(done, str(tmp_path / "m"), "No space left on device")


@pytest.mark.parametrize(
    ("content", "mentions"),
    [
        (b"", ("no names",)),
        (b"\n \n\t\r\n", ("no names",)),
        (b"ann\n\nb\0b\n", ("line 3 of", "control character '\\x00'")),
        (b"ann\nb\xffb\n", ("0xff in line 2",)),
        (b"ann\n" + b"x" * 1001, ("line 2 of", "1,001 characters")),
        (b"ann\nbob\n", ("2 distinct", "10 or more")),
    ],
)
def test_a_bad_list_is_one_line(
    run: Run, tmp_path: Path, content: bytes, mentions: tuple[str, ...]
) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    done = run("train", file, "-o", tmp_path / "m", *QUICK, "--quiet")
    assert_failed(done, *mentions)
    assert not (tmp_path / "m").exists()


def test_a_bad_validation_list_is_named(run: Run, names_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "others.txt"
    options = (names_file, "-o", tmp_path / "m", *QUICK, "--quiet", "--validation", file)
    assert_failed(run("train", *options), "others.txt", "No such file")
    file.write_text("rex\n\na\x01b\n")
    assert_failed(run("train", *options), "line 3 of", "others.txt", "'\\x01'")
    file.write_text("Zoë\n")
    assert_failed(run("train", *options), "others.txt has the character 'Z'", "which NAMES lack")


def test_training_that_diverges_before_an_epoch_saves_nothing(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    wild = ("--optimizer", "sgd", "--learning-rate", "1e30", "--clip-norm", "none")
    done = run("train", names_file, "-o", tmp_path / "m", *QUICK, *wild, "--quiet")
    assert_failed(done, "Lower --learning-rate (1e+30) or --clip-norm (none)")
    assert not (tmp_path / "m").exists()


def test_training_that_diverges_later_saves_the_last_good_weights(
    run: Run, names_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = TrainingRun._finish_epoch

    def finish_until_the_second(self: TrainingRun, progress: ProgressBar) -> bool:
        return len(self.record.results) < 2 and finish(self, progress)

    monkeypatch.setattr(TrainingRun, "_finish_epoch", finish_until_the_second)
    model = tmp_path / "m.safetensors"
    done = run("train", names_file, "-o", model, *QUICK, "--max-epochs", "5", "--quiet")
    assert_failed(done, "the model has the weights of epoch 2")
    assert dinorc.load(model).n_epochs_ == 2


# ---- interruption and resumption ----------------------------------------------------------------


def _quick() -> dict[str, int]:
    return {"hidden_size": 8, "embedding_size": 4, "max_epochs": 2, "batch_size": 16}


def interrupt_after(epochs: int, monkeypatch: pytest.MonkeyPatch, *, again: bool = False) -> None:
    """Let Ctrl-C come in the middle of training, and once more while the model is saved."""
    finish = TrainingRun._finish_epoch

    def finish_and_press(self: TrainingRun, progress: ProgressBar) -> bool:
        result = finish(self, progress)
        if len(self.record.results) == epochs:
            signal.raise_signal(signal.SIGINT)
        return result

    monkeypatch.setattr(TrainingRun, "_finish_epoch", finish_and_press)
    save = CharRNN.save

    def press_and_save(self: CharRNN, path: Path, **others: bool) -> None:
        if again:
            signal.raise_signal(signal.SIGINT)
        save(self, path, **others)

    monkeypatch.setattr(CharRNN, "save", press_and_save)


@pytest.mark.parametrize("again", [False, True])
def test_ctrl_c_saves_the_model_and_says_how_to_go_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    names_file = tmp_path / "my names.txt"
    names_file.write_text("\n".join(NAMES))
    model = tmp_path / "m.safetensors"
    settings = (*QUICK, "--max-epochs", "6")
    with monkeypatch.context() as patch:
        interrupt_after(2, patch, again=again)
        done = run("train", names_file, "-o", model, *settings)
    assert done.code == 130
    assert done.out == ""
    assert "2 of 6 epochs" in done.err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert dinorc.load(model).interrupted_

    command = done.err.splitlines()[-1].partition("to go on: ")[2]
    words = shlex.split(command)
    assert words == ["dinorc", "train", str(names_file), "-o", str(model), "--resume"]
    done = run(*words[1:])
    assert done.code == 0
    assert "6 of 6 epochs" in done.err
    whole = CharRNN(hidden_size=8, embedding_size=4, max_epochs=6, batch_size=16).fit(NAMES)
    assert same_model(model, whole)


def test_ctrl_c_while_the_model_is_saved_does_not_lose_it(
    run: Run, names_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = CharRNN.save

    def press_and_save(self: CharRNN, path: Path, **others: bool) -> None:
        signal.raise_signal(signal.SIGINT)
        save(self, path, **others)

    monkeypatch.setattr(CharRNN, "save", press_and_save)
    model = tmp_path / "m.safetensors"
    assert run("train", names_file, "-o", model, *QUICK).code == 0
    assert not dinorc.load(model).interrupted_
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_cannot_be_resumed_is_refused(run: Run, names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    options = (names_file, "-o", model, "--quiet")
    assert_failed(run("train", *options, "--resume"), str(model), "No such file")
    assert run("train", *options, *QUICK).code == 0
    before = model.read_bytes()
    assert_failed(run("train", *options, "--resume"), "no training run to go on with")
    assert model.read_bytes() == before


def test_a_complete_run_of_the_constant_schedule_goes_on(
    run: Run, names_file: Path, tmp_path: Path
) -> None:
    model = tmp_path / "m.safetensors"
    options = (names_file, "-o", model, "--quiet")
    assert run("train", *options, *QUICK, "--schedule", "constant").code == 0
    assert_failed(
        run("train", *options, "--resume", "--max-epochs", "4", "--hidden-size", "9"),
        "--hidden-size is 9",
    )
    names_file.write_text("\n".join([*NAMES, "rex"]))
    assert_failed(
        run("train", *options, "--resume", "--max-epochs", "4"),
        f"{names_file} has 'rex', which it did not have when training began; expected the same",
    )
    names_file.write_text("\n".join(NAMES))
    assert run("train", *options, "--resume", "--max-epochs", "4").code == 0
    whole = CharRNN(**_quick() | {"max_epochs": 4}, schedule="constant").fit(NAMES)
    assert same_model(model, whole)


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_a_real_ctrl_c_in_a_process_of_its_own(names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    with subprocess.Popen(
        [sys.executable, "-c", _TRAIN, names_file, "-o", model, *QUICK, "--max-epochs", "1000000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "198 names" in process.stderr.readline()  # training is about to begin
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    rnn = dinorc.load(model)
    assert rnn.interrupted_
    assert len(rnn.sample(3)) == 3


_TRAIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
from dinorc._command_line import main
sys.exit(main(["train", *sys.argv[1:]]))
"""


def test_ctrl_c_before_training_saves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, names_file: Path
) -> None:
    def press(*arguments: object, **others: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dinorc._command_line.train.read_names", press)
    done = run("train", names_file, "-o", tmp_path / "m")
    assert done == Done(130, "", "dinorc: interrupted\n")
    assert not (tmp_path / "m").exists()


def test_main_can_be_called_in_a_thread(names_file: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    arguments = ["train", str(names_file), "-o", str(tmp_path / "m"), *QUICK, "--quiet"]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(main, arguments).result() == 0
