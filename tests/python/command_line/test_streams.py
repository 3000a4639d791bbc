"""``dinorc`` among other programs: bytes, locales, pipes, full disks, closed streams."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dinorc
from command_line import (
    ENVIRONMENT,
    Run,
    assert_failed,
    assert_wrong_usage,
    dinorc_command,
    on_a_terminal,
)
from dinorc import CharRNN

COMMANDS = ("demo", "train", "generate", "score", "classify", "info", "plot")

LOCALES = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1:replace"},
}


@pytest.fixture
def unicode_model(tmp_path: Path) -> Path:
    path = tmp_path / "modèle.safetensors"
    rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0, verbose=False)
    rnn.fit(["Zoë", "明日香", "Žofie"]).save(path)
    return path


@pytest.mark.parametrize("locale", LOCALES)
def test_output_is_utf_8_with_line_feeds_in_any_locale(locale: str, unicode_model: Path) -> None:
    names = "Zoë\n明日香\n"
    done = dinorc_command("score", unicode_model, stdin=names.encode(), **LOCALES[locale])
    assert done.code == 0, done.err
    assert [line.partition("\t")[0] for line in done.out.split("\n")] == ["Zoë", "明日香", ""]
    assert "\r" not in done.out


@pytest.mark.parametrize("locale", LOCALES)
def test_an_error_about_any_character_is_one_line_in_any_locale(
    locale: str, unicode_model: Path
) -> None:
    strict = ("--unknown", "error")
    done = dinorc_command("score", unicode_model, *strict, stdin="é\n".encode(), **LOCALES[locale])
    assert_failed(done, "line 1 of standard input")


@pytest.mark.skipif(os.name != "posix", reason="arguments that are not text")
def test_arguments_that_are_not_utf_8_are_an_error_of_one_line(unicode_model: Path) -> None:
    done = dinorc_command("score", unicode_model, os.fsdecode(b"nam\xffes.txt"))
    assert_failed(done, "cannot read nam")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize(
    "arguments",
    [("demo", "--iterations", "4001"), ("score", "{model}", "{names}"), ("info", "{model}")],
    ids=" ".join,
)
def test_a_reader_that_has_gone_leaves_nothing_to_read(
    arguments: tuple[str, ...], model_file: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("rex\n" * 20_000)
    words = [word.format(model=model_file, names=names) for word in arguments]
    process = subprocess.Popen(
        [sys.executable, "-m", "dinorc", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        errors = process.stderr.read()
    assert process.wait(timeout=120) == 1
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}])
@pytest.mark.parametrize("arguments", [("info", "{model}"), ("demo", "--help"), ("--version",)])
def test_a_full_disk_is_one_line(
    arguments: tuple[str, ...], environment: dict[str, str], model_file: Path
) -> None:
    words = [word.format(model=model_file) for word in arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dinorc", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            env=ENVIRONMENT | environment,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"dinorc: cannot write standard output: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("redirection", "arguments", "code", "mention"),
    [
        (">&-", "info {model}", 1, b"standard output is closed"),
        (">&-", "--version", 1, b"standard output is closed"),
        ("<&-", "score {model}", 1, b"standard input is closed"),
        ("2>&-", "score {model} nowhere.txt", 1, b""),
        ("2>&-", "info {model}", 0, b""),
        ("2>&-", "info", 2, b""),
    ],
)
def test_closed_streams(
    redirection: str, arguments: str, code: int, mention: bytes, model_file: Path
) -> None:
    command = f"'{sys.executable}' -m dinorc {arguments.format(model=model_file)} {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=120, check=False)
    assert done.returncode == code, done
    assert mention in done.stderr
    assert b"Traceback" not in done.stderr
    if code:
        assert done.stdout == b""


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_lists_come_through_a_named_pipe(model_file: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"echo rex > '{pipe}'"]):
        done = dinorc_command("score", model_file, pipe)
    assert done.out.startswith("rex\t")


# ---- help and usage -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_the_command_understands(command: str, run: Run) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert done.err == ""
    assert "\nexamples:\n" in done.out
    assert f"\n  dinorc {command} " in done.out or f"\n  dinorc {command}\n" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_help_of_all_names_the_commands_and_the_exit_codes(run: Run) -> None:
    done = run("--help")
    for command in (*COMMANDS, "--version", "130 interrupted", "3 fewer names than asked for"):
        assert command in done.out


def test_version_says_what_was_built_and_what_runs(run: Run) -> None:
    done = run("--version")
    assert done.code == 0
    assert done.out.startswith(f"dinorc {dinorc.__version__} (")
    assert re.search(r"(?i)gcc|gnu|clang|msvc", done.out)
    assert re.search(r"(?i)baseline|sse2|avx2|avx-?512|neon", done.out)


@pytest.mark.parametrize("arguments", [(), ("fly",), ("--wings",), ("info", "m", "--form", "json")])
def test_wrong_usage(arguments: tuple[str, ...], run: Run) -> None:
    assert_wrong_usage(run(*arguments))


# ---- files that are no models -------------------------------------------------------------------


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("demo", "train")])
@pytest.mark.parametrize("kind", ["missing", "directory", "empty", "text", "damaged"])
def test_a_bad_model_file_is_one_line(
    command: str, kind: str, run: Run, model_file: Path, tmp_path: Path
) -> None:
    if kind == "missing":
        model_file = tmp_path / "nowhere"
    elif kind == "directory":
        model_file = tmp_path
    else:
        content = bytearray(model_file.read_bytes())
        content[-1] ^= 1
        model_file.write_bytes({"empty": b"", "text": b"rex\n"}.get(kind, bytes(content)))
    options = ("-o", tmp_path / "figure.png") if command == "plot" else ()
    assert_failed(run(command, model_file, *options), str(model_file))


@pytest.mark.parametrize(
    ("typed", "meant"), [("genrate", "generate"), ("scoer", "score"), ("Train", "train")]
)
def test_a_mistyped_command_is_guessed(typed: str, meant: str, run: Run) -> None:
    done = run(typed, "m")
    assert_wrong_usage(done, f"there is no command {typed!r}; did you mean {meant!r}? See dinorc")


def test_a_command_like_none_gets_the_list(run: Run) -> None:
    assert_wrong_usage(run("xyz"), "there is no command 'xyz'; expected demo, train,", "or plot")


# ---- Ctrl-C while it starts ---------------------------------------------------------------------

IMPORT_INTERRUPTED = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"


def interrupted_import(
    tmp_path: Path, module: str, *command: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command, with Ctrl-C in the middle of the import of a module."""
    (tmp_path / f"{module}.py").write_text(IMPORT_INTERRUPTED)
    path = os.pathsep.join([str(tmp_path), ENVIRONMENT.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        timeout=60,
        env=ENVIRONMENT | {"PYTHONPATH": path},
        check=False,
    )


def as_an_installed_script(tmp_path: Path) -> str:
    script = tmp_path / "bin" / "dinorc"
    script.parent.mkdir()
    script.write_text("import sys\nfrom dinorc._command_line import main\nsys.exit(main())\n")
    return str(script)


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
@pytest.mark.parametrize("module", ["numpy", "argparse"])
def test_ctrl_c_while_it_starts_ends_it_in_silence(module: str, tmp_path: Path) -> None:
    for command in (("-m", "dinorc", "--version"), (as_an_installed_script(tmp_path), "--version")):
        done = interrupted_import(tmp_path, module, *command)
        assert done.returncode == -signal.SIGINT  # which shells show as 130
        assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_a_program_that_imports_the_package_keeps_its_ctrl_c(tmp_path: Path) -> None:
    done = interrupted_import(tmp_path, "numpy", "-c", "import dinorc")
    assert b"KeyboardInterrupt" in done.stderr
    ask = "import dinorc, signal; print(signal.getsignal(signal.SIGINT).__name__)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True)
    assert done.stdout == b"default_int_handler\n"


@pytest.mark.skipif(os.name != "posix", reason="asks for handlers")
def test_the_command_has_its_ctrl_c_back_once_it_has_started(tmp_path: Path) -> None:
    script = Path(as_an_installed_script(tmp_path))
    script.write_text(
        "import signal\nbefore = signal.getsignal(signal.SIGINT)\nimport dinorc\n"
        "print(signal.getsignal(signal.SIGINT) is before is signal.default_int_handler)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, check=True)
    assert done.stdout == b"True\n"


# ---- terminals ----------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="makes a terminal")
def test_scores_have_titles_on_a_terminal_alone(model_file: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("rex\n")
    arguments = ("score", model_file, names, "--calibrate", names, "--false-alarm-rate", "0.5")
    piped = dinorc_command(*arguments).out
    shown = on_a_terminal("stdout", *arguments)
    assert shown == ["name\tnats\ta character\tabove threshold\tjudgement", *piped.splitlines()]
    for form in ("csv", "jsonl"):
        piped = dinorc_command(*arguments, "--format", form).out
        assert on_a_terminal("stdout", *arguments, "--format", form) == piped.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="needs device files")
def test_a_model_is_not_saved_in_a_device_or_a_directory(run: Run, tmp_path: Path) -> None:
    done = run("train", "-o", "/dev/null", "--model", "ngram")
    assert_failed(done, "/dev/null is a device or a pipe; expected a file")
    assert "remove" not in done.err
    assert_failed(run("train", "-o", tmp_path, "--model", "ngram"), "is a directory; expected a")
