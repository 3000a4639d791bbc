"""Draws candidates until enough of them meet the conditions, or it is time to give up."""

from __future__ import annotations

import math
from collections.abc import Callable

from dinorc._drawing.conditions import REASONS
from dinorc._drawing.generated_names import GeneratedNames, GenerationReport
from dinorc._drawing.rules import DrawingRules
from dinorc._names.vocabulary import EncodedNames
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.memory import require_memory_for_names
from dinorc._validation import require_no_nan

# When to give up. This depends on the order of candidates, not on how many are drawn at a time, and
# a larger n never gives up earlier, so that the first 10 of 20 names are those that n = 10 gives.
MOST_REFUSED_IN_A_ROW = 100_000
MOST_CANDIDATES = 100_000  # plus, for each name that is wanted:
MOST_CANDIDATES_A_NAME = 100

_LARGEST_BATCH = 1 << 16


def draw_until_enough(
    trained: LearnedModel,
    n: int,
    seed: int,
    rules: DrawingRules,
    reason_to_refuse: Callable[[str], str | None],
    workers: int,
) -> GeneratedNames:
    """Return the first n candidates that are not refused, or fewer after giving up."""
    require_memory_for_names(n)
    refused = dict.fromkeys(REASONS, 0)
    found: list[str] = []
    log_probabilities: list[float] = []
    most = MOST_CANDIDATES + MOST_CANDIDATES_A_NAME * n
    seen = refused_in_a_row = 0
    stopped = "complete" if n == 0 else ""
    while not stopped:
        size = min(_batch_size(n - len(found), len(found), seen), most - seen)
        characters, ends, scores, had_a_choice = trained.predictor.generate(
            seen, size, seed, *rules, workers
        )
        require_no_nan(scores)
        names = trained.vocabulary.decode(EncodedNames(characters, ends))
        for name, score in zip(names, scores.tolist(), strict=True):
            seen += 1
            reason = reason_to_refuse(name)
            if reason is None:
                refused_in_a_row = 0
                found.append(name)
                log_probabilities.append(score)
                if len(found) == n:
                    stopped = "complete"
                    break
            else:
                refused[reason] += 1
                refused_in_a_row += 1
                if not had_a_choice:  # all other candidates would be like this one
                    stopped = "no other name"
                    break
                if refused_in_a_row == MOST_REFUSED_IN_A_ROW:
                    stopped = "refused in a row"
                    break
        if not stopped and seen == most:
            stopped = "candidates"
    report = GenerationReport(n, seen, len(found), **refused, stopped=stopped)
    return GeneratedNames(found, log_probabilities, report)


def _batch_size(wanted: int, found: int, seen: int) -> int:
    """Return how many candidates will probably be enough, with some to spare."""
    share_found = (found + 1) / (seen + 1)
    return min(math.ceil(1.1 * wanted / share_found) + 8, _LARGEST_BATCH)
