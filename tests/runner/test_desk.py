"""Staff at their desk: a person is told that the bot is back only when nobody has the chat any more."""

from sqlalchemy import Connection

from bot.core.actions import CaseKind
from bot.runner import desk
from bot.runner.notice import desk_of
from storage import cases, people, staff
from storage.case_rows import CaseRow
from storage.staff import Grant, Role, Scope
from tests.runner.office import Office


async def test_the_bot_is_back_only_when_the_last_colleague_has_left(office: Office) -> None:
    someone = await office.greet("77")
    tools = desk_of(office.kit)
    now = office.clock.at

    def opened(conn: Connection, kind: CaseKind) -> CaseRow:
        person = people.by_id(conn, office.vault, someone)
        assert person is not None
        return cases.open_(conn, person, kind, None, None, None, kind == "danger", now, now)

    def colleague(conn: Connection, name: str, role: Role) -> Scope:
        staff.add(conn, name, [Grant(role)], now)
        found = staff.scope(conn, name)
        assert found is not None
        return found

    def taken(conn: Connection) -> list[tuple[Scope, int]]:
        had = []
        who: tuple[tuple[str, Role, CaseKind], ...] = (
            ("Dara", "caseworker", "person"),
            ("Sophea", "safeguarding", "danger"),
        )
        for name, role, kind in who:
            scope, case = colleague(conn, name, role), opened(conn, kind)
            assert isinstance(desk.take(conn, tools, scope, case.id, now), CaseRow)
            had.append((scope, case.id))
        return had

    (dara, first), (sophea, second) = await office.database.run(taken)
    joined = len(await office.outbox("77"))
    assert joined == 2
    await office.database.run(lambda conn: desk.close(conn, tools, dara, first, "answered", now))
    assert len(await office.outbox("77")) == joined
    await office.database.run(lambda conn: desk.release(conn, tools, sophea, second, now))
    assert len(await office.outbox("77")) == joined + 1
