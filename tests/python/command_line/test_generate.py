"""``dinorc generate``: the names of CharRNN.generate and most_likely, and honest shortfalls."""

from __future__ import annotations

import csv
import functools
import inspect
import io
import json
import re
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage, dinorc_command, trained
from dinorc import CharRNN
from dinorc._drawing.generated_names import GeneratedNames
from dinorc.errors import SearchLimitError
from small_models import NAMES


def names_of(text: str) -> list[str]:
    return text.splitlines()


def test_ten_names_of_generate(run: Run, model_file: Path) -> None:
    done = run("generate", model_file)
    assert done.code == 0
    assert done.err == ""
    assert names_of(done.out) == trained().generate(10)


OPTIONS = {
    "temperature": "0.5",
    "top_k": "3",
    "top_p": "0.5",
    "prefix": "tri",
    "suffix": "us",
    "pattern": "[aeiou].*a.*",
    "alphabet": "aeioulmnrst",
    "min_length": "12",
    "max_length": "4",
    "min_distance": "6",
    "budget": "12",
    "seed": "18446744073709551615",
}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_the_argument(name: str, run: Run, model_file: Path) -> None:
    text = OPTIONS[name]
    is_text = name in ("prefix", "suffix", "pattern", "alphabet")
    value = text if is_text else float(text) if "." in text else int(text)
    done = run("generate", model_file, "-n", 20, "--" + name.replace("_", "-"), text)
    expected = trained().generate(20, on_shortfall="ignore", **{name: value})
    assert done.code == (3 if name == "budget" else 0)
    assert names_of(done.out) == expected
    assert expected != trained().generate(20)


def test_every_argument_of_generate_can_be_given() -> None:
    arguments = set(inspect.signature(CharRNN.generate).parameters)
    others = {"self", "n", "exclude", "unique", "contains", "block", "accept", "on_shortfall"}
    assert arguments == set(OPTIONS) | others | {"capitalize", "label"}  # tested elsewhere


def test_blocked_parts_are_in_no_name(run: Run, model_file: Path) -> None:
    done = run("generate", model_file, "-n", 30, "--block", "SAURUS", "--block", "a")
    assert names_of(done.out) == trained().generate(30, block=["SAURUS", "a"])
    assert "a" not in done.out


def test_contained_parts_are_in_every_name(run: Run, model_file: Path) -> None:
    done = run("generate", model_file, "-n", 30, "--contains", "o", "--contains", "ra")
    assert names_of(done.out) == trained().generate(30, contains=["o", "ra"])


def test_excluded_lists_are_added_to_the_training_list(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    first = trained().generate(30)
    taken = [tmp_path / "one.txt", tmp_path / "two.txt"]
    taken[0].write_text("\n\n".join(first[:10]))
    taken[1].write_text("\r\n".join(first[10:20]))
    done = run("generate", model_file, "-n", 10, "--exclude", taken[0], "--exclude", taken[1])
    assert names_of(done.out) == trained().generate(10, exclude=[*NAMES, *first[:20]])
    assert not set(names_of(done.out)) & set(first[:20])

    likely = ("--max-length", 4, "--temperature", 0.3, "-n", 20)
    short = {"max_length": 4, "temperature": 0.3, "on_shortfall": "ignore"}
    done = run("generate", model_file, *likely, "--allow-training")
    assert names_of(done.out) == trained().generate(20, exclude=None, **short)
    done = run("generate", model_file, *likely, "--allow-training", "--exclude", taken[0])
    assert names_of(done.out) == trained().generate(20, exclude=first[:10], **short)


def test_the_training_list_is_excluded_and_can_be_allowed(
    run: Run, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    @functools.wraps(CharRNN.generate)
    def generate(self: CharRNN, n: int, **keywords: object) -> GeneratedNames:
        seen.append(keywords["exclude"])
        return GeneratedNames(["rex"] * n, [-1.0] * n)

    monkeypatch.setattr(CharRNN, "generate", generate)
    taken = tmp_path / "taken.txt"
    taken.write_text("rex\n")
    run("generate", model_file)
    run("generate", model_file, "--exclude", taken)
    run("generate", model_file, "--allow-training")
    run("generate", model_file, "--allow-training", "--exclude", taken)
    assert seen == ["training", [*NAMES, "rex"], [], ["rex"]]


def test_duplicates_can_be_allowed(run: Run, model_file: Path) -> None:
    options = ("generate", model_file, "-n", 50, "--temperature", 0.01)
    done = run(*options, "--allow-duplicates")
    assert names_of(done.out) == trained().generate(50, temperature=0.01, unique=False)
    assert len(set(names_of(done.out))) < 50


def test_csv_and_lines_of_json_read_back_exactly(run: Run, model_file: Path) -> None:
    names = trained().generate(10)
    expected = list(zip(names, names.log_probabilities.tolist(), strict=True))
    done = run("generate", model_file, "--format", "csv")
    header, *rows = csv.reader(io.StringIO(done.out))
    assert header == ["name", "log_probability"]
    assert [(name, float(nats)) for name, nats in rows] == expected
    done = run("generate", model_file, "--format", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [(row["name"], row["log_probability"]) for row in rows] == expected


def test_names_with_commas_and_quotes_are_quoted_in_csv(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "m"
    rnn = CharRNN(hidden_size=4, max_epochs=1, validation_fraction=0).fit([',"', '",'])
    rnn.save(model)
    names = rnn.generate(20)
    assert {",", '"'} <= set("".join(names))
    done = run("generate", model, "-n", 20, "--format", "csv")
    assert [row["name"] for row in csv.DictReader(io.StringIO(done.out))] == names


# ---- the likeliest ------------------------------------------------------------------------------


def test_the_likeliest_names(run: Run, model_file: Path) -> None:
    done = run("generate", model_file, "--most-likely", "-n", 5, "--prefix", "t")
    assert done.code == 0
    assert names_of(done.out) == trained().most_likely(5, "t", exclude="training")
    done = run("generate", model_file, "--most-likely", "-n", 5, "--allow-training")
    assert names_of(done.out) == trained().most_likely(5)


def test_the_likeliest_names_meet_conditions(run: Run, model_file: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.txt"
    taken.write_text("\n".join(trained().most_likely(3, suffix="us", exclude="training")))
    options = ("--suffix", "us", "--max-length", 9, "--block", "x", "--exclude", taken)
    done = run("generate", model_file, "--most-likely", "-n", 5, *options)
    exclude = [*NAMES, *taken.read_text().splitlines()]
    expected = trained().most_likely(5, suffix="us", max_length=9, block=["x"], exclude=exclude)
    assert names_of(done.out) == expected
    assert len(expected) == 5


@pytest.mark.parametrize(
    "option",
    [
        ("--temperature", "1"),
        ("--seed", "0"),
        ("--top-k", "3"),
        ("--budget", "3"),
        ("--allow-duplicates",),
    ],
)
def test_the_likeliest_names_are_not_drawn(run: Run, option: tuple[str, ...]) -> None:
    done = run("generate", "m", "--most-likely", *option)
    assert_wrong_usage(done, f"argument {option[0]}: not with --most-likely")


def test_a_search_that_ends_early_gives_what_it_has(
    run: Run, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(self: CharRNN, n: int, **conditions: object) -> GeneratedNames:
        raise SearchLimitError("too much memory", GeneratedNames(["rex"], [-1.0]))

    monkeypatch.setattr(CharRNN, "most_likely", search)
    done = run("generate", model_file, "--most-likely", "-n", 2)
    assert done == (3, "rex\n", "dinorc: 1 of 2 names; too much memory\n")


# ---- fewer names than asked for -----------------------------------------------------------------


def test_fewer_names_are_exit_3_with_an_account(run: Run, model_file: Path) -> None:
    done = run("generate", model_file, "-n", 1000, "--max-length", 1)
    names = trained().generate(1000, max_length=1, on_shortfall="ignore")
    assert done.code == 3
    assert 0 < len(names) < 1000
    assert names_of(done.out) == names
    assert done.err == f"dinorc: {names.report}\n"


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "text", "wanted"),
    [
        ("-n", "0", "1 or more"),
        ("-n", "-5", "1 or more"),
        ("-n", "ten", "an integer"),
        ("--temperature", "0", "above 0"),
        ("--temperature", "inf", "finite"),
        ("--temperature", "nan", "above 0"),
        ("--temperature", "0", "--most-likely"),
        ("--top-k", "0", "1 or more"),
        ("--top-p", "0", "above 0"),
        ("--top-p", "1.1", "1 at most"),
        ("--min-length", "0", "1 to 1000"),
        ("--max-length", "1001", "1 to 1000"),
        ("--seed", "1.5", "0 to 18446744073709551615"),
        ("--seed", "18446744073709551616", "0 to"),
    ],
)
def test_a_value_that_is_not_right_is_wrong_usage(
    run: Run, option: str, text: str, wanted: str
) -> None:
    done = run("generate", "m", option, text)
    assert_wrong_usage(done, f"argument {option}: {text!r} is not right", wanted)


def test_an_abbreviation_is_refused_with_what_it_may_mean(run: Run) -> None:
    done = run("generate", "m", "--temp", "1")
    assert_wrong_usage(done, "--temp 1; expected --temperature perhaps")
    assert "perhaps" not in run("generate", "m", "10").err
    assert "perhaps" not in run("classify", "m", "--label", "x").err  # --help is like that, or not


def test_options_that_contradict_each_other(run: Run) -> None:
    done = run("generate", "m", "--min-length", 5, "--max-length", 4)
    assert_wrong_usage(done, "--max-length: 4", "--min-length 5")
    assert_wrong_usage(run("generate", "m", "--exclude", "-", "--exclude", "-"), "--exclude")


@pytest.mark.parametrize(
    ("options", "mentions"),
    [
        (("--prefix", "Tri"), ("prefix", "'T'")),
        (("--prefix", "tyranno", "--max-length", "3"), ("prefix", "max_length")),
        (("--top-k", "1000"), ("--top-k is 1000", "27")),
        (("--block", ""), ("block",)),
        (("--exclude", "nowhere.txt"), ("cannot read nowhere.txt",)),
        (("--most-likely", "--prefix", "Tri"), ("prefix", "'T'")),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_the_model_cannot_do_is_one_line(
    run: Run, model_file: Path, options: tuple[str, ...], mentions: tuple[str, ...]
) -> None:
    assert_failed(run("generate", model_file, *options), *mentions)


def test_more_names_than_memory_holds_are_one_line(run: Run, model_file: Path) -> None:
    assert_failed(run("generate", model_file, "-n", 10**15))


@pytest.mark.parametrize("error", [MemoryError, OSError(5, "Input/output error")])
def test_what_the_system_lacks_is_one_line(
    error: Exception, run: Run, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: CharRNN, n: int, **keywords: object) -> GeneratedNames:
        raise error

    monkeypatch.setattr(CharRNN, "generate", functools.wraps(CharRNN.generate)(fail))
    assert_failed(run("generate", model_file), "memory" if error is MemoryError else "Input/output")


def test_ctrl_c_is_exit_130(run: Run, model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(self: CharRNN, n: int, **keywords: object) -> GeneratedNames:
        raise KeyboardInterrupt

    monkeypatch.setattr(CharRNN, "generate", functools.wraps(CharRNN.generate)(press))
    assert run("generate", model_file) == (130, "", "dinorc: interrupted\n")


def test_a_bad_list_to_exclude_is_named_by_its_line(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "taken.txt"
    file.write_text("rex\n\na\x02b\n")
    assert_failed(run("generate", model_file, "--exclude", file), f"line 3 of {file}")
    file.write_text("")
    assert run("generate", model_file, "--exclude", file).code == 0


def test_a_process_of_its_own_gives_the_same_names(model_file: Path) -> None:
    done = dinorc_command("generate", model_file, "-n", 3, "--seed", 1)
    assert done.code == 0
    assert names_of(done.out) == trained().generate(3, seed=1)


def test_help_shows_the_defaults_of_generate(run: Run) -> None:
    text = " ".join(run("generate", "--help").out.split())
    parameters = inspect.signature(CharRNN.generate).parameters
    for name in ("temperature", "min_length", "min_distance"):
        flag = "--" + name.replace("_", "-")
        assert re.search(rf"{flag} [A-Z] [^()]*\(default: {parameters[name].default}\)", text), name


def test_no_name_is_from_the_training_list(run: Run, model_file: Path) -> None:
    done = run("generate", model_file, "-n", 200)
    assert not set(names_of(done.out)) & set(NAMES)
    assert dinorc.load(model_file).generate(200) == names_of(done.out)
