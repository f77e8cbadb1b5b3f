"""Many people to be reminded at once, and to be told that the bot has their chat again.

Never lets them write.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from bot.core.contact import Address
from bot.runner.promises import SILENT_FOR, arm_silence
from storage import chats, people
from storage.database import Database
from storage.schema import staff
from tests.crash.later import remind
from tests.crash.traffic import REMINDER
from tests.roles.site import Site

FIRST = 100_000  # the chat of the first of them


class Crowd:
    """`size` people, each with `times` reminders. `contacts`: what the store calls them."""

    def __init__(self, site: Site, size: int, times: int) -> None:
        self._site = site
        self._size = size
        self._times = times
        self._account = f"telegram:{site.fake.token.partition(':')[0]}"
        self.contacts: list[int] = []

    def come(self) -> None:
        """They are known, and all are to be reminded now; blocking."""
        for number in range(self._size):
            self._site.fake.user(FIRST + number)
        self._write(self._greet)

    def silence(self) -> None:
        """A day ago staff took their chats and said nothing since; blocking."""
        self._write(self._silence)

    def reminded(self) -> Counter[str]:
        """How often each reminder came, by its cause."""
        said = (call.params["text"] for call in self._site.fake.calls if call.method == "sendMessage")
        return Counter(words.removeprefix(REMINDER) for words in said if words.startswith(REMINDER))

    def _write(self, work: Callable[[Connection], None]) -> None:
        database = Database.open(self._site.server.url)
        try:
            database.run_now(work)
        finally:
            database.close_now()

    def _greet(self, conn: Connection) -> None:
        now, vault = datetime.now(UTC), self._site.vault()
        self.contacts.clear()
        for number in range(self._size):
            where = Address(self._account, str(FIRST + number))
            person = people.greet(conn, vault, where, "km", now)
            self.contacts.append(person.contact.id)
            for turn in range(self._times):
                remind(conn, person, f"reminder:{turn}:{person.contact.id}", now)

    def _silence(self, conn: Connection) -> None:
        now = datetime.now(UTC) - SILENT_FOR - timedelta(seconds=1)
        (holder,) = conn.execute(insert(staff).values(name="dara", created_at=now)).inserted_primary_key
        for contact in self.contacts:
            chats.give(conn, contact, holder, now)
            arm_silence(conn, contact, now)
