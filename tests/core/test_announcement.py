"""Announcements before they leave: what an approval is of, what may not be said where others read along."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.activity import Bilingual
from bot.core.announcement import (
    LASTS,
    TELLING,
    Announcement,
    Link,
    begins,
    digest,
    dump_links,
    ends,
    faults,
    load_links,
    marked,
    missing,
    telling,
    unmarked,
)
from bot.core.segment import Segment

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
NEWS = Announcement("December", Segment(sexes=("woman",)), Bilingual("ដំណឹង", "News"))
OTHER: dict[str, object] = {
    "segment": Segment(),
    "words": Bilingual("ដំណឹង", "News!"),
    "purpose": "fairs",
    "centre": "pursat",
    "picture": "ab",
    "voice": "ab",
    "buttons": (Link(Bilingual("ទៅ"), "a:7"),),
    "send_at": NOW,
    "expires": NOW,
    "repeats": 3,
}


def test_an_approval_is_of_everything_but_the_name() -> None:
    assert {one.name for one in fields(Announcement)} == {"name", *OTHER}
    assert digest(replace(NEWS, name="January")) == digest(NEWS)
    changed = {digest(replace(NEWS, **{name: value})) for name, value in OTHER.items()}  # type: ignore[arg-type]
    assert len(changed | {digest(NEWS)}) == len(OTHER) + 1


@given(
    st.from_regex(r"(d:[a-z-]{1,40}|a:[0-9]{1,9}(:come)?|[0-9]+:[a-z0-9-]+)", fullmatch=True),
    st.integers(1, 10**12),
)
def test_a_tap_tells_where_it_was_pressed_and_is_otherwise_as_any(payload: str, number: int) -> None:
    assert unmarked(payload) == (payload, None)
    assert unmarked(marked(payload, number)) == (payload, number)
    assert len(marked(payload, number)) <= 64


def test_what_only_opens_a_page_is_not_marked() -> None:
    assert marked("url:https://example.org/~7", 3) == "url:https://example.org/~7"


@pytest.mark.parametrize("word", TELLING)
def test_every_word_that_tells_is_found_in_words_and_buttons(word: str) -> None:
    neutral = replace(NEWS, segment=Segment(needs=("owed",)))
    assert faults(neutral, NOW) == ()
    assert word in telling(replace(neutral, words=Bilingual(f"អំពី{word}របស់អ្នក")))
    assert word in telling(replace(neutral, words=Bilingual(en=f"About {word.upper()}.")))
    assert word in telling(replace(neutral, buttons=(Link(Bilingual(word), "d:faq"),)))


def test_an_english_word_tells_only_at_its_own_beginning() -> None:
    assert telling(replace(NEWS, words=Bilingual(en="Tower, sewage"))) == ()


def test_it_lasts_a_week_from_when_it_begins() -> None:
    assert begins(NEWS, NOW) == NOW
    assert ends(NEWS, NOW) == NOW + LASTS
    later = replace(NEWS, send_at=NOW + timedelta(days=3))
    assert ends(later, NOW) == NOW + timedelta(days=3) + LASTS
    past = replace(NEWS, send_at=NOW - timedelta(days=3))
    assert begins(past, NOW) == NOW
    assert [one.kind for one in faults(replace(later, expires=NOW + timedelta(days=2)), NOW)] == ["times"]


def test_one_button_is_ours_unless_it_is_news() -> None:
    three = replace(NEWS, buttons=(Link(Bilingual("ទៅ"), "a:7"),) * 3)
    assert faults(three, NOW) == ()
    assert [one.kind for one in faults(replace(three, purpose="jobs"), NOW)] == ["too many buttons"]


def test_a_missing_language_is_known() -> None:
    assert missing(NEWS) == ()
    assert missing(replace(NEWS, words=Bilingual("ដំណឹង", " "))) == ("en",)


@pytest.mark.parametrize(
    ("to", "fine"),
    [
        ("d:faq", True),
        ("a:7", True),
        ("a:list", True),
        ("url:https://example.org/x?y=1", True),
        ("url:http://example.org", False),
        ("url:https://", False),
        ("url:https://a@b.org", False),
        ("url:https://[", False),
        ("url:javascript:alert(1)", False),
        ("a:0", False),
        ("a:7:come", False),
        ("s:take", False),
        ("", False),
    ],
)
def test_a_button_leads_where_it_may(to: str, *, fine: bool) -> None:
    link = Link(Bilingual("ទៅ", "Go"), to)
    assert (faults(replace(NEWS, buttons=(link,)), NOW) == ()) == fine
    assert load_links(dump_links((link,))) == (link,)
