"""What the fake Bot API of the benchmarks takes, and what it refuses."""

import orjson
import pytest

from bench.fake import FakeTelegram, Shown
from bench.limit import CHAT_BURST, EVERYBODY, PENALTY, Limit, most_in_a_second

HEAD = b"POST /bot1:A/sendMessage HTTP/1.1\r\nContent-Type: application/json"


def test_one_too_many_in_any_second_is_refused_and_whatever_follows_for_a_while() -> None:
    limit = Limit()
    assert [limit.wait(chat, 10.0 + chat / 40) for chat in range(EVERYBODY)] == [0] * EVERYBODY
    assert limit.wait(99, 10.99) == PENALTY
    assert limit.wait(99, 11.5) == 3
    assert limit.wait(99, 13.5) == 1
    assert limit.wait(99, 14.0) == 0
    assert limit.refused == [10.99, 11.5, 13.5]
    assert len(limit.came) == EVERYBODY + 4


def test_what_left_a_second_ago_makes_room() -> None:
    limit = Limit()
    assert {limit.wait(number, 10.0 + number * 1.001 / EVERYBODY) for number in range(10 * EVERYBODY)} == {0}
    assert most_in_a_second(limit.came) == EVERYBODY


def test_one_chat_is_sent_one_a_second_after_a_few_and_the_others_are_not_held_up() -> None:
    limit = Limit()
    assert [limit.wait(7, 10.0) for _ in range(CHAT_BURST)] == [0] * CHAT_BURST
    assert limit.wait(7, 10.1) == 1
    assert limit.wait(8, 10.1) == 0
    assert limit.wait(7, 11.1) == 0


def test_a_refused_message_is_shown_to_nobody_and_answered_as_telegram_does() -> None:
    shown: list[Shown] = []
    fake = FakeTelegram(shown.append, limit=Limit())
    bodies = [orjson.dumps({"chat_id": chat, "text": "សួស្តី"}) for chat in range(EVERYBODY + 1)]
    answers = [fake._answer(HEAD + b"\r\n", body)[0] for body in bodies]  # noqa: SLF001 - as its server calls it
    assert len(shown) == EVERYBODY
    head, _, body = answers[-1].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 429 ")
    assert orjson.loads(body) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


@pytest.mark.parametrize(
    ("times", "most"), [([], 0), ([1.0], 1), ([1.0, 1.5, 2.0], 2), ([1.0, 1.9, 1.95, 2.5], 3)]
)
def test_the_fullest_second_may_begin_anywhere(times: list[float], most: int) -> None:
    assert most_in_a_second(times) == most
