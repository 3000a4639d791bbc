"""Training: what it leaves behind, the split, early stopping, divergence, threads, bad input."""

from __future__ import annotations

import math
import multiprocessing
import os
import subprocess
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import tqdm
import tqdm.notebook

from dinorc import CharRNN, NotFittedError, TrainingDivergedError
from dinorc._names.vocabulary import EncodedNames, Vocabulary
from dinorc._training.data import Lists, _fewest, prepare
from helpers import refused
from processes import HERE
from small_models import CELLS, NAMES, SMALL, everything, small, without_seconds

# ---- what fit leaves behind ---------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_training_learns(cell: str) -> None:
    rnn = small(cell=cell, max_epochs=8, learning_rate=0.02)
    assert rnn.fit(NAMES) is rnn
    history = rnn.history_
    assert history["epoch"] == list(range(1, 9))
    assert rnn.n_epochs_ == 8
    assert rnn.interrupted_ is False
    assert history["training_loss"][-1] < 0.9 * history["training_loss"][0]
    assert history["validation_loss"][-1] < 0.9 * history["validation_loss"][0]
    assert rnn.vocabulary_ == "\n" + "".join(sorted(set("".join(NAMES))))
    assert rnn.seed_ == 0
    assert rnn.names_report_ is not None
    assert rnn.names_report_.names == len(NAMES)
    seconds = history["seconds"]
    assert seconds == sorted(seconds)
    assert seconds[0] > 0


def test_the_weights_kept_are_those_of_the_best_epoch() -> None:
    # Enough epochs and large enough steps for the validation loss to rise at the end.
    rnn = small(max_epochs=40, learning_rate=0.1, schedule="constant", hidden_size=32).fit(NAMES)
    losses = rnn.history_["validation_loss"]
    assert rnn.best_epoch_ == losses.index(min(losses)) + 1
    assert rnn.best_epoch_ < 40
    shorter = rnn.best_epoch_
    again = small(max_epochs=shorter, learning_rate=0.1, schedule="constant", hidden_size=32)
    for name, array in again.fit(NAMES).parameters_.items():
        assert array.tobytes() == rnn.parameters_[name].tobytes()


def test_patience_ends_training_when_nothing_has_got_better() -> None:
    settings: dict[str, Any] = {"learning_rate": 0.1, "schedule": "constant", "hidden_size": 32}
    rnn = small(max_epochs=100, patience=3, **settings).fit(NAMES)
    assert rnn.n_epochs_ == rnn.best_epoch_ + 3 < 100
    losses = rnn.history_["validation_loss"]
    assert min(losses[rnn.best_epoch_ :]) >= losses[rnn.best_epoch_ - 1]
    with refused(ValueError, "no training run to go on with"):
        rnn.set_params(max_epochs=200).resume(NAMES)


def test_without_validation_all_names_are_trained_on_and_the_last_weights_kept() -> None:
    rnn = small(validation_fraction=0).fit(["anna"])
    assert rnn.history_["validation_loss"] == [None, None, None]
    assert rnn.best_epoch_ == 3
    many = small(max_epochs=60, validation_fraction=0, learning_rate=0.05, hidden_size=16)
    assert many.fit(["anna"]).sample(20) == ["anna"] * 20


def test_the_caller_can_give_validation_names() -> None:
    training, validation = NAMES[20:], NAMES[:20]
    rnn = small(validation_fraction=0).fit(training, validation=validation)
    assert rnn.vocabulary_ == Vocabulary.of(training).characters
    losses = rnn.history_["validation_loss"]
    assert losses[rnn.best_epoch_ - 1] == min(losses)
    assert math.exp(losses[-1]) == pytest.approx(rnn.perplexity(validation), rel=1e-12)
    assert rnn.fingerprint() == small(validation_fraction=0).fit(training).fingerprint()


def test_parameters_are_views_that_outlive_the_model() -> None:
    rnn = small().fit(NAMES)
    parameters = rnn.parameters_
    assert list(parameters) == [
        "embedding",
        "input_weights",
        "recurrent_weights",
        "output_weights",
        "bias",
        "output_bias",
    ]
    before = rnn.fingerprint()
    parameters["output_bias"][3] += 1
    assert rnn.fingerprint() != before
    assert rnn.parameters_["output_bias"][3] == parameters["output_bias"][3]
    assert "embedding" not in small(embedding_size=None).fit(NAMES).parameters_
    expected = parameters["embedding"].copy()
    del rnn
    np.testing.assert_array_equal(parameters["embedding"], expected)


def test_a_new_fit_starts_anew() -> None:
    rnn = small().fit(["anna", "hannah"] * 20 + NAMES[:50])
    assert rnn.fit(NAMES).fingerprint() == small().fit(NAMES).fingerprint()


# ---- the same bits ------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_threads_make_no_difference(cell: str, dtype: str) -> None:
    models = [small(cell=cell, dtype=dtype, n_jobs=n).fit(NAMES) for n in (1, 2, 3, 7)]
    assert len({rnn.fingerprint() for rnn in models}) == 1
    assert len({str(without_seconds(rnn)) for rnn in models}) == 1
    assert len({rnn.score_samples(NAMES).tobytes() for rnn in models}) == 1
    assert len({str(rnn.sample(50)) for rnn in models}) == 1


def test_the_order_of_the_names_makes_no_difference_and_copies_do() -> None:
    expected = small().fit(NAMES).fingerprint()
    assert small().fit(NAMES[::-1]).fingerprint() == expected
    assert small().fit(set(NAMES)).fingerprint() == expected
    assert small().fit(np.array(NAMES)).fingerprint() == expected
    assert small().fit(NAMES + NAMES[:30]).fingerprint() != expected


@pytest.mark.parametrize(
    ("name", "value", "same"),
    [
        ("random_state", 1, False),
        ("learning_rate", 5e-3, False),
        ("weight_decay", 0.02, False),
        ("dropout", 0.25, False),
        ("clip_value", 1e-3, False),
        ("clip_norm", 1e-3, False),
        ("schedule", "constant", False),
        ("optimizer", "sgd", False),
        ("patience", 50, False),
        ("unknown", "rare", True),
        ("n_jobs", 2, True),
        ("verbose", True, True),
    ],
)
def test_the_fingerprint_tells_what_shaped_the_model(name: str, value: object, same: bool) -> None:
    one, other = small().fit(NAMES), small(**{name: value}).fit(NAMES)
    assert (one.fingerprint() == other.fingerprint()) is same
    assert one.set_params(**{name: value}).fingerprint() == small().fit(NAMES).fingerprint()


def test_a_random_state_of_none_is_new_each_time_and_kept() -> None:
    rnn = small(random_state=None).fit(NAMES)
    again = small(random_state=rnn.seed_).fit(NAMES)
    assert again.fingerprint() == rnn.fingerprint()
    assert small(random_state=None).fit(NAMES).seed_ != rnn.seed_


# ---- the split ----------------------------------------------------------------------------------


def decoded(vocabulary: Vocabulary, encoded: EncodedNames | None) -> list[str]:
    """Return the names of a part of the split."""
    assert encoded is not None
    return vocabulary.decode(encoded)


def test_copies_are_on_one_side_of_the_split() -> None:
    names = NAMES + NAMES[:60] + NAMES[:60]
    data = prepare(Lists(names), 0.25, 0)
    training = decoded(data.vocabulary, data.training.names)
    validation = decoded(data.vocabulary, data.validation.names)
    assert not set(training) & set(validation)
    assert sorted(training + validation) == sorted(names)
    assert len(set(validation)) == len(NAMES) // 4
    other = prepare(Lists(names), 0.25, 1)
    assert set(decoded(other.vocabulary, other.validation.names)) != set(validation)


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.3, 0.49, 0.5, 0.9, 0.999, 1 / 3, 0.01])
def test_a_list_too_short_for_the_split_is_told_how_many_it_needs(fraction: float) -> None:
    enough = _fewest(fraction)
    names = [chr(ord("a") + i % 26) * (i // 26 + 1) for i in range(enough)]
    data = prepare(Lists(names), fraction, 0)
    assert data.validation is not None
    assert data.validation.size == 1
    assert data.training.size == enough - 1 >= 1
    with refused(
        ValueError, f"{enough - 1:,} distinct", f"needs {enough:,} or more", "validation_fraction=0"
    ):
        prepare(Lists(names[:-1] * 2), fraction, 0)


# ---- divergence ---------------------------------------------------------------------------------


def test_a_run_that_diverges_in_its_first_epoch_leaves_the_model_as_it_was() -> None:
    rnn = small(optimizer="sgd", learning_rate=1e38, clip_norm=None, schedule="constant")
    with pytest.raises(TrainingDivergedError) as caught:
        rnn.fit(NAMES)
    message = str(caught.value)
    assert "in epoch 1 " in message
    assert "learning_rate (1e+38)" in message
    assert "clip_norm (none)" in message
    assert (caught.value.epoch, caught.value.parameters) == (0, None)
    with pytest.raises(NotFittedError):
        rnn.sample(1)

    fitted = small().fit(NAMES)
    before = fitted.fingerprint()
    fitted.set_params(**{k: v for k, v in rnn.get_params().items() if k != "verbose"})
    with pytest.raises(TrainingDivergedError):
        fitted.fit(NAMES)
    assert fitted.fingerprint() == before


@pytest.mark.parametrize("validation_fraction", [0, 0.1])
def test_a_run_that_diverges_later_leaves_the_best_weights_before(
    validation_fraction: float,
) -> None:
    # One batch per epoch; the weights decay to minus a growing multiple of themselves.
    settings: dict[str, Any] = {
        "optimizer": "sgd",
        "learning_rate": 1e3,
        "weight_decay": 1.0,
        "schedule": "constant",
        "clip_norm": 1.0,
        "batch_size": 512,
        "max_epochs": 100,
        "validation_fraction": validation_fraction,
    }
    rnn = small(**settings)
    with pytest.raises(TrainingDivergedError) as caught:
        rnn.fit(NAMES)
    epochs = rnn.n_epochs_
    assert 1 <= caught.value.epoch == rnn.best_epoch_ <= epochs < 100
    if validation_fraction == 0:
        assert rnn.best_epoch_ == epochs
        as_far = small(**settings | {"max_epochs": epochs}).fit(NAMES)
        assert rnn.score_samples(NAMES).tobytes() == as_far.score_samples(NAMES).tobytes()
    assert f"in epoch {epochs + 1} " in str(caught.value)
    assert f"weights of epoch {rnn.best_epoch_}" in str(caught.value)
    assert caught.value.parameters is not None
    assert all(np.isfinite(array).all() for array in rnn.parameters_.values())
    assert np.isfinite(rnn.score(NAMES))
    with refused(ValueError, "no training run to go on with"):
        rnn.resume(NAMES)
    with pytest.raises(TrainingDivergedError):  # even if the bad epoch is the last
        small(**settings | {"max_epochs": epochs + 1}).fit(NAMES)


# ---- threads and processes ----------------------------------------------------------------------


def test_two_threads_train_two_models_at_once() -> None:
    cells = [*CELLS, *CELLS]
    expected = {cell: small(cell=cell).fit(NAMES).fingerprint() for cell in CELLS}
    with ThreadPoolExecutor(len(cells)) as pool:
        models = pool.map(lambda cell: small(cell=cell, n_jobs=2).fit(NAMES), cells)
        assert [rnn.fingerprint() for rnn in models] == [expected[cell] for cell in cells]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_forked_while_another_thread_trains_can_train() -> None:
    expected = small(n_jobs=2).fit(NAMES).fingerprint()
    long_run = small(n_jobs=2, max_epochs=400)
    thread = threading.Thread(target=long_run.fit, args=(NAMES,))
    thread.start()
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        result = pool.apply_async(fingerprint_in_a_process).get(timeout=60)
        assert thread.is_alive()
    thread.join()
    assert result == expected
    assert long_run.n_epochs_ == 400


def fingerprint_in_a_process() -> str:
    """Train in a process forked from a busy one."""
    return small(n_jobs=2).fit(NAMES).fingerprint()


# ---- progress -----------------------------------------------------------------------------------


def test_the_bar_shows_epoch_losses_and_speed_only_where_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    small(verbose="auto").fit(NAMES)
    small(verbose=False).fit(NAMES)
    assert capsys.readouterr() == ("", "")
    small(verbose=True).fit(NAMES)
    printed, shown = capsys.readouterr()
    assert printed == ""
    for part in ("epoch 3/3", "100%", "training 3.", "validation 3.", "names/s"):
        assert part in shown
    small(verbose=True, validation_fraction=0).fit(NAMES)
    assert "validation" not in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="makes a terminal")
def test_by_default_the_bar_is_shown_on_a_terminal() -> None:
    import termios

    terminal, its_other_end = os.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    program = "from small_models import NAMES, small; small(verbose='auto').fit(NAMES)"
    subprocess.run([sys.executable, "-c", program], cwd=HERE, stderr=its_other_end, check=True)
    os.close(its_other_end)
    assert b"epoch 3/3" in os.read(terminal, 100_000)
    os.close(terminal)


@pytest.mark.parametrize(
    ("shell", "is_shown"), [("ZMQInteractiveShell", True), ("TerminalInteractiveShell", False)]
)
def test_by_default_the_bar_is_shown_in_jupyter(
    shell: str,
    is_shown: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pretend_to_be_in(shell, monkeypatch)
    monkeypatch.setattr("tqdm.notebook.IProgress", None)  # as without ipywidgets
    small(verbose="auto").fit(NAMES)
    assert ("epoch 3/3" in capsys.readouterr().err) is is_shown


def test_with_ipywidgets_the_bar_in_jupyter_is_theirs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []

    class Widget(tqdm.tqdm):  # type: ignore[type-arg]
        def display(self, *_: object, **__: object) -> None:
            shown.append(str(self))

    pretend_to_be_in("ZMQInteractiveShell", monkeypatch)
    monkeypatch.setattr("tqdm.notebook.IProgress", object())
    monkeypatch.setattr("tqdm.notebook.tqdm", Widget)
    small(verbose="auto").fit(NAMES)
    assert shown[-1].startswith("epoch 3/3, validation 3.")
    assert "epoch 1: " not in capsys.readouterr().err  # names are for terminals


def pretend_to_be_in(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this program look like a shell of IPython's."""
    ipython = types.ModuleType("IPython")
    ipython.get_ipython = type(shell, (), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)


# ---- bad input leaves everything as it was ------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "exception", "mentions"),
    [
        (("anna",), TypeError, ["^names is 'anna'", "list of names"]),
        ((b"anna",), TypeError, ["^names is b'anna'"]),
        ((None,), TypeError, ["^names is None"]),
        ((7,), TypeError, ["^names is 7"]),
        ((["anna", 3.5],), TypeError, [r"names\[1\] is 3.5"]),
        ((["anna", None],), TypeError, [r"names\[1\] is None"]),
        ((["anna", ""],), ValueError, [r"names\[1\] is ''"]),
        (([],), ValueError, ["names has no names"]),
        ((["anna"],), ValueError, ["names has 1 distinct", "validation_fraction=0"]),
        ((["anna"] * 100,), ValueError, ["names has 1 distinct", "needs 10"]),
        ((["x" * 10_000, *NAMES],), ValueError, [r"names\[0\] has 10,000", "at most 1,000"]),
        ((NAMES, []), ValueError, ["validation has no names"]),
        ((NAMES, "anna"), TypeError, ["^validation is 'anna'"]),
        ((NAMES, [1, 2]), TypeError, [r"validation\[0\] is 1"]),
        ((NAMES, ["anna", "zoë"]), ValueError, ["'ë' in 'zoë' at position 2", "names lacks it"]),
    ],
)
def test_bad_input_is_refused_and_leaves_the_model_as_it_was(
    arguments: tuple[Any, ...], exception: type[Exception], mentions: list[str]
) -> None:
    names, *validation = arguments
    fresh, fitted = small(), small().fit(NAMES)
    for rnn in (fresh, fitted):
        before = everything(rnn)
        with refused(exception, *mentions, unchanged=list(arguments)):
            rnn.fit(names, validation=validation[0] if validation else None)
        assert everything(rnn) == before


@pytest.mark.parametrize(
    "use",
    [
        lambda rnn: rnn.sample(1),
        lambda rnn: rnn.score_samples(["anna"]),
        lambda rnn: rnn.score(["anna"]),
        lambda rnn: rnn.score_chars("anna"),
        lambda rnn: rnn.perplexity(["anna"]),
        lambda rnn: rnn.fingerprint(),
        lambda rnn: rnn.to_notebook(),
        lambda rnn: rnn.resume(["anna"]),
        lambda rnn: rnn.parameters_,
        lambda rnn: rnn.vocabulary_,
        lambda rnn: rnn.history_,
        lambda rnn: rnn.best_epoch_,
        lambda rnn: rnn.n_epochs_,
        lambda rnn: rnn.interrupted_,
        lambda rnn: rnn.names_report_,
        lambda rnn: rnn.seed_,
    ],
)
def test_use_before_fit_is_refused(use: Any) -> None:
    with refused(NotFittedError, r"call fit\(names\) first"):
        use(small())
    for convention in (ValueError, AttributeError):
        with pytest.raises(convention):
            use(small())
    assert not hasattr(CharRNN(**SMALL), "parameters_")


@pytest.mark.parametrize(("names", "batch_size"), [(499, 8), (500, 32)])
def test_automatic_batches_are_small_for_short_lists(names: int, batch_size: int) -> None:
    many = [f"{number:b}" for number in range(names)]
    settings: dict[str, Any] = {"validation_fraction": 0, "max_epochs": 1}
    automatic = small(batch_size="auto", **settings).fit(many)
    by_hand = small(batch_size=batch_size, **settings).fit(many)
    assert automatic.score_samples(many).tobytes() == by_hand.score_samples(many).tobytes()
    assert automatic.batch_size == "auto"
