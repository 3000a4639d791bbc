"""Programs in separate processes: with other kernels, or interrupted by Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent  # where programs find the modules that the tests share


def interrupt(program: str, *, after: float) -> subprocess.CompletedProcess[str]:
    """Run a program, and send it SIGINT some seconds after it has said that it is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess([], process.returncode, stdout, stderr)


def run(code: str, instruction_set: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DINORC_ISA": instruction_set},
        capture_output=True,
        text=True,
        check=False,
    )


def usable_instruction_sets() -> list[str]:
    """Read the usable instruction sets from the message that refuses an unknown one."""
    refused = run("import dinorc", "none").stderr
    return refused.strip().rpartition("expected one of: ")[2].split(", ")
