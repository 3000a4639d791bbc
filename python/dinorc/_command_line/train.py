"""``dinorc train``: learns a list of names and saves the model, even when interrupted."""

from __future__ import annotations

import argparse
import math
import os
import shlex
import warnings
from pathlib import Path
from typing import Any

from dinorc import NGram, datasets
from dinorc._command_line.arguments import (
    Commands,
    add_encoding,
    add_names_to_learn,
    add_quiet,
    value,
)
from dinorc._command_line.columns import (
    add_columns,
    check_columns,
    choice_of,
    columns_as_typed,
    counts_of,
)
from dinorc._command_line.in_options import in_options
from dinorc._command_line.input import (
    STANDARD_INPUT,
    NamesRead,
    load_model,
    one_after_the_other,
    read_names,
    tell_of_column,
)
from dinorc._command_line.interruption import exit_code, first_signal_raises, in_words
from dinorc._command_line.models import (
    KINDS,
    USUAL,
    add_settings,
    flag_of,
    word_of,
    words_with,
)
from dinorc._command_line.output import CommandError, failing_to, tell
from dinorc._estimators.checkpoints import save_during_training, what_is_learned
from dinorc._estimators.estimator import Estimator
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.spelling import spelling_to_learn
from dinorc._names.cleaning import training_names
from dinorc._validation import require_path
from dinorc.errors import ModelFileError, TrainingDivergedError, TrainingInterruptedWarning

_ALL_SETTINGS = {name for kind in KINDS.values() for name in kind.settings}
_OF_EVERY_MODEL = {"strip"}


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "train",
        help="learn a list of names and save the model",
        description="Learns a list of names and saves the model. Ctrl-C, SIGTERM and SIGHUP save "
        "the best model so far; --resume goes on from it as if nothing had happened.",
        epilog="examples:\n"
        "  dinorc train names.txt -o names.safetensors\n"
        "  dinorc train names.txt -o names.safetensors --resume\n"
        "  dinorc train names.txt -o large.safetensors --model network --hidden-size 256\n"
        "  dinorc train names.txt -o counts.safetensors --model ngram\n"
        "  dinorc train girls.txt boys.txt.gz -o both.safetensors\n"
        "  dinorc train --column name table.csv -o names.safetensors\n"
        "  dinorc train --column name --label-column sex table.csv -o names.safetensors\n"
        "  sort -u one.txt two.txt | dinorc train - -o both.safetensors",
    )
    add_names_to_learn(parser, "NAMES", nargs="*")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="MODEL",
        help="the file to save the model in; an older model there is replaced when this one is "
        "saved, unless its training was interrupted",
    )
    parser.add_argument(
        "--model",
        choices=KINDS,
        help="ensemble: several networks and an n-gram, mixed, which learns best; network: a "
        "single one; ngram: frequencies of letters after others, learned in a moment (default: "
        f"{USUAL})",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the interrupted training of MODEL, with the same lists",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace MODEL even if it holds an interrupted training",
    )
    parser.add_argument(
        "--checkpoint-every",
        type=value(float, lambda minutes: 0 < minutes < math.inf, "a number above 0"),
        metavar="MINUTES",
        help="save the model while training goes on, too, for --resume after a power cut",
    )
    parser.add_argument(
        "--validation",
        metavar="FILE",
        help="names to choose the best epoch by, instead of a held-out part of NAMES",
    )
    parser.add_argument(
        "--no-training-names",
        dest="training_names",
        action="store_false",
        help="leave the names out of the saved model; generate can't exclude them then",
    )
    parser.add_argument(
        "--no-strip",
        dest="strip",
        action="store_false",
        default=argparse.SUPPRESS,
        help="keep white space around names, as in passwords",
    )
    add_columns(parser)
    add_encoding(parser)
    add_quiet(parser)
    add_settings(parser)
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(options: argparse.Namespace) -> int | None:
    _check(options)
    _require_place(options)
    model = _model_to_train(options)
    names = _names_to_train(options)
    validation = None
    if options.validation is not None:
        choice = choice_of(options)._replace(count_column=None)
        validation = read_names(options.validation, options, choice=choice)
    with names.in_errors():
        _, report = training_names(names.lines, spelling=spelling_to_learn(model))
    _say(options, f"{names.source}: {report}")

    divergence = None
    before = what_is_learned(model)
    if options.checkpoint_every is not None:
        _save_during_training(model, options)
    with first_signal_raises() as signals:
        try:
            _train(model, options, names, validation)
        except TrainingDivergedError as error:
            if not error.epoch:
                raise  # before there was anything to save
            divergence = error
        except KeyboardInterrupt as stop:
            if what_is_learned(model) is before:
                tell(
                    f"dinorc: {in_words(stop)} before anything was learned; {options.output} was "
                    "not written"
                )
                return exit_code(stop)
        signals.ignore_all()  # hours of work are about to be saved in a moment
        if "verbose" in model.get_params():
            model.set_params(verbose="auto")
        with failing_to(f"save the model in {options.output}"):
            model.save(options.output, training_names=options.training_names)
    _say(options, KINDS[word_of(model)].account(model))
    _say(options, f"saved in {options.output}, fingerprint {model.fingerprint()}")

    if divergence is not None:
        raise CommandError(in_options(str(divergence)))
    if model.interrupted_:
        tell(f"dinorc: {in_words(signals.raised)}; to go on: {_resume_command(options)}")
        return exit_code(signals.raised)
    return None


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if options.output == STANDARD_INPUT:
        options.refuse("argument -o: '-' is not right; expected a file")
    if options.names.count(STANDARD_INPUT) > 1:
        options.refuse("argument NAMES: '-' came twice; expected it once")
    if STANDARD_INPUT in options.names and options.validation == STANDARD_INPUT:
        options.refuse("argument --validation: '-' is NAMES already; expected a file")
    check_columns(options)
    if choice_of(options).is_given and hasattr(options, "strip"):
        options.refuse(
            "argument --no-strip: not with --column, as white space around cells is left out"
        )
    if options.resume and options.force:
        options.refuse("argument --force: not with --resume, which replaces nothing")
    if options.resume and hasattr(options, "random_state"):
        options.refuse("argument --seed: not with --resume, which goes on with the old seed")
    if options.resume and options.model is not None:
        options.refuse("argument --model: not with --resume, which goes on with the old one")
    if options.validation is not None and options.model == "ngram":
        options.refuse(
            f"argument --validation: not with --model {options.model}, which has no epochs"
        )
    if options.checkpoint_every is not None and options.model == "ngram":
        options.refuse(
            f"argument --checkpoint-every: not with --model {options.model}, which is learned in "
            "one go"
        )
    if not options.resume:
        _check_settings(options, options.model or USUAL)


def _check_settings(options: argparse.Namespace, word: str) -> None:
    """Refuse settings that this kind of model does not have."""
    for name in sorted(_ALL_SETTINGS & vars(options).keys() - KINDS[word].settings.keys()):
        others = " or ".join(words_with(name))
        options.refuse(
            f"argument {flag_of(name)}: not with a model of the kind {word}; expected --model "
            f"{others}"
        )


def _require_place(options: argparse.Namespace) -> None:
    """Raise where the model could not be saved, or would replace what should not be lost.

    That is a file that is not a model, and an interrupted training, unless it goes on or --force is
    given. This comes before training, not after hours of it.
    """
    output = options.output
    path = Path(os.path.realpath(require_path("-o", output)))
    if path.is_symlink():
        raise CommandError(f"{output} is a link that leads back to itself")
    if path.is_dir():
        raise CommandError(f"{output} is a directory; expected a file to save the model in")
    if not path.parent.is_dir():
        raise CommandError(f"there is no directory {path.parent}; expected one to save {output} in")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"cannot write to the directory {path.parent}")
    if path.exists():
        if not path.is_file():
            raise CommandError(
                f"{output} is a device or a pipe; expected a file to save the model in"
            )
        try:
            there = load_model(output)
        except ModelFileError as error:
            raise CommandError(
                f"will not replace {output}: {error}. Give the model another name, or remove that "
                "file"
            ) from None
        if _is_unfinished(there) and not (options.resume or options.force):
            raise CommandError(
                f"{output} holds an interrupted training; expected --resume to go on with it, or "
                "--force to replace it"
            )


def _is_unfinished(model: Any) -> bool:
    """Tell whether a model has training left to do that --resume goes on with."""
    return not isinstance(model, NGram) and model.interrupted_ and model.resumable_


def _model_to_train(options: argparse.Namespace) -> NameModel:
    """Return a model with the settings given; to be resumed, one that was interrupted."""
    model: NameModel = KINDS[options.model or USUAL].estimator()
    if options.resume:
        model = load_model(options.output)
        if isinstance(model, NGram):
            raise CommandError(
                f"{options.output} holds an n-gram, whose learning is not interrupted; expected "
                "training without --resume"
            )
        _check_settings(options, word_of(model))
    settings = _ALL_SETTINGS | _OF_EVERY_MODEL
    given = {name: value for name, value in vars(options).items() if name in settings}
    if "verbose" in model.get_params():
        given["verbose"] = False if options.quiet else "auto"
    return model.set_params(**given)


def _names_to_train(options: argparse.Namespace) -> NamesRead:
    if options.names:
        parts = [read_names(file, options, choice=choice_of(options)) for file in options.names]
        for part in parts:
            tell_of_column(part)
        return one_after_the_other(parts)
    names = datasets.load("dinos")
    return NamesRead("bundled dinosaurs", names, range(1, len(names) + 1))


def _train(
    model: Any, options: argparse.Namespace, names: NamesRead, validation: NamesRead | None
) -> None:
    train = model.resume if options.resume else model.fit
    lists: dict[str, Any] = {}
    if names.labels is not None:
        lists["labels"] = names.labels
    if names.counts is not None:
        lists["counts"] = counts_of(options, names.counts)
    with warnings.catch_warnings(), names.in_errors():
        warnings.simplefilter("ignore", TrainingInterruptedWarning)  # the end of the command tells
        if validation is None:
            train(names.lines, **lists)
        else:
            if validation.labels is not None:
                lists["validation_labels"] = validation.labels
            with validation.in_errors("validation"):
                train(names.lines, validation=validation.lines, **lists)


def _save_during_training(model: NameModel, options: argparse.Namespace) -> None:
    def save(so_far: Estimator) -> None:
        try:
            so_far.save(options.output, training_names=options.training_names)
        except OSError as error:
            tell(f"dinorc: cannot save {options.output}: {error.strerror}; training goes on")

    save_during_training(model, 60 * options.checkpoint_every, save)


def _resume_command(options: argparse.Namespace) -> str:
    words = ["dinorc", "train", *options.names, "-o", options.output, "--resume"]
    if options.checkpoint_every is not None:
        words += ["--checkpoint-every", f"{options.checkpoint_every:g}"]
    if options.validation is not None:
        words += ["--validation", options.validation]
    words += columns_as_typed(options)
    if options.encoding != "utf-8":
        words += ["--encoding", options.encoding]
    if not options.training_names:
        words.append("--no-training-names")
    if options.errors != "strict":
        words += ["--errors", options.errors]
    return shlex.join(words)


def _say(options: argparse.Namespace, message: str) -> None:
    if not options.quiet:
        tell(message)
