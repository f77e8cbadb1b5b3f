from ipaddress import ip_network

import pytest

from bot.web.limits import Bucket, client_address

PROXY = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"))


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_bucket_empties_and_refills_evenly() -> None:
    clock = Clock()
    bucket = Bucket(3, 30, clock)
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 10]
    clock.time = 9.9
    assert bucket.take("a") == pytest.approx(0.1)
    clock.time = 10
    assert bucket.wait("a") == 0
    assert bucket.take("a") == 0
    assert bucket.take("b") == 0


def test_waiting_does_not_save_up_more_than_the_burst() -> None:
    clock = Clock()
    bucket = Bucket(2, 10, clock)
    clock.time = 10_000
    assert [bool(bucket.take("a")) for _ in range(3)] == [False, False, True]


def test_amounts_are_taken_whole_or_not_at_all_and_may_be_given_back() -> None:
    bucket = Bucket(100, 10, Clock())
    assert bucket.take("a", 70) == 0
    assert bucket.wait("a", 40) == bucket.take("a", 40) == pytest.approx(1)
    bucket.give_back("a", 70)
    assert bucket.take("a", 100) == 0
    bucket.give_back("a", 1000)
    assert bucket.take("a", 101) > 0


def test_memory_is_bounded_by_forgetting_the_longest_unused() -> None:
    bucket = Bucket(1, 10, Clock(), keys=100)
    for number in range(1000):
        bucket.take(str(number))
    assert len(bucket) == 100
    assert bucket.take("0") == 0
    assert bucket.take("999") > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "junk", "unknown"),
        ("", "", "unknown"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
    ],
)
def test_only_trusted_proxies_may_say_who_asks(peer: str, forwarded: str, expected: str) -> None:
    assert client_address(peer, forwarded, PROXY) == expected
