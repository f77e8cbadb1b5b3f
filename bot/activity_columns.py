"""The columns of a spreadsheet of activities, and what is wrong with those of one.

Never reads a row.
"""

from collections.abc import Sequence
from difflib import get_close_matches

from bot.activity_cells import Cell, words

COLUMNS = (
    *("id", "key", "kind", "centre", "state"),
    *("title_km", "title_en", "commune", "venue_km", "venue_en", "point", "starts_at", "ends_at"),
    *("capacity", "bus_stop", "bus_at", "bus_seats", "childcare", "cost", "languages", "phone", "sectors"),
    *("description_km", "description_en", "bring_km", "bring_en", "for_whom_km", "for_whom_en"),
    *("employers", "stipend_km", "stipend_en", "stipend_source", "stipend_read_on", "reminders"),
)
NEEDED = ("commune", "starts_at", "ends_at")


def columns(heads: Sequence[Cell]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the columns, and what is wrong with them."""
    while heads and not words(heads[-1]):  # what a spreadsheet leaves behind the last one
        heads = heads[:-1]
    names = tuple(words(one).lower().removesuffix("(code)").strip().replace(" ", "_") for one in heads)
    wrong = []
    for at, name in enumerate(names):
        if not name:
            wrong.append(f"column {at + 1} has no name")
        elif name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1)
            wrong.append(f"{name}: there is no such column" + (f"; {near[0]}?" if near else ""))
        elif name in names[:at]:
            wrong.append(f"{name}: the column is there twice")
    wrong += [f"{name}: the column is missing" for name in NEEDED if name not in names]
    if not {"title_km", "title_en"} & set(names):
        wrong.append("title_km: the column is missing")
    return names, tuple(wrong)
