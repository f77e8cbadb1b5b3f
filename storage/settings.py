"""Small facts of the installation that must survive a restart: the live Release, offsets, the key's check.

Never holds what belongs in `bot.toml`, and never a secret.
"""

from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from storage import migrate
from storage.database import Database
from storage.faults import WrongKey
from storage.schema import setting
from storage.seal import Vault
from storage.statement import Statement, given, inserting

_GET = Statement(select(setting.c.value).where(setting.c.name == bindparam("wanted")))
_PUT = inserting(
    setting,
    lambda insert: insert.values(given("name", "value")).on_conflict_do_update(
        index_elements=["name"], set_={"value": insert.excluded.value}
    ),
)
_BEGIN = inserting(
    setting,
    lambda insert: insert.values(given("name", "value")).on_conflict_do_nothing(index_elements=["name"]),
)


def get(conn: Connection, name: str) -> str | None:
    """Read one."""
    row = _GET.one(conn, {"wanted": name})
    return None if row is None else str(row[0])


def put(conn: Connection, name: str, value: str) -> None:
    """Write one."""
    _PUT.run(conn, {"name": name, "value": value})


def begin(conn: Connection, name: str, value: str) -> None:
    """Write one that is not there yet; one that is stays."""
    _BEGIN.run(conn, {"name": name, "value": value})


def unlock(database: Database, key_file: Path) -> Vault:
    """Open the master key; make one only for a store in which nothing was sealed. Raises BadKeyFile."""
    return Vault.open(key_file, make=not sealed(database))


def sealed(database: Database) -> bool:
    """Tell whether a master key was ever used with this store."""
    if migrate.current(database) is None:
        return False
    return database.read_now(lambda conn: get(conn, "key-check")) is not None


def key_check(vault: Vault) -> str:
    """Make what proves a master key and tells nothing of it."""
    return vault.blind("key-check", "spean").hex()


def check_key(conn: Connection, vault: Vault) -> None:
    """Make sure that the master key is the one of this store; the first time, remember its check value."""
    check = key_check(vault)
    begin(conn, "key-check", check)  # of two processes that start on a new store the second reads the first's
    if get(conn, "key-check") != check:
        raise WrongKey(
            "the master key is not the one that sealed this store. Put the right file in place "
            "(storage.master_key_file); nothing was changed"
        )
