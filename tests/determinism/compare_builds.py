"""Build the core in many ways and compare what each build computes, bit for bit.

    python tests/determinism/compare_builds.py            # all that can be built here
    python tests/determinism/compare_builds.py --quick    # what every run of pytest does
    python tests/determinism/compare_builds.py --install  # get missing compilers first

Every build runs the same training, sampling and probes of exp, tanh, sigmoid and log, with each
set of kernels that the processor supports, and must print what golden.txt says. The machine code
is searched for instructions and calls that would break the promise on some other machine.

Exit status 0: all that ran agree; 1: something differs, failed, or was required and skipped;
2: wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import checks
from builds import (
    AARCH64,
    I686,
    NATIVE,
    PACKAGES,
    RISCV64,
    S390X,
    Build,
    BuildError,
    Built,
    build_program,
    find_tool,
    run_program,
    usable_instruction_sets,
)
from golden import (
    GOLDEN_FILE,
    differences,
    float_contract_version,
    heading,
    read_golden,
    write_golden,
)

SHORT_RUN = ("500", "200")  # for emulators; see Build.arguments

EXTENSION = "Python extension: machine code"

GOOD = "same bits"
CLEAN = "clean"
FAILED = "FAILED"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    status: str
    seconds: float = 0.0
    detail: str = ""


def default_compiler() -> str:
    """Return the compiler that must be there."""
    named = os.environ.get("CXX", "").split()
    if named:
        return named[-1]  # a launcher like ccache may stand before it
    return next((name for name in ("g++", "clang++", "c++") if find_tool(name)), "g++")


def release_build(compiler: str) -> Build:
    """Return the build that users have, but with each source by itself, to look into them all."""
    return Build(compiler, "-O3 -DNDEBUG", title="-O3", joined=False)


def quick_builds() -> list[Build]:
    """Return the builds of which every run of the tests takes the time.

    The C++ tests are a release build of the first compiler, whose output is compared, too.
    """
    first = default_compiler()
    second = "g++" if first.startswith("clang") else "clang++"
    return [Build(first, "-O0"), release_build(second)]


def all_builds(compilers: list[str]) -> list[Build]:
    """Return the full matrix."""
    fused = " -mfma" if NATIVE.name == "x86_64" else ""
    # What users set who want speed. The project's own flags come after these and undo them.
    unsafe = f"-O2 -ffast-math{fused} -funsafe-math-optimizations -ffinite-math-only"
    unsafe_parts = (
        "-O3 -march=native -ffp-contract=fast -fassociative-math -freciprocal-math"
        " -fno-signed-zeros -fno-trapping-math"
    )
    result = []
    for compiler in compilers:
        result += [
            Build(compiler, "-O0"),
            Build(compiler, "-O2"),
            release_build(compiler),
            Build(compiler, "-O3 -flto"),
            Build(compiler, "-O3", scalar=True),
            Build(compiler, "-Ofast -march=native"),
            Build(compiler, "-Ofast -march=native -flto"),
            Build(compiler, unsafe, title="-O2 -ffast-math ..."),
            Build(compiler, unsafe_parts, title="-O3 -fassociative-math ..."),
        ]
    result += [
        Build(f"{AARCH64.tools}g++", "-O3", AARCH64),
        Build(f"{AARCH64.tools}g++", "-O3", AARCH64, scalar=True),
        Build("clang++", "-O3", AARCH64),
        Build(f"{RISCV64.tools}g++", "-O3", RISCV64),
        Build(f"{S390X.tools}g++", "-O3 -march=z13", S390X, title="-O3 (big-endian)"),
    ]
    if NATIVE.name == "x86_64":
        result.append(
            Build(f"{I686.tools}g++", "-O3 -msse2 -mfpmath=sse", I686, title="-O3 (32-bit)")
        )
    return result


def compare_build(build: Build, directory: Path, jobs: int) -> tuple[Row, Built | None]:
    """Build, run with every instruction set, and compare with the golden file."""
    if reason := build.missing_tool():
        return Row(build.name, SKIPPED, detail=reason), None
    start = time.monotonic()
    try:
        built = build_program(build, directory, jobs)
        expected = read_golden()[heading(build.arguments())]
        usable = usable_instruction_sets(built)
        faults = [
            f"DINORC_ISA={instruction_set} is refused, and this processor has it"
            for instruction_set in build.instruction_sets()
            if instruction_set not in usable
        ]
        for instruction_set in usable:
            got = run_program(built, instruction_set)
            if fault := differences(expected, got):
                faults.append(f"DINORC_ISA={instruction_set}: {fault}")
    except BuildError as error:
        return Row(build.name, FAILED, time.monotonic() - start, str(error)), None
    seconds = time.monotonic() - start
    if faults:
        return Row(build.name, FAILED, seconds, "\n".join(faults)), built
    return Row(build.name, GOOD, seconds, ", ".join(usable)), built


Check = tuple[str, Callable[[], list[str]]]


def build_checks(built: Built) -> list[Check]:
    """Return the checks of the machine code of a build, by name."""
    build = built.build
    machine = build.machine
    if build.uses_link_time_optimisation:  # there is machine code in the program only
        result: list[Check] = [
            (
                "fused or approximate instructions",
                lambda: checks.inexact_instructions(built.program),
            )
        ]
    else:
        result = [
            (
                "fused or approximate instructions",
                lambda: checks.inexact_instructions(built.library, machine),
            ),
            ("libm calls", lambda: checks.inexact_functions(built.library, machine)),
        ]
    if not machine.is_native:
        return result
    if not build.uses_link_time_optimisation:
        result.append(("shared kernel symbols", lambda: _shared_symbols(built)))
        if build == release_build(build.compiler):
            result.append(("unsafe flags accepted", lambda: checks.accepted_flags(built)))
    if machine.name == "x86_64" and "-m" not in build.flags:
        result.append(
            (
                "stray AVX instructions",
                lambda: checks.misplaced_wide_instructions(built.program),
            )
        )
    return result


def _shared_symbols(built: Built) -> list[str]:
    objects = built.kernel_objects()
    missing = set(built.build.instruction_sets()) - set(objects)
    if missing:
        raise BuildError(f"no kernels for {', '.join(sorted(missing))} in {built.directory}")
    return [
        f"{instruction_set}: {symbol}"
        for instruction_set, path in objects.items()
        for symbol in checks.shared_kernel_symbols(path, instruction_set)
    ]


def extension_checks(path: Path) -> list[Check]:
    """Return the checks of the machine code of the Python extension, by name."""
    return [
        ("fused or approximate instructions", lambda: checks.inexact_instructions(path)),
        ("libm calls", lambda: checks.inexact_functions(path, dynamic=True)),
    ]


def installed_extension() -> Path | None:
    """Return the extension of the dinorc that this Python would import."""
    with contextlib.suppress(ImportError):
        found = importlib.util.find_spec("dinorc._core")
        if found is not None and found.origin:
            return Path(found.origin)
    return None


def run_checks(name: str, wanted: list[Check]) -> Row:
    """Run checks of one thing and sum them up."""
    start = time.monotonic()
    faults = []
    for title, check in wanted:
        try:
            found = check()
        except BuildError as error:
            found = [str(error)]
        if found:
            more = [f"  and {len(found) - 5} more"] if len(found) > 5 else []
            faults += [f"{title}:", *(f"  {line}" for line in found[:5]), *more]
    seconds = time.monotonic() - start
    if faults:
        return Row(name, FAILED, seconds, "\n".join(faults))
    return Row(name, CLEAN, seconds, "no " + ", no ".join(title for title, _ in wanted))


def work_through(builds: list[Build], directory: Path, jobs: int) -> Iterator[Row]:
    """Compare and check all builds, `jobs` at a time; the rows come in the order of the builds."""

    def work(numbered: tuple[int, Build]) -> list[Row]:
        number, build = numbered
        row, built = compare_build(build, directory / f"build-{number}", 1)
        if built is None:
            return [row]
        return [row, run_checks(f"{build.name}: machine code", build_checks(built))]

    with ThreadPoolExecutor(jobs) as pool:
        for rows in pool.map(work, enumerate(builds)):
            yield from rows


def update_golden(build: Build, directory: Path, jobs: int) -> None:
    """Write the golden file from one build."""
    instruction_set = "baseline"
    built = build_program(build, directory / "golden", jobs)
    outputs = {
        heading(arguments): run_program(built, instruction_set, arguments)
        for arguments in ((), SHORT_RUN)
    }
    before = read_golden() if GOLDEN_FILE.exists() else {}
    write_golden(outputs, build, instruction_set)
    print(f"{GOLDEN_FILE.name} is from {build.name} now, float contract {float_contract_version()}")
    for title, output in outputs.items():
        now, then = output.splitlines(), before.get(title, "").splitlines()
        for sign, lines, others in (("-", then, now), ("+", now, then)):
            for line in lines:
                if line not in others:
                    print(f"  {sign} {title}: {line}")


def install_missing(builds: list[Build]) -> None:
    """Install the Debian packages of what is not found."""
    tools = ["cmake", "objdump", *(tool for build in builds for tool in build.needed_tools())]
    packages = sorted(
        {PACKAGES[tool] for tool in tools if tool in PACKAGES and not find_tool(tool)}
    )
    if not packages:
        print("Nothing to install.")
        return
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-q", *packages]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        print(f"apt-get can't be run here: {error}", file=sys.stderr)
        return
    if done.returncode != 0:
        print(f"apt-get failed:\n{done.stdout}{done.stderr}", file=sys.stderr)


def table(rows: list[Row]) -> str:
    """Lay the rows out as text."""
    width = max(len(row.name) for row in rows)
    lines = []
    for row in rows:
        detail = "" if row.status == FAILED else row.detail
        line = f"{row.name:<{width}}  {row.status:<9}  {row.seconds:5.1f} s  {detail}"
        lines.append(line.rstrip())
        if row.status == FAILED:
            lines += [f"    {line}" for line in row.detail.splitlines()]
    return "\n".join(lines)


def summary(rows: list[Row], required: list[str]) -> tuple[str, int]:
    """Return the last line and the exit status."""
    failed = [row for row in rows if row.status == FAILED]
    skipped = [row for row in rows if row.status == SKIPPED]
    demanded = [row.name for row in skipped if any(name in row.name for name in required)]
    ran = len(rows) - len(skipped)
    text = f"{ran - len(failed)} of {ran} agree, {len(skipped)} skipped"
    if demanded:
        text += f"; required but skipped: {', '.join(demanded)}"
    return text, 1 if failed or demanded or ran == 0 else 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    description, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two builds, as in the Python tests")
    parser.add_argument(
        "--compiler", action="append", metavar="NAME",
        help="a native compiler for the full matrix, instead of g++ and clang++; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--only", metavar="TEXT", help="only the builds with this text in their name"
    )
    parser.add_argument("--list", action="store_true", help="say what would be built, and stop")
    parser.add_argument(
        "--install", action="store_true", help="apt-get install what is missing, saying what"
    )
    parser.add_argument(
        "--require", action="append", default=[], metavar="TEXT",
        help="fail where something with this text in its name is skipped; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--extension", type=Path, metavar="PATH",
        help="the Python extension to look into; else that of the dinorc installed here",
    )  # fmt: skip
    parser.add_argument(
        "--directory", type=Path, metavar="PATH",
        help="build here and keep what was built; else in a temporary directory",
    )  # fmt: skip
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="builds at a time (2)")
    parser.add_argument(
        "--update-golden",
        action="store_true",
        help="rewrite golden.txt from the first build, then compare",
    )
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error(f"argument --jobs: expected at least 1, got {arguments.jobs}")
    if arguments.quick and arguments.compiler:
        parser.error("argument --compiler: is for the full matrix; --quick takes $CXX")
    builds = (
        quick_builds() if arguments.quick else all_builds(arguments.compiler or ["g++", "clang++"])
    )
    names = [EXTENSION, *(build.name for build in builds)]
    for text in arguments.require:
        if not any(text in name for name in names):
            parser.error(f"argument --require: nothing has {text!r} in its name; see --list")
    if arguments.only is not None:
        builds = [build for build in builds if arguments.only in build.name]
        if not builds:
            parser.error(
                f"argument --only: no build has {arguments.only!r} in its name; see --list"
            )
    arguments.builds = builds
    return arguments


def main() -> int:
    """Do what the command line asks for."""
    arguments = parse_arguments()
    if arguments.list:
        print("\n".join(f"{build.name:<34} {build.flags}" for build in arguments.builds))
        return 0
    if arguments.install:
        install_missing(arguments.builds)
    with contextlib.ExitStack() as stack:
        directory = arguments.directory
        if directory is None:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dinorc-")))
        start = time.monotonic()
        if arguments.update_golden:
            try:
                update_golden(arguments.builds[0], directory, arguments.jobs)
            except BuildError as error:
                print(error, file=sys.stderr)
                return 1
        rows = []
        for row in work_through(arguments.builds, directory, arguments.jobs):
            rows.append(row)
            print(f"{row.status:<9}  {row.name}", flush=True)
        extension = arguments.extension or installed_extension()
        if extension is None:
            rows.append(Row(EXTENSION, SKIPPED, detail="no dinorc to import here; see --extension"))
        else:
            rows.append(run_checks(EXTENSION, extension_checks(extension)))
        text, status = summary(rows, arguments.require)
        print(f"\n{table(rows)}\n\n{text}, {time.monotonic() - start:.0f} s in all")
    return status


if __name__ == "__main__":
    sys.exit(main())
