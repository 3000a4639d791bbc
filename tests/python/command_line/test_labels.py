"""Labels and counts on the command line: columns to train by, names of a label, classify."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import dinorc
from command_line import Run, assert_failed, assert_refused, assert_wrong_usage
from dinorc import NGram
from dinorc._command_line.columns import COUNT_POWER
from small_models import NAMES

SEXES = ["F" if name < "m" else "M" for name in NAMES]
COUNTS = [1 + len(name) % 4 for name in NAMES]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    rows = [f"{n},{s},{c}" for n, s, c in zip(NAMES, SEXES, COUNTS, strict=True)]
    path.write_text("\n".join(["name,sex,births", *rows]) + "\n")
    return path


@pytest.fixture
def labelled(run: Run, table: Path, tmp_path: Path) -> Path:
    """Return the file of an n-gram with labels."""
    model = tmp_path / "labelled"
    columns = ("--column", "name", "--label-column", "sex")
    assert run("train", table, *columns, "--model", "ngram", "-o", model).code == 0
    return model


def test_labels_of_a_column(labelled: Path) -> None:
    assert dinorc.load(labelled).fingerprint() == NGram().fit(NAMES, labels=SEXES).fingerprint()


@pytest.mark.parametrize("power", [None, 0.5, 0])
def test_counts_of_a_column(run: Run, table: Path, tmp_path: Path, power: float | None) -> None:
    given = () if power is None else ("--count-power", power)
    model = tmp_path / "counted"
    columns = ("--column", 1, "--count-column", 3, *given)
    assert run("train", table, *columns, "--model", "ngram", "-o", model, "--quiet").code == 0
    counts = np.array(COUNTS, float) ** (COUNT_POWER if power is None else power)
    assert dinorc.load(model).fingerprint() == NGram().fit(NAMES, counts=counts).fingerprint()


def test_rows_with_a_count_of_nothing_are_left_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,births\nanna,2\notto,0\n")
    model = tmp_path / "counted"
    columns = ("--column", "name", "--count-column", "births")
    done = run("train", path, *columns, "--model", "ngram", "-o", model, "--quiet")
    assert done.err == f"dinorc: 1 row of {path} with a count of 0, left out\n"
    assert dinorc.load(model).training_names_ == ("anna",)


def test_rows_that_all_have_a_count_of_nothing_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,births\nanna,0\n")
    done = run("train", path, "--count-column", "births", "-o", tmp_path / "counted")
    assert done.err.startswith(f"dinorc: 1 row of {path} with a count of 0, left out\n")
    assert_refused(done, 1, f"{path} has no other names; expected a row for each")


def test_several_tables_follow_each_other(run: Run, tmp_path: Path) -> None:
    for name, sex in (("girls", "F"), ("boys", "M")):
        names = [n for n, s in zip(NAMES, SEXES, strict=True) if s == sex]
        text = "\n".join(["name,sex", *(f"{n},{sex}" for n in names)])
        (tmp_path / name).write_text(text + "\n")
    model = tmp_path / "both"
    columns = ("--column", "name", "--label-column", "sex", "--model", "ngram")
    assert run("train", tmp_path / "girls", tmp_path / "boys", *columns, "-o", model).code == 0
    assert dinorc.load(model).fingerprint() == NGram().fit(NAMES, labels=SEXES).fingerprint()


def test_generate_a_label(run: Run, labelled: Path) -> None:
    names = dinorc.load(labelled).generate(5, label="F", prefix="a")
    assert run("generate", labelled, "--label", "F", "-n", 5, "--prefix", "a").out.split() == names
    likeliest = dinorc.load(labelled).most_likely(3, label="M", exclude="training")
    assert run("generate", labelled, "--label", "M", "-n", 3, "--most-likely").out.split() == (
        likeliest
    )
    assert_failed(run("generate", labelled, "--label", "girl"), "label is 'girl'", "'F', 'M'")


def test_classify(run: Run, labelled: Path, tmp_path: Path) -> None:
    file = tmp_path / "unknown.txt"
    file.write_text("abelisaurus\n\nzuniceratops\n")
    names = ["abelisaurus", "", "zuniceratops"]
    probabilities = dinorc.load(labelled).label_probabilities(names)
    expected = [
        (name, "FM"[row.argmax()], row.max())
        for name, row in zip(names, probabilities, strict=True)
    ]
    done = run("classify", labelled, file)
    assert done.out == "".join(f"{n}\t{s}\t{p:.4f}\n" for n, s, p in expected)
    assert done.err.startswith("2 names: ")
    rows = list(csv.reader(io.StringIO(run("classify", labelled, file, "--format", "csv").out)))
    assert rows[0] == ["name", "label", "probability"]
    assert [(n, s, float(p)) for n, s, p in rows[1:]] == expected
    assert run("classify", labelled, file, "--quiet").err == ""


def test_classify_nothing(run: Run, labelled: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").write_text("")
    done = run("classify", labelled, tmp_path / "nothing")
    assert (done.code, done.out) == (0, "")


def test_score_by_label_and_with_a_column_for_each(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    file = tmp_path / "some.txt"
    file.write_text("abelisaurus\nzuniceratops\n")
    names = file.read_text().split()
    model = dinorc.load(labelled)
    options = ("--label", "M", "--labels", "--format", "jsonl")
    rows = [json.loads(line) for line in run("score", labelled, file, *options).out.splitlines()]
    assert [row["log_probability"] for row in rows] == (
        model.score_samples(names, label="M").tolist()
    )
    assert [[row["p(F)"], row["p(M)"]] for row in rows] == model.label_probabilities(names).tolist()
    assert_failed(run("score", labelled, file, "--label", "girl"), "label is 'girl'")


def test_judge_within_a_label(run: Run, labelled: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.txt"
    file.write_text("\n".join(NAMES))
    rate = ("--calibrate", file, "--false-alarm-rate", "0.2")
    done = run("score", labelled, file, "--label", "M", *rate, "--format", "jsonl")
    assert {json.loads(line)["prediction"] for line in done.out.splitlines()} == {1, -1}


def test_info_shows_labels(run: Run, labelled: Path) -> None:
    counts = {"F": SEXES.count("F"), "M": SEXES.count("M")}
    assert f"labels          2: 'F' {counts['F']}, 'M' {counts['M']}\n" in run("info", labelled).out
    facts = json.loads(run("info", labelled, "--format", "json").out)
    assert (facts["labels"], facts["label_counts"]) == (["F", "M"], counts)
    NGram().fit(["a", "b"], labels=["F", "M"], counts=[0.25, 1500]).save(labelled)
    assert "2: 'F' 0.2, 'M' 1,500\n" in run("info", labelled).out


@pytest.mark.parametrize("command", ["generate", "score"])
def test_a_second_label_is_refused(run: Run, labelled: Path, command: str) -> None:
    done = run(command, labelled, "--label", "F", "--label", "M")
    assert_wrong_usage(done, "argument --label: came twice; expected it once")


@pytest.mark.parametrize("command", ["generate", "score"])
def test_the_time_that_many_labels_take_is_told(run: Run, tmp_path: Path, command: str) -> None:
    model, file = tmp_path / "m", tmp_path / "names.txt"
    file.write_text("\n".join(NAMES[:3]))
    more = ("-n", 2) if command == "generate" else (file, "--quiet")
    told = "dinorc: without --label, this takes as long as 51 models, one for each label\n"
    for number, expected in ((51, told), (50, "")):
        labels = [str(place % number) for place in range(len(NAMES))]
        NGram(order=2).fit(NAMES, labels=labels).save(model)
        assert run(command, model, *more).err == expected
        assert run(command, model, *more, "--label", "7").err == ""


def test_models_without_labels(run: Run, table: Path, tmp_path: Path) -> None:
    model = tmp_path / "plain"
    assert run("train", table, "--column", "name", "--model", "ngram", "-o", model).code == 0
    assert "labels" not in run("info", model).out
    assert_failed(run("classify", model, table), "knows no labels", "--label-column")
    assert_failed(run("score", model, table, "--labels"), "knows no labels")
    assert_failed(run("generate", model, "--label", "F"), "the model knows none")


@pytest.mark.parametrize(
    ("options", "mention"),
    [
        (("--label-column", "sex"), "argument --label-column: only with NAMES"),
        (("--count-column", "2"), "argument --count-column: only with NAMES"),
        (("names.csv", "--count-power", "0.5"), "argument --count-power: only with --count-column"),
        (("names.csv", "--count-column", "2", "--count-power", "-1"), "a number of 0 or more"),
        (("names.csv", "--column", "1", "--skip-incomplete"), "argument --skip-incomplete: only w"),
        (("names.csv", "--label-column", "0"), "argument --label-column: '0' is not right"),
    ],
)
def test_wrong_usage(run: Run, tmp_path: Path, options: tuple[str, ...], mention: str) -> None:
    assert_wrong_usage(run("train", *options, "-o", tmp_path / "model"), mention)


def test_rows_without_a_label_or_a_count_are_skipped_on_request(run: Run, tmp_path: Path) -> None:
    path, model = tmp_path / "names.csv", tmp_path / "model"
    path.write_text("name,sex,births\nanna,F,2\notto,,3\nberta,F,\n,,\n")
    columns = ("--column", "name", "--label-column", "sex", "--count-column", "births")
    arguments = ("train", path, *columns, "--model", "ngram", "-o", model, "--quiet")
    assert_failed(run(*arguments), f"line 3 of {path}", "the first of 2 incomplete rows")
    done = run(*arguments, "--skip-incomplete")
    assert done.err == f"dinorc: 2 rows of {path} without a label or a count, left out\n"
    assert dinorc.load(model).training_names_ == ("anna",)


def test_rows_that_end_early_lack_a_label_or_a_count(run: Run, tmp_path: Path) -> None:
    path, model = tmp_path / "names.csv", tmp_path / "model"
    path.write_text("anna,F,2\notto,M\nberta\n")
    columns = ("--label-column", 2, "--count-column", 3, "--model", "ngram", "-o", model, "--quiet")
    done = run("train", path, *columns)
    assert_failed(done, f"line 2 of {path} has a name, but no count, the first of 2 incomplete")
    done = run("train", path, *columns, "--skip-incomplete")
    assert done.err == f"dinorc: 2 rows of {path} without a label or a count, left out\n"
    assert dinorc.load(model).training_names_ == ("anna",)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Stadt,ein Land\nBerlin,D\nWien,A\nGraz,A\nBonn,D\n", True),
        ("Berlin,D\nWien,A\nGraz,A\n", True),  # which may be right: it is learned
        ("Berlin,D\nWien,A\nGraz,A\nOslo,N\n", False),
        ("Berlin,D\nOslo,D\n", False),
    ],
)
def test_a_label_that_seems_to_be_a_title_is_told(
    run: Run, tmp_path: Path, text: str, is_told: bool
) -> None:
    path, model = tmp_path / "towns.csv", tmp_path / "model"
    path.write_text(text)
    train = ("train", path, "--model", "ngram", "-o", model, "--quiet", "--label-column")
    done = run(*train, 2)
    label = text.split("\n")[0].split(",")[1]
    assert (f"line 1 of {path} is the only one with the label {label!r}" in done.err) == is_told
    if " " in label:
        assert f"--label-column '{label}' leaves the line out" in done.err
    names = len(dinorc.load(model).training_names_)
    assert names == text.count("\n")
    assert run(*train, label).err == ""


def test_a_label_is_sought_in_the_list_that_has_it(run: Run, tmp_path: Path) -> None:
    names, others = tmp_path / "names.csv", tmp_path / "others.csv"
    names.write_text(f"name,sex\nanna,F\notto,{'x' * 101}\n")
    others.write_text("name,sex\nhanna,F\n")
    options = ("--column", "name", "--label-column", "sex", "--model", "network")
    for one, other in ((names, others), (others, names)):
        done = run("train", one, *options, "--validation", other, "-o", tmp_path / "m", "--quiet")
        assert_failed(done, f"the label in line 3 of {names} has 101 characters")


def test_labels_that_are_called_like_columns(run: Run, tmp_path: Path) -> None:
    table, file = tmp_path / "t.csv", tmp_path / "u.txt"
    table.write_text(
        "town,kind\nRoma,name\nParma,name\nOslo,log_probability\nMoss,log_probability\n"
    )
    file.write_text("Pisa\n")
    columns = ("--column", "town", "--label-column", "kind", "--model", "ngram")
    assert run("train", table, *columns, "-o", tmp_path / "m").code == 0
    row = json.loads(run("score", tmp_path / "m", file, "--labels", "--format", "jsonl").out)
    assert row["name"] == "Pisa"
    assert row["log_probability"] < 0
    assert row["p(name)"] + row["p(log_probability)"] == pytest.approx(1)


def test_thresholds_within_labels_are_shown_and_asked_for(run: Run, tmp_path: Path) -> None:
    model, file = tmp_path / "m", tmp_path / "u.txt"
    file.write_text("Pisa\n")
    ngram = NGram().fit(NAMES, labels=SEXES)
    with pytest.warns(UserWarning, match="are among those"):
        ngram.calibrate(NAMES, 0.1, label="F")
    ngram.save(model)
    assert f"of 'F' {ngram.label_thresholds_['F']:.4f}" in run("info", model).out
    assert run("score", model, file, "--threshold", "--label", "F").code == 0
    done = run("score", model, file, "--threshold", "--label", "M")
    assert_failed(done, "has no threshold to judge by; expected --calibrate FILE")
