"""``dinorc plot``: a picture of a model, saved in a file."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dinorc import CharRNN
from dinorc._command_line.arguments import Commands, Once, add_model, add_quiet
from dinorc._command_line.in_options import in_options
from dinorc._command_line.input import load_model
from dinorc._command_line.output import CommandError, failing_to, tell

_DOTS_PER_INCH = 150
_USUAL = "losses"
_USUAL_OF_OTHERS = "lengths"  # than networks
_OF_ONE_LABEL = "hidden-units"


class _Picture(NamedTuple):
    """A picture of dinorc.plot."""

    help: str
    argument: str | None = None  # that it takes apart from the model
    needs_model: bool = True
    of_networks: bool = False


PICTURES = {
    "losses": _Picture("training and validation loss, epoch by epoch", of_networks=True),
    "next-characters": _Picture("what may follow --prefix, and how likely it is", "prefix"),
    "surprise": _Picture("how unexpected each letter of --name is", "name"),
    "transitions": _Picture("which letter follows which, in the model and in its list"),
    "lengths": _Picture("how long names are, of the model and of its list, each once"),
    "labels": _Picture("how letters of two labels' names differ; see --labels", "labels"),
    "hidden-units": _Picture(
        "the hidden units while a network reads --name", "name", of_networks=True
    ),
    "clipping": _Picture("descent with and without clipping; without MODEL", needs_model=False),
}


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    listed = "".join(f"  {name:<17} {picture.help}\n" for name, picture in PICTURES.items())
    parser = commands.add_parser(
        "plot",
        help="draw a picture of a model",
        description="Draws a picture of a model and saves it. It needs matplotlib: "
        "pip install matplotlib.",
        epilog=f"pictures:\n{listed}\nexamples:\n"
        "  dinorc plot names.safetensors -o lengths.png\n"
        "  dinorc plot names.safetensors -o a.svg --picture next-characters --prefix a\n"
        "  dinorc plot names.safetensors -o anna.png --picture surprise --name anna\n"
        "  dinorc plot -o cliff.png --picture clipping",
    )
    add_model(parser, nargs="?")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FIGURE",
        help="the file to save the picture in; its ending says how: .png, .svg, .pdf, ...",
    )
    parser.add_argument(
        "--picture",
        choices=PICTURES,
        metavar="PICTURE",
        help="one of the pictures below (default: losses of a network, lengths of other models)",
    )
    parser.add_argument(
        "--prefix", metavar="TEXT", help="with --picture next-characters (default: none)"
    )
    parser.add_argument("--name", metavar="TEXT", help="with --picture surprise or hidden-units")
    parser.add_argument(
        "--label",
        action=Once,
        metavar="LABEL",
        help=f"with --picture {_OF_ONE_LABEL}, the kind of the name, for a network that was "
        "trained with --label-column",
    )
    parser.add_argument(
        "--labels",
        action=Once,
        nargs=2,
        metavar=("ONE", "OTHER"),
        help="with --picture labels, two kinds of names that MODEL was trained with (default: "
        "those of a model that knows exactly two)",
    )
    add_quiet(parser)
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(options: argparse.Namespace) -> None:
    _check(options)
    figure = np.ravel(_draw(options))[0].figure  # of one Axes, or of an array of them
    with failing_to(f"write {options.output}"):
        figure.savefig(options.output, dpi=_DOTS_PER_INCH, bbox_inches="tight")
    if not options.quiet:
        tell(f"saved in {options.output}")


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    picture = PICTURES[options.picture or _USUAL]
    if picture.needs_model and options.model is None:
        options.refuse(
            "the following arguments are required: MODEL"
            if options.picture is None
            else f"--picture {options.picture} needs MODEL"
        )
    if not picture.needs_model and options.model is not None:
        options.refuse(f"--picture {options.picture} takes no MODEL; {options.model!r} came")
    for option in ("prefix", "name", "labels"):
        if option != picture.argument and getattr(options, option) is not None:
            having = [name for name, each in PICTURES.items() if each.argument == option]
            options.refuse(f"argument --{option}: only with --picture {' or '.join(having)}")
    if options.label is not None and options.picture != _OF_ONE_LABEL:
        options.refuse(f"argument --label: only with --picture {_OF_ONE_LABEL}")
    if picture.argument == "name" and options.name is None:
        options.refuse(f"--picture {options.picture} needs --name TEXT")
    if not Path(options.output).suffix:
        options.refuse(
            f"argument -o: {options.output!r} has no ending; expected one such as .png or .svg"
        )


def _draw(options: argparse.Namespace) -> Any:
    """Return the Axes."""
    from dinorc import plot

    if options.picture is not None and not PICTURES[options.picture].needs_model:
        return plot.clipping()
    model = load_model(options.model)
    usual = _USUAL if isinstance(model, CharRNN) else _USUAL_OF_OTHERS
    name = options.picture or usual
    draw, picture = getattr(plot, name.replace("-", "_")), PICTURES[name]
    if picture.of_networks and not isinstance(model, CharRNN):
        others = [name for name, each in PICTURES.items() if each.needs_model > each.of_networks]
        raise CommandError(
            f"{options.model} holds no network, which {name} is a picture of; expected "
            f"--picture {', '.join(others[:-1])} or {others[-1]}"
        )
    try:
        if picture.argument is None:
            return draw(model)
        if picture.argument == "labels":
            return draw(model, *(options.labels or ()))
        if name == _OF_ONE_LABEL:
            return draw(model, options.name, label=options.label)
        return draw(model, getattr(options, picture.argument) or "")
    except ValueError as error:  # such as an unknown character; no option here says how to score it
        message = str(error).partition("; set_params")[0]
        message = re.sub("^rnn (?=has|holds)", f"{options.model} ", message)
        raise CommandError(in_options(message)) from None
