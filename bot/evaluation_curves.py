"""How honest the bot's confidence is, and what another `MAX_WRONG` would do: two curves.

Both are measured, not derived: the questions are asked again, through the whole way of a message,
of bots that answer earlier or later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.assistant import Assistant
from bot.evaluation import VERDICTS, Question, Report, Result, evaluate

#: Settings of `MAX_WRONG` that are tried; steps of about two, around the default.
SETTINGS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)

#: A bot that bears any share of wrong answers answers whatever it can.
_ANSWERS_ALL = 1.0

BINS = 10

AssistantAt = Callable[[float], Assistant]
"""Makes the assistant that bears a share of wrong answers, 0..1."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies between two numbers."""

    low: float
    high: float
    count: int
    confidence: float
    """Their mean confidence, 0..1."""
    right: float
    """Share of them that was asked for, 0..1."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a `MAX_WRONG` does on these questions; shares are of all of them, 0..1."""

    max_wrong: float
    shares: dict[str, float]
    """By verdict."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Both curves."""

    bins: tuple[Bin, ...]
    """Rising in confidence; only those that hold an answer."""
    settings: tuple[Setting, ...]
    """Rising in `max_wrong`."""

    @property
    def calibration_error(self) -> float:
        """The expected calibration error, 0..1: mean distance of confidence from share right.

        Guo et al., On Calibration of Modern Neural Networks (2017), equation 3.
        """
        total = sum(found.count for found in self.bins)
        off = (found.count * abs(found.right - found.confidence) for found in self.bins)
        return sum(off) / max(1, total)


def trace(assistant_at: AssistantAt, questions: Sequence[Question]) -> Curves:
    """Returns the curves of these questions; asks each of them once for every setting."""
    everything = evaluate(assistant_at(_ANSWERS_ALL), questions)
    settings = [
        Setting(max_wrong, _shares(evaluate(assistant_at(max_wrong), questions)))
        for max_wrong in SETTINGS
    ]
    return Curves(_bins(everything.results), tuple(settings))


def _shares(report: Report) -> dict[str, float]:
    verdicts = [result.verdict for result in report.results]
    return {verdict: verdicts.count(verdict) / max(1, len(verdicts)) for verdict in VERDICTS}


def _bins(results: Sequence[Result]) -> tuple[Bin, ...]:
    found: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for result in results:
        for answered in result.reply.answered:
            index = min(BINS - 1, int(answered.confidence * BINS))
            is_right = answered.intent_id in result.question.wanted
            found[index].append((answered.confidence, is_right))
    return tuple(
        Bin(
            low=index / BINS,
            high=(index + 1) / BINS,
            count=len(answers),
            confidence=sum(confidence for confidence, _ in answers) / len(answers),
            right=sum(is_right for _, is_right in answers) / len(answers),
        )
        for index, answers in enumerate(found)
        if answers
    )
