"""The store of a site under test, and its audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from bot.cli.store import Store, opened
from storage.schema import audit


@contextmanager
def store() -> Iterator[Store]:
    with opened(Path("bot.toml")) as found:
        yield found


def audited(prefix: str = "faq.") -> list[tuple[int | None, str, str]]:
    with store() as found:
        rows = found.read(lambda conn: conn.execute(select(audit).order_by(audit.c.id)).all())
    return [(row.staff_id, row.action, row.what) for row in rows if row.action.startswith(prefix)]
