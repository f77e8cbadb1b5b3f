"""A person really comes: alerted, taken, untaken, out of hours, two at once, silent, shut out, erased."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.runner import desk, promises
from bot.runner.notice import desk_of
from storage import chats, people, staff
from storage.case_rows import CaseRow, Refusal
from storage.database import Database
from storage.staff import Grant, Scope
from tests.runner.house import (
    CASEWORKER,
    CHIEF,
    DARA,
    MONDAY,
    OFFICER,
    PURSAT,
    SOPHEA,
    VANNA,
    WHO,
    House,
)


async def test_whoever_is_alerted_takes_the_case_with_a_tap(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    (joined, alerted) = await house.office.outbox(DARA)
    assert joined.part.text.startswith(house.says("bot.duty-joined"))
    assert case.number is not None
    assert case.number in alerted.part.text
    assert [button.payload for row in alerted.part.rows for button in row] == [f"s:take:{case.id}"]
    await house.taps(DARA, case.id)
    taken = await house.case(case.id)
    assert (taken.state, taken.taken_by) == ("taken", "dara")
    assert await house.heard(WHO) == [house.says("bot.staff-joined")]
    assert f"spean case reply {case.number}" in (await house.office.outbox(DARA))[-1].part.text
    scope = await house.office.database.read(lambda conn: staff.scope(conn, "dara"))
    assert scope is not None
    for _ in range(6):
        await house.wait(hours=23)
        await house.answers(scope, taken)
    assert house.says("bot.late") not in await house.heard(WHO)


async def test_untaken_the_next_is_alerted_and_the_person_told_once_of_another_way(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, CASEWORKER)
    await house.joins("chief", CHIEF, Grant("admin", "preah-vihear"))
    case = await house.asks()
    alert = house.says("bot.alert")
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [1, 0]
    await house.wait(hours=49)
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [1, 1]
    late = house.says("bot.late", number=case.number or "")
    (told,) = [one.part.text for one in await house.office.outbox(WHO)]
    assert told.startswith(late)
    assert "1297" in told
    await house.wait(days=10)
    assert (await house.heard(WHO)).count(late) == 1
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [1, 1]
    nobody = (await house.heard(CHIEF)).count(house.says("bot.alert-nobody"))
    assert 5 <= nobody <= 9  # once a working day
    assert (await house.case(case.id)).told_late


async def test_at_night_staff_sleep_until_the_office_opens(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    house.office.clock.at = MONDAY + timedelta(hours=12)  # 20:00
    case = await house.asks()
    alert = house.says("bot.alert")
    await house.wait(hours=11)
    assert alert not in await house.heard(DARA)
    await house.wait(hours=1)
    assert (await house.heard(DARA)).count(alert) == 1
    assert case.answer_by is not None
    assert case.answer_by > MONDAY + timedelta(days=2)


async def test_who_has_chosen_no_centre_yet_is_given_ten_minutes(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, Grant("caseworker", "preah-vihear"))
    alert = house.says("bot.alert")
    await house.asks(centre=None)
    assert [await house.heard(who) for who in (DARA, VANNA)] == [[house.says("bot.duty-joined")]] * 2
    await house.asks(centre="preah-vihear")  # the same case: the centre is chosen
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [0, 1]
    await house.asks(centre=None, who="78")
    await house.wait(hours=1)
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [1, 1]


async def test_need_alerts_anew_although_the_case_was_known(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, CASEWORKER)
    first = await house.asks("intake")
    need = await house.asks("need")
    assert (need.id, need.kind, need.urgent, need.restricted) == (first.id, "need", True, False)
    assert house.says("bot.kind.need") in (await house.office.outbox(VANNA))[-1].part.text
    assert house.says("bot.kind.intake") in (await house.office.outbox(DARA))[-1].part.text


async def test_danger_wakes_every_safeguarding_officer_and_again_while_nobody_comes(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("sophea", SOPHEA, Grant("safeguarding", PURSAT))
    await house.joins("vanna", VANNA, OFFICER)
    house.office.clock.at = MONDAY + timedelta(hours=15)  # 23:00
    case = await house.asks("danger")
    alert = house.says("bot.alert")
    assert [(await house.heard(who)).count(alert) for who in (DARA, SOPHEA, VANNA)] == [0, 1, 1]
    assert "danger" not in str(await house.office.outbox(SOPHEA))
    for _ in range(2):
        house.office.clock.wait(minutes=31)
        await house.office.agenda.tick(house.office.clock.at)
    assert [(await house.heard(who)).count(alert) for who in (SOPHEA, VANNA)] == [3, 3]
    await house.taps(SOPHEA, case.id)
    await house.wait(hours=20)
    assert [(await house.heard(who)).count(alert) for who in (SOPHEA, VANNA)] == [3, 3]
    assert house.says("bot.late") not in await house.heard(WHO)
    person = await house.office.database.read(lambda conn: people.contact_of(conn, case.contact_id or 0))
    assert person is not None
    assert (person.resting, person.private_chat) == (True, True)
    tools, now = desk_of(house.office.kit), house.office.clock.at
    scope = await house.office.database.read(lambda conn: staff.scope(conn, "sophea"))
    assert scope is not None
    await house.office.database.run(lambda conn: desk.close(conn, tools, scope, case.id, "safe", now))
    person = await house.office.database.read(lambda conn: people.contact_of(conn, case.contact_id or 0))
    assert person is not None
    assert (person.resting, person.private_chat) == (False, False)


@pytest.mark.parametrize("turns", range(3))
async def test_of_two_who_take_it_at_once_exactly_one_has_it(
    house: House, store_url: str, turns: int
) -> None:
    case = await house.asks(who=f"{turns}")
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, CASEWORKER)
    tools = desk_of(house.office.kit)
    scopes = [
        await house.office.database.read(lambda conn, n=n: staff.scope(conn, n)) for n in ("dara", "vanna")
    ]
    both = [Database.open(store_url) for _ in scopes]
    gate, outcomes = threading.Barrier(2), {}

    def taking(database: Database, scope: Scope) -> None:
        gate.wait()
        outcomes[scope.name] = database.run_now(lambda conn: desk.take(conn, tools, scope, case.id, MONDAY))

    threads = [
        threading.Thread(target=taking, args=(one, scope)) for one, scope in zip(both, scopes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    for one in both:
        one.close_now()
    winners = [name for name, outcome in outcomes.items() if isinstance(outcome, CaseRow)]
    assert len(winners) == 1, outcomes
    assert list(outcomes.values()).count(Refusal.TAKEN) == 1
    assert (await house.case(case.id)).taken_by == winners[0]
    assert (await house.heard(f"{turns}")).count(house.says("bot.staff-joined")) == 1
    loser = DARA if winners == ["vanna"] else VANNA
    await house.taps(loser, case.id)
    assert (await house.heard(loser))[-1] == house.says("bot.duty-gone")


async def test_an_account_shut_out_in_the_middle_gives_everything_back(house: House) -> None:
    dara = await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    await house.taps(DARA, case.id)
    await house.answers(dara, await house.case(case.id))
    await house.joins("vanna", VANNA, CASEWORKER)
    tools, now = desk_of(house.office.kit), house.office.clock.at
    assert await house.office.database.run(lambda conn: desk.dismiss(conn, tools, "dara", now))
    back = await house.case(case.id)
    assert (back.state, back.taken_by) == ("open", None)
    heard = await house.heard(WHO)
    assert heard[-1] == house.says("bot.staff-left")
    assert heard.count(house.says("bot.staff-left")) == 1
    assert (await house.heard(VANNA))[-1] == house.says("bot.alert")
    await house.taps(DARA, case.id)  # the old alert is of no use any more
    assert (await house.case(case.id)).state == "open"
    await house.taps(VANNA, case.id)
    assert (await house.case(case.id)).taken_by == "vanna"


async def test_after_a_day_without_a_word_of_staff_the_bot_is_back_and_an_answer_takes_the_chat_again(
    house: House,
) -> None:
    dara = await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    await house.taps(DARA, case.id)
    await house.wait(hours=20)
    assert await house.answers(dara, await house.case(case.id)) == desk.Told.QUEUED
    await house.wait(hours=23)
    assert house.says("bot.staff-left") not in await house.heard(WHO)
    await house.wait(hours=2)
    assert (await house.heard(WHO)).count(house.says("bot.staff-left")) == 1
    assert (await house.heard(DARA))[-1] == house.says("bot.duty-silent")
    assert (await house.case(case.id)).state == "open"
    holder = lambda conn: chats.holder(conn, case.contact_id or 0)  # noqa: E731 - asked twice
    assert await house.office.database.read(holder) is None
    await house.wait(days=3)
    assert house.says("bot.late") not in await house.heard(WHO)  # they were answered
    await house.taps(DARA, case.id)
    await house.answers(dara, await house.case(case.id))
    assert await house.office.database.read(holder) == dara.staff_id


async def test_a_colleague_does_not_speak_into_a_chat_about_danger(house: House) -> None:
    dara = await house.joins("dara", DARA, CASEWORKER)
    await house.joins("sophea", SOPHEA, OFFICER)
    case = await house.asks()
    await house.taps(DARA, case.id)
    danger = await house.asks("danger")
    await house.taps(SOPHEA, danger.id)
    assert await house.answers(dara, await house.case(case.id)) == desk.Told.BUSY


async def test_who_was_alerted_hears_that_the_person_erased_everything(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    case = await house.asks()
    now = house.office.clock.at
    await house.office.database.run(lambda conn: people.set_erasing(conn, case.contact_id or 0, now))
    await house.wait(hours=1)
    assert (await house.heard(DARA))[-1].startswith(
        house.says("bot.duty-erased", number=case.number or "").split()[0]
    )
    assert (await house.case(case.id)).state == "erased"
    await house.wait(days=5)
    assert await house.office.many("agenda WHERE done_at IS NULL AND kind LIKE 'case.%'") == 0


async def test_of_many_ticks_one_alerts(house: House, store_url: str) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, CASEWORKER)
    await house.asks()
    later = MONDAY + timedelta(hours=60)
    both = [Database.open(store_url) for _ in range(2)]
    gate = threading.Barrier(2)
    house.office.clock.at = later

    def ticking(database: Database) -> None:
        gate.wait()
        database.run_now(lambda conn: house.office.agenda._do_next(conn, later, []))  # noqa: SLF001 - two processes

    threads = [threading.Thread(target=ticking, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    for one in both:
        one.close_now()
    alert = house.says("bot.alert")
    assert [(await house.heard(who)).count(alert) for who in (DARA, VANNA)] == [1, 1]
    assert (await house.heard(WHO)).count(house.says("bot.late", number="PU-2026-00001")) == 1


async def test_an_entry_that_fails_holds_nothing_else_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.joins("vanna", VANNA, CASEWORKER)
    await house.asks(who="1")
    second = await house.asks(who="2")
    broken = promises._waiting  # noqa: SLF001 - the fault is put in there

    def failing(conn: Connection, row: object) -> CaseRow | None:
        if getattr(row, "key", "").startswith("case:1:"):
            raise RuntimeError("x")
        return broken(conn, row)  # type: ignore[arg-type]

    with monkeypatch.context() as faulty:
        faulty.setattr(promises, "_waiting", failing)
        await house.wait(hours=50)
    late = house.says("bot.late", number=second.number or "")
    assert (await house.heard("2")).count(late) == 1
    assert await house.heard("1") == []
    await house.wait(hours=1)
    assert len(await house.heard("1")) == 1
