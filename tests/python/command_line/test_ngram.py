"""``dinorc train --model ngram``, and what the other commands make of such a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage
from dinorc import NGram, datasets
from small_models import NAMES, small


@pytest.fixture
def ngram_file(tmp_path: Path) -> Path:
    path = tmp_path / "ngram.safetensors"
    NGram().fit(NAMES).save(path)
    return path


def test_the_model_is_that_of_fit(run: Run, names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    done = run("train", names_file, "-o", model, "--model", "ngram")
    ngram = NGram().fit(NAMES)
    assert done.code == 0
    assert done.out == ""
    assert f"{names_file}: {ngram.names_report_}" in done.err
    loss = ngram.order_losses_[ngram.order_]
    assert f"n-grams of up to {ngram.order_} characters; held-out names: {loss:.4f}" in done.err
    assert f"saved in {model}, fingerprint {ngram.fingerprint()}" in done.err
    assert dinorc.load(model).fingerprint() == ngram.fingerprint()


def test_its_settings_are_options(run: Run, names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    options = ("--model", "ngram", "--order", "3", "--seed", "7", "--jobs", "1", "--quiet")
    done = run("train", names_file, "-o", model, *options)
    assert (done.code, done.out, done.err) == (0, "", "")
    loaded = dinorc.load(model)
    assert repr(loaded) == "NGram(order=3, n_jobs=1, random_state=7)"
    assert loaded.order_ == 3
    assert run("train", names_file, "-o", model, *options, "--order", "AUTO").code == 0
    assert dinorc.load(model).get_params()["order"] == "auto"


def test_a_single_name_has_no_loss_to_tell(run: Run, tmp_path: Path) -> None:
    names = tmp_path / "one.txt"
    names.write_text("anna\n")
    done = run("train", names, "-o", tmp_path / "m", "--model", "ngram")
    assert done.code == 0
    assert "n-grams of up to 2 characters\n" in done.err
    assert "held out        nothing" in run("info", tmp_path / "m").out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--model", "ngram", "--hidden-size", "9"),
            "--hidden-size: not with a model of",
        ),
        (("--model", "ngram", "--cell", "gru"), "--cell: not with a model of the kind ngram"),
        (("--order", "3"), "--order: not with a model of the kind ensemble"),
        (("--model", "network", "--order", "3"), "--order: not with a model of the kind network"),
        (("--model", "ngram", "--order", "0"), "'0' is not right; expected 1 to 16, or 'auto'"),
        (("--model", "ngram", "--order", "100"), "'100' is not right; expected 1 to 16, or 'auto'"),
        (("--model", "ngram", "--order", "none"), "'none' is not right"),
        (("--model", "ngram", "--order", "few"), "'few' is not right; expected an integer"),
        (("--model", "ngram", "--resume"), "--model: not with --resume"),
        (("--model", "ngram", "--validation", "x"), "--validation: not with --model ngram"),
        (("--model", "unigram"), "--model: invalid choice: 'unigram'"),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(
    run: Run, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    assert_wrong_usage(run("train", "-o", tmp_path / "m", *options), says)
    assert not (tmp_path / "m").exists()


def test_there_is_nothing_to_resume(run: Run, names_file: Path, ngram_file: Path) -> None:
    before = ngram_file.read_bytes()
    done = run("train", names_file, "-o", ngram_file, "--resume")
    assert_failed(done, "holds an n-gram, whose learning is not interrupted")
    assert ngram_file.read_bytes() == before


def test_one_kind_takes_the_place_of_another(run: Run, names_file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    small(max_epochs=1).fit(NAMES).save(model)
    assert run("train", names_file, "-o", model, "--model", "ngram").code == 0
    assert type(dinorc.load(model)) is NGram


def test_names_are_generated_and_scored(run: Run, ngram_file: Path, tmp_path: Path) -> None:
    ngram = NGram().fit(NAMES)
    generated = run("generate", ngram_file, "-n", 5, "--prefix", "t")
    assert generated.out.split() == ngram.generate(5, prefix="t")
    likeliest = run("generate", ngram_file, "-n", 3, "--most-likely")
    assert likeliest.out.split() == ngram.most_likely(3)
    held_out = tmp_path / "held-out.txt"
    held_out.write_text("\n".join(datasets.load("dinos")[3::14]))
    done = run("score", ngram_file, "--calibrate", held_out, held_out, "--format", "jsonl")
    assert done.code == 0
    rows = [json.loads(line) for line in done.out.splitlines()]
    names = [row["name"] for row in rows]
    assert [row["log_probability"] for row in rows] == ngram.score_samples(names).tolist()
    assert {row["prediction"] for row in rows} <= {1, -1}


def test_info_tells_what_it_is(run: Run, ngram_file: Path) -> None:
    ngram = NGram().fit(NAMES)
    topics = {line[:15].strip(): line[16:] for line in run("info", ngram_file).out.splitlines()}
    assert topics["n-grams"] == f"{ngram.n_ngrams_:,} of up to {ngram.order_} characters"
    assert topics["characters"] == "26 and the end of a name: abcdefghijklmnopqrstuvwxyz"
    assert topics["names"] == "198, 198 distinct"
    assert f"2: {ngram.order_losses_[2]:.4f}, 3: " in topics["held out"]
    assert topics["settings"] == "order=auto, seed=0"
    assert topics["fingerprint"] == ngram.fingerprint()
    facts = json.loads(run("info", ngram_file, "--format", "json").out)
    assert facts["model"] == "ngram"
    assert facts["order"] == ngram.order_
    assert facts["n_ngrams"] == ngram.n_ngrams_
    assert facts["held_out_loss"] == ngram.order_losses_[ngram.order_]
    assert facts["order_losses"] == {str(n): loss for n, loss in ngram.order_losses_.items()}
    assert facts["settings"] == {"order": "auto"}
    assert facts["n_distinct_names"] == len(NAMES)


@pytest.mark.parametrize(
    "picture",
    [("next-characters", "--prefix", "t"), ("surprise", "--name", "rex"), ("transitions",)],
)
def test_pictures_are_drawn_of_it(run: Run, ngram_file: Path, picture: tuple[str, ...]) -> None:
    pytest.importorskip("matplotlib")
    file = ngram_file.with_suffix(".png")
    assert run("plot", ngram_file, "-o", file, "--picture", *picture).code == 0
    assert file.stat().st_size > 1000


@pytest.mark.parametrize("picture", [("losses",), ("hidden-units", "--name", "rex")])
def test_pictures_of_networks_are_not(run: Run, ngram_file: Path, picture: tuple[str, ...]) -> None:
    pytest.importorskip("matplotlib")
    done = run("plot", ngram_file, "-o", ngram_file.with_suffix(".png"), "--picture", *picture)
    assert_failed(
        done, f"holds no network, which {picture[0]} is", "surprise, transitions, lengths or labels"
    )
