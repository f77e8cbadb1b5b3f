"""Subscribers in a store, as many as asked, each with a key and an address of their own; and their fair.

Never goes through a conversation: that is another benchmark.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, insert, text

from bot.core.activity import Bilingual, Sheet
from bot.core.contact import Address
from storage import accounts, activities
from storage.database import Database
from storage.people import EXTERNAL, address_blind
from storage.schema import address, contact, contact_address, session, subscription
from storage.seal import Vault

ACCOUNT = "telegram:7001"
PROVINCE, COMMUNE = "15", "150101"
AT_ONCE = 2_000
FIRST = 1_000  # the number of the first subscriber: before it there is room for those who write


def settle(database: Database, vault: Vault, count: int, now: datetime) -> None:
    """So many people who follow fairs in the province, or in its communes, or anywhere."""
    everybody = iter(range(FIRST, FIRST + count))
    while some := list(islice(everybody, AT_ONCE)):
        database.run_now(lambda conn, some=some: _settle(conn, vault, some, now))  # type: ignore[misc]
    database.run_now(lambda conn: conn.execute(text("ANALYZE")))  # PostgreSQL does so within a minute


def fair(database: Database, now: datetime) -> int:
    """A draft in ten days; its number."""
    begins = now + timedelta(days=10)
    sheet = Sheet(
        Bilingual("ពិព័រណ៍ការងារខេត្តពោធិ៍សាត់", "Pursat job fair"),
        COMMUNE,
        begins,
        begins + timedelta(hours=8),
        venue=Bilingual("សាលាខេត្ត", "Provincial hall"),
    )
    return database.run_now(lambda conn: activities.make(conn, "fair", "pursat", sheet, now)).id


def _settle(conn: Connection, vault: Vault, some: list[int], now: datetime) -> None:
    account_id = accounts.number_of(conn, ACCOUNT, now)
    rows = list(_rows(vault, some, account_id, now))
    for place, table in enumerate((contact, address, contact_address, session, subscription)):
        conn.execute(insert(table), [row[place] for row in rows])


def _rows(
    vault: Vault, some: list[int], account_id: int, now: datetime
) -> Iterator[tuple[dict[str, object], ...]]:
    for number in some:
        wrapped, key = vault.new_key()
        where = Address(ACCOUNT, str(10_000_000 + number))
        blind = address_blind(vault, where)
        sealed = key.seal(EXTERNAL, blind.hex(), where.external.encode())
        who = {"id": number, "data_key": wrapped, "language": "km", "consents": "messages", "careful": False}
        place = ("", PROVINCE, COMMUNE)[number % 3]
        yield (
            who | {"created_at": now, "changed_at": now},
            {"id": number, "account_id": account_id, "blind": blind, "created_at": now},
            {"contact_id": number, "address_id": number, "external": sealed, "used_at": now},
            {"contact_id": number, "updated_at": now},
            {"contact_id": number, "purpose": "fairs", "place": place, "sector": "", "created_at": now},
        )
