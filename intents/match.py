"""What the matcher tells of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intents.agreement import Named
from intents.calibration import Evidence

Outcome = Literal["answer", "offer", "unknown"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that a question may ask for."""

    intent_id: str
    confidence: float
    """How likely this is what was asked, 0..1."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a question asks, as far as the knowledge file can tell."""

    outcome: Outcome
    language: str | None
    """Language of the question; None when nothing tells, "other" for a script not spoken here."""
    text: str
    """The question as it was understood: canonical, layout and spelling mended."""
    answers: tuple[Candidate, ...]
    """Best first; empty unless `outcome` is `answer`."""
    ranking: tuple[Candidate, ...]
    """The likeliest intents with their share of all probability (not a confidence)."""
    offers: tuple[Candidate, ...] = ()
    """Likeliest first; what to show when nothing is sure."""
    stranger: Named | None = None
    """What the question names and the likeliest intent does not speak of."""
    evidence: Evidence | None = None
    """What spoke for the likeliest intent; None for an example of the file, which needs none."""
    confidence: float = 0.0
    """How likely the likeliest intent is what was asked, 0..1, before names are weighed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question is answered as it is."""

    match: Match
    evidence: Evidence
    """What spoke for the likeliest intent."""
    confidence: float
    """Of the likeliest intent, before what the question names is weighed."""
    answer_from: float
    """The confidence from which it would be answered."""
    offer_from: float
    """The confidence from which it would be offered."""
    names: tuple[Named, ...]
    """All that the question names."""
    nearest: tuple[tuple[str, str, float], ...]
    """For each of the likeliest intents its id, its example most like the question, and how much
    (rapidfuzz ratio, 0..1)."""
