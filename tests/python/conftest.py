"""Fixtures shared by the tests, and how hypothesis runs."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import command_line
from dinorc import CharRNN, datasets
from helpers import Arrays, dictionaries
from oracles import notebook as reference
from small_models import NAMES, small

settings.register_profile(
    "dinorc",
    deadline=None,
    max_examples=60,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("dinorc")

LONG_RUN = 8001  # prints at 0, 2000, 4000, 6000 and 8000


@dataclass(frozen=True)
class Corpus:
    """A list of names with its dictionaries, ready to be passed to ``model``."""

    names: list[str]
    char_to_ix: dict[str, int]
    ix_to_char: dict[int, str]

    @property
    def text(self) -> str:
        """The names as one text."""
        return "\n".join(self.names) + "\n"

    @property
    def vocab_size(self) -> int:
        """The number of characters, the newline included."""
        return len(self.char_to_ix)


@dataclass(frozen=True)
class Run:
    """What a training run printed and returned."""

    printed: str
    parameters: Arrays


@pytest.fixture(scope="session")
def dinos() -> Corpus:
    """Load the bundled list of dinosaur names."""
    names = datasets.load("dinos")
    return Corpus(names, *dictionaries(names))


@pytest.fixture(scope="session")
def oracle_run(dinos: Corpus) -> Run:
    """Run the oracle over the dinosaurs; it takes seconds, so there is one run for all tests."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        parameters = reference.model(
            dinos.text, dinos.ix_to_char, dinos.char_to_ix, num_iterations=LONG_RUN
        )
    return Run(printed.getvalue(), parameters)


@pytest.fixture(scope="session")
def rnn() -> CharRNN:
    """Return a model that has learned a little; not to be changed, as all tests share it."""
    return small(max_epochs=8, learning_rate=0.02).fit(NAMES)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> command_line.Run:
    """Return an object that runs the command line in this process."""
    return command_line.Run(capsys)


@pytest.fixture
def names_file(tmp_path: Path) -> Path:
    """Write some dinosaurs to a file, one a line."""
    path = tmp_path / "names.txt"
    path.write_text("\n".join(NAMES))
    return path


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """Save a small model of the dinosaurs in a file of this test's own."""
    path = tmp_path / "dinos.safetensors"
    command_line.trained().save(path)
    return path
