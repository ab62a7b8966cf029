"""Keeps what was learned from a knowledge file, so that a start does not learn it again.

One file for each content of the knowledge file and each version of this package, in the user's
cache folder (`XDG_CACHE_HOME`, else `~/.cache`). Numbers and JSON only, nothing that could run.
A cache that cannot be read or written is done without.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.agreement import Scope
from intents.features import Vectorizer, grams
from intents.fitting import Fitted
from intents.plain import from_plain, to_plain
from intents.spelling import Speller
from intents.vocabulary import Vocabulary
from intents.voice import Learned
from intents.weights import Presence, Weights, restored

log = logging.getLogger(__name__)

#: What zipfile, numpy, json and `_restored` raise at a file that is cut short, spoilt or another's.
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, AttributeError, LookupError, RuntimeError),
    zipfile.BadZipFile,
)

#: Files kept for earlier contents, so that undoing an edit is quick too.
_KEPT = 16


def folder() -> Path:
    """Returns where the cache is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "infobot"


@cache
def _version() -> bytes:
    """Returns a digest of this package's code and data: other code may learn otherwise."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.rglob("*.py"), *here.glob("data/*")]):
        digest.update(path.read_bytes())
    return digest.digest()


def place(data: bytes, engine: str = "") -> Path:
    """Returns the cache file for a knowledge file of this content.

    Args:
        data: the content.
        engine: the meaning engine whose voice is kept; empty for all that is learned without.
    """
    return folder() / f"{hashlib.sha256(_version() + engine.encode() + data).hexdigest()[:32]}.npz"


def save(fitted: Fitted, path: Path) -> None:
    """Writes the cache file, whole or not at all."""
    plain: dict[str, Any] = {
        "knowledge": to_plain(fitted.knowledge),
        "phrases": fitted.phrases,
        "lookalikes": fitted.lookalikes,
        "terms": list(fitted.vectorizer.columns),
        "pair_terms": list(fitted.pair_vectorizer.columns),
        "unseen_idf": [fitted.vectorizer.unseen_idf, fitted.pair_vectorizer.unseen_idf],
        "other_words": sorted(fitted.speller.others),
        "offices": fitted.offices,
        "scopes": [(sorted(scope.names), sorted(scope.subjects)) for scope in fitted.scopes],
        "topics": [sorted(topics) for topics in fitted.topics],
        "facets": fitted.facets,
    }
    arrays: dict[str, NDArray[Any]] = {
        **{f"plain.{name}": _bytes(value) for name, value in plain.items()},
        "owners": fitted.owners,
        "idf": fitted.vectorizer.idf,
        "pair_idf": fitted.pair_vectorizer.idf,
        "presence_starts": fitted.presence.starts,
        "presence_features": fitted.presence.features,
        **_weight_arrays("weights", fitted.weights),
        **_weight_arrays("pair_weights", fitted.pair_weights),
    }
    _write(arrays, path)


def _bytes(value: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)


def _weight_arrays(name: str, weights: Weights) -> dict[str, NDArray[Any]]:
    return {f"{name}.{part}": np.asarray(value) for part, value in weights.parts().items()}


def _weights(name: str, arrays: dict[str, Any]) -> Weights:
    parts = {
        key.split(".")[1]: value for key, value in arrays.items() if key.startswith(f"{name}.")
    }
    return restored(parts)


def load(path: Path) -> Fitted | None:
    """Returns what was learned, None when there is no readable cache file."""
    try:
        return _restored(_read(path))
    except _UNREADABLE:
        return None


def save_voice(learned: Learned, path: Path) -> None:
    """Writes the cache file of a voice, whole or not at all."""
    _write({name: np.asarray(value) for name, value in asdict(learned).items()}, path)


def load_voice(path: Path) -> Learned | None:
    """Returns what a voice learned, None when there is no readable cache file."""
    try:
        arrays = _read(path)
        return Learned(arrays["centre"], arrays["weights"], float(arrays["share"]))
    except _UNREADABLE:
        return None


def _write(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(file.name).replace(path)
        newest_first = sorted(path.parent.glob("*.npz"), key=lambda p: -p.stat().st_mtime)
        for old in newest_first[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("no cache at %s (%s): the next start learns again", path.parent, error)


def _read(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _restored(arrays: dict[str, Any]) -> Fitted:
    # One by one: other threads, which answer people, wait while JSON is read.
    plain = {
        key.removeprefix("plain."): json.loads(value.tobytes())
        for key, value in arrays.items()
        if key.startswith("plain.")
    }
    knowledge = from_plain(plain["knowledge"])
    vocabulary = Vocabulary.of(knowledge.vocabulary, knowledge.facets)
    columns, pair_columns = (
        dict(zip(plain[name], range(len(plain[name])), strict=True))
        for name in ("terms", "pair_terms")
    )
    unseen, pair_unseen = plain["unseen_idf"]
    return Fitted(
        knowledge=knowledge,
        phrases=tuple(plain["phrases"]),
        owners=arrays["owners"],
        lookalikes=tuple((phrase, index) for phrase, index in plain["lookalikes"]),
        vectorizer=Vectorizer(grams, columns, arrays["idf"], unseen),
        presence=Presence(arrays["presence_starts"], arrays["presence_features"]),
        weights=_weights("weights", arrays),
        pair_vectorizer=Vectorizer(vocabulary.pairs, pair_columns, arrays["pair_idf"], pair_unseen),
        pair_weights=_weights("pair_weights", arrays),
        vocabulary=vocabulary,
        speller=Speller.of(plain["phrases"], frozenset(plain["other_words"])),
        offices=tuple(plain["offices"]),
        scopes=tuple(
            Scope(frozenset((kind, key) for kind, key in names), frozenset(subjects))
            for names, subjects in plain["scopes"]
        ),
        topics=tuple(map(frozenset, plain["topics"])),
        facets=tuple(plain["facets"]),
    )
