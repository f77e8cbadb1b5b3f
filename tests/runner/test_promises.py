"""No message promises a person without an entry in the agenda; danger is never silent, floods wake nobody."""

import asyncio
from datetime import timedelta
from typing import Any, cast, get_args

import pytest
from sqlalchemy import Connection

from bot.core.actions import CaseKind
from bot.core.contact import Address
from bot.core.events import Command, Reachable, Tap, Text
from bot.runner import desk, mydata
from bot.runner.notice import desk_of
from storage import agenda, cases, chats, people, postgres
from storage.case_rows import CaseRow
from storage.staff import Grant
from tests.runner.house import CASEWORKER, CHIEF, DARA, OFFICER, SOPHEA, VANNA, WHO, House
from tests.runner.office import WHO as CALLER

ALL = ("caseworker", "safeguarding")
STANDS = ("new", "late", "taken", "silent", "left", "over", "released", "orphaned", "eased")
KINDS = [kind for kind in get_args(CaseKind) if kind not in {"unfinished", "failure", "complaint"}]


async def _looked_after(house: House, case: CaseRow) -> bool:
    """Somebody has the chat and a day to write, or somebody is alerted at the latest when promised."""
    entry = ("case.answer", f"case:{case.id}")
    if case.state == "taken":
        entry = ("chat.silence", f"contact:{case.contact_id}")
        assert await house.office.database.read(lambda conn: chats.holder(conn, case.contact_id or 0))
    due = await house.office.database.read(lambda conn: agenda.armed(conn, *entry))
    return due is not None and case.answer_by is not None and (case.state == "taken" or due <= case.answer_by)


async def _eased(house: House, case: CaseRow) -> None:
    whose, now = case.contact_id or 0, house.office.clock.at
    await house.office.database.run(lambda conn: cases.ease(conn, whose, now))


async def _brought(house: House, kind: CaseKind, stands: str) -> None:
    """Bring a person's case of a kind to where the test wants it."""
    case = await house.asks(kind)
    tools = desk_of(house.office.kit)
    match stands:
        case "late":
            await house.wait(days=5)
        case "eased":
            await _eased(house, case)
        case "taken" | "silent" | "left" | "over" | "released" | "orphaned":
            scope = await house.joins("dara", DARA, *(Grant(role) for role in ALL))  # type: ignore[arg-type]
            await house.taps(DARA, case.id)
            assert (await house.case(case.id)).taken_by == "dara"
            now = house.office.clock.at
            if stands == "silent":
                await house.wait(days=3)
            elif stands == "left":
                await house.happen(Command("staff", "off"), DARA)
            elif stands == "over":
                for _ in range(31):
                    await house.wait(hours=23)
                    await house.answers(scope, case)
                await house.wait(hours=48)
            elif stands == "released":
                await house.office.database.run(lambda conn: desk.release(conn, tools, scope, case.id, now))
            elif stands == "orphaned":  # as an older version left them behind
                whose = case.contact_id or 0
                await house.office.database.run(lambda conn: chats.give(conn, whose, None, now))


@pytest.mark.parametrize("stands", STANDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_whoever_is_promised_an_answer_is_in_the_agenda(
    house: House, kind: CaseKind, stands: str
) -> None:
    await _brought(house, kind, stands)
    again = await house.asks(kind)
    assert await _looked_after(house, again), again
    assert again.answer_by is not None
    assert again.answer_by > house.office.clock.at or again.state == "taken"
    assert (again.state == "taken") == (stands == "taken")


async def test_after_silence_the_next_is_alerted_and_again_when_the_person_asks(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    await house.taps(DARA, case.id)
    await house.joins("vanna", VANNA, CASEWORKER)
    alert = house.says("bot.alert")
    await house.wait(hours=25)
    assert (await house.case(case.id)).state == "open"
    assert (await house.heard(VANNA)).count(alert) == 1


@pytest.mark.parametrize("leaving", ["off", "over", "another"])
async def test_who_leaves_the_duty_gives_back_the_cases(house: House, leaving: str) -> None:
    dara = await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    await house.taps(DARA, case.id)
    if leaving == "over":
        for _ in range(32):
            await house.answers(dara, case)
            await house.wait(hours=23)
        assert (await house.heard(DARA)).count(house.says("bot.duty-off")) == 1
    elif leaving == "off":
        await house.joins("vanna", VANNA, CASEWORKER)
        await house.happen(Command("staff", "off"), DARA)
        assert (await house.heard(VANNA))[-1] == house.says("bot.alert")
    else:
        await house.joins("vanna", DARA, CASEWORKER)
    assert (await house.case(case.id)).state == "open"
    assert house.says("bot.staff-left") in await house.heard(WHO)


async def test_a_second_danger_is_never_silent(house: House) -> None:
    await house.joins("sophea", SOPHEA, OFFICER)
    case = await house.asks("danger")
    alert = house.says("bot.alert")
    await _eased(house, case)
    house.office.clock.wait(hours=3)
    again = await house.asks("danger")
    assert (again.id, again.eased_at) == (case.id, None)
    assert (await house.heard(SOPHEA)).count(alert) == 2
    await house.taps(SOPHEA, case.id)
    house.office.clock.wait(hours=3)
    await house.asks("danger")
    assert (await house.heard(SOPHEA)).count(alert) == 3
    await _eased(house, case)
    house.office.clock.wait(minutes=2)
    await house.asks("danger")  # too soon: the officer is alerted when ten minutes are over
    assert (await house.heard(SOPHEA)).count(alert) == 3
    house.office.clock.wait(minutes=11)
    await house.office.agenda.tick(house.office.clock.at)
    assert (await house.heard(SOPHEA)).count(alert) == 4


async def test_a_flood_of_danger_alerts_once_in_ten_minutes(house: House) -> None:
    await house.joins("sophea", SOPHEA, OFFICER)
    for _ in range(20):
        await house.asks("danger")
        house.office.clock.wait(seconds=20)
    assert (await house.heard(SOPHEA)).count(house.says("bot.alert")) == 1
    house.office.clock.wait(minutes=26)
    await house.office.agenda.tick(house.office.clock.at)
    assert (await house.heard(SOPHEA)).count(house.says("bot.alert")) == 2


@pytest.mark.parametrize("gone", [Text("🙈", "h"), Reachable(reachable=False)])
async def test_where_no_alert_arrives_administrators_are_called_at_once(house: House, gone: Text) -> None:
    await house.joins("sophea", SOPHEA, OFFICER)
    await house.joins("chief", CHIEF, Grant("admin"))
    await house.happen(gone, SOPHEA)
    before = len(await house.office.outbox(SOPHEA))
    case = await house.asks("danger")
    assert len(await house.office.outbox(SOPHEA)) == before
    (*_, told) = [one.part.text for one in await house.office.outbox(CHIEF)]
    assert told.startswith(house.says("bot.alert-nobody-private"))
    assert house.says("bot.kind.danger") not in told
    assert case.number is None or case.number not in told


async def test_staff_and_person_at_the_same_case_lock_in_one_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dara = await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    tools, now, database = desk_of(house.office.kit), house.office.clock.at, house.office.database
    lost: list[int] = []
    monkeypatch.setattr(postgres, "_step_aside", lost.append)

    async def staff_member(turn: int) -> None:
        await database.run(
            lambda conn: (desk.take if turn % 2 else desk.release)(conn, tools, dara, case.id, now)
        )

    async def person(turn: int) -> None:
        await house.asks("need" if turn % 2 else "person")

    await asyncio.gather(*[do(turn) for turn in range(40) for do in (person, staff_member)])
    assert lost == []
    assert await _looked_after(house, await house.case(case.id))


async def test_what_is_promised_again_may_be_broken_only_with_a_word(house: House) -> None:
    case = await house.asks()
    await house.wait(days=5)
    late = house.says("bot.late")
    assert sum(one == late for one in await house.heard(WHO)) == 1
    again = await house.asks()
    assert again.answer_by == house.office.clock.at + timedelta(days=2)
    await house.wait(days=5)
    assert sum(one == late for one in await house.heard(WHO)) == 2
    assert again.id == case.id


async def test_a_yes_to_a_call_says_nothing_of_where_it_was_given(house: House) -> None:
    office = house.office
    await office.agree()
    await office.happen("Text", text="គេវាយខ្ញុំ", message="m-d")
    shown = [one.payload for said in await office.outbox() for row in said.part.rows for one in row]
    await house.happen(Tap(next(one for one in reversed(shown) if one.endswith(":call")), "7", "q"), CALLER)
    ((_, text),) = [row for row in await office.ask("SELECT purpose, text FROM consent") if row[0] == "call"]
    assert text == "contact.may-call"
    given = await office.database.run(lambda conn: _exported(house, conn))
    assert "call" in {one["purpose"] for one in given}
    assert all("text" not in one for one in given)


def _exported(house: House, conn: Connection) -> list[dict[str, Any]]:
    person = people.find(conn, house.office.vault, Address(house.office.stage.account, CALLER), "x")
    assert person is not None
    held = mydata.export(conn, house.office.vault, person)
    return cast("list[dict[str, Any]]", held["consents"])
