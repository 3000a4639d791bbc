"""What a model says that was saved without its training names, when it would need them."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from types import MethodType
from typing import Any

from dinorc._estimators.estimator import Estimator


class TellingWhatIsLeftOut:
    """The method `generate`, which warns if it is to exclude names that were not saved.

    Of all other models it is the plain function, from which warnings lead to its caller.
    """

    def __init__(self, generate: Callable[..., Any]) -> None:
        self._generate = generate

    def __get__(self, model: Estimator | None, owner: type | None = None) -> Callable[..., Any]:
        """Return the method of a model, or the function of its class."""
        if model is None:
            return self._generate
        generate = MethodType(self._generate, model)
        if model._trained is None or not model._trained.names_left_out:
            return generate

        @functools.wraps(generate)
        def generate_and_tell(*arguments: Any, **conditions: Any) -> Any:
            exclude = conditions.get("exclude", "training")
            if isinstance(exclude, str) and exclude == "training":
                warnings.warn(
                    "exclude='training' leaves out no names: the model was saved without its "
                    "training names. Expected a list of names to exclude, or exclude=None",
                    stacklevel=2,
                )
            return generate(*arguments, **conditions)

        return generate_and_tell
