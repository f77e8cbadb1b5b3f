"""What strangers may put on our disk: files of one person, bytes of one network address and of all, a day.

Never looks into a file, and forgets everything at a restart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.web.limits import Bucket

DAY = 86_400.0  # seconds
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Room:
    """What is there at once and refills evenly over a day. `files`: of one person."""

    files: int = 20
    bytes_of_one_address: int = 200 * 1024 * 1024
    bytes_of_all: int = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: whose it is, the network address it comes from, and its bytes."""

    external: str
    client: str
    size: int


class UploadBudget:
    """Counts uploads against all three at once."""

    def __init__(self, room: Room, clock: Callable[[], float]) -> None:
        self._files = Bucket(room.files, DAY, clock)
        self._near = Bucket(room.bytes_of_one_address, DAY, clock)
        self._all = Bucket(room.bytes_of_all, DAY, clock)

    def wait(self, upload: Upload) -> float:
        """What `take` would answer, without counting."""
        return max(bucket.wait(key, amount) for bucket, key, amount in self._counted(upload))

    def take(self, upload: Upload) -> float:
        """0 when there is room, which is then taken; otherwise the seconds to wait."""
        wait = self.wait(upload)
        if not wait:
            for bucket, key, amount in self._counted(upload):
                bucket.take(key, amount)
        return wait

    def give_back(self, upload: Upload) -> None:
        """The file was not kept."""
        for bucket, key, amount in self._counted(upload):
            bucket.give_back(key, amount)

    def _counted(self, upload: Upload) -> Iterator[tuple[Bucket, str, int]]:
        yield self._files, upload.external, 1
        yield self._near, upload.client, upload.size
        yield self._all, _ALL, upload.size
