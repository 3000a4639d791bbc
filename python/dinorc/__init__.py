"""Learns a list of names and invents new ones: a character-level recurrent network on a C++ core.

`CharRNN` is the model, in the manner of scikit-learn. The notebook API of the course "Sequence
Models" (Dinosaurus Island) is `dinorc.notebook`; its public names are also here. The bundled list
of dinosaurs is ``dinorc.datasets.load("dinos")``. `dinorc.plot` draws pictures.
"""

from dinorc import _quiet_start, datasets, notebook, plot
from dinorc._build_info import __version__, build_info
from dinorc._drawing.generated_names import GeneratedNames, GenerationReport, NamesShare
from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.ensemble import Ensemble
from dinorc._estimators.loading import load
from dinorc._estimators.ngram import NGram
from dinorc._names.cleaning import NamesReport
from dinorc.errors import (
    ModelFileError,
    NamesShortfallError,
    NamesShortfallWarning,
    NotFittedError,
    SearchLimitError,
    TrainingDivergedError,
    TrainingInterruptedWarning,
)
from dinorc.notebook import *  # noqa: F403, all of its `__all__`

# Pickles and messages name a class by its public place, so that its module can move.
for _public in (
    CharRNN,
    Ensemble,
    NGram,
    GeneratedNames,
    GenerationReport,
    NamesReport,
    NamesShare,
):
    _public.__module__ = __name__

__all__ = [
    "CharRNN",
    "Ensemble",
    "GeneratedNames",
    "GenerationReport",
    "ModelFileError",
    "NGram",
    "NamesReport",
    "NamesShare",
    "NamesShortfallError",
    "NamesShortfallWarning",
    "NotFittedError",
    "SearchLimitError",
    "TrainingDivergedError",
    "TrainingInterruptedWarning",
    "__version__",
    "build_info",
    "datasets",
    "load",
    "notebook",
    "plot",
    *notebook.__all__,
]

_quiet_start.is_over()
