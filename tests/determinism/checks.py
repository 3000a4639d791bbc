"""What must not be found in the machine code, and what the compiler must refuse.

Each check returns the faults it found, as lines of text; none is good.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from builds import (
    NATIVE,
    BuildError,
    Built,
    Machine,
    clean_environment,
    require_tool,
    run_command,
)

# By their mnemonics: instructions that round once where the contract rounds twice (fused
# multiply-add), and those that approximate 1 / x or 1 / sqrt(x), each vendor in its own way.
X86_INEXACT = r"vfn?m(add|sub)|v?rcp(14|28)?[sp]|v?rsqrt(14|28)?[sp]"
INEXACT_INSTRUCTIONS = {
    "x86_64": X86_INEXACT,
    "i686": X86_INEXACT,
    "aarch64": r"fn?m(add|sub|ad|sb)$|fn?ml[as]|fmlal|fmlsl|fcmla|frecp|frsqrt",
    "riscv64": r"v?fn?m(add|sub|acc|sac)\.|vfrec7|vfrsqrt7",
    "s390x": r"m[as][de]br?$|m[as][de]r?$|[vw]fn?m[as]([sdx]b)?$",
}

FLOAT_ARITHMETIC = {
    "x86_64": r"v?(add|sub|mul|div|sqrt)[sp][sd]$",
    "i686": r"v?(add|sub|mul|div|sqrt)[sp][sd]$",
    "aarch64": r"f(add|sub|mul|div|sqrt)$",
    "riscv64": r"f(add|sub|mul|div|sqrt)\.",
    "s390x": r"(a|s|m|d|sq)[de]br?$|[vw]f[asmd]",
}

# Functions of the C library (or a vector version of it) whose last bit is nobody's promise.
INEXACT_FUNCTION = re.compile(
    r"(__|_ZGV\w+?_|__svml_)?"
    r"(a?(cos|sin|tan)h?|atan2|sincos|cbrt|erfc?|exp(10|2|m1)?|log(10|1p|2)?|pow|fma|hypot|[lt]gamma"
    r"|[jy][01n])"
    r"([fl]|f16|f32x?|f64x?|f128|d?[248]|f(4|8|16))?(_finite|_r)?"
)

# Appended by force after the project's own flags, and what the compilation must then fail with.
REFUSED_FLAGS = {"-ffast-math": r"dinorc: -ffast-math"}
if NATIVE.name == "x86_64":
    REFUSED_FLAGS["-mfpmath=387"] = r"dinorc: x87|the '387' unit is not supported"


@dataclass(frozen=True)
class Instruction:
    """A line of a disassembly."""

    function: str
    mnemonic: str
    operands: str

    def __str__(self) -> str:
        return f"{self.mnemonic} {self.operands} in {self.function}"


def instructions(binary: Path, machine: Machine = NATIVE) -> Iterator[Instruction]:
    """Disassemble an object file, a library or a program."""
    command = [require_tool(machine.tools + "objdump"), "-d", "--no-show-raw-insn", str(binary)]
    function = "?"
    count = 0
    for line in run_command(command, clean_environment(LC_ALL="C"), 300).splitlines():
        if header := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = header.group(1)
        elif match := re.match(r"\s+[0-9a-f]+:\s+(?:\{\w+\} )?(\S+)\s*(.*)", line):
            count += 1
            yield Instruction(function, match.group(1), match.group(2))
    if count == 0:
        raise BuildError(f"objdump found no instruction in {binary}")


def inexact_instructions(binary: Path, machine: Machine = NATIVE) -> list[str]:
    """Find fused multiply-adds and approximate reciprocals."""
    if machine.name not in INEXACT_INSTRUCTIONS:
        raise BuildError(f"how fused multiply-adds are called on {machine.name} is not known")
    pattern = re.compile(INEXACT_INSTRUCTIONS[machine.name])
    return [str(found) for found in instructions(binary, machine) if pattern.match(found.mnemonic)]


def inexact_functions(
    binary: Path, machine: Machine = NATIVE, *, dynamic: bool = False
) -> list[str]:
    """Find calls of the C library's exp, tanh, log and their like; sqrt is exact and allowed."""
    command = [require_tool(machine.tools + "nm"), "--undefined-only", str(binary)]
    if dynamic:
        command.insert(1, "-D")
    lines = run_command(command, clean_environment(LC_ALL="C"), 60).splitlines()
    names = [line.split()[-1].split("@")[0] for line in lines if re.match(r"\s+[Uuwv] \S+$", line)]
    if not names:
        raise BuildError(f"nm found no undefined symbol in {binary}")
    return sorted({name for name in names if INEXACT_FUNCTION.fullmatch(name)})


def shared_kernel_symbols(kernel_object: Path, instruction_set: str) -> list[str]:
    """Find symbols of a kernel object that another object could define too.

    The linker keeps one copy of an inline function that several objects define, and could so keep
    one made for AVX-512 for everybody. Symbols of the instruction set's own namespace are safe.
    """
    command = [require_tool("nm"), "--extern-only", "--defined-only", str(kernel_object)]
    lines = run_command(command, clean_environment(LC_ALL="C"), 60).splitlines()
    symbols = [line.split()[-1] for line in lines if len(line.split()) == 3]
    if not symbols:
        raise BuildError(f"nm found no symbol in {kernel_object}")
    # In the namespace itself, or local to a function there.
    own = re.compile(rf"_Z(Z|GVZ)?N6dinorc7kernels{len(instruction_set)}{instruction_set}")
    return [symbol for symbol in symbols if not own.match(symbol)]


def misplaced_wide_instructions(program: Path) -> list[str]:
    """Find AVX instructions outside of the kernels for AVX (x86-64, built without -march).

    All of them, encoded in the new way, have mnemonics that begin with v.
    """
    result = []
    for found in instructions(program):
        is_avx = found.mnemonic.startswith("v")
        is_avx512 = is_avx and re.search(r"%zmm|%k[0-7]|mm(1[6-9]|2\d|3[01])\b", found.operands)
        in_avx512 = "7kernels6avx512" in found.function
        in_avx2 = "7kernels4avx2" in found.function
        if (is_avx and not (in_avx2 or in_avx512)) or (is_avx512 and not in_avx512):
            result.append(str(found))
    return result


def accepted_flags(built: Built) -> list[str]:
    """Find sources with arithmetic that compile although a flag breaks the contract."""
    arithmetic = re.compile(FLOAT_ARITHMETIC[built.build.machine.name])
    entries = json.loads((built.directory / "compile_commands.json").read_text(encoding="utf-8"))
    result = []
    sources = 0
    for entry in entries:
        source = Path(entry["file"])
        command = shlex.split(entry["command"])
        target = command[command.index("-o") + 1]
        output = Path(entry["directory"], target)
        if "cpp/src" not in source.as_posix() or not output.exists():
            continue
        if not any(arithmetic.match(found.mnemonic) for found in instructions(output)):
            continue
        sources += 1
        for flag, refusal in REFUSED_FLAGS.items():
            command = _preprocess(shlex.split(entry["command"]))
            done = subprocess.run(
                [*command, flag],
                cwd=entry["directory"],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == 0 or not re.search(refusal, done.stderr):
                result.append(f"{target} from {source.name} with {flag}")
    if sources == 0:
        raise BuildError(f"no object with floating-point arithmetic under {built.directory}")
    return result


def _preprocess(command: list[str]) -> list[str]:
    """Make a compile command one that stops after the preprocessor and writes no file."""
    kept: list[str] = []
    words = iter(command)
    for word in words:
        if word in ("-o", "-MF", "-MT", "-MQ"):
            next(words)
        elif word not in ("-c", "-MD", "-MMD"):
            kept.append(word)
    return [*kept, "-E"]
