"""Two at one case in the same instant, on PostgreSQL: the second waits and sees what the first did."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import scripts
from bot.core.contact import Address
from bot.core.events import Event, Tap
from bot.runner import desk, promises
from bot.runner.notice import desk_of
from bot.runner.publishing import publish
from bot.runner.taking import take_step
from storage import cases, chats, people
from storage.case_rows import CaseRow, Refusal
from storage.database import Database
from storage.seal import Vault
from tests.runner.house import CASEWORKER, DARA, MONDAY, VANNA, WHO, House
from tests.runner.office import NOON, Office
from tests.started import shipped
from tests.storage.racing import PATIENCE, until_somebody_waits


@pytest.fixture
async def house(two: tuple[Database, Database], vault: Vault, tmp_path: Path) -> AsyncIterator[House]:
    office = Office(two[0], vault, tmp_path)
    files = shipped()
    await office.database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    yield House(office)
    await office.close()


@pytest.mark.parametrize("how", ["store", "desk"])
async def test_of_two_who_take_a_case_one_has_it(
    house: House, two: tuple[Database, Database], how: str
) -> None:
    one, other = two
    dara = await house.joins("dara", DARA, CASEWORKER)
    vanna = await house.joins("vanna", VANNA, CASEWORKER)
    case, tools = await house.asks(), desk_of(house.office.kit)

    def take(conn: Connection, who: object) -> CaseRow | Refusal:
        assert who in {dara, vanna}
        scope = dara if who == dara else vanna
        if how == "store":
            return cases.take(conn, scope, case.id, MONDAY)
        return desk.take(conn, tools, scope, case.id, MONDAY)

    found: list[CaseRow | Refusal] = []
    second = threading.Thread(target=lambda: found.append(other.run_now(lambda conn: take(conn, vanna))))

    def first(conn: Connection) -> CaseRow | Refusal:
        taken = take(conn, dara)
        second.start()
        until_somebody_waits(conn)
        return taken

    taken = await one.run(first)
    await asyncio.to_thread(second.join, PATIENCE)
    assert isinstance(taken, CaseRow)
    assert found == [Refusal.TAKEN]
    assert (await house.case(case.id)).taken_by == "dara"
    assert await house.office.ask("SELECT count(*) FROM audit WHERE action = 'case.take'") == [
        (1 if how == "desk" else 0,)
    ]


async def test_a_tap_and_an_alert_to_the_same_chat_wait_for_each_other(
    house: House, two: tuple[Database, Database]
) -> None:
    """Neither is broken off and run again, as two would be that wait in a ring."""
    one, other = two
    await house.joins("dara", DARA, CASEWORKER)
    case, office = await house.asks(), house.office
    runs: list[str] = []
    where = Address(office.stage.account, DARA)
    tap = Event("tap", where, MONDAY, Tap(f"{promises.TAKE}{case.id}", "7", "q"))

    def taps(conn: Connection) -> object:
        runs.append("tap")
        return take_step(conn, office.kit, office.sender, tap, MONDAY, None)

    second = threading.Thread(target=lambda: other.run_now(taps))

    def alerts(conn: Connection) -> None:
        runs.append("alert")
        chats.hold(conn, case.contact_id)
        cases.lock(conn, case.id)
        if not second.is_alive():
            second.start()
        until_somebody_waits(conn)
        promises.alert(conn, desk_of(office.kit), case, MONDAY, again=True)

    await one.run(alerts)
    await asyncio.to_thread(second.join, PATIENCE)
    assert runs == ["alert", "tap"]
    assert (await house.case(case.id)).taken_by == "dara"
    assert await one.read(lambda conn: people.contact_at(conn, office.vault, Address(where.account, WHO)))
