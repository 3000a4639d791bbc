"""``dinorc generate``: prints new names from a model."""

from __future__ import annotations

import argparse
import inspect
import math
from typing import Any

from dinorc._command_line.arguments import (
    Commands,
    Once,
    Option,
    add_encoding,
    add_model,
    add_options,
    integer,
    seed,
    value,
)
from dinorc._command_line.input import (
    STANDARD_INPUT,
    load_model,
    read_names,
    tell_of_labels,
)
from dinorc._command_line.output import TOO_FEW_NAMES, add_format, tell, write_rows
from dinorc._drawing.generated_names import GeneratedNames
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.spelling import spelling_learned
from dinorc._names.cleaning import LONGEST_NAME, names_to_leave_out
from dinorc.errors import SearchLimitError

# How names are drawn; not with --most-likely.
_DRAWING = {
    "temperature": Option(
        value(
            float,
            lambda x: 0 < x < math.inf,
            "a finite number above 0; --most-likely finds the likeliest names",
        ),
        "X",
        "above 1 more daring, below 1 more like the list",
    ),
    "top_k": Option(integer(1), "K", "draw each character from the K likeliest"),
    "top_p": Option(
        value(float, lambda x: 0 < x <= 1, "a number above 0, 1 at most"),
        "P",
        "draw each character from the likeliest whose probabilities add up to P",
    ),
    "budget": Option(
        integer(1), "N", "give up after N candidates (default: 100,000, and 100 more for each name)"
    ),
    "seed": Option(seed, "N", "another seed, other names (default: the seed of training)"),
}
# What names have to be.
_CONDITIONS = {
    "label": Option(
        str, "LABEL", "their kind, for a model trained with --label-column", action=Once
    ),
    "prefix": Option(str, "TEXT", "how the names begin", action=Once),
    "suffix": Option(str, "TEXT", "how the names end", action=Once),
    "pattern": Option(
        str,
        "REGEX",
        "what the whole name matches, a regular expression of Python",
        action=Once,
    ),
    "alphabet": Option(str, "LETTERS", "the only characters that the names may have"),
    "min_length": Option(integer(1, LONGEST_NAME), "N", "characters of the whole name, at least"),
    "max_length": Option(integer(1, LONGEST_NAME), "N", "characters of the whole name, at most"),
    "min_distance": Option(
        integer(1, LONGEST_NAME),
        "N",
        "how many letters at least to add, drop or change, to get to any name that is left out",
    ),
}
_REPEATED = {
    "contains": Option(str, "TEXT", "print only names that contain this"),
    "block": Option(str, "TEXT", "print no name that contains this, in upper or lower case"),
    "exclude": Option(str, "FILE", "print no name from this list either, one per line"),
}
_NOT_MOST_LIKELY = (*_DRAWING, "allow_duplicates")


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "generate",
        help="print new names from a model",
        description="Prints new names: none from the training list, none twice. They depend only "
        "on model, options and seed: they are the same on every machine, and -n 20 begins with "
        "those of -n 10. Names that have to meet conditions come as often, among those that do, as "
        "the model makes them; none is cut off. If there are fewer names than asked for, it prints "
        "those it has found, says why, and the exit code is 3.",
        epilog="examples:\n"
        "  dinorc generate names.safetensors -n 20\n"
        "  dinorc generate names.safetensors --prefix tri --max-length 12\n"
        "  dinorc generate names.safetensors --suffix saurus --contains rex\n"
        "  dinorc generate names.safetensors --pattern '[aeiou].{4,6}(a|o)'\n"
        "  dinorc generate names.safetensors --alphabet abcdeilmnorstu --temperature 0.8\n"
        "  dinorc generate names.safetensors --exclude taken.txt --min-distance 3\n"
        "  dinorc generate names.safetensors --label girl\n"
        "  dinorc generate names.safetensors --most-likely --suffix rex -n 5 --format csv",
    )
    add_model(parser)
    parser.add_argument(
        "-n", type=integer(1), default=10, metavar="N", help="how many names (default: %(default)s)"
    )
    parameters = inspect.signature(NameModel.generate).parameters
    for title, options in (
        ("what names have to be", _CONDITIONS),
        ("how they are drawn", _DRAWING),
    ):
        defaults = {
            name: parameters[name].default
            for name in options
            if parameters[name].default not in ("", None)
        }
        group = parser.add_argument_group(title)
        add_options(group, options, defaults)
        if options is _CONDITIONS:
            _add_repeated(group)
    for flag, text in (
        ("--allow-training", "print names from the training list too"),
        ("--allow-duplicates", "print a name again if it is drawn again"),
        ("--capitalize", "begin words with a capital, for a model trained with --case fold"),
    ):
        parser.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=text)
    parser.add_argument(
        "--most-likely",
        action="store_true",
        help="do not draw, but find exactly the likeliest names, best first",
    )
    add_format(parser, "name", "name, log_probability (in nats, of the whole name)")
    add_encoding(parser)
    parser.set_defaults(run=_run, refuse=parser.error)


def _add_repeated(group: argparse._ArgumentGroup) -> None:
    for name, option in _REPEATED.items():
        group.add_argument(
            f"--{name}",
            action="append",
            default=argparse.SUPPRESS,
            metavar=option.metavar,
            help=f"{option.help}; may be repeated",
        )


def _run(options: argparse.Namespace) -> int | None:
    _check(options)
    model = load_model(options.model)
    tell_of_labels(model, vars(options).get("label"))
    names, account = _likeliest(model, options) if options.most_likely else _drawn(model, options)
    columns = {"name": list(names), "log_probability": names.log_probabilities.tolist()}
    write_rows(options.format, columns, lambda name, _: name)
    if len(names) == options.n:
        return None
    tell(f"dinorc: {account}")
    return TOO_FEW_NAMES


def _drawn(model: NameModel, options: argparse.Namespace) -> tuple[GeneratedNames, str]:
    """Return the names, and an account of them."""
    given = vars(options)
    names = model.generate(
        options.n,
        unique="allow_duplicates" not in given,
        on_shortfall="ignore",
        **_conditions(model, options),
        **{name: given[name] for name in _DRAWING if name in given},
    )
    return names, str(names.report)


def _likeliest(model: NameModel, options: argparse.Namespace) -> tuple[GeneratedNames, str]:
    """Return the names, and an account of them."""
    try:
        names = model.most_likely(options.n, **_conditions(model, options))
        return names, f"{len(names):,} of {options.n:,} names; there are no more"
    except SearchLimitError as error:
        if error.names is None:
            raise
        return error.names, f"{len(error.names):,} of {options.n:,} names; {error}"


def _conditions(model: NameModel, options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that say what names have to be."""
    given = vars(options)
    names = (*_CONDITIONS, "contains", "block")
    conditions = {name: given[name] for name in names if name in given}
    return {
        **conditions,
        "exclude": _excluded(model, options),
        "capitalize": "capitalize" in given,
    }


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    given = vars(options)
    if options.most_likely:
        for name in _NOT_MOST_LIKELY:
            if name in given:
                options.refuse(f"argument --{name.replace('_', '-')}: not with --most-likely")
    shortest, longest = given.get("min_length"), given.get("max_length")
    if shortest is not None and longest is not None and shortest > longest:
        options.refuse(f"argument --max-length: {longest} is below --min-length {shortest}")
    if given.get("exclude", []).count(STANDARD_INPUT) > 1:
        options.refuse("argument --exclude: '-' came twice; expected it once")


def _excluded(model: NameModel, options: argparse.Namespace) -> str | list[str]:
    """Return the names to leave out: the training list and the lists of --exclude."""
    given = vars(options)
    others: list[str] = []
    spelling = spelling_learned(model)
    for file in given.get("exclude", ()):
        read = read_names(file, options, may_be_none=True)
        with read.in_errors():
            others += names_to_leave_out(read.lines, "names", spelling)
    if "allow_training" in given:
        return others
    if model.names_report_ is not None and not model.training_names_:
        tell(
            f"dinorc: {options.model} was saved without the names of its training list, which are "
            "therefore not left out; expected --exclude with the list, or --allow-training"
        )
        return others
    return [*model.training_names_, *others] if others else "training"
