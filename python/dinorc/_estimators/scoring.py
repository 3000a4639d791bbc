"""What CharRNN makes of names: their log-probabilities, and what follows from these."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from dinorc import _core
from dinorc._estimators.trained import TrainedEstimator
from dinorc._judging.exact_sum import exact_sum
from dinorc._names.cleaning import name_to_score, names_to_score
from dinorc._names.prefix import encode_prefix
from dinorc._names.vocabulary import EncodedNames, Vocabulary, first_unknown
from dinorc._training.settings import Settings, worker_count
from dinorc._validation import Array

# How a character that training has not seen is scored. "rare" is one in a million: log(1e-6).
UNKNOWN_LOG_PROBABILITY = {
    "error": -math.inf,
    "impossible": -math.inf,
    "rare": -13.815510557964274,
}


class ScoringEstimator(TrainedEstimator):
    """An estimator that scores names by its trained model."""

    def score_samples(self, names: Iterable[str]) -> Array:
        """Return the natural log-probability of each whole name, its end included.

        It does not depend on the other names of the call, to the bit.

        Parameters
        ----------
        names : iterable of str
            As for `fit`, but without blank lines.

        Returns
        -------
        numpy.ndarray
            float64, one number a name.

        Raises
        ------
        TypeError, ValueError
            If a name is not as described, or has a character that training has not seen and
            ``unknown`` is "error".
        NotFittedError
            Before `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).score_samples(["anna", "ann"]).shape
        (2,)
        """
        trained = self._require_trained()
        clean = names_to_score(names)
        if not clean:
            return np.empty(0)
        encoded, unknown_log_probability, settings = self._encode(clean, trained.vocabulary)
        return trained.network.score(
            encoded.characters,
            encoded.ends,
            unknown_log_probability,
            worker_count(settings.n_jobs),
        )

    def score(self, names: Iterable[str], y: object = None) -> float:
        """Return the mean of `score_samples`.

        Parameters
        ----------
        names : iterable of str
            As for `score_samples`; at least one.
        y
            Of no effect; scikit-learn passes it.

        Returns
        -------
        float
            Nats a name.

        Raises
        ------
        TypeError, ValueError
            As by `score_samples`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).score(["anna"]) < 0
        True
        """
        scores = self.score_samples(names)
        if scores.size == 0:
            raise ValueError("names is empty; expected at least one name")
        return exact_sum(scores) / scores.size

    def score_chars(self, name: str) -> Array:
        """Return the natural log-probability of each character of a name, given those before it.

        Parameters
        ----------
        name : str
            One name, at least one character.

        Returns
        -------
        numpy.ndarray
            float64, one number a character, and one for the end of the name.

        Raises
        ------
        TypeError, ValueError
            As by `score_samples`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).score_chars("anna").shape
        (5,)
        """
        trained = self._require_trained()
        encoded, unknown_log_probability, _ = self._encode(
            [name_to_score(name)], trained.vocabulary, "name"
        )
        return np.array(
            trained.network.score_characters(encoded.characters, unknown_log_probability)
        )

    def perplexity(self, names: Iterable[str]) -> float:
        """Return the exponential of the mean nats a character, ends of names included.

        As many equally likely characters to choose from would be as hard to guess: 1 is a model
        that knows every character before it comes.

        Parameters
        ----------
        names : iterable of str
            As for `score_samples`; at least one.

        Returns
        -------
        float
            1 or more.

        Raises
        ------
        TypeError, ValueError
            As by `score_samples`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).perplexity(["anna"]) > 1
        True
        """
        clean = names_to_score(names)
        nats = -self.score(clean) * len(clean)
        characters = sum(len(name) + 1 for name in clean)
        return float(_core.exp(np.array([nats / characters]))[0])

    def next_char_log_probabilities(self, prefix: str = "") -> Array:
        r"""Return the natural log-probability of each character that may come after a prefix.

        To the bit what `score_chars` gives for that character.

        Parameters
        ----------
        prefix : str
            The beginning of a name, "" for what names begin with. Put in Unicode's normal form C;
            a space at its end is part of it.

        Returns
        -------
        numpy.ndarray
            float64, nats, in the order of ``vocabulary_``: index 0 is the end of the name.

        Raises
        ------
        TypeError, ValueError
            If `prefix` is no str, longer than a name can be, or has a character that training has
            not seen, whatever ``unknown`` is.
        NotFittedError
            Before `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"])
        >>> rnn.vocabulary_, rnn.next_char_log_probabilities("ann").shape
        ('\nahn', (4,))
        """
        trained = self._require_trained()
        return trained.network.next_characters(encode_prefix(prefix, trained.vocabulary))

    def hidden_states(self, name: str) -> Array:
        """Return the hidden output of the network after 0, 1, ... characters of a name.

        Row t is what the network goes by when it says what comes after t characters.

        Parameters
        ----------
        name : str
            One name, as for `score_chars`, or "" for the state that all names begin with.

        Returns
        -------
        numpy.ndarray
            ``[len(name) + 1][hidden_size]``, of the model's dtype; without dropout. For an LSTM
            these are the outputs, not the memory cells.

        Raises
        ------
        TypeError, ValueError
            If `name` is not as described, or has a character that training has not seen, whatever
            ``unknown`` is.
        NotFittedError
            Before `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).hidden_states("anna").shape
        (5, 8)
        """
        trained = self._require_trained()
        clean = name if isinstance(name, str) and not name else name_to_score(name)
        return trained.network.hidden_states(encode_prefix(clean, trained.vocabulary, "name"))

    def _encode(
        self, names: list[str], vocabulary: Vocabulary, argument: str = "names[{}]"
    ) -> tuple[EncodedNames, float, Settings]:
        """Return names as ids, and what an unknown character counts by the policy for them."""
        settings = self._settings()
        encoded = vocabulary.encode(names)
        if settings.unknown == "error":
            unknown = first_unknown(names, encoded)
            if unknown is not None:
                raise ValueError(
                    f"{argument.format(unknown.name)} is {names[unknown.name]!r}, with the "
                    f"character {unknown.character!r} at position {unknown.position}, which "
                    "training has not seen; set_params(unknown='impossible') or "
                    "set_params(unknown='rare') gives such names a score"
                )
        return encoded, UNKNOWN_LOG_PROBABILITY[settings.unknown], settings
