"""A question in, what it asks out: ranked intents with calibrated confidence, and a decision.

Pure and synchronous; the same for test and live. The order of evidence is that of
docs/understanding.md: canonical text, another keyboard layout, a score for every intent, what is
left open by the last answer, several questions in one, and what the question names.
"""

from __future__ import annotations

import math
from dataclasses import replace

from intents import keyboard
from intents.agreement import named
from intents.calibration import MAX_WRONG, SeveralEvidence, log_odds
from intents.fitting import Fitted
from intents.judge import EXAMPLE_CONFIDENCE, Judge, Verdict
from intents.knowledge import Knowledge
from intents.language import detect
from intents.likeness import nearest_example
from intents.match import Candidate, Explanation, Match, Outcome
from intents.questions import (
    Parts,
    is_asking,
    leans_on,
    not_vague,
    parts,
    pointed_at,
    wanted,
    with_facets_of,
    with_topic_of,
)
from intents.scoring import covered, score
from intents.text import MAX_CHARS, canonical, without_particles
from intents.voice import Voice

#: A text is read on another keyboard layout when the file knows less of it than this, and of the
#: other reading this much more.
_LAYOUT_BELOW, _LAYOUT_GAIN = 0.75, 0.25

#: What is said after an answer is about it only if this share of its weight is on n-grams of the
#: examples of what it would be read as: else it is about something else.
_OF_IT_FROM = 0.35

#: Most intents offered, and most answered in one reply.
MOST_OFFERS = MOST_ANSWERS = 3

#: Thanks for "how do you say thanks in Russian?" is a silly answer: small talk must be surer.
_SMALL_TALK_FROM = 0.74
#: A question surer than this by itself does not lean on the last answer.
_CLEAR_ALONE = 0.9
#: After an answer this is sure enough for a topic that its buttons lead to.
_NEXT_FROM = 0.2

#: How sure "and the fax?" is of the intent that stands where it points to.
_SWAPPED_CONFIDENCE = 0.8

#: A near miss is told from this share of the confidence on from which topics are offered.
_NEAR_MISS_SHARE = 0.5

#: A part of a message is answered beside others from this confidence on, and if its intent has at
#: least this share of the whole message.
_PART_CONFIDENCE, _PART_SHARE = 0.6, 0.005
_LEAST_SHARE = 1e-4


class Matcher:
    """Answers what a question asks, from one knowledge file.

    Args:
        fitted: what was learned from the file.
        max_wrong: share of wrong answers to bear, 0..1; a lower one means more offers.
        voice: what a text's meaning speaks for; None without an engine.
        ask_below: confidence below which the voice is asked; as fits the file by default.
    """

    def __init__(
        self,
        fitted: Fitted,
        max_wrong: float = MAX_WRONG,
        voice: Voice | None = None,
        ask_below: float | None = None,
    ) -> None:
        self._fitted = fitted
        self._voice = voice
        self._judge = Judge(fitted, voice, ask_below)
        self._numbers = self._judge.numbers
        self._answer_from = {key: n.answer_from(max_wrong) for key, n in self._numbers.items()}
        self._ids = fitted.intent_ids
        self._small_talk = [intent.small_talk for intent in fitted.knowledge.intents.values()]

    @property
    def knowledge(self) -> Knowledge:
        """What the bot can say."""
        return self._fitted.knowledge

    def match(self, question: str, previous: str | None = None) -> Match:
        """Returns what `question` asks.

        Args:
            question: as typed; any string, of which `MAX_CHARS` characters are read.
            previous: the intent answered last in this chat, if that was lately.
        """
        typed = question[:MAX_CHARS]
        before = self._ids.index(previous) if previous in self._ids else None
        if example := self._as_example(typed, before):
            return example
        read = self._on_the_right_layout(typed)
        return (read != typed and self._as_example(read, before)) or self._weigh(read, before)

    def _as_example(self, typed: str, before: int | None) -> Match | None:
        """Returns what is asked by an example of the file, which needs no weighing; else None."""
        text = canonical(typed)
        bare = without_particles(text)
        intent = self._fitted.exact.get(bare)
        # After another answer even an example may leave something out.
        if intent is None or (before is not None and with_facets_of(self._fitted, text, before)):
            return None
        asked = Candidate(self._ids[intent], EXAMPLE_CONFIDENCE)
        language = detect(typed, self.knowledge.languages)
        return Match(
            "answer",
            language,
            bare,
            (asked,),
            ranking=(Candidate(asked.intent_id, 1.0),),
            confidence=EXAMPLE_CONFIDENCE,
        )

    def _weigh(self, typed: str, before: int | None) -> Match:
        language = detect(typed, self.knowledge.languages)
        asked, whole = self._whole(typed)
        if before is not None:
            whole = self._in_context(canonical(asked), whole, before)
        return self._decide(whole, self._several(asked, whole), language)

    def _whole(self, typed: str) -> tuple[str, Verdict]:
        """Returns what of a message asks, and the verdict on it."""
        is_example = self._judge.is_example(canonical(typed))
        asked = typed if is_example else wanted(self._fitted, typed)
        return asked, self._judge.judge_message(asked)

    def likeliest(self, question: str) -> str:
        """Returns the intent that a question is most like, not looking it up among examples."""
        return self._ids[score(self._fitted, canonical(question)).best]

    def guesses(self, question: str, limit: int) -> list[str]:
        """Returns the likeliest intents for a question, best first, without small talk."""
        ranking = score(self._fitted, canonical(question)).ranking(len(self._ids))
        return [self._ids[index] for index in ranking if not self._small_talk[index]][:limit]

    def bearing(self, max_wrong: float) -> Matcher:
        """Returns the same matcher, but for the share of wrong answers that it bears, 0..1."""
        return Matcher(self._fitted, max_wrong, self._voice)

    def explain(self, question: str) -> Explanation:
        """Returns why `question` is answered as it is."""
        read = self._on_the_right_layout(question[:MAX_CHARS])
        match = self._weigh(read, None)
        typed, whole = self._whole(read)
        nearest = [
            (candidate.intent_id, *nearest_example(self.knowledge, match.text, candidate.intent_id))
            for candidate in match.ranking
        ]
        return Explanation(
            match=match,
            evidence=whole.evidence,
            confidence=whole.confidence,
            answer_from=self._answer_from[whole.has_voice],
            offer_from=self._numbers[whole.has_voice].offer_from,
            names=tuple(named(canonical(typed), self._fitted.offices)),
            nearest=tuple(nearest),
        )

    def several_evidence(self, question: str) -> SeveralEvidence | None:
        """Returns what speaks for `question` asking several things; None when it is one piece."""
        typed = self._on_the_right_layout(question[:MAX_CHARS])
        found, split = self._parts(typed)
        return self._weigh_parts(typed, self._judge.judge(canonical(typed)), found, split.jointed)

    def _on_the_right_layout(self, typed: str) -> str:
        """Returns the reading of `typed`, on either layout, that the file knows best."""
        known = self._known(typed)
        if known >= _LAYOUT_BELOW:
            return typed
        readings = keyboard.readings(typed, self._fitted.speller.knows)
        best = max(readings, key=self._known, default=typed)
        return best if self._known(best) >= known + _LAYOUT_GAIN else typed

    def _known(self, typed: str) -> float:
        return self._fitted.row(without_particles(canonical(typed))).known

    def _in_context(self, text: str, alone: Verdict, previous: int) -> Verdict:
        """Returns the reading of a question that may leave out what the last answer was about."""
        fitted = self._fitted
        swapped = with_facets_of(fitted, text, previous)
        if swapped is not None:
            reading = self._judge.judge(swapped.text)
            if fitted.facets[reading.intent] == swapped.facets:
                return replace(reading, confidence=max(reading.confidence, _SWAPPED_CONFIDENCE))
        intent_id = self._ids[previous]
        following = fitted.knowledge.intents[intent_id].next
        if pointed := pointed_at(text, following):
            label = fitted.knowledge.intents[pointed].label
            return self._judge.judge(canonical(next(iter(label.values()))))
        if alone.confidence > _CLEAR_ALONE or not leans_on(fitted, text, previous):
            return alone
        reading = self._judge.judge(with_topic_of(fitted, text, previous), core=text)
        is_following = self._ids[alone.intent] in following and alone.confidence >= _NEXT_FROM
        if reading.intent == previous and is_following:
            # What the buttons below the last answer lead to is asked for more often than the same.
            return replace(alone, confidence=max(alone.confidence, _SWAPPED_CONFIDENCE))
        is_nearby = self._ids[reading.intent] in (intent_id, *following)
        is_of_it = covered(fitted, alone.scored, reading.intent) >= _OF_IT_FROM
        is_meant = is_nearby and is_of_it and reading.confidence >= alone.confidence
        return reading if is_meant else alone

    def _parts(self, typed: str) -> tuple[list[Verdict], Parts]:
        """Returns the surest reading of each intent that a part asks for, surest first."""
        split = parts(self._fitted, typed)
        readings = zip(self._judge.judge_each(split.texts), split.said, strict=True)
        surest: dict[int, Verdict] = {}
        said_for: dict[int, str] = {}
        for reading, said in sorted(readings, key=lambda found: -found[0].confidence):
            if not reading.stranger and not self._small_talk[reading.intent]:
                surest.setdefault(reading.intent, reading)
                said_for.setdefault(reading.intent, said)
        return [surest[intent] for intent in not_vague(self._fitted, said_for)], split

    def _weigh_parts(
        self, typed: str, whole: Verdict, found: list[Verdict], jointed: bool
    ) -> SeveralEvidence | None:
        if len(found) < 2:
            return None
        share = min(whole.share(reading.intent) for reading in found[:2])
        return SeveralEvidence(
            second=log_odds(found[1].confidence),
            log_share=math.log(max(share, _LEAST_SHARE)),
            jointed=float(jointed),
            both_ask=float(all(is_asking(verdict.scored.text) for verdict in found[:2])),
            log_length=math.log(len(typed)),
        )

    def _several(self, typed: str, whole: Verdict) -> list[Verdict]:
        """Returns the readings of the questions that one message asks; empty when it asks one."""
        if self._judge.is_example(whole.scored.text):
            return []
        found, split = self._parts(typed)
        evidence = self._weigh_parts(typed, whole, found, split.jointed)
        # An engine that went away since the whole was judged had no say in the parts.
        has_voice = all(reading.has_voice for reading in (whole, *found[:2]))
        if evidence is None or not self._numbers[has_voice].is_several(evidence):
            return []
        sure = [
            reading
            for reading in found
            if reading.confidence >= _PART_CONFIDENCE and whole.share(reading.intent) >= _PART_SHARE
        ]
        return sure[:MOST_ANSWERS] if len(sure) > 1 else []

    def _decide(self, whole: Verdict, several: list[Verdict], language: str | None) -> Match:
        ranking = tuple(
            Candidate(self._ids[index], float(whole.scored.probabilities[index]))
            for index in whole.scored.ranking(MOST_OFFERS)
        )
        answers = several or ([whole] if self._is_sure(whole) else [])
        offer_from = self._numbers[whole.has_voice].offer_from
        # Of what has a name the bot can say that it lacks it, however far the question is.
        is_named = whole.stranger is not None and bool(whole.stranger.key)
        near_from = _NEAR_MISS_SHARE * offer_from if whole.stranger else offer_from
        is_near = is_named or whole.confidence >= near_from
        offers: tuple[Candidate, ...] = ()
        if is_near and not answers:
            offers = tuple(c for c in ranking if not self._is_small_talk(c.intent_id))
        outcome: Outcome = "answer" if answers else "offer" if offers else "unknown"
        is_near_miss = whole.stranger is not None and is_near and not answers
        return Match(
            outcome="unknown" if is_near_miss else outcome,
            language=language,
            text=whole.scored.text,
            answers=tuple(Candidate(self._ids[r.intent], r.confidence) for r in answers),
            ranking=ranking,
            offers=offers,
            stranger=whole.stranger if is_near_miss else None,
            evidence=whole.evidence,
            confidence=(answers or [whole])[0].confidence,
        )

    def _is_sure(self, reading: Verdict) -> bool:
        """Tells whether a reading is answered."""
        if reading.stranger:
            return False
        is_small_talk = self._small_talk[reading.intent]
        least = _SMALL_TALK_FROM if is_small_talk else 0.0
        return reading.confidence >= max(self._answer_from[reading.has_voice], least)

    def _is_small_talk(self, intent_id: str) -> bool:
        return self.knowledge.intents[intent_id].small_talk
