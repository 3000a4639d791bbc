"""``dinorc train``: learns a list of names and saves the model, even when interrupted."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from dinorc import CharRNN, datasets
from dinorc._command_line.arguments import Commands, add_encoding, add_names_to_learn, add_quiet
from dinorc._command_line.input import STANDARD_INPUT, NamesRead, load_model, read_names
from dinorc._command_line.models import KINDS, USUAL, add_settings, flag_of, word_of
from dinorc._command_line.output import INTERRUPTED, CommandError, failing_to, tell
from dinorc._estimators.name_model import NameModel
from dinorc._names.cleaning import training_names
from dinorc._validation import require_path
from dinorc.errors import ModelFileError, TrainingDivergedError, TrainingInterruptedWarning

_ALL_SETTINGS = {name for kind in KINDS.values() for name in kind.settings}


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "train",
        help="learn a list of names and save the model",
        description="Learns a list of names and saves the model. Ctrl-C saves the best model so "
        "far; --resume goes on from it as if nothing had happened.",
        epilog="examples:\n"
        "  dinorc train names.txt -o names.safetensors\n"
        "  dinorc train names.txt -o names.safetensors --resume\n"
        "  dinorc train names.txt -o large.safetensors --hidden-size 256 --dropout 0.3\n"
        "  dinorc train names.txt -o counts.safetensors --model ngram\n"
        "  sort -u one.txt two.txt | dinorc train - -o both.safetensors",
    )
    add_names_to_learn(parser, "NAMES")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="MODEL",
        help="the file to save the model in; an older model there is replaced at the end",
    )
    parser.add_argument(
        "--model",
        choices=KINDS,
        default=USUAL,
        help="network: a recurrent network; ngram: counts, learned in a moment "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the interrupted training of a network, with the same names",
    )
    parser.add_argument(
        "--validation",
        metavar="FILE",
        help="names to choose the best epoch by, instead of a held-out part of NAMES",
    )
    add_encoding(parser)
    add_quiet(parser)
    add_settings(parser)
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(options: argparse.Namespace) -> int | None:
    _check(options)
    _require_place(options.output)
    model = _model_to_train(options)
    names = _names_to_train(options)
    validation = None
    if options.validation is not None:
        validation = read_names(options.validation, options.encoding)
    with names.in_errors():
        _, report = training_names(names.lines)
    _say(options, f"{names.source}: {report}")

    divergence = None
    with _only_the_first_counts() as ignore_ctrl_c:
        try:
            _train(model, options.resume, names, validation)
        except TrainingDivergedError as error:
            if not error.epoch:
                raise  # before there was anything to save
            divergence = error
        ignore_ctrl_c()  # hours of work are about to be saved in a moment
        if "verbose" in model.get_params():
            model.set_params(verbose="auto")
        with failing_to(f"save the model in {options.output}"):
            model.save(options.output)
    _say(options, KINDS[word_of(model)].account(model))
    _say(options, f"saved in {options.output}, fingerprint {model.fingerprint()}")

    if divergence is not None:
        raise CommandError(str(divergence))
    if model.interrupted_:
        tell(f"dinorc: interrupted; to go on: {_resume_command(options)}")
        return INTERRUPTED
    return None


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if options.output == STANDARD_INPUT:
        options.refuse("argument -o: '-' is not right; expected a file")
    if options.names == STANDARD_INPUT == options.validation:
        options.refuse("argument --validation: '-' is NAMES already; expected a file")
    if options.resume and hasattr(options, "random_state"):
        options.refuse("argument --seed: not with --resume, which goes on with the old seed")
    if options.resume and options.model != "network":
        options.refuse(
            f"argument --resume: not with --model {options.model}, which is not interrupted"
        )
    if options.validation is not None and options.model != "network":
        options.refuse(
            f"argument --validation: not with --model {options.model}, which has no epochs"
        )
    for name in sorted(_ALL_SETTINGS & vars(options).keys() - KINDS[options.model].settings.keys()):
        options.refuse(f"argument {flag_of(name)}: not with --model {options.model}")


def _require_place(output: str) -> None:
    """Raise where the model could not be saved, or would replace a file that is not a model.

    This comes before training, not after hours of it.
    """
    try:
        path = Path(require_path("-o", output)).resolve()
    except RuntimeError:
        raise CommandError(f"{output} is a link that leads back to itself") from None
    if path.is_dir():
        raise CommandError(f"{output} is a directory; expected a file to save the model in")
    if not path.parent.is_dir():
        raise CommandError(f"there is no directory {path.parent}; expected one to save {output} in")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"cannot write to the directory {path.parent}")
    if path.exists():
        try:
            load_model(output)
        except ModelFileError as error:
            raise CommandError(
                f"will not replace {output}: {error}. Give the model another name, or remove that "
                "file"
            ) from None


def _model_to_train(options: argparse.Namespace) -> NameModel:
    """Return a model with the settings given; to be resumed, one that was interrupted."""
    model: NameModel = KINDS[options.model].estimator()
    if options.resume:
        model = load_model(options.output)
        if not isinstance(model, CharRNN):
            raise CommandError(
                f"{options.output} holds no network, which alone can be interrupted; expected "
                "training without --resume"
            )
    given = {name: value for name, value in vars(options).items() if name in _ALL_SETTINGS}
    if "verbose" in model.get_params():
        given["verbose"] = False if options.quiet else "auto"
    return model.set_params(**given)


def _names_to_train(options: argparse.Namespace) -> NamesRead:
    if options.names is not None:
        return read_names(options.names, options.encoding)
    names = datasets.load("dinos")
    return NamesRead("bundled dinosaurs", names, range(1, len(names) + 1))


def _train(model: Any, resume: bool, names: NamesRead, validation: NamesRead | None) -> None:
    train = model.resume if resume else model.fit
    with warnings.catch_warnings(), names.in_errors():
        warnings.simplefilter("ignore", TrainingInterruptedWarning)  # the end of the command tells
        if validation is None:
            train(names.lines)
        else:
            with validation.in_errors("validation"):
                train(names.lines, validation=validation.lines)


@contextmanager
def _only_the_first_counts() -> Iterator[Callable[[], None]]:
    """Let the first Ctrl-C inside raise KeyboardInterrupt, and ignore all that follow.

    Gives a function; once it is called, even a first Ctrl-C is ignored.
    """
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_usual or threading.current_thread() is not threading.main_thread():
        yield lambda: None  # other code handles Ctrl-C
        return
    signal.signal(signal.SIGINT, _raise_once)
    try:
        yield _ignore
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _raise_once(number: int, frame: FrameType | None) -> None:
    _ignore()
    raise KeyboardInterrupt


def _resume_command(options: argparse.Namespace) -> str:
    words = ["dinorc", "train"]
    if options.names is not None:
        words.append(options.names)
    words += ["-o", options.output, "--resume"]
    if options.validation is not None:
        words += ["--validation", options.validation]
    if options.encoding != "utf-8":
        words += ["--encoding", options.encoding]
    return shlex.join(words)


def _say(options: argparse.Namespace, message: str) -> None:
    if not options.quiet:
        tell(message)
