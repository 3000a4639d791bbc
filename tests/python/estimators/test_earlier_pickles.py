"""Pickles of the first release, in ``pickles/``, load, and today's pickles name nothing private.

They were made by dinorc 0.1.0 before it had folders (its classes were in
``dinorc.char_rnn``, ``dinorc.generated_names`` and ``dinorc._names``), for each cell and dtype by::

    CharRNN(
        cell=cell, dtype=dtype, hidden_size=2, embedding_size=None if dtype == "float64" else 3,
        max_epochs=2, schedule="constant", validation_fraction=0.25 if dtype == "float32" else 0,
        unknown="rare", verbose=False, random_state=7,
    ).fit(["anna", "hannah", "nana", "zoë"])
    .calibrate(["ann", "hanna", "nan"], false_alarm_rate=0.25)

and ``pickle.dumps(rnn, protocol=4)``.
"""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import pytest

from dinorc import CharRNN, GeneratedNames
from helpers import refused
from small_models import NAMES, small

STORED = Path(__file__).with_name("pickles")

# The fingerprint when pickled, the one after `resume` with max_epochs=3, and the threshold.
TRAINED = {
    "lstm_float32": ("5323d486e059a336", "dc24a175e1539875", "0x1.df6167673eb44p-1"),
    "lstm_float64": ("4e2b84070afd7b6c", "bc936a1106c91e9d", "0x1.ce5ee8d0040afp-2"),
    "gru_float32": ("d1241aac410e767d", "c0eff16417314406", "-0x1.6e001b55b4c44p+1"),
    "gru_float64": ("cb8cb4d282005746", "c08c0296a9dc7ad8", "0x1.030cd6b423343p+0"),
    "rnn_float32": ("82c62940f2978a4b", "a76a0c75f1bab96e", "0x1.8bf6bac054a03p-3"),
    "rnn_float64": ("21e7463ccb6666cb", "27788498316d2773", "-0x1.3fade4195bbebp+1"),
}

DEFAULTS_THEN: dict[str, Any] = {
    "dropout": 0,
    "learning_rate": 4e-3,
    "schedule": "one-cycle",
    "weight_decay": 0.01,
    "max_epochs": 20,
    "validation_fraction": 0.1,
    "base": None,
}


def stored(name: str) -> Any:
    return pickle.loads((STORED / f"{name}.pickle").read_bytes())


@pytest.mark.parametrize("name", TRAINED)
def test_a_trained_model_is_the_same_and_goes_on(name: str) -> None:
    fingerprint, resumed, threshold = TRAINED[name]
    rnn = stored(name)
    assert type(rnn) is CharRNN
    assert rnn.fingerprint().startswith(fingerprint)
    assert rnn.training_names_ == ("anna", "hannah", "nana", "zoë")
    assert rnn.threshold_ == float.fromhex(threshold)
    assert rnn.predict(["anna", "x"]).tolist() == [1, -1]
    assert rnn.resumable_
    rnn.set_params(max_epochs=3).resume(["zoë", "anna", "hannah", "nana"])
    assert rnn.fingerprint().startswith(resumed)


def test_every_other_kind_loads() -> None:
    assert (
        stored("not_fitted").get_params()
        == CharRNN(cell="gru", unknown="error", **DEFAULTS_THEN).get_params()
    )
    notebook = stored("from_notebook")
    assert notebook.fingerprint().startswith("c5a4ec5c3de7f1ed")
    assert (notebook.training_names_, notebook.resumable_) == ((), False)
    assert set(notebook.settings_) == {"cell", "hidden_size", "embedding_size", "dtype"}
    names = stored("generated_names")
    assert type(names) is GeneratedNames
    assert names == ["hna", "ë", "haa"]
    assert names.log_probabilities.tolist() == stored("lstm_float32").score_samples(names).tolist()
    assert names.report.accepted == 3
    assert stored("names_report") == stored("lstm_float32").names_report_


def test_pickles_of_today_name_nothing_private() -> None:
    rnn = small(schedule="constant").fit(NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which says that these are the training names
        rnn.calibrate(NAMES)
    for each in (rnn, small(), rnn.generate(3), rnn.generate(3).report, rnn.names_report_):
        text = pickle.dumps(each, protocol=4)
        assert b"dinorc" in text
        assert b"dinorc._" not in text
        assert type(pickle.loads(text)) is type(each)


def test_where_classes_are_found_is_what_they_say() -> None:
    assert repr(CharRNN) == "<class 'dinorc.CharRNN'>"
    from dinorc.char_rnn import CharRNN as Earlier

    assert Earlier is CharRNN
    with refused(TypeError, "<class 'dinorc.CharRNN'>"):
        small().fit(CharRNN)  # type: ignore[arg-type]
