"""The peer's store: a session and the answers, one durable transaction a step.

Never seals anything: the peer gets that for free.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, MetaData, String, Table, Text, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_META = MetaData()
SESSION = Table(
    "session",
    _META,
    Column("chat", BigInteger, primary_key=True),
    Column("state", String(40), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
ANSWER = Table(
    "answer",
    _META,
    Column("chat", BigInteger, primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


class Store:
    """Sessions and answers in one SQLite file: WAL, synchronous=FULL."""

    def __init__(self, path: Path) -> None:
        self._engine: AsyncEngine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        event.listen(self._engine.sync_engine, "connect", _durable)

    async def open(self) -> None:
        """Make the tables."""
        async with self._engine.begin() as conn:
            await conn.run_sync(_META.create_all)

    async def step(self, chat: int, state: str, answered: tuple[str, str] | None) -> None:
        """Remember where the chat stands and what was answered, committed on return."""
        now = datetime.now(UTC)
        async with self._engine.begin() as conn:
            if answered is not None:
                question, value = answered
                row = insert(ANSWER).values(chat=chat, question=question, value=value, at=now)
                await conn.execute(
                    row.on_conflict_do_update(
                        index_elements=["chat", "question"], set_={"value": value, "at": now}
                    )
                )
            place = insert(SESSION).values(chat=chat, state=state, at=now)
            await conn.execute(
                place.on_conflict_do_update(index_elements=["chat"], set_={"state": state, "at": now})
            )

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()


def _durable(connection: Any, record: Callable[..., object]) -> None:  # noqa: ANN401 (DB-API)
    del record
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
