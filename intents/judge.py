"""Texts judged: scored against every intent, and held against what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from intents import calibration
from intents.agreement import Named, named, strangers
from intents.calibration import Evidence
from intents.fitting import Fitted
from intents.questions import asking_clauses, pieces
from intents.scoring import Score, heard, is_near_exact, score, weigh
from intents.text import canonical
from intents.voice import Voice

#: A question this like a `not:` phrase (0..100), and no example, is that near miss.
_LOOKALIKE_RATIO = 88

#: How sure an example of the file is, slips and all.
EXAMPLE_CONFIDENCE = 0.99

#: A message longer than this, in characters, is a story of which only a part asks.
_STORY_FROM = 120

#: Of a story that is doubtful the surest clause that asks is taken, if it is that sure, and its
#: intent one of so many that the whole makes likely.
_SURE_CLAUSE, _LIKELY = 0.8, 3

#: A story is doubtful below this confidence, and when no clause that asks backs its intent.
_UNSURE, _LEAST_BACKING = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One text scored, and judged by what it names."""

    scored: Score
    evidence: Evidence
    confidence: float
    stranger: Named | None
    """What it names and its likeliest intent does not speak of."""
    has_voice: bool = False
    """Whether the voice had its say, or was there and not needed."""

    @property
    def intent(self) -> int:
        """Index of the likeliest intent."""
        return self.scored.best

    def share(self, intent: int) -> float:
        """The probability of an intent among all, 0..1."""
        return float(self.scored.probabilities[intent])


class Judge:
    """Judges texts by one knowledge file.

    Args:
        fitted: what was learned from the file.
        voice: what their meaning speaks for; None without an engine.
        ask_below: confidence below which the voice is asked; as fits the file by default.
    """

    def __init__(
        self, fitted: Fitted, voice: Voice | None = None, ask_below: float | None = None
    ) -> None:
        self._fitted = fitted
        self._voice = voice
        familiar = calibration.familiarity(fitted.knowledge.examples)
        self._ask_below = calibration.ask_below(familiar) if ask_below is None else ask_below
        alone = calibration.shipped(familiar=familiar)
        #: How sure a text is without the voice, and with it.
        self.numbers = {
            False: alone,
            True: calibration.shipped(voice.engine, familiar) if voice else alone,
        }
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
        return self._judged(self._weighed([text])[0], text if core is None else core)

    def judge_each(self, texts: Sequence[str]) -> list[Verdict]:
        """Returns the verdicts on canonical texts; the voice is asked once for all."""
        return list(map(self._judged, self._weighed(texts), texts))

    def _weighed(self, texts: Sequence[str], with_voice: bool = True) -> list[Verdict]:
        """Returns how sure each text is, before it is held against what it names."""
        verdicts = []
        for text in texts:
            scored = score(self._fitted, text)
            evidence = weigh(self._fitted, scored)
            confidence = self.numbers[False].confidence(evidence)
            verdicts.append(Verdict(scored, evidence, confidence, None, self._voice is not None))
        unsure = [n for n, verdict in enumerate(verdicts) if verdict.confidence < self._ask_below]
        if self._voice is None or not unsure or not with_voice:
            return verdicts
        said = self._voice.probabilities([verdicts[n].scored.text for n in unsure])
        for place, n in enumerate(unsure):
            if said is None:
                verdicts[n] = replace(verdicts[n], has_voice=False)
                continue
            scored = heard(verdicts[n].scored, said[place], self._voice.learned.share)
            evidence = weigh(self._fitted, scored, said[place])
            confidence = min(self._ask_below, self.numbers[True].confidence(evidence))
            verdicts[n] = Verdict(scored, evidence, confidence, None, has_voice=True)
        return verdicts

    def _judged(self, verdict: Verdict, core: str) -> Verdict:
        if is_near_exact(self._fitted, verdict.scored):
            return replace(verdict, confidence=max(verdict.confidence, EXAMPLE_CONFIDENCE))
        return replace(verdict, stranger=self._stranger(core, verdict.scored))

    def judge_message(self, typed: str) -> Verdict:
        """Returns the verdict on a whole message, which may bury its question in a story."""
        text = canonical(typed)
        if len(text) <= _STORY_FROM:
            return self.judge(text)
        whole = self.judge(text, self._core(typed, text))
        asking = [
            self._judged(verdict, verdict.scored.text)
            for verdict in self._weighed(asking_clauses(typed), with_voice=False)
        ]
        same = [clause for clause in asking if clause.intent == whole.intent]
        if any(not clause.stranger and clause.confidence >= _UNSURE for clause in same):
            whole = replace(whole, stranger=None)
        likely = whole.scored.ranking(_LIKELY)
        fitting = [clause for clause in asking if clause.intent in likely and not clause.stranger]
        surest = max(fitting, key=lambda clause: clause.confidence, default=whole)
        backing = max((clause.confidence for clause in same), default=0.0)
        is_doubtful = whole.confidence < _UNSURE or backing < _LEAST_BACKING
        is_better = is_doubtful and surest.confidence >= _SURE_CLAUSE
        return surest if is_better and not self._is_small_talk(surest) else whole

    def _is_small_talk(self, verdict: Verdict) -> bool:
        intent_id = self._fitted.intent_ids[verdict.intent]
        return self._fitted.knowledge.intents[intent_id].small_talk

    def _core(self, typed: str, text: str) -> str:
        """Returns the part of a story that asks, so that its background names nothing."""
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
