"""`make pictures`: draws the two pictures of docs/understanding.md, as SVG.

The way of a question through the evidence, and how far the confidence is to be believed: of the
labelled questions that are about as sure, how many are right. Each is judged by numbers that were
fitted without it.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

import intents
from benchmarks.confidence import Doubles, Sample, gather, held_out, upper_bound
from intents.calibration import ASK_BELOW

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

INK, FAINT, PAPER, LETTERS, MEANING = "#222222", "#777777", "#ffffff", "#e3f1ec", "#e9e6f4"

#: Boxes of the first picture: left edge, top, width, fill, title, and what is done there.
BOXES = (
    (20, 20, 300, PAPER, "typed text", "any characters at all"),
    (20, 90, 300, LETTERS, "canonical", "layout · what is not meant · years · one form"),
    (20, 160, 300, LETTERS, "letters", "character n-grams 0.8 · vocabulary pairs 0.2"),
    (20, 230, 300, LETTERS, "confidence", "a logistic over seven numbers"),
    (400, 160, 300, MEANING, "meaning", "sentence vector: 0.3 to 0.5 of the vote"),
    (400, 230, 300, MEANING, "confidence", "its own logistic, over eight numbers"),
    (
        20,
        300,
        680,
        LETTERS,
        "context · parts · names",
        "the last answer · several questions · strangers",
    ),
    (20, 370, 680, PAPER, "answer  /  offer up to three  /  unknown", "thresholds from MAX_WRONG"),
)
BOX_HEIGHT = 46

#: Arrows of the first picture: from, to, and what is written beside.
ARROWS = (
    ((170, 66), (170, 90), ""),
    ((170, 136), (170, 160), ""),
    ((170, 206), (170, 230), ""),
    ((320, 242), (400, 190), f"below {ASK_BELOW}"),
    ((550, 206), (550, 230), ""),
    ((170, 276), (170, 300), f"from {ASK_BELOW}, or no engine in time"),
    ((550, 276), (550, 300), ""),
    ((360, 346), (360, 370), ""),
)

#: The second picture: corner and side of its square, in pixels, and how many bins it has.
CORNER, SIDE, BINS = (60, 20), 300, 10


def svg(width: int, height: int, title: str, parts: list[str]) -> str:
    """Returns a picture on white, so that it can be read on a dark page too."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" font-family="sans-serif" font-size="13" fill="{INK}">'
    )
    arrow = (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        f' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{FAINT}"/></marker></defs>'
    )
    paper = f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", arrow, paper, *parts, "</svg>\n"])


def text(x: float, y: float, words: str, anchor: str = "middle", fill: str = INK) -> str:
    """Returns words at a place."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, more: str = "") -> str:
    """Returns a line between two places."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{FAINT}" {more}/>'
    )


def way() -> str:
    """Returns the way of a question through the evidence."""
    parts = []
    for left, top, width, fill, title, what in BOXES:
        middle = left + width / 2
        parts += [
            f'<rect x="{left}" y="{top}" width="{width}" height="{BOX_HEIGHT}" rx="6"'
            f' fill="{fill}" stroke="{FAINT}"/>',
            f'<g font-weight="bold">{text(middle, top + 19, title)}</g>',
            text(middle, top + 36, what, fill=FAINT),
        ]
    for (x1, y1), (x2, y2), words in ARROWS:
        parts.append(line(x1, y1, x2, y2, 'marker-end="url(#tip)"'))
        is_level = abs(x2 - x1) > abs(y2 - y1)
        x, y = ((x1 + x2) / 2, min(y1, y2) - 6) if is_level else (x1 + 8, (y1 + y2) / 2 + 5)
        parts.append(text(x, y, words, "middle" if is_level else "start", FAINT))
    return svg(720, 436, "The way of a question through the evidence", parts)


def place(sure: float, right: float) -> tuple[float, float]:
    """Returns where in the second picture a confidence and a share of right ones are."""
    return CORNER[0] + SIDE * sure, CORNER[1] + SIDE * (1 - right)


def bins(sample: Sample, confidence: Doubles) -> list[tuple[float, float, int]]:
    """Returns for questions about as sure their mean confidence, share of right ones, and number.

    Weighed as the confidence is fitted.
    """
    weight = sample.weight
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    groups = [np.flatnonzero(number == index) for index in np.unique(number)]
    return [
        (
            float(np.average(confidence[group], weights=weight[group])),
            float(np.average(sample.right[group], weights=weight[group])),
            len(group),
        )
        for group in groups
    ]


def reliability(sample: Sample, confidence: Doubles) -> str:
    """Returns how often the likeliest intent is right, against how sure it is."""
    (left, top), bottom = CORNER, CORNER[1] + SIDE
    parts = [
        f'<rect x="{left}" y="{top}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{FAINT}"/>',
        line(*place(0, 0), *place(1, 1), 'stroke-dasharray="4 4"'),
        text(left + SIDE / 2, bottom + 42, "confidence, of questions it was not fitted on"),
        f'<g transform="rotate(-90 18 {top + SIDE / 2})">',
        text(18, top + SIDE / 2, "share that is right"),
        "</g>",
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = place(tick, tick)
        parts += [
            text(x, bottom + 18, f"{tick:g}"),
            text(left - 8, y + 4, f"{tick:g}", "end"),
        ]
    for sure, right, count in bins(sample, confidence):
        highest = upper_bound(round(right * count), count)
        lowest = 1 - upper_bound(round((1 - right) * count), count)
        parts.append(line(*place(sure, lowest), *place(sure, highest), 'stroke-width="2"'))
        x, y = place(sure, right)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="#0b6e4f"/>')
    return svg(400, 376, "Confidence against the share that is right", parts)


def main() -> None:
    """Draws both."""
    matcher = intents.open_matcher(ROOT / "knowledge.yaml")
    sample = gather(sorted((ROOT / "tests" / "questions").glob("*.jsonl")), matcher)
    confidence = held_out(sample)
    DOCS.joinpath("understanding-way.svg").write_text(way(), "utf-8")
    DOCS.joinpath("understanding-confidence.svg").write_text(
        reliability(sample, confidence), "utf-8"
    )
    for sure, right, count in bins(sample, confidence):
        print(f"{count} questions: {sure:.0%} sure, {right:.0%} right")
    asked = confidence < ASK_BELOW
    print(f"less sure than {ASK_BELOW}: {asked[sample.in_scope].mean():.0%} of those in scope")


if __name__ == "__main__":
    main()
