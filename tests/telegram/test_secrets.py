"""No token, address or word ever reaches a log or an exception."""

import io
import logging
import traceback

import pytest
import structlog

from bot.channels.account import AccountError
from bot.channels.channel import TapGesture, TypingGesture
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.setup import identify
from bot.core.channel import Part
from tests.fakes.telegram.api import TOKEN, FakeTelegram

SECRETS = (TOKEN, TOKEN.partition(":")[2], "ឈ្មោះខ្ញុំ", "/bot7001", "889977")
FAULTS = [("status", code) for code in (400, 401, 403, 409, 429, 500)] + [
    (kind, 200) for kind in ("cut", "shut", "lost", "nonsense")
]


@pytest.mark.parametrize(("kind", "status"), FAULTS)
async def test_nothing_secret_is_logged(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture, kind: str, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written), cache_logger_on_first_use=False)
    try:
        fake.user(889977)
        channel = TelegramChannel(fake.token, fake.base, request=AiohttpRequest(read=0.1))
        fake.fault(kind, status=status, times=9, retry_after=0.01 if status == 429 else 0)  # type: ignore[arg-type]
        await channel.send("889977", Part("ឈ្មោះខ្ញុំ"))
        await channel.gesture(TapGesture("889977", "1", "1", "ឈ្មោះខ្ញុំ"))
        await channel.gesture(TypingGesture("889977"))
        told = ""
        try:
            await identify(channel)
        except AccountError:
            told = traceback.format_exc()
        await channel.close()
    finally:
        structlog.reset_defaults()
    said = caplog.text + written.getvalue() + told
    assert "gesture.failed" in said
    for secret in SECRETS:
        assert secret not in said
