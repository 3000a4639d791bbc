"""The notebook's dictionaries of arrays: taken as they come, or checked and made ready.

The core takes arrays as they are, and checks each once. Only what it refuses is looked at here:
arrays that are merely read are converted where nothing is ambiguous, arrays that are written in
place get contiguous stand-ins, and what is really wrong raises an error that says what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dinorc._validation import (
    FLOAT_DTYPES,
    Array,
    describe,
    require_character_ids,
    require_integer,
    require_mapping,
)

T = TypeVar("T")


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
        return cls._make(_values("parameters", parameters, cls._fields))

    @classmethod
    def checked(cls, parameters: object, *, written: bool = False) -> Parameters:
        """Return the five arrays, if they fit each other; those only read are made ready."""
        arrays = cls.of(parameters)
        if not written:
            arrays = cls._make(map(readable, arrays.named(), arrays, [_dtype_of(arrays)] * 5))
        for name, array in arrays.named().items():
            if written:
                require_writable(name, array)
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

    def columns(self, name: str, value: object, length: str, number: int | None = 1) -> Array:
        """Return columns that are read, one or any number, of length "n_a", "n_x" or "n_y"."""
        array = readable(name, value, self.Wax.dtype)
        rows = getattr(self, length)
        any_number = number is None and array.size > 0
        if array.ndim != 2 or len(array) != rows or not (any_number or array.shape[1] == number):
            by = (
                f", by the columns of parameters['Wax'] {self.Wax.shape}" if length == "n_x" else ""
            )
            wanted = f"({rows}, {number or 'm'})"
            raise ValueError(f"{name} has shape {array.shape}; expected {wanted}{by}")
        return array


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
        return cls._make(_values("gradients", gradients, cls._fields))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of what is computed from them: float32 if all floats are that, else float64."""
        return _dtype_of(self)

    @classmethod
    def read(cls, gradients: object, like: Parameters) -> Gradients:
        """Return the five arrays of a gradient dictionary, made ready, if they fit `like`."""
        arrays = cls.of(gradients)
        arrays = cls._make(map(readable, arrays.named(), arrays, [like.Wax.dtype] * 5))
        arrays._require_shapes(like)
        return arrays

    @classmethod
    def written(cls, gradients: object, like: Parameters | None = None) -> Gradients:
        """Return the five arrays of a gradient dictionary, if they can be changed in place."""
        arrays = cls.of(gradients)
        for name, array in arrays.named().items():
            require_writable(name, array)
        dtype = _most_common(array.dtype for array in arrays) if like is None else like.Wax.dtype
        for name, array in arrays.named().items():
            _require_dtype(name, array, dtype)
        if like is not None:
            arrays._require_shapes(like)
        return arrays

    def named(self) -> dict[str, Array]:
        """Return the arrays under the names that messages use."""
        return {f"gradients[{name!r}]": array for name, array in self._asdict().items()}

    def _require_shapes(self, like: Parameters) -> None:
        of = zip(self.named().items(), like.named().items(), strict=True)
        for (name, array), (its_name, its) in of:
            if array.shape != its.shape:
                raise ValueError(
                    f"{name} has shape {array.shape}; expected {its.shape}, that of {its_name}"
                )


def attempt(compute: Callable[..., T], prepare: Callable[[], Iterable[Any]], *as_given: Any) -> T:
    """Return ``compute(*as_given)``, or if that is refused, ``compute(*prepare())``.

    `prepare` makes ready what can be, and raises an error that says what is wrong where it cannot.
    """
    try:
        return compute(*as_given)
    except (TypeError, ValueError, LookupError, AttributeError):
        ready = prepare()
    return compute(*ready)


def readable(name: str, value: object, dtype: np.dtype[Any] | None = None) -> Array:
    """Return numbers that are only read as an array of `dtype` in the core's layout.

    A copy, unless it is one already. The numbers may be of any real type and in any layout; by
    default float32 stays float32, and everything else becomes float64.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; expected a plain numpy.ndarray")
    if not isinstance(value, (np.ndarray, list, tuple)):
        raise TypeError(f"{name} is {describe(value)}; expected a numpy.ndarray of floats")
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} is {describe(value)}; expected rows of equal length") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has dtype {array.dtype}; expected float64 or float32")
    with np.errstate(over="ignore"):  # to float32: as infinite as the core would make it
        return np.require(array, _dtype_of([array]) if dtype is None else dtype, ["C", "A"])


def require_writable(name: str, array: object) -> None:
    """Raise where an array can't be changed in place: that takes the caller's own floats."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} is {describe(array)}; expected a numpy.ndarray of floats")
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; expected a plain numpy.ndarray")
    dtype = array.dtype
    if dtype not in FLOAT_DTYPES:
        raise TypeError(
            f"{name} has dtype {dtype.str if not dtype.isnative else dtype}; expected float64 or "
            "float32 in native byte order, as it is changed in place"
        )
    if not array.flags.writeable:
        raise ValueError(
            f"{name} is read-only; expected a writable array, as it is changed in place"
        )
    reach = array.itemsize
    for stride, length in sorted(zip(map(abs, array.strides), array.shape, strict=True)):
        if array.size > 0 and length > 1 and stride < reach:
            raise ValueError(
                f"{name} has several numbers in one place (its strides are {array.strides}); "
                "expected a place for each, as it is changed in place"
            )
        reach += stride * max(length - 1, 0)


def require_distinct(written: Mapping[str, Array], read: Mapping[str, Any] | None = None) -> None:
    """Raise where an array to be written shares memory with another argument of the call."""
    others = [*written.items(), *(read or {}).items()]
    for position, (name, array) in enumerate(written.items()):
        for other_name, other in others[position + 1 :]:
            if isinstance(other, np.ndarray) and np.shares_memory(array, other):
                raise ValueError(
                    f"{name} and {other_name} share memory; expected separate arrays, as "
                    f"{name} is changed in place"
                )


class StandIns:
    """Contiguous copies that the core writes in the place of arrays that are not contiguous."""

    def __init__(self) -> None:
        self._pairs: list[tuple[Array, Array]] = []

    def of(self, arrays: Iterable[Array]) -> list[Array]:
        """Return the arrays, with a stand-in for each that the core can't write."""
        ready = []
        for array in arrays:
            stand_in = array if array.flags.carray else np.array(array, order="C")
            if stand_in is not array:
                self._pairs.append((array, stand_in))
            ready.append(stand_in)
        return ready

    def copy_back(self) -> None:
        """Write the numbers of the stand-ins into the arrays, now that nothing can fail."""
        for array, stand_in in self._pairs:
            array[...] = stand_in


def require_sequence(X: object, Y: object, parameters: Parameters) -> tuple[Array, Array]:
    """Return the ids of a sequence, None in X as -1, if X and Y fit each other and parameters."""
    inputs = require_character_ids("X", X, parameters.n_x, allow_none=True)
    targets = require_character_ids("Y", Y, parameters.n_y)
    if len(inputs) != len(targets):
        raise ValueError(
            f"X has length {len(inputs)} and Y {len(targets)}; expected the same length"
        )
    return inputs, targets


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


def _values(name: str, holder: object, keys: tuple[str, ...]) -> list[Any]:
    """Return what a dictionary has at the keys; it may have others, which are left alone."""
    mapping = require_mapping(name, holder)
    try:
        return [mapping[key] for key in keys]
    except KeyError as error:
        has = ", ".join(map(repr, mapping)) or "none"
        raise ValueError(
            f"{name} has no key {error.args[0]!r}; expected {', '.join(keys)}, its keys are {has}"
        ) from None


def _dtype_of(values: Iterable[object]) -> np.dtype[Any]:
    """Return float32 where all arrays of floats are that, and float64 otherwise."""
    floats = {v.dtype for v in values if isinstance(v, np.ndarray) and v.dtype.kind == "f"}
    return FLOAT_DTYPES[1] if floats == {FLOAT_DTYPES[1]} else FLOAT_DTYPES[0]


def _most_common(values: Iterable[T]) -> T:
    return Counter(values).most_common(1)[0][0]


def _require_dtype(name: str, array: Array, dtype: np.dtype[Any]) -> None:
    if array.dtype != dtype:
        raise TypeError(
            f"{name} has dtype {array.dtype}, others {dtype}; expected the same for all"
        )
