"""No damaged copy of a model file passes for a model, whatever the damage is.

``DINORC_LONG_TESTS=1`` checks 100,000 copies.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dinorc
from dinorc import CharRNN, ModelFileError, NGram
from model_files import TINY_NAMES, joined, saved, split, tiny, with_checksum

COPIES = 100_000 if "DINORC_LONG_TESTS" in os.environ else 3_000

Damage = Callable[[bytes, random.Random], bytes]


def _place(contents: bytes, rng: random.Random) -> int:
    """Return a place in the file, as often in the header as anywhere."""
    return rng.randrange(rng.choice([len(contents), min(2500, len(contents))]))


def flip_bits(contents: bytes, rng: random.Random) -> bytes:
    made = bytearray(contents)
    for _ in range(rng.choice([1, 1, 2, 8])):
        made[_place(contents, rng)] ^= 1 << rng.randrange(8)
    return bytes(made)


def change_bytes(contents: bytes, rng: random.Random) -> bytes:
    made = bytearray(contents)
    for _ in range(rng.choice([1, 1, 2, 50])):
        made[_place(contents, rng)] = rng.choice(b'\x00\x01\x7f\xff 09"{}[],:-e')
    return bytes(made)


def cut(contents: bytes, rng: random.Random) -> bytes:
    return contents[: _place(contents, rng)]


def insert(contents: bytes, rng: random.Random) -> bytes:
    at = _place(contents, rng)
    return contents[:at] + rng.randbytes(rng.choice([1, 8, 64])) + contents[at:]


def delete(contents: bytes, rng: random.Random) -> bytes:
    at = _place(contents, rng)
    return contents[:at] + contents[at + rng.choice([1, 8, 64]) :]


def swap_blocks(contents: bytes, rng: random.Random) -> bytes:
    size = rng.choice([1, 4, 16, 64, 512])
    one, other = sorted(rng.sample(range(len(contents) // size), 2))
    blocks = [contents[at : at + size] for at in range(0, len(contents), size)]
    blocks[one], blocks[other] = blocks[other], blocks[one]
    return b"".join(blocks)


def zero_a_block(contents: bytes, rng: random.Random) -> bytes:
    at = _place(contents, rng)
    size = min(rng.choice([1, 16, 512]), len(contents) - at)
    return contents[:at] + bytes(size) + contents[at + size :]


ACCIDENTS: list[Damage] = [
    flip_bits,
    change_bytes,
    cut,
    insert,
    delete,
    swap_blocks,
    zero_a_block,
]


def accident_with_checksum(contents: bytes, rng: random.Random) -> bytes:
    return with_checksum(rng.choice(ACCIDENTS)(contents, rng))


JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 2, 3, 2**31, 2**63, 2**64, 2**200, 10**400, 0.0, -0.0, 0.5, 1e300,
    float("nan"), float("inf"), "", "rnn", "float64", "\n", "\ud800", "\0", "é" * 50, [], {}, [0],
    [[]], {"": 0}, [2**60, 2**60], [-1, 0], [[[[[]]]]],
]  # fmt: skip


def _spoil(value: Any, rng: random.Random) -> Any:
    """Return JSON with a value replaced, added or removed in one place."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        change = rng.random()
        made = dict(value)
        if change < 0.7:
            made[key] = _spoil(value[key], rng)
        elif change < 0.8:
            del made[key]
        elif change < 0.9:
            made[rng.choice(["", "bias", "epoch", "more", key + " "])] = made[key]
        else:
            made[rng.choice(list(value))] = made[key]
        return made
    if isinstance(value, list) and value and rng.random() < 0.7:
        made = list(value)
        at = rng.randrange(len(made))
        made[at] = _spoil(made[at], rng)
        return made
    if type(value) in (int, float) and rng.random() < 0.5:
        return rng.choice([value + 1, value - 1, -value, value * 2, float(value), str(value)])
    if isinstance(value, str) and value and rng.random() < 0.5:
        at = rng.randrange(len(value))
        return value[:at] + rng.choice(["", "a", "\n", "\U0001f996"]) + value[at + 1 :]
    return rng.choice(JUNK)


def edit_header(contents: bytes, rng: random.Random) -> bytes:
    header, data = split(contents)
    key = rng.choice(["model", "model", "params", ""])
    if key:
        facts = _spoil(json.loads(header["__metadata__"][key]), rng)
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        header["__metadata__"][key] = text
    else:
        header = _spoil(header, rng)
    return joined(json.dumps(header, ensure_ascii=False, separators=(",", ":")), data)


def change_numbers(contents: bytes, rng: random.Random) -> bytes:
    header, data = split(contents)
    made = bytearray(data)
    for _ in range(rng.choice([1, 1, 8])):
        made[rng.randrange(len(data))] = rng.choice([0, 1, 10, 97, 127, 128, 255])
    return joined(header, bytes(made))


FORGERIES: list[Damage] = [accident_with_checksum, edit_header, edit_header, change_numbers]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return files of several kinds."""
    folder = tmp_path_factory.mktemp("originals")
    parameters = dinorc.initialize_parameters(n_a=3, n_x=3, n_y=3)
    return [
        saved(tiny(), folder),
        saved(tiny(), folder, training_names=False),
        saved(tiny(schedule="one-cycle", cell="gru", dtype="float64"), folder),
        saved(tiny(cell="rnn", validation_fraction=0, optimizer="sgd"), folder),
        saved(CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2}), folder),
        saved(NGram().fit(TINY_NAMES), folder),
        saved(NGram(order=2).fit([*TINY_NAMES, *["rex"] * 300]), folder),
    ]


def outcome(path: Path, contents: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the outcome of loading the file; any unexpected exception reaches the test."""
    path.unlink(missing_ok=True)  # some file systems flush a file that is truncated and rewritten
    path.write_bytes(contents)
    try:
        rnn = dinorc.load(path)
    except ModelFileError as error:
        assert str(error).startswith(repr(os.fspath(path)))
        return "refused"
    # If accepted, it has to be a whole model: one that makes this very file and can be used.
    version = split(contents)[0]["__metadata__"]["dinorc_version"]
    with monkeypatch.context() as patch:
        patch.setattr("dinorc._storage.model_file.__version__", version)
        patch.setattr(os, "fsync", lambda descriptor: None)  # which takes long
        rnn.save(path)
    assert path.read_bytes() == contents
    rnn.fingerprint()
    rnn.sample(1)
    return "loaded"


def test_accidents_are_noticed(
    originals: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(1)
    outcomes: Counter[str] = Counter()
    for number in range(COPIES // 2):
        contents = rng.choice(originals)
        made = ACCIDENTS[number % len(ACCIDENTS)](contents, rng)
        if made in originals:
            outcomes["not damaged"] += 1
            continue
        assert outcome(tmp_path / "rnn", made, monkeypatch) == "refused", number
        outcomes["refused"] += 1
    print(dict(outcomes))
    assert outcomes["refused"] > 0.9 * (COPIES // 2)


def test_forgeries_are_noticed_or_are_models(
    originals: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(2)
    outcomes: Counter[str] = Counter()
    for number in range(COPIES - COPIES // 2):
        contents = rng.choice(originals)
        made = FORGERIES[number % len(FORGERIES)](contents, rng)
        outcomes[outcome(tmp_path / "rnn", made, monkeypatch)] += 1
    print(dict(outcomes))
    assert min(outcomes["refused"], outcomes["loaded"]) > 0.05 * (COPIES // 2)
