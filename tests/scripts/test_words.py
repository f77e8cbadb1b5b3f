"""Sentences and values in two languages, and catalogues written one way only."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogues
from bot.catalogues import BadCatalogue, Entry
from bot.core.answers import Month
from bot.i18n import MissingWords, Showable, Words, show

WORDS = Words({"km": {"a.hello": "សួស្តី {name}!", "a.bye": "លាហើយ"}, "en": {"a.hello": "Hello {name}!"}})


def test_a_sentence_takes_its_arguments() -> None:
    assert WORDS.say("a.hello", "km", {"name": "សុខា"}) == "សួស្តី សុខា!"
    assert WORDS.say("a.hello", "en") == "Hello {name}!"


def test_an_argument_is_never_looked_into() -> None:
    evil = "{name} {0.__class__} %s {{ 7*7 }}"
    assert WORDS.say("a.hello", "en", {"name": evil, "other": "x"}) == f"Hello {evil}!"


def test_a_missing_sentence_says_so() -> None:
    assert not WORDS.has("a.bye", "en")
    with pytest.raises(MissingWords, match=r"a\.bye in en"):
        WORDS.say("a.bye", "en")


@pytest.mark.parametrize(
    ("value", "km", "en"),
    [
        (3, "៣", "3"),
        (1990, "១៩៩០", "1990"),
        (1234567, "១,២៣៤,៥៦៧", "1,234,567"),
        (Decimal("12.5"), "១២.៥", "12.5"),
        (date(2026, 11, 21), "ថ្ងៃសៅរ៍ ទី២១ ខែវិច្ឆិកា ឆ្នាំ២០២៦", "Saturday 21 November 2026"),
        (Month(1990, 5), "ខែឧសភា ឆ្នាំ១៩៩០", "May 1990"),
        (
            datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
            "ថ្ងៃសៅរ៍ ទី២១ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ៥ ល្ងាច",
            "Saturday 21 November 2026 5 PM",
        ),
        (
            datetime(2026, 11, 21, 20, 30, tzinfo=UTC),
            "ថ្ងៃអាទិត្យ ទី២២ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ៣:៣០ ព្រឹក",
            "Sunday 22 November 2026 3:30 AM",
        ),
    ],
)
def test_values_are_written_as_people_write_them(value: Showable, km: str, en: str) -> None:
    assert show(value, "km") == km
    assert show(value, "en") == en


@pytest.mark.parametrize(
    ("hour", "part"), [(0, "យប់"), (5, "ព្រឹក"), (11, "ថ្ងៃត្រង់"), (14, "រសៀល"), (18, "ល្ងាច"), (21, "យប់")]
)
def test_the_hour_has_its_part_of_the_day(hour: int, part: str) -> None:
    moment = datetime(2026, 1, 2, hour, tzinfo=UTC).astimezone()
    local = show(moment.replace(tzinfo=UTC, hour=(hour - 7) % 24), "km")
    assert local.endswith(part)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_no_ascii_digit_or_zero_width_letter_reaches_khmer(moment: datetime) -> None:
    text = show(moment, "km")
    assert not any(letter in text for letter in "0123456789\u200b\u200c\u200d")


ENTRIES = st.dictionaries(
    st.from_regex(r"[a-z]{1,5}\.[a-z0-9-]{1,8}", fullmatch=True),
    st.builds(
        Entry,
        text=st.text(
            st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\t"), max_size=40
        ),
        fuzzy=st.booleans(),
    ),
    max_size=6,
)


@given(ENTRIES)
def test_what_is_written_is_read_back_and_written_the_same(entries: dict[str, Entry]) -> None:
    data = catalogues.write(entries, "km")
    assert catalogues.read(data) == entries
    assert catalogues.canonical(data, "km") == data


def test_the_canonical_form_is_sorted_unwrapped_and_bare() -> None:
    wild = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"X-Generator: Poedit\\n"\n\n'
        '#: dialogs/a.toml:3\nmsgid "a.b"\nmsgstr ""\n"two "\n"pieces"\n\n# for you\n'
        'msgid "a.a"\nmsgstr "x"\n#~ msgid "old"\n#~ msgstr "gone"\n'
    )
    assert catalogues.canonical(wild.encode(), "en").decode() == (
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
        '# for you\nmsgid "a.a"\nmsgstr "x"\n\nmsgid "a.b"\nmsgstr "two pieces"\n'
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"\xff", 1), (b'msgid "a"\nmsgstr "x\n', 2), (b"hello", 1), (b'\n\nmsgid "a"\nnot', 4)],
)
def test_a_broken_catalogue_names_its_line(data: bytes, line: int) -> None:
    with pytest.raises(BadCatalogue) as broken:
        catalogues.read(data)
    assert broken.value.line == line


@given(st.binary(max_size=60))
def test_any_bytes_are_a_catalogue_or_a_broken_one(data: bytes) -> None:
    with suppress(BadCatalogue):
        catalogues.read(data)


def test_a_catalogue_is_known_by_its_place() -> None:
    assert catalogues.language_of("locales/km/LC_MESSAGES/bot.po") == "km"
    assert catalogues.domain_of("locales/km/LC_MESSAGES/bot.po") == "bot"
    for other in ("locales/th/LC_MESSAGES/bot.po", "locales/km/bot.po", "dialogs/bot.po", "bot.po"):
        assert catalogues.language_of(other) is None


def test_a_path_is_no_catalogue(tmp_path: Path) -> None:
    secret = tmp_path / "secret.po"
    secret.write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    with pytest.raises(BadCatalogue):
        catalogues.read(str(secret).encode())
