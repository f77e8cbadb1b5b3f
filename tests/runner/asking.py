"""Somebody who asks what is known by heart, in a store with the shipped script.

Never searches: what the engine decided is given.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core import session as sessions
from bot.core.answers import Key, PlaceCode, Value, Words
from bot.core.book import Shelf
from bot.core.effects import Effect, Turn
from bot.core.events import Event, Text
from bot.core.faq import Saying
from bot.core.session import FieldAt, Session, Submission
from bot.runner import commit
from bot.runner.correcting import Outcome, correct
from bot.runner.notice import desk_of
from bot.runner.step import Step
from storage import corrected, people
from storage.corrected import Wrong
from storage.missed import Missed
from storage.missed import list_ as missed
from storage.people import Person
from tests.runner.office import WHO, Office

PAY = "q01-wages-owed"


@dataclass
class Asking:
    """What happens to people who ask."""

    office: Office
    count: int = 0
    shelf: Shelf = field(init=False, repr=False)  # asyncio writes out what a fixture returns: minutes of it

    def __post_init__(self) -> None:
        live = self.office.database.read_now(self.office.kit.library.live)
        self.shelf = Shelf(live.book, sample=True)

    def person(self, conn: Connection, contact_id: int) -> Person:
        found = people.by_id(conn, self.office.vault, contact_id)
        assert found is not None
        return found

    async def newcomer(self, who: str = WHO, answers: dict[FieldAt, Value] | None = None) -> int:
        """Somebody who told this in an intake."""
        number = await self.office.greet(who)
        if answers is not None:
            told = Submission(1, "intake", opened=True, answers=answers)
            await self.stand(number, Session(submissions=(told,)))
        return number

    async def stand(self, contact_id: int, session: Session) -> None:
        body, now = orjson.dumps(sessions.dump(session)), self.office.clock.at

        def save(conn: Connection) -> None:
            people.save(conn, self.person(conn, contact_id), body, 0, None, now=now)

        await self.office.database.run(save)

    async def does(self, contact_id: int, *effects: Effect, private: bool = False, words: str = "x") -> None:
        """A step of theirs in which this follows."""
        self.count += 1
        now = self.office.clock.at

        def step(conn: Connection) -> None:
            whose = self.person(conn, contact_id)
            event = Event(f"a{self.count}", whose.where, now, Text(words))
            live = self.office.kit.library.live(conn)
            taken = Step(conn, self.office.kit, live, whose, event, now, private=private)
            before = sessions.load(orjson.loads(whose.session)) if whose.session else Session()
            commit.write(taken, Turn(before, effects), before, self.office.sender)

        await self.office.database.run(step)

    async def sees(
        self, contact_id: int, version: str = "v1", entry: str = PAY, saying: Saying = "whole"
    ) -> None:
        await self.does(contact_id, fx.AnswerShown(entry, version, saying))

    async def missed(self) -> list[Missed]:
        return await self.office.database.read(lambda conn: missed(conn, self.office.vault, None))

    async def corrects(self, contact_id: int, version: str = "v1", entry: str = PAY) -> Outcome:
        desk, wrong, now = desk_of(self.office.kit), Wrong(entry, version), self.office.clock.at
        return await self.office.database.run(lambda conn: correct(conn, desk, wrong, contact_id, now))

    async def ticks(self, **span: float) -> None:
        """So much later."""
        self.office.clock.wait(**span)
        await self.office.agenda.tick(self.office.clock.at)

    async def left(self, version: str = "v1", entry: str = PAY) -> list[int]:
        """Who has yet to be told that it was wrong."""
        wrong = Wrong(entry, version)
        return list(await self.office.database.read(lambda conn: corrected.left(conn, wrong)))

    def runs_out(self, after: timedelta) -> Shelf:
        """The shelf on which the entry expires so long from now."""
        faq, until = self.shelf.live.faq, (self.office.clock.at + after).date()
        entry = replace(faq.entries[PAY], expires=until)
        return replace(self.shelf, live=replace(self.shelf.live, faq=replace(faq, entries={PAY: entry})))


AT_HOME: dict[FieldAt, Value] = {
    ("name", 0): Words("សុខ ដារ៉ា"),
    ("home", 0): PlaceCode("150101"),
    ("centre", 0): Key("pursat"),
}
