"""Damaged webhooks: JSON with odd values in odd places, and bytes that are no JSON any more."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

#: What nobody expects where something else should be.
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, float("nan"), float("-inf"), 10**30, 2**63, -(2**63)),
    *("", " ", "\0", "\ud800", "\udc00\ud83d", "\u202e", "ก็" * 50, "😀", "x" * 5000, "1", "NaN"),
    *("../../me", "%2e%2e/%00?#", "{name}", "<b>", "/start", "/", "@desk_bot", "ask:", "language:"),
    *([], {}, [[]], [None], {"": {}}, {"type": "text"}, {"id": 1}, ["x"] * 20),
)

#: Of a hundred, how many are damaged as bytes too.
_BROKEN_PERCENT = 15

_Place = tuple[Any, Any]
"""A list or mapping, and an index or key of it."""


def damaged(samples: list[Any], random: Random) -> bytes:
    """Returns one of some webhooks, with one to four things wrong with it."""
    root = [copy.deepcopy(random.choice(samples))]
    for _ in range(random.randint(1, 4)):
        _change(root, random, samples)
    body = json.dumps(root[0] if root else None, ensure_ascii=random.random() < 0.5)
    raw = body.encode(errors="surrogatepass")
    return _broken(raw, random) if random.randrange(100) < _BROKEN_PERCENT else raw


def _change(root: list[Any], random: Random, samples: list[Any]) -> None:
    places = list(_places(root))
    if not places:
        return
    inside, key = random.choice(places)
    match random.randrange(6):
        case 0:
            del inside[key]
        case 1:
            inside[key] = [inside[key]]
        case 2:
            inside[key] = copy.deepcopy(random.choice(samples))
        case 3 if isinstance(inside, dict):
            other = random.choice(list(inside))
            inside[other] = inside.pop(key)
        case _:
            inside[key] = copy.deepcopy(random.choice(_ODD))


def _places(value: Any) -> Iterator[_Place]:
    """Yields every place in a tree, outermost first."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _broken(raw: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(raw) + 1) for _ in range(2))
    match random.randrange(4):
        case 0:
            return raw[:start]
        case 1:
            return raw[:start] + raw[end:]
        case 2:
            return raw[:end] + raw[start:]
    return raw[:start] + random.randbytes(3) + raw[start:]
