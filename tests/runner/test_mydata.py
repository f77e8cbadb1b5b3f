"""My data: answers for who has the phone alone, topics where others see it, no sensitive word in the file."""

from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.core.contact import Address
from bot.core.events import Event
from bot.core.events import Media as Voice
from bot.runner import mydata
from bot.runner.forms import dump_body
from bot.runner.library import Library
from storage import inbox, listening, media, people
from storage.database import Database
from storage.schema import media as files
from storage.seal import Vault
from tests.noted import NOON, somebody
from tests.runner.office import WHO, Office

STORY = "ថៅកែមិនឱ្យប្រាក់ខែ ពីរខែ"  # at a sensitive question
HARMLESS = "មិនដឹងទេ"
SHOW, EXPORT = "my-data.what.show", "my-data.what.export"


async def told(office: Office, phone: str) -> None:
    """A person who said whose phone it is, has a request, and wrote what it is about."""
    await office.agree()
    await office.type(HARMLESS)
    await office.tap(await office.words(f"intake.phone-sharing.{phone}"))
    await office.type("ចង់និយាយជាមួយបុគ្គលិក")
    while not await office.said("talk.about"):
        await pressed(office, "pursat", "no", "~skip")
    await office.type(STORY)


async def pressed(office: Office, *keys: str) -> None:
    """Press the first of these that is there."""
    rows = (await office.outbox())[-1].part.rows
    shown = {button.payload.partition(":")[2]: button.payload for row in rows for button in row}
    payload = next(shown[key] for key in keys if key in shown)
    await office.happen("Tap", payload=payload, message="7", query="q")


async def my_data(office: Office, what: str) -> list[str]:
    """What follows."""
    raw = {"id": f"c{what}", "from": WHO, "event": "Command", "name": "mydata"}
    await office.inbound.take(office.stage.account, raw)
    before = len(await office.outbox())
    await office.tap(await office.words(what))
    return [said.part.text for said in (await office.outbox())[before:]]


async def exported(office: Office) -> dict[str, Any] | None:
    found = await office.database.read(
        lambda conn: [
            held[1]
            for number in conn.scalars(select(files.c.id).where(files.c.kind == "document"))
            if (held := media.read(conn, office.vault, number))
        ]
    )
    return orjson.loads(found[-1]) if found else None


async def test_on_ones_own_phone_the_answers_are_shown_but_for_sensitive_ones(office: Office) -> None:
    await told(office, "mine")
    shown = "\n".join(await my_data(office, SHOW))
    assert f"→ {await office.words('intake.phone-sharing.mine')}" in shown
    assert f"→ {await office.words('bot.answered')}" in shown
    assert STORY not in shown
    assert await office.words("bot.purpose.help") in shown


async def test_where_others_see_the_phone_topics_are_named_and_no_answer(office: Office) -> None:
    await told(office, "shared-careful")
    shown = "\n".join(await my_data(office, SHOW))
    assert f"✓ {await office.words('intake.phone-sharing')}" in shown
    assert "→" not in shown
    assert await office.words("intake.phone-sharing.shared-careful") not in shown
    assert await office.words("talk.about") not in shown


async def test_the_file_leaves_out_what_is_sensitive_wherever_it_was_said(office: Office) -> None:
    await told(office, "mine")
    await my_data(office, EXPORT)
    held = await exported(office)
    assert held is not None
    answers = {one["field"]: one["answer"] for one in held["answers"]}
    assert answers["phone_sharing"] == ["key", "mine"]
    assert answers["talk_about"] == ["answered"]
    assert STORY not in orjson.dumps(held).decode()
    said = [one["said"] for one in held["messages"] if one["who"] == "person"]
    assert ["Text", HARMLESS] in [one[:2] for one in said if one]
    assert {one["purpose"]: one["granted"] for one in held["consents"]} == {"help": True}


async def test_the_file_leaves_out_sensitive_notes_and_their_words(database: Database, vault: Vault) -> None:
    def held(conn: Connection) -> dict[str, Any]:
        noted = somebody(conn, vault)
        person = people.by_id(conn, vault, noted.contact)
        assert person is not None
        wanted = {"kind": "voice", "mime": "audio/ogg", "size": 1, "now": NOON}
        kept_apart = media.want(conn, person, ref="private", restricted=True, **wanted)
        refused = media.want(conn, person, ref="refused", **wanted)
        said = Event("u1", Address(person.account, person.external), NOON, Voice("voice", "refused"))
        inbox.add(
            conn,
            vault,
            person=person,
            event=said,
            body=dump_body(said.body),
            now=NOON,
            node_before="gone.node",
        )
        notes = {"private": kept_apart, "refused": refused, **noted.notes}
        for field, number in notes.items():
            listening.put_words(conn, person, number, f"words of {field}")
        return mydata.export(conn, vault, person, Library().live(conn).book)

    found = await database.run(held)
    assert found["written_down"] == [f"words of {field}" for field in ("", "age", "home", "years")]
    assert len(found["files"]) == 4


async def test_on_a_shared_phone_without_a_code_no_file_is_made(office: Office) -> None:
    await told(office, "shared-ok")
    said = await my_data(office, EXPORT)
    assert said[0].startswith(await office.words("bot.data-file-later"))
    assert await exported(office) is None


async def test_who_told_nothing_is_told_so(office: Office) -> None:
    await office.happen("Start")
    await office.tap("ភាសាខ្មែរ")
    said = await my_data(office, SHOW)
    assert said[0] == await office.words("bot.data-none")
