"""CharRNN: learns a list of names character by character, scores names and draws new ones."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dinorc._build_info import build_info
from dinorc._estimators.base_models import base_as_text, start_from, with_network_of
from dinorc._estimators.inspection import hidden_states
from dinorc._estimators.learning import train
from dinorc._estimators.lists_of_fit import prepare_as_in_fit
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.notebook_exchange import (
    model_of_notebook,
    require_notebook,
    to_notebook,
)
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.data import Lists, prepare
from dinorc._training.network_recipe import as_before, settled, share_to_hold_out
from dinorc._training.new_network import new_network
from dinorc._training.run import EpochResult, TrainingRun
from dinorc._training.settings import NetworkSettings
from dinorc._validation import Array


class CharRNN(NameModel):
    r"""A character-level recurrent network that learns a list of names.

    It follows scikit-learn's conventions for density estimators, without depending on it. The same
    names and settings give the same bits on every machine, whatever ``n_jobs`` is. What is "auto"
    goes by the length of the list and by whether there is a base; ``settings_`` tells.

    Parameters
    ----------
    cell : {"lstm", "gru", "rnn"}
        The recurrent cell; "rnn" is the notebook's.
    hidden_size : int
        Hidden units, 1 to 4,096.
    embedding_size : int or None
        How many numbers represent a character or the beginning of a name at the input, 1 to 4,096.
        None: as in the notebook, where a name begins with the zero vector.
    dropout : "auto" or float
        The share of hidden outputs left out at each training step, 0 or more and less than 1.
    optimizer : {"adam", "sgd"}
        Adam with decoupled weight decay, or plain stochastic gradient descent.
    learning_rate : "auto" or float
        The largest step of the schedule, above 0.
    schedule : {"auto", "averaged", "one-cycle", "constant"}
        How the learning rate changes over the epochs. "averaged": not at all, and the weights kept
        are the mean of those at the epochs' ends, without the first quarter of all epochs.
    weight_decay : "auto" or float
        At each step the weights shrink by this share times the learning rate; 0 or more.
    batch_size : "auto" or int
        Names per step, 1 to 65,536.
    max_epochs : "auto" or int
        How many times to go through the names, 1 or more. If it is given, "auto" elsewhere means a
        rate of 4e-3 in one cycle, dropout of 0.4, weight decay of 0.01 and batches of 8 or 32.
    validation_fraction : "auto" or float
        The share of the distinct names that `fit` holds out, to keep the weights of the epoch that
        does best on them; below 1. With 0, it trains on all names, even a single one, and keeps the
        last weights. "auto": 0.1 where ``max_epochs`` or ``patience`` is given, else 0.
    patience : int or None
        Training stops after this many epochs without a better validation loss. None: never early.
    clip_value, clip_norm : float or None
        The largest magnitude of each number of the gradients, and the largest norm of all of them
        together; above 0. None: no limit.
    dtype : {"float32", "float64"}
        The type of the parameters and of all arithmetic in training.
    unknown : {"smoothed", "rare", "impossible", "error"}
        What scoring does with a character that training has not seen: give it the probability
        1 / (N V), if N characters were read and V are known, or one in a million, or zero; or raise
        an error. Judging takes "error" for "smoothed".
    n_jobs : int or None
        How many threads; None or -1: as many as there are processors. No result depends on it.
    random_state : int or None
        The seed of everything random. None: a new one at each `fit`, kept in ``seed_``.
    verbose : bool or "auto"
        Whether `fit` shows a progress bar on standard error; "auto": on a terminal and in Jupyter.
    base : "auto", None, "latin", "english", CharRNN or path
        What `fit` starts from instead of random weights, whatever characters it has: a fitted
        model, the path of its file, or a model of the package that has read names, and words of
        one language or twelve. ``cell`` and sizes are then the base's, and those set to anything
        but that or their default an error of `fit`; ``settings_`` has the base's fingerprint.
        "auto": "latin", where it knows nine of ten letters and no other network is asked for.
    strip : bool
        Whether white space around names is left out, as line ends are. False keeps it, as for lists
        of passwords: names may begin and end with it, and " " is one.
    case : {"keep", "fold"}
        "fold" learns and scores without regard to upper and lower case: names are put in lower case
        (`str.lower`: "ß" stays, "İ" becomes two characters), and so is all that is asked for.
        ``generate(capitalize=True)`` gives them back with capitals.

    See Also
    --------
    dinorc.notebook : the functions of the course.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets
    >>> rnn = CharRNN(hidden_size=32, max_epochs=5).fit(datasets.load("dinos"))
    >>> rnn
    CharRNN(hidden_size=32, max_epochs=5)
    >>> high, low = rnn.score_samples(["tricosaurus", "xqzvw"])
    >>> bool(high > low)
    True
    """

    def __init__(
        self,
        *,
        cell: str = "lstm",
        hidden_size: int = 128,
        embedding_size: int | None = 32,
        dropout: float | str = "auto",
        optimizer: str = "adam",
        learning_rate: float | str = "auto",
        schedule: str = "auto",
        weight_decay: float | str = "auto",
        batch_size: int | str = "auto",
        max_epochs: int | str = "auto",
        validation_fraction: float | str = "auto",
        patience: int | None = None,
        clip_value: float | None = None,
        clip_norm: float | None = 1.0,
        dtype: str = "float32",
        unknown: str = "smoothed",
        n_jobs: int | None = None,
        random_state: int | None = 0,
        verbose: bool | str = "auto",
        base: CharRNN | str | os.PathLike[str] | None = "auto",
        strip: bool = True,
        case: str = "keep",
    ) -> None:
        self.cell = cell
        self.hidden_size = hidden_size
        self.embedding_size = embedding_size
        self.dropout = dropout
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.clip_value = clip_value
        self.clip_norm = clip_norm
        self.dtype = dtype
        self.unknown = unknown
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.base = base
        self.strip = strip
        self.case = case
        super().__init__()

    def _settings(self, **changes: Any) -> NetworkSettings:
        params = self.get_params() | changes
        return NetworkSettings.checked(params | {"base": base_as_text(params["base"], self)})

    _learned_from_state = TrainedNetwork.from_state

    # ---- training -------------------------------------------------------------------------------

    def fit(
        self,
        names: Iterable[str],
        y: object = None,
        *,
        labels: Iterable[str] | None = None,
        counts: Iterable[float] | Mapping[str, float] | None = None,
        validation: Iterable[str] | None = None,
        validation_labels: Iterable[str] | None = None,
    ) -> CharRNN:
        """Learn the names.

        Ctrl-C ends training early: the model then has the best weights so far, ``interrupted_`` is
        True, a `TrainingInterruptedWarning` says so, and `resume` goes on.

        Parameters
        ----------
        names : iterable of str
            Any list, array, column of a table (pandas, polars, pyarrow), generator or open text
            file. Copies count; the order makes no difference. Line ends, blank lines, byte-order
            marks and, unless ``strip`` is False, white space around names are left out, and names
            are put into Unicode's normal form C; ``names_report_`` counts these changes. A name may
            have 1,000 characters at most.
        y
            Has no effect; scikit-learn passes it.
        labels : iterable of str, optional
            The kind of each name: a sex, a country, a word. The model learns how names of each
            kind differ and what all have in common. A name may have several, in several items.
        counts : iterable or mapping of float, optional
            How often each name counts, 0 or more, or a mapping from names: one with a count of 12
            weighs as much as 12 copies, in training, validation and n-grams, at the cost of one.
            Counts of people, of which a few names have most, are better taken to a power: 0.25
            learns new names nearly as well as without counts, 0.5 frequent names best.
        validation : iterable of str, optional
            Names to judge the epochs by, instead of a held-out part of `names`; they may only have
            characters that occur in `names`.
        validation_labels : iterable of str, optional
            Their labels, if there are `labels`.

        Returns
        -------
        CharRNN
            Itself.

        Raises
        ------
        TypeError, ValueError
            If an argument or a setting is not as described; the model is then unchanged.
        TrainingDivergedError
            If a number was not finite. The model then has the best weights of the epochs before
            that or, if there were none, is unchanged.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=3, validation_fraction=0)
        >>> rnn.fit(["anna", "hannah", "nana"]).n_epochs_
        3
        """
        asked = self._settings()
        seed = secrets.randbits(32) if asked.random_state is None else asked.random_state
        lists = Lists(names, labels, counts, validation, validation_labels, asked.spelling)
        data = prepare(lists, share_to_hold_out(asked), seed)
        settings, start = start_from(self, data.names, bool(data.labels))
        network = new_network(settings, data.vocabulary, len(data.labels))
        return train(self, TrainingRun(network, data, settings, seed, start=start), seed)

    def resume(
        self,
        names: Iterable[str],
        *,
        labels: Iterable[str] | None = None,
        counts: Iterable[float] | Mapping[str, float] | None = None,
        validation: Iterable[str] | None = None,
        validation_labels: Iterable[str] | None = None,
    ) -> CharRNN:
        """Go on with a run that Ctrl-C interrupted; it ends with the bits of an uninterrupted one.

        With the constant schedule, so can a complete one, after ``set_params(max_epochs=...)``.

        Parameters
        ----------
        names, labels, counts, validation, validation_labels
            The same as for `fit`.

        Returns
        -------
        CharRNN
            Itself.

        Raises
        ------
        ValueError
            If there is no run to go on with, or names or settings differ; the model is unchanged.
        TrainingDivergedError
            As for `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> names = ["anna", "hannah", "nana"]
        >>> settings = dict(hidden_size=8, schedule="constant", validation_fraction=0)
        >>> in_two_parts = CharRNN(max_epochs=3, **settings).fit(names)
        >>> in_two_parts.set_params(max_epochs=5).resume(names).n_epochs_
        5
        >>> in_one = CharRNN(max_epochs=5, **settings).fit(names)
        >>> in_one.fingerprint() == in_two_parts.fingerprint()
        True
        """
        trained = self._require_trained()
        settings, fitted = as_before(self._settings(), trained.settings), trained.settings
        if settings.base is not None and fitted.base is not None:  # it may be gone, its part done
            settings = with_network_of(fitted, fitted.base, settings, self._defaults())
        checkpoint = trained.require_resumable(settings, build_info()["float_contract_version"])
        lists = Lists(names, labels, counts, validation, validation_labels, settings.spelling)
        data = prepare_as_in_fit(trained, lists, settings.validation_fraction)
        network = new_network(settings, data.vocabulary, len(data.labels))
        run = TrainingRun(network, data, settings, trained.seed, checkpoint)
        return train(self, run, trained.seed)

    # ---- what was learned -----------------------------------------------------------------------

    hidden_states = hidden_states

    @property
    def parameters_(self) -> dict[str, Array]:
        """The parameters by name: views into the network, without a copy.

        ``embedding [characters][embedding_size]`` if there is one, ``input_weights``,
        ``recurrent_weights``, ``output_weights [characters][hidden_size]``, ``bias`` and
        ``output_bias [characters]``.

        What is written to them counts from the next call on. While any of these arrays is held,
        calls about one name take longer, since the network's weights are prepared for each anew.
        """
        return self._require_trained().parameters

    @property
    def settings_(self) -> dict[str, Any]:
        """The settings that shaped the parameters, whatever `set_params` has changed since.

        For weights from elsewhere, only the settings of the network.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"]).set_params(max_epochs=50)
        >>> rnn.max_epochs, rnn.settings_["max_epochs"]
        (50, 1)
        """
        return self._require_trained().shaping_settings

    @property
    def history_(self) -> dict[str, list[Any]]:
        """The results of each epoch, as lists.

        ``epoch`` from 1, ``training_loss`` and ``validation_loss`` (None without validation) in
        nats per character, ``learning_rate`` and ``seconds`` of training at the epoch's end.
        """
        results = self._require_trained().results
        return {
            name: [result[column] for result in results]
            for column, name in enumerate(EpochResult._fields)
        }

    @property
    def best_epoch_(self) -> int:
        """The epoch of least validation loss, from 1; without validation, the last; 0: none yet."""
        return self._require_trained().best_epoch

    @property
    def n_epochs_(self) -> int:
        """The number of whole epochs trained."""
        return len(self._require_trained().results)

    @property
    def interrupted_(self) -> bool:
        """Whether training has not come to its end, after Ctrl-C, say."""
        return self._require_trained().interrupted

    @property
    def resumable_(self) -> bool:
        """Whether `resume` can go on, now or with a larger ``max_epochs``."""
        return self._require_trained().checkpoint is not None

    if TYPE_CHECKING:  # for a CharRNN, what was learned is of this type

        def _require_trained(self) -> TrainedNetwork: ...

    # ---- to and from elsewhere ------------------------------------------------------------------

    @classmethod
    def from_notebook(
        cls, parameters: Mapping[str, Array], char_to_ix: Mapping[str, int]
    ) -> CharRNN:
        r"""Return a CharRNN with the notebook's network, to score and sample with.

        Parameters
        ----------
        parameters : dict of numpy.ndarray
            ``Wax``, ``Waa``, ``Wya``, ``b``, ``by``, as `dinorc.model` returns them. Copied.
        char_to_ix : dict
            From character to id, with ``"\n"`` among the characters.

        Returns
        -------
        CharRNN
            With ``cell="rnn"`` and the arrays' dtype. It can't be resumed.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as described.

        Examples
        --------
        >>> from dinorc import CharRNN, initialize_parameters
        >>> parameters = initialize_parameters(n_a=5, n_x=3, n_y=3)
        >>> CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2}).vocabulary_
        '\nab'
        """
        arrays, ids = require_notebook(parameters, char_to_ix)
        rnn = cls(cell="rnn", hidden_size=arrays.n_a, embedding_size=None, base=None)
        rnn.set_params(dtype=arrays.Wax.dtype.name)
        rnn._trained = model_of_notebook(arrays, ids, settled(rnn._settings(), 0, False))
        return rnn

    to_notebook = to_notebook
