"""Every way a call can end, and what it means for the part (facts/channels.md §3.5)."""

import socket

import pytest

from bot.channels.channel import Outcome, Refused, Retry, Sent, Shut, Uncertain
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.graph import Graph, GraphTrouble
from bot.channels.messenger.outcome import outcome_of
from bot.channels.messenger.usage import rest
from bot.core.channel import Document, Part
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson

SAY = Part("សួស្តី")
FILE = Part("ឯកសារ", document=Document(1, "a.json", "application/json"))
UNREACHABLE = Refused("unreachable", stop="person")


def page(reason: str) -> Refused:
    return Refused(reason, stop="account")


TABLE: list[tuple[int, int, int, Outcome]] = [
    (500, 1, 0, Retry("server-trouble 1")),
    (500, 2, 0, Retry("server-trouble 2")),
    (400, 1200, 0, Retry("server-trouble 1200")),
    (503, -1, 0, Retry("server-trouble -1")),
    (502, 77, 0, Retry("server-trouble 77")),
    (403, 10, 2018278, Shut()),
    (403, 10, 2534022, Shut()),
    (403, 10, 2018065, Shut()),
    (400, 551, 0, UNREACHABLE),
    (400, 551, 1545041, UNREACHABLE),
    (400, 200, 1545041, UNREACHABLE),
    (403, 10, 2018108, UNREACHABLE),
    (400, 230, 0, UNREACHABLE),
    (400, 100, 2018001, Refused("bad-recipient", stop="person")),
    (403, 10, 2018300, Refused("another-app-has-the-chat")),
    (403, 10, 1893063, page("page-restricted 10/1893063")),
    (400, 368, 0, page("page-restricted 368")),
    (403, 10, 0, page("no-permission 10")),
    (403, 200, 0, page("no-permission 200")),
    (403, 3, 0, page("no-permission 3")),
    (403, 299, 0, page("no-permission 299")),
    (401, 190, 458, page("bad-token 190/458")),
    (401, 190, 460, page("bad-token 190/460")),
    (401, 190, 463, page("bad-token 190/463")),
    (400, 100, 33, page("no-such-page 100/33")),
    (400, 100, 0, Refused("bad-request 100")),
    (400, 100, 1893061, Refused("bad-request 100/1893061")),
    (400, 100, 1893029, Refused("bad-request 100/1893029")),
    (400, 100, 2018047, Refused("bad-request 100/2018047")),
    (400, 100, 2018034, Refused("bad-request 100/2018034")),
    (400, 4242, 7, Uncertain("unknown-error 4242/7")),
]


@pytest.mark.parametrize(("status", "code", "subcode", "outcome"), TABLE)
@pytest.mark.parametrize("part", [SAY, FILE], ids=["message", "document"])
async def test_an_error_answer_means(  # noqa: PLR0917 - the row and its stage
    fake: FakeGraph,
    channel: MessengerChannel,
    person: FakePerson,
    part: Part,
    status: int,
    code: int,
    subcode: int,
    outcome: Outcome,
) -> None:
    fake.fault(status=status, code=code, subcode=subcode or None)
    assert await channel.send("7001", part, b"{}") == outcome
    assert person.messages == []
    assert isinstance(await channel.send("7001", part, b"{}"), Sent)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80006])
async def test_throttling_makes_everybody_wait(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson, code: int
) -> None:
    del person
    fake.fault(status=400, code=code, headers={"Retry-After": "35"})
    assert await channel.send("7001", SAY) == Retry("throttled", after=35.0, account_wide=True)


BUSINESS = '{"1007":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":%s}]}'


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("X-Business-Use-Case-Usage", BUSINESS % 7, 420.0),
        ("X-Business-Use-Case-Usage", BUSINESS % 0, None),
        ("X-Business-Use-Case-Usage", BUSINESS % 100_000, 3600.0),
        ("X-App-Usage", '{"call_count":100,"total_time":25,"total_cputime":25}', None),
        ("X-App-Usage", '{"call_count":100,"estimated_time_to_regain_access":2}', 120.0),
        ("X-App-Usage", "no JSON", None),
        ("X-App-Usage", "[]", None),
        ("Retry-After", "12", 12.0),
        ("Retry-After", "Sun, 22 Nov 2026 03:00:00 GMT", None),
    ],
)
def test_how_long_is_what_the_usage_says(header: str, value: str, seconds: float | None) -> None:
    assert rest({header: value}) == seconds


@pytest.mark.parametrize("status", [302, 401, 403, 404, 418, 502])
async def test_a_page_of_something_between_is_nobodys_fault(
    fake: FakeGraph, channel: MessengerChannel, status: int
) -> None:
    fake.fault(status=status, html=True)
    assert await channel.send("7001", SAY) == Retry("server-trouble")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Retry("throttled", account_wide=True)),
        (413, Refused("too-large")),
        (504, Uncertain("answer-lost")),
    ],
)
async def test_a_gateways_own_words(
    fake: FakeGraph, channel: MessengerChannel, status: int, outcome: Outcome
) -> None:
    fake.fault(status=status, html=True)
    assert await channel.send("7001", SAY) == outcome


def impatient(fake: FakeGraph) -> MessengerChannel:
    graph = Graph(
        base=fake.base, version="v26.0", token=fake.page_token, app_secret=fake.app_secret, read=0.1
    )
    return MessengerChannel(fake.page_id, fake.page_token, fake.app_secret, graph=graph)


@pytest.mark.parametrize("kind", ["lost", "cut", "nonsense"])
async def test_a_lost_answer_is_uncertain(fake: FakeGraph, person: FakePerson, kind: str) -> None:
    channel = impatient(fake)
    fake.fault(kind)  # type: ignore[arg-type]
    assert await channel.send("7001", SAY) == Uncertain("answer-lost")
    assert [got.text for got in person.messages] == ["សួស្តី"]  # and it had been delivered
    await channel.close()


@pytest.mark.parametrize("kind", ["hang", "shut"])
async def test_so_is_one_of_which_nobody_knows_whether_it_arrived(fake: FakeGraph, kind: str) -> None:
    channel = impatient(fake)
    fake.fault(kind)  # type: ignore[arg-type]
    assert await channel.send("7001", SAY) == Uncertain("answer-lost")
    await channel.close()


async def test_no_connection_is_surely_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = MessengerChannel("1", "token", "secret", f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert await channel.send("7001", SAY) == Retry("not-sent")
        await channel.close()


async def test_words_that_are_no_unicode_are_refused_at_home(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    assert await channel.send("7001", Part("\ud800")) == Refused("not-unicode")
    assert fake.calls == []


async def test_a_trouble_of_a_kind_to_come_is_uncertain() -> None:
    assert outcome_of(GraphTrouble()) == Uncertain("unknown-trouble")
