"""What the tests of the command line share: running it in this process and in a separate one."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from dinorc import CharRNN
from dinorc._command_line import main
from small_models import NAMES, small

# Without settings that flush each line: a buffer that is not empty at exit is the harder case.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


class Done(NamedTuple):
    """The outcome of a command."""

    code: int
    out: str
    err: str


class Run:
    """Runs ``dinorc`` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Done:
        """Run with these arguments."""
        self._capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as error:
            assert isinstance(error.code, int)
            code = error.code
        return Done(code, *self._capsys.readouterr())


def dinorc_command(*arguments: object, stdin: bytes | None = None, **environment: str) -> Done:
    """Run ``dinorc`` in a separate process, whose standard output has to be UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "dinorc", *map(str, arguments)],
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        env=ENVIRONMENT | environment,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def on_a_terminal(stream: str, *arguments: object, columns: int = 80) -> list[str]:
    """Run ``dinorc`` with "stdout" or "stderr" on a terminal of that width; return its lines.

    Of a line that was written over, the last text is returned.
    """
    import termios

    terminal, its_other_end = os.openpty()
    termios.tcsetwinsize(its_other_end, (24, columns))
    other = "stderr" if stream == "stdout" else "stdout"
    streams: Any = {stream: its_other_end, other: subprocess.DEVNULL}
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "dinorc", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT | {"TQDM_MININTERVAL": "0"},
        **streams,
    ):
        os.close(its_other_end)
        with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed
            while more := os.read(terminal, 65536):
                shown += more
    os.close(terminal)
    text = shown.decode().replace("\r\n", "\n").removesuffix("\n")
    return [
        next((part for part in reversed(line.split("\r")) if part.strip()), "")
        for line in text.split("\n")
    ]


@functools.cache
def trained() -> CharRNN:
    """Return a small model, trained once for all tests."""
    return small(hidden_size=32, max_epochs=10, validation_fraction=0.1).fit(NAMES)


def assert_failed(done: Done, *mentions: str) -> None:
    """Check that the exit code is 1, there is no output, and one line mentions all of these."""
    assert_refused(done, 1, *mentions)
    assert done.err.startswith("dinorc: ")
    assert done.err.count("\n") == 1


def assert_wrong_usage(done: Done, *mentions: str) -> None:
    """Check for exit code 2, no output, and one line that mentions all of these and the help."""
    assert_refused(done, 2, *mentions)
    assert done.err.startswith("dinorc")
    assert done.err.endswith(" --help\n")
    assert done.err.count("\n") == 1


def assert_refused(done: Done, code: int, *mentions: str) -> None:
    """Check the exit code, for no output, and that the last line mentions all of these."""
    assert done.code == code, done
    assert done.out == ""
    assert "Traceback" not in done.err
    for mention in mentions:
        assert mention in done.err.splitlines()[-1]
