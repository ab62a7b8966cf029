"""The pictures of docs/benchmarks.md: `python -m benchmarks.contest_pictures RESULTS`.

Runs in an environment of its own, with matplotlib, and imports nothing of the project's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt

DOCS = Path(__file__).parents[1] / "docs"

_OURS = ("#0b6e4f", "#1b9e77", "#66c2a5")
_RIVALS = ("#d95f02", "#7570b3", "#e7298a", "#a6761d", "#666666", "#386cb0")


def colours(names: list[str]) -> dict[str, str]:
    """Returns a colour for each system: greens for infobot."""
    ours = [name for name in names if name.startswith("infobot")]
    rivals = [name for name in names if name not in ours]
    return dict(zip(ours, _OURS, strict=False)) | dict(zip(rivals, _RIVALS, strict=False))


def draw_curves(name: str, rows: dict[str, Any], colour: dict[str, str]) -> None:
    """Draws wrong answers against right ones at every threshold, and the usual one as a dot."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5))
    for system, found in rows.items():
        scores = found["scores"]
        rights, wrongs = zip(*scores["curve"], strict=True)
        is_ours = system.startswith("infobot")
        axes.plot(
            [100 * right for right in rights],
            [100 * wrong for wrong in wrongs],
            color=colour[system],
            linewidth=2.4 if is_ours else 1.4,
            linestyle="-" if is_ours else "--",
            label=system,
        )
        axes.plot(100 * scores["right"], 100 * scores["wrong"], "o", color=colour[system])
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 30)
    axes.set_xlabel("% of the questions in scope answered rightly (more is better)")
    axes.set_ylabel("% answered wrongly (less is better)")
    axes.set_title(f"{name}: at every threshold; the dot is the usual one")
    _finish(figure, axes, f"benchmarks-{name.lower().replace(' ', '-')}.svg")


def draw_costs(rows: dict[str, Any], colour: dict[str, str]) -> None:
    """Draws accuracy, clean and with slips, against the mean time of a question."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5))
    for system, found in rows.items():
        scores = found["scores"]
        clean, slipped = 100 * scores["accuracy"], 100 * scores["accuracy_slipped"]
        milliseconds = scores["mean_ms"]
        axes.plot([milliseconds] * 2, [clean, slipped], color=colour[system], linewidth=1)
        axes.plot(milliseconds, clean, "o", color=colour[system], label=system)
        axes.plot(milliseconds, slipped, "v", color=colour[system])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("milliseconds a question, mean (less is better)")
    axes.set_ylabel("% whose likeliest intent is right")
    axes.set_title("CLINC150: dots as typed, triangles with slips of the finger")
    _finish(figure, axes, "benchmarks-costs.svg")


def _finish(figure: Any, axes: Any, name: str) -> None:
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(bbox_to_anchor=(1.01, 1), loc="upper left", fontsize=8, frameon=False)
    figure.patch.set_facecolor("white")
    # No date and no random ids in it: the same figures give the same file.
    figure.savefig(DOCS / name, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Draws all pictures from the results that `benchmarks.contest` keeps."""
    plt.rcParams |= {"svg.hashsalt": "infobot", "svg.fonttype": "none"}
    outcomes: dict[str, dict[str, Any]] = json.loads(Path(sys.argv[1]).read_text("utf-8"))[
        "outcomes"
    ]
    present = {
        name: {system: found for system, found in rows.items() if "scores" in found}
        for name, rows in outcomes.items()
    }
    colour = colours(list(dict.fromkeys(system for rows in outcomes.values() for system in rows)))
    for name, rows in present.items():
        draw_curves(name, rows, colour)
    draw_costs(present["CLINC150"], colour)


if __name__ == "__main__":
    main()
