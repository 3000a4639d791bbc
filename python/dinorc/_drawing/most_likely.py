"""The most probable names of all, by a search that is either exact or reports that it gave up."""

from __future__ import annotations

from dinorc._drawing.generated_names import GeneratedNames
from dinorc._names.cleaning import LONGEST_NAME, is_clean
from dinorc._names.vocabulary import EncodedNames
from dinorc._storage.learned_model import LearnedModel
from dinorc._validation import Array
from dinorc.errors import SearchLimitError

MOST_BYTES = 2**30  # of memory for the search


def search_most_likely(trained: LearnedModel, n: int, prefix: Array) -> GeneratedNames:
    """Return the n most probable names, or all there are, best first; `prefix` is ids.

    A text that `score_samples` would change first, with white space around it or not in Unicode's
    normal form C, does not count as a name. Hardly any is among the most probable.
    """
    wanted = n
    while True:
        characters, ends, log_probabilities, is_complete = trained.predictor.most_likely(
            wanted, prefix, LONGEST_NAME, MOST_BYTES
        )
        texts = trained.vocabulary.decode(EncodedNames(characters, ends))
        places = [place for place, text in enumerate(texts) if is_clean(text)][:n]
        names = GeneratedNames([texts[place] for place in places], log_probabilities[places])
        if len(names) == n or (is_complete and len(texts) < wanted):
            return names
        if not is_complete:
            raise SearchLimitError(
                f"the search has taken {MOST_BYTES / 2**30:g} GiB of memory, its limit, after "
                f"{len(names):,} of {n:,} names, which the exception has as `names`; expected "
                "fewer names or a longer prefix",
                names,
            )
        wanted *= 2
