"""A learner's own functions of the notebook, run on small inputs beside ours."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np

from dinorc._validation import describe
from dinorc.notebook._checks.clipping import what_differs_in_clip
from dinorc.notebook._checks.descent import what_differs_in_optimize
from dinorc.notebook._checks.sampling import what_differs_in_sample
from dinorc.notebook._checks.training import what_differs_in_model


def check(
    *,
    clip: Callable[..., Any] | None = None,
    sample: Callable[..., Any] | None = None,
    optimize: Callable[..., Any] | None = None,
    model: Callable[..., Any] | None = None,
) -> bool:
    """Run functions of your own beside dinorc's, and print what differs first, in plain words.

    Takes functions as either generation of the notebook asks for them: a `clip` that changes the
    arrays or one that copies them, and for `model` the one that its arguments tell. They run on
    small made-up inputs; what they print is not shown, and NumPy's generator is put back.

    Parameters
    ----------
    clip, sample, optimize, model : callable, optional
        The functions to check, at least one. The other functions that they call are yours: have
        `clip` and `optimize` right before `model`.

    Returns
    -------
    bool
        Whether all of them do what the notebook's do.

    Raises
    ------
    TypeError
        If there is no function to check. (What the functions raise is told, not raised.)

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import check
    >>> def clip(gradients, maxValue):
    ...     for gradient in gradients.values():
    ...         np.clip(gradient, -maxValue, maxValue)
    ...     return gradients
    >>> right = check(clip=clip)
    clip: dWaa comes back as it was, with -19.0 at [3, 1] for maxValue = 10. np.clip returns a new \
array: keep it, or write it into the old one with out=
    """
    given = {
        "clip": (clip, what_differs_in_clip),
        "sample": (sample, what_differs_in_sample),
        "optimize": (optimize, what_differs_in_optimize),
        "model": (model, what_differs_in_model),
    }
    asked = {name: pair for name, pair in given.items() if pair[0] is not None}
    if not asked:
        raise TypeError(f"there is nothing to check; expected one of {', '.join(given)}")
    findings = {}
    for name, (function, what_differs) in asked.items():
        if not callable(function):
            raise TypeError(f"{name} is {describe(function)}; expected a function")
        findings[name] = _run(function, what_differs)
        print(f"{name}: {findings[name] or 'right'}")
    return not any(findings.values())


def _run(function: Callable[..., Any], what_differs: Callable[..., str]) -> str:
    """Return what differs, with the surroundings as they were; an error of the function differs."""
    state = np.random.get_state()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return what_differs(function)
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    finally:
        np.random.set_state(state)
