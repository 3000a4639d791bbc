"""The most probable names: exact, in order, with the bits of the scores; and where it gives up."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

import dinorc._drawing.most_likely
from dinorc import CharRNN, GeneratedNames, NotFittedError, SearchLimitError
from helpers import refused
from small_models import CELLS, NAMES, everything, small

LETTERS = "abc"
LONGEST = 5


def of_three_letters(**settings: Any) -> CharRNN:
    """Return a model whose names are short and consist of a, b and c."""
    names = ["a", "ab", "abc", "cab", "ba", "ca", "cc", "b"]
    settings = {"validation_fraction": 0, "max_epochs": 120, "learning_rate": 0.05, **settings}
    return small(**settings).fit(names)


def strings(length: int) -> list[str]:
    """Return all strings of this many letters."""
    return ["".join(letters) for letters in itertools.product(LETTERS, repeat=length)]


def ranked(rnn: CharRNN, n: int, prefix: str = "") -> list[tuple[str, float]]:
    """Return the n best of all names, from all short ones and the beginnings of long ones."""
    names = [name for length in range(1, LONGEST + 1) for name in strings(length)]
    names = [name for name in names if name.startswith(prefix)]
    scored = zip(names, rnn.score_samples(names).tolist(), strict=True)
    best = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:n]
    for beginning in strings(LONGEST + 1):
        if beginning.startswith(prefix):
            assert rnn.score_chars(beginning)[:-1].sum() < best[-1][1] - 1e-6
    return best


def end_is_never(rnn: CharRNN) -> CharRNN:
    """Return the model, changed so that hardly any name ends."""
    rnn.parameters_["output_bias"][0] = -1e4
    return rnn


# ---- exact --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_they_are_the_best_of_all_names(cell: str, dtype: str) -> None:
    rnn = of_three_letters(cell=cell, dtype=dtype)
    for prefix in ("", "a", "ca", "cc"):
        for n in (1, 4, 9):
            names = rnn.most_likely(n, prefix)
            assert list(zip(names, names.log_probabilities, strict=True)) == ranked(rnn, n, prefix)


def test_the_result_is_a_list_with_the_bits_of_the_scores(rnn: CharRNN) -> None:
    names = rnn.most_likely(500)
    assert isinstance(names, GeneratedNames)
    assert len(set(names)) == 500
    assert names.log_probabilities.dtype == np.float64
    assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()
    assert (np.diff(names.log_probabilities) <= 0).all()
    assert names.report is None
    assert names[:3] + [] == list(names)[:3]


def test_no_name_drawn_or_learned_is_better(rnn: CharRNN) -> None:
    names = rnn.most_likely(200)
    others = sorted({*rnn.sample(3000, seed=1), *NAMES} - {*names, ""})
    assert rnn.score_samples(others).max() <= names.log_probabilities[-1]


def test_fewer_are_the_first_of_more(rnn: CharRNN) -> None:
    many = rnn.most_likely(300)
    for n in (1, 10, 64, 65, 299):
        assert rnn.most_likely(n) == many[:n]
    assert rnn.most_likely(20, "tri")[:10] == rnn.most_likely(10, "tri")


def test_equally_probable_names_go_by_code_points() -> None:
    rnn = small(max_epochs=1).fit([*NAMES, "ß", "é", "漢"])
    rnn.parameters_["output_weights"][:] = 0
    rnn.parameters_["output_bias"][:] = 0
    assert "".join(rnn.most_likely(len(rnn.vocabulary_) - 1)) == rnn.vocabulary_[1:]
    assert rnn.most_likely(3, "漢") == ["漢", "漢" + rnn.vocabulary_[1], "漢" + rnn.vocabulary_[2]]


def test_all_begin_with_the_prefix(rnn: CharRNN) -> None:
    names = rnn.most_likely(50, "tri")
    assert all(name.startswith("tri") for name in names)
    assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()
    with_accents = small().fit([*NAMES, "zoë van dal"])
    assert with_accents.most_likely(3, "zoe\u0308 ") == with_accents.most_likely(3, "zoë ")
    assert all(name.startswith("zoë v") for name in with_accents.most_likely(3, "zoë v"))


def test_only_names_that_can_be_scored_as_they_are() -> None:
    rnn = small(max_epochs=1, validation_fraction=0).fit(["anna maria", "o \u0301a"])
    rnn.parameters_["output_weights"][:] = 0  # spaces and accents may come anywhere
    rnn.parameters_["output_bias"][:] = 0
    names = rnn.most_likely(200)
    assert len(names) == 200
    assert all(name == name.strip() for name in names)
    assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()


def test_the_longest_names_there_can_be() -> None:
    rnn = end_is_never(small(validation_fraction=0).fit(["anna"]))
    rnn.parameters_["output_bias"][rnn.vocabulary_.index("n")] = -2e4
    names = rnn.most_likely(1000)
    assert sorted(names, key=len) == ["a" * length for length in range(1, 1001)]
    assert names.log_probabilities.tobytes() == rnn.score_samples(names).tobytes()
    assert rnn.most_likely(5, "n" * 1000) == ["n" * 1000]


def test_fewer_names_where_there_are_no_others() -> None:
    rnn = small(validation_fraction=0).fit(["anna"])
    bias = rnn.parameters_["output_bias"]
    bias[rnn.vocabulary_.index("n")] = -np.inf
    names = rnn.most_likely(2000)
    assert sorted(names, key=len) == ["a" * length for length in range(1, 1001)]
    assert rnn.most_likely(5, "an") == []
    assert rnn.most_likely(5, "an").log_probabilities.shape == (0,)


# ---- what it does not depend on -----------------------------------------------------------------


def test_neither_threads_nor_other_settings_matter(rnn: CharRNN) -> None:
    other = pickle.loads(pickle.dumps(rnn)).set_params(n_jobs=3, unknown="rare")
    names, others = rnn.most_likely(100), other.most_likely(100)
    assert names == others
    assert names.log_probabilities.tobytes() == others.log_probabilities.tobytes()


def test_searching_changes_nothing(rnn: CharRNN) -> None:
    before = everything(rnn)
    rnn.most_likely(50)
    assert everything(rnn) == before


# ---- the limit ----------------------------------------------------------------------------------


def test_the_limit_is_an_error_with_the_first_names(
    rnn: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_wanted = rnn.most_likely(20_000)
    monkeypatch.setattr(dinorc._drawing.most_likely, "MOST_BYTES", 2**21)
    with pytest.raises(SearchLimitError) as caught:
        rnn.most_likely(20_000)
    found = caught.value.names
    assert isinstance(found, GeneratedNames)
    assert 10 < len(found) < 20_000
    assert found == everything_wanted[: len(found)]
    assert found.log_probabilities.tobytes() == rnn.score_samples(found).tobytes()
    assert f"{len(found):,} of 20,000 names" in str(caught.value)
    assert "fewer names, a longer prefix" in str(caught.value)
    assert len(rnn.most_likely(10)) == 10


def test_names_that_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dinorc._drawing.most_likely, "MOST_BYTES", 2**22)
    rnn = end_is_never(small(max_epochs=1).fit(NAMES))
    with pytest.raises(SearchLimitError, match="0 of 3 names") as caught:
        rnn.most_likely(3)
    assert caught.value.names == []


PEAK = """
import re
from pathlib import Path
from dinorc import SearchLimitError
from dinorc._drawing import most_likely
from small_models import NAMES, small

def peak():
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

rnn = small(max_epochs=1).fit(NAMES)
rnn.parameters_["output_bias"][0] = -1e4
before = peak()
most_likely.MOST_BYTES = 2**26
try:
    rnn.most_likely(3)
except SearchLimitError:
    print((peak() - before) / 2**26)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
def test_the_limit_is_one_on_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert 0.5 < float(done.stdout) < 1.25


# ---- interrupting -------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal as POSIX does")
def test_ctrl_c_ends_the_search() -> None:
    rnn = end_is_never(small(max_epochs=1, hidden_size=300).fit(NAMES))
    before = everything(rnn)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        rnn.most_likely(3)
    timer.join()
    assert everything(rnn) == before


# ---- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "exception", "mentions"),
    [
        ({"n": 0}, ValueError, ["n is 0", "1 or more"]),
        ({"n": -3}, ValueError, ["n is -3", "1 or more"]),
        ({"n": 2.0}, TypeError, ["n is 2.0", "integer"]),
        ({"n": True}, TypeError, ["n is True", "integer"]),
        ({"n": "3"}, TypeError, ["n is '3'", "integer"]),
        ({"n": 10**15}, ValueError, ["n is 1,000,000,000,000,000", "at most"]),
        ({"n": 3, "prefix": None}, TypeError, ["prefix is None", "str"]),
        ({"n": 3, "prefix": b"a"}, TypeError, ["prefix is b'a'", "str"]),
        ({"n": 3, "prefix": "tri1"}, ValueError, ["prefix is 'tri1'", "'1' at position 3"]),
        ({"n": 3, "prefix": "tri\n"}, ValueError, ["line end", "position 3"]),
        ({"n": 3, "prefix": "a" * 1001}, ValueError, ["1,001 characters", "at most 1,000"]),
    ],
)
def test_bad_arguments_are_refused(
    rnn: CharRNN, arguments: dict[str, Any], exception: type[Exception], mentions: list[str]
) -> None:
    with refused(exception, *mentions):
        rnn.most_likely(**arguments)


def test_parameters_that_are_not_finite_are_refused() -> None:
    rnn = small(max_epochs=1).fit(NAMES)
    rnn.parameters_["output_bias"][3] = np.nan
    with refused(ValueError, "not a number", "finite parameters"):
        rnn.most_likely(3)


def test_an_untrained_model_says_so() -> None:
    with pytest.raises(NotFittedError, match="call fit"):
        CharRNN().most_likely(3)
