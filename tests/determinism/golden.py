"""The golden file: what the program must print, and the recipe that made it."""

from __future__ import annotations

import re
from pathlib import Path

from builds import PROGRAM, REPOSITORY, Build, BuildError, run_command

GOLDEN_FILE = Path(__file__).resolve().with_name("golden.txt")

HASH = re.compile(r"\b[0-9a-f]{16}\b")

HEADER = """\
# What {program} prints, whatever it is built by and runs on.
# Rewritten by:  python tests/determinism/compare_builds.py --update-golden
# Float contract version {version}; a change of any line below, new ones apart, raises it.
# Made with {compiler}, CXXFLAGS="{flags}", {machine}, DINORC_ISA={instruction_set}.
"""


def float_contract_version() -> str:
    """Return the version that the source says it has."""
    header = REPOSITORY / "cpp/include/dinorc/foundations/float_contract.hpp"
    found = re.search(r"float_contract_version = (\d+);", header.read_text(encoding="utf-8"))
    return found.group(1) if found else "unknown"


def heading(arguments: tuple[str, ...]) -> str:
    """Return the line above the output of the program with these arguments."""
    return f"$ {' '.join([PROGRAM, *arguments])}"


def read_golden() -> dict[str, str]:
    """Return the outputs in the golden file by their heading."""
    outputs: dict[str, str] = {}
    current = ""
    for line in GOLDEN_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            current = line
            outputs[current] = ""
        elif current and line:
            outputs[current] += line + "\n"
    return outputs


def write_golden(outputs: dict[str, str], build: Build, instruction_set: str) -> None:
    """Write the golden file, from what this build printed."""
    compiler = run_command([build.compiler, "--version"], {}, 60).splitlines()[0]
    text = HEADER.format(
        program=PROGRAM,
        version=float_contract_version(),
        compiler=compiler,
        flags=build.flags,
        machine=build.machine.name,
        instruction_set=instruction_set,
    )
    for title, output in outputs.items():
        text += f"\n{title}\n{output}"
    GOLDEN_FILE.write_text(text, encoding="utf-8")


def by_name(output: str) -> dict[str, str]:
    """Return the lines by their names, which is what stands before the first hash."""
    lines = {HASH.split(line, maxsplit=1)[0].strip(): line for line in output.splitlines()}
    if len(lines) != len(output.splitlines()):
        raise BuildError(f"two lines have the same name in\n{output}")
    return lines


def differences(expected: str, got: str) -> str:
    """Return nothing where both outputs have the same lines, else how many differ and the first."""
    expected_lines, got_lines = by_name(expected), by_name(got)
    names = [
        name
        for name in expected_lines | got_lines
        if expected_lines.get(name) != got_lines.get(name)
    ]
    if not names:
        return ""
    should_be = expected_lines.get(names[0], "(nothing; if it is new: --update-golden)")
    is_now = got_lines.get(names[0], "(nothing)")
    count = f"{len(names)} of {len(expected_lines | got_lines)} lines differ"
    return f"{count}; the first is\n{is_now}\nand should be\n{should_be}"
