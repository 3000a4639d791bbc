"""``dinorc demo`` as a user meets it: output, errors, exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dinorc.notebook as nb
from command_line import Done, assert_failed, assert_wrong_usage, dinorc_command
from conftest import Corpus
from helpers import dictionaries

SMALL = ("--iterations", "201", "--hidden-size", "8", "--names", "2")


def notebook_text(
    names: list[str],
    capsys: pytest.CaptureFixture[str],
    *,
    num_iterations: int,
    n_a: int,
    dino_names: int,
) -> str:
    """Return what ``model`` prints for these names."""
    char_to_ix, ix_to_char = dictionaries(names)
    nb.model(
        names, ix_to_char, char_to_ix, num_iterations, n_a, dino_names, vocab_size=len(char_to_ix)
    )
    return capsys.readouterr().out


def assert_notebook_then_figures(done: Done, text: str) -> None:
    """Check that the output is the notebook's text, then one line of figures."""
    assert done.code == 0, done.err
    assert done.err == ""
    assert done.out.startswith(text)
    figures = done.out[len(text) :].strip("\n")
    assert "\n" not in figures
    assert re.search(r"\d", figures)


# ---- what it prints -----------------------------------------------------------------------------


def test_demo_prints_what_the_notebook_prints_on_the_dinosaurs(
    dinos: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    text = notebook_text(dinos.names, capsys, num_iterations=2001, n_a=20, dino_names=3)
    assert text.count("Iteration: ") == 2
    done = dinorc_command("demo", "--iterations", "2001", "--hidden-size", "20", "--names", "3")
    assert_notebook_then_figures(done, text)


def test_demo_without_options_is_the_notebook(
    dinos: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    text = notebook_text(dinos.names, capsys, num_iterations=35000, n_a=50, dino_names=7)
    assert_notebook_then_figures(dinorc_command("demo"), text)


@pytest.mark.parametrize(
    "content",
    [
        b"rex\nyi\nmaia\n",
        b"rex\nyi\nmaia",
        b"Rex\n\n  YI  \n\nmaia\n\n",
        b"rex\r\nyi\r\nmaia\r\n",
    ],
    ids=["plain", "no end of line", "capitals and blanks", "CRLF"],
)
def test_demo_reads_a_users_file_however_it_is_written(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my names.txt"
    file.write_bytes(content)
    text = notebook_text(["rex", "yi", "maia"], capsys, num_iterations=201, n_a=8, dino_names=2)
    assert_notebook_then_figures(dinorc_command("demo", str(file), *SMALL), text)


def test_demo_reads_names_of_any_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "noms.txt"
    file.write_text("Éloïse\nŽofie\n明日香\n", encoding="utf-8")
    names = ["éloïse", "žofie", "明日香"]
    text = notebook_text(names, capsys, num_iterations=201, n_a=8, dino_names=2)
    assert_notebook_then_figures(dinorc_command("demo", str(file), *SMALL), text)


def test_demo_reads_standard_input_for_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    text = notebook_text(["rex", "yi", "maia"], capsys, num_iterations=201, n_a=8, dino_names=2)
    done = dinorc_command("demo", "-", *SMALL, stdin=b"rex\nyi\nmaia\n")
    assert_notebook_then_figures(done, text)


# ---- what goes wrong ----------------------------------------------------------------------------


def test_a_missing_file_is_one_line_and_exit_1(tmp_path: Path) -> None:
    assert_failed(dinorc_command("demo", str(tmp_path / "nowhere.txt")), "nowhere.txt")


def test_a_directory_is_one_line_and_exit_1(tmp_path: Path) -> None:
    assert_failed(dinorc_command("demo", str(tmp_path)), tmp_path.name)


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t\n"], ids=["empty", "blank"])
def test_a_file_without_names_is_one_line_and_exit_1(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "void.txt"
    file.write_bytes(content)
    assert_failed(dinorc_command("demo", str(file)), "void.txt")


@pytest.mark.parametrize(
    "content", [b"rex\n\xe9lo\xefse\n", b"\xff\xfer\x00e\x00x\x00"], ids=["Latin-1", "UTF-16"]
)
def test_a_file_that_is_not_utf_8_is_one_line_and_exit_1(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "foreign.txt"
    file.write_bytes(content)
    done = dinorc_command("demo", str(file))
    assert_failed(done, "foreign.txt")
    assert re.search("(?i)utf-?8", done.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo", "--wings", "2"),
        ("demo", "--iterations"),
        ("demo", "--iterations", "many"),
        ("demo", "--iterations", "-1"),
        ("demo", "--hidden-size", "0"),
        ("demo", "--hidden-size", "2.5"),
        ("demo", "--names", "-3"),
        ("demo", "one.txt", "two.txt"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    assert_wrong_usage(dinorc_command(*arguments))
