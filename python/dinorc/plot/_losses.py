"""The picture of a training run: losses over the epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dinorc._estimators.char_rnn import CharRNN
from dinorc.notebook import get_initial_loss
from dinorc.plot._arguments import require_axes, require_model
from dinorc.plot._colors import BLUE, GREY, VERMILION
from dinorc.plot._figure import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def losses(rnn: CharRNN, ax: Axes | None = None) -> Axes:
    """Draw training and validation loss over the epochs, with the one whose weights were kept.

    The training loss is the mean over the epoch, while the weights changed and dropout left units
    out: it may lie above the validation loss. The dotted line is what guessing costs: every
    character equally likely.

    Parameters
    ----------
    rnn : CharRNN
        A model that `fit` has trained for an epoch or more.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or that of the new figure.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the model has no history.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets, plot
    >>> rnn = CharRNN(hidden_size=8, max_epochs=2).fit(datasets.load("dinos"))
    >>> plot.losses(rnn).get_ylabel()
    'loss (nats a character)'
    """
    require_axes(ax)
    trained = require_model(rnn)
    if not trained.results:
        raise ValueError("rnn has no history; expected a CharRNN that fit has trained for an epoch")
    history = rnn.history_
    validated = None not in history["validation_loss"]
    kept, kept_loss = trained.best_epoch, history["training_loss"][trained.best_epoch - 1]
    if validated:
        kept_loss = history["validation_loss"][kept - 1]
    guessing = get_initial_loss(len(trained.vocabulary), 1)

    if ax is None:
        ax = new_figure().add_subplot()
    from matplotlib.ticker import MaxNLocator

    ax.axhline(guessing, color=GREY, linestyle=":", label=f"guessing: {guessing:.3f}")
    with_dropout = ", with dropout" if trained.settings.dropout > 0 else ""
    ax.plot(
        history["epoch"],
        history["training_loss"],
        color=BLUE,
        linestyle="--",
        marker=".",
        label="training" + with_dropout,
    )
    if validated:
        ax.plot(
            history["epoch"],
            history["validation_loss"],
            color=VERMILION,
            marker=".",
            label="validation",
        )
    ax.plot(
        [kept],
        [kept_loss],
        color="black",
        linestyle="none",
        marker="o",
        markersize=11,
        fillstyle="none",
        label=f"{'best' if validated else 'last'} epoch, {kept}: {kept_loss:.3f}",
    )
    ax.set_xlim(0.5, len(history["epoch"]) + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss (nats a character)")
    ax.set_title("Loss over the epochs")
    ax.legend(frameon=False)
    return ax
