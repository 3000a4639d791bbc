"""Ensemble: several models of names, mixed character by character."""

from __future__ import annotations

import os
import secrets
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from dinorc._build_info import build_info
from dinorc._estimators.base_models import base_as_text, bundled_bases
from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.ensemble_learning import EnsembleTraining
from dinorc._estimators.ensemble_members import (
    member_settings,
    mixed,
    model_of,
    new_member,
    resumed_members,
    unread_member,
)
from dinorc._estimators.ensemble_recipe import Recipe, default_members, prior_weights, recipe_for
from dinorc._estimators.estimator import Estimator
from dinorc._estimators.lists_of_fit import prepare_as_in_fit
from dinorc._estimators.name_model import NameModel
from dinorc._storage.learned_model import LearnedModel
from dinorc._storage.trained_ensemble import Fitting, TrainedEnsemble
from dinorc._training.data import Lists, TrainingData, prepare
from dinorc._training.ensemble_settings import EnsembleSettings, require_weight_for_each
from dinorc._training.run import EpochResult
from dinorc._validation import Array, describe
from dinorc.errors import TrainingInterruptedWarning

DEFAULT_FOLDS = 3  # where all names are learned although the recipe would hold some out


class Ensemble(NameModel):
    r"""Several models of names, their probabilities mixed character by character.

    The probability of the next character is a weighted mean of what the members make of it,
    p = Σ wᵢ pᵢ. An n-gram knows what it has read, a network what names are like, and networks from
    different seeds err in different places: together they predict a list better than any of them,
    above all a short one.

    Parameters
    ----------
    members : "auto" or list
        Models of names, at most 32: those that have not been trained are settings, by which `fit`
        trains models of its own; those that have been stay as they are, and have to know exactly
        the characters of the list. "auto": a few networks and an n-gram; how many networks, and
        how these learn, goes by the length of the list.
    weights : "auto" or list of float
        How much each member counts: numbers of 0 or more, not all of them 0; only their proportions
        matter. "auto": the weights under which names that the members have not learned are the most
        probable. Members that came trained should not have learned them, either.
    validation_fraction : "auto" or float
        The share of the distinct names that `fit` holds out, the same for all members, to choose
        each network's epoch and the weights by; 0 or more and less than 1. With 0, the members
        learn all names, and the weights are chosen by training further models on parts of a short
        list. "auto": 0 for short lists. The members' own ``validation_fraction`` has no effect.
    unknown : {"smoothed", "rare", "impossible", "error"}
        What scoring does with a character that training has not seen: give it the probability
        1 / (N V), if N characters were read and V are known, or one in a million, or zero; or raise
        an error. Judging takes "error" for "smoothed".
    n_jobs : int or None
        How many threads; None or -1: as many as there are processors. No result depends on it.
    random_state : int or None
        The seed of everything random; the member at place i has the seed ``random_state`` + i,
        whatever its own. None: a new one at each `fit`, kept in ``seed_``.
    verbose : bool or "auto"
        Whether `fit` shows a progress bar on standard error; "auto": on a terminal and in Jupyter.
    base : "auto", None, "latin", "english", CharRNN or path
        What the networks of the default members start from, as for `CharRNN`. "auto": "latin" and
        "english" by turns, if they know the letters of the list, else None.
    strip, case
        As for `CharRNN`, in place of the members' own; those that came trained have to have the
        same.

    See Also
    --------
    CharRNN : one network.
    NGram : an n-gram.

    References
    ----------
    Dempster, Laird & Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm" (1977),
    by which the weights are found.

    Examples
    --------
    >>> from dinorc import CharRNN, Ensemble, NGram, datasets
    >>> members = [CharRNN(hidden_size=16, max_epochs=4), NGram()]
    >>> ensemble = Ensemble(members=members).fit(datasets.load("dinos")[::7])
    >>> network, n_gram = ensemble.weights_
    >>> bool(n_gram > network)
    True
    >>> high, low = ensemble.score_samples(["tricosaurus", "xqzvw"])
    >>> bool(high > low)
    True
    """

    def __init__(
        self,
        *,
        members: Sequence[Estimator] | str = "auto",
        weights: Sequence[float] | Array | str = "auto",
        validation_fraction: float | str = "auto",
        unknown: str = "smoothed",
        n_jobs: int | None = None,
        random_state: int | None = 0,
        verbose: bool | str = "auto",
        base: CharRNN | str | os.PathLike[str] | None = "auto",
        strip: bool = True,
        case: str = "keep",
    ) -> None:
        self.members = members
        self.weights = weights
        self.validation_fraction = validation_fraction
        self.unknown = unknown
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.base = base
        self.strip = strip
        self.case = case
        super().__init__()

    def _settings(self, **changes: Any) -> EnsembleSettings:
        values = self.get_params() | changes
        members, base = member_settings(values["members"]), base_as_text(values["base"], self)
        return EnsembleSettings.checked(values | {"members": members, "base": base})

    _learned_from_state = TrainedEnsemble.from_state

    @classmethod
    def _of_learned(cls, settings: EnsembleSettings, trained: LearnedModel) -> Self:
        assert isinstance(trained, TrainedEnsemble)
        values = vars(settings).copy()
        if not isinstance(settings.members, str):
            values["members"] = [
                unread_member(each, trained.members[i] if i < len(trained.members) else None)
                for i, each in enumerate(settings.members)
            ]
        if not isinstance(settings.weights, str):
            values["weights"] = list(settings.weights)
        model = cls(**values)
        model._trained = trained
        return model

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
    ) -> Ensemble:
        """Learn the names.

        Small members are trained side by side. Ctrl-C ends training early: the model then has each
        member's best weights so far, ``interrupted_`` is True, a `TrainingInterruptedWarning` says
        so, and `resume` goes on.

        Parameters
        ----------
        names : iterable of str
            As for `CharRNN.fit`.
        y
            Has no effect; scikit-learn passes it.
        labels, counts : optional
            The kind of each name, and how often each counts, as for `CharRNN.fit`.
        validation : iterable of str, optional
            Names to choose epochs and weights by, instead of a held-out part of `names`; they may
            only have characters that occur in `names`.
        validation_labels : iterable of str, optional
            Their labels, if there are `labels`.

        Returns
        -------
        Ensemble
            Itself.

        Raises
        ------
        TypeError, ValueError
            If an argument or a setting is not as described, or a member that came trained knows
            other characters than the list has; the model is then unchanged.
        TrainingDivergedError
            If a number was not finite; the model is then unchanged.

        Examples
        --------
        >>> from dinorc import CharRNN, Ensemble
        >>> members = [CharRNN(hidden_size=8, max_epochs=3), CharRNN(cell="gru", hidden_size=8)]
        >>> ensemble = Ensemble(members=members, weights=[1, 3]).fit(["anna", "hannah", "nana"])
        >>> ensemble.weights_.tolist()
        [0.25, 0.75]
        """
        settings = self._settings()
        seed = secrets.randbits(32) if settings.random_state is None else settings.random_state

        def fraction(distinct: int) -> float:
            if isinstance(settings.validation_fraction, str):
                return recipe_for(distinct).validation_fraction
            return settings.validation_fraction

        lists = Lists(names, labels, counts, validation, validation_labels, settings.spelling)
        data = prepare(lists, fraction, seed)
        recipe = recipe_for(len(data.names))
        models = self._models(recipe, data)
        require_weight_for_each("weights", settings.weights, len(models))
        fitting = Fitting(
            validation_fraction=fraction(len(data.names)),
            folds=(recipe.folds or DEFAULT_FOLDS) if data.validation is None else 0,
            prior=tuple(prior_weights(recipe, models)),
            prior_characters=recipe.prior_characters,
        )
        members = [
            new_member(i, model, data, fitting, seed, settings) for i, model in enumerate(models)
        ]
        return self._train(EnsembleTraining(members, data, settings, fitting, seed))

    def resume(
        self,
        names: Iterable[str],
        *,
        labels: Iterable[str] | None = None,
        counts: Iterable[float] | Mapping[str, float] | None = None,
        validation: Iterable[str] | None = None,
        validation_labels: Iterable[str] | None = None,
    ) -> Ensemble:
        """Go on with a training that Ctrl-C interrupted.

        It ends with the bits of an uninterrupted one.

        Parameters
        ----------
        names, labels, counts, validation, validation_labels
            The same as for `fit`.

        Returns
        -------
        Ensemble
            Itself.

        Raises
        ------
        ValueError
            If no training was interrupted, or names or settings differ from those of `fit`; the
            model is then unchanged.
        TrainingDivergedError
            As for `fit`.
        """
        trained = self._require_trained()
        settings, fitting = self._settings(), trained.fitting
        if not trained.interrupted or trained.settings is None or fitting is None:
            raise ValueError(
                "there is no training to go on with; expected one that was interrupted"
            )
        trained.require_float_contract(build_info()["float_contract_version"])
        now, then = settings.shaping(), trained.settings.shaping()
        for name in now | then:
            if now.get(name) != then.get(name):
                raise ValueError(f"{name} is not what it was in fit; expected the same")
        lists = Lists(names, labels, counts, validation, validation_labels, settings.spelling)
        data = prepare_as_in_fit(trained, lists, fitting.validation_fraction)
        models = self._models(recipe_for(len(data.names)), data)
        members = resumed_members(trained, models, settings, data)
        return self._train(EnsembleTraining(members, data, settings, fitting, trained.seed))

    def _models(self, recipe: Recipe, data: TrainingData) -> list[Any]:
        """Return the members as they were given, or those of the recipe."""
        if not isinstance(self.members, str):
            return list(self.members)
        if self.base == "auto":
            return default_members(recipe, bundled_bases(data.names))
        return default_members(recipe, [] if self.base is None else [self.base])

    def _train(self, training: EnsembleTraining) -> Ensemble:
        """Run the training and keep its outcome, in a single assignment."""
        self._trained = training.learn(self._checkpoints)
        if self.interrupted_:
            warnings.warn(
                "training was interrupted; the model has the best weights of each member so far, "
                f"and resume({training.data.arguments}) goes on",
                TrainingInterruptedWarning,
                stacklevel=3,
            )
        return self

    @classmethod
    def of(
        cls, models: Iterable[NameModel], weights: Sequence[float] | Array | None = None
    ) -> Ensemble:
        """Return an ensemble of trained models, as they are.

        Parameters
        ----------
        models : iterable of models
            At least one, at most 32, all with the same vocabulary. They are shared, not copied.
        weights : list of float, optional
            One number of 0 or more for each, not all of them 0. None: the same for all.

        Returns
        -------
        Ensemble
            It can score and draw; it knows no training names.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as described.
        NotFittedError
            If one of the models has not learned any names yet.

        Examples
        --------
        >>> from dinorc import CharRNN, Ensemble
        >>> names = ["anna", "hannah", "nana"]
        >>> one = CharRNN(hidden_size=8, max_epochs=3, validation_fraction=0).fit(names)
        >>> two = CharRNN(cell="gru", hidden_size=8, validation_fraction=0).fit(names)
        >>> Ensemble.of([one, two], [0.3, 0.7]).score(["anna"]) < 0
        True
        """
        if isinstance(models, str) or not isinstance(models, Iterable):
            raise TypeError(f"models is {describe(models)}; expected a list of models")
        members = list(models)
        given, learned = mixed(members, weights)
        ensemble = cls(members=members, weights=given, **learned.spelling.settings())
        ensemble._trained = learned
        return ensemble

    # ---- what was learned -----------------------------------------------------------------------

    @property
    def members_(self) -> list[NameModel]:
        """The trained members, as models of their own; what they have learned is shared."""
        return [model_of(member) for member in self._require_trained().members]

    @property
    def weights_(self) -> Array:
        """How much each member counts, float64; the sum is 1. A copy."""
        return self._require_trained().weights.copy()

    @property
    def held_out_loss_(self) -> float | None:
        """Nats per character of the names that the weights were chosen by; None: by no names."""
        return self._require_trained().held_out_loss

    @property
    def history_(self) -> dict[str, list[Any]]:
        """The results of each epoch of each network, as lists.

        ``member`` from 0, and then as `CharRNN.history_`.
        """
        rows = self._require_trained().results
        columns = ("member", *EpochResult._fields)
        return {name: [row[column] for row in rows] for column, name in enumerate(columns)}

    @property
    def settings_(self) -> dict[str, Any]:
        """How `fit` used the list, whatever `set_params` has changed since; empty without one.

        ``weights`` as they were asked for, ``validation_fraction``, and ``folds``, the parts for
        cross-fitting, 0 where names were held out; ``strip`` and ``case`` where they are not as
        usual. The settings of members are in ``members_``.
        """
        trained = self._require_trained()
        if trained.settings is None or trained.fitting is None:
            return {}
        weights, stored = trained.settings.weights, trained.settings.shaping()
        return {
            "weights": weights if isinstance(weights, str) else list(weights),
            "validation_fraction": trained.fitting.validation_fraction,
            "folds": trained.fitting.folds,
            **{name: stored[name] for name in ("strip", "case") if name in stored},
        }

    @property
    def interrupted_(self) -> bool:
        """Whether training has not come to its end, after Ctrl-C, say."""
        return self._require_trained().interrupted

    @property
    def resumable_(self) -> bool:
        """Whether `resume` can go on."""
        return self.interrupted_

    if TYPE_CHECKING:  # for an Ensemble, what was learned is of this type

        def _require_trained(self) -> TrainedEnsemble: ...
