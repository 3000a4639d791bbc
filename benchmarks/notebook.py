"""The notebook's functions beside NumPy's, and ``model`` beside NumPy and numba, in one run.

    python benchmarks/notebook.py

The first table has every function, on the arguments that it gets in the notebook; the second one
an iteration of ``model``, which learns one name: forward, backward through time, clip, gradient
step. Samples are not drawn while the clock runs. Every side uses one thread, and the sides take
turns, so that a change of the machine's clock meets them all; the second table shows medians.
numba is optional: "numba" are the equations written down as loops, "numba turned" the same loops
turned so that they vectorise.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.metadata
import importlib.util
import io
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

for variable in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "BLIS_NUM", "VECLIB_MAXIMUM"):
    os.environ[f"{variable}_THREADS"] = "1"  # read when NumPy is loaded

import notebook_functions  # noqa: E402, the file beside this one
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
Arrays = dict[str, NDArray[Any]]
Train = Callable[[int], Arrays]  # from a number of iterations to the parameters


@dataclass
class Task:
    """What every side trains on."""

    names: list[str]
    hidden_size: int
    char_to_ix: dict[str, int] = field(init=False)
    ix_to_char: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        """Give each character a number."""
        characters = sorted(set("\n").union(*self.names))
        self.char_to_ix = {character: ix for ix, character in enumerate(characters)}
        self.ix_to_char = dict(enumerate(characters))

    @property
    def vocab_size(self) -> int:
        """The number of characters, the newline included."""
        return len(self.char_to_ix)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of ``model``, but for the number of iterations."""
        return {
            "data": self.names,
            "ix_to_char": self.ix_to_char,
            "char_to_ix": self.char_to_ix,
            "n_a": self.hidden_size,
            "vocab_size": self.vocab_size,
            "dino_names": 0,
        }

    def flops(self, iterations: int, order: list[str]) -> float:
        """Count the multiplications and additions of an average iteration.

        A time step has three products with Waa's shape (Waa a, its transpose times dz, and the
        outer product dWaa) and three with Wya's, of 2 flops an element; Wax is a table, so that
        only one column of n_a is added, and one to its gradient. An iteration ends with
        p -= lr g, of 2 flops a parameter. tanh, exp, log and clipping are not counted:

            T · 2 · (3 (n_a² + n_y n_a) + n_a) + 2 · (n_a n_x + n_a² + n_y n_a + n_a + n_y)

        where T, the number of time steps, is the length of the name and one more for the newline.
        """
        n_a, n = self.hidden_size, self.vocab_size
        steps = statistics.fmean(len(order[j % len(order)]) + 1 for j in range(iterations))
        step = 2 * (3 * (n_a * n_a + n * n_a) + n_a)
        return steps * step + 2 * (2 * n_a * n + n_a * n_a + n_a + n)


@dataclass
class Side:
    """One row of the table."""

    label: str
    train: Train
    iterations: int
    peak_gflops: float
    seconds: list[float] = field(default_factory=list)

    @property
    def microseconds(self) -> float:
        """The median time of an iteration."""
        return statistics.median(self.seconds) / self.iterations * 1e6


def load_reference() -> ModuleType:
    """Load the plain NumPy notebook, which is the oracle of the tests."""
    path = ROOT / "tests" / "python" / "oracles" / "notebook.py"
    spec = importlib.util.spec_from_file_location("reference", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- the sides ----------------------------------------------------------------------------------


def numpy_side(task: Task, reference: ModuleType) -> Train:
    """Train as the notebook does; what it prints goes nowhere."""

    def train(iterations: int) -> Arrays:
        with contextlib.redirect_stdout(io.StringIO()):
            return reference.model(
                **task.arguments, num_iterations=iterations, print_every=iterations + 1
            )

    return train


def dinorc_side(task: Task, dtype: str) -> Train | None:
    """Train with the package, if it is installed."""
    try:
        import dinorc
    except ImportError:
        return None
    return lambda iterations: dinorc.model(
        **task.arguments, num_iterations=iterations, dtype=dtype, verbose=False
    )


def numba_side(task: Task, reference: ModuleType, loops: str) -> Train | None:
    """Train with loops of `numba_loops.py` under numba, if it is installed."""
    try:
        import numba_loops
    except ImportError:
        return None
    run = getattr(numba_loops, loops)
    order = reference.shuffled_names(task.names)
    text = "".join(name + "\n" for name in order)
    ids = np.array([task.char_to_ix[character] for character in text])
    starts = np.cumsum([0, *(len(name) + 1 for name in order)])

    def train(iterations: int) -> Arrays:
        p = reference.initialize_parameters(task.hidden_size, task.vocab_size, task.vocab_size)
        flat = (p["Wax"], p["Waa"], p["Wya"], p["b"][:, 0], p["by"][:, 0])
        run(ids, starts, *flat, iterations, 0.01, 5.0)
        return p

    return train


# ---- the measurement ----------------------------------------------------------------------------


def difference(actual: Arrays, expected: Arrays) -> float:
    """Return the largest difference between two sets of parameters."""
    return max(float(np.max(np.abs(actual[name] - expected[name]))) for name in expected)


def check(sides: list[Side]) -> None:
    """Run every side once, which also compiles, and stop if one computes something else."""
    iterations = 100
    expected = sides[0].train(iterations)
    for side in sides[1:]:
        found = difference(side.train(iterations), expected)
        if not found < (1e-3 if "float32" in side.label else 1e-10):
            sys.exit(f"{side.label} differs from {sides[0].label} by {found:.3g}; not timed")


def measure(sides: list[Side], repeats: int) -> None:
    """Time the sides in turn."""
    for _ in range(repeats):
        for side in sides:
            start = time.perf_counter()
            side.train(side.iterations)
            side.seconds.append(time.perf_counter() - start)


def cpu_model() -> str:
    """Name the CPU as the system does."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def version_of(package: str) -> str:
    """Return a package's version, or say that it is missing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def describe(task: Task, options: argparse.Namespace, flops: float) -> None:
    """Print where and on what the figures were measured."""
    coretype = os.environ.get("OPENBLAS_CORETYPE", "not set, OpenBLAS chooses by the CPU")
    print(f"date        {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU         {cpu_model()}, {platform.system()} {platform.machine()}")
    print(f"Python      {platform.python_version()}, NumPy {np.__version__}", end="")
    print(f", numba {version_of('numba')}, dinorc {version_of('dinorc')}")
    with contextlib.suppress(ImportError):
        import dinorc

        print(f"dinorc      {dinorc.build_info()['instruction_set']} (DINORC_ISA chooses)")
    print(f"BLAS        one thread; OPENBLAS_CORETYPE: {coretype}")
    print(f"task        {len(task.names)} names, {task.vocab_size} characters,", end="")
    print(f" hidden size {task.hidden_size}, {flops / 1e3:.0f} kflop an iteration")
    print(f"repeats     {options.repeats}, medians; iterations in the last column\n")


def report(sides: list[Side], flops: float) -> None:
    """Print the table."""
    by_label = {side.label: side.microseconds for side in sides}
    print(
        f"{'':16}{'us/iteration':>14}{'x NumPy':>10}{'x numba':>10}{'x turned':>10}{'of peak':>10}"
        f"{'iterations':>12}"
    )
    for side in sides:
        against = [
            f"{by_label[label] / side.microseconds:.2f}" if label in by_label else "-"
            for label in ("NumPy", "numba", "numba turned")
        ]
        peak = flops / (side.microseconds * 1e3) / side.peak_gflops
        print(
            f"{side.label:16}{side.microseconds:14.2f}{''.join(f'{each:>10}' for each in against)}"
            f"{peak:>10.1%}{side.iterations:>12,}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--iterations", type=int, default=35_000, help="of dinorc (%(default)s)")
    parser.add_argument("--numpy-iterations", type=int, default=2000, help="(%(default)s)")
    parser.add_argument("--numba-iterations", type=int, default=10_000, help="(%(default)s)")
    parser.add_argument("--repeats", type=int, default=7, help="(%(default)s)")
    parser.add_argument("--hidden-size", type=int, default=50, help="(%(default)s)")
    parser.add_argument(
        "--file", type=Path, default=ROOT / "data" / "dinos.txt", help="names, one a line"
    )
    parser.add_argument(
        "--peak-gflops",
        type=float,
        nargs=2,
        metavar=("FLOAT64", "FLOAT32"),
        default=(126.0, 260.0),
        help="what one core can multiply and add, in 10⁹ a second, as benchmarks/kernels.cpp "
        "measures it; the default is that of a Zen 5 with AVX-512 (126 260)",
    )
    options = parser.parse_args()

    reference = load_reference()
    task = Task(options.file.read_text(encoding="utf-8").split(), options.hidden_size)
    double, single = options.peak_gflops
    numbas = options.numba_iterations
    candidates = [
        ("NumPy", numpy_side(task, reference), options.numpy_iterations, double),
        ("numba", numba_side(task, reference, "plain_loops"), numbas, double),
        ("numba turned", numba_side(task, reference, "turned_loops"), numbas, double),
        ("dinorc float64", dinorc_side(task, "float64"), options.iterations, double),
        ("dinorc float32", dinorc_side(task, "float32"), options.iterations, single),
    ]
    sides = [Side(*candidate) for candidate in candidates if candidate[1] is not None]
    flops = task.flops(options.iterations, reference.shuffled_names(task.names))
    describe(task, options, flops)
    check(sides)
    notebook_functions.report(reference)
    measure(sides, options.repeats)
    report(sides, flops)


if __name__ == "__main__":
    main()
