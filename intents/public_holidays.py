"""The public holidays of Thailand and their names, with the days given in lieu of weekends.

From the library `holidays`, which takes half a second to import: it is loaded by the first
question about a day of an office whose hours speak of public holidays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

_COUNTRY = "TH"
#: The library's names of its languages; all others are told the English names.
_LANGUAGES = {"th": "th"}
_WORLD_LANGUAGE = "en_US"


@cache
def _of_year(year: int, language: str) -> Mapping[date, str]:
    from holidays import country_holidays

    return dict(country_holidays(_COUNTRY, years=year, language=language))


def name(day: date, language: str) -> str:
    """Returns the name of the public holiday on a day, several joined by commas; "" if none is."""
    names = _of_year(day.year, _LANGUAGES.get(language, _WORLD_LANGUAGE))
    return names.get(day, "").replace("; ", ", ")
