"""An office in `knowledge.yaml`: its numbers, its address, its opening hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote_plus

from intents.fields import CHECKED, Localized

#: https://developers.google.com/maps/documentation/urls/get-started#search-action
MAP_SEARCH_URL = "https://www.google.com/maps/search/?api=1&query="

#: Of some days: hours, closed, or open ("as on other days"); of a date also why it is closed.
Hours = str | tuple[str, ...] | Localized


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    latitude: float
    """Degrees north, -90 to 90."""
    longitude: float
    """Degrees east, -180 to 180."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An office, each fact once; replies refer to it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    name: Localized
    """The office's name."""
    phones: tuple[str, ...] = ()
    """Telephone numbers as people read them, with country code: (+66 2) 234-98-24."""
    faxes: tuple[str, ...] = ()
    """Fax numbers, written likewise."""
    email: str | None = None
    """E-mail address; null when there is none."""
    address: Localized | None = None
    """Postal address."""
    location: Location | None = None
    """Where it is on the map, if known; without it the map link searches for the address."""
    hours: dict[str, Hours] = field(default_factory=dict)
    """When it is open: monday-friday: [09:00-12:00, 13:00-16:00]. The same for a day such as
    saturday, a date such as 2026-12-31, and public_holidays, the public holidays of Thailand."""

    def map_url(self, language: str) -> str | None:
        """Returns a link that opens a map at the office, None when no place is known."""
        if self.location:
            query = f"{self.location.latitude},{self.location.longitude}"
        elif self.address:
            query = self.address[language]
        else:
            return None
        return MAP_SEARCH_URL + quote_plus(query)
