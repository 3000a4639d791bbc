"""Options and their values: parsers, numbers, settings of models, options of several commands."""

from __future__ import annotations

import argparse
import difflib
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn, TypeAlias

from dinorc._command_line.output import WRONG_USAGE, standard_output, tell
from dinorc._names.files import ERRORS, require_encoding
from dinorc._training.settings import LARGEST_SEED
from dinorc._validation import T

WIDTH = 80  # of what is written for reading
NO_BREAK = "\N{NO-BREAK SPACE}"  # textwrap breaks no line there

Commands = Any  # what argparse's add_subparsers returns; its type is private


class Parser(argparse.ArgumentParser):
    """A parser that keeps the lines of examples and takes only options that are written out."""

    def __init__(self, description: str, **keywords: Any) -> None:
        super().__init__(
            description=textwrap.fill(description, WIDTH),
            **keywords,
            allow_abbrev=False,  # today's abbreviation could be ambiguous tomorrow
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._is_mixing = False

    def print_help(self, file: Any = None) -> None:
        """Write the help; argparse's own method would hide that the disk is full."""
        with standard_output() as output:
            output.write(self.format_help())

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Take files before, between and after options; refuse what is left over.

        The command refuses it here, so that the message names the command and not the main parser.
        Left alone, argparse takes an optional file as missing if another one precedes an option.
        """
        if self._is_mixing:  # argparse's own calls
            return super().parse_known_args(args, namespace)
        has_commands = self._subparsers is not None
        parse = super().parse_known_args if has_commands else self.parse_known_intermixed_args
        self._is_mixing = True
        try:
            parsed, left_over = parse(args, namespace)
        finally:
            self._is_mixing = False
        if left_over:
            known = self._meant(left_over[0].partition("=")[0])
            expected = f"; expected {known[0]} perhaps" if known else ""
            self.error(f"unrecognized arguments: {' '.join(left_over)}{expected}")
        return parsed, left_over

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is none of the choices; of commands, say which was meant."""
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            meant = difflib.get_close_matches(value, action.choices, 1)
            raise argparse.ArgumentError(
                None,
                f"there is no command {value!r}; "
                + (
                    f"did you mean {meant[0]!r}?"
                    if meant
                    else f"expected {_one_of(action.choices)}"
                ),
            )
        super()._check_value(action, value)

    def _meant(self, option: str) -> list[str]:
        """Return the known options that an unknown one may have meant."""
        if not option.startswith("--"):
            return []
        known = list(self._option_string_actions)
        longer = [each for each in known if each.startswith(option)]
        # Without the dashes, which would make all options alike.
        alike = difflib.get_close_matches(option[2:], [each.lstrip("-") for each in known], 1)
        return longer or [f"--{each}" for each in alike]

    def error(self, message: str) -> NoReturn:
        """End the program with one line; argparse would write the many lines of the usage, too."""
        end = " See" if message.endswith("?") else "; see"
        tell(f"{self.prog}: {message}{end} {self.prog} --help")
        raise SystemExit(WRONG_USAGE)


def _one_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


class PrintVersion(argparse.Action):
    """Writes a line and ends the program; argparse's own would hide that the disk is full."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Write the line."""
        with standard_output() as output:
            output.write(f"{self.const}\n")
        parser.exit()


class Once(argparse.Action):
    """Keeps a value, and refuses a second one, as of an option that one might take for a list's."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Keep the value."""
        if getattr(namespace, self.dest, None) is not None:
            raise argparse.ArgumentError(self, "came twice; expected it once")
        setattr(namespace, self.dest, values)


def value(
    kind: Callable[[str], T], accepts: Callable[[T], bool], wanted: str
) -> Callable[[str], T]:
    """Return a type for options: what `kind` makes of a text, if accepted, which a NaN never is."""

    def convert(text: str) -> T:
        try:
            converted = kind(text)
            is_right = accepts(converted)
        except ValueError:
            is_right = False
        if not is_right:
            raise argparse.ArgumentTypeError(f"{text!r} is not right; expected {wanted}")
        return converted

    return convert


def integer(minimum: int, maximum: int | None = None) -> Callable[[str], int]:
    """Return a type for options: an integer in a range."""
    wanted = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
    most = math.inf if maximum is None else maximum
    return value(int, lambda n: minimum <= n <= most, f"an integer of {wanted}")


seed = integer(0, LARGEST_SEED)

_WORDS = {"none": None, "auto": "auto"}


def setting(
    model: Callable[..., object], name: str, kind: Callable[[str], Any]
) -> Callable[[str], Any]:
    """Return the type of an argument of a model's constructor, which checks it.

    "none" stands for None and "auto" for itself, where the model takes them.
    """
    typed = value(kind, lambda _: True, "an integer" if kind is int else "a number")

    def convert(text: str) -> Any:
        word = text.lower()
        result: Any = _WORDS[word] if word in _WORDS else typed(text)
        try:
            model(**{name: result})
        except (TypeError, ValueError) as error:
            # The option is named already, and the value came as text.
            message = re.sub(rf"^{name} is .*?; ", f"{text!r} is not right; ", str(error))
            raise argparse.ArgumentTypeError(message) from None
        return result

    return convert


def shown(default: object) -> str:
    """Return a default value as a user would type it."""
    return "none" if default is None else str(default)


def settings_text(settings: Mapping[str, Any]) -> str:
    """Return settings as a topic of `dinorc info`."""
    return ", ".join(f"{name}={shown(value)}" for name, value in settings.items()) or "unknown"


_Action: TypeAlias = str | type[argparse.Action]


class Option(NamedTuple):
    """An option with a value."""

    type: Callable[[str], Any]
    metavar: str
    help: str
    flag: str = ""  # if other than the name of what it sets
    action: _Action = "store"


def add_options(
    parser: argparse._ActionsContainer, options: Mapping[str, Option], defaults: Mapping[str, Any]
) -> None:
    """Add an option for each name, with its default in the help.

    Options that are not given leave no value, which shows which ones were given.
    """
    for name, option in options.items():
        default = f" (default: {shown(defaults[name])})" if name in defaults else ""
        parser.add_argument(
            option.flag or "--" + name.replace("_", "-"),
            dest=name,
            action=option.action,
            type=option.type,
            default=argparse.SUPPRESS,
            metavar=option.metavar,
            help=option.help + default,
        )


def add_model(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    """Add the positional argument MODEL."""
    parser.add_argument(
        "model",
        nargs=nargs,
        metavar="MODEL",
        help="a model that dinorc train, or save in Python, has made",
    )


def add_names_to_learn(parser: argparse.ArgumentParser, metavar: str, nargs: str = "?") -> None:
    """Add a positional argument for a list of names, under its name in lower case."""
    several = "; several files are learned as one list" if nargs == "*" else ""
    parser.add_argument(
        metavar.lower(),
        nargs=nargs,
        metavar=metavar,
        help=f"a file of names to learn, one per line{several}; - is standard input (default: the "
        "bundled dinosaurs)",
    )


def _encoding(text: str) -> str:
    try:
        return require_encoding(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_encoding(parser: argparse.ArgumentParser) -> None:
    """Add --encoding and --errors."""
    parser.add_argument(
        "--encoding",
        type=_encoding,
        default="utf-8",
        metavar="NAME",
        help="the encoding of the lists that are read: utf-8, cp1252, utf-16, ... (default: "
        "%(default)s)",
    )
    parser.add_argument(
        "--errors",
        choices=ERRORS,
        default=ERRORS[0],
        help="lines that are not in the encoding: strict: stop there; skip: leave them out; "
        "replace: put U+FFFD for what can't be read (default: %(default)s)",
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add --quiet."""
    parser.add_argument(
        "--quiet", action="store_true", help="write only errors and warnings to standard error"
    )
