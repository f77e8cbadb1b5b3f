import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.webhooks import BODY_MAX, TelegramHook, telegram_route
from tests.web.conftest import SECRET, Clock, Place, serve, site
from tests.web.memory import Memory

HOOK = "/webhook/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
GOOD = {HEADER: SECRET.decode()}


async def test_an_update_is_acknowledged_only_after_it_was_taken(place: Place) -> None:
    answer = await place.client.post(HOOK, json={"update_id": 7, "message": {}}, headers=GOOD)
    assert answer.status == 200
    assert place.memory.updates == [{"update_id": 7, "message": {}}]


@pytest.mark.parametrize(
    "secret", [None, "", "planted-secret_", "planted-secret_12", "ខ្មែរ".encode().decode("latin-1")]
)
async def test_a_wrong_secret_is_refused_before_the_body_is_looked_at(
    place: Place, secret: str | None
) -> None:
    headers = {} if secret is None else {HEADER: secret}
    answer = await place.client.post(HOOK, data=b"{ not json", headers=headers)
    assert answer.status == 403
    assert await answer.json() == {"error": "web.error.refused"}
    assert place.memory.updates == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"{", b"\xff", b'{"update_id": "7"}', b'{"update_id": true}', b"{}"]
)
async def test_what_is_no_update_gets_400(place: Place, body: bytes) -> None:
    answer = await place.client.post(HOOK, data=body, headers=GOOD)
    assert answer.status == 400


async def test_a_body_over_one_megabyte_gets_413_whether_it_tells_its_length_or_not(place: Place) -> None:
    told = await place.client.post(HOOK, data=io.BytesIO(b"x" * (BODY_MAX + 1)), headers=GOOD)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    untold = await place.client.post(HOOK, data=chunks(), headers=GOOD)
    assert (told.status, untold.status) == (413, 413)


async def test_while_the_store_is_down_the_platform_is_asked_to_deliver_again(place: Place) -> None:
    place.memory.down = True
    answer = await place.client.post(HOOK, json={"update_id": 7}, headers=GOOD)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_fault_of_ours_is_a_plain_500_without_a_trace(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.memory.bug = True
    answer = await place.client.post(HOOK, json={"update_id": 7}, headers=GOOD)
    assert answer.status == 500
    assert await answer.json() == {"error": "web.error.broken"}
    assert "០១២៣៤៥៦៧៨" not in capsys.readouterr().out


async def test_other_methods_and_addresses_answer_in_the_same_form(place: Place) -> None:
    assert (await place.client.get(HOOK)).status == 405
    answer = await place.client.post("/webhook/elsewhere")
    assert (answer.status, await answer.json()) == (404, {"error": "web.error.nothing-here"})


def test_a_webhook_without_a_secret_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="secret"):
        telegram_route(TelegramHook("telegram:7001", b""), Memory())


def test_the_secret_is_not_printed() -> None:
    assert "planted" not in repr(TelegramHook("telegram:7001", SECRET))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_junk_never_breaks_the_webhook(body: bytes) -> None:
    async def post() -> int:
        memory, clock = Memory(), Clock()
        async with serve(site(memory, clock), memory, clock) as place:
            return (await place.client.post(HOOK, data=body, headers=GOOD)).status

    assert asyncio.run(post()) in {200, 400}
