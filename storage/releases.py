"""Releases: the bytes of every file of a script, kept under their digest, and which one is live.

Never compiles or judges them.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage import settings
from storage.schema import consent, inbox, release, release_file, session, submission

LIVE = "live-release"
LIVE_SINCE = "live-release-since"


def put(conn: Connection, digest: str, files: Mapping[str, bytes], now: datetime) -> None:
    """Keep a Release; one that is there stays as it is."""
    if conn.scalar(select(release.c.digest).where(release.c.digest == digest)) is not None:
        return
    conn.execute(insert(release).values(digest=digest, created_at=now))
    cells = [{"digest": digest, "path": path, "content": content} for path, content in sorted(files.items())]
    if cells:
        conn.execute(insert(release_file), cells)


def get(conn: Connection, digest: str) -> dict[str, bytes]:
    """Read a Release's files; none for an unknown digest."""
    wanted = select(release_file.c.path, release_file.c.content).where(release_file.c.digest == digest)
    return {path: content for path, content in conn.execute(wanted.order_by(release_file.c.path))}  # noqa: C416


def file(conn: Connection, digest: str, path: str) -> bytes | None:
    """Read one file of a Release; None when there is none."""
    wanted = (release_file.c.digest == digest) & (release_file.c.path == path)
    return conn.scalar(select(release_file.c.content).where(wanted))


def live(conn: Connection) -> str | None:
    """Read which Release routes people now (one statement)."""
    return settings.get(conn, LIVE)


def set_live(conn: Connection, digest: str, now: datetime) -> None:
    """Make a kept Release live from now on."""
    settings.put(conn, LIVE, digest)
    settings.put(conn, LIVE_SINCE, now.isoformat())


def list_(conn: Connection) -> list[tuple[str, datetime]]:
    """List digests and when each was kept, the latest first."""
    kept = select(release.c.digest, release.c.created_at).order_by(release.c.created_at.desc())
    return [(digest, created_at) for digest, created_at in conn.execute(kept)]


def purge_unused(conn: Connection) -> int:
    """Delete Releases that are not live, that no session walks and no answer, consent or event names."""
    used = {live(conn)}
    for walked in conn.scalars(select(session.c.releases).distinct()):
        used.update(walked.split())
    for column in (submission.c.release, consent.c.release, inbox.c.release):
        used.update(conn.scalars(select(column).distinct()))
    unused = [digest for digest, _ in list_(conn) if digest not in used]
    conn.execute(delete(release).where(release.c.digest.in_(unused)))
    return len(unused)
