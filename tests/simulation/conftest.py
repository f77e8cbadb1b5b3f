"""What is logged in a month is kept from the screen.

Never holds a test.
"""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture(autouse=True)
def journal() -> Iterator[list[EventDict]]:
    """What was logged."""
    with capture_logs() as lines:
        yield lines
