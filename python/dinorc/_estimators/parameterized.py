"""The conventions of scikit-learn for the settings of an estimator, without depending on it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Self

from dinorc._training.settings import Settings


class Parameterized:
    """Something whose constructor does no more than to keep its keyword arguments."""

    @classmethod
    @cache  # to read the signature takes longer than to draw a name
    def _defaults(cls) -> Mapping[str, Any]:
        parameters = inspect.signature(cls).parameters
        return MappingProxyType({name: each.default for name, each in parameters.items()})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor.

        Parameters
        ----------
        deep : bool
            Of no effect; scikit-learn passes it.

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
        CharRNN
            Itself.

        Raises
        ------
        TypeError, ValueError
            If a name or a value is not right; nothing is changed then.

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
        Settings.checked(self.get_params() | params)
        vars(self).update(params)
        return self

    def _settings(self) -> Settings:
        """Return the settings as they are now; they may have been assigned to, so check them."""
        return Settings.checked(self.get_params())

    def __repr__(self) -> str:
        changed = (
            f"{name}={value!r}"
            for (name, value), default in zip(
                self.get_params().items(), self._defaults().values(), strict=True
            )
            if type(value) is not type(default) or value != default
        )
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Any:
        # Called by scikit-learn only, so that it is installed.
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type="density_estimator",
            target_tags=TargetTags(required=False),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
        )
