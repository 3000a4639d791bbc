"""NGram: learns a list of names by counting, scores names and draws new ones."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dinorc._estimators.name_model import NameModel
from dinorc._estimators.ngram_learning import learn_ngrams
from dinorc._storage.learned_ngrams import LearnedNGrams
from dinorc._training.data import Lists, prepare
from dinorc._training.ngram_settings import NGramSettings
from dinorc._validation import Array


class NGram(NameModel):
    r"""An n-gram model that learns a list of names by counting, in a moment.

    The probability of a character follows from what has come after the characters before it, the
    last one, the last two, and so on, by modified Kneser-Ney smoothing, interpolated. The beginning
    and the end of a name count as characters. It has all that `CharRNN` has to score, draw and
    judge names, and the same names and settings give the same bits on every machine.

    Parameters
    ----------
    order : int or "auto"
        How many characters the longest n-grams have, 1 to 16: each character depends on up to
        ``order - 1`` before it. "auto": the one of 2 to 8 under which names held out from the
        counts are likeliest.
    unknown : {"smoothed", "rare", "impossible", "error"}
        What scoring does with a character that training has not seen: give it the probability
        1 / (N V), if N characters were read and V are known, or one in a million, or zero; or raise
        an error. Judging takes "error" for "smoothed".
    n_jobs : int or None
        How many threads score and draw names; None or -1: as many as there are processors. No
        result depends on it.
    random_state : int or None
        The seed of which names are held out, and of names drawn without a seed. None: a new one at
        each `fit`, kept in ``seed_``.
    strip : bool
        Whether white space around names is left out, as line ends are. False keeps it, as for lists
        of passwords: names may begin and end with it, and " " is one.
    case : {"keep", "fold"}
        "fold" learns and scores without regard to upper and lower case: names are put in lower case
        (`str.lower`: "ß" stays, "İ" becomes two characters), and so is all that is asked for.
        ``generate(capitalize=True)`` gives them back with capitals.

    Notes
    -----
    With *a* the count of an n-gram, *h* its context and *h'* the context without its first
    character, ``p(c|h) = (a(hc) - D) / A(h) + gamma(h) p(c|h')``, where *D* is one of three
    discounts, for counts of 1, 2, and 3 or more, *A(h)* the sum of the counts after *h*, and
    *gamma(h)* what makes the probabilities sum to one. The longest n-grams and those from the
    beginning of a name count as often as they came; shorter ones, by how many different characters
    came before them. Chen and Goodman estimate the discounts from how many n-grams came once,
    twice, and so on; lists of names are too short for that. Here each length of context has those
    under which names that were held out are likeliest, drawn towards usual values where there are
    few: each name is held out once, or some thousands of a long list.

    References
    ----------
    Chen, Goodman, "An empirical study of smoothing techniques for language modeling", 1998; Kneser,
    Ney, "Improved backing-off for m-gram language modeling", 1995.

    See Also
    --------
    CharRNN : a network, which learns long lists better.

    Examples
    --------
    >>> from dinorc import NGram, datasets
    >>> ngram = NGram().fit(datasets.load("dinos"))
    >>> high, low = ngram.score_samples(["tricosaurus", "xqzvw"])
    >>> bool(high > low)
    True
    """

    def __init__(
        self,
        *,
        order: int | str = "auto",
        unknown: str = "smoothed",
        n_jobs: int | None = None,
        random_state: int | None = 0,
        strip: bool = True,
        case: str = "keep",
    ) -> None:
        self.order = order
        self.unknown = unknown
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.strip = strip
        self.case = case
        super().__init__()

    def _settings(self, **changes: Any) -> NGramSettings:
        return NGramSettings.checked(self.get_params() | changes)

    _learned_from_state = LearnedNGrams.from_state

    def fit(
        self,
        names: Iterable[str],
        y: object = None,
        *,
        labels: Iterable[str] | None = None,
        counts: Iterable[float] | Mapping[str, float] | None = None,
    ) -> NGram:
        r"""Learn the names.

        Parameters
        ----------
        names : iterable of str
            Any list, array, generator or open text file, as for `CharRNN.fit`. Copies count; the
            order makes no difference.
        y
            Has no effect; scikit-learn passes it.
        labels, counts : optional
            The kind of each name, and how often each counts, as for `CharRNN.fit`. Counts are
            rounded to whole numbers; if one is below 1, the least of them becomes 1, and the others
            in proportion.

        Returns
        -------
        NGram
            Itself.

        Raises
        ------
        TypeError, ValueError
            If an argument or a setting is not as described; the model is then unchanged.

        Examples
        --------
        >>> from dinorc import NGram
        >>> ngram = NGram(order=3).fit(["anna", "hannah", "nana"])
        >>> ngram.order_, ngram.vocabulary_
        (3, '\nahn')
        """
        settings = self._settings()
        seed = secrets.randbits(32) if settings.random_state is None else settings.random_state
        lists = Lists(names, labels, counts, spelling=settings.spelling)
        self._trained = learn_ngrams(prepare(lists, 0.0, seed), settings, seed)
        return self

    @property
    def order_(self) -> int:
        """How many characters the longest n-grams have, the one that they predict included."""
        return self._require_trained().order

    @property
    def order_losses_(self) -> dict[int, float]:
        """Nats per character of the names that were held out, by each order tried.

        Empty for a single distinct name, which leaves nothing to hold out.
        """
        trained = self._require_trained()
        least, _ = trained.settings.orders()
        return dict(enumerate(trained.order_losses.tolist(), start=least))

    @property
    def n_ngrams_(self) -> int:
        """How many different n-grams there are, of all lengths."""
        return len(self._require_trained().ngrams.characters)

    @property
    def discounts_(self) -> Array:
        """What is taken from each count, ``[order][3]``; not to be written to.

        Row k is for contexts of k characters; its columns are for n-grams that count once, twice,
        and more often. Column j is above 0 and at most j + 1.
        """
        return self._require_trained().ngrams.discounts

    @property
    def settings_(self) -> dict[str, Any]:
        """The settings that shaped what was learned, whatever `set_params` has changed since."""
        return self._require_trained().settings.shaping()

    if TYPE_CHECKING:  # for an NGram, what was learned is of this type

        def _require_trained(self) -> LearnedNGrams: ...
