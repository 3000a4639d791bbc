"""Draws candidates until enough of them meet the conditions, or there are no more to be had."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._drawing.conditions import CheckedConditions
from dinorc._drawing.generated_names import GeneratedNames, GenerationReport, NamesShare
from dinorc._drawing.rules import DrawingRules
from dinorc._names.vocabulary import EncodedNames
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.memory import require_memory_for_names
from dinorc._validation import require_integer, require_no_nan

# How many candidates are drawn at most, where `budget` does not say it: a larger n never gives up
# earlier, so that the first 10 of 20 names are those that n = 10 gives.
MOST_CANDIDATES = 100_000  # plus, for each name that is wanted:
MOST_CANDIDATES_A_NAME = 100

LARGEST_BUDGET = 2**62


@dataclass(frozen=True)
class Drawing:
    """A draw from a model under conditions, as the core takes it."""

    trained: LearnedModel
    predictor: Predictor  # of the names with the label asked for
    conditions: CheckedConditions
    rules: DrawingRules
    seed: int
    unique: bool
    workers: int

    def names(self, n: int, budget: object) -> GeneratedNames:
        """Return n names, or fewer after the most candidates, or where there are no more."""
        require_memory_for_names(n)
        most = checked_budget(budget, MOST_CANDIDATES + MOST_CANDIDATES_A_NAME * n)
        found: list[str] = []
        log_probabilities: list[float] = []
        drawing = self._core_drawing(most)
        facts = {**drawing.report(), "end": "" if n else "complete"}
        while not facts["end"]:
            characters, ends, scores = self._draw(drawing, n - len(found))
            require_no_nan(scores)
            found += self.trained.vocabulary.decode(EncodedNames(characters, ends))
            log_probabilities += scores.tolist()
            facts = drawing.report()
        if self.conditions.capitalizes:
            found = list(map(self.conditions.as_given, found))
        return GeneratedNames(found, log_probabilities, self._report(n, facts))

    def share(self, budget: int) -> NamesShare:
        """Return the share of the model's names that meet the conditions."""
        drawing = self._core_drawing(budget)
        facts = drawing.report()
        while not facts["end"]:
            self._draw(drawing, budget)
            facts = drawing.report()
        return NamesShare(*self._share(facts), facts["candidates"])

    def _core_drawing(self, most_candidates: int) -> _core.NameDrawing:
        return _core.NameDrawing(
            self.predictor,
            self.conditions.core,
            self.conditions.known,
            self.conditions.min_distance,
            self.unique,
            self.seed,
            *self.rules,
            most_candidates,
        )

    def _draw(self, drawing: _core.NameDrawing, wanted: int) -> tuple[Any, Any, Any]:
        characters, ends, needs_all = drawing.draw(wanted, self.workers)
        verdicts = self.conditions.verdicts(
            EncodedNames(characters, ends),
            self.trained.vocabulary,
            len(ends) if needs_all else wanted,
        )
        return drawing.settle(verdicts, wanted)

    def _share(self, facts: dict[str, Any]) -> tuple[float, float]:
        """Return the share of all names that meet the conditions, the prefix too, and its error."""
        of_prefix = self._probability_of_prefix()
        return of_prefix * facts["share"], of_prefix * math.sqrt(max(facts["share_variance"], 0.0))

    def _probability_of_prefix(self) -> float:
        """Return the share of the model's names that begin with the prefix."""
        named = np.append(self.conditions.prefix, np.int32(0))
        return math.exp(sum(self.predictor.score_characters(named, 0.0)[:-1]))

    def _report(self, n: int, facts: dict[str, Any]) -> GenerationReport:
        share, error = self._share(facts) if facts["candidates"] else (None, None)
        return GenerationReport(
            wanted=n,
            candidates=facts["candidates"],
            accepted=facts["accepted"],
            unfit=facts["unfit"],
            malformed=facts["malformed"],
            excluded=facts["excluded"],
            near=facts["near"],
            duplicates=facts["duplicates"],
            not_accepted=facts["not_accepted"],
            not_chosen=facts["not_chosen"],
            stopped=facts["end"],
            conditions=self.conditions.in_words,
            share=share,
            share_error=error,
            independent_draws=facts["independent_draws"],
            memory_is_full=facts["tree_is_full"],
        )


def checked_budget(budget: object, usual: int) -> int:
    """Return the most candidates: those asked for, or for None the usual number."""
    return usual if budget is None else require_integer("budget", budget, 1, LARGEST_BUDGET)
