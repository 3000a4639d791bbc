"""The C++ tests of the core: configured, built and run through ctest."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "tests" / "determinism"))

from golden import heading, read_golden  # noqa: E402

# One program per file, one test per program.
PROGRAMS = sorted(path.stem for path in (REPOSITORY / "tests" / "cpp").rglob("*.cpp"))

# So that nothing hangs for ever: the tests take seconds, a build takes a minute.
PATIENCE_IN_SECONDS = 1800


def find_tool(name: str) -> str | None:
    """Find a program beside this interpreter (where wheels put theirs) or on PATH."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))


def run(*command: str | Path, **variables: str) -> str:
    """Run a command with these environment variables; fail the test with what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=PATIENCE_IN_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(
            f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}",
            pytrace=False,
        )
    return done.stdout


def require_tool(name: str) -> str:
    """Find a program, or fail: without it nothing here is tested."""
    found = find_tool(name)
    if found is None:
        pytest.fail(f"{name} not found; it comes with pip install '.[test]'", pytrace=False)
    return found


@dataclass(frozen=True)
class CppBuild:
    """The C++ tests, built."""

    directory: Path

    def ctest(self, *arguments: str) -> str:
        """Run ctest in the build directory."""
        return run(require_tool("ctest"), "--test-dir", self.directory, "-C", "Release", *arguments)

    def commands(self) -> dict[str, list[str]]:
        """Return the command line of each test, by its name."""
        listed = json.loads(self.ctest("--show-only=json-v1"))
        return {test["name"]: test["command"] for test in listed["tests"]}


def built_core() -> Path | None:
    """Return the core that pip has built here of the sources as they are, if there is one."""
    sources = [REPOSITORY / "CMakeLists.txt", *(REPOSITORY / "cmake").glob("*.cmake")]
    sources += [path for path in (REPOSITORY / "cpp").rglob("*") if path.is_file()]
    changed = max(path.stat().st_mtime for path in sources)
    found = (REPOSITORY / "build").glob("cp*/libdinorc_core.a")
    return next((path for path in found if path.stat().st_mtime > changed), None)


@pytest.fixture(scope="session")
def cpp_build(tmp_path_factory: pytest.TempPathFactory) -> CppBuild:
    """Build the C++ tests, and the core if pip has not; it takes a C++ compiler."""
    directory = tmp_path_factory.mktemp("cpp_tests")
    cmake, ninja = require_tool("cmake"), find_tool("ninja")
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DDINORC_BUILD_PYTHON=OFF", "-DDINORC_BUILD_TESTS=ON"]
    if (core := built_core()) is not None:
        options.append(f"-DDINORC_BUILT_CORE={core}")
    if ninja is not None:
        options += ["-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    run(cmake, "-S", REPOSITORY, "-B", directory, *options)
    run(cmake, "--build", directory, "--config", "Release", "-j", "2")
    return CppBuild(directory)


def test_every_program_is_a_test_and_every_test_a_program(cpp_build: CppBuild) -> None:
    assert sorted(cpp_build.commands()) == PROGRAMS
    assert {"test_matrix_product", "test_online_trainer", "training_hash"} <= set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_cpp(cpp_build: CppBuild, name: str) -> None:
    cpp_build.ctest("--tests-regex", f"^{name}$", "--no-tests=error", "--output-on-failure")


def test_every_instruction_set_trains_to_the_golden_bits(cpp_build: CppBuild) -> None:
    training_hash = cpp_build.commands()["training_hash"][0]
    sets = run(training_hash, "--instruction-sets").split()
    assert sets[0] == "baseline"
    outputs = {name: run(training_hash, DINORC_ISA=name) for name in sets}
    golden = read_golden()[heading(())]
    for line in (r"^all [0-9a-f]{16}$", r" draws [0-9a-f]{16}$", r"^drawing .* [0-9a-f]{16}$"):
        assert re.search(line, golden, re.MULTILINE)
    assert outputs == dict.fromkeys(sets, golden)
