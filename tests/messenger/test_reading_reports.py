"""What the platform tells of our own sends; and that reading never breaks, whatever comes."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Echoed, Receipt, Report, TemplateRuled
from bot.channels.messenger.naming import metadata
from bot.channels.messenger.read import read
from bot.core.contact import Address
from bot.core.events import Event
from tests.messenger.payloads import ACCOUNT, MID, NOW, PAGE, PSID, SENT, body, item, of_page, ruled

WHERE = Address(ACCOUNT, PSID)
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
KEY = "fair_reminder_v1/km"


def echo(name: str) -> dict[str, Any]:
    return body(of_page(message={"mid": MID, "is_echo": True, "app_id": 9, "metadata": name, "text": "x"}))


@pytest.mark.parametrize(
    ("raw", "report"),
    [
        (echo(metadata("o12")), Echoed(WHERE, "o12", MID)),
        (body(item(delivery={"mids": [MID], "watermark": SENT})), Receipt(WHERE, AT)),
        (body(item(read={"watermark": SENT})), Receipt(WHERE, AT, read=True)),
        (ruled("APPROVED"), TemplateRuled(ACCOUNT, KEY, approved=True)),
        (ruled("REJECTED"), TemplateRuled(ACCOUNT, KEY, approved=False)),
        (ruled("SOMETHING_NEW"), TemplateRuled(ACCOUNT, KEY, approved=False)),
    ],
)
def test_a_report_reads_as(raw: dict[str, Any], report: Report) -> None:
    assert read(raw, ACCOUNT, NOW) == (report,)


@pytest.mark.parametrize(
    "raw",
    [
        echo(metadata("")),  # ours, of a send that nobody waits for
        echo(metadata("o12", last=False)),  # a file ahead of its words
        body(item(delivery={"mids": [MID]})),
        body(item(read={"watermark": "soon"})),
        body(item(read={"watermark": 10**18})),
        ruled("APPROVED", message_template_name=None),
    ],
)
def test_what_settles_nothing_is_no_report_and_no_word_of_staff(raw: dict[str, Any]) -> None:
    assert read(raw, ACCOUNT, NOW) == ()


@pytest.mark.parametrize(
    "raw",
    [
        {},
        [],
        "x",
        7,
        None,
        {"object": "user", "entry": []},
        {"object": "page"},
        {"object": "page", "entry": {}},
        {"object": "page", "entry": ["x"]},
        {"object": "page", "entry": [{"id": PAGE, "messaging": "x"}]},
        {"object": "page", "entry": [{"id": PAGE, "messaging": [None]}]},
        {"object": "page", "entry": [{"id": PAGE, "standby": {}}]},
        {"object": "page", "entry": [{"id": PAGE, "changes": 7}]},
    ],
)
def test_what_is_no_body_of_a_page_is_refused_as_a_whole(raw: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(ValueError, match="not a Messenger body"):
        read(raw, ACCOUNT, NOW)


WORDS = st.sampled_from(
    f"""object page entry messaging standby changes id {PAGE} {PSID} sender recipient timestamp message mid
    text quick_reply payload attachments type image url audio sticker_id location coordinates lat long
    postback referral ref read reaction delivery watermark is_echo metadata spean:o1 c:start c:menu field
    value event message_template_status_update message_edit take_thread_control""".split()
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner),
    max_leaves=20,
)
ITEMS = st.builds(
    lambda content, outgoing: content | (of_page() if outgoing else item()),
    st.dictionaries(WORDS, st.dictionaries(WORDS, JSON) | JSON),
    st.booleans(),
)
BODIES = st.lists(ITEMS, max_size=3).map(lambda items: body(*items))


@given(JSON | BODIES)
@settings(max_examples=600, deadline=None)
def test_any_json_gives_events_and_reports_or_value_error(raw: Any) -> None:  # noqa: ANN401 - any JSON
    try:
        told = read(raw, ACCOUNT, NOW)
    except ValueError:
        return
    for one in told:
        if isinstance(one, Event):
            assert one.at.tzinfo is UTC
            assert re.fullmatch("[0-9]{1,32}", one.address.external)
            assert one.id
    events = [one for one in told if isinstance(one, Event)]
    assert [one.at for one in events] == sorted(one.at for one in events)
