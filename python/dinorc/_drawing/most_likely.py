"""The most probable names of all, by a search that is either exact or reports that it gave up."""

from __future__ import annotations

import numpy as np

from dinorc._drawing.conditions import CheckedConditions
from dinorc._drawing.generated_names import GeneratedNames
from dinorc._names.vocabulary import EncodedNames
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel
from dinorc.errors import SearchLimitError

MOST_BYTES = 2**30  # of memory for the search


def search_most_likely(
    trained: LearnedModel, predictor: Predictor, n: int, conditions: CheckedConditions
) -> GeneratedNames:
    """Return the n most probable names that meet the conditions, or all there are, best first.

    The core knows all conditions but what is asked of each name here: where some are refused, more
    names are searched for.
    """
    wanted = n
    judged: dict[str, bool] = {}
    while True:
        characters, ends, log_probabilities, is_complete = predictor.most_likely(
            wanted, conditions.core, conditions.known, conditions.min_distance, MOST_BYTES
        )
        texts = trained.vocabulary.decode(EncodedNames(characters, ends))
        new = [text for text in texts if text not in judged]
        verdicts = conditions.verdicts(trained.vocabulary.encode(new), trained.vocabulary, len(new))
        judged.update(zip(new, (verdicts == 0).tolist(), strict=True))
        places = [place for place, text in enumerate(texts) if judged[text]][:n]
        names = GeneratedNames(
            [conditions.as_given(texts[place]) for place in places],
            log_probabilities[np.array(places, np.intp)],
        )
        if len(names) == n or (is_complete and len(texts) < wanted):
            return names
        if not is_complete:
            raise SearchLimitError(
                f"the search has taken {MOST_BYTES / 2**30:g} GiB of memory, its limit, after "
                f"{len(names):,} of {n:,} names, which the exception has as `names`; expected "
                "fewer names, a longer prefix or less rare conditions",
                names,
            )
        wanted *= 2
