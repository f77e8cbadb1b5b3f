"""Two doors to one PostgreSQL, for who meets whom at a lock.

Never sleeps for a race: it waits until the other waits.
"""

import threading
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
PATIENCE = 10.0  # seconds


def until_somebody_waits(conn: Connection) -> None:
    tick, deadline = threading.Event(), datetime.now().astimezone() + timedelta(seconds=PATIENCE)
    while not conn.scalar(WAITING):
        assert datetime.now().astimezone() < deadline, "nobody waited for the lock"
        tick.wait(0.01)
