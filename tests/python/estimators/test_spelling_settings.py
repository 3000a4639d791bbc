"""``strip`` and ``case``, settings of every model: learned, asked for, stored, refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, Ensemble, NGram, datasets
from helpers import refused
from model_files import ctrl_c_after, split
from small_models import small, small_ensemble

LOWER = datasets.load("dinos")[::7]
MIXED = [name.upper() if i % 3 else name.title() for i, name in enumerate(LOWER)]
KINDS = ("network", "ngram", "ensemble")


def model(kind: str, **settings: Any) -> Any:
    if kind == "network":
        return small(base=None, hidden_size=32, max_epochs=12, learning_rate=0.02, **settings)
    if kind == "ngram":
        return NGram(**settings)
    members = [small(base=None, max_epochs=6, learning_rate=0.02), NGram(order=4)]
    return Ensemble(members=members, verbose=False, **settings)


@pytest.fixture(scope="module", params=KINDS)
def folding(request: pytest.FixtureRequest) -> Any:
    return model(request.param, case="fold").fit(MIXED)


def stored(each: Any, folder: Path) -> dict[str, str]:
    each.save(folder / "m")
    metadata: dict[str, str] = split((folder / "m").read_bytes())[0]["__metadata__"]
    return metadata


# ---- case="fold" --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_case_makes_no_difference_to_what_is_learned_and_scored(kind: str) -> None:
    plain, folds = model(kind).fit(LOWER), model(kind, case="fold").fit(MIXED)
    assert folds.vocabulary_ == plain.vocabulary_
    assert folds.training_names_ == plain.training_names_
    assert folds.fingerprint() != plain.fingerprint()  # it scores capitals otherwise
    asked = ["Tricosaurus", "REX", "xqzvw", ""]
    expected = plain.score_samples([name.lower() for name in asked])
    assert folds.score_samples(asked).tolist() == expected.tolist()
    assert folds.perplexity(asked) == plain.perplexity([name.lower() for name in asked])
    assert folds.score_chars("Rex").tolist() == plain.score_chars("rex").tolist()
    nexts = folds.next_char_log_probabilities("TRI"), plain.next_char_log_probabilities("tri")
    assert nexts[0].tolist() == nexts[1].tolist()
    assert folds.sample(5) == plain.sample(5)
    assert folds.generate(5) == plain.generate(5)
    assert folds.most_likely(3, prefix="T") == plain.most_likely(3, prefix="t")
    held_out = datasets.load("dinos")[1::7]
    plain.calibrate(held_out)
    folds.calibrate([name.upper() for name in held_out])
    assert folds.threshold_ == plain.threshold_
    assert folds.predict(asked).tolist() == plain.predict([n.lower() for n in asked]).tolist()


@pytest.mark.parametrize(
    "conditions",
    [
        {"prefix": "TR"},
        {"suffix": "SAURUS"},
        {"contains": "Au"},
        {"contains": ["Au", "RU"]},
        {"pattern": "[A-M].*[^Q]US"},
        {"pattern": "A.*|B.*", "min_length": 4},
        {"alphabet": "ABCDEFGHIJKLMNOPRSTU"},
        {"alphabet": list("SAURONT")},
        {"block": ["SAURUS"]},
        {"exclude": MIXED},
        {"exclude": MIXED, "min_distance": 3},
    ],
    ids=" ".join,
)
def test_conditions_are_without_regard_to_case(folding: Any, conditions: dict[str, Any]) -> None:
    def lower(value: Any) -> Any:
        if isinstance(value, str):
            return value.lower()
        return [lower(each) for each in value] if isinstance(value, list) else value

    lowered = {name: lower(value) for name, value in conditions.items()}
    assert folding.generate(3, **conditions) == folding.generate(3, **lowered)
    if isinstance(folding, NGram):  # quick to search
        assert folding.most_likely(2, **conditions) == folding.most_likely(2, **lowered)
    few = {"budget": 500}
    assert folding.probability_of(**conditions, **few) == folding.probability_of(**lowered, **few)


def test_training_names_are_excluded_in_any_case(folding: Any) -> None:
    known = {name.lower() for name in MIXED}
    names = folding.generate(50, temperature=0.5)
    assert known.isdisjoint(names)
    others = folding.generate(50, temperature=0.5, exclude=[name.upper() for name in names])
    assert set(names).isdisjoint(others)
    assert others.report.excluded > 0


def test_names_come_with_capitals_if_wanted(folding: Any) -> None:
    plain, asked = folding.generate(20), []
    names = folding.generate(20, capitalize=True, accept=lambda name: asked.append(name) or True)
    assert names == [name.capitalize() for name in plain]
    assert set(names) <= set(asked)
    assert names.log_probabilities.tolist() == plain.log_probabilities.tolist()
    assert folding.score_samples(names).tolist() == names.log_probabilities.tolist()
    found = folding.most_likely(3, capitalize=True)
    assert found == [name.capitalize() for name in folding.most_likely(3)]
    assert np.isfinite(found.log_probabilities).all()


def test_capitals_are_for_models_that_fold(folding: Any) -> None:
    keeping = NGram().fit(LOWER)
    for ask in (keeping.generate, keeping.most_likely):
        with refused(ValueError, "^capitalize is True", "case='keep'", "case='fold'"):
            ask(3, capitalize=True)
        with refused(TypeError, "^capitalize is 1 "):
            ask(3, capitalize=1)
    with refused(TypeError, "^capitalize is 'yes' "):
        folding.generate(3, capitalize="yes")


def test_what_was_learned_stays_what_it_is(folding: Any) -> None:
    before = folding.score_samples(["REX"]).tolist()
    changed = pickle.loads(pickle.dumps(folding)).set_params(case="keep")
    assert changed.score_samples(["REX"]).tolist() == before


# ---- strip=False --------------------------------------------------------------------------------

PASSWORDS = [" a", "a ", " b ", "b", "ab ", "  a", "ba", "a b"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_white_space_is_learned_and_scored(kind: str) -> None:
    keeps = model(kind, strip=False, **({} if kind == "ngram" else {"validation_fraction": 0}))
    keeps.fit(PASSWORDS)
    assert keeps.training_names_ == tuple(sorted(set(PASSWORDS)))
    assert keeps.names_report_.stripped == 0
    one, two = keeps.score_samples(["a", " a"])
    assert one != two
    assert keeps.score_samples([" a\n"]) == [two]
    drawn = keeps.sample(300, seed=1)
    assert any(name != name.strip() for name in drawn)
    names = keeps.generate(30, on_shortfall="ignore")
    assert any(name != name.strip() for name in names)
    assert names.log_probabilities.tolist() == keeps.score_samples(names).tolist()
    assert all(name[0] == " " for name in keeps.generate(5, prefix=" ", max_length=5))
    assert all(name[-1] == " " for name in keeps.generate(5, suffix=" ", max_length=5))
    assert all(name[0] == " " == name[-1] for name in keeps.generate(3, pattern=" .* "))
    assert any(" " in (name[0], name[-1]) for name in keeps.most_likely(20))
    with refused(ValueError, "^prefix is ' '", "no white space before"):
        NGram().fit(PASSWORDS).generate(1, prefix=" ")


# ---- files, settings ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_stored(kind: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"case": "fold", "strip": False}
    fitted = model(kind, **settings).fit(MIXED)
    stored(fitted, tmp_path)
    for same in (dinorc.load(tmp_path / "m"), pickle.loads(pickle.dumps(fitted))):
        assert same.fingerprint() == fitted.fingerprint()
        params = same.get_params()
        assert (params["case"], params["strip"]) == ("fold", False)
        asked = ["REX", " rex", ""]
        assert same.score_samples(asked).tolist() == fitted.score_samples(asked).tolist()
        assert same.settings_["case"] == "fold"  # type: ignore[attr-defined]
        assert same.settings_["strip"] is False  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_models_without_them_are_as_before(kind: str, tmp_path: Path) -> None:
    metadata = stored(model(kind).fit(LOWER), tmp_path)
    assert "strip" not in metadata["params"] + metadata["model"].replace('"stripped"', "")
    assert "case" not in metadata["params"] + metadata["model"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"case": "lower"}, ValueError, "case is 'lower'; expected one of 'keep', 'fold'"),
        ({"case": None}, ValueError, "case is None"),
        ({"strip": "no"}, TypeError, "strip is 'no' .*; expected True or False"),
        ({"strip": 0}, TypeError, "strip is 0 "),
    ],
)
def test_bad_values(kind: str, settings: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        model(kind, **settings)


def test_a_run_goes_on_only_as_it_began() -> None:
    for make in (small, small_ensemble):
        with ctrl_c_after(3):
            begun = make(case="fold").fit(MIXED)
        with refused(ValueError, "case is"):
            begun.set_params(case="keep").resume(MIXED)
        begun.set_params(case="fold").resume(MIXED)
        assert begun.fingerprint() == make(case="fold").fit(MIXED).fingerprint()


def test_members_of_an_ensemble_read_names_in_one_way(tmp_path: Path) -> None:
    folds, keeps = NGram(case="fold").fit(MIXED), NGram(order=2).fit(LOWER)
    with refused(ValueError, r"models\[1\] was trained with strip=True and case='keep', and"):
        Ensemble.of([folds, keeps])
    with refused(ValueError, r"members\[1\] was trained with strip=True and case='keep', and"):
        Ensemble(members=[NGram(), keeps], case="fold").fit(MIXED)
    mixed = Ensemble.of([folds, NGram(order=2, case="fold").fit(MIXED)])
    mixed.save(tmp_path / "m")
    for each in (mixed, dinorc.load(tmp_path / "m")):
        assert each.case == "fold"  # type: ignore[attr-defined]
        assert each.score_samples(["REX"]) == mixed.score_samples(["rex"])


def test_settings_of_members_give_way() -> None:
    members = [small(base=None, strip=False), NGram(case="fold")]
    ensemble = Ensemble(members=members, verbose=False).fit([*MIXED, " x"])
    assert ensemble.score_samples(["Rex"]) != ensemble.score_samples(["rex"])
    assert " " not in ensemble.vocabulary_
    for member in ensemble.members_:
        params = member.get_params()
        assert (params["strip"], params["case"]) == (True, "keep")


def test_the_weights_of_a_base_learn_names_without_capitals() -> None:
    base = CharRNN(hidden_size=8, embedding_size=4, max_epochs=2).fit(LOWER)
    assert small(base=base, case="fold").fit(MIXED).settings_["base"] == base.fingerprint()


def test_members_that_differ_are_a_damaged_file(tmp_path: Path) -> None:
    from model_files import edited_facts, loading

    ensemble = model("ensemble").fit(LOWER)
    stored(ensemble, tmp_path)

    def edit(facts: dict[str, Any]) -> None:
        facts["members"][1]["settings"]["case"] = "fold"

    made = edited_facts((tmp_path / "m").read_bytes(), edit)
    assert json.loads(split(made)[0]["__metadata__"]["model"])["members"][1]["settings"]["case"]
    with refused(dinorc.ModelFileError, "the members differ in strip or case"):
        loading(tmp_path / "m", made)
