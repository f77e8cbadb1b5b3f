"""Somebody of the staff who announces from a phone, and the people of the centre whom it may reach.

Never decides anything of its own.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, update

from bot.core.answers import Key, PlaceCode, Value
from storage import broadcasts
from storage.broadcasts import Broadcast
from storage.schema import contact
from storage.staff import Grant
from tests.runner.house import PURSAT, House
from tests.runner.phone import Phone, answered

WRITER = Grant("broadcaster", PURSAT)
WORDS = "មានពិព័រណ៍ការងារនៅបាកាន ថ្ងៃទី១៥ ខែធ្នូ។"


async def people(house: House, whom: Sequence[str], sex: str, place: str = "150101") -> list[int]:
    """They live there, agreed to messages, and nobody else sees their phone."""
    ids = []
    for who in whom:
        ids.append(await house.office.greet(who))
        told: dict[str, Value] = {
            "sex": Key(sex),
            "home": PlaceCode(place),
            "age": Key("25-34"),
            "centre": Key("pursat"),
        }
        await answered(house, ids[-1], told, coarse=True)

    def agree(conn: Connection) -> None:
        agreed = {"consents": "help messages", "careful": False}
        conn.execute(update(contact).where(contact.c.id.in_(ids)).values(agreed))

    await house.office.database.run(agree)
    return ids


async def the(house: House, number: int = 1) -> Broadcast:
    found = await house.office.database.read(lambda conn: broadcasts.find(conn, number))
    assert found is not None
    return found


async def drafts(dara: Phone) -> None:
    """As far as the preview."""
    await dara.command("announce")
    await dara.taps("ព័ត៌មានទូទៅ")
    await dara.taps("ស្រី ឬប្រុស")
    await dara.taps("ស្រី")
    await dara.taps("ថយក្រោយ")
    await dara.taps("បន្ត")
    await dara.types(WORDS)
    await dara.taps("គ្មានអង់គ្លេស")


async def payloads(house: House, who: str) -> list[str]:
    """Of the buttons below the latest message."""
    rows = (await house.office.outbox(who))[-1].part.rows
    return [button.payload for row in rows for button in row]
