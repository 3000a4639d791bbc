"""Every example in a docstring runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import dinorc

MODULES = [
    module.name
    for module in pkgutil.walk_packages(dinorc.__path__, "dinorc.")
    if module.name not in ("dinorc.__main__", "dinorc._core")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    if name.startswith("dinorc.plot."):
        pytest.importorskip("matplotlib")
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


CLASSES = [each for each in map(dinorc.__dict__.get, dinorc.__all__) if inspect.isclass(each)]


@pytest.mark.parametrize("public", CLASSES)
def test_the_examples_of_a_class_run_wherever_it_is_defined(public: type) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for example in doctest.DocTestFinder().find(public, public.__name__, module=False):
        assert runner.run(example).failed == 0, example.name
    if public is dinorc.CharRNN:
        assert runner.tries > 10


def test_every_public_function_has_an_example() -> None:
    finder = doctest.DocTestFinder(recurse=False)
    functions = {name: getattr(dinorc, name) for name in [*dinorc.notebook.__all__, "build_info"]}
    functions |= {"CharRNN": dinorc.CharRNN, "load": dinorc.load}
    for owner in (dinorc.CharRNN, dinorc.datasets, dinorc.plot):
        for name, member in inspect.getmembers(owner, inspect.isroutine):
            if not name.startswith("_") and name in getattr(owner, "__all__", [name]):
                functions[f"{owner.__name__}.{name}"] = member
    without = [
        name
        for name, function in functions.items()
        if not any(test.examples for test in finder.find(function, name))
    ]
    assert without == []
