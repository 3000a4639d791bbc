"""All instruction sets give the same bits; wrong ones and a failed self-test are reported."""

from __future__ import annotations

import importlib

import pytest

from dinorc import _build_info, _core
from processes import run, usable_instruction_sets

# Prints the usable instruction sets, or a hash of trained parameters and sampled names.
TRAINING = """
import hashlib
import dinorc

names = dinorc.datasets.load("dinos")
characters = sorted({"\\n"}.union(*names))
char_to_ix = {character: ix for ix, character in enumerate(characters)}
digest = hashlib.sha256()
for dtype in ("float64", "float32"):
    for n_a in (50, 33):
        parameters = dinorc.model(
            names, dict(enumerate(characters)), char_to_ix, 500, n_a, dtype=dtype, verbose=False
        )
        for key in ("Wax", "Waa", "Wya", "b", "by"):
            digest.update(parameters[key].tobytes())
        for seed in range(20):
            digest.update(str(dinorc.sample(parameters, char_to_ix, seed)).encode())
print(dinorc.build_info()["instruction_set"].split()[0], digest.hexdigest())
"""


def test_an_unknown_instruction_set_fails_the_import_with_the_known_ones() -> None:
    result = run("import dinorc", "sse9")
    assert result.returncode != 0
    assert 'ImportError: DINORC_ISA is "sse9"' in result.stderr
    assert "expected one of: baseline" in result.stderr


def test_an_empty_setting_means_no_setting() -> None:
    assert run("import dinorc", "").returncode == 0


def test_all_instruction_sets_give_the_same_bits() -> None:
    names = usable_instruction_sets()
    outputs = [run(TRAINING, name).stdout.split() for name in names]
    assert [output[0] for output in outputs] == names
    assert len({output[1] for output in outputs}) == 1


def test_the_self_test_passes_here() -> None:
    assert _core.self_test_failure == ""


def test_a_failed_self_test_warns_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_core, "self_test_failure", "the avx9 kernels give wrong results")
    with pytest.warns(RuntimeWarning, match="the avx9 kernels give wrong results"):
        importlib.reload(_build_info)
