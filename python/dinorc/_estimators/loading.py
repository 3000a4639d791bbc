"""`dinorc.load`: a model from its file."""

from __future__ import annotations

import os
from dataclasses import asdict

from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.ngram import NGram
from dinorc._storage.model_file import read_model_file
from dinorc._validation import require_path

# The class for each kind of model that a file can hold; the kinds are those of `_storage.kinds`.
ESTIMATORS: dict[str, type[NameModel]] = {"char_rnn": CharRNN, "ngram": NGram}


def load(path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> NameModel:
    """Return the model that the method `save` has written to a file.

    It is the same in every bit, settings, history and training names included, and its
    ``resume(names)`` goes on with an interrupted run. Whatever the file is, no code from it is run.

    Parameters
    ----------
    path : str, bytes or os.PathLike
        A regular file.

    Returns
    -------
    NameModel
        A CharRNN or an NGram: the class from which it was saved.

    Raises
    ------
    ModelFileError
        If the file was not written by `save`, if even one byte of it has changed, or if a
        newer version of dinorc has written it.
    OSError
        If the file can't be read, FileNotFoundError if it is missing; the error names the path.
    TypeError, ValueError
        If `path` can't be the path of a file.

    Examples
    --------
    >>> import os, tempfile
    >>> from dinorc import CharRNN, load
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "names.safetensors")
    ...     rnn.save(path)
    ...     same = load(path)
    >>> same.fingerprint() == rnn.fingerprint()
    True
    """
    kind, settings, trained = read_model_file(require_path("path", path))
    model = ESTIMATORS[kind](**asdict(settings))
    model._trained = trained
    return model
