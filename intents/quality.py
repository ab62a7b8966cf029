"""What is not wrong in a knowledge file and could be better: intents that compete, thin ones.

Faults stop a file from being used; these remarks do not.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from intents.faults import Fault, Finding, quoted
from intents.fitting import Fitted
from intents.hours import PUBLIC_HOLIDAYS
from intents.knowledge import Knowledge
from intents.loading import locate
from intents.scoring import score
from intents.text import canonical
from intents.timely import HOURS_FACT

#: Accuracy still rises steeply below this many examples of an intent in a language
#: (docs/understanding.md).
ENOUGH_EXAMPLES = 10

#: rapidfuzz ratio (0..100) from which two examples of different intents are all but the same.
ALIKE_RATIO = 93

#: A document older than this many years may no longer hold.
STALE_YEARS = 3


def remarks(fitted: Fitted, data: bytes, file: str, today: datetime.date) -> list[Fault]:
    """Returns the remarks on a file that has no faults, in its order.

    Args:
        fitted: what was learned from the file.
        data: the file's bytes, to name lines.
        file: its name in the remarks.
        today: what a document's age is counted from.
    """
    knowledge = fitted.knowledge
    found = [
        *_thin(knowledge),
        *_stale(knowledge, today),
        *_expired(knowledge, today),
        *_vague_hours(knowledge),
        *_unreached(knowledge),
        *_misled(fitted),
        *_competing(knowledge),
    ]
    positions = locate(data, file)
    placed = []
    for finding in found:
        line, column = positions.of(finding.path)
        see = f" (line {positions.of(finding.see)[0]})" if finding.see else ""
        placed.append(Fault(file, line, column, finding.message + see))
    return sorted(placed)


def _examples(knowledge: Knowledge) -> Iterator[tuple[str, str, tuple[str, str, str, str, int]]]:
    """Yields every example with its intent and its path in the file."""
    for intent_id, intent in knowledge.intents.items():
        for language, phrases in intent.ask.items():
            for index, phrase in enumerate(phrases):
                yield intent_id, phrase, ("intents", intent_id, "ask", language, index)


def _thin(knowledge: Knowledge) -> Iterator[Finding]:
    for intent_id, intent in knowledge.intents.items():
        for language, phrases in intent.ask.items():
            if len(phrases) < ENOUGH_EXAMPLES:
                message = (
                    f"{intent_id} has {len(phrases)} examples in {language};"
                    f" with {ENOUGH_EXAMPLES} or more it is understood better"
                )
                yield Finding(("intents", intent_id, "ask", language), message)


def _stale(knowledge: Knowledge, today: datetime.date) -> Iterator[Finding]:
    for key, document in knowledge.documents.items():
        age = today.year - int(document.date[:4])
        if age >= STALE_YEARS:
            message = f"{key} is {age} years old; see whether its answers still hold"
            yield Finding(("documents", key, "date"), message)


def _expired(knowledge: Knowledge, today: datetime.date) -> Iterator[Finding]:
    for intent_id, intent in knowledge.intents.items():
        if intent.valid and intent.valid.until and intent.valid.until < today.isoformat():
            message = f"{intent_id} held until {intent.valid.until}; renew its reply or take it out"
            yield Finding(("intents", intent_id, "valid", "until"), message)


def _vague_hours(knowledge: Knowledge) -> Iterator[Finding]:
    """Yields the hours that no reply tells, and those that leave public holidays open."""
    told = {
        contact
        for intent in knowledge.intents.values()
        for text in (*intent.reply.values(), *(intent.reply_with_hours or {}).values())
        for contact in HOURS_FACT.findall(text)
    }
    for key, contact in knowledge.contacts.items():
        path = ("contacts", key, "hours")
        if contact.hours and key not in told:
            yield Finding(path, f"no reply tells these hours; put {{contacts.{key}.hours}} in one")
        if contact.hours and PUBLIC_HOLIDAYS not in contact.hours:
            message = f"the hours of {key} do not say what holds on {PUBLIC_HOLIDAYS}"
            yield Finding(path, f"{message}; add {PUBLIC_HOLIDAYS}: closed, or open")


def _unreached(knowledge: Knowledge) -> Iterator[Finding]:
    """Yields the topics that no button leads to: they must be guessed."""
    linked = set(knowledge.menu).union(*(intent.next for intent in knowledge.intents.values()))
    for intent_id, intent in knowledge.intents.items():
        if intent_id not in linked and not intent.small_talk:
            message = f"no button leads to {intent_id}; put it under next: of another, or the menu"
            yield Finding(("intents", intent_id), message)


def _misled(fitted: Fitted) -> Iterator[Finding]:
    """Yields the examples that the bot itself takes for another intent's."""
    for intent_id, phrase, path in _examples(fitted.knowledge):
        best = fitted.intent_ids[score(fitted, canonical(phrase)).best]
        if best != intent_id:
            message = f"{quoted(phrase)} of {intent_id} would be answered as {best}"
            yield Finding(path, message)


def _competing(knowledge: Knowledge) -> Iterator[Finding]:
    """Yields pairs of examples, of different intents, that are all but the same."""
    examples = list(_examples(knowledge))
    texts = [canonical(phrase) for _, phrase, _ in examples]
    for index, (intent_id, phrase, path) in enumerate(examples):
        near = process.extract(
            texts[index],
            texts[index + 1 :],
            scorer=fuzz.ratio,
            score_cutoff=ALIKE_RATIO,
            limit=None,
        )
        for _, _, offset in near:
            other, _, see = examples[index + 1 + offset]
            if other != intent_id:
                message = f"{quoted(phrase)} of {intent_id} is almost an example of {other}"
                yield Finding(path, message, see=see)
