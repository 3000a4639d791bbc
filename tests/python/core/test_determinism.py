"""The same bits from every compiler, optimisation level and set of kernels.

These are the few builds that every run of the tests has time for; many more, for other
processors as well, are made by tests/determinism/compare_builds.py.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from dinorc import _core

DETERMINISM = Path(__file__).resolve().parents[2] / "determinism"
sys.path.insert(0, str(DETERMINISM))

import checks  # noqa: E402
import compare_builds  # noqa: E402
from builds import NATIVE, Build, BuildError, native_instruction_sets  # noqa: E402
from golden import by_name, differences, read_golden  # noqa: E402

QUICK_BUILDS = compare_builds.quick_builds()
DEFAULT_COMPILER = compare_builds.default_compiler()

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="builds for Linux and looks into ELF files"
)
x86_only = pytest.mark.skipif(NATIVE.name != "x86_64", reason="there is AVX on x86-64 only")

TRAIN = """
import hashlib
import dinorc
names = dinorc.datasets.load("dinos")
characters = sorted(set("\\n").union(*names))
char_to_ix = {character: ix for ix, character in enumerate(characters)}
ix_to_char = dict(enumerate(characters))
parameters = dinorc.model(names, ix_to_char, char_to_ix, num_iterations=4001)
for name in sorted(parameters):
    print(name, hashlib.sha256(parameters[name].tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of all builds."""
    return tmp_path_factory.mktemp("builds")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile a file that contains everything that the checks look for."""
    directory = tmp_path_factory.mktemp("planted")
    source = directory / "planted.cpp"
    source.write_text(
        """
        #include <cmath>
        template <typename T> T sum(T x, T y) { return x + y; }
        template double sum(double, double);
        double fused(double x, double y, double z) { return x * y + z; }
        double library(double x) { return std::tanh(x) + std::sqrt(x); }
        int main(int count, char**) { return static_cast<int>(fused(count, library(count), 1)); }
        """,
        encoding="utf-8",
    )
    machine_flags = ["-mfma"] if NATIVE.name == "x86_64" else []
    for extra in (["-c", "-o", "planted.o"], ["-o", "planted"]):
        command = [DEFAULT_COMPILER, "-O2", "-ffp-contract=fast", *machine_flags, source.name]
        subprocess.run([*command, *extra, "-lm"], cwd=directory, check=True)
    return directory / "planted.o"


@pytest.mark.parametrize("build", QUICK_BUILDS, ids=[build.name for build in QUICK_BUILDS])
def test_build_computes_the_golden_bits_and_its_machine_code_is_clean(
    build: Build, workplace: Path
) -> None:
    if build.compiler != DEFAULT_COMPILER and (reason := build.missing_tool()):
        pytest.skip(reason)
    row, built = compare_builds.compare_build(build, workplace / f"{QUICK_BUILDS.index(build)}", 2)
    assert row.status == compare_builds.GOOD, row.detail
    assert built is not None
    row = compare_builds.run_checks(row.name, compare_builds.build_checks(built))
    assert row.status == compare_builds.CLEAN, row.detail


def test_machine_code_of_the_extension_is_clean() -> None:
    extension = compare_builds.installed_extension()
    assert extension is not None
    row = compare_builds.run_checks("extension", compare_builds.extension_checks(extension))
    assert row.status == compare_builds.CLEAN, row.detail


def test_extension_computes_the_same_bits_with_every_set_of_kernels() -> None:
    printed = set()
    for instruction_set in native_instruction_sets():
        environment = os.environ | {"DINORC_ISA": instruction_set}
        command = [sys.executable, "-c", TRAIN]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        printed.add(done.stdout)
    assert len(printed) == 1


def test_checks_find_what_they_look_for(planted: Path) -> None:
    assert any("in _Z5fused" in line for line in checks.inexact_instructions(planted))
    assert checks.inexact_functions(planted) == ["tanh"]
    assert "_Z3sumIdET_S0_S0_" in checks.shared_kernel_symbols(planted, "avx2")


@x86_only
def test_check_of_avx_instructions_finds_them(planted: Path) -> None:
    found = checks.misplaced_wide_instructions(planted.with_suffix(""))
    assert any("in _Z5fused" in line for line in found)


@pytest.mark.parametrize(
    ("name", "is_inexact"),
    [
        ("exp", True),
        ("expf", True),
        ("__exp_finite", True),
        ("tanh", True),
        ("log1p", True),
        ("powl", True),
        ("fma", True),
        ("fmaf", True),
        ("_ZGVbN2v_exp", True),
        ("sqrt", False),
        ("sqrtf", False),
        ("memcpy", False),
        ("free", False),
        ("_ZSt20__throw_length_errorPKc", False),
    ],
)
def test_inexact_functions_are_recognised_by_their_names(name: str, is_inexact: bool) -> None:
    assert (checks.INEXACT_FUNCTION.fullmatch(name) is not None) == is_inexact


@pytest.mark.parametrize(
    ("machine", "fused", "separate"),
    [
        ("x86_64", ["vfmadd231pd", "vfnmsub132ss", "vrcp14ps", "rsqrtps"], ["vmulpd", "vaddpd"]),
        ("aarch64", ["fmadd", "fnmsub", "fmla", "fmls", "frecpe"], ["fmul", "fadd", "fmov"]),
        ("riscv64", ["fmadd.d", "fnmsub.s", "vfmacc.vv"], ["fmul.d", "fadd.s", "fmv.d"]),
        (
            "s390x",
            ["madbr", "msebr", "vfmadb", "wfmsdb", "maebr"],
            ["mdbr", "adbr", "vfmdb", "vfmsb"],
        ),
    ],
)
def test_inexact_instructions_are_recognised_by_their_mnemonics(
    machine: str, fused: list[str], separate: list[str]
) -> None:
    pattern = re.compile(checks.INEXACT_INSTRUCTIONS[machine])
    assert [name for name in fused + separate if pattern.match(name)] == fused


A, B, OTHER = "a: 0123456789abcdef\n", "b 00000000000000b2\n", "b 00000000000000b3\n"


def test_differences_are_found_by_the_names_of_the_lines() -> None:
    assert differences(A + B, A + B) == ""
    assert differences(A + B, B + A) == ""  # a new cell's lines may stand between others
    found = differences(A + B, A + OTHER)
    assert found + "\n" == f"1 of 2 lines differ; the first is\n{OTHER}and should be\n{B}"
    assert "the first is\n(nothing)\nand should be\nb 00" in differences(A + B, A)
    assert "the first is\nb 00000000000000b2\nand should be\n(nothing" in differences(A, A + B)
    with pytest.raises(BuildError, match="same name"):
        differences(A + B, A + B + OTHER)


def test_golden_file_has_lines_for_each_cell_optimizer_and_float_type() -> None:
    kinds = set(product(("float32", "float64"), _core.cells(), _core.optimizers()))
    for output in read_golden().values():
        names = [tuple(name.split()[:3]) for name in by_name(output) if "embedding" in name]
        assert set(names) == kinds
        assert len(names) == 2 * len(kinds)  # with an embedding and without
