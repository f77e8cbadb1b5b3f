from collections.abc import Mapping

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.channel import Retry
from bot.channels.webchat.channel import WebChat
from bot.core.channel import Part
from bot.web.internal import internal_app
from bot.web.tokens import external_of, mint
from tests.web.conftest import sign


@pytest.mark.parametrize(("missing", "status"), [({}, 200), ({"tick": "no tick for 40 s"}, 503)])
async def test_health_readiness_and_counters(missing: Mapping[str, str], status: int) -> None:
    async def ready() -> Mapping[str, str]:
        return missing

    app = internal_app(ready, lambda: b"spean_up 1\n")
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        assert (await client.get("/healthz")).status == 200
        answer = await client.get("/readyz")
        assert (answer.status, (await answer.json())["missing"]) == (status, missing)
        assert await (await client.get("/metrics")).read() == b"spean_up 1\n"


def test_a_token_is_ours_only_unchanged() -> None:
    token = mint(bytes(range(32)), sign)
    external = external_of(token, sign)
    assert external
    assert len(external) == 64
    assert external_of(token[:-1] + ("A" if token[-1] != "A" else "B"), sign) is None
    assert external_of("B" + token[1:], sign) is None
    assert external_of(mint(bytes(32), sign), sign) != external


async def test_parts_wait_for_the_page_and_media_come_with_their_event() -> None:
    channel = WebChat()
    assert isinstance(await channel.send("a" * 64, Part("ក")), Retry)
    with pytest.raises(OSError, match="nothing to fetch"):
        channel.fetch("webchat:1")
