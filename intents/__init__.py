"""A question in, ranked intents out: understanding questions from one knowledge file.

The door of the package: what is not here is nobody else's business. Pure but for reading the
knowledge file and the cache of what was learned from it; no network, no clock, no platform.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from intents import editing, store
from intents.calibration import MAX_WRONG, familiarity, shipped
from intents.contact import Contact
from intents.editing import Insertion
from intents.faults import EditError, Fault, KnowledgeError
from intents.fitting import Fitted, fit
from intents.grouping import bare_form, group
from intents.knowledge import Intent, Knowledge
from intents.language import LANGUAGES, OTHER
from intents.match import Candidate, Explanation, Match, Outcome
from intents.matcher import Matcher
from intents.meaning import Encoder, Engine, MeaningUnavailable, Wish, open_encoder, vectors
from intents.timely import reply_text
from intents.voice import MOST_EXAMPLES, Voice, learn

__all__ = [
    "LANGUAGES",
    "MAX_WRONG",
    "OTHER",
    "Candidate",
    "Contact",
    "EditError",
    "Encoder",
    "Engine",
    "Explanation",
    "Fault",
    "Insertion",
    "Intent",
    "Knowledge",
    "KnowledgeError",
    "Match",
    "Matcher",
    "MeaningUnavailable",
    "Outcome",
    "Voice",
    "Wish",
    "answer_from",
    "bare_form",
    "editing",
    "group",
    "kept_voice",
    "open_encoder",
    "open_matcher",
    "open_voice",
    "remarks",
    "reply_text",
    "schema",
]


def open_matcher(
    path: Path,
    max_wrong: float = MAX_WRONG,
    *,
    data: bytes | None = None,
    voice: Voice | None = None,
    ask_below: float | None = None,
) -> Matcher:
    """Returns a matcher for a knowledge file, from the cache if its content was learned before.

    Args:
        path: the file.
        max_wrong: share of wrong answers to bear, 0..1.
        data: the content to learn; what is in the file unless it is given.
        voice: of the same content, see `open_voice`; None to understand without an engine.
        ask_below: confidence below which the voice is asked; as fits the file by default.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
    """
    fitted = _fitted(path.read_bytes() if data is None else data, path)
    return Matcher(fitted, max_wrong, voice, ask_below)


def open_voice(
    path: Path,
    encoder: Encoder | None,
    *,
    data: bytes | None = None,
    on_learning: Callable[[int], None] = lambda _: None,
) -> Voice | None:
    """Returns what a meaning engine learns from a knowledge file.

    None without an engine, and for large files, whose n-grams know enough.

    Args:
        path: the file.
        encoder: the engine; it is asked only if the content was not learned before.
        data: the content to learn; what is in the file unless it is given.
        on_learning: called with the number of examples that must be encoded now, if any.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
        MeaningUnavailable: the engine was away for too long.
    """
    if encoder is None:
        return None
    content = path.read_bytes() if data is None else data
    place = store.place(content, encoder.name)
    learned = store.load_voice(place)
    if learned is None:
        fitted = _fitted(content, path)
        if len(fitted.phrases) > MOST_EXAMPLES:
            return None
        on_learning(len(fitted.phrases))
        found = vectors(encoder, fitted.phrases, store.folder() / "vectors")
        learned = learn(found, fitted.owners)
        store.save_voice(learned, place)
    return Voice(encoder, learned)


def kept_voice(data: bytes, encoder: Encoder) -> Voice | None:
    """Returns what `open_voice` learned of a knowledge file's content before, None if nothing."""
    learned = store.load_voice(store.place(data, encoder.name))
    return Voice(encoder, learned) if learned else None


def answer_from(max_wrong: float, knowledge: Knowledge) -> float:
    """Returns the confidence from which questions are answered by letters alone, 0..1."""
    return shipped(familiar=familiarity(knowledge.examples)).answer_from(max_wrong)


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
