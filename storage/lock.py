"""A lock file beside a SQLite file: held by a process, gone with it.

Never holds data, and is never deleted (a deleted lock file locks nobody out).
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path

from storage.faults import StoreBusy, StoreDown

PATIENCE = 10.0  # seconds


class LockFile:
    """Two LockFiles on one path shut each other out, in one process or in two."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreDown(f"cannot open {path}: {error.strerror}. Mend the folder's rights") from error

    def take(self) -> bool:
        """Take it at once, or say that another holds it."""
        try:
            flock(self._file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it, waiting for others up to PATIENCE. Raises StoreBusy."""
        deadline = time.monotonic() + PATIENCE
        while not self.take():
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{self.path} has been held for {PATIENCE:.0f} s by another process: try again"
                )
            time.sleep(0.002)
        try:
            yield
        finally:
            flock(self._file, LOCK_UN)

    def close(self) -> None:
        """Let go."""
        os.close(self._file)
