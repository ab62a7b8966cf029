"""A `Report` and its curves as one HTML file: no script, and nothing loaded from anywhere.

The template is `templates/evaluation.html`; here is what it shows, and where in a chart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import jinja2

from bot.evaluation import VERDICTS, Report, Result
from bot.evaluation_curves import Curves

#: The plotting area of a chart within its viewBox, in SVG's units.
LEFT, TOP, WIDTH, HEIGHT = 46.0, 12.0, 300.0, 200.0

#: Mistaken this often is shown hottest, unless something is mistaken more often still.
_HOT = 4

#: Wrong answers are worse the surer they were given, and any is worse than none.
_WORST_FIRST = ("wrong", "missed")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which intents were taken for which; only those that were."""

    columns: tuple[str, ...]
    """The intents that were answered in the place of others, most often first."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """What was asked, most often mistaken first, and how often each column was answered."""
    top: int
    """The count that is shown hottest; no count is larger."""


@dataclass(frozen=True, slots=True)
class About:
    """What was evaluated, as the head of the report tells it."""

    questions: str
    knowledge: str
    max_wrong: float
    when: str


def as_html(report: Report, curves: Curves, about: About) -> str:
    """Returns the report as a whole HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("bot"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    worst, others = _by_gravity(report.misses)
    return environment.get_template("evaluation.html").render(
        about=about,
        report=report,
        figures=report.figures(),
        right_or_offered=report.share("in", "right", "offered"),
        verdicts=VERDICTS,
        matrix=_matrix(report.confusions),
        curves=curves,
        plot={"left": LEFT, "top": TOP, "width": WIDTH, "height": HEIGHT},
        x=lambda share: round(LEFT + WIDTH * share, 1),
        y=lambda share: round(TOP + HEIGHT * (1 - share), 1),
        top_share=_top_share(curves),
        worst=worst,
        others=others,
    )


def _by_gravity(misses: Sequence[Result]) -> tuple[list[Result], list[Result]]:
    """Returns the worst misses, worst first, and the others in their order."""
    worst = [miss for miss in misses if miss.verdict in _WORST_FIRST]
    worst.sort(key=lambda miss: (_WORST_FIRST.index(miss.verdict), -_confidence(miss)))
    return worst, [miss for miss in misses if miss.verdict not in _WORST_FIRST]


def _confidence(result: Result) -> float:
    return max((answered.confidence for answered in result.reply.answered), default=0.0)


def _matrix(confusions: Counter[tuple[str, str]]) -> Matrix:
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for (wanted, got), count in confusions.items():
        asked[wanted] += count
        answered[got] += count
    columns = tuple(name for name, _ in answered.most_common())
    rows = tuple(
        (name, tuple(confusions[name, column] for column in columns))
        for name, _ in asked.most_common()
    )
    return Matrix(columns, rows, max([_HOT, *confusions.values()]))


def _top_share(curves: Curves) -> float:
    """Returns where the axis of the wrong answers ends: the next of a few round shares."""
    highest = max(
        (max(setting.max_wrong, setting.shares["wrong"]) for setting in curves.settings),
        default=0.0,
    )
    return next((top for top in (0.05, 0.1, 0.2, 0.5) if highest <= top), 1.0)
