"""What the models in ``storage/format_*`` have learned, and what each gives, as JSON can hold it.

It uses public methods only, so that it works with any version of dinorc.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dinorc import CharRNN

# With an accent, a character beyond 16 bits, two that JSON escapes, and a copy.
NAMES = ["anna", "hannah", "nana", "Zoë", "ana", 'a"b', "a\\b", "bob", "\U0001f996 a", "nana"]


def what_it_gives(rnn: CharRNN) -> dict[str, Any]:
    """Return everything that a model can tell; at the end, train it further if that is possible."""
    names = [name for name in NAMES if set(name) <= set(rnn.vocabulary_)] + ["ab", "a" * 30]
    gives = {
        "fingerprint": rnn.fingerprint(),
        "params": rnn.get_params(),
        "seed": rnn.seed_,
        "vocabulary": rnn.vocabulary_,
        "history": {name: _exact(column) for name, column in rnn.history_.items()},
        "best_epoch": rnn.best_epoch_,
        "interrupted": rnn.interrupted_,
        "names_report": None if rnn.names_report_ is None else asdict(rnn.names_report_),
        "scores": dict(zip(names, _exact(rnn.score_samples(names).tolist()), strict=True)),
        "drawn": rnn.sample(6, seed=3),
        "calibration": None,
        "resumed": None,
    }
    if hasattr(rnn, "threshold_"):
        gives["calibration"] = _exact([rnn.threshold_, *rnn.decision_function(names).tolist()])
    if rnn.schedule == "constant":
        rnn.set_params(max_epochs=rnn.n_epochs_ + 2)
    if rnn.schedule == "constant" or rnn.interrupted_:
        rnn.resume(NAMES)
        gives["resumed"] = rnn.fingerprint()
    return gives


def _exact(column: list[Any]) -> list[Any]:
    """Return the floats of a list as texts that show every bit."""
    return [value.hex() if isinstance(value, float) else value for value in column]
