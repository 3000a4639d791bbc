"""Loading takes little memory and always ends, whatever a file claims to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, ModelFileError
from helpers import refused
from model_files import (
    Header,
    a_file_of_no_training,
    all_of_unicode,
    joined,
    put_together,
    saved,
    split,
    taken_apart,
    tiny,
    with_checksum,
)
from small_models import small

SLACK = 8_000_000  # bytes, in addition to twice the file

MEASURING = """
import sys
from pathlib import Path
import dinorc


def memory(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024


dinorc.load(sys.argv[2])  # whatever is loaded at the first time
before = memory("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
try:
    dinorc.load(sys.argv[1])
except dinorc.ModelFileError as error:
    print(error, file=sys.stderr)
print(memory("VmHWM") - before)
"""


def extra_memory(path: Path, folder: Path) -> int:
    """Return how many more bytes a process takes at its peak when it loads the file."""
    if not os.access("/proc/self/clear_refs", os.W_OK):
        pytest.skip("this system does not tell the peak of memory")
    tiny().save(folder / "tiny")
    command = [sys.executable, "-c", MEASURING, path, folder / "tiny"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(f"{int(done.stdout):,} bytes for a file of {path.stat().st_size:,}; {done.stderr}")
    return int(done.stdout)


def test_a_large_network(tmp_path: Path) -> None:
    parameters = dinorc.initialize_parameters(n_a=2000, n_x=3, n_y=3)
    rnn = CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2})
    rnn.save(tmp_path / "rnn")
    size = (tmp_path / "rnn").stat().st_size
    assert size > 30_000_000
    assert extra_memory(tmp_path / "rnn", tmp_path) < 2 * size + SLACK


def test_a_checkpoint(tmp_path: Path) -> None:
    rnn = CharRNN(hidden_size=600, schedule="constant", max_epochs=1, validation_fraction=0)
    rnn.fit(["anna", "hannah"]).save(tmp_path / "rnn")
    size = (tmp_path / "rnn").stat().st_size
    assert size > 30_000_000
    assert extra_memory(tmp_path / "rnn", tmp_path) < 2 * size + SLACK


def test_many_names(tmp_path: Path) -> None:
    letters = "abcdefghij"
    names = [
        a + b + c + d + "saurus" for a in letters for b in letters for c in letters for d in letters
    ]
    more = [name + end for name in names for end in letters]
    rnn = small(max_epochs=1, batch_size=1000).fit(more)
    rnn.save(tmp_path / "rnn")
    size = (tmp_path / "rnn").stat().st_size
    assert extra_memory(tmp_path / "rnn", tmp_path) < 2 * size + SLACK


@pytest.mark.parametrize(
    "text",
    [
        all_of_unicode(),
        "a" * 0x10FFFF + "\U0001f996",  # as a str, four times its UTF-8
        "\n" + "\U0001f996" * 0x10FFFF,
        "\n" + "ab" * 1_000_000,
    ],
    ids=["all", "narrow and wide", "wide", "long"],
)
@pytest.mark.parametrize("has_parameters", [True, False])
def test_a_large_vocabulary(tmp_path: Path, text: str, has_parameters: bool) -> None:
    path = tmp_path / "rnn"
    contents = a_file_of_no_training(text)
    if not has_parameters:
        metadata, arrays = taken_apart(contents)
        contents = put_together(metadata, {n: arrays[n] for n in ("vocabulary", "names")})
    path.write_bytes(contents)
    size = path.stat().st_size
    assert extra_memory(path, tmp_path) < 2 * size + SLACK


def test_a_name_that_is_a_long_line(tmp_path: Path) -> None:
    metadata, arrays = taken_apart(saved(tiny(), tmp_path))
    arrays["names"] = np.frombuffer(b"a" * 20_000_000 + "\u00eb".encode(), np.uint8)
    path = tmp_path / "rnn"
    path.write_bytes(put_together(metadata, arrays))
    assert extra_memory(path, tmp_path) < 2 * path.stat().st_size + SLACK


@pytest.mark.parametrize("objects", ["[]", "{}", '"abcd"', "1.5", '{"":[]}'])
def test_a_header_full_of_objects(tmp_path: Path, objects: str) -> None:
    """JSON can't take more memory than this: a made-up header of the greatest length allowed."""
    header, data = split(saved(tiny(), tmp_path))
    for size in (0, 20_000_000):
        room = (1 << 17) + size // 64 - 5_000
        junk = "[" + ",".join([objects] * (room // (len(objects) + 1))) + "]"
        facts = junk.replace('"', "'") if '"' in junk else junk  # quotes would be escaped
        for spelled in (
            json.dumps(header, separators=(",", ":"))[:-1] + ',"more":' + junk + "}",
            json.dumps(_grown(header, facts, size), separators=(",", ":")),
        ):
            path = tmp_path / "rnn"
            path.write_bytes(joined(spelled, data + bytes(size)))
            assert extra_memory(path, tmp_path) < 2 * path.stat().st_size + SLACK


def _grown(header: Header, facts: str, size: int) -> Header:
    """Return the header with other facts and, at the end, a tensor of this many bytes."""
    metadata = {**header["__metadata__"], "model": facts}
    end = header["vocabulary"]["data_offsets"][1]
    more = {"dtype": "U8", "shape": [size], "data_offsets": [end, end + size]}
    return {**header, "__metadata__": metadata, "more": more}


def test_a_header_longer_than_it_may_be(tmp_path: Path) -> None:
    header, data = split(saved(tiny(), tmp_path))
    path = tmp_path / "rnn"
    path.write_bytes(joined(_grown(header, "[" + "[]," * 1_000_000 + "[]]", 0), data))
    with refused(ModelFileError, "its header takes 3,.* bytes of at most 1,0..,"):
        dinorc.load(path)
    assert extra_memory(path, tmp_path) < SLACK


@pytest.mark.parametrize("length", [0, 1, 2**31, 2**60, 2**63, 2**64 - 1])
def test_a_header_of_any_length(tmp_path: Path, length: int) -> None:
    contents = saved(tiny(), tmp_path)
    path = tmp_path / "rnn"
    path.write_bytes(with_checksum(length.to_bytes(8, "little") + contents[8:]))
    with pytest.raises(ModelFileError):
        dinorc.load(path)


def test_a_file_that_claims_more_than_it_has(tmp_path: Path) -> None:
    header, data = split(saved(tiny(), tmp_path))
    end = header["vocabulary"]["data_offsets"][0]
    header["vocabulary"] |= {"shape": [2**60], "data_offsets": [end, end + 2**60]}
    (tmp_path / "rnn").write_bytes(joined(header, data))
    with refused(ModelFileError, "its header describes .* bytes of numbers, and"):
        dinorc.load(tmp_path / "rnn")


def test_a_hole_of_a_terabyte(tmp_path: Path) -> None:
    header, data = split(saved(tiny(), tmp_path))
    path = tmp_path / "rnn"
    contents = joined(header, data)
    path.write_bytes(contents)
    try:
        os.truncate(path, 2**43)
    except OSError:
        pytest.skip("files can't be that large here")
    with refused(ModelFileError, "its header describes"):
        dinorc.load(path)
    end = header["vocabulary"]["data_offsets"][0]
    header["vocabulary"] |= {"shape": [2**43], "data_offsets": [end, end + 2**43]}
    head = joined(header, b"")
    path.write_bytes(head + data[:end])
    os.truncate(path, len(head) + end + 2**43)
    with refused(ModelFileError, "more than there is memory"):
        dinorc.load(path)


def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path(os.devnull)):
        with refused(ModelFileError, "is a device or a pipe; expected a model file"):
            dinorc.load(path)


def test_no_file_stays_open(tmp_path: Path) -> None:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("this system does not tell which files are open")
    contents = saved(tiny(), tmp_path)
    before = len(list(folder.iterdir()))
    for made in (contents, contents[:-1], b"", contents[:50]):
        (tmp_path / "rnn").write_bytes(made)
        for path in ("rnn", "none", "."):
            try:
                dinorc.load(tmp_path / path)
            except (ModelFileError, OSError):
                continue
    assert len(list(folder.iterdir())) == before
