"""The same names for every instruction set and number of threads, and Ctrl-C while generating."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dinorc import _core
from processes import HERE, interrupt, run, usable_instruction_sets

# Prints a line for each kind of model, with one hash for each number of threads.
GENERATING = """
import hashlib
from itertools import product
from dinorc import CharRNN, _core, datasets

names = datasets.load("dinos")[::10]
for cell, dtype in product(_core.cells(), ("float32", "float64")):
    print(cell, dtype, end=":")
    rnn = CharRNN(
        cell=cell, dtype=dtype, hidden_size=21, max_epochs=2, random_state=5, verbose=False
    ).fit(names)
    for n_jobs in (1, 3, 7):
        rnn.set_params(n_jobs=n_jobs)
        digest = hashlib.sha256()
        for rules in (
            {}, {"temperature": 0.7}, {"top_k": 5, "top_p": 0.9, "temperature": 1.5},
            {"prefix": "tr", "min_length": 7, "max_length": 9, "n": 300},
            {"exclude": (), "unique": False},
            {"suffix": "us", "min_distance": 3, "n": 100}, {"pattern": ".*qx.*a", "n": 20},
        ):
            generated = rnn.generate(**{"n": 900, "seed": 6, **rules})
            digest.update("\\n".join(generated).encode())
            digest.update(generated.log_probabilities.tobytes())
            digest.update(str(generated.report).encode())
        print("", digest.hexdigest(), end="")
    print()
"""


def test_threads_and_instruction_sets_make_no_difference() -> None:
    found: dict[str, set[str]] = {}
    for instruction_set in usable_instruction_sets():
        done = run(GENERATING, instruction_set)
        assert done.returncode == 0, done.stderr
        for line in done.stdout.splitlines():
            kind, _, hashes = line.partition(":")
            assert len(hashes.split()) == 3
            found.setdefault(kind, set()).update(hashes.split())
    assert len(found) == 2 * len(_core.cells())
    assert {kind: len(hashes) for kind, hashes in found.items()} == dict.fromkeys(found, 1)
    assert len(set.union(*found.values())) == len(found)  # and no two kinds agree


WORK = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from small_models import NAMES, small
rnn = small(hidden_size={hidden_size}, max_epochs=1, n_jobs=2).fit(NAMES)
before = rnn.generate(5, seed=1)
print("ready", flush=True)
try:
    {work}
except KeyboardInterrupt:
    print("interrupted", rnn.generate(5, seed=1) == before, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
@pytest.mark.parametrize(
    ("hidden_size", "work"),
    [
        (8, "rnn.generate(3_000_000)"),
        (8, "rnn.generate(100_000, accept=lambda name: name == 'nobody')"),
        (512, "rnn.generate(30_000, min_length=1000, unique=False)"),
    ],
)
def test_ctrl_c_ends_it_and_the_model_is_as_before(hidden_size: int, work: str) -> None:
    done = interrupt(WORK.format(hidden_size=hidden_size, work=work), after=0.3)
    assert (done.returncode, done.stdout) == (0, "interrupted True\n"), done.stderr


# A list of names takes memory for its length only, not for what is drawn on the way.
MEMORY = """
from memory import most_bytes
from small_models import NAMES, small
rnn = small(max_epochs=1, n_jobs=2).fit(NAMES)
rnn.generate(100)
before = most_bytes()
rnn.generate(3, accept=lambda name: False, on_shortfall="ignore")
print(most_bytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_giving_up_takes_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 150_000_000  # for 100,300 candidates, all of them refused


LONG_NAMES = """
import random
from dinorc import NGram
from memory import most_bytes
rng = random.Random(1)
ngram = NGram(order=3, n_jobs=1).fit(["".join(rng.choices("acgt", k=900)) for _ in range(20)])
before = most_bytes()
characters = sum(map(len, ngram.sample(8_000, seed=1)))
assert characters > 4_000_000
print((most_bytes() - before) / characters)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_drawing_long_names_takes_memory_for_these_not_for_all_their_prefixes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG_NAMES], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 20  # bytes a character
