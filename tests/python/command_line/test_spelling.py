"""``--case fold``, ``--capitalize`` and ``--no-strip``: white space kept, or case left out."""

from __future__ import annotations

from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage
from dinorc import NGram
from small_models import NAMES

COUNTS = ("--model", "ngram", "--quiet")
TITLES = [name.title() for name in NAMES]


@pytest.fixture
def names_file(tmp_path: Path) -> Path:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(TITLES))
    return path


def test_case_is_folded_and_capitals_come_back(run: Run, names_file: Path) -> None:
    model = names_file.with_name("m")
    assert run("train", names_file, "-o", model, *COUNTS, "--case", "fold").code == 0
    folds = NGram(case="fold").fit(TITLES)
    assert dinorc.load(model).fingerprint() == folds.fingerprint()
    done = run("generate", model, "-n", "5", "--prefix", "TRI", "--capitalize")
    assert done.out.split() == folds.generate(5, prefix="tri", capitalize=True)
    assert done.out.istitle()
    done = run("generate", model, "-n", "2", "--most-likely", "--capitalize")
    assert done.out.split() == folds.most_likely(2, capitalize=True, exclude="training")

    taken = names_file.with_name("taken.txt")
    taken.write_text("\n".join(name.upper() for name in folds.generate(5)))
    done = run("generate", model, "-n", "5", "--exclude", taken)
    assert set(done.out.split()).isdisjoint(folds.generate(5))
    assert run("generate", model, "-n", "5", "--allow-training").out.split() == folds.generate(
        5, exclude=None
    )

    names_file.write_text("Rex\nREX\n")
    done = run("score", model, names_file, "--quiet")
    score = folds.score_samples(["rex"])[0]
    assert done.out == f"Rex\t{score:.4f}\t{score / 4:.4f}\nREX\t{score:.4f}\t{score / 4:.4f}\n"
    assert "case=fold" in run("info", model).out.replace("\n", " ")


def test_names_of_other_models_have_their_own_capitals(run: Run, model_file: Path) -> None:
    assert_failed(run("generate", model_file, "--capitalize"), "capitalize is True", "case='fold'")


@pytest.mark.parametrize("kind", ["ngram", "network", "ensemble"])
def test_white_space_is_kept(kind: str, run: Run, tmp_path: Path) -> None:
    names_file, model = tmp_path / "names.txt", tmp_path / "m"
    names_file.write_bytes(b" a\r\nb \r\n\r\nab\r\n")
    done = run("train", names_file, "-o", model, "--model", kind, "--no-strip")
    assert done.code == 0
    assert "3 names, 3 distinct; 1 blank line left out; 4 carriage returns removed" in done.err
    assert dinorc.load(model).training_names_ == (" a", "ab", "b ")
    names_file.write_bytes(b" a\r\na\n\n")
    done = run("score", model, names_file, "--quiet")
    assert [line.partition("\t")[0] for line in done.out.splitlines()] == [" a", "a", ""]
    one, two, _ = (line.split("\t")[1] for line in done.out.splitlines())
    assert one != two


def test_a_resumed_run_keeps_to_it(
    run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = names_file.with_name("m")
    settings = ("--model", "network", "--hidden-size", "8", "--schedule", "constant", "--quiet")
    settings = (*settings, "--learning-rate", "1e-3", "--max-epochs", "2")
    assert run("train", names_file, "-o", model, *settings, "--case", "fold").code == 0
    done = run("train", names_file, "-o", model, "--resume", "--max-epochs", "3", "--no-strip")
    last = done.err.splitlines()[-1]
    assert done.code == 1
    assert "strip is False, and was True when training began" in last
    assert run("train", names_file, "-o", model, "--resume", "--max-epochs", "3").code == 0
    assert not any(name.istitle() for name in dinorc.load(model).training_names_)


def test_wrong_values(run: Run, names_file: Path) -> None:
    done = run("train", names_file, "-o", names_file.with_name("m"), "--case", "lower")
    assert_wrong_usage(done, "argument --case", "'lower' is not right", "'keep', 'fold'")
    done = run("train", names_file, "-o", "m", "--no-strip", "--column", "1")
    assert_wrong_usage(done, "argument --no-strip", "--column")
