"""Runs the training of a network and keeps what it has learned, however it ends."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from dinorc import _core
from dinorc._build_info import build_info
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.checkpoints import Checkpoints
from dinorc._training.data import label_counts
from dinorc._training.new_network import new_network
from dinorc._training.run import Checkpoint, TrainingRun
from dinorc.errors import TrainingDivergedError, TrainingInterruptedWarning

if TYPE_CHECKING:
    from dinorc._estimators.char_rnn import CharRNN


def train(rnn: CharRNN, run: TrainingRun, seed: int) -> CharRNN:
    """Run the training of a model and keep its outcome in it, in a single assignment."""
    rnn._trained, is_finite = _learn(run, seed, rnn._checkpoints)
    if not is_finite:
        raise TrainingDivergedError(
            f"{divergence(run)}; the model has the weights of epoch {rnn.best_epoch_}",
            parameters=rnn.parameters_,
            epoch=rnn.best_epoch_,
        )
    if rnn.interrupted_:
        warnings.warn(
            f"training was interrupted after {rnn.n_epochs_} of {run.settings.max_epochs} epochs; "
            f"the model has the best weights so far, and resume({run.data.arguments}) goes on",
            TrainingInterruptedWarning,
            stacklevel=3,
        )
    return rnn


def _learn(
    run: TrainingRun, seed: int, checkpoints: Checkpoints | None = None
) -> tuple[TrainedNetwork, bool]:
    """Train; return the resulting model, and whether all numbers were finite.

    Ctrl-C ends training early. TrainingDivergedError is raised if there are no weights to keep.
    """

    def save_if_due() -> None:
        if checkpoints is not None and checkpoints.is_due:
            checkpoints.save(so_far(run, seed))

    try:
        run.run(save_if_due)
        return outcome(run, seed, interrupted=False)
    except KeyboardInterrupt:  # even after the last batch, all that was learned must not be lost
        return outcome(run, seed, interrupted=True)


def outcome(run: TrainingRun, seed: int, interrupted: bool) -> tuple[TrainedNetwork, bool]:
    """Return what has been learned, and whether all numbers were finite.

    The run is over then; but Ctrl-C may come meanwhile, and the outcome be asked for again.
    TrainingDivergedError is raised if there are no weights to keep.
    """
    finite = run.is_finite
    # Weights that have diverged would diverge again.
    checkpoint = run.checkpoint() if finite and (interrupted or run.can_take_more) else None
    finite = finite and not (interrupted and checkpoint is None)
    if not finite and run.record.kept is None:
        raise TrainingDivergedError(f"{divergence(run)}; the model is as before", epoch=0)
    run.install_best_weights(finite)
    return _trained(run, seed, run.network, interrupted, checkpoint), finite


def so_far(run: TrainingRun, seed: int) -> TrainedNetwork | None:
    """Return a copy of what a run that goes on has learned; None if its numbers are not finite."""
    checkpoint = run.checkpoint()
    if checkpoint is None or not run.is_finite:
        return None
    network = new_network(run.settings, run.data.vocabulary, len(run.data.labels))
    network.flat[:] = run.best_weights()
    return _trained(run, seed, network, True, checkpoint)


def _trained(
    run: TrainingRun,
    seed: int,
    network: _core.CharacterNetwork,
    interrupted: bool,
    checkpoint: Checkpoint | None,
) -> TrainedNetwork:
    return TrainedNetwork(
        predictor=network,
        vocabulary=run.data.vocabulary,
        labels=run.data.labels,
        label_counts=label_counts(run.data),
        settings=run.settings,
        seed=seed,
        float_contract_version=build_info()["float_contract_version"],
        names_text="\n".join(run.data.names).encode(),
        names_report=run.data.report,
        names_hash=run.data.names_hash,
        results=run.record.results,
        best_epoch=run.record.best_epoch,
        interrupted=interrupted,
        checkpoint=checkpoint,
    )


def divergence(run: TrainingRun) -> str:
    """Return a text: where training has diverged, and what to change."""
    settings = run.settings
    limit = "none" if settings.clip_norm is None else f"{settings.clip_norm:g}"
    return (
        f"in epoch {len(run.record.results) + 1} a loss or a gradient was not finite. Lower "
        f"learning_rate ({settings.learning_rate:g}) or clip_norm ({limit})"
    )
