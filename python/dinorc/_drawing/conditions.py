"""What names have to be, checked: letters, lengths, lists to leave out, a function's verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._drawing.automata.conditions import conditions_automaton
from dinorc._drawing.in_words import conditions_in_words
from dinorc._names.cleaning import LONGEST_NAME, is_clean, names_to_leave_out
from dinorc._names.normal_form import spells_only_normal_text
from dinorc._names.spelling import Spelling, capitalized
from dinorc._names.vocabulary import EncodedNames, Vocabulary, encode_prefix
from dinorc._names.well_formed import spells_only_well_formed
from dinorc._storage.learned_model import LearnedModel
from dinorc._validation import Array, describe, require_integer

# What the core is told of a name that it asks about: its `Fate`.
_ACCEPTED, _MALFORMED, _NOT_ACCEPTED = 0, 4, 5


@dataclass(frozen=True)
class NameConditions:
    """What a name has to be: arguments of `generate`, `most_likely` and `probability_of`.

    Their meaning stands in the docstring of `generate`.
    """

    prefix: object = ""
    suffix: object = ""
    contains: object = ""
    pattern: object = None
    alphabet: object = None
    min_length: object = 1
    max_length: object = None
    exclude: object = None
    min_distance: object = 1
    block: object = ()
    accept: object = None
    capitalize: object = False

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> NameConditions:
        """Return those among the arguments of a function."""
        return cls(
            **{
                field.name: arguments[field.name]
                for field in fields(cls)
                if field.name in arguments
            }
        )

    def checked(self, trained: LearnedModel) -> CheckedConditions:
        """Return the conditions as the core takes them; each is valid, and a name can meet all."""
        vocabulary, spelling = trained.vocabulary, trained.spelling
        capitalizes = self._capitalizes(spelling)
        if self.accept is not None and not callable(self.accept):
            raise TypeError(
                f"accept is {describe(self.accept)}; expected a function that takes a name, or None"
            )
        prefix = encode_prefix(self.prefix, vocabulary, spelling=spelling)
        least, most = self._lengths(len(prefix))
        known = self._known(trained)
        distance = require_integer("min_distance", self.min_distance, 1, LONGEST_NAME)
        if distance > 1 and known is None and self.exclude is None:
            raise ValueError(
                f"min_distance is {distance} and exclude None; expected names to keep the distance "
                "from"
            )
        letters = {
            name: getattr(self, name)
            for name in ("prefix", "suffix", "contains", "pattern", "alphabet", "block")
        }
        if not isinstance(letters["contains"], str):
            letters["contains"] = _items(letters["contains"])
        letters["block"] = _items(letters["block"])
        automaton = conditions_automaton(vocabulary, **letters, spelling=spelling)
        if automaton is None:
            next_states = np.zeros((1, len(vocabulary)), np.int32)
            next_states[0, 0] = -1
            accepting = np.ones(1, np.bool_)
        else:
            next_states, accepting = automaton.next_states, automaton.accepting
        core = _core.NameConditions(next_states, accepting, prefix, least, most)
        if not core.can_be_met():
            assert automaton is not None, "lengths alone can always be met"
            shortest, longest = automaton.lengths()
            lengths = f"{shortest} or more" if longest is None else f"{shortest} to {longest}"
            raise ValueError(
                f"no name of {least} to {most} characters meets the other conditions, which names "
                f"of {lengths} characters may meet; expected other values of min_length and "
                "max_length"
            )
        words = conditions_in_words(
            **letters, min_length=least, max_length=None if most == LONGEST_NAME else most
        )
        accept: Any = self.accept
        return CheckedConditions(
            core=core,
            prefix=prefix,
            known=known,
            min_distance=0 if distance == 1 else distance,
            accept=accept,
            spelling=spelling,
            capitalizes=capitalizes,
            may_be_malformed=not _spells_only_names(vocabulary.characters[1:]),
            in_words=words,
        )

    def _capitalizes(self, spelling: Spelling) -> bool:
        if not isinstance(self.capitalize, (bool, np.bool_)):
            raise TypeError(f"capitalize is {describe(self.capitalize)}; expected True or False")
        if self.capitalize and not spelling.folds:
            raise ValueError(
                "capitalize is True, and the model was trained with case='keep', so that its names "
                "have the capitals that it has learned; expected a model with case='fold'"
            )
        return bool(self.capitalize)

    def _lengths(self, prefix_length: int) -> tuple[int, int]:
        least = require_integer("min_length", self.min_length, 1, LONGEST_NAME)
        most = LONGEST_NAME
        if self.max_length is not None:
            most = require_integer("max_length", self.max_length, 1, LONGEST_NAME)
        if least > most:
            raise ValueError(
                f"min_length is {least} and max_length {most}; expected min_length to be at most "
                "max_length"
            )
        if prefix_length > most:
            raise ValueError(
                f"prefix is {describe(self.prefix)} of {prefix_length} characters and max_length "
                f"{most}; expected a prefix of at most max_length characters"
            )
        return least, most

    def _known(self, trained: LearnedModel) -> _core.KnownNames | None:
        """Return the names to leave out, or None if there are none."""
        if self.exclude is None:
            return None
        if isinstance(self.exclude, str):
            if self.exclude == "training":
                return trained.known_names
            raise ValueError(
                f"exclude is {self.exclude!r}; expected 'training', or a list of names: "
                f"[{self.exclude!r}] to leave out this one"
            )
        return trained.vocabulary.known_names(
            names_to_leave_out(self.exclude, "exclude", trained.spelling)
        )


@dataclass(frozen=True)
class CheckedConditions:
    """Conditions as the core takes them."""

    core: _core.NameConditions
    prefix: Array  # ids, int32
    known: _core.KnownNames | None
    min_distance: int
    accept: Callable[[str], object] | None
    spelling: Spelling
    capitalizes: bool
    may_be_malformed: bool
    in_words: str

    def verdicts(self, questions: EncodedNames, vocabulary: Vocabulary, wanted: int) -> Array:
        """Return, for each name that the core asks about, whether it is accepted or why not.

        No name is looked at once `wanted` are accepted: whoever is asked need not judge in vain.
        """
        if self.accept is None and not self.may_be_malformed:
            return np.full(len(questions.ends), _ACCEPTED, np.uint8)
        verdicts = np.full(len(questions.ends), _NOT_ACCEPTED, np.uint8)
        for index, name in enumerate(vocabulary.decode(questions)):
            if wanted == 0:
                break
            verdicts[index] = self._verdict(name)
            wanted -= int(verdicts[index] == _ACCEPTED)
        return verdicts

    def as_given(self, name: str) -> str:
        """Return a name as whoever asked for it gets it."""
        return capitalized(name) if self.capitalizes else name

    def _verdict(self, name: str) -> int:
        if self.may_be_malformed and not is_clean(name, self.spelling):
            return _MALFORMED
        if self.accept is not None and not self.accept(self.as_given(name)):
            return _NOT_ACCEPTED
        return _ACCEPTED


def _spells_only_names(characters: str) -> bool:
    return spells_only_normal_text(characters) and spells_only_well_formed(characters)


def _items(value: object) -> object:
    """Return the items of an iterable as a list, so that they can be read twice."""
    is_other = isinstance(value, (str, bytes, bytearray, dict)) or not hasattr(value, "__iter__")
    return value if is_other else list(value)  # type: ignore[call-overload]
