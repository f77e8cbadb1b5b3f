"""Files that people sent: only from where the platform keeps them, without our token, up to a size."""

import pytest

from bot.channels.messenger import channel as channels
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.download import may_fetch
from bot.core.events import Event, Media
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.payloads import CDN, NOW

META = "https://graph.facebook.com"


def ref_of(channel: MessengerChannel, raw: object) -> str:
    (event,) = channel.read(raw, NOW)  # type: ignore[arg-type]
    assert isinstance(event, Event)
    assert isinstance(event.body, Media)
    return event.body.ref


async def fetched(channel: MessengerChannel, ref: str) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(ref)])


async def test_a_voice_note_is_fetched_whole(channel: MessengerChannel, person: FakePerson) -> None:
    note = b"\x00\x00\x00\x18ftypmp42" + bytes(200_000)
    assert await fetched(channel, ref_of(channel, await person.voice(note))) == note


async def test_a_file_on_another_host_is_not_asked_for(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    ref = ref_of(channel, await person.image(foreign=True))
    with pytest.raises(OSError, match="does not name"):
        await fetched(channel, ref)
    assert fake.downloads == []


async def test_a_redirect_to_another_host_is_not_followed(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    ref = ref_of(channel, await person.image(moved=True))
    with pytest.raises(OSError, match="does not name"):
        await fetched(channel, ref)
    assert [path.split("/")[1] for _, path in fake.downloads] == ["moved"]


async def test_a_redirect_within_the_platform_is_followed(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    ref = ref_of(channel, await person.image(moved=True))
    fake.foreign = fake.base
    assert (await fetched(channel, ref)).startswith(b"\xff\xd8\xff")


async def test_a_file_that_moves_for_ever_is_given_up(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    ref = ref_of(channel, await person.image(moved=True))
    fake.foreign = f"{fake.base}/moved/..%2f..?"
    with pytest.raises(OSError, match="file"):
        await fetched(channel, ref)


async def test_a_link_that_is_over(fake: FakeGraph, channel: MessengerChannel, person: FakePerson) -> None:
    ref = ref_of(channel, await person.document())
    fake.fault(edge="cdn", status=403)
    with pytest.raises(OSError, match="HTTP 403"):
        await fetched(channel, ref)


async def test_a_file_over_the_limit_is_cut_off(
    channel: MessengerChannel, person: FakePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "DOWNLOAD_MAX", 1000)
    ref = ref_of(channel, await person.video(bytes(1001)))
    with pytest.raises(OSError, match="longer than 1000"):
        await fetched(channel, ref)


async def test_nobody_there() -> None:
    channel = MessengerChannel("1", "token", "secret", "http://127.0.0.1:9")
    with pytest.raises(OSError, match="could not be fetched"):
        await fetched(channel, "http://127.0.0.1:9/cdn/x")
    await channel.close()


@pytest.mark.parametrize(
    ("ref", "base", "may"),
    [
        (CDN, META, True),
        ("https://cdn.fbsbx.com/v/t59/x.pdf", META, True),
        ("https://lookaside.fbsbx.com/x", META, True),
        ("https://graph.facebook.com/x", META, True),
        ("http://scontent.xx.fbcdn.net/x", META, False),
        ("https://scontent.xx.fbcdn.net:8443/x", META, False),
        ("https://fbcdn.net.evil.kh/x", META, False),
        ("https://evilfbcdn.net/x", META, False),
        ("https://user:pass@scontent.xx.fbcdn.net/x", META, False),
        ("https://169.254.169.254/latest", META, False),
        ("http://127.0.0.1:8081/metrics", META, False),
        ("file:///etc/passwd", META, False),
        ("", META, False),
        ("https://[::1", META, False),
        ("//scontent.xx.fbcdn.net/x", META, False),
        ("http://127.0.0.1:9/cdn/x", "http://127.0.0.1:9", True),
        ("http://localhost:9/cdn/x", "http://127.0.0.1:9", False),
        (CDN, "http://127.0.0.1:9", False),
    ],
)
def test_which_hosts_are_the_platforms(ref: str, base: str, may: bool) -> None:  # noqa: FBT001 - a column
    assert may_fetch(ref, base) is may
