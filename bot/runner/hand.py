"""What this process has taken from the store and not yet finished, and how much more it may take.

Never holds more than leaves well before its leases run out, and never lets announcements fill it.
"""

import math

from storage.outbox import Lane, OutRow

CLAIM = 100  # replies at a time, and in hand at most
BULK = 64  # announcements and reminders in hand at most; never more than leave in about a second
BULK_LEAST = 8


class Hand:
    """People of whom something was claimed: one part each."""

    def __init__(self) -> None:
        self._claimed: dict[int, tuple[str, bool]] = {}

    def take(self, row: OutRow) -> None:
        """A part was claimed."""
        self._claimed[row.contact_id] = row.account, row.lane > Lane.STAFF

    def drop(self, contact_id: int, rate: float) -> bool:
        """What was claimed for a person is over; whether it is time to look for more.

        At once after a reply, for more of it may wait; of announcements when half are gone.
        """
        account, bulk = self._claimed.pop(contact_id, ("", False))
        return bool(account) and (not bulk or self.room(account, rate)[1] > 0)

    def room(self, account: str, rate: float) -> tuple[int, int]:
        """How many replies, and how many announcements, may be claimed at `rate` a second."""
        mine = [bulk for whose, bulk in self._claimed.values() if whose == account]
        most, bulk = self._most(rate), sum(mine)
        return CLAIM - (len(mine) - bulk), most - bulk if 2 * bulk <= most else 0

    @staticmethod
    def _most(rate: float) -> int:
        return int(min(BULK, max(BULK_LEAST, math.ceil(min(rate, BULK)))))
