"""What the tests of a whole process share."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture
def journal() -> Iterator[list[EventDict]]:
    """What was logged."""
    with capture_logs() as lines:
        yield lines
