"""``dinorc train`` and lists as people have them: tables, several files, compressed ones."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage
from dinorc import NGram

NAMES = ["Emma", "Liam", "Noah"]
TABLE = "count,name\n19752,Emma\n20555,Liam\n18000,Noah\n"
FITTED = NGram().fit(NAMES).fingerprint()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "m.safetensors"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def learned(run: Run, model: Path, *arguments: object) -> str:
    """Return the fingerprint of what `train` has made, and check that it said nothing unasked."""
    done = run("train", *arguments, "-o", model, "--model", "ngram", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    return dinorc.load(model).fingerprint()


@pytest.mark.parametrize("column", ["name", "NAME", "2"])
def test_a_column_of_a_table(run: Run, table: Path, model: Path, column: str) -> None:
    assert learned(run, model, table, "--column", column) == FITTED


def test_several_lists_and_compressed_ones(
    run: Run, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other"
    one.write_text("Emma\nLiam")
    other.write_bytes(gzip.compress(b"Noah\r\n"))
    assert learned(run, model, one, other) == FITTED
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(other.read_bytes())))
    assert learned(run, model, one, "-") == FITTED
    done = run("train", other, one, "-o", model, "--model", "ngram")
    assert f"{other}, {one}: 3 names, 3 distinct" in done.err


def test_the_validation_list_is_a_table_too(run: Run, table: Path, model: Path) -> None:
    quick = ("--model", "network", "--hidden-size", "4", "--max-epochs", "2", "--quiet")
    done = run("train", table, "--column", "name", "-o", model, *quick, "--validation", table)
    assert done.code == 0
    settings = {"hidden_size": 4, "max_epochs": 2}
    fitted = dinorc.CharRNN(**settings).fit(NAMES, validation=NAMES)
    assert dinorc.load(model).fingerprint() == fitted.fingerprint()


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Emma,19752\nLiam,20555\nNoah,18000\n", 1),
        ("id;name;n\n1;Emma;3\n2;Liam;4\n3;Noah;5\n", 2),
    ],
)
def test_a_table_taken_for_a_plain_list_is_told_and_how_to_read_it(
    run: Run, tmp_path: Path, model: Path, text: str, column: int
) -> None:
    path = tmp_path / "us names.csv"
    path.write_text(text)
    done = run("train", path, "-o", model, "--model", "ngram", "--quiet")
    assert done.code == 0
    assert done.err.count("\n") == 1
    assert f"dinorc: most lines of {path} end in a number" in done.err
    assert f"--column {column} takes the names alone" in done.err
    assert learned(run, model, path, "--column", column) == FITTED


def test_so_is_one_with_tabs_which_names_do_not_have(run: Run, tmp_path: Path, model: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("Emma\t19752\nLiam\t20555\n")
    done = run("train", path, "-o", model, "--model", "ngram", "--quiet")
    assert done.code == 1
    assert "--column 1 takes the names alone" in done.err.splitlines()[0]
    assert "line 1 of" in done.err.splitlines()[1]


@pytest.mark.parametrize(
    ("column", "mentions"),
    [
        ("nme", ("--column 'nme': there is no such column", "'count', 'name'")),
        ("3", ("--column 3: there is no such column", "'count', 'name'")),
        ("1", ()),
    ],
)
def test_a_column_that_is_not_there(
    run: Run, table: Path, model: Path, column: str, mentions: tuple[str, ...]
) -> None:
    done = run("train", table, "--column", column, "-o", model, "--model", "ngram", "--quiet")
    if mentions:
        assert_failed(done, *mentions)
        assert not model.exists()
    else:
        assert dinorc.load(model).training_names_ == ("18000", "19752", "20555")


def test_errors_name_line_and_file_of_several(run: Run, tmp_path: Path, model: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("name,n\nEmma,1\n")
    other.write_text("name,n\nLiam,1\n\nNo\0ah,2\n")
    options = ("-o", model, "--model", "ngram", "--quiet", "--column", "name")
    assert_failed(run("train", one, other, *options), f"line 4 of {other}", "control character")
    other.write_text("n,name\n1,Liam\n2\n")
    assert_failed(run("train", one, other, *options), f"line 3 of {other}", "--column 2")
    other.write_text("name,n\n")
    assert_failed(run("train", one, other, *options), f"{other} has no names")


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        (("names.csv", "--column", "0"), "argument --column: '0' is not right"),
        (("--column", "1"), "argument --column: only with NAMES"),
        (("-", "-"), "argument NAMES: '-' came twice"),
    ],
)
def test_wrong_usage(run: Run, model: Path, arguments: tuple[str, ...], mention: str) -> None:
    assert_wrong_usage(run("train", *arguments, "-o", model), mention)


# ---- lists that can't be read as they are -------------------------------------------------------


def test_bad_bytes_are_counted_and_the_advice_can_be_followed(
    run: Run, tmp_path: Path, model: Path
) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("Zoë\nAnn\n".encode() + b"B\xffb\n")
    options = (path, "-o", model, "--model", "ngram", "--quiet")
    done = run("train", *options)
    assert_failed(
        done, "0xff in line 3, the only bad line of 3", "--errors skip", "--errors replace"
    )
    assert "cp1252" not in done.err
    done = run("train", *options, "--errors", "skip")
    assert done.err == f"dinorc: 1 line of {path} not in utf-8, left out\n"
    assert dinorc.load(model).training_names_ == ("Ann", "Zoë")
    done = run("train", *options, "--errors", "replace")
    assert done.err.count("\n") == 1
    assert "with U+FFFD" in done.err
    assert dinorc.load(model).training_names_ == ("Ann", "B\ufffdb", "Zoë")


def test_a_model_given_as_a_list(run: Run, model: Path) -> None:
    NGram().fit(NAMES).save(model)
    done = run("train", model, "-o", model.with_name("other"), "--quiet")
    assert_failed(done, f"{model} is a dinorc model; expected a list of names")
    assert_failed(run("score", model, model), "is a dinorc model; expected a list of names")


def test_utf_16_is_known(run: Run, tmp_path: Path, model: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\r\n".join(NAMES).encode("utf-16"))
    options = (path, "-o", model, "--model", "ngram", "--quiet")
    assert_failed(run("train", *options), "expected --encoding utf-16")
    assert learned(run, model, path, "--encoding", "utf-16") == FITTED
