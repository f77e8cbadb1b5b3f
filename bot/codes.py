"""Links that open a chat at an activity or at a place, and the codes that a phone's camera reads.

Never makes a link of a person: `runner.links` does.
"""

import io

import segno

SCALE = 8  # points of a picture for each square of the code
QUIET = 4  # squares of white around it (ISO/IEC 18004)
DARK = "#000000"


def of_activity(number: int) -> str:
    """What a deep link to an activity carries."""
    return f"f-{number}"


def of_place(code: str) -> str:
    """What a deep link to what happens near a place carries."""
    return f"v-{code}"


def png(text: str) -> bytes:
    """A picture of the code; a quarter of it may be dirty or torn."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="q").save(drawn, kind="png", scale=SCALE, border=QUIET, dark=DARK)
    return drawn.getvalue()


def svg(text: str) -> str:
    """The same to be printed at any size: an `<svg>` element for a page."""
    return segno.make_qr(text, error="q").svg_inline(border=QUIET, dark=DARK, omitsize=True)


def svg_file(text: str) -> bytes:
    """The same as a file."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="q").save(drawn, kind="svg", scale=SCALE, border=QUIET, dark=DARK)
    return drawn.getvalue()
