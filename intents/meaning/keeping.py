"""Keeps the vectors of a knowledge file's phrases, so that an edit encodes only what is new.

One file for each engine and version: digests of cleaned texts, and their vectors in half
precision. What cannot be read or written is done without.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.meaning.cleaning import clean
from intents.meaning.encoder import Encoder, MeaningUnavailable

log = logging.getLogger(__name__)

#: What numpy and zipfile raise at a file that is cut short, spoilt or another's.
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, RuntimeError),
    zipfile.BadZipFile,
)

#: Vectors kept of an engine, some 40 MB, and engines kept.
_MOST_VECTORS = 50_000
_MOST_ENGINES = 3

_DIGEST_BYTES = 16

#: Texts that are encoded again when the engine failed at one of them.
_AT_ONCE = 32

#: Seconds after which an engine that never answered is given up: it cannot be loaded.
_FIRST_WAIT_S = 5.0

#: Seconds between two tries of an engine that is away.
_PAUSE_S = 0.1


def vectors(
    encoder: Encoder, texts: Sequence[str], folder: Path, wait_s: float = 30.0
) -> NDArray[np.float32]:
    """Returns a vector for each text as rows, of unit length but for the rounding of the cache.

    The same for a text whether it was kept or not. An engine that is away is waited for.

    Args:
        encoder: encodes what is not kept.
        texts: in any number; thousands take a minute at first.
        folder: where they are kept, and nothing else is; made if it is not there.
        wait_s: how many seconds the engine may be away at a time.

    Raises:
        MeaningUnavailable: it was away for longer; what it did encode is kept.
    """
    keys = [_key(text) for text in texts]
    place = folder / (re.sub(r"[^a-z0-9.]+", "-", encoder.name.lower()) + ".npz")
    kept = _load(place, encoder.dimensions)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if new:
        encoded = _encoded(encoder, list(new.values()), wait_s)
        try:
            # The shorter one first: zip must not take a key for which there is no vector.
            kept.update((key, vector) for vector, key in zip(encoded, new, strict=True))
        finally:
            _save(kept, keys, place)
    rows = [kept[key] for key in keys]
    return np.array(rows, np.float32).reshape(-1, encoder.dimensions)


def _encoded(
    encoder: Encoder, texts: Sequence[str], wait_s: float
) -> Iterator[NDArray[np.float16]]:
    """Yields the vectors of texts, in order."""
    last_s = time.monotonic()
    done = 0
    while done < len(texts):
        try:
            found = encoder.encode(texts[done : done + _AT_ONCE])
        except MeaningUnavailable:
            if time.monotonic() - last_s >= (wait_s if done else min(wait_s, _FIRST_WAIT_S)):
                raise
            time.sleep(_PAUSE_S)
            continue
        yield from found.astype(np.float16)
        done += len(found)
        last_s = time.monotonic()


def _key(text: str) -> bytes:
    return hashlib.blake2b(clean(text).encode(), digest_size=_DIGEST_BYTES).digest()


def _load(place: Path, dimensions: int) -> dict[bytes, NDArray[np.float16]]:
    """Returns the kept vectors by key; none when there is no readable file."""
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            keys, found = archive["keys"], archive["vectors"]
    except _UNREADABLE:
        return {}
    are_ours = (
        keys.dtype == np.uint8
        and keys.shape[1:] == (_DIGEST_BYTES,)
        and found.dtype == np.float16
        and found.shape == (len(keys), dimensions)
        and bool(np.isfinite(found).all())
    )
    return dict(zip(map(bytes, keys), found, strict=True)) if are_ours else {}


def _save(kept: dict[bytes, NDArray[np.float16]], used: Sequence[bytes], place: Path) -> None:
    """Writes the file, whole or not at all: those used now first, then the others while few."""
    first = [key for key in dict.fromkeys(used) if key in kept]
    keys = list(dict.fromkeys([*first, *kept]))[:_MOST_VECTORS]
    if not keys:
        return
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _DIGEST_BYTES),
        "vectors": np.array([kept[key] for key in keys], np.float16),
    }
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        newest_first = sorted(place.parent.glob("*.npz"), key=lambda p: -p.stat().st_mtime)
        for old in newest_first[_MOST_ENGINES:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("no cache at %s (%s): the next start encodes again", place.parent, error)
