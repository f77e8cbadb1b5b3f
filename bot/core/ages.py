"""The ages of people as bands: the keys of the intake's `age`, and which of them are children.

Never holds anybody's age in years.
"""

from typing import Final, Literal, get_args

Minor = Literal["under-15", "15-17"]
Adult = Literal["18-24", "25-34", "35-44", "45-59", "over-60"]
Band = Literal[Minor, Adult]
MINORS: Final[tuple[Minor, ...]] = get_args(Minor)
ADULTS: Final[tuple[Adult, ...]] = get_args(Adult)
BANDS: Final[tuple[Band, ...]] = get_args(Band)  # the youngest first
