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
LOOK = 0.002  # seconds between looks whether it is free
IN_A_ROW = 0.2  # seconds, after which who holds it again and again lets the others look


class LockFile:
    """Two LockFiles on one path shut each other out, in one process or in two."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._since = self._left = 0.0
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
        self._let_others_look()
        deadline = time.monotonic() + PATIENCE
        while not self.take():
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{self.path} has been held for {PATIENCE:.0f} s by another process: try again"
                )
            time.sleep(LOOK)
        try:
            yield
        finally:
            flock(self._file, LOCK_UN)
            self._left = time.monotonic()

    def _let_others_look(self) -> None:
        """A busy writer comes back within microseconds: nobody who looks now and then would find it free."""
        now = time.monotonic()
        if now - self._left > LOOK:
            self._since = now
        elif now - self._since > IN_A_ROW:
            time.sleep(2 * LOOK)
            self._since = time.monotonic()

    def close(self) -> None:
        """Let go."""
        os.close(self._file)
