"""What waits when its person goes on in another app arrives there whole, in its order, and once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.channel import Card, Document, Label, Part, PartButton, Rendered
from bot.core.fitting import fit
from bot.runner.forms import dump_part
from storage import chats, link, moving, outbox, people
from storage.outbox import Draft, Lane
from storage.parts import ABSENT, WINDOW
from storage.schema import casefile
from storage.schema import outbox as parts
from tests.runner.apps import HER_PSID, PAGE, PICTURES, SOPHEA, TELEGRAM, Apps
from tests.runner.office import Office, Said, until

LONG = " ".join(f"ពាក្យទី{number}" for number in range(400))[:3500].strip()
SHORT = "សូមរង់ចាំ"
OPTIONS = tuple((PartButton(f"ស្រុក {number}", f"1:{number}"),) for number in range(15))


@pytest.fixture
def apps(office: Office) -> Apps:
    return Apps(office)


async def waits(
    apps: Apps, account: str, *those: Part, lane: Lane = Lane.STAFF, state: str = "", reason: str = ""
) -> None:
    """Parts wait for her where an account is; `state`: or stand so."""
    number = await apps.whose(TELEGRAM, SOPHEA)
    assert number is not None

    def work(conn: Connection) -> None:
        person = people.by_id(conn, apps.office.vault, number)
        assert person is not None
        there = next(one for one in link.places(conn, number) if one.account == account)
        first = people.take_seq(conn, number, len(those))
        drafts = [Draft(f"w:{first + at}", lane, dump_part(one)) for at, one in enumerate(those)]
        at = link.at(conn, person, there.address)
        outbox.add(conn, at, drafts, first_seq=first, now=apps.office.clock.at)
        if state:
            causes = [one.cause for one in drafts]
            conn.execute(parts.update().where(parts.c.cause.in_(causes)).values(state=state, reason=reason))

    await apps.office.database.run(work)


async def comes_back(apps: Apps) -> None:
    """Hours later the gate shuts on Telegram, and she opens it on Messenger."""
    apps.on_telegram()
    apps.office.clock.wait(hours=9)
    await apps.office.happen("Start")
    held = [one.reason for one in await apps.office.outbox() if one.state == "held"]
    assert held
    assert set(held) == {ABSENT}
    apps.on_messenger()
    apps.office.clock.wait(minutes=1)
    await apps.office.type("hello", who=HER_PSID)
    await apps.press(HER_PSID, "me", *PICTURES)


async def on(apps: Apps, account: str) -> list[Said]:
    """Her parts that go to an account, in their order; it is where the next things happen."""
    office, who = (apps.on_messenger(), HER_PSID) if account == PAGE else (apps.on_telegram(), SOPHEA)
    there = await office.ask(
        "SELECT outbox.seq FROM outbox JOIN account ON account.id = outbox.account_id"  # noqa: S608 - ours
        f" WHERE account.name = '{account}'"
    )
    numbers = {seq for (seq,) in there}
    return [one for one in await office.outbox(who) if one.seq in numbers]


def pieces(said: list[Said]) -> list[Said]:
    """Those that say a piece of the long answer."""
    return [one for one in said if one.part.text and one.part.text in LONG]


async def whole(apps: Apps) -> list[Said]:
    """Every number and cause is used once."""
    rows = await apps.office.ask("SELECT cause, seq FROM outbox WHERE contact_id = 1")
    assert len({cause for cause, _ in rows}) == len({seq for _, seq in rows}) == len(rows)
    return await on(apps, PAGE)


async def test_a_long_answer_held_for_telegram_arrives_whole_on_messenger(apps: Apps) -> None:
    await apps.joined()
    await waits(apps, TELEGRAM, Part(LONG, typed=True), Part(SHORT, typed=True))
    await comes_back(apps)
    said = await whole(apps)
    cut = pieces(said)
    assert len(cut) == 2
    assert " ".join(one.part.text for one in cut) == LONG
    assert all(one.part.typed and one.state == "queued" for one in cut)
    assert [one.seq for one in said] == sorted(one.seq for one in said)
    behind = said[said.index(cut[1]) + 1]
    assert behind.part.text == SHORT
    apps.office.serve()
    await until(lambda: SHORT in [words for _, words in apps.messenger.sent])
    went = [words for _, words in apps.messenger.sent]
    at = went.index(cut[0].part.text)
    assert went[at : at + 3] == [cut[0].part.text, cut[1].part.text, SHORT]
    assert LONG not in [words for _, words in apps.telegram.sent]


async def test_fifteen_options_held_for_telegram_are_a_list_on_messenger(apps: Apps) -> None:
    await apps.joined()
    await waits(apps, TELEGRAM, Part("អ្នកនៅស្រុកណា?", OPTIONS), lane=Lane.REPLY)
    await comes_back(apps)
    (asked,) = [one.part for one in await whole(apps) if one.part.text.startswith("អ្នកនៅស្រុកណា?")]
    assert all(option.label in asked.text for (option,) in OPTIONS)
    assert len(asked.buttons) == 13
    assert asked.quick


async def test_the_other_way_round_nothing_changes(apps: Apps) -> None:
    await apps.joined()
    told = Part("ពាក្យ " * 300, typed=True)
    await waits(apps, PAGE, told, state="held", reason=WINDOW)
    apps.on_telegram()
    apps.office.clock.wait(minutes=1)
    await apps.office.type("hello")
    (went,) = [one for one in await on(apps, TELEGRAM) if one.part.typed]
    assert went.part == told
    assert went.state == "queued"


async def test_cards_that_met_a_shut_window_are_a_list_on_telegram(apps: Apps) -> None:
    await apps.joined()
    fair = Card("ពិព័រណ៍", "បាត់ដំបង", (Label("1:fair", "ទៅ"),))
    shown = fit(Rendered("", cards=(fair,)), apps.messenger.capabilities)
    await waits(apps, PAGE, *shown, lane=Lane.REMINDER, state="held", reason=WINDOW)
    apps.on_telegram()
    apps.office.clock.wait(minutes=1)
    await apps.office.type("hello")
    (went,) = [one.part for one in await on(apps, TELEGRAM) if one.lane == Lane.REMINDER]
    assert (went.text, went.cards) == ("១. ពិព័រណ៍\nបាត់ដំបង", ())
    assert [one.payload for one in went.buttons] == ["1:fair"]


@pytest.mark.parametrize("asked", ["others", "here"])
async def test_taken_apart_what_waited_fits_the_app_that_is_left(apps: Apps, asked: str) -> None:
    await apps.joined()
    await waits(apps, TELEGRAM, Part(LONG, typed=True), Part(SHORT, replaces="7"))
    await waits(apps, PAGE, Part("នៅទីនេះ"))
    if asked == "others":
        apps.on_messenger()
        who = HER_PSID
    else:
        apps.on_telegram()
        who = SOPHEA
    await apps.office.type("my answers", who=who)
    await apps.press(who, "unlink", asked)
    said = await whole(apps)
    assert " ".join(one.part.text for one in pieces(said)) == LONG
    texts = [one.part.text for one in said if one.part.text in {SHORT, "នៅទីនេះ"} or one in pieces(said)]
    assert texts == [*(one.part.text for one in pieces(said)), SHORT, "នៅទីនេះ"]
    assert all(not one.part.replaces for one in said if one.part.text == SHORT)
    assert all(one.state in {"queued", "sent"} for one in pieces(said))


async def test_a_file_of_staff_that_no_part_can_carry_becomes_a_call(apps: Apps) -> None:
    first = await apps.joined()
    apps.messenger.capabilities = replace(apps.messenger.capabilities, documents=False)
    await waits(apps, TELEGRAM, Part("", document=Document(7, "a.pdf", "application/pdf"), typed=True))
    await comes_back(apps)
    (ended,) = [one for one in await apps.office.outbox(HER_PSID) if one.part.document]
    assert (ended.state, ended.reason) == ("failed", "this app cannot show it")
    found = select(casefile.c.call_by).where(casefile.c.contact_id == first)
    (by,) = await apps.office.database.read(lambda conn: list(conn.scalars(found)))
    assert by is not None
    assert await apps.office.database.read(lambda conn: chats.holder(conn, first)) is None


async def test_what_breaks_between_two_parts_leaves_both_as_they_were(
    apps: Apps, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apps.joined()
    await waits(apps, TELEGRAM, Part(LONG, typed=True), Part(SHORT, typed=True))
    go = moving.go

    def broken(conn: Connection, person: Any, part: Any, bodies: Any, first_seq: int) -> None:  # noqa: ANN401
        go(conn, person, part, bodies, first_seq)
        if len(bodies) == 1:
            raise ValueError("in the middle")

    monkeypatch.setattr(moving, "go", broken)
    await comes_back(apps)
    held = [
        one.part.text for one in await apps.office.outbox(HER_PSID) if one.state == "held" and one.part.typed
    ]
    assert held == [LONG, SHORT]
    monkeypatch.undo()
    await apps.press(HER_PSID, PICTURES[-1])
    assert " ".join(one.part.text for one in pieces(await whole(apps))) == LONG
