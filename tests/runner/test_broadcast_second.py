"""Announcements to many: a second person looks, who neither wrote nor changed what they approve."""

from dataclasses import replace

import pytest

from bot.core.activity import Bilingual
from bot.runner import broadcasting
from bot.runner.broadcast_expanding import GREW
from bot.runner.broadcasting import Refusal
from storage.broadcasts import Broadcast
from storage.staff import EVERYWHERE, Grant, Scope
from tests.runner.crowd import NEWS, Crowd


async def test_above_the_limit_a_second_person_decides(crowd: Crowd, chief: Scope) -> None:
    dara = await crowd.hires("dara", Grant("broadcaster", EVERYWHERE))
    await crowd.joins("81", "82", "83")
    number = await crowd.drafts(dara)
    waits = await crowd.approves(dara, number, limit=2)
    assert isinstance(waits, Broadcast)
    assert waits.state == "waiting"
    await crowd.ticks(times=2)
    assert await crowd.causes() == []
    assert await crowd.approves(dara, number, limit=2) == Refusal.SECOND
    peer = await crowd.hires("sok", Grant("broadcaster", EVERYWHERE))
    assert await crowd.approves(peer, number, limit=2) == Refusal.FORBIDDEN
    operator = Scope(0, "", frozenset({Grant("admin")}))
    assert await crowd.approves(operator, number, limit=2) == Refusal.FORBIDDEN, "nobody by name"
    done = await crowd.approves(chief, number, limit=2)
    assert isinstance(done, Broadcast)
    assert (done.state, done.approved_by, done.alone) == ("approved", chief.staff_id, False)
    await crowd.ticks(times=2)
    assert len(await crowd.causes()) == 3


async def test_what_was_drafted_by_phone_waits_above_200_wherever_it_is_approved(
    crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broadcasting.PHONE == 200
    monkeypatch.setattr(broadcasting, "PHONE", 2)
    await crowd.joins("81", "82", "83")
    number = await crowd.drafts(chief, phone=True)
    assert (await crowd.sees(chief, number)).second
    waits = await crowd.approves(chief, number, limit=1000)
    assert isinstance(waits, Broadcast)
    assert waits.state == "waiting"
    other = await crowd.drafts(chief)
    assert not (await crowd.sees(chief, other)).second
    await crowd.does(broadcasting.edit, chief, other, NEWS, crowd.now, phone=True)
    assert (await crowd.sees(chief, other)).second, "its words come from a phone now"


async def test_what_its_author_lets_go_by_phone_waits_above_200_though_it_was_drafted_at_the_computer(
    crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "PHONE", 2)
    second = await crowd.hires("sok", Grant("approver", EVERYWHERE))
    await crowd.joins("81", "82", "83")
    number = await crowd.drafts(chief)
    waits = await crowd.approves(chief, number, limit=1000, phone=True)
    assert isinstance(waits, Broadcast)
    assert waits.state == "waiting"
    again = await crowd.approves(chief, number, limit=1000)
    assert again == Refusal.SECOND, "what passed a phone is no more let go alone at the computer"
    done = await crowd.approves(second, number, limit=1000, phone=True)
    assert isinstance(done, Broadcast)
    assert (done.state, done.alone) == ("approved", False)


async def test_what_a_second_person_lets_go_by_phone_is_still_of_the_computer(
    crowd: Crowd, chief: Scope
) -> None:
    second = await crowd.hires("sok", Grant("approver", EVERYWHERE))
    await crowd.joins("81")
    number = await crowd.drafts(chief)
    done = await crowd.approves(second, number, phone=True)
    assert isinstance(done, Broadcast)
    assert (done.state, done.phone) == ("approved", False)


async def test_what_one_let_go_alone_by_phone_never_grows_above_200(
    crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "PHONE", 2)
    await crowd.joins("81", "82")
    number = await crowd.drafts(chief)
    done = await crowd.approves(chief, number, phone=True)
    assert isinstance(done, Broadcast)
    assert (done.state, done.alone) == ("approved", True)
    await crowd.joins("83")
    await crowd.ticks(times=2)
    grew = await crowd.finds(chief, number)
    assert (grew.state, grew.reason) == ("paused", GREW)


async def test_whoever_changed_it_last_is_no_second_person(crowd: Crowd, chief: Scope) -> None:
    dara = await crowd.hires("dara", Grant("broadcaster", EVERYWHERE))
    third = await crowd.hires("sok", Grant("approver", EVERYWHERE))
    await crowd.joins("81", "82")
    number = await crowd.drafts(dara)
    mine = replace(NEWS, words=Bilingual("ពាក្យរបស់ខ្ញុំ"))
    await crowd.does(broadcasting.edit, chief, number, mine, crowd.now)
    for wrote in (chief, dara):
        waits = await crowd.approves(wrote, number, limit=1)
        assert isinstance(waits, Broadcast) or waits == Refusal.SECOND
        assert (await crowd.finds(chief, number)).state == "waiting"
    done = await crowd.approves(third, number, limit=1)
    assert isinstance(done, Broadcast)
    assert (done.state, done.alone) == ("approved", False)


async def test_whoever_waits_for_approval_may_be_sent_back(crowd: Crowd, chief: Scope) -> None:
    dara = await crowd.hires("dara", Grant("broadcaster", EVERYWHERE))
    await crowd.joins("81", "82")
    number = await crowd.drafts(dara)
    await crowd.approves(dara, number, limit=1)
    assert await crowd.does(broadcasting.refuse, dara, number, crowd.now) == Refusal.FORBIDDEN
    back = await crowd.does(broadcasting.refuse, chief, number, crowd.now)
    assert isinstance(back, Broadcast)
    assert back.state == "draft"
