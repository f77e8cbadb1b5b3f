"""Every row of a store poured into an empty one of the same tables, from either database into either.

Never changes the source.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    MetaData,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine.interfaces import ReflectedColumn

from storage.schema import contact, media_chunk, metadata
from storage.schema.columns import UtcDateTime

ROWS, CHUNKS = 200, 16  # rows at once; chunks of files are large


def pour(source: Connection, target: Connection) -> None:
    """Copy all rows; numbers that were given out before are not given again.

    Both may be of an older version, with columns that are no more and without later ones.
    """
    known = inspect(target)
    for table in metadata.sorted_tables:
        if not known.has_table(table.name):
            continue
        there = _there(table, known.get_columns(table.name))
        for rows in _blocks(source, table, there):
            target.execute(insert(there), rows)
        _go_on_counting(source, target, table)
    _point_back(source, target)


def _there(table: Table, columns: Iterable[ReflectedColumn]) -> Table:
    """The table with the columns that there are."""
    cells = []
    for column in columns:
        name, kind = column["name"], column["type"]
        ours = (
            table.c[name].type if name in table.c else UtcDateTime() if isinstance(kind, DateTime) else kind
        )
        cells.append(Column(name, ours, primary_key=name in table.primary_key.columns))
    return Table(table.name, MetaData(), *cells)


def _blocks(source: Connection, table: Table, there: Table) -> Iterator[list[dict[str, Any]]]:
    block = CHUNKS if table is media_chunk else ROWS
    wanted = select(there).order_by(*there.primary_key.columns)
    with source.execution_options(stream_results=True, yield_per=block).execute(wanted) as found:
        for rows in found.mappings().partitions(block):
            yield [_alone(table, dict(row)) for row in rows]


def _alone(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row that points to no later row of its own table."""
    return row | {"merged_into": None} if table is contact else row


def _point_back(source: Connection, target: Connection) -> None:
    merged = select(contact.c.id, contact.c.merged_into).where(contact.c.merged_into.is_not(None))
    rows = [{"whose": row.id, "into": row.merged_into} for row in source.execute(merged)]
    if rows:
        target.execute(
            update(contact).where(contact.c.id == bindparam("whose")).values(merged_into=bindparam("into")),
            rows,
        )


def _go_on_counting(source: Connection, target: Connection, table: Table) -> None:
    if [one.name for one in table.primary_key] != ["id"]:
        return
    highest = max(_counted(source, table), source.scalar(select(func.max(table.c.id))) or 0)
    if target.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        target.execute(select(func.setval(sequence, max(highest, 1), highest > 0)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        target.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
            {"name": table.name, "seq": highest},
        )


def _counted(source: Connection, table: Table) -> int:
    """The last number given out."""
    if source.dialect.name == "postgresql":
        name = source.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        given = source.execute(text(f"SELECT last_value, is_called FROM {name}")).one()  # noqa: S608 - a sequence's name
        return int(given.last_value) if given.is_called else 0
    found = source.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    return int(found or 0)
