"""Names that a model has invented: a list with log-probabilities and a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import SupportsIndex, overload

import numpy as np

from dinorc._validation import Array

_ROWS_SHOWN = 50  # in Jupyter

_STOPPED = {
    "complete": "",
    "no other name": "stopped, as no other name is possible",
    "refused in a row": "stopped after too many refusals in a row",
    "candidates": "stopped after the most candidates for so many names",
}


@dataclass(frozen=True)
class GenerationReport:
    """What became of the candidates that `CharRNN.generate` drew, up to the last that it checked.

    A candidate that several conditions refuse is counted by the first of them, in the order below.

    Attributes
    ----------
    wanted : int
        Names asked for.
    candidates : int
        Names drawn.
    accepted : int
        Names that met every condition.
    malformed : int
        Names with white space before or after them, or not in Unicode's normal form C.
    excluded : int
        Names in the list to exclude.
    duplicates : int
        Names that were accepted before.
    blocked : int
        Names that contain a blocked part.
    not_accepted : int
        Names that the function `accept` refused.
    stopped : {"complete", "no other name", "refused in a row", "candidates"}
        Why no more were drawn: all wanted names are found; every draw would give the same name; too
        many candidates in a row were refused; the limit on candidates is reached.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).generate(3, exclude=(), unique=False).report.candidates
    3
    """

    wanted: int
    candidates: int
    accepted: int
    malformed: int
    excluded: int
    duplicates: int
    blocked: int
    not_accepted: int
    stopped: str

    def __str__(self) -> str:
        refused = [
            f"{count:,} {reason}"
            for count, reason in (
                (self.malformed, "malformed"),
                (self.excluded, "in the list to exclude"),
                (self.duplicates, "found before"),
                (self.blocked, "with a blocked part"),
                (self.not_accepted, "not accepted by the function"),
            )
            if count
        ]
        parts = [
            f"{self.accepted:,} of {self.wanted:,} names from {self.candidates:,} candidates",
            "refused: " + ", ".join(refused) if refused else "",
            _STOPPED[self.stopped],
        ]
        return "; ".join(part for part in parts if part)


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
        self._by_name = dict(zip(self, numbers, strict=True))
        self.report = report

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
        other._by_name = self._by_name
        return other

    def _repr_html_(self) -> str:
        """Return a table of the first names; the less probable a name, the longer its bar."""
        nats = self.log_probabilities[:_ROWS_SHOWN]
        longest = max((-value for value in nats.tolist() if -value < float("inf")), default=0.0)
        rows = "".join(map(_row, self, nats.tolist(), [longest] * len(nats)))
        hidden = len(self) - len(nats)
        notes = [f"and {hidden:,} more" if hidden else "", str(self.report or "")]
        return (
            "<table><thead><tr><th>name</th><th>log-probability (nats)</th><th></th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            + "".join(f"<p>{escape(note)}</p>" for note in notes if note)
        )


def _row(name: str, nats: float, longest: float) -> str:
    part = -nats / longest if 0.0 <= -nats <= longest and longest > 0.0 else 0.0
    bar = f'<div style="width:{100 * part:.0f}px;height:0.7em;background:#4c72b0"></div>'
    return f"<tr><td>{escape(name)}</td><td>{nats:.2f}</td><td>{bar}</td></tr>"
