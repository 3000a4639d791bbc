"""The picture of a training run: losses over the epochs."""

from __future__ import annotations

from dinorc._estimators.char_rnn import CharRNN
from dinorc.notebook import get_initial_loss
from dinorc.plot._colors import BLUE, GREY, VERMILION
from dinorc.plot._figure import Axes, axes_or_new, require_model_and_axes


def losses(rnn: CharRNN, ax: Axes | None = None) -> Axes:
    """Draw training and validation loss over the epochs, and mark the one whose weights were kept.

    The training loss is the mean over the epoch, while weights changed and dropout left units out,
    so it may lie above the validation loss. The dotted line is the loss of guessing, with every
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
        `ax`, or the Axes of the new figure.

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
    characters = require_model_and_axes(rnn, ax, network=True)
    if not rnn.n_epochs_:
        raise ValueError("rnn has no history; expected a CharRNN that fit has trained for an epoch")
    history = rnn.history_
    validated = None not in history["validation_loss"]
    kept = rnn.best_epoch_
    kept_loss = history["validation_loss" if validated else "training_loss"][kept - 1]
    guessing = get_initial_loss(len(characters), 1)

    ax = axes_or_new(ax)
    from matplotlib.ticker import MaxNLocator

    ax.axhline(guessing, color=GREY, linestyle=":", label=f"guessing: {guessing:.3f}")
    with_dropout = ", with dropout" if rnn.settings_.get("dropout", 0) > 0 else ""
    curves = [("training", BLUE, "--", with_dropout), ("validation", VERMILION, None, "")]
    for kind, color, style, more in curves[: 1 + validated]:
        ax.plot(
            history["epoch"],
            history[f"{kind}_loss"],
            color=color,
            linestyle=style,
            marker=".",
            label=kind + more,
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
