"""Staff at their desk: a person is told that the bot is back only when nobody has the chat any more."""

from sqlalchemy import Connection

from bot.channels.telegram.capabilities import TELEGRAM
from bot.runner import desk
from bot.runner.desk import Desk
from storage import cases, people, staff
from storage.case_rows import CaseRow
from storage.staff import Grant, Scope
from tests.runner.office import LIBRARY, WHO, Office


async def test_the_bot_is_back_only_when_the_last_colleague_has_left(office: Office) -> None:
    await office.happen("Start")
    someone = await office.contact()
    assert someone is not None
    tools = Desk(office.vault, LIBRARY, {"telegram": TELEGRAM})
    now = office.clock.at

    def opened(conn: Connection, kind: str) -> CaseRow:
        person = people.by_id(conn, office.vault, someone)
        assert person is not None
        return cases.open_(conn, person, kind, None, None, None, kind == "danger", now, now)

    def colleague(conn: Connection, name: str) -> Scope:
        staff.add(conn, name, [Grant("admin", restricted=True)], now)
        found = staff.scope(conn, name)
        assert found is not None
        return found

    def taken(conn: Connection) -> list[tuple[Scope, int]]:
        had = []
        for name, kind in (("Dara", "person"), ("Sophea", "danger")):
            scope, case = colleague(conn, name), opened(conn, kind)
            assert isinstance(desk.take(conn, tools, scope, case.id, now), CaseRow)
            had.append((scope, case.id))
        return had

    (dara, first), (sophea, second) = await office.database.run(taken)
    joined = len(await office.outbox(WHO))
    assert joined == 3
    await office.database.run(lambda conn: desk.close(conn, tools, dara, first, "answered", now))
    assert len(await office.outbox(WHO)) == joined
    await office.database.run(lambda conn: desk.release(conn, tools, sophea, second, now))
    assert len(await office.outbox(WHO)) == joined + 1
