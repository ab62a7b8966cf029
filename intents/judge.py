"""One text judged: scored against every intent, and held against what it names."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from intents.agreement import Named, named, strangers
from intents.calibration import Calibration, Evidence
from intents.fitting import Fitted
from intents.questions import pieces
from intents.scoring import Score, is_near_exact, score, weigh

#: A question this like a `not:` phrase (0..100), and no example, is that near miss.
_LOOKALIKE_RATIO = 88

#: How sure an example of the file is, slips and all.
EXAMPLE_CONFIDENCE = 0.99

#: A message longer than this, in characters, is a story of which only a part asks.
_STORY_FROM = 120


@dataclass(frozen=True, slots=True)
class Verdict:
    """One text scored, and judged by what it names."""

    scored: Score
    evidence: Evidence
    confidence: float
    stranger: Named | None
    """What it names and its likeliest intent does not speak of."""

    @property
    def intent(self) -> int:
        """Index of the likeliest intent."""
        return self.scored.best

    def share(self, intent: int) -> float:
        """The probability of an intent among all, 0..1."""
        return float(self.scored.probabilities[intent])


class Judge:
    """Judges single texts by one knowledge file.

    Args:
        fitted: what was learned from the file.
        calibration: from evidence to confidence.
    """

    def __init__(self, fitted: Fitted, calibration: Calibration) -> None:
        self._fitted = fitted
        self._calibration = calibration
        self._lookalikes = [phrase for phrase, _ in fitted.lookalikes]

    def is_example(self, text: str) -> bool:
        """Tells whether a canonical text is an example of the file, but for a slip."""
        return is_near_exact(self._fitted, score(self._fitted, text))

    def judge(self, text: str, core: str | None = None) -> Verdict:
        """Returns the verdict on a canonical text.

        Args:
            text: what is scored.
            core: the part of it that names what is asked about; all of it by default.
        """
        scored = score(self._fitted, text)
        evidence = weigh(self._fitted, scored)
        confidence = self._calibration.confidence(evidence)
        if is_near_exact(self._fitted, scored):
            return Verdict(scored, evidence, max(confidence, EXAMPLE_CONFIDENCE), None)
        stranger = self._stranger(text if core is None else core, scored)
        return Verdict(scored, evidence, confidence, stranger)

    def core(self, typed: str, text: str) -> str:
        """Returns the part of a long message that asks, so that its background names nothing."""
        if len(text) <= _STORY_FROM:
            return text
        best = score(self._fitted, text).best
        scores = [score(self._fitted, piece) for piece in pieces(typed)]
        chances = [float(scored.probabilities[best]) for scored in scores]
        top = max(chances, default=0.0)
        return " ".join(
            scored.text for scored, chance in zip(scores, chances, strict=True) if chance >= top / 2
        )

    def _stranger(self, text: str, scored: Score) -> Named | None:
        """Returns what makes the question a near miss of its likeliest intent, if anything."""
        fitted = self._fitted
        things = named(text, fitted.offices)
        strange = strangers(things, text, fitted.scopes[scored.best])
        if strange:
            return strange[0]
        lookalike = process.extractOne(
            scored.text, self._lookalikes, scorer=fuzz.ratio, score_cutoff=_LOOKALIKE_RATIO
        )
        if lookalike is None:
            return None
        phrase, _, index = lookalike
        scope = fitted.scopes[fitted.lookalikes[index][1]]
        said = {thing.identity for thing in things}
        meant = strangers(named(phrase, fitted.offices), phrase, scope)
        is_same = all(thing.identity in said for thing in meant)
        return Named("lookalike", "", phrase) if is_same else None
