"""Runs the training of a network and keeps what it has learned, however it ends."""

from __future__ import annotations

from dinorc._build_info import build_info
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.run import TrainingRun
from dinorc.errors import TrainingDivergedError


def learn(run: TrainingRun, seed: int) -> tuple[TrainedNetwork, bool]:
    """Train; return the resulting model, and whether all numbers were finite.

    Ctrl-C ends training early. TrainingDivergedError is raised if there are no weights to keep.
    """
    interrupted = False
    try:
        run.run()
    except KeyboardInterrupt:
        interrupted = True
    return outcome(run, seed, interrupted)


def outcome(run: TrainingRun, seed: int, interrupted: bool) -> tuple[TrainedNetwork, bool]:
    """Return what has been learned so far, and whether all numbers were finite.

    TrainingDivergedError is raised if there are no weights to keep.
    """
    finite = run.is_finite
    # Weights that have diverged would diverge again.
    checkpoint = run.checkpoint() if finite and (interrupted or run.can_take_more) else None
    finite = finite and not (interrupted and checkpoint is None)
    if not finite and run.record.kept is None:
        raise TrainingDivergedError(f"{divergence(run)}; the model is as before", epoch=0)
    run.install_best_weights(finite)
    trained = TrainedNetwork(
        predictor=run.network,
        vocabulary=run.data.vocabulary,
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
    return trained, finite


def divergence(run: TrainingRun) -> str:
    """Return a text: where training has diverged, and what to change."""
    settings = run.settings
    limit = "none" if settings.clip_norm is None else f"{settings.clip_norm:g}"
    return (
        f"in epoch {len(run.record.results) + 1} a loss or a gradient was not finite. Lower "
        f"learning_rate ({settings.learning_rate:g}) or clip_norm ({limit})"
    )
