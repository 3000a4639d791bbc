"""Checks of arguments; their errors say what came and what would be right."""

from __future__ import annotations

import math
import operator
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

T = TypeVar("T")

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

FLOAT_DTYPES = (np.dtype(np.float64), np.dtype(np.float32))


class Parameters(NamedTuple):
    """The notebook's five parameters, in the order the core takes them."""

    Wax: Array
    Waa: Array
    Wya: Array
    b: Array
    by: Array

    @property
    def n_a(self) -> int:
        """The number of hidden units."""
        return int(self.Wax.shape[0])

    @property
    def n_x(self) -> int:
        """The number of inputs."""
        return int(self.Wax.shape[1])

    @property
    def n_y(self) -> int:
        """The number of outputs."""
        return int(self.Wya.shape[0])

    @classmethod
    def of(cls, parameters: object) -> Parameters:
        """Return the five arrays of a parameter dictionary, for the core to check."""
        return cls(**require_keys("parameters", parameters, cls._fields))

    @classmethod
    def checked(cls, parameters: object, *, written: bool = False) -> Parameters:
        """Return the five arrays of a parameter dictionary, if they fit each other."""
        arrays = cls.of(parameters)
        for name, array in arrays.named().items():
            require_array(name, array, written=written)
            if array.ndim != 2 or array.size == 0:
                raise ValueError(f"{name} has shape {array.shape}; expected (n, n)")
        # The majority of the arrays decides sizes and dtype, so that errors name the odd one out.
        Wax, Waa, Wya, b, by = arrays
        n_x, n_y = arrays.n_x, arrays.n_y
        n_a = _most_common([Wax.shape[0], *Waa.shape, Wya.shape[1], b.shape[0]])
        if by.shape != (n_y, 1) and Wya.shape[1] == n_a:
            raise ValueError(
                f"parameters['by'] has shape {by.shape}, parameters['Wya'] {Wya.shape}; expected "
                "(n_y, 1) and (n_y, n_a)"
            )
        dtype = _most_common(array.dtype for array in arrays)
        shapes = ((n_a, n_x), (n_a, n_a), (n_y, n_a), (n_a, 1), (n_y, 1))
        for (name, array), shape in zip(arrays.named().items(), shapes, strict=True):
            _require_dtype(name, array, dtype)
            if array.shape != shape:
                raise ValueError(
                    f"{name} has shape {array.shape}; expected {shape}, as n_a is {n_a} by the "
                    "others"
                )
        return arrays

    def named(self) -> dict[str, Array]:
        """Return the arrays under the names that messages use."""
        return {f"parameters[{name!r}]": array for name, array in self._asdict().items()}

    def require_columns(self, columns: Mapping[str, tuple[object, str]]) -> dict[str, Array]:
        """Return the arrays, if each is a column of the length named: "n_a", "n_x" or "n_y"."""
        arrays = {}
        for name, (column, length) in columns.items():
            shape = (getattr(self, length), 1)
            by = f"the columns of parameters['Wax'] {self.Wax.shape}" if length == "n_x" else ""
            arrays[name] = require_array(name, column, like=self.Wax, shape=shape, shape_of=by)
        return arrays


class Gradients(NamedTuple):
    """The gradients of the five parameters, in the same order."""

    dWax: Array
    dWaa: Array
    dWya: Array
    db: Array
    dby: Array

    @classmethod
    def of(cls, gradients: object) -> Gradients:
        """Return the five arrays of a gradient dictionary, for the core to check."""
        arrays = require_keys("gradients", gradients, cls._fields, optional=["da_next"])
        return cls(*(arrays[key] for key in cls._fields))

    @classmethod
    def checked(
        cls, gradients: object, *, of: Parameters | None = None, written: bool = False
    ) -> Gradients:
        """Return the five arrays of a gradient dictionary, if they fit `of`, or else each other."""
        arrays = cls.of(gradients)
        for name, array in arrays.named().items():
            require_array(name, array, written=written)
        dtype = _most_common(array.dtype for array in arrays) if of is None else of.Wax.dtype
        fitting = (arrays if of is None else of).named()
        for (name, array), (its_name, its) in zip(
            arrays.named().items(), fitting.items(), strict=True
        ):
            _require_dtype(name, array, dtype)
            if array.shape != its.shape:
                raise ValueError(
                    f"{name} has shape {array.shape}; expected {its.shape}, that of {its_name}"
                )
        return arrays

    def named(self) -> dict[str, Array]:
        """Return the arrays under the names that messages use."""
        return {f"gradients[{name!r}]": array for name, array in self._asdict().items()}


def describe(value: object) -> str:
    """Return a short text for a value and its type, for messages."""
    try:
        text = repr(value)
    except Exception:  # Python writes no integer of more than 4,300 digits, for example
        return f"a value that can't be shown ({type(value).__name__})"
    if len(text) > 60:
        text = text[:57] + "..."
    return f"{text} ({type(value).__name__})"


def require_integer(
    name: str, value: object, minimum: int | None = None, maximum: int | None = None
) -> int:
    """Return value as an int, if it is an integer in the range; a bool is not one."""
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        result = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {describe(value)}; expected an integer") from None
    if (minimum is not None and result < minimum) or (maximum is not None and result > maximum):
        wanted = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
        shown = result if abs(result) < 10**30 else describe(result)
        raise ValueError(f"{name} is {shown}; expected {wanted}")
    return result


def require_real(
    name: str,
    value: object,
    accepts: Callable[[float], bool] = lambda _: True,
    wanted: str = "a real number",
) -> float:
    """Return value as a float, if it is an accepted real number, which bool and NaN never are."""
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if isinstance(value, bool) or not is_number:
        raise TypeError(f"{name} is {describe(value)}; expected a real number")
    try:
        result = float(value)  # type: ignore[arg-type]
    except OverflowError:
        raise ValueError(f"{name} is an integer too large for a float; expected less") from None
    if math.isnan(result):
        raise ValueError(f"{name} is nan; expected a real number")
    if not accepts(result):
        raise ValueError(f"{name} is {result:g}; expected {wanted}")
    return result


def require_finite_real(name: str, value: object) -> float:
    """Return value as a float, if it is a finite real number."""
    return require_real(name, value, math.isfinite, "a finite number")


def require_not_negative(name: str, value: object) -> float:
    """Return value as a float, if it is a real number of 0 or more."""
    return require_real(name, value, lambda x: x >= 0, "0 or more")


def require_path(name: str, value: object) -> str:
    """Return the path of a file as a str, if it is one."""
    try:
        path = os.fsdecode(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            f"{name} is {describe(value)}; expected a str, bytes or os.PathLike"
        ) from None
    try:
        # A separator at the end means a directory, whether it exists or not.
        is_path = b"\0" not in os.fsencode(path) and path[-1:] not in ("", os.sep, os.altsep)
    except UnicodeEncodeError:
        is_path = False
    if not is_path:
        raise ValueError(f"{name} is {describe(value)}; expected the path of a file")
    return path


def require_float_dtype(name: str, dtype: object) -> np.dtype[Any]:
    """Return the dtype, if it is float64 or float32, given as a name, type or dtype."""
    for known in FLOAT_DTYPES:
        # NumPy takes None to mean float64.
        if dtype is not None and (dtype is known.type or known == dtype):
            return known
    raise ValueError(f"{name} is {describe(dtype)}; expected 'float64' or 'float32'")


def require_array(
    name: str,
    array: object,
    *,
    like: Array | None = None,
    shape: tuple[int, ...] | None = None,
    shape_of: str = "",
    written: bool = False,
) -> Array:
    """Return the array, if the core can use it in place.

    `like` is an array whose dtype it has to share, `shape` the shape it has to have, `shape_of`
    says where that comes from, and `written` whether the array has to be writable.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} is {describe(array)}; expected a numpy.ndarray of floats")
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; expected a plain numpy.ndarray")
    dtype = array.dtype
    if dtype not in FLOAT_DTYPES:
        raise TypeError(
            f"{name} has dtype {dtype.str if not dtype.isnative else dtype}; expected float64 or "
            "float32 in native byte order"
        )
    if like is not None and dtype != like.dtype:
        raise TypeError(
            f"{name} has dtype {dtype}, others of this call {like.dtype}; expected the same for all"
        )
    if shape is not None and array.shape != shape:
        by = f", by {shape_of}" if shape_of else ""
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}{by}")
    flags = array.flags
    if not flags.c_contiguous:
        raise ValueError(
            f"{name} is not C-contiguous (its strides are {array.strides}); expected contiguous "
            "rows, as numpy.ascontiguousarray returns"
        )
    if not flags.aligned:
        raise ValueError(f"{name} is not aligned in memory; expected an aligned array")
    if written and not flags.writeable:
        raise ValueError(
            f"{name} is read-only; expected a writable array, as it is changed in place"
        )
    return array


def require_mapping(name: str, value: object) -> Mapping[Any, Any]:
    """Return the value, if it is a dictionary."""
    if type(value) is not dict and not isinstance(value, Mapping):
        raise TypeError(f"{name} is {describe(value)}; expected a dictionary")
    return value


def require_keys(
    name: str, value: object, keys: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    """Return the mapping, if it has all of `keys` and, besides, only `optional` ones."""
    mapping = require_mapping(name, value)
    if mapping.keys() == set(keys):
        return mapping
    missing = [key for key in keys if key not in mapping]
    if missing:
        raise ValueError(f"{name} has no key {missing[0]!r}; expected {', '.join(keys)}")
    extra = [key for key in mapping if key not in keys and key not in optional]
    if extra:
        raise ValueError(f"{name} has an unknown key {extra[0]!r}; expected {', '.join(keys)}")
    return mapping


class explained:  # noqa: N801, a context manager that reads as a word
    """Lets the core check the arguments of a call, and explains what it refuses.

    The core checks each array once, so that nothing can go wrong in memory. Only if it raises is
    `explain` called, which checks again and raises an error that says more.
    """

    def __init__(self, explain: Callable[[], object]) -> None:
        self._explain = explain

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None or not issubclass(kind, Exception):
            return
        try:
            self._explain()
        except (TypeError, ValueError) as better:
            raise better from None


def _most_common(values: Iterable[T]) -> T:
    return Counter(values).most_common(1)[0][0]


def _require_dtype(name: str, array: Array, dtype: np.dtype[Any]) -> None:
    if array.dtype != dtype:
        raise TypeError(
            f"{name} has dtype {array.dtype}, others {dtype}; expected the same for all"
        )


def require_distinct(written: Mapping[str, Array], read: Mapping[str, Array] | None = None) -> None:
    """Raise where an array to be written shares memory with another argument of the call."""
    others = list(written.items()) + list((read or {}).items())
    for position, (name, array) in enumerate(written.items()):
        for other_name, other in others[position + 1 :]:
            if np.may_share_memory(array, other):
                raise ValueError(
                    f"{name} and {other_name} share memory; expected separate arrays, as "
                    f"{name} is changed in place"
                )


def require_finite(name: str, array: Array) -> None:
    """Raise where a number of the array is infinite or NaN."""
    finite = np.isfinite(array)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name}{list(index)} is {array[index]}; expected finite numbers")


def require_no_nan(log_probabilities: Array) -> None:
    """Raise where a log-probability that the core has computed is NaN."""
    if np.isnan(log_probabilities).any():
        raise ValueError("a probability of the network is not a number; expected finite parameters")


def require_character_ids(
    name: str, values: object, size: int, *, allow_none: bool = False
) -> Array:
    """Return character ids as int32, each from 0 to size - 1; None, where allowed, as -1."""
    if isinstance(values, (str, bytes)) or not isinstance(values, (Sequence, np.ndarray)):
        raise TypeError(f"{name} is {describe(values)}; expected a list of character ids")
    ids = np.empty(len(values), dtype=np.int32)
    if ids.size == 0:
        raise ValueError(f"{name} is empty; expected at least one character id")
    for position, value in enumerate(values):
        if value is None and allow_none:
            ids[position] = -1
        else:
            ids[position] = require_integer(f"{name}[{position}]", value, 0, size - 1)
    return ids


def require_sequence(X: object, Y: object, parameters: Parameters) -> tuple[Array, Array]:
    """Return the ids of a sequence, None in X as -1, if X and Y fit each other and parameters."""
    inputs = require_character_ids("X", X, parameters.n_x, allow_none=True)
    targets = require_character_ids("Y", Y, parameters.n_y)
    if len(inputs) != len(targets):
        raise ValueError(
            f"X has length {len(inputs)} and Y {len(targets)}; expected the same length"
        )
    return inputs, targets


def require_id(char_to_ix: Mapping[Any, Any], character: object, size: int) -> int:
    """Return the id of a key of char_to_ix, if the key is a character and the id below size."""
    if not isinstance(character, str) or len(character) != 1:
        raise TypeError(f"char_to_ix has the key {describe(character)}; expected one character")
    return require_integer(f"char_to_ix[{character!r}]", char_to_ix[character], 0, size - 1)


def require_newline(char_to_ix: object, parameters: Parameters | None = None) -> int:
    """Return the id of the line end in char_to_ix, which numbers the characters of parameters."""
    maximum = None
    if parameters is not None:
        maximum = parameters.n_x - 1
        if parameters.n_y != parameters.n_x:
            raise ValueError(
                f"parameters['Wax'] has {parameters.n_x} columns and parameters['Wya'] "
                f"{parameters.n_y} rows; expected the same number, the size of the vocabulary"
            )
    ids = require_mapping("char_to_ix", char_to_ix)
    if "\n" not in ids:
        raise ValueError("char_to_ix has no '\\n', which ends a name; expected an id for it")
    return require_integer("char_to_ix['\\n']", ids["\n"], 0, maximum)
