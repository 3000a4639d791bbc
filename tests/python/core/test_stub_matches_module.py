"""The stub beside the compiled module lists what the module has, and nothing else."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

import dinorc
from core_signatures import signatures
from dinorc import _core

Function = ast.FunctionDef | ast.AsyncFunctionDef


def stub_path() -> Path:
    """Find the stub: beside the compiled module, or in the package of an editable install."""
    places = [Path(_core.__file__).parent, *map(Path, dinorc.__path__)]
    return next(place / "_core.pyi" for place in places if (place / "_core.pyi").exists())


def is_public(name: str) -> bool:
    """Tell whether to compare a name: of the dunders, only the constructor."""
    return not name.startswith("_") or name == "__init__"


def stub_names(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Collect what a stub's module or class defines; overloads are in one list."""
    found: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, (*Function.__args__, ast.ClassDef)):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node)
    return found


def public(found: dict[str, list[ast.stmt]]) -> dict[str, list[ast.stmt]]:
    """Leave out what is not to be compared."""
    return {name: nodes for name, nodes in found.items() if is_public(name)}


WHOLE_STUB = stub_names(ast.parse(stub_path().read_text(encoding="utf-8")).body)
STUB = public(WHOLE_STUB)
MODULE = {
    name: getattr(_core, name)
    for name in dir(_core)
    if is_public(name) and not inspect.ismodule(getattr(_core, name))
}
CLASSES = {name: value for name, value in MODULE.items() if inspect.isclass(value)}


def members(cls: type) -> dict[str, Any]:
    """List what a class itself defines."""
    return {name: value for name, value in vars(cls).items() if is_public(name)}


def stub_members(name: str) -> dict[str, list[ast.stmt]]:
    """List what the stub says a class defines, or inherits in the stub alone."""
    (node,) = WHOLE_STUB[name]
    assert isinstance(node, ast.ClassDef)
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    inherited = [stub_members(base) for base in bases]
    return {n: nodes for each in inherited for n, nodes in each.items()} | public(
        stub_names(node.body)
    )


def pairs() -> dict[str, tuple[Any, list[ast.stmt]]]:
    """Pair every function and method with its definitions in the stub."""
    found = {n: (v, STUB[n]) for n, v in MODULE.items() if n in STUB and n not in CLASSES}
    for name, cls in CLASSES.items():
        if name in STUB:
            known = stub_members(name)
            found |= {f"{name}.{n}": (v, known[n]) for n, v in members(cls).items() if n in known}
    return {name: (value, nodes) for name, (value, nodes) in found.items() if callable(value)}


def test_module_and_stub_have_the_same_names() -> None:
    assert sorted(STUB) == sorted(MODULE)


@pytest.mark.parametrize("name", CLASSES)
def test_class_and_stub_have_the_same_members(name: str) -> None:
    documented = stub_members(name)
    real = members(CLASSES[name])
    if "__init__" not in documented:
        real.pop("__init__", None)  # a class that only the core makes need not show it
    assert sorted(documented) == sorted(real)


@pytest.mark.parametrize("name", pairs())
def test_function_and_stub_have_the_same_parameters(name: str) -> None:
    function, nodes = pairs()[name]
    real = [
        [argument.split(":")[0].split("=")[0].strip() for argument in arguments]
        for arguments in signatures(inspect.unwrap(getattr(function, "__func__", function)))
    ]
    stub = []
    for node in nodes:
        assert isinstance(node, Function), f"{name} is a function, but not in the stub"
        arguments = node.args
        listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        stub.append([argument.arg for argument in listed])
    assert sorted(stub) == sorted(real)
