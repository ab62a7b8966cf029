"""`make bench DATA=folder`: this project beside its rivals on the same questions, in one run.

Every system runs in an environment and a process of its own, one at a time, in one thread, and gets
the same text. What comes of it is written to docs/benchmarks.md, with pictures.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import contest_report
from benchmarks.entrants import ENTRANTS, FOLDER, ROOT, Entrant, install, install_python
from benchmarks.labelled import Labelled, banking, clinc, own
from benchmarks.running import Absent, Running
from benchmarks.scores import Scores, score

#: Most questions in scope that are asked of a public set, for the whole to end within half an hour.
MOST = 1_200

RESULTS = FOLDER / "results.json"

#: What draws the pictures; of no use to the project itself.
_PICTURES = ("matplotlib",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one system did on one set."""

    scores: Scores
    start_s: float
    """From the start of its process until it could learn."""
    fit_s: float
    memory_mb: float | None
    """Resident after the last answer, its children's too."""
    versions: dict[str, str]


def run(entrant: Entrant, data: Labelled) -> Outcome:
    """Returns how a system does on a set.

    Raises:
        Absent: it cannot be installed, or breaks off.
    """
    command = install(entrant)
    if entrant.is_ours and data.knowledge:
        command.append(str(data.knowledge))
    with tempfile.TemporaryDirectory() as cache:
        running = Running(command, Path(cache))
        try:
            fit_s = running.tell({"fit": data.phrases})["s"]
            clean, slipped = (
                running.tell({"ask": [asked.text for asked in questions]})["answers"]
                for questions in (data.clean, data.slipped)
            )
            memory_mb = running.megabytes()
        finally:
            running.stop()
    scores = score(data, clean, slipped)
    return Outcome(scores, running.start_s, fit_s, memory_mb, running.versions)


def contest(sets: list[Labelled], names: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yields system, set, and what came of it: an `Outcome`, or why there is none (`absent`)."""
    for entrant in ENTRANTS:
        for data in sets if not names or entrant.name in names else ():
            started = time.perf_counter()
            try:
                found = asdict(run(entrant, data))
            except Absent as error:
                found = {"absent": str(error)}
            taken = time.perf_counter() - started
            brief = found.get("absent") or contest_report.brief(found)
            print(f"{entrant.name:26} {data.name:10} {brief} ({taken:.0f} s)", flush=True)
            yield entrant.name, data.name, found


def revision() -> str:
    """Returns which state of the project this is."""
    git = ["git", "describe", "--always", "--dirty=, changed since"]
    try:
        done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def machine() -> dict[str, str]:
    """Returns when and on what this runs."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = (line for line in cpuinfo.read_text().splitlines() if line.startswith("model name"))
        model = next(lines, f": {model}").split(": ", 1)[1]
    return {
        "revision": revision(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cpu": f"{model}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def publish(results: dict[str, Any]) -> None:
    """Writes docs/benchmarks.md and draws its pictures."""
    (ROOT / "docs" / "benchmarks.md").write_text(contest_report.written(results), "utf-8")
    drawer = install_python("pictures", _PICTURES)
    pictures = [str(drawer), "-m", "benchmarks.contest_pictures", str(RESULTS)]
    subprocess.run(pictures, cwd=ROOT, check=True)
    print("written: docs/benchmarks.md and its pictures")


def main() -> None:
    """Runs everything and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "data", type=Path, help="folder of the public sets, see benchmarks.labelled"
    )
    parser.add_argument("--most", type=int, default=MOST, help=f"questions of a set ({MOST})")
    parser.add_argument("--only", action="append", default=[], help="a system; others as last run")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    sets = [clinc(options.data, options.most), banking(options.data, options.most)]
    sets.append(own(options.data))
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() and options.only else {}
    results = {
        "about": known.get("about") or machine(),
        "notes": {data.name: contest_report.described(data) for data in sets},
        "outcomes": known.get("outcomes", {}),
    }
    started = time.perf_counter()
    for system, name, found in contest(sets, options.only):
        results["outcomes"].setdefault(name, {})[system] = found
        if not known:
            results["about"]["minutes"] = f"{(time.perf_counter() - started) / 60:.0f}"
        # After each, so that a run that is broken off can be completed with --only.
        RESULTS.write_text(json.dumps(results), "utf-8")
    publish(results)


if __name__ == "__main__":
    main()
