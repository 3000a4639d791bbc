"""Saving puts a whole file in place or keeps the old one, and no litter, whatever goes wrong.

``DINORC_LONG_TESTS=1`` kills 200 processes while they save.
"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import dinorc
from dinorc import CharRNN
from dinorc._storage import atomic_write
from model_files import saved, tiny

# Limits, links and permissions as on POSIX systems.
resource = pytest.importorskip("resource", reason="needs POSIX")

KILLS = 200 if "DINORC_LONG_TESTS" in os.environ else 10


@pytest.fixture(scope="module")
def old() -> CharRNN:
    """Return the model whose file exists at first."""
    return tiny()


@pytest.fixture(scope="module")
def new() -> CharRNN:
    """Return the model to be saved over it."""
    return tiny(hidden_size=20, random_state=1)


@pytest.fixture
def path(tmp_path: Path, old: CharRNN) -> Path:
    """Return the path of the old model's file, the only one in its folder."""
    old.save(tmp_path / "rnn")
    return tmp_path / "rnn"


@contextmanager
def old_file_kept(path: Path) -> Iterator[None]:
    """Check that afterwards the file is as it was, with nothing else in its folder."""
    before = path.read_bytes()
    files = sorted(path.parent.iterdir())
    yield
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == files


# ---- what may be at the path ---------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_any_new_file(
    tmp_path: Path, old: CharRNN, umask: int
) -> None:
    before = os.umask(umask)
    try:
        old.save(tmp_path / "rnn")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "rnn").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_the_permissions_of_an_old_file_are_kept(path: Path, new: CharRNN, mode: int) -> None:
    path.chmod(mode)
    new.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert dinorc.load(path).fingerprint() == new.fingerprint()


def test_what_a_symbolic_link_points_to_is_replaced(path: Path, new: CharRNN) -> None:
    folder = path.parent / "links"
    folder.mkdir()
    (folder / "link").symlink_to("../rnn")
    (folder / "link to link").symlink_to("link")
    new.save(folder / "link to link")
    assert (folder / "link").is_symlink()
    assert (folder / "link to link").is_symlink()
    assert dinorc.load(path).fingerprint() == new.fingerprint()
    assert sorted(path.parent.iterdir()) == [folder, path]
    (folder / "to nothing").symlink_to("there")
    new.save(folder / "to nothing")
    assert dinorc.load(folder / "there").fingerprint() == new.fingerprint()


def test_links_in_a_circle(tmp_path: Path, new: CharRNN) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    for function in (new.save, dinorc.load):
        with pytest.raises(OSError, match="one"):
            function(tmp_path / "one")
    assert (tmp_path / "one").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_relative_path(tmp_path: Path, old: CharRNN, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old.save("rnn")
    assert [path.name for path in tmp_path.iterdir()] == ["rnn"]
    assert dinorc.load("rnn").fingerprint() == old.fingerprint()


def test_a_directory_is_not_replaced(tmp_path: Path, new: CharRNN) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError, match="folder"):
        new.save(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_a_pipe_is_not_replaced(tmp_path: Path, new: CharRNN) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"not a regular file.*pipe"):
        new.save(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    with pytest.raises(OSError, match=r"not a regular file.*/dev/null"):
        new.save(os.devnull)


def test_a_missing_folder_is_named(tmp_path: Path, new: CharRNN) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder '.*none'.*none/rnn") as caught:
        new.save(tmp_path / "none" / "rnn")
    assert caught.value.filename == os.fspath(tmp_path / "none" / "rnn")
    with pytest.raises(NotADirectoryError, match="file/rnn"):
        (tmp_path / "file").touch()
        new.save(tmp_path / "file" / "rnn")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_name_that_is_too_long(tmp_path: Path, new: CharRNN) -> None:
    with pytest.raises(OSError, match="aaa"):
        new.save(tmp_path / ("a" * 300))
    new.save(tmp_path / ("a" * 255))
    assert len(list(tmp_path.iterdir())) == 1


# ---- what may go wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 1000, 5000])
def test_a_disk_that_fills_up(path: Path, new: CharRNN, limit: int) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with old_file_kept(path), pytest.raises(OSError, match="rnn") as caught:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
        try:
            new.save(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno == errno.EFBIG
    assert caught.value.filename == os.fspath(path)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("function", ["open", "fsync", "replace", "chmod", "fdopen"])
def test_whatever_fails_the_old_file_stays(
    path: Path,
    new: CharRNN,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    error: BaseException,
) -> None:
    calls = []

    def fail(*arguments: Any, **more: Any) -> Any:
        calls.append(arguments)
        raise error

    with old_file_kept(path), monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        with pytest.raises(type(error)) as caught:
            new.save(path)
    assert calls
    if isinstance(error, OSError):
        assert caught.value.errno == errno.ENOSPC
        assert caught.value.filename == os.fspath(path)


def test_a_folder_that_cannot_be_flushed_is_no_failure(
    path: Path, new: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    flushed = []

    def fsync(descriptor: int) -> None:
        flushed.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        if flushed[-1]:
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    new.save(path)
    assert flushed == [False, True]
    assert dinorc.load(path).fingerprint() == new.fingerprint()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # closed late
def test_ctrl_c_at_any_line(path: Path, old: CharRNN, new: CharRNN) -> None:
    models = {saved_bytes: name for name, saved_bytes in _both(path, old, new).items()}
    outcomes = []
    for stop in range(1, 1000):
        old.save(path)
        remaining = stop

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal remaining
            if frame.f_code.co_filename != atomic_write.__file__:
                return None
            if event == "line":
                remaining -= 1
                if remaining == 0:
                    raise KeyboardInterrupt
            return trace

        tracer = sys.gettrace()
        sys.settrace(trace)
        try:
            new.save(path)
            break
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(tracer)
        outcomes.append(models[path.read_bytes()])
        assert list(path.parent.iterdir()) == [path], stop
    assert outcomes == sorted(outcomes, reverse=True)  # the old file first
    assert len(outcomes) > 20
    assert set(outcomes) == {"old", "new"}


def _both(path: Path, old: CharRNN, new: CharRNN) -> dict[str, bytes]:
    contents = {}
    for name, rnn in (("old", old), ("new", new)):
        rnn.save(path)
        contents[name] = path.read_bytes()
    return contents


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Make a folder that every user may read, unlike those that pytest makes."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Give up the rights of root, who may write anywhere, for a while."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("there is no ordinary user to act as")
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_is_read_only(public_folder: Path, old: CharRNN, new: CharRNN) -> None:
    path = public_folder / "rnn"
    old.save(path)
    path.chmod(0o666)
    public_folder.chmod(0o555)
    try:
        with old_file_kept(path), as_ordinary_user(), pytest.raises(PermissionError, match="rnn"):
            new.save(path)
    finally:
        public_folder.chmod(0o755)


def test_a_file_that_is_read_only(
    path: Path, new: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:  # for root no file is
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    path.chmod(0o444)
    with old_file_kept(path), pytest.raises(PermissionError, match=r"Is read-only.*rnn"):
        new.save(path)


def test_a_file_that_cannot_be_read(public_folder: Path, old: CharRNN) -> None:
    old.save(public_folder / "rnn")
    (public_folder / "rnn").chmod(0)
    with as_ordinary_user(), pytest.raises(PermissionError, match="rnn"):
        dinorc.load(public_folder / "rnn")


# ---- kills ---------------------------------------------------------------------------------------

KILLING = """
import os, random, signal, sys, time
from pathlib import Path
import dinorc

kills, folder = int(sys.argv[1]), Path(sys.argv[2])
settings = dict(hidden_size=150, max_epochs=1, validation_fraction=0, schedule="constant")
models = [
    dinorc.CharRNN(random_state=seed, **settings).fit(["anna", "hannah", "nana"])
    for seed in (0, 1)
]
path = folder / "rnn"
contents = []
for rnn in models:
    start = time.perf_counter()
    rnn.save(path)
    seconds = time.perf_counter() - start
    contents.append(path.read_bytes())
rng = random.Random(7)
found = []
for _ in range(kills):
    child = os.fork()
    if child == 0:
        while True:
            for rnn in models:
                rnn.save(path)
    time.sleep(rng.uniform(0.0, 5.0) * seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    dinorc.load(path)
    found.append(contents.index(path.read_bytes()))
left = [other.name for other in folder.iterdir() if other != path]
print(found.count(0), found.count(1), len(left))
assert all(name.startswith(".dinorc-") and name.endswith(".tmp") for name in left)
"""


def test_a_killed_process_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLING, str(KILLS), tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, second, left = map(int, done.stdout.split())
    print(f"{first} times one model, {second} times the other, {left} temporary files left")
    assert first + second == KILLS
    if KILLS > 100:
        assert min(first, second, left) > 0


def test_the_temporary_file_is_in_the_same_folder_and_on_the_disk_before_it_gets_the_name(
    path: Path, new: CharRNN, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = []
    contents = saved(new, path.parent)
    (path.parent / "saved.safetensors").unlink()
    replace, fsync = os.replace, os.fsync

    def record_fsync(descriptor: int) -> None:
        fsync(descriptor)
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        events.append((kind, os.fstat(descriptor).st_size if kind == "file" else 0))

    def record_replace(source: Any, target: Any) -> None:
        assert Path(source).parent == Path(target).parent
        assert Path(source).read_bytes() == contents
        replace(source, target)
        events.append(("replace", 0))

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    new.save(path)
    assert events == [("file", len(contents)), ("replace", 0), ("folder", 0)]
