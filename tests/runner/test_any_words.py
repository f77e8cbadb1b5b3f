"""Any words, in either language, on any channel: shown whole, in order, within limits, kept as they are."""

from datetime import datetime
from itertools import accumulate
from typing import Any, get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import scripts
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.show import CAPABILITIES as TERMINAL
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core import events as ev
from bot.core.answers import Day, Month, Number, Phone, PlaceCode
from bot.core.channel import Capabilities, Part
from bot.core.contact import LANGUAGES, Language
from bot.core.fitting import fit
from bot.core.khmer.clusters import clusters
from bot.core.message import Arg, Button, Fact, Line, OutMessage, PlaceName, Title, Verbatim
from bot.runner.forms import dump_body, dump_part, load_body, load_part
from bot.runner.render import Voice, render
from tests.runner.office import NOON
from tests.started import shipped

RELEASE = scripts.compile_release(shipped())
BLANK = " \t\r\n\f\v\u00a0\u200b\u2028\u2029\u3000"  # dropped where a text is cut
CHANNELS = (TELEGRAM, WEBCHAT, TERMINAL)
KHMER = st.text(st.sampled_from("កខគរមសុវត្ថិភាពស្រ្តីេីោៅំះ៉៊្។៕ \n\u200b\u200d🇰🇭👩‍👧a1{}"), max_size=300)
LONG = st.builds(lambda words, times: words * times, KHMER, st.integers(1, 60))
WORDS = st.one_of(st.text(max_size=300), KHMER, LONG)
PLACES = st.sampled_from(["22", "15", "1507", "+1507", "nowhere", ""])
VALUES: st.SearchStrategy[Arg] = st.one_of(
    WORDS,
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**12), 10**12, places=2).map(Number),
    st.dates().map(Day),
    st.builds(Month, st.integers(1950, 2100), st.integers(1, 12)),
    st.sampled_from(["+85512345678"]).map(Phone),
    PLACES.map(PlaceCode),
    PLACES.map(PlaceName),
    st.just(NOON),
    st.sampled_from(["case.number", "case.answer_by", "?"]).map(Fact),
)
LINES = st.one_of(
    st.builds(
        lambda number, question, answer: Line(
            "bot.review-line", {"number": number, "question": question, "answer": answer}
        ),
        VALUES,
        VALUES,
        VALUES,
    ),
    VALUES.map(lambda value: Line("bot.chosen", {"choice": value})),
    VALUES.map(lambda value: Line("bot.chosen", {"choice": Title(Line("bot.chosen", {"choice": value}))})),
    WORDS.map(Verbatim),
    st.lists(WORDS, max_size=4).map(
        lambda many: Line("bot.chosen", {"choice": tuple(Line("bot.chosen", {"choice": w}) for w in many)})
    ),
)
BUTTONS = st.lists(
    st.builds(Button, st.text("abc-~", min_size=1, max_size=40), WORDS.map(Verbatim), ticked=st.booleans()),
    max_size=12,
).map(tuple)
MESSAGES = st.builds(
    OutMessage,
    st.just(""),
    st.lists(LINES, max_size=4).map(tuple),
    BUTTONS,
    BUTTONS,
    st.sampled_from([None, "contact", "location"]),
    st.sampled_from(["", "12"]),
    st.integers(0, 10**6),
)


@pytest.mark.parametrize("place", CHANNELS, ids=lambda place: place.channel)
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(message=MESSAGES)
def test_any_message_fits_any_channel(message: OutMessage, place: Capabilities, language: Language) -> None:
    facts: dict[str, str | datetime] = {"case.number": "PU-2026-00001", "case.answer_by": NOON}
    words, book = RELEASE.words, RELEASE.book
    rendered = render(message, Voice(words, words, book, language, facts))
    parts = fit(rendered, place)
    edges = {0, *accumulate(len(one) for one in clusters(rendered.text))}
    end = 0
    for part in parts:
        assert len(part.text) <= place.text_max
        start = rendered.text.index(part.text, end)
        assert not rendered.text[end:start].strip(BLANK)
        end = start + len(part.text)
        assert {start, end} <= edges
        for row in part.rows:
            assert len(row) <= place.buttons_per_row
            for button in row:
                assert len(button.label) <= place.label_hard
                assert len(button.payload.encode()) <= place.payload_max_bytes
        assert load_part(dump_part(part)) == part
    assert not rendered.text[end:].strip(BLANK)
    assert all(not part.rows and not part.request for part in parts[:-1])


def _any(kind: type) -> st.SearchStrategy[Any]:
    return st.from_type(kind)


st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))


@settings(max_examples=300, deadline=None)
@given(st.one_of(*(_any(kind) for kind in get_args(ev.Body))))
def test_every_event_is_read_back_as_it_came(body: ev.Body) -> None:
    assert load_body(dump_body(body)) == body


@settings(max_examples=300, deadline=None)
@given(_any(Part))
def test_every_part_is_read_back_as_it_went(part: Part) -> None:
    assert load_part(dump_part(part)) == part


@given(st.one_of(st.none(), st.dictionaries(st.text(), st.text()), st.lists(st.booleans(), max_size=3)))
def test_a_raw_update_that_was_parked_is_an_unknown_body(raw: object) -> None:
    assert isinstance(load_body(orjson.dumps(raw)), ev.Unknown)
