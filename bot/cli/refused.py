"""A command cannot do what it was asked: said as where · what · what to do.

Never raised for a bug.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault: the place, what is wrong there, what the reader can do."""

    where: str
    what: str
    cure: str


class Refused(Exception):  # noqa: N818 (read as a sentence: raise Refused)
    """A command cannot do what it was asked. `status` 2: it was asked wrongly."""

    def __init__(self, where: str, what: str, cure: str, *, status: int = 1) -> None:
        super().__init__(f"{where}: {what}")
        self.complaint = Complaint(where, what, cure)
        self.status = status
