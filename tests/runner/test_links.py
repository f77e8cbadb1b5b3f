"""One person in two apps: a one-time link joins them behind four pictures, and they can be taken apart."""

from dataclasses import astuple

import pytest
from sqlalchemy import Connection

from bot.core.contact import Address
from bot.core.events import Command, Event, Media, Text
from bot.runner import links
from storage import link, people
from storage.outbox import Lane
from tests.runner.apps import BOT, HER_PSID, PAGE, PICTURES, SOPHEA, TELEGRAM, Apps
from tests.runner.office import NOON, Office


@pytest.fixture
def apps(office: Office) -> Apps:
    return Apps(office)


async def test_the_pictures_join_and_the_conversation_goes_on(apps: Apps) -> None:
    first = await apps.joined()
    assert await apps.whose(PAGE, HER_PSID) == await apps.whose(TELEGRAM, SOPHEA) == first
    assert await apps.office.said("bot.link-joined", HER_PSID) == 1
    question = await apps.office.outbox(HER_PSID)
    assert question[-1].part.rows
    before = await apps.office.ask("SELECT count(*) FROM answer")
    await apps.press(HER_PSID, question[-1].part.rows[0][0].payload.partition(":")[2])
    assert await apps.office.ask("SELECT count(*) FROM answer") >= before
    assert await apps.office.ask("SELECT count(DISTINCT contact_id) FROM submission") == [(1,)]


async def test_the_link_names_every_other_app_and_is_kept_nowhere_else(apps: Apps) -> None:
    apps.on_telegram()
    await apps.office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    said = await apps.office.outbox(SOPHEA)
    text = next(one.part.text for one in said if token in one.part.text)
    assert f"https://m.me/900?ref=l_{token}" in text
    assert "t.me" not in text
    assert len(f"l_{token}") <= 64


async def test_a_page_person_is_led_to_the_bot_by_its_name(apps: Apps) -> None:
    office = apps.on_messenger()
    await office.happen("Start", who=HER_PSID)
    await apps.press(HER_PSID, "km")
    await apps.sets_pictures(HER_PSID)
    token = await apps.makes_link(HER_PSID)
    assert any(
        f"https://t.me/{BOT}?start=l_{token}" in one.part.text for one in await office.outbox(HER_PSID)
    )


async def test_nothing_of_the_first_is_shown_before_the_pictures(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    question = (await office.outbox())[-1].part.text
    await apps.sets_pictures()
    token = await apps.makes_link()
    apps.on_messenger()
    await apps.opens(token)
    await apps.press(HER_PSID, *PICTURES[:3])
    newcomer = await apps.whose(PAGE, HER_PSID)
    assert newcomer != await apps.whose(TELEGRAM, SOPHEA)
    told = [one.part.text for one in await office.outbox(HER_PSID)]
    assert told
    assert all(question.rpartition("\n")[2] not in one for one in told)


def test_a_token_is_blinded_wherever_words_may_hold_it(office: Office) -> None:
    said = f"see l_{links.new_token()}!"
    for body in (Text(said), Media("image", "ref-1", caption=said), Command("help", said)):
        event = Event("e1", Address(TELEGRAM, SOPHEA), NOON, body)
        blind = links.blinded(office.kit.vault, event).body
        assert "see l_…!" in astuple(blind)
        assert said not in astuple(blind)


async def test_wrong_pictures_three_times_and_the_link_is_dead(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    apps.on_messenger()
    await apps.opens(token)
    for _ in range(3):
        await apps.press(HER_PSID, *"9999")
    assert await office.said("bot.link-dead", HER_PSID) == 1
    assert await office.said("language.choose", HER_PSID) == 1
    await apps.opens(token)
    assert await office.said("bot.link-gone", HER_PSID) == 1
    assert await apps.whose(PAGE, HER_PSID) != await apps.whose(TELEGRAM, SOPHEA)


async def test_misses_count_wherever_it_is_opened(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    apps.on_messenger()
    for who in ("1", "2", "3"):
        await apps.opens(token, who)
        await apps.press(who, *"9999")
    await apps.opens(token)
    assert await office.said("bot.link-gone", HER_PSID) == 1


@pytest.mark.parametrize("hours", [24, 48])
async def test_a_link_of_yesterday_says_so_kindly_and_begins_as_usual(apps: Apps, hours: int) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    office.clock.wait(hours=hours)
    apps.on_messenger()
    await apps.opens(token)
    assert await office.said("bot.link-gone", HER_PSID) == 1
    assert await office.said("language.choose", HER_PSID) == 1


async def test_a_link_works_once_and_a_newer_one_ends_it(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    old, new = await apps.makes_link(), await apps.makes_link()
    apps.on_messenger()
    await apps.opens(old)
    assert await office.said("bot.link-gone", HER_PSID) == 1
    await apps.opens(new)
    await apps.press(HER_PSID, *PICTURES)
    await apps.opens(new, "5550002")
    assert await office.said("bot.link-gone", "5550002") == 1


async def test_nobody_makes_links_without_end(apps: Apps) -> None:
    apps.on_telegram()
    await apps.office.begin()
    await apps.sets_pictures()
    for _ in range(link.AT_MOST):
        await apps.makes_link()
    await apps.office.type("my answers")
    await apps.press(SOPHEA, "link")
    assert await apps.office.said("bot.link-none") == 1


async def test_who_has_no_pictures_is_first_asked_to_set_them(apps: Apps) -> None:
    apps.on_telegram()
    await apps.office.begin()
    await apps.office.type("my answers")
    await apps.press(SOPHEA, "link")
    assert await apps.office.said("link.no-code") == 1
    assert await apps.office.many("link") == 0
    await apps.press(SOPHEA, "set", "set", *PICTURES, *PICTURES)
    assert await apps.office.many("link") == 1


async def test_a_link_of_staff_joins_at_once(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    first = await office.contact()
    token = links.new_token()

    def make(conn: Connection) -> bool:
        return link.make(conn, office.vault, first or 0, token, office.clock.at, by_staff=True)

    assert await office.database.run(make)
    apps.on_messenger()
    await apps.opens(token)
    assert await apps.whose(PAGE, HER_PSID) == first
    assert await office.ask("SELECT action FROM audit ORDER BY id") == [("contact.linked",)]


async def test_a_newcomer_who_left_nothing_leaves_nothing(apps: Apps) -> None:
    first = await apps.joined()
    apps.office.clock.wait(minutes=2)
    await apps.office.agenda.tick(apps.office.clock.at)
    assert await apps.office.ask("SELECT id FROM contact") == [(first,)]
    assert await apps.office.many("address") == 2


async def test_whoever_wrote_there_before_stays_a_person_of_their_own(apps: Apps) -> None:
    office = apps.on_messenger()
    await office.happen("Start", who=HER_PSID)
    await apps.press(HER_PSID, "km", "read", "yes", "me", "mine")
    other = await apps.whose(PAGE, HER_PSID)
    first = await apps.joined()
    office.clock.wait(minutes=2)
    await office.agenda.tick(office.clock.at)
    assert await office.ask("SELECT id FROM contact ORDER BY id") == [(other,), (first,)]
    assert await office.ask("SELECT count(*) FROM submission GROUP BY contact_id") == [(1,), (1,)]
    await office.type("someone else uses this phone", who=HER_PSID)
    await apps.press(HER_PSID, f"p{other}")
    assert await apps.whose(PAGE, HER_PSID) == other
    assert await apps.whose(TELEGRAM, SOPHEA) == first


async def test_the_first_app_hears_of_it(apps: Apps) -> None:
    first = await apps.joined()
    assert await apps.went(first) == [(TELEGRAM, "queued")]
    notice = [one.part.text for one in await apps.office.outbox(HER_PSID) if one.lane == Lane.STAFF]
    assert len(notice) == 1
    assert await apps.office.words("my-data.what.unlink") in notice[0]


async def test_the_token_is_in_no_row_of_the_store(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    apps.on_messenger()
    await apps.opens(token)
    await office.type(f"https://m.me/900?ref=l_{token}", who=HER_PSID)

    def bodies(conn: Connection) -> list[bytes]:
        found = []
        for row in conn.exec_driver_sql("SELECT key, body, contact_id FROM inbox WHERE body IS NOT NULL"):
            key = people.key_of(conn, office.vault, row.contact_id)
            found.append(key.open("inbox|body", bytes(row.key).hex(), bytes(row.body)))
        return found

    kept = await office.database.read(bodies)
    assert kept
    assert all(token.encode() not in one for one in kept)


async def test_a_link_of_ones_own_opened_at_home_changes_nothing(apps: Apps) -> None:
    office = apps.on_telegram()
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    await apps.opens(token, SOPHEA)
    assert await office.said("bot.link-already") == 1
    assert await office.many("contact_address") == 1
