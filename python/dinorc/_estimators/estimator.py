"""An estimator in the manner of scikit-learn: settings, what was learned, saving and pickling."""

from __future__ import annotations

import inspect
import os
from abc import ABCMeta, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from types import MappingProxyType
from typing import Any, BinaryIO, Self

import numpy as np

from dinorc._names.cleaning import NamesReport
from dinorc._storage.learned_model import STATE_ERRORS, LearnedModel
from dinorc._storage.model_file import write_model_file
from dinorc._training.checkpoints import Checkpoints
from dinorc._training.settings import ADDED_LATER, check_n_jobs, worker_count
from dinorc._validation import describe
from dinorc.errors import NotFittedError

_STATE_VERSION = 1


class Estimator(metaclass=ABCMeta):
    """Something that learns names, whose constructor only keeps and checks its keyword arguments.

    What it has learned is replaced as a whole or not at all.
    """

    # The settings that every model has: how to score a character that it has not seen, and how
    # many threads to use.
    unknown: str
    n_jobs: int | None

    # The command line has models saved while they are trained.
    _checkpoints: Checkpoints | None = None

    def __init__(self) -> None:
        self._trained: LearnedModel | None = None
        self._settings()

    # ---- what a class of models has to say ------------------------------------------------------

    @abstractmethod
    def _settings(self, **changes: Any) -> Any:
        """Return the settings with these changes, checked, as anyone may have assigned to them."""

    @staticmethod
    @abstractmethod
    def _learned_from_state(state: Mapping[str, Any]) -> LearnedModel:
        """Return what was learned, made from its state; or raise one of STATE_ERRORS."""

    @classmethod
    def _of_learned(cls, settings: Any, trained: LearnedModel) -> Self:
        """Return the model that has learned this, with these settings."""
        model = cls(**asdict(settings))
        model._trained = trained
        return model

    # ---- settings -------------------------------------------------------------------------------

    @classmethod
    @cache  # reading the signature takes longer than drawing a name
    def _defaults(cls) -> Mapping[str, Any]:
        parameters = inspect.signature(cls).parameters
        return MappingProxyType({name: each.default for name, each in parameters.items()})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor.

        Parameters
        ----------
        deep : bool
            Has no effect; scikit-learn passes it.

        Returns
        -------
        dict
            Names and values, as they were given.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> CharRNN(cell="gru").get_params()["cell"]
        'gru'
        """
        return {name: getattr(self, name) for name in self._defaults()}

    def set_params(self, **params: Any) -> Self:
        """Change arguments of the constructor; what was learned stays as it is.

        Parameters
        ----------
        **params
            Names and values, as for the constructor.

        Returns
        -------
        self
            The model.

        Raises
        ------
        TypeError, ValueError
            If a name or a value is not valid; then nothing is changed.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> CharRNN().set_params(hidden_size=64)
        CharRNN(hidden_size=64)
        """
        known = self._defaults()
        for name in params:
            if name not in known:
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name!r}; expected some of "
                    f"{', '.join(known)}"
                )
        self._settings(**params)
        vars(self).update(params)
        return self

    def __repr__(self) -> str:
        defaults = self._defaults()
        changed = (
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if type(value) is not type(defaults[name]) or value != defaults[name]
        )
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Any:
        # Called only by scikit-learn, which is therefore installed.
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type="density_estimator",
            target_tags=TargetTags(required=False),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
        )

    # ---- what was learned -----------------------------------------------------------------------

    def _require_trained(self) -> LearnedModel:
        if self._trained is None:
            raise NotFittedError(
                f"this {type(self).__name__} has not learned any names yet; call fit(names) first"
            )
        return self._trained

    def _workers(self) -> int:
        """Return the number of threads. Checking all settings would take as long as a name."""
        return worker_count(check_n_jobs("n_jobs", self.n_jobs))

    @property
    def vocabulary_(self) -> str:
        """The characters in the order of their ids: the line end, then the others by code point."""
        return self._require_trained().vocabulary.characters

    @property
    def training_names_(self) -> tuple[str, ...]:
        """The distinct names that `fit` was given, by code point.

        Empty if the model was not trained by `fit`, or saved with ``training_names=False``.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn.fit(["nana", "anna", "nana"]).training_names_
        ('anna', 'nana')
        """
        return self._require_trained().names

    @property
    def labels_(self) -> tuple[str, ...]:
        """The labels that `fit` was given, each once, by code point; empty: it was given none."""
        return self._require_trained().labels

    @property
    def label_counts_(self) -> dict[str, float]:
        """How many names each label has, copies included; of names with counts, the sum of these.

        By their shares, a label is drawn where none is asked for.
        """
        trained = self._require_trained()
        return dict(zip(trained.labels, trained.label_counts, strict=True))

    @property
    def names_report_(self) -> NamesReport | None:
        """What the list of names held and what cleaning did to it; None if there was no list."""
        return self._require_trained().names_report

    @property
    def seed_(self) -> int:
        """The seed of the training."""
        return self._require_trained().seed

    @property
    def float_contract_version_(self) -> int:
        """The version of the float contract under which the model was trained."""
        return self._require_trained().float_contract_version

    @property
    def interrupted_(self) -> bool:
        """Whether training has not come to its end, after Ctrl-C, say."""
        self._require_trained()
        return False

    @property
    def resumable_(self) -> bool:
        """Whether training can go on from here."""
        self._require_trained()
        return False

    def fingerprint(self) -> str:
        """Return a hash by which two people can tell whether they have the same model.

        It covers the parameters, the vocabulary and the settings that shaped them, but not
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

    # ---- keeping it -----------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[Any] | BinaryIO, *, training_names: bool = True) -> None:
        r"""Write the model to a file, from which `dinorc.load` makes the same model again.

        It is a safetensors file with everything: each parameter as a tensor under its name, the
        vocabulary, the settings, the history, the training names, what `resume` needs, and a
        checksum over all of it. The same model gives the same bytes on every machine.

        At a path, the file takes its place only when it is whole and on the disk. Whatever happens
        before that (Ctrl-C, a full disk, a power cut), the old file stays. (Only a process that is
        killed leaves its temporary file, ``.dinorc-*.tmp`` in the same folder, to be deleted.)

        Parameters
        ----------
        path : str, os.PathLike or binary file
            The file to write. An existing one is replaced, with its permissions kept; so is the
            file that a symbolic link points to. The suffix is up to you; ".safetensors" is usual.
            Or an open file, such as an io.BytesIO, to which the same bytes are written.
        training_names : bool
            Whether the names that `fit` was given go with the model. Without them, they can't be
            excluded by `generate`, which says so, and ``training_names_`` is empty. That makes a
            smaller file, not a secret: a model may still give away what it has learned.

        Raises
        ------
        NotFittedError
            Before `fit`.
        OSError
            If the file can't be written; the error names the path.
        TypeError, ValueError
            If `path` is none of these, or wrong values were assigned to parameters or settings.

        See Also
        --------
        dinorc.load : reads the file.

        Examples
        --------
        >>> import os, tempfile
        >>> from dinorc import CharRNN, load
        >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "names.safetensors")
        ...     rnn.save(path)
        ...     load(path).vocabulary_
        '\nahn'
        """
        trained = self._require_trained()
        if not isinstance(training_names, (bool, np.bool_)):
            raise TypeError(f"training_names is {describe(training_names)}; expected True or False")
        kept = trained if training_names else trained.without_names()
        write_model_file(path, self._settings(), kept)

    def __sklearn_clone__(self) -> Self:
        # scikit-learn would otherwise forget what a model among the settings has learned.
        return type(self)(**self.get_params())

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
        name = type(self).__name__
        version = state.get("version") if isinstance(state, Mapping) else None
        if version != _STATE_VERSION:
            raise ValueError(
                f"the state of the {name} has version {version!r}; expected {_STATE_VERSION}, "
                "that of this release of dinorc"
            )
        trained = state.get("trained")
        defaults = self._defaults()
        vars(self).update(defaults, _trained=None)
        added_later = {name: value for name, value in ADDED_LATER.items() if name in defaults}
        self.set_params(**added_later | state["params"])
        if trained is None:
            return
        try:
            self._trained = self._learned_from_state(trained)
        except STATE_ERRORS as error:
            raise ValueError(
                f"the state of the {name} is damaged ({type(error).__name__}: {error}); expected "
                f"the pickled state of a {name} of this version"
            ) from error
