"""A Core statement compiled once per dialect and run straight on the driver: the hot path's door.

Never begins or ends a transaction and never builds SQL at run time.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    literal_column,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import TypeEngine

Change = Callable[[Any], Any] | None
Params = Mapping[str, Any]
Inserting = Any  # sqlite.Insert or postgresql.Insert, whose ON CONFLICT methods are the same
INSERTS: Mapping[str, Callable[[Table], Inserting]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class Ready(NamedTuple):
    """SQL of one dialect, and how values change on their way in and out."""

    sql: str
    positional: bool
    inward: tuple[tuple[str, Change], ...]
    outward: tuple[tuple[int, Callable[[Any], Any]], ...]
    constants: Params  # what the dialect binds by itself (SQLite: `LIMIT ? OFFSET 0`)


class Statement:
    """SQL known beforehand, or made once for a dialect's name. Rows are tuples in the order of its columns.

    Constants in it are `fixed`: part of the SQL, so that partial indexes are found.
    """

    __slots__ = ("_ready", "_statement")

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._ready: dict[str, Ready] = {}

    def run(self, conn: Connection, params: Params) -> int:
        """Execute; the number of rows it touched."""
        return int(self._execute(conn, params)[0].rowcount)

    def one(self, conn: Connection, params: Params) -> tuple[Any, ...] | None:
        """Execute; the first row, if any."""
        cursor, ready = self._execute(conn, params)
        row = cursor.fetchone()
        return None if row is None else _changed(row, ready)

    def all(self, conn: Connection, params: Params) -> list[tuple[Any, ...]]:
        """Execute; every row."""
        cursor, ready = self._execute(conn, params)
        return [_changed(row, ready) for row in cursor.fetchall()]

    def many(self, conn: Connection, rows: Iterable[Params]) -> None:
        """Execute once per set of parameters, in one call of the driver."""
        ready = self._for(conn.dialect)
        cursor = _driver(conn).cursor()
        cursor.executemany(ready.sql, [_inward(params, ready) for params in rows])

    def _execute(self, conn: Connection, params: Params) -> tuple[Any, Ready]:
        ready = self._ready.get(conn.dialect.name) or self._for(conn.dialect)
        return _driver(conn).execute(ready.sql, _inward(params, ready)), ready

    def _for(self, dialect: Dialect) -> Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            statement = self._statement
            built = statement(dialect.name) if callable(statement) else statement
            ready = self._ready[dialect.name] = _compile(built, dialect)
        return ready


def inserting(table: Table, build: Callable[[Inserting], Executable]) -> Statement:
    """Make a statement of the dialect's own INSERT into `table`, which knows ON CONFLICT."""
    return Statement(lambda dialect: build(INSERTS[dialect](table)))


def given(*names: str) -> dict[str, BindParameter[Any]]:
    """Bind columns to parameters of the same names, for `insert().values()`."""
    return {name: bindparam(name) for name in names}


@cache
def changing(key: Column[Any], names: tuple[str, ...]) -> Statement:
    """Make (once) the UPDATE of the columns `names` where the column `key` is the parameter `key`."""
    return Statement(update(key.table).where(key == bindparam("key")).values(given(*names)))


def fixed(value: str | int) -> ColumnElement[Any]:
    """Write a constant of ours (a state, a lane) into the SQL itself."""
    return literal_column(repr(value), Integer if isinstance(value, int) else String)


def _driver(conn: Connection) -> Any:  # noqa: ANN401 - sqlite3.Connection or psycopg.Connection
    return conn.connection.dbapi_connection


def _inward(params: Params, ready: Ready) -> Any:  # noqa: ANN401 - a tuple or a dict, as the driver wants
    if ready.constants:
        params = {**ready.constants, **params}
    if ready.positional:
        return tuple(
            [params[name] if change is None else change(params[name]) for name, change in ready.inward]
        )
    return {name: params[name] if change is None else change(params[name]) for name, change in ready.inward}


def _changed(row: tuple[Any, ...], ready: Ready) -> tuple[Any, ...]:
    if not ready.outward:
        return row
    values = list(row)
    for place, change in ready.outward:
        values[place] = change(values[place])
    return tuple(values)


def _compile(statement: Executable, dialect: Dialect) -> Ready:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    names = compiled.positiontup if compiled.positiontup is not None else list(compiled.binds)
    inward = tuple((name, _inward_change(compiled.binds[name].type, dialect)) for name in names)
    changes = [_outward_change(column.type, dialect) for column in _columns(statement)]
    outward = tuple((place, change) for place, change in enumerate(changes) if change is not None)
    constants = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
    return Ready(str(compiled), compiled.positiontup is not None, inward, outward, constants)


def _inward_change(kind: TypeEngine[Any], dialect: Dialect) -> Change:
    if isinstance(kind, LargeBinary):
        return None  # both drivers take bytes as they are
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward_change(kind: TypeEngine[Any], dialect: Dialect) -> Change:
    if isinstance(kind, Float):
        return None  # both drivers give floats as they are
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _columns(statement: Executable) -> list[ColumnElement[Any]]:
    if isinstance(statement, Select):
        return list(statement.selected_columns)
    return list(statement.exported_columns)  # type: ignore[attr-defined]


def made(conn: Connection, inserting_one: Statement, **cells: Any) -> int:  # noqa: ANN401 - any cells
    """Insert one row by a statement that returns its id; that."""
    row = inserting_one.one(conn, cells)
    if row is None:
        raise LookupError("an insert returned no id")
    return int(row[0])
