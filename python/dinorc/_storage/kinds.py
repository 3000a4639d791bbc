"""The kinds of model that a file can hold."""

from __future__ import annotations

from dinorc._storage.member_kinds import MEMBER_KINDS, Kind
from dinorc._storage.trained_ensemble import TrainedEnsemble, member_shapes
from dinorc._training.ensemble_settings import EnsembleSettings

# By the name in the file; the estimator of each kind is in `_estimators/loading.py`.
KINDS: dict[str, Kind] = {
    **MEMBER_KINDS,
    "ensemble": Kind(TrainedEnsemble, EnsembleSettings.checked, member_shapes),
}
