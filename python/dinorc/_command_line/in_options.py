"""Messages of the library in the words of the command line."""

from __future__ import annotations

import re

# Arguments of the library that a message begins with, and that are options of the same name.
_ARGUMENTS = (
    "label|prefix|suffix|contains|pattern|alphabet|block|min_length|max_length|min_distance|"
    "base|temperature|top_k|top_p|budget|seed"
)
# Settings that messages advise to change, with a value or without.
_SETTINGS = (
    "unknown|validation_fraction|false_alarm_rate|schedule|learning_rate|clip_norm|max_epochs|"
    "batch_size|hidden_size"
)

_PHRASES = {
    "a model that was fitted with labels": "a model of dinorc train --label-column",
    ", a fitted CharRNN or the path of a model file": " or a model file",
    "; expected that of a CharRNN": "; expected one of dinorc train --model network",
    ", which the exception has as `names`": "",
    "' (str); expected quotation marks in pairs": "'; expected quotation marks in pairs, and cells "
    "of one line",
    ", but names lacks it; expected only characters that it has": ", which NAMES lack; expected "
    "only characters that they have",
    ", by copies or counts,": ", by copies, --count-column or --count-power,",
    " in fit; expected": " when training began; expected",
    "those that fit was given": "those of training",
    "held out from fit": "held out from training",
    "--label is None; expected": "--label is needed; expected",
    "one is None; expected one of": "--labels is needed; expected two of",
    "one and other are both": "--labels: both are",
}


def in_options(message: str) -> str:
    """Let a message of the library speak of options: "--unknown rare" for "unknown='rare'"."""
    message = re.sub(
        rf"(?:set_params\()?\b({_SETTINGS})='?(\w+(?:[.-]\w+)*)'?\)?",
        lambda found: f"{_option(found[1])} {found[2]}",
        message,
    )
    message = re.sub(rf"^(?:{_ARGUMENTS})(?= is )", lambda found: _option(found[0]), message)
    message = re.sub(r"^(?:one|other) is (?=['\"])", "--labels: there is no ", message)
    message = re.sub(
        r"\b((?:label_|count_)?column)=(\d+)",
        lambda found: f"{_option(found[1])} {int(found[2]) + 1}",
        message,
    )
    message = re.sub(
        r"\b((?:label_|count_)?column)='", lambda found: f"{_option(found[1])} '", message
    )
    # Only words that nobody has in a list of names.
    message = re.sub(
        r"(?<![-\w'])(?:learning_rate|clip_norm|max_epochs|batch_size|hidden_size)\b",
        lambda found: _option(found[0]),
        message,
    )
    message = re.sub(
        r"^validation_labels has (?=[\d,]+ different)",
        "--label-column of --validation has ",
        message,
    )
    message = re.sub(
        r"^validation_labels has ('.*?'), but labels lacks it",
        r"--validation has the label \1, which NAMES lack",
        message,
    )
    message = re.sub(r"^(label|count)s (?=(?:is|has|lacks) )", r"--\1-column ", message)
    message = re.sub(r"^validation(?: or validation_labels)? (?=is )", "--validation ", message)
    message = re.sub(
        r"^(cell|embedding_size) is .*, and the base has .*, or no \1$",
        lambda found: found[0].replace(found[1], _option(found[1])),
        message,
    )
    for of_the_library, of_the_command in _PHRASES.items():
        message = message.replace(of_the_library, of_the_command)
    return message


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
