"""``dinorc --print-completion``: what shells complete by the scripts it prints."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Run, assert_failed, assert_wrong_usage
from dinorc._command_line import COMMANDS
from dinorc._command_line.completion import SHELLS

# Calls the function that the script gives bash for dinorc, as bash does when Tab is pressed.
_PRESS_TAB = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
"$(complete -p dinorc | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def with_shtab() -> None:
    pytest.importorskip("shtab")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        (("gen",), {"generate"}),
        (("train", "--max-ep"), {"--max-epochs"}),
        (("train", "--model", ""), {"ensemble", "network", "ngram"}),
        (("plot", "--picture", "l"), {"losses", "lengths", "labels"}),
        (("info", "nam"), {"names.safetensors"}),
        (("train", "-o", "nam"), {"names.safetensors"}),
        (("score", "names.safetensors", "--calibrate", "ot"), {"other.txt"}),
    ],
)
@pytest.mark.usefixtures("with_shtab")
def test_bash_completes(
    typed: tuple[str, ...], completed: set[str], run: Run, tmp_path: Path
) -> None:
    done = run("--print-completion", "bash")
    assert (done.code, done.err) == (0, "")
    for name in ("script", "names.safetensors", "other.txt"):
        (tmp_path / name).write_text(done.out)
    shown = subprocess.run(
        ["bash", "-c", _PRESS_TAB, "bash", "./script", "dinorc", *typed],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(shown.stdout.split()) == completed, shown.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.usefixtures("with_shtab")
def test_each_script_knows_the_commands(shell: str, run: Run) -> None:
    done = run("--print-completion", shell)
    assert done.code == 0
    for command in COMMANDS:
        assert command.__name__.rpartition(".")[2] in done.out
    assert "max-epochs" in done.out


def test_other_shells_are_wrong_usage(run: Run) -> None:
    assert_wrong_usage(run("--print-completion", "cmd"), "--print-completion", "'cmd'", "'fish'")


def test_without_shtab_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert_failed(run("--print-completion", "bash"), "pip install shtab")
