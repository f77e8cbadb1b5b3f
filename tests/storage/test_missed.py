"""What nothing answers is kept for staff, under nobody's key, for ninety days, and leads to nobody."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError

from storage import missed
from storage.missed import Missed
from storage.purge import Report
from storage.schema import question_missed
from storage.seal import Vault
from tests.storage.purging import DAY, House

WORDS = "តើអាចយក ### បានទេ"


def rows(house: House) -> list[dict[str, object]]:
    return house.do(lambda conn: [dict(row) for row in conn.execute(select(question_missed)).mappings()])  # type: ignore[no-any-return]


def test_a_question_is_sealed_and_keeps_only_its_day(house: House) -> None:
    house.do(missed.add, house.vault, WORDS, "pursat", "km", house.now)
    (row,) = rows(house)
    assert set(row) == {"mark", "words", "centre", "day", "language"}
    assert WORDS.encode() not in bytes(row["words"])  # type: ignore[arg-type]
    assert row["day"] == date(2026, 11, 22)
    assert house.do(missed.list_, house.vault, None) == [Missed(WORDS, "pursat", date(2026, 11, 22), "km")]


def test_the_day_is_that_of_phnom_penh(house: House) -> None:
    late = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 01:00 of the 23rd there
    house.do(missed.add, house.vault, WORDS, None, "km", late)
    (row,) = rows(house)
    assert row["day"] == date(2026, 11, 23)


def test_its_name_is_drawn_so_that_no_order_is_told(house: House) -> None:
    for _ in range(20):
        house.do(missed.add, house.vault, WORDS, "pursat", "km", house.now)
    marks = [bytes(row["mark"]) for row in rows(house)]  # type: ignore[arg-type]
    assert len(set(marks)) == 20
    assert {len(one) for one in marks} == {16}
    assert len({bytes(row["words"]) for row in rows(house)}) == 20  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["rowid", "oid", "_rowid_"])
def test_no_row_has_a_number_that_tells_the_order(house: House, number: str) -> None:
    """SQLite would give it one by which the inbox's times could be put to it."""
    house.do(missed.add, house.vault, WORDS, "pursat", "km", house.now)
    wanted = select(literal_column(number)).select_from(question_missed)
    with pytest.raises(DBAPIError, match=number):
        house.do(lambda conn: conn.execute(wanted).all())


def test_once_mixed_no_transaction_and_no_place_tells_the_order(house: House) -> None:
    for at in range(20):
        house.do(missed.add, house.vault, str(at), "pursat", "km", house.now)
    before, counted = rows(house), len({one[0] for one in traces(house)})
    house.do(missed.mix, house.now)
    after = rows(house)
    assert sorted(map(str, after)) == sorted(map(str, before)), "they open as before"
    assert {one.words for one in house.do(missed.list_, house.vault, None)} == set(map(str, range(20)))
    marks = [mark for _, mark in traces(house)]
    assert marks == sorted(marks)
    if house.database.dialect == "postgresql":
        assert (counted, len({one[0] for one in traces(house)})) == (20, 1)


def test_older_ones_were_mixed_before(house: House) -> None:
    house.do(missed.add, house.vault, WORDS, "pursat", "km", house.now)
    before = traces(house)
    house.do(missed.mix, house.now + 2 * DAY)
    assert traces(house) == before


def traces(house: House) -> list[tuple[str, bytes]]:
    """Of each row what the store itself knows, in the order in which it lies there: by whom written, mark."""

    def look(conn: Connection) -> list[tuple[str, bytes]]:
        written = "xmin::text" if conn.dialect.name == "postgresql" else "''"
        found = conn.execute(text(f"SELECT {written}, mark FROM question_missed"))  # noqa: S608 - words of ours
        return [(row[0], bytes(row[1])) for row in found]

    return house.database.read_now(look)


def test_staff_read_those_of_their_centre_and_of_none(house: House) -> None:
    for words, centre in (("one", "pursat"), ("two", "preah-vihear"), ("three", None)):
        house.do(missed.add, house.vault, words, centre, "km", house.now)
    theirs = house.do(missed.list_, house.vault, frozenset({"pursat"}))
    assert {one.words for one in theirs} == {"one", "three"}
    assert len(house.do(missed.list_, house.vault, None)) == 3


def test_a_cell_that_was_moved_or_is_of_another_key_does_not_open(house: House, vault: Vault) -> None:
    house.do(missed.add, vault, WORDS, "pursat", "km", house.now)
    other = Vault(bytes(32))
    assert [one.words for one in house.do(missed.list_, other, None)] == [None]
    house.do(lambda conn: conn.execute(update(question_missed).values(mark=bytes(16))))
    assert [one.words for one in house.do(missed.list_, vault, None)] == [None]


def test_its_key_belongs_to_this_purpose_alone(vault: Vault) -> None:
    sealed = vault.purpose("question_missed").seal("a|b", "1", b"words")
    assert vault.purpose("question_missed").open("a|b", "1", sealed) == b"words"
    assert not vault.purpose("another").sealed(sealed)


def test_it_goes_after_ninety_days(house: House) -> None:
    house.do(missed.add, house.vault, WORDS, "pursat", "km", house.now)
    assert house.purge(89 * DAY) == Report()
    assert house.purge(90 * DAY) == Report(questions_missed=1)
    assert rows(house) == []
