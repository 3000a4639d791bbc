"""The ways in which the core can be built, and how one of them is built and run."""

from __future__ import annotations

import functools
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = "training_hash"
LIBRARY = "libdinorc_core.a"

COMPILE_TIMEOUT = 900.0
RUN_TIMEOUT = 1800.0  # seconds; an emulator on a busy machine is slow

# What of the environment would change a build or a run behind our back.
MEDDLING_VARIABLES = (
    "CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "CMAKE_GENERATOR",
    "CMAKE_BUILD_TYPE", "CMAKE_TOOLCHAIN_FILE", "DINORC_ISA",
)  # fmt: skip


class BuildError(Exception):
    """A build or a run that went wrong; its text says how."""


@dataclass(frozen=True)
class Machine:
    """A machine that programs are built for."""

    name: str  # as CMake's CMAKE_SYSTEM_PROCESSOR
    tools: str = ""  # what binutils and compilers for it have in front of their names
    emulator: str = ""

    @property
    def is_native(self) -> bool:
        """Whether it is the machine this script runs on."""
        return not self.tools


NATIVE = Machine(platform.machine())
AARCH64 = Machine("aarch64", "aarch64-linux-gnu-", "qemu-aarch64")
RISCV64 = Machine("riscv64", "riscv64-linux-gnu-", "qemu-riscv64")
S390X = Machine("s390x", "s390x-linux-gnu-", "qemu-s390x")
# A 64-bit x86 processor runs it as it is.
I686 = Machine("i686", "i686-linux-gnu-", "" if NATIVE.name == "x86_64" else "qemu-i386")


@dataclass(frozen=True)
class Build:
    """One way to build the core."""

    compiler: str
    flags: str  # the user's, as CXXFLAGS; the project appends its own
    machine: Machine = NATIVE
    scalar: bool = False  # kernels without vectors
    joined: bool = True  # several sources are compiled as one, as for users
    title: str = ""  # in place of the flags

    @property
    def name(self) -> str:
        """The name in the table."""
        where = "" if self.machine.is_native else f"{self.machine.name}: "
        compiler = self.compiler.removeprefix(self.machine.tools)
        scalar = ", scalar kernels" if self.scalar else ""
        return f"{where}{compiler} {self.title or self.flags}{scalar}"

    @property
    def uses_link_time_optimisation(self) -> bool:
        """Whether the object files hold something else than machine code."""
        return "-flto" in self.flags

    def instruction_sets(self) -> list[str]:
        """Return the values of DINORC_ISA that must work in this build on this processor."""
        if not self.machine.is_native or self.scalar:
            return ["baseline"]
        return native_instruction_sets()

    def arguments(self) -> tuple[str, ...]:
        """Return the arguments of the program: fewer steps where it is emulated."""
        return () if self.machine.is_native else ("500", "200")

    def missing_tool(self) -> str:
        """Return why this can't be built or run here, or nothing."""
        needed = [self.compiler, *([self.machine.emulator] if self.machine.emulator else [])]
        if self.compiler.startswith("clang") and not self.machine.is_native:
            needed.append(self.machine.tools + "g++")  # for its headers and libraries
        for tool in needed:
            if find_tool(tool) is None:
                return f"{tool} not found" + package_hint(tool)
        if self.uses_link_time_optimisation and not can_link(self.compiler, self.flags):
            return f"{self.compiler} can't link with {self.flags}" + package_hint("ld.lld")
        return ""

    def needed_tools(self) -> list[str]:
        """Return the programs that this build needs, found or not."""
        tools = [self.compiler]
        if not self.machine.is_native:
            tools.append(self.machine.tools + "g++")
        if self.machine.emulator:
            tools.append(self.machine.emulator)
        return tools


@dataclass(frozen=True)
class Built:
    """A finished build."""

    build: Build
    directory: Path

    @property
    def program(self) -> Path:
        """The program that trains and prints hashes."""
        return self._only(PROGRAM)

    @property
    def library(self) -> Path:
        """The core as a static library."""
        return self._only(LIBRARY)

    def kernel_objects(self) -> dict[str, Path]:
        """Return the object files of the kernels by instruction set."""
        prefix = "dinorc_kernels_"
        return {
            directory.name.removeprefix(prefix).removesuffix(".dir"): self._only(
                "*.o", within=directory
            )
            for directory in sorted(self.directory.rglob(f"{prefix}*.dir"))
        }

    def _only(self, name: str, within: Path | None = None) -> Path:
        found = [path for path in (within or self.directory).rglob(name) if path.is_file()]
        if len(found) != 1:
            raise BuildError(f"expected one {name} under {within or self.directory}, found {found}")
        return found[0]


PACKAGES = {
    "cmake": "cmake",
    "clang++": "clang",
    "g++": "g++",
    "objdump": "binutils",
    "nm": "binutils",
    "ld.lld": "lld",
    **{f"{machine.tools}g++": f"g++-{machine.tools}".removesuffix("-")
       for machine in (AARCH64, RISCV64, S390X, I686)},
    **{machine.emulator: "qemu-user" for machine in (AARCH64, RISCV64, S390X, I686)},
}  # fmt: skip


def package_hint(tool: str) -> str:
    """Return which Debian package has the tool, in brackets."""
    return f" (Debian package {PACKAGES[tool]})" if tool in PACKAGES else ""


def find_tool(name: str) -> str | None:
    """Find a program on the path or beside this Python, an emulator also by its other name."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which(name, path=path) or (
        shutil.which(f"{name}-static", path=path) if name.startswith("qemu-") else None
    )


def require_tool(name: str) -> str:
    """Find a program, or raise."""
    found = find_tool(name)
    if found is None:
        raise BuildError(f"{name} not found" + package_hint(name))
    return found


@functools.cache
def native_instruction_sets() -> list[str]:
    """Return what the processor of this machine supports of the instruction sets with kernels."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ["baseline"]
    flags = next(
        (set(line.split()) for line in text.splitlines() if line.startswith("flags")), set()
    )
    result = ["baseline"]
    if "avx2" in flags:
        result.append("avx2")
    if flags >= {"avx512f", "avx512bw", "avx512dq", "avx512vl"}:
        result.append("avx512")
    return result


@functools.cache
def can_link(compiler: str, flags: str) -> bool:
    """Whether the compiler makes a program with these flags."""
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "empty.cpp"
        source.write_text("int main() { return 0; }\n", encoding="utf-8")
        command = [compiler, *shlex.split(flags), str(source), "-o", str(source.with_suffix(""))]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def clean_environment(**variables: str) -> dict[str, str]:
    """Return the environment without what would change a build, and with these variables."""
    kept = {key: value for key, value in os.environ.items() if key not in MEDDLING_VARIABLES}
    return kept | variables


def run_command(command: list[str], environment: dict[str, str], timeout: float) -> str:
    """Return what a command prints, or raise with its last words."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"still running after {timeout:.0f} s: {shlex.join(command)}") from None
    if done.returncode != 0:
        last_words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        raise BuildError(f"exit status {done.returncode}: {shlex.join(command)}\n{last_words}")
    return done.stdout


def build_program(build: Build, directory: Path, jobs: int) -> Built:
    """Build the core and the program, in this directory."""
    environment = clean_environment(CXXFLAGS=_all_flags(build))
    run_command(_configure_command(build, directory), environment, COMPILE_TIMEOUT)
    command = [require_tool("cmake"), "--build", str(directory), "--target", PROGRAM]
    run_command([*command, "--parallel", str(jobs)], environment, COMPILE_TIMEOUT)
    return Built(build, directory)


def run_program(
    built: Built, instruction_set: str, arguments: tuple[str, ...] | None = None
) -> str:
    """Return what the program prints with the kernels of this instruction set."""
    if arguments is None:
        arguments = built.build.arguments()
    command = [str(built.program), *arguments]
    if built.build.machine.emulator:
        command.insert(0, require_tool(built.build.machine.emulator))
    return run_command(command, clean_environment(DINORC_ISA=instruction_set), RUN_TIMEOUT)


def usable_instruction_sets(built: Built) -> list[str]:
    """Return the values of DINORC_ISA that the program itself says it takes."""
    return run_program(built, "", ("--instruction-sets",)).split()


def _all_flags(build: Build) -> str:
    if build.machine.is_native or not build.compiler.startswith("clang"):
        return build.flags
    return f"--target={build.machine.tools.removesuffix('-')} {build.flags}"


def _configure_command(build: Build, directory: Path) -> list[str]:
    command = [
        require_tool("cmake"), "-S", str(REPOSITORY), "-B", str(directory),
        "-DDINORC_BUILD_PYTHON=OFF", "-DDINORC_BUILD_TESTS=ON",
        f"-DCMAKE_CXX_COMPILER={require_tool(build.compiler)}",
        # So that the optimisation level in CXXFLAGS is the last one.
        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        f"-DDINORC_SCALAR_KERNELS={'ON' if build.scalar else 'OFF'}",
        f"-DCMAKE_UNITY_BUILD={'ON' if build.joined else 'OFF'}",
    ]  # fmt: skip
    if find_tool("ninja") is not None:
        command += ["-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={require_tool('ninja')}"]
    if not build.machine.is_native:
        command += [
            "-DCMAKE_SYSTEM_NAME=Linux",
            f"-DCMAKE_SYSTEM_PROCESSOR={build.machine.name}",
            "-DCMAKE_EXE_LINKER_FLAGS=-static",
        ]
    if build.uses_link_time_optimisation:
        # An archiver that can read the compiler's intermediate code.
        archiver = "llvm-ar" if build.compiler.startswith("clang") else "gcc-ar"
        if find_tool(archiver) is not None:
            command.append(f"-DCMAKE_AR={require_tool(archiver)}")
    return command
