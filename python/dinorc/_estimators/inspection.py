"""The methods that show what a model makes of a prefix: what comes next, the hidden output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dinorc._estimators.estimator import Estimator
from dinorc._names.cleaning import name_to_score
from dinorc._names.listed_names import shown_labels
from dinorc._names.vocabulary import encode_part, encode_prefix
from dinorc._validation import Array

if TYPE_CHECKING:
    from dinorc._estimators.char_rnn import CharRNN


def next_char_log_probabilities(
    self: Estimator, prefix: str = "", *, label: str | None = None
) -> Array:
    r"""Return the natural log-probability of each character that may come after a prefix.

    These are, to the bit, the numbers that `score_chars` gives for the character.

    Parameters
    ----------
    prefix : str
        The beginning of a name; "" asks for the first character of names. It is put into Unicode's
        normal form C; a space at its end is part of it.
    label : str, optional
        The kind of the names, one of ``labels_``; without it, the kind is not known.

    Returns
    -------
    numpy.ndarray
        float64, nats, in the order of ``vocabulary_``: index 0 is the end of the name.

    Raises
    ------
    TypeError, ValueError
        If `prefix` is not a str, is longer than a name can be, or has a character that training has
        not seen, whatever ``unknown`` is.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> rnn.vocabulary_, rnn.next_char_log_probabilities("ann").shape
    ('\nahn', (4,))
    """
    trained = self._require_trained()
    predictor = trained.predictor_of(label)
    ids = encode_prefix(prefix, trained.vocabulary, spelling=trained.spelling)
    return predictor.next_characters(ids)


def hidden_states(self: CharRNN, name: str, *, label: str | None = None) -> Array:
    """Return the hidden output of the network after 0, 1, ... characters of a name.

    From row t the network computes what comes after t characters.

    Parameters
    ----------
    name : str
        One name, as for `score_chars`; "" for the state that all names begin with.
    label : str, optional
        The kind of the name, needed where the model knows labels.

    Returns
    -------
    numpy.ndarray
        ``[len(name) + 1][hidden_size]``, in the model's dtype; without dropout. For an LSTM
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
    clean = name_to_score(name, trained.spelling)
    if label is None and trained.labels:
        raise ValueError(f"label is None; expected one of {shown_labels(trained.labels)}")
    return trained.hidden_states(encode_part(clean, trained.vocabulary, "name"), label)
