"""The store of a site under test, its audit, and somebody who writes there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from bot.cli.store import Store, opened
from storage import consents, people
from storage.schema import audit
from tests.cli.command import Spean


@contextmanager
def store() -> Iterator[Store]:
    with opened(Path("bot.toml")) as found:
        yield found


def audited(prefix: str = "faq.") -> list[tuple[int | None, str, str]]:
    with store() as found:
        rows = found.read(lambda conn: conn.execute(select(audit).order_by(audit.c.id)).all())
    return [(row.staff_id, row.action, row.what) for row in rows if row.action.startswith(prefix)]


def a_reader(spean: Spean, site: Path) -> Path:
    """Somebody who writes in this terminal and agreed to messages; the folder of the store."""
    data = site / "var"
    assert spean("chat", "--data", data, "--language", "en", typed="hello\n").status == 0

    def agree(conn: Connection) -> None:
        people.set_flag(conn, 1, "careful", on=False, now=found.now)
        shown = {"text": "news.wanted", "release": "r", "language": "en", "channel": "terminal"}
        consents.record(conn, 1, "messages", granted=True, now=found.now, **shown)

    with store() as found:
        found.run(agree)
    return data
