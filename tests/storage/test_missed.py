"""What nothing answers is kept for staff, under nobody's key, for ninety days, and leads to nobody."""

from datetime import UTC, date, datetime

from sqlalchemy import select, update

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
