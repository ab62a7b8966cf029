"""A knowledge file as plain dicts, lists and texts, and how to find things in it.

Unlike `Knowledge` a tree may have any shape. A pattern names places in it: `intents.*.next.*` is
every entry of `next` in every intent; what has another shape is passed over.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeAlias

from intents.faults import Path
from intents.values import is_blank

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"


def find(tree: Tree, pattern: str) -> Iterator[tuple[Path, Tree]]:
    """Yields path and value of what stands at a pattern such as `intents.*.next.*`."""
    return _find(tree, tuple(pattern.split(".")), ())


def _find(tree: Tree, steps: tuple[str, ...], at: Path) -> Iterator[tuple[Path, Tree]]:
    if not steps:
        yield at, tree
        return
    for key, child in _children(tree):
        if steps[0] in ("*", key):
            yield from _find(child, steps[1:], (*at, key))


def _children(tree: Tree) -> Iterable[tuple[str | int, Tree]]:
    if isinstance(tree, dict):
        yield from tree.items()
    elif isinstance(tree, list):
        yield from enumerate(tree)


def nodes(tree: Tree, at: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Yields path and value of everything in the tree, the tree itself first."""
    yield at, tree
    for key, child in _children(tree):
        yield from nodes(child, (*at, key))


def texts(tree: Tree, *patterns: str) -> Iterator[tuple[Path, str]]:
    """Yields path and text of what stands at the patterns and is a text, and not a blank one."""
    for pattern in patterns:
        for path, value in find(tree, pattern):
            if isinstance(value, str) and not is_blank(value):
                yield path, value


def names(tree: Tree, pattern: str) -> tuple[str, ...] | None:
    """Returns the keys of the one mapping at `pattern`, None when what is there is no mapping."""
    found = next((value for _, value in find(tree, pattern)), {})
    return tuple(found) if isinstance(found, dict) else None


def repeats(entries: Iterable[tuple[Path, Hashable]]) -> Iterator[tuple[Path, Path]]:
    """Yields each path whose second half came before, and the path where it came first."""
    seen: dict[Hashable, Path] = {}
    for path, key in entries:
        first = seen.setdefault(key, path)
        if first is not path:
            yield path, first
