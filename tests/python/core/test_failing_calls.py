"""When memory or threads run out: MemoryError or fewer threads, and nothing lost.

A small library, built here and loaded before all others, lets any allocation of C++ and any start
of a thread fail. Each test runs in a separate process, which a failure typically ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dinorc
from dinorc import _core

HERE = Path(__file__).parent
MODULES = os.pathsep.join([str(HERE.parent), str(HERE), os.environ.get("PYTHONPATH", "")])

# If an operation has more allocations than half of these, only a spread over them fails.
MOST_TRIES = 100


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the library that makes calls fail."""
    compiler = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)
    if sys.platform != "linux" or compiler is None:
        pytest.skip("a library in front of all others: needs Linux and a C++ compiler")
    path = tmp_path_factory.mktemp("library") / "failing_calls.so"
    command = [compiler, "-std=c++17", "-O1", "-shared", "-fPIC", "-pthread"]
    subprocess.run([*command, "-o", path, HERE / "failing_calls.cpp", "-ldl"], check=True)
    return path


def run(*arguments: str | Path, **variables: str) -> list[str]:
    """Run a program of Python; return the lines that it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": MODULES} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-2000:]}"
    return done.stdout.splitlines()


def test_whichever_allocation_fails_nothing_is_lost(library: Path) -> None:
    lines = run(HERE / "failing_allocations.py", library, str(MOST_TRIES), LD_PRELOAD=str(library))
    failed = {line.rpartition(":")[0]: int(line.split()[-2]) for line in lines}
    assert {"_core.CharacterNetwork", "fit", "load", "model"} <= set(failed)
    assert sum(failed.values()) > 1000


FEWER_THREADS = """
import ctypes, sys
from dinorc import CharRNN
from small_models import NAMES, small

library = ctypes.CDLL(sys.argv[1])
many = NAMES * 8
for threads in (-1, 0, 1, 2):  # beside the first one; -1: no limit
    library.limit_threads(threads)
    rnn = small(n_jobs=4, random_state=1).fit(NAMES)
    results = [rnn.fingerprint()]
    for use in (lambda: rnn.sample(1500, seed=1), lambda: rnn.score_samples(many).tobytes()):
        library.limit_threads(threads)
        results.append(use())
    print(hash(str(results)))
"""


def test_where_no_thread_can_be_started_fewer_give_the_same_result(library: Path) -> None:
    lines = run("-c", FEWER_THREADS, library, LD_PRELOAD=str(library))
    assert len(lines) == 4
    assert len(set(lines)) == 1


# Python's own allocations, which the library does not see.
WITHOUT_MEMORY = """
import inspect
import _testcapi
import numpy as np
from dinorc import _core
from dinorc._names.vocabulary import Vocabulary
from test_core_is_safe import SOUND, sound_parameters

vocabulary = Vocabulary("\\nabc")
encoded = vocabulary.encode(["abba", "cab"])
five = list(sound_parameters("f8").values())
optimized = [*five, np.full((3, 1), 0.5), SOUND["X"]("f8"), SOUND["Y"]("f8"), 0.01, 5.0]
before = [array.tobytes() for array in five]
classes = [value for value in vars(_core).values() if inspect.isclass(value)]
uses = {
    "encode": lambda: vocabulary.encode(["abba", "cxb"]),
    "decode": lambda: vocabulary.decode(encoded),
    "optimize": lambda: _core.optimize(*optimized),
    **{cls.__name__: lambda cls=cls: cls.__new__(cls) for cls in classes},
}
for name, use in uses.items():
    failed = 0
    for n in range(60):
        _testcapi.set_nomemory(n, n + 1)
        try:
            use()
        except (MemoryError, RuntimeError):
            failed += 1
            assert name != "optimize" or before == [array.tobytes() for array in five]
        finally:
            _testcapi.remove_mem_hooks()
        before = [array.tobytes() for array in five]
    print(name, failed)
"""


def test_where_python_has_no_memory_nothing_crashes() -> None:
    pytest.importorskip("_testcapi", reason="the interpreter comes without its own tests")
    lines = run("-c", WITHOUT_MEMORY)
    assert all(int(line.split()[1]) > 0 for line in lines), lines


IN_A_SUB_INTERPRETER = """
import sys
if sys.argv[2] == "second":
    import dinorc
code = f'''
import importlib.machinery, importlib.util
loader = importlib.machinery.ExtensionFileLoader("dinorc._core", {sys.argv[1]!r})
try:
    spec = importlib.util.spec_from_loader("dinorc._core", loader)
    loader.exec_module(importlib.util.module_from_spec(spec))
except ImportError as error:
    print(error)
'''
try:
    from _testcapi import run_in_subinterp as run
except ImportError:
    try:
        import _xxsubinterpreters
    except ImportError:
        print("no sub-interpreters")
        sys.exit()
    run = lambda code: _xxsubinterpreters.run_string(_xxsubinterpreters.create(), code)
run(code)
import dinorc
print(dinorc.build_info()["version"])
"""


@pytest.mark.parametrize("place", ["first", "second"])
def test_an_import_in_a_sub_interpreter_is_refused(place: str) -> None:
    refusal, *rest = run("-c", IN_A_SUB_INTERPRETER, _core.__file__, place)
    if refusal == "no sub-interpreters":
        pytest.skip("this interpreter makes no sub-interpreters for a test")
    assert "dinorc works in the main interpreter only" in refusal
    assert rest == [dinorc.__version__]
