"""A whole Spean that begins in a moment: the scripts are compiled once, and a store that has them is copied.

Never shares a store between two tests.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

from bot.app import Spean
from bot.config.settings import Settings
from bot.runner.library import Library
from bot.scripts import Files, Release, compile_release, digest, read_files

ROOT = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")  # noqa: S108 - nobody else's: a folder of its own is made in it
STORES = str(MEMORY) if os.access(MEMORY, os.W_OK) else None  # a store waits for the disk at every step
LIBRARY = Library()  # a Release never changes, so all may share what is compiled
PROVEN: dict[str, Release] = {}


@cache
def shipped() -> Files:
    """The scripts as they are shipped."""
    return read_files(ROOT)


def proven(files: Files) -> Release:
    """The Release of these files, compiled once for all."""
    name = digest(files)
    if name not in PROVEN:
        PROVEN[name] = compile_release(files)
    return PROVEN[name]


@contextmanager
def compiled() -> Iterator[None]:
    """Whoever opens a Spean meanwhile finds its scripts compiled."""
    library = mock.patch("bot.app.Library", return_value=LIBRARY)
    with library, mock.patch("bot.runner.publishing.compile_release", proven):
        yield


class _LongAgo:
    """When those scripts went live, by whatever clock a test has."""

    def now(self) -> datetime:
        return datetime(2025, 1, 1, tzinfo=UTC)


@cache
def _fresh() -> str:
    folder = mkdtemp(prefix="spean-", dir=STORES)
    atexit.register(shutil.rmtree, folder)
    with compiled():
        Spean(Settings().kept_in(Path(folder)), ROOT, _LongAgo()).database.close_now()
    return folder


def furnish(folder: Path) -> None:
    """Put a store that has the scripts and nobody in it, and its key, into a folder."""
    shutil.copytree(_fresh(), folder, dirs_exist_ok=True)
