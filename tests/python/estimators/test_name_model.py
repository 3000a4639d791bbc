"""What a class of models gets from NameModel, what it must define, and how deep classes nest."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import dinorc
from dinorc import CharRNN, NotFittedError
from dinorc._estimators.name_model import NameModel
from dinorc._storage.learned_model import LearnedModel
from helpers import refused
from small_models import NAMES, small

PACKAGE = Path(dinorc.__file__).parent
MODELS = [
    each
    for each in map(dinorc.__dict__.get, dinorc.__all__)
    if inspect.isclass(each) and issubclass(each, NameModel)
]


@dataclass(frozen=True, kw_only=True)
class Borrowed(LearnedModel):
    """What a Borrower has learned: all of it is taken from a CharRNN."""

    lender: CharRNN

    @classmethod
    def of(cls, lender: CharRNN) -> Borrowed:
        """Return what the lender has learned."""
        learned = lender._require_trained()
        return cls(
            predictor=learned.predictor,
            vocabulary=learned.vocabulary,
            seed=learned.seed,
            float_contract_version=learned.float_contract_version,
            names_text=learned.names_text,
            lender=lender,
        )

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The lender's."""
        return self.lender.parameters_

    def fingerprint(self) -> str:
        """Return one and the same fingerprint for all models."""
        return "borrowed"

    def state(self) -> dict[str, Any]:
        """Return all that makes up the model."""
        return {"lender": self.lender}

    @classmethod
    def from_state(cls, state: Any) -> Borrowed:
        """Return the model that the state describes."""
        return cls.of(state["lender"])


class Borrower(NameModel):
    """A model that only defines how it learns, with one setting for that."""

    def __init__(self, *, size: int = 4, unknown: str = "error", n_jobs: int | None = None) -> None:
        self.size = size
        self.unknown = unknown
        self.n_jobs = n_jobs
        super().__init__()

    def _settings(self, **changes: Any) -> Any:
        settings = SimpleNamespace(**self.get_params() | changes)
        if settings.size < 1:
            raise ValueError(f"size is {settings.size}; expected 1 or more")
        return settings

    _learned_from_state = Borrowed.from_state

    def fit(self, names: Iterable[str]) -> Borrower:
        """Have another model learn the names."""
        self._trained = Borrowed.of(small(hidden_size=self.size).fit(names))
        return self


@pytest.fixture(scope="module")
def lender() -> CharRNN:
    return small(hidden_size=4).fit(NAMES)


@pytest.fixture
def borrower() -> Borrower:
    return Borrower().fit(NAMES)


def test_all_that_names_can_be_asked_for_needs_a_predictor_and_a_vocabulary(
    borrower: Borrower, lender: CharRNN
) -> None:
    assert borrower.score_samples(NAMES).tolist() == lender.score_samples(NAMES).tolist()
    assert borrower.score(NAMES) == lender.score(NAMES)
    assert borrower.perplexity(NAMES) == lender.perplexity(NAMES)
    assert borrower.score_chars("rex").tolist() == lender.score_chars("rex").tolist()
    following = lender.next_char_log_probabilities("re")
    assert borrower.next_char_log_probabilities("re").tolist() == following.tolist()
    assert borrower.sample(5) == lender.sample(5)
    assert borrower.generate(5, prefix="a") == lender.generate(5, prefix="a")
    assert borrower.most_likely(5) == lender.most_likely(5)
    held_out = dinorc.datasets.load("dinos")[1::14]
    judge = copy.copy(lender).calibrate(held_out)
    assert borrower.calibrate(held_out).predict(NAMES).tolist() == judge.predict(NAMES).tolist()
    assert borrower.threshold_ == judge.threshold_
    assert borrower.false_alarm_rate_ == judge.false_alarm_rate_ == 0.01
    assert borrower.training_names_ == lender.training_names_ == tuple(sorted(NAMES))
    assert borrower.vocabulary_ == lender.vocabulary_


def test_a_class_says_what_its_settings_are(borrower: Borrower) -> None:
    assert borrower.get_params() == {"size": 4, "unknown": "error", "n_jobs": None}
    assert repr(borrower.set_params(size=5, unknown="rare")) == "Borrower(size=5, unknown='rare')"
    with refused(ValueError, "^size is 0"):
        borrower.set_params(size=0, unknown="error")
    with refused(ValueError, "^size is -1"):
        Borrower(size=-1)
    assert repr(borrower) == "Borrower(size=5, unknown='rare')"
    assert borrower.score(["Rex"]) < 0
    borrower.unknown = "ignore"
    with refused(ValueError, "^unknown is 'ignore'"):
        borrower.score(["rex"])


def test_a_copy_goes_by_what_the_class_says_of_its_state(borrower: Borrower) -> None:
    other = copy.deepcopy(borrower)
    assert other.fingerprint() == "borrowed"
    assert other._trained is not borrower._trained
    assert other.score(NAMES) == borrower.score(NAMES)


def test_messages_name_the_class(borrower: Borrower) -> None:
    with pytest.raises(NotFittedError, match=r"^this Borrower has not learned any names yet"):
        Borrower().sample(1)
    with pytest.raises(NotFittedError, match=r"^this Borrower has no threshold"):
        borrower.predict(["rex"])
    with refused(ValueError, "^Borrower has no parameter 'cell'"):
        borrower.set_params(cell="gru")
    with refused(ValueError, "the state of the Borrower has version 0"):
        borrower.__setstate__({"version": 0})
    with refused(ValueError, "the state of the Borrower is damaged", "a Borrower of this version"):
        borrower.__setstate__(borrower.__getstate__() | {"trained": {"lent": 1}})


@pytest.mark.parametrize("missing", ["_settings", "_learned_from_state"])
def test_an_incomplete_class_makes_no_models(missing: str) -> None:
    members = {name: member for name, member in vars(Borrower).items() if name != missing}
    with pytest.raises(TypeError, match=f"abstract method '?{missing}"):
        type("Half", (NameModel,), members)()


@pytest.mark.parametrize("model", MODELS)
def test_at_most_two_classes_stand_above_a_public_one(model: type) -> None:
    assert len(model.__mro__[1:-1]) <= 2
    assert NameModel in model.__mro__


@pytest.mark.parametrize("folder", ["plot", "_command_line"])
def test_pictures_and_commands_ask_a_model_for_nothing_private(folder: str) -> None:
    sources = sorted((PACKAGE / folder).glob("*.py"))
    assert len(sources) > 5
    for source in sources:
        assert re.findall(r"\b(?:rnn|model)\._\w+|\b_trained\b", source.read_text("utf-8")) == []
