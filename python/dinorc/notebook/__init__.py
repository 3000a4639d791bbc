"""The API of the course notebook "Dinosaurus Island" and of its helper module, on the C++ core.

``from dinorc.notebook import *`` replaces both: same names, argument order, dictionary keys,
shapes and printed text. Parameters are a dictionary of ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``,
``Wya (n_y, n_a)``, ``b (n_a, 1)`` and ``by (n_y, 1)``, all float64 or all float32; gradients have
a ``d`` in front of each name. Arrays that are only read may be of any real type and layout, or
lists: they are converted, in a copy. NumPy's global random generator is neither read nor set.

Of the course notebook there are two generations. This is the older one; `dinorc.notebook.newer`
has the same names with the contracts of the newer one.

`check` and `check_gradients` help those who write the functions themselves. A star import does not
bring them: it brings what the course has, and nothing else.

The method comes from the course "Sequence Models", DeepLearning.AI, week 1.
"""

from dinorc.notebook._checks.functions import check as check
from dinorc.notebook._checks.gradients import check_gradients as check_gradients
from dinorc.notebook._gradient_descent import clip, optimize, update_parameters
from dinorc.notebook._losses import get_initial_loss, smooth
from dinorc.notebook._model import model
from dinorc.notebook._names import get_sample, print_sample, sample
from dinorc.notebook._network import (
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    softmax,
)

__all__ = [
    "clip",
    "get_initial_loss",
    "get_sample",
    "initialize_parameters",
    "model",
    "optimize",
    "print_sample",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample",
    "smooth",
    "softmax",
    "update_parameters",
]

from dinorc.notebook import newer as newer
