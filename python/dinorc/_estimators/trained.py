"""What an estimator has learned: its attributes, its fingerprint, its state for pickling."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from dinorc._estimators.parameterized import Parameterized
from dinorc._names.cleaning import NamesReport
from dinorc._storage.model_file import write_model_file
from dinorc._storage.trained_model import STATE_ERRORS, TrainedModel
from dinorc._training.run import EpochResult
from dinorc._validation import Array, require_path
from dinorc.errors import NotFittedError

_STATE_VERSION = 1


class TrainedEstimator(Parameterized):
    """An estimator with or without a trained model, which is replaced as a whole or not at all."""

    def __init__(self) -> None:
        self._trained: TrainedModel | None = None
        self._settings()

    def _require_trained(self) -> TrainedModel:
        if self._trained is None:
            raise NotFittedError(
                "this CharRNN has not learned any names yet; call fit(names) first"
            )
        return self._trained

    @property
    def parameters_(self) -> dict[str, Array]:
        """The parameters by name: views into the network, without a copy.

        ``embedding [characters][embedding_size]`` if there is one, ``input_weights``,
        ``recurrent_weights``, ``output_weights [characters][hidden_size]``, ``bias`` and
        ``output_bias [characters]``.
        """
        return self._require_trained().network.parameters

    @property
    def vocabulary_(self) -> str:
        """The characters in the order of their ids: the line end, then all others by code point."""
        return self._require_trained().vocabulary.characters

    @property
    def history_(self) -> dict[str, list[Any]]:
        """What each epoch came to, as lists.

        ``epoch`` from 1, ``training_loss`` and ``validation_loss`` (None without validation) in
        nats a character, ``learning_rate`` at its end, ``seconds`` of training until its end.
        """
        results = self._require_trained().results
        return {
            name: [result[column] for result in results]
            for column, name in enumerate(EpochResult._fields)
        }

    @property
    def best_epoch_(self) -> int:
        """The epoch of least validation loss, from 1; without validation the last; 0: none yet."""
        return self._require_trained().best_epoch

    @property
    def n_epochs_(self) -> int:
        """The number of whole epochs trained."""
        return len(self._require_trained().results)

    @property
    def interrupted_(self) -> bool:
        """Whether Ctrl-C has ended training early."""
        return self._require_trained().interrupted

    @property
    def names_report_(self) -> NamesReport | None:
        """What the list of names held and what was done to make it clean; None: no list."""
        return self._require_trained().names_report

    @property
    def seed_(self) -> int:
        """The seed that was trained with."""
        return self._require_trained().seed

    def fingerprint(self) -> str:
        """Return a hash by which two people can tell whether they have the same model.

        It is that of the parameters, the vocabulary and the settings that shaped them; not of
        threads, instruction set, progress bar or time.

        Returns
        -------
        str
            SHA-256, 64 hexadecimal digits.

        Raises
        ------
        NotFittedError
            Before `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> settings = dict(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> one = CharRNN(n_jobs=1, **settings).fit(["anna", "hannah", "nana"])
        >>> two = CharRNN(n_jobs=2, **settings).fit(["anna", "hannah", "nana"])
        >>> one.fingerprint() == two.fingerprint()
        True
        """
        return self._require_trained().fingerprint()

    def save(self, path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> None:
        r"""Write the model to a file, from which `dinorc.load` makes the same one again.

        It is a safetensors file with everything: each parameter as a tensor under its name, the
        vocabulary, the settings, the history, the training names, what `resume` needs, and a
        checksum over all of it. The same model gives the same bytes on every machine.

        The file takes its place when it is whole and on the disk. Whatever happens before, be it
        Ctrl-C, a full disk or a power cut, leaves the file that was there. (Only a process that is
        killed leaves its temporary file, ``.dinorc-*.tmp`` in the same folder, to be deleted.)

        Parameters
        ----------
        path : str, bytes or os.PathLike
            Where to; an existing file is replaced, its permissions kept; of a symbolic link, what
            it points to. The suffix is up to you; ".safetensors" is usual.

        Raises
        ------
        NotFittedError
            Before `fit`.
        OSError
            If it can't be written; it names the path.
        TypeError, ValueError
            If `path` is none, or parameters or settings were given values that are not right.

        See Also
        --------
        dinorc.load : the way back.

        Examples
        --------
        >>> import os, tempfile
        >>> import dinorc
        >>> rnn = dinorc.CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "names.safetensors")
        ...     rnn.save(path)
        ...     dinorc.load(path).vocabulary_
        '\nahn'
        """
        trained = self._require_trained()
        write_model_file(require_path("path", path), self._settings(), trained)

    def __sklearn_is_fitted__(self) -> bool:
        return self._trained is not None

    def __getstate__(self) -> dict[str, Any]:
        trained = self._trained
        return {
            "version": _STATE_VERSION,
            "params": self.get_params(),
            "trained": None if trained is None else trained.state(),
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        version = state.get("version") if isinstance(state, Mapping) else None
        if version != _STATE_VERSION:
            raise ValueError(
                f"the state of the CharRNN has version {version!r}; expected {_STATE_VERSION}, "
                "that of this release of dinorc"
            )
        trained = state.get("trained")
        vars(self).update(self._defaults(), _trained=None)
        self.set_params(**state["params"])
        if trained is None:
            return
        try:
            self._trained = TrainedModel.from_state(trained)
        except STATE_ERRORS as error:
            raise ValueError(
                f"the state of the CharRNN is damaged ({type(error).__name__}: {error}); expected "
                "what a CharRNN of this version was pickled as"
            ) from error
