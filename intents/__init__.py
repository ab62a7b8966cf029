"""A question in, ranked intents out: understanding questions from one knowledge file.

The door of the package: what is not here is nobody else's business. Pure but for reading the
knowledge file and the cache of what was learned from it; no network, no clock, no platform.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from intents import store
from intents.calibration import MAX_WRONG
from intents.faults import Fault, KnowledgeError
from intents.fitting import Fitted, fit
from intents.knowledge import Contact, Intent, Knowledge
from intents.language import LANGUAGES, OTHER
from intents.match import Candidate, Explanation, Match, Outcome
from intents.matcher import Matcher

__all__ = [
    "LANGUAGES",
    "MAX_WRONG",
    "OTHER",
    "Candidate",
    "Contact",
    "Explanation",
    "Fault",
    "Intent",
    "Knowledge",
    "KnowledgeError",
    "Match",
    "Matcher",
    "Outcome",
    "open_matcher",
    "remarks",
    "schema",
]


def open_matcher(path: Path, max_wrong: float = MAX_WRONG) -> Matcher:
    """Returns a matcher for a knowledge file, from the cache if its content was learned before.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
    """
    return Matcher(_fitted(path.read_bytes(), path), max_wrong)


def remarks(path: Path, today: datetime.date) -> list[Fault]:
    """Returns what could be better in a knowledge file that has no faults, in its order.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
    """
    from intents import quality

    data = path.read_bytes()
    return quality.remarks(_fitted(data, path), data, str(path), today)


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of a knowledge file, for editors."""
    from intents import loading

    return loading.schema()


def _fitted(data: bytes, path: Path) -> Fitted:
    """Returns what is learned from a file: from the cache if its content was learned before."""
    place = store.place(data)
    fitted = store.load(place)
    if fitted is None:
        # Only a file not seen before needs the YAML reader, its checks and the training.
        from intents.loading import parse

        fitted = fit(parse(data, str(path)))
        store.save(fitted, place)
    return fitted
