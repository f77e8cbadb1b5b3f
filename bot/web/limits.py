"""Counts what one token or one network address may do, in bounded memory.

Never blocks a person for good: every limit refills by itself, and a restart forgets them all.
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


class Bucket:
    """At most `burst` at once for each key, refilled evenly over `seconds`.

    Beyond `keys` the longest unused are forgotten.
    """

    def __init__(self, burst: int, seconds: float, clock: Callable[[], float], keys: int = 20_000) -> None:
        self._burst = burst
        self._rate = burst / seconds
        self._clock = clock
        self._keys = keys
        self._state: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._state)

    def wait(self, key: str, amount: int = 1) -> float:
        """What `take` would answer, without counting."""
        left = self._left(key, self._clock())
        return 0.0 if left >= amount else (amount - left) / self._rate

    def take(self, key: str, amount: int = 1) -> float:
        """0 when it may go on, otherwise the seconds to wait."""
        now = self._clock()
        left = self._left(key, now)
        allowed = left >= amount
        self._keep(key, left - amount if allowed else left, now)
        return 0.0 if allowed else (amount - left) / self._rate

    def give_back(self, key: str, amount: int = 1) -> None:
        """What was taken was not used."""
        now = self._clock()
        self._keep(key, self._left(key, now) + amount, now)

    def _left(self, key: str, now: float) -> float:
        left, seen = self._state.get(key, (float(self._burst), now))
        return min(float(self._burst), left + (now - seen) * self._rate)

    def _keep(self, key: str, left: float, now: float) -> None:
        self._state[key] = (left, now)
        self._state.move_to_end(key)
        if len(self._state) > self._keys:
            self._state.popitem(last=False)


def client_address(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """Who asks: `peer`, or behind trusted proxies the nearest untrusted hop of X-Forwarded-For.

    An IPv6 client counts by its /64, which is what one household or phone gets.
    """
    hop = peer
    for earlier in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _inside(hop, trusted):
            break
        hop = earlier
    return _household(hop)


def _inside(hop: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(hop)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _household(hop: str) -> str:
    try:
        address = ip_address(hop)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
