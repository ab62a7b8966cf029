"""Which example of an intent a text is most like: for those who ask why."""

from __future__ import annotations

from rapidfuzz import fuzz

from intents.knowledge import Knowledge
from intents.text import canonical


def nearest_example(knowledge: Knowledge, text: str, intent_id: str) -> tuple[str, float]:
    """Returns the example of an intent that a canonical text is most like, and how much, 0..1."""
    asks = knowledge.intents[intent_id].ask.values()
    examples = [phrase for phrases in asks for phrase in phrases]
    ratios = [fuzz.ratio(text, canonical(phrase)) / 100 for phrase in examples]
    best = max(range(len(ratios)), key=ratios.__getitem__)
    return examples[best], ratios[best]
