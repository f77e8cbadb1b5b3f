"""What the platform lets an account do outside the window, as it was last asked or told us by itself.

Never asks the platform (`spean doctor` does), and never holds a token.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from bot.core.window import Grants, Way
from storage import settings
from storage.schema import setting


@dataclass(frozen=True, slots=True)
class Known:
    """`utility`: the account may send templates at all. `probed_at`: when it was last asked; None: never.

    `templates`: approved, `name/language`, whether or not they may be sent.
    """

    templates: frozenset[str] = frozenset()
    utility: bool = False
    human_agent: bool = False
    probed_at: datetime | None = None

    @property
    def grants(self) -> Grants:
        """What follows for a send: without the permission no template may leave."""
        return Grants(self.templates if self.utility else frozenset(), self.human_agent)


def of(conn: Connection, account: str) -> Grants:
    """Read what an account may do; nothing while nobody has asked."""
    return known(conn, account).grants


def known(conn: Connection, account: str) -> Known:
    """Read all that is known of an account."""
    found = settings.get(conn, _name(account))
    return Known() if found is None else _load(found)


def put(
    conn: Connection, account: str, grants: Grants, now: datetime, *, utility: bool | None = None
) -> None:
    """Keep what a probe found at `now`. `utility` None: whoever has templates approved may send them."""
    may = bool(grants.templates) if utility is None else utility
    _keep(conn, account, Known(grants.templates, may, grants.human_agent, now))


def ruled(conn: Connection, account: str, key: str, *, approved: bool) -> None:
    """Add a template (`name/language`) that the platform has approved, or take out one that it has not."""
    _lock(conn, account)
    was = known(conn, account)
    templates = was.templates | {key} if approved else was.templates - {key}
    _keep(conn, account, Known(templates, was.utility, was.human_agent, was.probed_at))


def withdrawn(conn: Connection, account: str, way: Way) -> None:
    """Take back what a way outside the window needs: the platform said no. The next probe asks anew."""
    _lock(conn, account)
    was = known(conn, account)
    _keep(
        conn,
        account,
        replace(
            was,
            utility=was.utility and way != "template",
            human_agent=was.human_agent and way != "human",
        ),
    )


def _lock(conn: Connection, account: str) -> None:
    """Hold what is known until this transaction ends: of two reports the second reads what the first wrote.

    SQLite's writer is alone already.
    """
    if conn.dialect.name == "sqlite":
        return
    name = _name(account)
    settings.begin(conn, name, _dump(Known()))
    conn.execute(select(setting.c.name).where(setting.c.name == name).with_for_update())


def _keep(conn: Connection, account: str, what: Known) -> None:
    settings.put(conn, _name(account), _dump(what))


def _name(account: str) -> str:
    return f"grants:{account}"


def _dump(what: Known) -> str:
    form = {
        "templates": sorted(what.templates),
        "utility": what.utility,
        "human_agent": what.human_agent,
        "probed_at": None if what.probed_at is None else what.probed_at.isoformat(),
    }
    return orjson.dumps(form).decode()


def _load(form: str) -> Known:
    read = orjson.loads(form)
    at = read["probed_at"]
    return Known(
        frozenset(read["templates"]),
        read["utility"],
        read["human_agent"],
        None if at is None else datetime.fromisoformat(at),
    )
