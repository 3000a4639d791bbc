"""Names that a model has invented: a list with log-probabilities and a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import NamedTuple, SupportsIndex, overload

import numpy as np

from dinorc._validation import Array

_ROWS_SHOWN = 50  # in Jupyter

_STOPPED = {
    "complete": "",
    "no other name": "stopped, as no other name is possible",
    "candidates": "stopped after the most candidates; `budget` allows more",
}


class NamesShare(NamedTuple):
    """The share of a model's names that meet conditions, as estimated from candidates.

    Attributes
    ----------
    probability : float
        The estimate, 0 to 1.
    standard_error : float
        Of the estimate; 0 where it is exact, or where nothing was found.
    candidates : int
        Names drawn for it.

    Examples
    --------
    >>> from dinorc import NGram
    >>> share = NGram().fit(["anna", "hannah", "nana"]).probability_of(suffix="a")
    >>> 0.3 < share.probability < 0.6, share.candidates
    (True, 20000)
    """

    probability: float
    standard_error: float
    candidates: int


@dataclass(frozen=True, kw_only=True)
class GenerationReport:
    """What became of the candidates that `generate` drew, up to the last that it checked.

    A candidate that several conditions refuse is counted by the first of them, in the order below.

    Attributes
    ----------
    wanted : int
        Names asked for.
    candidates : int
        Names drawn, those that were given up half-way included.
    accepted : int
        Names that met every condition.
    unfit : int
        Candidates whose letters or lengths were not as asked for.
    excluded : int
        Names in the list to exclude.
    near : int
        Names too much like one of that list.
    malformed : int
        Names that are not in Unicode's normal form C, begin with a combining mark, or have a joiner
        (U+200C, U+200D) where no script has one.
    not_accepted : int
        Names that the function `accept` refused.
    duplicates : int
        Names that were accepted before.
    not_chosen : int
        Names that met every condition and stayed in the pool that names were chosen from.
    stopped : {"complete", "no other name", "candidates"}
        Why no more were drawn: all wanted names are found; all that can be found are; the most
        candidates are drawn.
    conditions : str
        The conditions on letters and lengths in words; "" if there were none.
    share : float or None
        The share of the model's names that meet every condition, as estimated; None without
        candidates.
    share_error : float or None
        The standard error of that estimate.
    independent_draws : float
        0 if the names follow the model's own distribution under the conditions exactly. Otherwise
        hardly any candidate met the conditions, and names were chosen from pools of candidates
        that look ahead: with this many, as independent draws count, the pools are close to that
        distribution.
    memory_is_full : bool
        Whether there were more unwanted beginnings than it can remember.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).generate(3, exclude=(), unique=False).report.accepted
    3
    """

    wanted: int
    candidates: int
    accepted: int
    unfit: int = 0
    excluded: int = 0
    near: int = 0
    malformed: int = 0
    not_accepted: int = 0
    duplicates: int = 0
    not_chosen: int = 0
    stopped: str = "complete"
    conditions: str = ""
    share: float | None = None
    share_error: float | None = None
    independent_draws: float = 0.0
    memory_is_full: bool = False

    def __str__(self) -> str:
        refused = [
            f"{count:,} {reason}"
            for count, reason in (
                (self.unfit, "with other letters or lengths"),
                (self.excluded, "in the list to exclude"),
                (self.near, "too much like the list to exclude"),
                (self.malformed, "malformed"),
                (self.not_accepted, "not accepted by the function"),
                (self.duplicates, "found before"),
            )
            if count
        ]
        parts = [
            self._share_in_words() if self.conditions and self.share is not None else "",
            f"{self.accepted:,} of {self.wanted:,} names from {self.candidates:,} candidates",
            "refused: " + ", ".join(refused) if refused else "",
            f"chosen from what looking ahead found, worth {self.independent_draws:,.0f} draws"
            if self.independent_draws
            else "",
            _STOPPED[self.stopped],
            "more unwanted beginnings than it can remember" if self.memory_is_full else "",
        ]
        return "; ".join(part for part in parts if part)

    def _share_in_words(self) -> str:
        share = self.share or 0.0
        if share == 0.0:
            return f"hardly any of the model's names {self.conditions}"
        of = next((of for of in _OUT_OF if share * of >= 9.5), 0)
        if of == 0:
            return f"a share of {share:.1g} of the model's names {self.conditions}"
        number = f"{share * of:,.0f}" if of > 100 else f"{share * of:.3g}"
        return f"about {number} of {of:,} names of the model {self.conditions}"


# What shares are said to be out of.
_OUT_OF = (100, 1_000, 10_000, 100_000, 1_000_000)


class GeneratedNames(list[str]):
    """A list of names that knows the log-probability of each.

    It is a list in every respect. Slices and copies keep the log-probabilities; when the list is
    sorted or shortened, each stays with its name.

    Parameters
    ----------
    names : iterable of str
        The names.
    log_probabilities : iterable of float
        The natural log-probability of each, its end included.
    report : GenerationReport, optional
        How the names came about.

    Raises
    ------
    ValueError
        If the numbers are not as many as the names.

    Attributes
    ----------
    report : GenerationReport or None
        As given.

    Examples
    --------
    >>> from dinorc import GeneratedNames
    >>> names = GeneratedNames(["hanna", "nanna"], [-3.5, -2.25])
    >>> names
    ['hanna', 'nanna']
    >>> names.log_probabilities
    array([-3.5 , -2.25])
    >>> names[1:].log_probabilities
    array([-2.25])
    """

    def __init__(
        self,
        names: Iterable[str] = (),
        log_probabilities: Iterable[float] = (),
        report: GenerationReport | None = None,
    ) -> None:
        super().__init__(names)
        if isinstance(log_probabilities, np.ndarray):
            log_probabilities = log_probabilities.tolist()
        numbers = list(log_probabilities)
        if len(numbers) != len(self):
            raise ValueError(
                f"log_probabilities has {len(numbers):,} numbers, and names has {len(self):,} "
                "names; expected one for each"
            )
        self._given = (tuple(self), numbers)
        self.report = report

    @cached_property
    def _by_name(self) -> dict[str, float]:
        """The log-probability of each name; most lists are never asked for it."""
        return dict(zip(*self._given, strict=True))

    @property
    def log_probabilities(self) -> Array:
        """The natural log-probability of each name, float64; NaN for names added later."""
        nan = float("nan")
        numbers = (self._by_name.get(name, nan) for name in self)
        return np.fromiter(numbers, np.float64, len(self))

    @overload
    def __getitem__(self, index: SupportsIndex) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> GeneratedNames: ...

    def __getitem__(self, index: SupportsIndex | slice) -> str | GeneratedNames:
        if isinstance(index, slice):
            return self._like_this(super().__getitem__(index))
        return super().__getitem__(index)

    def copy(self) -> GeneratedNames:
        """Return a new list of the same names."""
        return self._like_this(self)

    def _like_this(self, names: list[str]) -> GeneratedNames:
        other = GeneratedNames(report=self.report)
        other.extend(names)
        other._given = self._given
        return other

    def _repr_html_(self) -> str:
        """Return a table of the first names; the likelier a name, the longer its bar."""
        nats = self.log_probabilities[:_ROWS_SHOWN]
        finite = nats[np.isfinite(nats)].tolist()
        ends = (min(finite), max(finite)) if finite else (0.0, 0.0)
        rows = "".join(_row(name, value, *ends) for name, value in zip(self, nats, strict=False))
        hidden = len(self) - len(nats)
        notes = [f"and {hidden:,} more" if hidden else "", str(self.report or "")]
        return (
            "<table><thead><tr><th>name</th><th>log-probability (nats)</th><th></th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            + "".join(f"<p>{escape(note)}</p>" for note in notes if note)
        )


def _row(name: str, nats: float, lowest: float, highest: float) -> str:
    bar = ""  # for the impossible and the unknown; the least likely has a short one
    if np.isfinite(nats):
        width = 100.0 if highest == lowest else 10 + 90 * (nats - lowest) / (highest - lowest)
        bar = f'<div style="width:{width:.0f}px;height:0.7em;background:#4c72b0"></div>'
    return f"<tr><td>{escape(name)}</td><td>{nats:.2f}</td><td>{bar}</td></tr>"
