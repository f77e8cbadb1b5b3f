"""Migrations: brings the tables of a store to the version of this code, or back.

Never changes a store unasked: commands only ask whether it is current.
"""

from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.faults import SchemaBehind


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the tables up."""
    if to != "head" or current(database) != head():
        database.rebuild_now(_with_config(lambda config: command.upgrade(config, to)))


def downgrade(database: Database, to: str = "base") -> None:
    """Take the tables back; what only newer tables hold is lost."""
    database.rebuild_now(_with_config(lambda config: command.downgrade(config, to)))


def current(database: Database) -> str | None:
    """Read which version the store has; None when it is empty."""
    return database.read_now(_version)


def head() -> str:
    """Tell which version this code wants."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("no migrations are installed")
    return revision


def knows(version: str) -> bool:
    """Tell whether this code can bring a store of that version up."""
    return version in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def require_current(database: Database) -> None:
    """Make sure that the store has the tables of this code. Raises SchemaBehind."""
    found, wanted = current(database), head()
    if found != wanted:
        raise SchemaBehind(
            f"the store is at version {found or 'none'}, this code wants {wanted}: spean db upgrade"
        )


def _version(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    return config


def _with_config(work: Callable[[Config], None]) -> Callable[[Connection], None]:
    def run(conn: Connection) -> None:
        config = _config()
        config.attributes["connection"] = conn
        work(config)

    return run
