"""A lock file between processes that write: who is busy leaves room for who comes now and then."""

import multiprocessing
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from storage.lock import LockFile

ROUNDS = 8


def write_again_and_again(path: Path, begun: Event, over: Event) -> None:
    lock = LockFile(path)
    while not over.is_set():
        with lock.held():
            time.sleep(0.005)  # a commit
            begun.set()


def test_who_comes_now_and_then_is_not_kept_out_by_who_never_stops(tmp_path: Path) -> None:
    path = tmp_path / "spean.db.write-lock"
    spawned = multiprocessing.get_context("spawn")
    begun, over = spawned.Event(), spawned.Event()
    busy = spawned.Process(target=write_again_and_again, args=(path, begun, over))
    busy.start()
    try:
        lock, waited = LockFile(path), 0.0
        for _ in range(ROUNDS):
            begun.clear()
            assert begun.wait(30)
            began = time.monotonic()
            with lock.held():
                waited += time.monotonic() - began
        lock.close()
    finally:
        over.set()
        busy.join()
    assert waited < ROUNDS * 0.75  # by luck alone it took 2.3 s each time
