"""Training that starts from another model's weights: what is taken over, and what is refused."""

from __future__ import annotations

import copy
import pickle
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, ModelFileError, NGram
from dinorc._estimators.base_models import BASES
from dinorc._training.run import TrainingRun
from helpers import refused
from small_models import CELLS, NAMES, everything, small

WORDS = ["roberta", "cobalt", "Éric", "straße", "zoë", "Årø", "crate", "carob", "tulip", "quart"]
LAST = {"validation_fraction": 0, "max_epochs": 2}


@pytest.fixture(scope="module")
def base() -> CharRNN:
    return small(**LAST, random_state=5).fit(WORDS)


def untrained(monkeypatch: pytest.MonkeyPatch, names: list[str], **settings: Any) -> CharRNN:
    """Return a model with the weights that training starts from."""
    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "run", lambda self, between: None)
        patch.setattr(TrainingRun, "install_best_weights", lambda self, finite: None)
        return small(**{**LAST, **settings}).fit(names)


def rows(rnn: CharRNN, name: str) -> dict[str, list[float]]:
    """Return a parameter's row for each character."""
    return dict(zip(rnn.vocabulary_, rnn.parameters_[name].tolist(), strict=True))


OF_CHARACTERS = ("embedding", "output_weights", "output_bias")


# ---- what is taken over -------------------------------------------------------------------------


@pytest.mark.parametrize("embedding_size", [None, 4])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_with_the_same_characters_all_weights_are_those_of_the_base(
    monkeypatch: pytest.MonkeyPatch, cell: str, dtype: str, embedding_size: int | None
) -> None:
    settings = {"cell": cell, "dtype": dtype, "embedding_size": embedding_size}
    base = small(**LAST, **settings).fit(WORDS)
    start = untrained(monkeypatch, WORDS[::-1], base=base, random_state=9, **settings)
    for name, array in start.parameters_.items():
        assert array.tobytes() == base.parameters_[name].tobytes(), name


def test_known_characters_keep_their_rows_and_others_are_drawn_as_usual(
    monkeypatch: pytest.MonkeyPatch, base: CharRNN
) -> None:
    names = ["xerxes", "b本t", "#roe"]
    start = untrained(monkeypatch, names, base=base)
    drawn = untrained(monkeypatch, names)
    known = set(base.vocabulary_)
    assert set(start.vocabulary_) - known == {"x", "本", "#"}
    for name in OF_CHARACTERS:
        for character, row in rows(start, name).items():
            if character in known:
                assert row == rows(base, name)[character]
            elif name != "output_bias":
                assert row == rows(drawn, name)[character]
    mean = np.float32(base.parameters_["output_bias"].astype(float).mean())
    for character in "x本#":
        assert rows(start, "output_bias")[character] == pytest.approx(mean)
    for name in ("input_weights", "recurrent_weights", "bias"):
        assert start.parameters_[name].tobytes() == base.parameters_[name].tobytes()


@pytest.mark.parametrize(
    ("character", "relative"),
    [("T", "t"), ("é", "É"), ("È", "e"), ("ø", "o"), ("å", "Å"), ("Ł", "l"), ("ế", "e"), ("Q", "q")]
    + [("ë", "ë"), ("Ë", "ë"), ("ß", "ß")],
)
def test_a_character_that_the_base_lacks_starts_like_its_relative(
    monkeypatch: pytest.MonkeyPatch, character: str, relative: str
) -> None:
    base = small(**LAST).fit([*WORDS[:3], "Åsa", "zoë", "straße", "ltqoe"])
    start = untrained(monkeypatch, [character + "x", "ab"], base=base)
    for name in OF_CHARACTERS:
        assert rows(start, name)[character] == rows(base, name)[relative]


def test_a_base_of_the_other_float_type_is_converted(
    monkeypatch: pytest.MonkeyPatch, base: CharRNN
) -> None:
    wide = untrained(monkeypatch, WORDS, base=base, dtype="float64")
    for name, array in wide.parameters_.items():
        assert array.dtype == np.float64
        assert (array == base.parameters_[name]).all()
    narrow = untrained(monkeypatch, WORDS, base=wide)
    assert narrow.parameters_["bias"].tobytes() == base.parameters_["bias"].tobytes()


def test_the_base_stays_as_it_is(base: CharRNN) -> None:
    before = everything(base)
    small(base=base).fit(NAMES)
    assert everything(base) == before


# ---- what it is found by, and its sizes ---------------------------------------------------------


def test_model_and_file_give_the_same(tmp_path: Path, base: CharRNN) -> None:
    base.save(tmp_path / "base")
    of_model = small(base=base).fit(NAMES)
    assert of_model.settings_["base"] == base.fingerprint()
    for path in (tmp_path / "base", str(tmp_path / "base")):
        assert small(base=path).fit(NAMES).fingerprint() == of_model.fingerprint()
    assert of_model.fingerprint() != small().fit(NAMES).fingerprint()


def test_settings_left_at_their_defaults_give_way_to_the_base(base: CharRNN) -> None:
    rnn = CharRNN(base=base, max_epochs=1).fit(NAMES)
    assert rnn.hidden_size == 128
    sizes = {name: rnn.settings_[name] for name in ("cell", "hidden_size", "embedding_size")}
    assert sizes == {"cell": "lstm", "hidden_size": 8, "embedding_size": 4}


@pytest.mark.parametrize("name", BASES)
def test_a_bundled_base_learns_a_short_list_better(name: str) -> None:
    names, others = NAMES[::6], NAMES[1::6]
    settings: dict[str, Any] = {"max_epochs": 5, "validation_fraction": 0, "unknown": "rare"}
    with_base, without = (CharRNN(base=base, **settings).fit(names) for base in (name, None))
    assert with_base.perplexity(others) < without.perplexity(others) - 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"hidden_size": 7}, r"hidden_size is 7, and the base has 8"),
        ({"embedding_size": None}, r"embedding_size is None, and the base has 4"),
        ({"cell": "gru"}, r"cell is 'gru', and the base has 'lstm'; expected the same, or no cell"),
    ],
)
def test_other_sizes_than_those_of_the_base_are_refused(
    base: CharRNN, settings: dict[str, Any], says: str
) -> None:
    rnn = small(base=base, **settings)
    before = everything(rnn)
    with refused(ValueError, says):
        rnn.fit(NAMES)
    assert everything(rnn) == before


def test_what_is_no_base_is_refused(tmp_path: Path, base: CharRNN) -> None:
    with refused(ValueError, "base is 'latn'", "did you mean 'latin'", "path of a model file"):
        small(base="latn").fit(NAMES)
    with refused(ValueError, "base is '.*missing', and there is no such file"):
        small(base=tmp_path / "missing").fit(NAMES)
    (tmp_path / "names.txt").write_text("ann\nbob\n")
    with refused(ModelFileError, "is not a dinorc model"):
        small(base=tmp_path / "names.txt").fit(NAMES)
    with refused(ModelFileError, "is a directory"):
        small(base=tmp_path).fit(NAMES)
    NGram().fit(NAMES).save(tmp_path / "counts")
    with refused(ValueError, "base is '.*counts', which is the file of another model, an ngram"):
        small(base=tmp_path / "counts").fit(NAMES)
    with refused(TypeError, r"base is NGram\(\) \(NGram\); expected a CharRNN"):
        small(base=NGram().fit(NAMES))
    base.save(tmp_path / "cut")
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-1])
    with refused(ModelFileError, "is damaged"):
        small(base=tmp_path / "cut").fit(NAMES)
    with refused(ValueError, "base is a CharRNN that has not learned any names yet"):
        small(base=small())
    rnn = copy.deepcopy(base)
    with refused(ValueError, "base is the model itself"):
        rnn.set_params(base=rnn)


# ---- keeping, cloning, resuming -----------------------------------------------------------------


def test_threads_make_no_difference(base: CharRNN) -> None:
    one, two = (small(base=base, n_jobs=n).fit(NAMES).fingerprint() for n in (1, 2))
    assert one == two


def test_a_saved_or_pickled_model_needs_no_base(tmp_path: Path, base: CharRNN) -> None:
    base.save(tmp_path / "base")
    rnn = small(base=tmp_path / "base", schedule="constant").fit(NAMES)
    rnn.save(tmp_path / "model")
    (tmp_path / "base").unlink()
    longer = small(base=base, schedule="constant", max_epochs=5).fit(NAMES)
    for same in (pickle.loads(pickle.dumps(rnn)), dinorc.load(tmp_path / "model")):
        assert same.fingerprint() == rnn.fingerprint()
        assert same.settings_ == rnn.settings_
        assert same.get_params()["hidden_size"] == 8
        assert same.set_params(max_epochs=5).resume(NAMES).fingerprint() == longer.fingerprint()


def test_a_file_keeps_the_fingerprint_of_a_base_that_was_a_model(
    tmp_path: Path, base: CharRNN
) -> None:
    rnn = small(base=base).fit(NAMES)
    rnn.save(tmp_path / "model")
    assert dinorc.load(tmp_path / "model").base == base.fingerprint()
    assert pickle.loads(pickle.dumps(rnn)).base.fingerprint() == base.fingerprint()


def test_resuming_without_the_base_of_fit_is_refused(base: CharRNN) -> None:
    settings: dict[str, Any] = {"schedule": "constant", "validation_fraction": 0}
    rnn = small(base=base, **settings).fit(NAMES).set_params(base=None, max_epochs=4)
    with refused(ValueError, f"base is None, and was '{base.fingerprint()}' in fit"):
        rnn.resume(NAMES)
    rnn = small(**settings).fit(NAMES).set_params(base=base, max_epochs=4)
    with refused(ValueError, f"base is '{base.fingerprint()}', and was None in fit"):
        rnn.resume(NAMES)


def test_clones_keep_what_the_base_has_learned(base: CharRNN) -> None:
    clone = pytest.importorskip("sklearn.base").clone
    rnn = small(base=base)
    assert clone(rnn).base is base
    assert clone(rnn).fit(NAMES).fingerprint() == rnn.fit(NAMES).fingerprint()


# ---- the bundled ones ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", BASES)
def test_a_bundled_base_is_the_one_that_the_script_made(name: str) -> None:
    base = dinorc.load(Path(dinorc.__file__).parent / "data" / f"{name}.safetensors")
    page = Path(__file__).parents[3] / "data" / "README.md"
    assert base.fingerprint() in page.read_text("utf-8")
    assert base.training_names_ == ()
    assert set(string.ascii_letters + "éü") <= set(base.vocabulary_)
