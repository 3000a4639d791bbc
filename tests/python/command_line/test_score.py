"""``dinorc score``: log-probabilities and judgements, in three formats."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage, trained
from dinorc import NGram
from small_models import NAMES

HELD_OUT = [name for name in dinorc.datasets.load("dinos") if name not in NAMES][::5]

SCORED = ["tricosaurus", "rex", "xqzvw"]


@pytest.fixture
def names_file(tmp_path: Path) -> Path:
    path = tmp_path / "names.txt"
    path.write_bytes(b" tricosaurus \r\nrex\nxqzvw")
    return path


def expected_rows() -> list[tuple[str, float, float]]:
    scores = trained().score_samples(SCORED).tolist()
    return [
        (name, score, score / (len(name) + 1)) for name, score in zip(SCORED, scores, strict=True)
    ]


def test_text_is_name_nats_and_nats_per_character(
    run: Run, model_file: Path, names_file: Path
) -> None:
    done = run("score", model_file, names_file)
    assert done.code == 0
    assert done.out == "".join(f"{n}\t{s:.4f}\t{c:.4f}\n" for n, s, c in expected_rows())
    mean = trained().score(SCORED)
    assert done.err.startswith(f"3 names: {mean:.4f} nats a name, ")
    a_character = -math.log(trained().perplexity(SCORED))
    assert f"{a_character:.4f} a character" in done.err


def test_files_may_stand_anywhere_among_the_options(
    run: Run, model_file: Path, names_file: Path
) -> None:
    expected = run("score", model_file, names_file, "--format", "csv", "--unknown", "rare").out
    options = ("--format", "csv"), ("--unknown", "rare")
    first, second = options
    assert run("score", model_file, *first, *second, names_file).out == expected
    assert run("score", *first, model_file, *second, names_file).out == expected
    assert run("score", *first, *second, model_file, "--", names_file).out == expected


@pytest.mark.parametrize("column", ["name", "2"])
def test_names_of_a_column_are_scored(
    run: Run, model_file: Path, tmp_path: Path, column: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("".join(f"{i},{name},7\n" for i, name in enumerate(["name", *SCORED, ""])))
    done = run("score", model_file, table, "--column", column)
    assert done.out == "".join(f"{n}\t{s:.4f}\t{c:.4f}\n" for n, s, c in expected_rows())
    table.write_text("name,n\n")
    assert run("score", model_file, table, "--column", "1") == (0, "", "")


def test_names_to_calibrate_by_are_in_the_same_column(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    table, plain = tmp_path / "table.csv", tmp_path / "plain.txt"
    table.write_text("".join(f"{name},7\n" for name in HELD_OUT))
    plain.write_text("\n".join(HELD_OUT))
    of_table, of_list = (
        run("score", model_file, file, "--calibrate", file, *more, "--false-alarm-rate", "0.1")
        for file, more in ((table, ("--column", "1")), (plain, ()))
    )
    assert of_table == of_list
    assert of_list.code == 0


@pytest.mark.parametrize("command", ["score", "classify"])
def test_a_table_taken_for_a_plain_list_is_told(run: Run, tmp_path: Path, command: str) -> None:
    table, model = tmp_path / "table.csv", tmp_path / "m"
    table.write_text("Emma,19752\nLiam,20555\n")
    NGram().fit(["Emma", "Liam"], labels=["F", "M"]).save(model)
    done = run(command, model, table, "--quiet")
    assert f"dinorc: most lines of {table} end in a number" in done.err
    assert "--column 1 takes the names alone" in done.err
    done = run(command, model, table, "--column", "1", "--quiet")
    assert done.err == ""
    assert done.out.startswith("Emma\t")


def test_csv_reads_back_exactly(run: Run, model_file: Path, names_file: Path) -> None:
    done = run("score", model_file, names_file, "--format", "csv")
    header, *rows = csv.reader(io.StringIO(done.out))
    assert header == ["name", "log_probability", "log_probability_per_character"]
    assert [(n, float(s), float(c)) for n, s, c in rows] == expected_rows()


def test_lines_of_json_read_back_exactly(run: Run, model_file: Path, names_file: Path) -> None:
    done = run("score", model_file, names_file, "--format", "jsonl")
    rows = [tuple(json.loads(line).values()) for line in done.out.splitlines()]
    assert rows == expected_rows()
    assert list(json.loads(done.out.splitlines()[0])) == [
        "name",
        "log_probability",
        "log_probability_per_character",
    ]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_names_come_from_standard_input(
    arguments: tuple[str, ...], run: Run, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"rex\n")))
    assert run("score", model_file, *arguments, "--quiet").out.startswith("rex\t-")


def test_someone_at_the_keyboard_is_told_what_to_type(
    run: Run, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard = io.TextIOWrapper(io.BytesIO(b"rex\n"))
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    done = run("score", model_file)
    assert done.out.startswith("rex\t-")
    assert "reading names from the keyboard" in done.err


def test_quiet(run: Run, model_file: Path, names_file: Path) -> None:
    assert run("score", model_file, names_file, "--quiet").err == ""


def test_no_names_are_no_rows(run: Run, model_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.txt"
    file.write_text("")
    assert run("score", model_file, file) == (0, "", "")
    assert run("score", model_file, file, "--format", "csv").out.count("\n") == 1


def test_each_line_gives_a_row(run: Run, model_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(b"\nrex\r\n \n\nxqzvw\n")
    done = run("score", model_file, file)
    assert [line.split("\t")[0] for line in done.out.splitlines()] == ["", "rex", "", "", "xqzvw"]
    score = trained().score_samples([""])[0]
    assert done.out.startswith(f"\t{score:.4f}\t{score:.4f}\nrex\t")
    mean = trained().score(["rex", "xqzvw"])
    assert done.err.startswith(f"2 names: {mean:.4f} nats a name, ")
    assert done.err.endswith("; 3 blank lines, as the name without characters\n")
    held_out = tmp_path / "held out.txt"
    held_out.write_text("\n".join(HELD_OUT))
    done = run("score", model_file, file, "--calibrate", held_out, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["name"] for row in rows] == ["", "rex", "", "", "xqzvw"]
    assert [row["prediction"] for row in rows[1::3]] == ["1", "-1"]
    assert "; 1 judged not like the list; 3 blank lines, as" in done.err
    file.write_text("\n")
    assert run("score", model_file, file).err == "1 blank line, as the name without characters\n"


def test_names_are_scored_in_unicodes_form_c(run: Run, tmp_path: Path) -> None:
    rnn = dinorc.CharRNN(hidden_size=4, max_epochs=1, validation_fraction=0).fit(["Zoë"])
    model, file = tmp_path / "m", tmp_path / "names.txt"
    rnn.save(model)
    file.write_text("Zoe\u0308\n", encoding="utf-8")
    done = run("score", model, file, "--format", "jsonl", "--quiet")
    assert json.loads(done.out)["name"] == "Zoë"
    assert "ë" in done.out
    file.write_bytes("Zoë".encode("utf-16"))
    again = run("score", model, file, "--format", "jsonl", "--quiet", "--encoding", "utf-16")
    assert again == done


# ---- characters that training has not seen ------------------------------------------------------


def test_an_unknown_character_is_an_error_that_names_its_line(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "names.txt"
    file.write_text("rex\n\nZoë\n", encoding="utf-8")
    done = run("score", model_file, file, "--unknown", "error")
    assert_failed(done, f"line 3 of {file}", "'Zoë'", "'Z'", "--unknown smoothed or --unknown rare")


def test_by_default_it_has_a_score(run: Run, model_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("rex\nRex\n", encoding="utf-8")
    done = run("score", model_file, file)
    assert done.code == 0
    known, unknown = (float(line.split("\t")[1]) for line in done.out.splitlines())
    assert -60 < unknown < known
    assert "inf" not in done.err


@pytest.mark.parametrize("policy", ["impossible", "rare", "smoothed"])
def test_an_unknown_character_has_the_score_that_is_asked_for(
    policy: str, run: Run, model_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "names.txt"
    file.write_text("Rex\n")
    rnn = dinorc.load(model_file).set_params(unknown=policy)
    (expected,) = rnn.score_samples(["Rex"]).tolist()
    options = ("score", model_file, file, "--unknown", policy, "--quiet", "--format")
    assert float(run(*options, "csv").out.splitlines()[1].split(",")[1]) == expected
    value = json.loads(run(*options, "jsonl").out)["log_probability"]
    assert value == (None if policy == "impossible" else expected)
    assert float(run(*options, "text").out.split("\t")[1]) == pytest.approx(expected, abs=1e-4)


# ---- judging ------------------------------------------------------------------------------------


def test_a_calibrated_model_judges(run: Run, model_file: Path, names_file: Path) -> None:
    rnn = dinorc.load(model_file).calibrate(HELD_OUT, false_alarm_rate=0.1)
    rnn.save(model_file)
    done = run("score", model_file, names_file, "--threshold", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(done.out))
    assert header[3:] == ["decision_function", "prediction"]
    assert [float(row[3]) for row in rows] == rnn.decision_function(SCORED).tolist()
    assert [int(row[4]) for row in rows] == rnn.predict(SCORED).tolist()
    assert {row[4] for row in rows} == {"1", "-1"}
    assert "judged not like the list" in done.err
    text = run("score", model_file, names_file, "--threshold").out
    assert [line.split("\t")[4] for line in text.splitlines()] == ["+1", "+1", "-1"]


def test_calibration_for_one_call(
    run: Run, model_file: Path, names_file: Path, tmp_path: Path
) -> None:
    held_out = tmp_path / "held out.txt"
    held_out.write_text("\n\n".join(HELD_OUT))
    before = model_file.read_bytes()
    options = ("--calibrate", held_out, "--false-alarm-rate", "0.2", "--format", "jsonl")
    done = run("score", model_file, names_file, *options)
    rnn = dinorc.load(model_file).calibrate(HELD_OUT, false_alarm_rate=0.2)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["decision_function"] for row in rows] == rnn.decision_function(SCORED).tolist()
    assert [row["prediction"] for row in rows] == rnn.predict(SCORED).tolist()
    assert model_file.read_bytes() == before


def test_the_rate_has_the_default_of_calibrate(
    run: Run, model_file: Path, names_file: Path, tmp_path: Path
) -> None:
    held_out = tmp_path / "held out.txt"
    held_out.write_text("\n".join(HELD_OUT))
    done = run("score", model_file, names_file, "--calibrate", held_out, "--format", "jsonl")
    rnn = dinorc.load(model_file).calibrate(HELD_OUT)
    rows = [json.loads(line)["decision_function"] for line in done.out.splitlines()]
    assert rows == rnn.decision_function(SCORED).tolist()


def test_names_that_were_learned_are_no_good_to_calibrate_with(
    run: Run, model_file: Path, names_file: Path, tmp_path: Path
) -> None:
    learned = tmp_path / "learned.txt"
    learned.write_text("\n".join(NAMES))
    done = run("score", model_file, names_file, "--calibrate", learned, "--quiet")
    assert done.code == 0
    assert done.out.count("\n") == 3
    assert done.err.startswith("dinorc: 198 of the 198 names are among those of training. A model")
    assert "so that more than --false-alarm-rate 0.01 of new ones will be" in done.err


def test_without_a_calibration_judging_says_what_to_do(
    run: Run, model_file: Path, names_file: Path
) -> None:
    done = run("score", model_file, names_file, "--threshold")
    assert_failed(done, str(model_file), "--calibrate")


def test_too_few_names_to_calibrate_with(
    run: Run, model_file: Path, names_file: Path, tmp_path: Path
) -> None:
    assert_failed(run("score", model_file, names_file, "--calibrate", names_file), "99")


def test_a_name_of_unknown_characters_is_judged_not_like_the_list(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    dinorc.load(model_file).calibrate(HELD_OUT).save(model_file)
    file = tmp_path / "names.txt"
    file.write_text("rex\nZoë\n", encoding="utf-8")
    done = run("score", model_file, file, "--threshold")
    assert done.code == 0
    assert done.out.splitlines()[1].split("\t")[4] == "-1"


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "mention"),
    [
        (("--false-alarm-rate", "0.1"), "only with --calibrate"),
        (("--false-alarm-rate", "0", "--calibrate", "f"), "argument --false-alarm-rate: '0'"),
        (("--false-alarm-rate", "1", "--calibrate", "f"), "argument --false-alarm-rate: '1'"),
        (("--false-alarm-rate", "x", "--calibrate", "f"), "argument --false-alarm-rate: 'x'"),
        (("--calibrate", "-"), "argument --calibrate"),
        (("--unknown", "fine"), "'fine'"),
        (("--format", "xml"), "'xml'"),
        (("a.txt", "b.txt"), "b.txt"),
    ],
)
def test_wrong_usage(run: Run, options: tuple[str, ...], mention: str) -> None:
    assert_wrong_usage(run("score", "m.safetensors", *options), mention)


@pytest.mark.parametrize("option", [(), ("--calibrate",)])
@pytest.mark.parametrize(
    ("content", "mentions"),
    [
        (None, ("cannot read", "No such file")),
        (b"rex\n\nr\x00x\n", ("line 3 of", "'\\x00'")),
        (b"rex\nr\xe9x\n", ("0xe9 in line 2", "--encoding cp1252")),
    ],
)
def test_a_bad_list_is_one_line(
    run: Run,
    model_file: Path,
    tmp_path: Path,
    option: tuple[str, ...],
    content: bytes | None,
    mentions: tuple[str, ...],
) -> None:
    file = tmp_path / "bad.txt"
    if content is not None:
        file.write_bytes(content)
    assert_failed(run("score", model_file, *option, file), str(file), *mentions)


def test_an_unknown_encoding(run: Run, model_file: Path, names_file: Path) -> None:
    for encoding in ("klingon", "rot13", "idna"):
        done = run("score", model_file, names_file, "--encoding", encoding)
        assert_wrong_usage(done, f"argument --encoding: encoding is '{encoding}'")
