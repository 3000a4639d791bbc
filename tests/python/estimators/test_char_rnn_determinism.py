"""One model for every instruction set and number of threads: parameters, scores and draws."""

from __future__ import annotations

from dinorc import _core
from processes import run, usable_instruction_sets

# Prints a line for each kind of model: fingerprint and hash of scores and draws, once for each
# number of threads.
TRAINING = """
import hashlib
from itertools import product
from dinorc import CharRNN, _core, datasets

names = datasets.load("dinos")[::10]
for cell, dtype, embedding_size in product(_core.cells(), ("float32", "float64"), (None, 5)):
    print(cell, dtype, embedding_size, end=":")
    for n_jobs in (1, 2, 3, 7):
        rnn = CharRNN(
            cell=cell, dtype=dtype, hidden_size=21, embedding_size=embedding_size, dropout=0.3,
            batch_size=20, max_epochs=2, n_jobs=n_jobs, random_state=5, unknown="rare",
            verbose=False,
        ).fit(names)
        digest = hashlib.sha256(rnn.score_samples([*names, "xq?zv"]).tobytes())
        digest.update("\\n".join(rnn.sample(300, seed=6)).encode())
        print("", rnn.fingerprint() + "/" + digest.hexdigest(), end="")
    print()
"""


def test_threads_and_instruction_sets_make_no_difference() -> None:
    found: dict[str, set[str]] = {}
    for instruction_set in usable_instruction_sets():
        done = run(TRAINING, instruction_set)
        assert done.returncode == 0, done.stderr
        for line in done.stdout.splitlines():
            kind, _, models = line.partition(":")
            assert len(models.split()) == 4
            found.setdefault(kind, set()).update(models.split())
    assert len(found) == 4 * len(_core.cells())
    assert {kind: len(models) for kind, models in found.items()} == dict.fromkeys(found, 1)
    assert len(set.union(*found.values())) == len(found)  # and no two kinds agree
