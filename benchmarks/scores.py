"""What a rival's answers are worth: one number for each thing that people compare."""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.labelled import Asked, Labelled

#: Points of a curve that are kept, about.
_POINTS = 100

#: Share of the questions in scope answered rightly, at which wrong answers are compared.
RIGHT_SHARE = 0.6

Answer = tuple[str, float, bool, float]
"""Likeliest intent, score, whether it is enough to answer, milliseconds."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What came of one set of questions; shares are 0..1."""

    accuracy: float
    """Of the questions in scope, those whose likeliest intent is right, sure or not."""
    accuracy_slipped: float
    """The same with slips of the finger."""
    right: float
    """Of those in scope, answered rightly at the usual setting."""
    wrong: float
    """Of those in scope, answered wrongly at it."""
    strange_answered: float | None
    """Of those clearly out of scope, answered at it; None without such questions."""
    near_answered: float | None
    """The same of near misses."""
    auroc: float | None
    """How well the score tells in scope from clearly out of it: 0.5 not at all, 1 always."""
    wrong_for_right: float | None
    """Of those in scope, answered wrongly at the threshold from which `RIGHT_SHARE` are answered
    rightly; None where that is never reached."""
    p50_ms: float
    mean_ms: float
    p99_ms: float
    curve: tuple[tuple[float, float], ...]
    """(share in scope answered rightly, share wrongly) at some falling thresholds, to draw."""


def score(data: Labelled, clean: Sequence[Answer], slipped: Sequence[Answer]) -> Scores:
    """Returns what a rival's answers are worth.

    Args:
        data: what was asked.
        clean: the answers to `data.clean`.
        slipped: the answers to `data.slipped`.
    """
    pairs = list(zip(data.clean, clean, strict=True))
    inside = [(asked, answer) for asked, answer in pairs if asked.accepted]
    far = [answer for asked, answer in pairs if not asked.accepted and not asked.is_near]
    near = [answer for asked, answer in pairs if asked.is_near]
    damaged = list(zip(data.slipped, slipped, strict=True))
    curve = _curve(inside)
    taken = sorted(answer[3] for answer in clean)
    return Scores(
        accuracy=_share([_is_right(*pair) for pair in inside]),
        accuracy_slipped=_share([_is_right(*pair) for pair in damaged]),
        right=_share([answer[2] and _is_right(asked, answer) for asked, answer in inside]),
        wrong=_share([answer[2] and not _is_right(asked, answer) for asked, answer in inside]),
        strange_answered=_share([answer[2] for answer in far]) if far else None,
        near_answered=_share([answer[2] for answer in near]) if near else None,
        auroc=auroc([answer[1] for _, answer in inside], [answer[1] for answer in far])
        if far
        else None,
        wrong_for_right=next((wrong for right, wrong in curve if right >= RIGHT_SHARE), None),
        p50_ms=taken[len(taken) // 2],
        mean_ms=statistics.fmean(taken),
        p99_ms=taken[int(0.99 * len(taken))],
        curve=curve[:: max(1, len(curve) // _POINTS)],
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Returns how often a score inside is higher than one outside; a tie counts half."""
    ranked = sorted(outside)
    below = sum(bisect_left(ranked, one) + bisect_right(ranked, one) for one in inside)
    return below / (2 * len(inside) * len(outside))


def _is_right(asked: Asked, answer: Answer) -> bool:
    return answer[0] in asked.accepted


def _share(verdicts: Sequence[bool]) -> float:
    return sum(verdicts) / len(verdicts)


def _curve(inside: list[tuple[Asked, Answer]]) -> tuple[tuple[float, float], ...]:
    """Returns a point for every threshold; questions of the same score are answered together."""
    ranked = sorted(inside, key=lambda pair: -pair[1][1])
    right = wrong = 0
    points = []
    for place, (asked, answer) in enumerate(ranked):
        right, wrong = (right + 1, wrong) if _is_right(asked, answer) else (right, wrong + 1)
        is_last = place + 1 == len(ranked) or ranked[place + 1][1][1] < answer[1]
        if is_last:
            points.append((right / len(ranked), wrong / len(ranked)))
    return tuple(points)
