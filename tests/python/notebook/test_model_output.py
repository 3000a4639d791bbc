"""``model``: what it prints and returns, against the oracle and against its own parts."""

from __future__ import annotations

import _thread
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from conftest import LONG_RUN, Corpus, Run
from helpers import PARAMETERS, Arrays, assert_same_bits, dictionaries, shapes
from oracles import notebook as reference

NAMES = ["Triceratops", "ankylosaurus", "  Rex ", "maia", "", "tyrannosaurus", "yi", "maia", "zby"]


@pytest.fixture
def few() -> Corpus:
    """Return names as a user may write them: capitals, blanks, an empty line, one twice."""
    return Corpus(NAMES, *dictionaries(name.strip().lower() for name in NAMES))


def run(corpus: Corpus, num_iterations: int, **options: Any) -> Arrays:
    options.setdefault("vocab_size", corpus.vocab_size)
    data = options.pop("data", corpus.names)
    return nb.model(data, corpus.ix_to_char, corpus.char_to_ix, num_iterations, **options)


def run_oracle(corpus: Corpus, num_iterations: int, **options: Any) -> Arrays:
    options.setdefault("vocab_size", corpus.vocab_size)
    return reference.model(
        corpus.names, corpus.ix_to_char, corpus.char_to_ix, num_iterations, **options
    )


def assert_near(actual: Arrays, expected: Arrays, tolerance: float) -> None:
    assert set(actual) == set(PARAMETERS)
    for name, value in expected.items():
        np.testing.assert_allclose(actual[name], value, rtol=0, atol=tolerance, err_msg=name)


# ---- against the oracle -------------------------------------------------------------------------


def test_the_first_eight_thousand_iterations_print_the_notebooks_text(
    dinos: Corpus, oracle_run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = run(dinos, LONG_RUN)
    assert capsys.readouterr().out == oracle_run.printed
    # Two BLAS kernels differ by 1e-13 here. (From iteration 14,000 on, they print different names.)
    assert_near(parameters, oracle_run.parameters, 1e-11)


def test_the_printed_text_has_the_layout_of_the_notebook(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    run(few, 5, print_every=4, dino_names=2)
    first, second = capsys.readouterr().out.split("Iteration: 4, ")
    assert first.startswith("Iteration: 0, Loss: ")
    for block in (first, second):
        loss, blank, *names, end, nothing, last = block.split("\n")
        assert len(loss.split("Loss: ")[1].split(".")[1]) == 6
        assert (blank, end, nothing, last) == ("", "", "", "")
        assert len(names) == 2


@pytest.mark.parametrize("n_a", [1, 2, 3, 5, 7, 13, 33, 65])
def test_hidden_sizes_that_fill_no_vector_are_the_oracles(
    few: Corpus, n_a: int, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = run_oracle(few, 301, n_a=n_a, print_every=100)
    printed = capsys.readouterr().out
    assert_near(run(few, 301, n_a=n_a, print_every=100), expected, 1e-11)
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("size", [1, 2, 4, 16, 31, 64, 100])
def test_vocabularies_of_any_size_and_script_are_the_oracles(
    size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = [chr(0x3B1 + i) if i < 17 else chr(0x4E00 + i) for i in range(size)]
    names = ["".join(letters[i:] + letters[:i])[:12] for i in range(size)]
    names = [name.lower() for name in names]
    corpus = Corpus(names, *dictionaries(names))
    expected = run_oracle(corpus, 201, n_a=10, print_every=100)
    printed = capsys.readouterr().out
    assert_near(run(corpus, 201, n_a=10, print_every=100), expected, 1e-11)
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 0.1},
        {"max_value": 0.05},
        {"max_value": 0},
        {"print_every": 7},
        {"seed": 1},
        {"seed": 2**32 - 2},
        {"dino_names": 0},
        {"dino_names": 30},
    ],
    ids=str,
)
def test_each_option_does_what_it_does_in_the_oracle(
    few: Corpus, options: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    expected = run_oracle(few, 50, **options)
    printed = capsys.readouterr().out
    assert_near(run(few, 50, **options), expected, 1e-12)
    assert capsys.readouterr().out == printed


def test_an_id_other_than_zero_may_be_the_newline(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    last = len(few.char_to_ix) - 1
    char_to_ix = {character: last - ix for character, ix in few.char_to_ix.items()}
    turned = Corpus(few.names, char_to_ix, {ix: c for c, ix in char_to_ix.items()})
    expected = run_oracle(turned, 101, print_every=50)
    printed = capsys.readouterr().out
    assert_near(run(turned, 101, print_every=50), expected, 1e-12)
    assert capsys.readouterr().out == printed


def test_single_precision_trains_and_returns_single_precision(few: Corpus) -> None:
    parameters = run(few, 300, dtype="float32", verbose=False)
    assert {name: value.dtype for name, value in parameters.items()} == dict.fromkeys(
        PARAMETERS, np.dtype(np.float32)
    )
    assert_near(parameters, run(few, 300, verbose=False), 1e-3)


def test_single_precision_prints_like_double_at_the_start(
    dinos: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    run(dinos, 1)
    double = capsys.readouterr().out
    run(dinos, 1, dtype="float32")
    assert capsys.readouterr().out == double


# ---- against itself -----------------------------------------------------------------------------


def test_a_text_and_a_list_of_its_lines_are_the_same_data(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = run(few, 60, print_every=20)
    printed = capsys.readouterr().out
    for data in (
        few.text,
        few.text.rstrip("\n"),
        few.text.replace("\n", "\r\n"),
        [name + "\n" for name in few.names],
        tuple(few.names),
        [name.upper() for name in few.names],
        ["", " ", *few.names, "\t"],
    ):
        assert_same_bits(run(few, 60, print_every=20, data=data), expected)
        assert capsys.readouterr().out == printed


def test_repeated_runs_give_the_same_bits(dinos: Corpus) -> None:
    first = run(dinos, 2000, verbose=False)
    assert_same_bits(run(dinos, 2000, verbose=False), first)


def test_runs_in_threads_at_the_same_time_give_the_same_bits(dinos: Corpus) -> None:
    expected = run(dinos, 3000, verbose=False)
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(run, dinos, 3000, verbose=False) for _ in range(4)]:
            assert_same_bits(future.result(), expected)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_model_is_a_loop_of_optimize_to_the_bit(dinos: Corpus, dtype: str) -> None:
    names = list(dinos.names)
    np.random.RandomState(0).shuffle(names)
    size = dinos.vocab_size
    parameters = {
        name: value.astype(dtype)
        for name, value in nb.initialize_parameters(50, size, size).items()
    }
    a_prev = np.zeros((50, 1), dtype)
    for j in range(len(names) + 100):
        ids = [dinos.char_to_ix[character] for character in names[j % len(names)]]
        _, _, a_prev = nb.optimize([None, *ids], [*ids, 0], a_prev, parameters)
    assert_same_bits(run(dinos, len(names) + 100, dtype=dtype, verbose=False), parameters)


def test_printing_changes_nothing_in_the_training(few: Corpus) -> None:
    quiet = run(few, 100, verbose=False)
    assert_same_bits(run(few, 100, print_every=1), quiet)
    assert_same_bits(run(few, 100, print_every=1000), quiet)


def test_no_iterations_return_the_initial_parameters_and_print_nothing(
    few: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    size = few.vocab_size
    parameters = run(few, 0)
    assert capsys.readouterr().out == ""
    assert_same_bits(parameters, nb.initialize_parameters(50, size, size))


def test_verbose_false_prints_nothing(few: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    run(few, 10, verbose=False)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_returned_parameters_can_be_sampled_and_trained_on(few: Corpus) -> None:
    parameters = run(few, 100, n_a=9, verbose=False)
    size = few.vocab_size
    assert {name: value.shape for name, value in parameters.items()} == shapes(9, size, size)
    assert all(value.flags.writeable and value.flags.c_contiguous for value in parameters.values())
    nb.optimize([None, 1, 2], [1, 2, 0], np.zeros((9, 1)), parameters)
    assert nb.sample(parameters, few.char_to_ix, 0) == reference.sample(
        parameters, few.char_to_ix, 0
    )


def test_numpys_global_generator_is_left_alone(few: Corpus) -> None:
    np.random.seed(123)
    expected = np.random.RandomState(123).random_sample(4)
    assert np.random.random_sample() == expected[0]
    parameters = nb.initialize_parameters(4, few.vocab_size, few.vocab_size)
    assert np.random.random_sample() == expected[1]
    nb.sample(parameters, few.char_to_ix, 7)
    assert np.random.random_sample() == expected[2]
    run(few, 3)
    assert np.random.random_sample() == expected[3]


def test_the_arguments_are_left_unchanged(few: Corpus) -> None:
    names, char_to_ix, ix_to_char = list(few.names), dict(few.char_to_ix), dict(few.ix_to_char)
    run(few, 20, verbose=False)
    assert (few.names, few.char_to_ix, few.ix_to_char) == (names, char_to_ix, ix_to_char)


def test_control_c_stops_a_long_training(few: Corpus) -> None:
    timer = threading.Timer(0.2, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(few, 5_000_000, verbose=False)
    timer.join()
