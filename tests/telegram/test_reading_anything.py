"""Reading never breaks, and agrees with python-telegram-bot wherever that reads at all."""

from collections.abc import Mapping
from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram.read import read
from bot.core.events import Event, Text
from tests.fakes.telegram.api import FakeTelegram
from tests.telegram.payloads import ACCOUNT, CHAT, NOW

WORDS = st.sampled_from(
    [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "update_id",
        "chat",
        "id",
        "type",
        "private",
        "from",
        "text",
        "date",
        "voice",
        "photo",
        "contact",
        "location",
        "data",
        "file_id",
        "phone_number",
        "user_id",
        "new_chat_member",
        "status",
        "kicked",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner),
    max_leaves=20,
)
KINDS = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll_answer"])
UPDATES = st.builds(
    lambda kind, body, chat: {"update_id": 1, kind: {**body, "chat": chat, "message": {"chat": chat}}},
    KINDS,
    st.dictionaries(WORDS, JSON),
    st.just(CHAT) | JSON,
)


def same_or_value_error(raw: object) -> tuple[Event, ...]:
    try:
        return read(raw, ACCOUNT, NOW)  # type: ignore[arg-type]
    except ValueError:
        return ()


@given(JSON | UPDATES)
@settings(max_examples=400, deadline=None)
def test_any_json_gives_events_or_value_error(raw: object) -> None:
    for event in same_or_value_error(raw):
        assert event.at.tzinfo is UTC
        assert event.address.external


def as_python_telegram_bot_reads(update: Update) -> Mapping[str, object]:
    told = update.message or update.edited_message
    return {
        "id": f"u{update.update_id}",
        "person": str(update.effective_user.id) if update.effective_user else "",
        "message": str(update.effective_message.message_id) if update.effective_message else "",
        "at": told.edit_date or told.date if told else None,
        "text": told.text if told else None,
        "payload": update.callback_query.data if update.callback_query else None,
    }


async def test_python_telegram_bot_reads_the_same(fake: FakeTelegram) -> None:
    """Its `Update.de_json` is slower and stricter, so it is not used; it must agree wherever it reads."""
    user = fake.user(77)
    fake.updates.allow(())
    for act in (user.text, user.edit):
        act("ខ្ញុំមកពីបាត់ដំបង")
    user.voice()
    user.photo(b"1", b"2")
    user.contact()
    user.location()
    user.sticker()
    user.document()
    user.block()
    user.unblock()
    for raw in await fake.updates.get(0, 100, 0):
        told = Update.de_json(raw, None)
        (event,) = read(raw, ACCOUNT, NOW)
        theirs = as_python_telegram_bot_reads(told)
        assert theirs["id"] == event.id
        assert theirs["person"] == event.address.external
        assert theirs["message"] == getattr(event.body, "message", "")
        assert theirs["at"] in (event.at, None)
        if isinstance(event.body, Text):
            assert theirs["text"] == event.body.text
