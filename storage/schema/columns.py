"""What columns are made of: times in UTC, ids, sealed cells, partial indexes.

Never holds a table.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in code on both databases; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, write UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not reach the store")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives naive UTC, PostgreSQL the session's zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


def row_id() -> Column[int]:
    """Make the usual key."""
    return Column("id", Id, primary_key=True)


def ref(
    name: str,
    target: str,
    *,
    cascade: bool = False,
    key: bool = False,
    null: bool = False,
    index: bool = False,
) -> Column[int]:
    """Make a reference to `table.id`; `cascade`: the row goes with it."""
    foreign = ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return Column(name, Id, foreign, primary_key=key, nullable=null, index=index, autoincrement=False)


def word(name: str, *, key: bool = False, unique: bool = False, default: str | None = None) -> Column[str]:
    """Make a column for an id, code or state: never for what people wrote."""
    return Column(name, String, primary_key=key, unique=unique, nullable=False, server_default=default)


def when(name: str, *, index: bool = False) -> Column[datetime]:
    """Make a time that is always known."""
    return Column(name, UtcDateTime, nullable=False, index=index)


def maybe(name: str) -> Column[datetime]:
    """Make a time that may not have come."""
    return Column(name, UtcDateTime)


def sealed(name: str, *, null: bool = False) -> Column[bytes]:
    """Make a cell for what people wrote (see `seal`)."""
    return Column(name, LargeBinary, nullable=null)


def flag(name: str, *, on: bool = False) -> Column[bool]:
    """Make a yes or no that is never empty."""
    return Column(name, Boolean, nullable=False, server_default=true() if on else false())


def some(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Make an index of only the rows that `where` names."""
    only = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)
