"""A program: in each public operation the n-th allocation of C++ fails, n from 1 until none does.

Expected: `MemoryError` or success, unchanged model, arguments and files, and the same result when
it is done again. Run by test_failing_calls.py, with the library of failing_calls.cpp preloaded:

    LD_PRELOAD=library python failing_allocations.py library most-tries [part of a name]

Prints one line per operation: its name, its allocations, and how many failures were reported.
Standard error names the operation and the n at work, in case the process ends there.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import inspect
import io
import pickle
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from test_core_is_safe import CALLABLES, sound_network, sound_trainer, sound_value

import dinorc
from core_signatures import signatures
from dinorc import CharRNN, NGram, _core
from helpers import dictionaries, make_gradients, make_parameters
from small_models import NAMES, everything, small

FEW_NAMES = NAMES[:24]
NEW_NAMES = ["anna", "tyrannosaurus", "a" * 40]
SETTINGS: dict[str, Any] = {"max_epochs": 2, "batch_size": 8, "schedule": "constant", "n_jobs": 2}
KEYS = {"random_state": 1}
MOST_TRIES = {"calibrate": 4}  # fewer where each takes long


@dataclass
class Operation:
    """Something to do, its result, and what must be unchanged if it fails."""

    use: Callable[[], Any]
    facts: Callable[[], Any]


def plain(value: Any) -> Any:
    """Return a value as one that compares equal only to the very same bits."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, (CharRNN, NGram)):
        return value.fingerprint()
    if isinstance(value, dict):
        return [(key, plain(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    is_of_core = type(value).__module__ == _core.__name__  # whose repr would be an address
    return type(value).__name__ if is_of_core else repr(value)


# ---- the library ------------------------------------------------------------------------------


def models() -> dict[str, bytes]:
    """Train a model of each cell, some of float64, and let one be calibrated."""
    made = {}
    for cell in _core.cells():
        for dtype in ("float32", "float64"):
            rnn = small(cell=cell, dtype=dtype, **SETTINGS, **KEYS).fit(FEW_NAMES)
            made[f"{cell} {dtype}"] = everything(rnn.calibrate(FEW_NAMES[::2], 0.2))
    return made


def library_operations(folder: Path) -> Iterator[tuple[str, Callable[[], Operation]]]:
    """Yield all that a user does with models: a name, and a function that makes the operation."""
    stored = models()
    first, last = next(iter(stored)), list(stored)[-1]
    path, other_path = folder / "model.safetensors", folder / "other.safetensors"
    pickle.loads(stored[first]).save(path)

    def of_model(
        use: Callable[[CharRNN], Any], kind: str = last, facts: Callable[[], Any] | None = None
    ) -> Callable[[], Operation]:
        def make() -> Operation:
            rnn = pickle.loads(stored[kind]).set_params(max_epochs=3)
            return Operation(lambda: use(rnn), lambda: (everything(rnn), facts and facts()))

        return make

    def files() -> dict[str, bytes]:
        return {entry.name: entry.read_bytes() for entry in folder.iterdir()}

    def saved(rnn: CharRNN) -> str:
        rnn.save(path)
        return rnn.fingerprint()

    uses: dict[str, Callable[[CharRNN], Any]] = {
        "fit": lambda rnn: rnn.fit(FEW_NAMES, validation=FEW_NAMES[::5]),
        "resume": lambda rnn: rnn.resume(FEW_NAMES),
        "calibrate": lambda rnn: rnn.calibrate(FEW_NAMES, 0.1),
        "score_samples": lambda rnn: rnn.score_samples(NEW_NAMES),
        "score": lambda rnn: rnn.score(NEW_NAMES),
        "perplexity": lambda rnn: rnn.perplexity(NEW_NAMES),
        "score_chars": lambda rnn: rnn.score_chars("anna"),
        "decision_function": lambda rnn: rnn.decision_function(NEW_NAMES),
        "predict": lambda rnn: rnn.predict(NEW_NAMES),
        "next_char_log_probabilities": lambda rnn: rnn.next_char_log_probabilities("tr"),
        "hidden_states": lambda rnn: rnn.hidden_states("anna"),
        "sample": lambda rnn: rnn.sample(300, seed=1),
        "generate": lambda rnn: rnn.generate(9, prefix="t", top_p=0.9, max_length=9, seed=1),
        "most_likely": lambda rnn: rnn.most_likely(9, prefix="t"),
        "parameters_": lambda rnn: rnn.parameters_,
        "fingerprint": lambda rnn: rnn.fingerprint(),
        "pickling": lambda rnn: pickle.dumps(rnn),
        "deepcopy": copy.deepcopy,
    }
    for name, use in uses.items():
        yield name, of_model(use)
    for kind in stored:
        yield (
            f"unpickling {kind}",
            lambda kind=kind: Operation(lambda: pickle.loads(stored[kind]), lambda: None),
        )
    yield f"fit {first}", of_model(uses["fit"], first)
    yield "to_notebook", of_model(lambda rnn: CharRNN.from_notebook(*notebook_network()))
    yield "save", of_model(saved, facts=files)
    yield "load", lambda: Operation(lambda: dinorc.load(path), files)
    yield "NGram fit", lambda: of_ngrams(folder)(lambda ngram: ngram.fit(FEW_NAMES))
    yield "NGram sample", lambda: of_ngrams(folder)(lambda ngram: ngram.sample(300, seed=1))
    yield "NGram load", lambda: of_ngrams(folder)(lambda _: dinorc.load(folder / "ngram"))
    yield "save anew", of_model(lambda rnn: rnn.save(other_path), facts=lambda: path.read_bytes())


def of_ngrams(folder: Path) -> Callable[[Callable[[NGram], Any]], Operation]:
    """Return what makes an operation with an n-gram model, which is also in a file."""
    ngram = NGram(order=2).fit(FEW_NAMES[:9])
    ngram.save(folder / "ngram")
    return lambda use: Operation(lambda: use(ngram), lambda: ngram.fingerprint())


def notebook_network() -> tuple[dict[str, Any], dict[str, int]]:
    """Make a network of the notebook's kind."""
    char_to_ix, _ = dictionaries(FEW_NAMES)
    return make_parameters(3, len(char_to_ix), len(char_to_ix)), char_to_ix


# ---- the notebook -----------------------------------------------------------------------------


def notebook_operations() -> Iterator[tuple[str, Callable[[], Operation]]]:
    """Yield the functions of the notebook, each with its own arguments."""
    char_to_ix, ix_to_char = dictionaries(FEW_NAMES)
    size = len(char_to_ix)
    X, Y = [None, 3, 5], [3, 5, 0]
    column = np.full((3, 1), 0.25)

    def parameters() -> Any:
        return make_parameters(3, size, size)

    def of(make_arguments: Callable[[], list[Any]], function: Callable[..., Any]) -> Any:
        def make() -> Operation:
            arguments = make_arguments()
            return Operation(lambda: function(*arguments), lambda: plain(arguments))

        return make

    def model() -> Any:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            made = dinorc.model(FEW_NAMES, ix_to_char, char_to_ix, 40, 4, 2, size)
        return made, printed.getvalue()

    def backward(*arguments: Any) -> Any:
        _, cache = dinorc.rnn_forward(X, Y, column, arguments[0], size)
        return dinorc.rnn_backward(X, Y, arguments[0], cache)

    def once_changed(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: function(*copied(arguments))

    def copied(arguments: tuple[Any, ...]) -> Any:
        return copy.deepcopy(arguments)

    gradients = make_gradients(3, size, size, da_next=True)
    yield "model", of(list, model)
    yield "notebook sample", of(lambda: [parameters()], lambda p: dinorc.sample(p, char_to_ix, 0))
    yield "optimize", of(lambda: [parameters()], lambda p: dinorc.optimize(X, Y, column, p))
    yield "clip", of(lambda: [make_gradients(3, size, size)], lambda g: dinorc.clip(g, 5))
    yield (
        "rnn_forward",
        of(lambda: [parameters()], lambda p: dinorc.rnn_forward(X, Y, column, p, size)),
    )
    yield "rnn_backward", of(lambda: [parameters()], backward)
    yield (
        "update_parameters",
        of(
            lambda: [parameters(), make_gradients(3, size, size)],
            lambda p, g: dinorc.update_parameters(p, g, 0.01),
        ),
    )
    yield "initialize_parameters", of(list, lambda: dinorc.initialize_parameters(3, 5, 5))
    yield "softmax", of(list, lambda: dinorc.softmax(column))
    yield (
        "rnn_step_forward",
        of(
            lambda: [parameters()],
            lambda p: dinorc.rnn_step_forward(p, column, np.full((size, 1), 0.5)),
        ),
    )
    yield (
        "rnn_step_backward",
        of(
            lambda: [parameters(), copy.deepcopy(gradients)],
            lambda p, g: dinorc.rnn_step_backward(
                np.full((size, 1), 0.5), g, p, np.full((size, 1), 0.5), column, column
            ),
        ),
    )


# ---- the core ---------------------------------------------------------------------------------


def core_operations() -> Iterator[tuple[str, Callable[[], Operation]]]:
    """Yield everything that the core has, with valid arguments, and whole training runs."""

    def arguments_of(name: str, function: Any) -> list[Any]:
        if name.endswith(".score_characters"):
            return [np.array([2, 4, 0], np.int32), -9.0]
        wanted = signatures(function.__init__ if inspect.isclass(function) else function)[0]
        names = [argument.split(":")[0].split("=")[0].strip() for argument in wanted]
        return [sound_value(name, n, "f8") for n in names if n != "self"]

    def of(name: str) -> Callable[[], Operation]:
        function, owner = CALLABLES[name], name.rpartition(".")[0]

        def make() -> Operation:
            arguments = arguments_of(name, function)
            if owner == "NameDrawing":  # which is of no use after a call that has failed
                of_drawing = arguments_of(owner, _core.NameDrawing)
                return Operation(
                    lambda: function(_core.NameDrawing(*of_drawing), *arguments),
                    lambda: plain(arguments),
                )
            if owner:
                instance = getattr(_core, owner)
                arguments.insert(0, instance(*arguments_of(owner, instance)))
            return Operation(lambda: function(*arguments), lambda: plain(arguments[bool(owner) :]))

        return make

    for name in CALLABLES:
        if "._" in name:  # pybind11's own
            continue
        yield f"_core.{name}", of(name)

    def batch_training() -> Operation:
        network = sound_network("f8")
        trainer = sound_trainer(network)

        def use() -> Any:
            while trainer.epoch < 3:
                trainer.run(0.0, 2)
            return network.flat

        return Operation(use, lambda: None)

    def online_training() -> Operation:
        trainer = _core.OnlineTrainer(*arguments_of("OnlineTrainer", _core.OnlineTrainer))
        return Operation(
            lambda: (trainer.run(9 - trainer.iteration, 1.0)[0], trainer.sample(0, 0, 9)),
            lambda: None,
        )

    yield "all of BatchTrainer.run", batch_training
    yield "all of OnlineTrainer.run", online_training


# ---- the trial --------------------------------------------------------------------------------


def tries(allocations: int, most: int) -> list[tuple[int, bool]]:
    """Choose which allocations fail, alone or with all after them: all, or a spread over all."""
    if 2 * allocations <= most:
        return [(n, after) for n in range(1, allocations + 2) for after in (False, True)]
    chosen = {int(n) for n in np.geomspace(1, allocations + 1, most)}  # densely among the first
    return [(n, bool(i % 2)) for i, n in enumerate(sorted(chosen))]


def attempt(
    make: Callable[[], Operation], n: int, and_all_after: bool, expected: Any, fail: Any
) -> bool:
    """Let the n-th allocation of an operation fail; tell whether that raised MemoryError."""
    operation = make()
    before = operation.facts()
    fail(n, and_all_after)
    try:
        result = operation.use()
        fail(0, False)
        assert plain(result) == expected, "it came to something else"
        return False
    except MemoryError:
        fail(0, False)
    finally:
        fail(0, False)
    assert operation.facts() == before, "something has changed"
    assert plain(operation.use()) == expected, "afterwards it comes to something else"
    return True


def main() -> None:
    fail = ctypes.CDLL(sys.argv[1]).fail_allocation
    fail.argtypes, fail.restype = [ctypes.c_long, ctypes.c_bool], ctypes.c_long
    most = int(sys.argv[2])
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        operations = [
            *core_operations(),
            *notebook_operations(),
            *library_operations(Path(folder)),
        ]
        for name, make in operations:
            if only not in name:
                continue
            print(name, file=sys.stderr, flush=True)
            for _ in range(2):  # the first one may be the very first, and fill caches
                operation = make()
                fail(0, False)
                result = operation.use()
                allocations = fail(0, False)
            expected = plain(result)
            failed = 0
            for n, and_all_after in tries(allocations, min(most, MOST_TRIES.get(name, most))):
                print(n, and_all_after, file=sys.stderr, flush=True)
                failed += attempt(make, n, and_all_after, expected, fail)
            print(f"{name}: {allocations} allocations, {failed} failed", flush=True)


if __name__ == "__main__":
    main()
