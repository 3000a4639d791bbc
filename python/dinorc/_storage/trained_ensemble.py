"""What Ensemble has after training: members, weights, record; as plain state and as one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._names.spelling import Spelling
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel, common_fields
from dinorc._storage.member_kinds import MEMBER_KINDS, kind_of
from dinorc._storage.model_state import require_numbers, require_type
from dinorc._training.ensemble_settings import MOST_MEMBERS, EnsembleSettings
from dinorc._training.settings import check_share, stored_with_base
from dinorc._validation import Array, require_finite_real, require_integer

_SHARED = ("vocabulary", "labels", "label_counts")  # facts that all members have in common


@dataclass(frozen=True)
class Fitting:
    """How the list was used; `resume` keeps to it, whatever a newer dinorc would do."""

    validation_fraction: float
    folds: int  # for cross-fitting the weights
    prior: tuple[float, ...]  # weights before anything is known of the members
    prior_characters: float

    @classmethod
    def checked(cls, values: Mapping[str, Any], members: int) -> Fitting:
        """Return what `asdict` has written, if it is valid for so many members."""
        prior = tuple(require_finite_real("prior", weight) for weight in values["prior"])
        prior_characters = require_finite_real("prior_characters", values["prior_characters"])
        _core.mixture_weights(
            np.zeros((members, 1)), np.array(prior), prior_characters
        )  # or raises
        return cls(
            check_share("validation_fraction", values["validation_fraction"]),
            require_integer("folds", values["folds"], 0),
            prior,
            prior_characters,
        )


@dataclass(frozen=True, kw_only=True)
class TrainedEnsemble(LearnedModel):
    """Members, and everything that training them together has given."""

    predictor: _core.Ensemble
    members: tuple[LearnedModel, ...]
    weights: Array  # [members]
    settings: EnsembleSettings | None = None  # of the training; None: the members came trained
    fitting: Fitting | None = None
    names_hash: str = ""  # of the lists, which have to be given to `resume` again
    held_out_loss: float | None = None  # on the names that the weights were chosen by
    interrupted: bool = False

    @classmethod
    def of(cls, members: tuple[LearnedModel, ...], weights: Array, **facts: Any) -> TrainedEnsemble:
        """Return the model with these members and weights."""
        predictor = _core.Ensemble([member.predictor for member in members], weights)
        return cls(predictor=predictor, members=members, weights=weights, **facts)

    @property
    def spelling(self) -> Spelling:
        """That of every member."""
        return self.members[0].spelling

    @property
    def parameters(self) -> dict[str, Array]:
        """The parameters of the members, under their names in the file."""
        return {
            f"{_prefix(i)}{name}": array
            for i, member in enumerate(self.members)
            for name, array in member.parameters.items()
        }

    @property
    def parameter_arrays(self) -> tuple[str, ...]:
        """Those of the members."""
        return tuple(
            _prefix(i) + name
            for i, member in enumerate(self.members)
            for name in member.parameter_arrays
        )

    @cached_property
    def characters_read(self) -> int:
        """How many characters the distinct names have; of trained members, the most."""
        return self._characters_of_names() or max(each.characters_read for each in self.members)

    @property
    def results(self) -> list[tuple[Any, ...]]:
        """What is known after each epoch of each network, the place of the member ahead."""
        return [
            (place, *result)
            for place, member in enumerate(self.members)
            for result in getattr(member, "results", ())
        ]

    def _labelled(self, label: int) -> Predictor:
        members = [member.labelled_predictor(label) for member in self.members]
        return _core.Ensemble(members, self.weights)

    def without_names(self) -> TrainedEnsemble:
        """Return the same model without the names, and its members without theirs."""
        members = tuple(member.without_names() for member in self.members)
        return replace(super().without_names(), members=members)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the members, their weights and the vocabulary."""
        return self._hash({"members": [m.fingerprint() for m in self.members]}, [self.weights])

    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold.

        Those of each member are below a name of its own, without what all share.
        """
        state = self._common_state()
        state["arrays"]["weights"] = self.weights
        members = []
        for i, member in enumerate(self.members):
            own = member.state()
            if member.names_text == self.names_text:
                del own["arrays"]["names"]
            for name in _SHARED:
                if own["facts"].get(name) == state["facts"].get(name):
                    own["facts"].pop(name, None)
            state["arrays"] |= {_prefix(i) + name: a for name, a in own["arrays"].items()}
            members.append({"kind": kind_of(member), **own["facts"]})
        state["facts"] |= {
            "members": members,
            "settings": None if self.settings is None else stored_with_base(self.settings),
            "fitting": None if self.fitting is None else asdict(self.fitting),
            "names_hash": self.names_hash,
            "held_out_loss": self.held_out_loss,
            "interrupted": self.interrupted,
        }
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> TrainedEnsemble:
        """Return the model that `state` describes, with copies of its arrays; or STATE_ERRORS."""
        arrays: Mapping[str, Array] = state["arrays"]
        facts: Mapping[str, Any] = state["facts"]
        vocabulary = Vocabulary(facts["vocabulary"])
        count = require_integer("members", len(facts["members"]), 1, MOST_MEMBERS)
        fields = common_fields(arrays, facts, vocabulary)
        members = tuple(
            MEMBER_KINDS[each["kind"]].model.from_state(
                {"arrays": _arrays_of(i, arrays), "facts": _facts_of(each, facts)}
            )
            for i, each in enumerate(facts["members"])
        )
        names_text = fields["names_text"]  # the same bytes for all members that have the same names
        members = tuple(
            replace(member, names_text=names_text) if member.names_text == names_text else member
            for member in members
        )
        settings, fitting, loss = facts["settings"], facts["fitting"], facts["held_out_loss"]
        if (settings is None) != (fitting is None):
            raise ValueError("only one of settings and fitting is known")
        if len({member.spelling for member in members}) > 1:
            raise ValueError("the members differ in strip or case")
        return cls.of(
            members,
            np.array(require_numbers("weights", arrays["weights"], "float64", count)),
            **fields,
            settings=None if settings is None else EnsembleSettings.checked(settings),
            fitting=None if fitting is None else Fitting.checked(fitting, count),
            names_hash=require_type("names_hash", facts["names_hash"], str),
            held_out_loss=None if loss is None else require_finite_real("held_out_loss", loss),
            interrupted=require_type("interrupted", facts["interrupted"], bool),
        )


def member_shapes(facts: Mapping[str, Any]) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return the shapes of the members' parameters, by the name of the array that holds them."""
    shapes = {}
    for i, each in enumerate(facts["members"]):
        of_member = MEMBER_KINDS[each["kind"]].shapes(_facts_of(each, facts))
        for array, parts in of_member.items():
            shapes[_prefix(i) + array] = {_prefix(i) + n: shape for n, shape in parts.items()}
    return shapes


def _prefix(member: int) -> str:
    return f"members.{member}."


def _arrays_of(member: int, arrays: Mapping[str, Array]) -> dict[str, Array]:
    prefix = _prefix(member)
    own = {n.removeprefix(prefix): array for n, array in arrays.items() if n.startswith(prefix)}
    return {"names": arrays["names"]} | own


def _facts_of(member: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in _SHARED if name in facts} | dict(member)
