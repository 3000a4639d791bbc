"""`dinorc.load`: a model from its file."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, TypeAlias

from dinorc._estimators.ensemble import Ensemble
from dinorc._estimators.ensemble_members import MEMBER_CLASSES
from dinorc._estimators.name_model import NameModel
from dinorc._storage.model_file import read_model_file

# Whatever gives access to its memory; `collections.abc.Buffer` is not in Python 3.11.
Buffer: TypeAlias = bytes | bytearray | memoryview

# The class for each kind of model that a file can hold; the kinds are those of `_storage.kinds`.
ESTIMATORS: dict[str, type[NameModel]] = {**MEMBER_CLASSES, "ensemble": Ensemble}


def load(path: str | os.PathLike[Any] | Buffer | BinaryIO) -> NameModel:
    """Return the model that the method `save` has written.

    It is the same in every bit, settings, history and training names included, and its
    ``resume(names)`` goes on with an interrupted run. Whatever the file is, no code from it is run.

    Parameters
    ----------
    path : str, os.PathLike, bytes-like or binary file
        The path of a regular file; or its contents, as bytes or anything else that gives access to
        its memory; or an open file, which is read from where it stands to its end. (Bytes are
        never a path: they may come from anyone.)

    Returns
    -------
    NameModel
        A CharRNN, an NGram or an Ensemble: the class from which it was saved.

    Raises
    ------
    ModelFileError
        If the file was not written by `save`, if even one byte of it has changed, or if a
        newer version of dinorc has written it.
    OSError
        If the file can't be read, FileNotFoundError if it is missing; the error names the path.
    TypeError, ValueError
        If `path` is none of these, or a file opened as text.

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

    Without a file:

    >>> import io
    >>> buffer = io.BytesIO()
    >>> rnn.save(buffer)
    >>> load(buffer.getvalue()).fingerprint() == rnn.fingerprint()
    True
    """
    kind, settings, trained = read_model_file(path)
    return ESTIMATORS[kind]._of_learned(settings, trained)
