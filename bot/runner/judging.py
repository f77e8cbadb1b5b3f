"""What an outcome makes of a part: a reply may repeat, a reminder or broadcast may not.

Never sends, and never touches the store.
"""

import random
from datetime import datetime, timedelta

from bot.channels.channel import Outcome, Refused, Retry, Sent, Shut, Uncertain, Unheld
from storage.outbox import Lane, OutRow, Result
from storage.parts import WINDOW, Upload

TRIES = 8  # that may have arrived: then it is unknown for good (facts: reliability, errors)
LONGEST_WAIT = 900.0  # seconds between tries
TROUBLES = 200  # before delivery, of what never expires: with these waits, 24 hours on average


def judge(
    row: OutRow, outcome: Outcome, now: datetime, *, content: str = "", held: datetime | None = None
) -> Result:
    """`content`: of the recording that it carried. `held`: until when its account may not send."""
    match outcome:
        case Sent(message, file):
            upload = Upload(content, file) if content and file else None
            return Result(row, "sent", message=message, upload=upload)
        case Shut(standing):
            return Result(row, "held", WINDOW, standing=standing)
        case Unheld():
            return Result(row, "queued", "upload gone", tried=False, upload=Upload(content, ""))
        case Retry(reason, after, account_wide):
            return _again(row, reason, now, after, held if account_wide else None)
        case Refused(reason, "account"):
            return Result(row, "queued", reason, tried=False)  # the account was refused, not the part
        case Refused(reason, stop):
            return Result(row, "failed", f"{stop}: {reason}" if stop != "nothing" else reason)
        case Uncertain(reason):
            again = row.lane <= Lane.STAFF and row.tries < TRIES
            until = now + timedelta(seconds=backoff(row.tries))
            return Result(row, "queued" if again else "unknown", reason, not_before=until if again else None)


def backoff(tries: int) -> float:
    """Full jitter, seconds."""
    return random.uniform(0.5, min(LONGEST_WAIT, 2.0 ** min(tries, 10)))  # noqa: S311 - spreads load, protects nothing


def _again(row: OutRow, reason: str, now: datetime, after: float | None, held: datetime | None) -> Result:
    """Surely not delivered: no try counts. What expires waits until then; the rest for about a day.

    When everybody waits (`held`) it was no fault of this part's.
    """
    if held is not None:
        return Result(row, "queued", reason, not_before=held, tried=False)
    if row.expires is None and row.troubles >= TROUBLES:
        return Result(row, "failed", f"gave up: {reason}")
    until = now + timedelta(seconds=after if after is not None else backoff(row.troubles))
    return Result(row, "queued", reason, not_before=until, tried=False, troubled=True)
