"""Messages speak of options and files, not of the library's arguments and types."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Run, assert_failed, assert_wrong_usage
from dinorc._command_line.in_options import in_options


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--hidden-size", "0"), "argument --hidden-size: '0' is not right; expected 1 to 4096"),
        (("--max-epochs", "none"), "--max-epochs: 'none' is not right; expected an integer"),
        (("--dropout", "2"), "argument --dropout: '2' is not right; expected 0 or more"),
        (("--cell", "foo"), "argument --cell: 'foo' is not right; expected one of"),
    ],
)
def test_a_wrong_setting_is_shown_as_it_was_typed(
    options: tuple[str, str], message: str, run: Run, tmp_path: Path
) -> None:
    done = run("train", "-o", tmp_path / "m", "--model", "network", *options)
    assert_wrong_usage(done, message)
    assert "(" not in done.err


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ("anna\n", ("--validation-fraction", "0.5"), "list.csv has 1 distinct name; --validation-"),
        ("anna\n", ("--base", "latni"), "--base is 'latni', and there is no such file"),
        ("name,sex\nanna,f\nbert,\n", ("--column", "name", "--label-column", "sex"),
         "line 3 of list.csv has a name, but no label; expected one, or --skip-incomplete"),
        ("name,n\nanna,\nbert,\n", ("--column", "name", "--count-column", "n"),
         "line 2 of list.csv has a name, but no count, the first of 2 incomplete rows; expected"),
        ("name,n\nanna,1\n", ("--column", "name", "--count-column", "name"),
         "--count-column 'name': list.csv has this column as --column 'name'; expected another"),
        ("name,n\nanna,1e308\nbert,1e308\n", ("--count-column", "2", "--count-power", "1"),
         "--count-power 1 makes counts of 1e+308 to 1e+308 too small or too large; expected a sma"),
        ("name,n\nanna,0.5\n", ("--count-column", "2", "--count-power", "1e9"),
         "--count-power 1e+09 makes counts of 0.5 to 0.5 too small or too large"),
        ("\n".join(f"n{i},l{i}" for i in range(1001)), ("--column", "1", "--label-column", "2"),
         "--label-column has 1,001 different labels; expected at most 1,000"),
        ("anna,f\notto,m\n",
         ("--column", "1", "--label-column", "2", "--validation", "others.csv"),
         "--validation has the label 'x', which NAMES lack; expected some of 'f', 'm'"),
        ("anna\n", ("--column", "1", "--label-column", "2"), "--label-column 2: there is no such"),
        ("anna\n", ("--label-column", "x", "--column", "1"), "--label-column 'x': there is no"),
    ],
)  # fmt: skip
def test_messages_speak_of_options_and_files(
    table: str,
    options: tuple[str, ...],
    message: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(table)
    Path("others.csv").write_text("anna,f\notto,x\n")
    done = run("train", "list.csv", "-o", "m", "--model", "network", *options, "--quiet")
    assert_failed(done, message)


def test_messages_of_other_commands_speak_of_options_too(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("rex\n")
    for option, value in (("--label", "x"), ("--prefix", "日"), ("--top-k", "1000")):
        done = run("generate", model_file, option, value)
        assert_failed(done, f"dinorc: {option} is ")
    assert_failed(run("score", model_file, names, "--labels"), "of dinorc train --label-column")
    calibrated = run("score", model_file, names, "--calibrate", names)
    assert_failed(calibrated, "names.txt has 1 name; --false-alarm-rate 0.01 needs 99 or more")


def test_a_base_that_is_the_file_of_another_kind_of_model_is_an_error_in_one_line(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("anna\nbert\n")
    run("train", tmp_path / "list.txt", "-o", tmp_path / "counts", "--model", "ngram")
    for kind in ("network", "ensemble"):
        done = run(
            "train", tmp_path / "list.txt", "-o", tmp_path / "m", "--model", kind,
            "--base", tmp_path / "counts", "--quiet",
        )  # fmt: skip
        assert_failed(done, "an ngram; expected one of dinorc train --model network")


@pytest.mark.parametrize(
    ("of_the_library", "of_the_command"),
    [
        ("other is 'Q'; expected one of 'F'", "--labels: there is no 'Q'; expected one of 'F'"),
        ("one is None; expected one of 'a'", "--labels is needed; expected two of 'a'"),
        ("one and other are both 'F'; expected two", "--labels: both are 'F'; expected two"),
        (
            "after 0 of 5 names, which the exception has as `names`; expected fewer",
            "after 0 of 5 names; expected fewer",
        ),
        (
            "max_epochs is 70, and was 60 in fit; expected the same",
            "--max-epochs is 70, and was 60 when training began; expected the same",
        ),
        (
            "cell is 'gru', and the base has 'lstm'; expected the same, or no cell",
            "--cell is 'gru', and the base has 'lstm'; expected the same, or no --cell",
        ),
        (
            "labels is not given, and was in fit; expected the same lists",
            "--label-column is not given, and was when training began; expected the same lists",
        ),
        (
            "counts is not given, and was in fit; expected the same lists",
            "--count-column is not given, and was when training began; expected the same lists",
        ),
        (
            "how often each comes, by copies or counts, is not as it was",
            "how often each comes, by copies, --count-column or --count-power, is not as it was",
        ),
        (
            "validation or validation_labels is not as it was in fit; expected the same lists",
            "--validation is not as it was when training began; expected the same lists",
        ),
        (
            "cell 'x' (str); expected quotation marks in pairs",
            "cell 'x'; expected quotation marks in pairs, and cells of one line",
        ),
    ],
)
def test_words_of_the_library_become_words_of_the_command(
    of_the_library: str, of_the_command: str
) -> None:
    assert in_options(of_the_library) == of_the_command
