"""How texts, lists and mappings are written as YAML, in the layout of what stands beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from intents.tree import Tree


def written(text: str, *, in_braces: bool = False) -> str:
    """Returns a text as YAML: as it is where any reader takes it for just that, else in quotes."""
    # A date or a number is a text to us, but not to every editor that has the schema.
    contexts = ((f"[{text}, {{k: {text}}}]",) if in_braces else ()) + (f"- {text}\n- k: {text}\n",)
    try:
        is_plain = all(yaml.safe_load(c) == [text, {"k": text}] for c in contexts)
    except (yaml.YAMLError, ValueError, RecursionError):
        is_plain = False
    # JSON's strings are YAML's, https://yaml.org/spec/1.2.2/#12-introduction-to-yaml.
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def in_braces(value: Tree) -> str:
    """Returns a value on one line: `{th: ก, en: a}`, `[a, b]`."""
    if isinstance(value, dict):
        pairs = (f"{written(key, in_braces=True)}: {in_braces(v)}" for key, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_braces, value)) + "]"
    return written(value or "", in_braces=True)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a mapping is laid out."""

    step: int = 2
    """Columns from a key to the keys below it."""
    dash: int = 2
    """Columns from a key to the dashes below it."""
    braced: frozenset[str] = frozenset({"label", "next"})
    """Keys whose value is written on one line."""

    @classmethod
    def like(cls, key: Any, node: Any) -> Layout:
        """Returns the layout of a mapping, from PyYAML's nodes of it and of its key."""
        if node.id != "mapping" or node.flow_style:
            return cls()
        pairs = list(_pairs(node))
        lists = [_step(k, v) for k, v in pairs if v.id == "sequence" and not v.flow_style]
        unbraced = {k.value for k, v in pairs if v.id != "scalar" and not v.flow_style}
        braced = {k.value for k, v in pairs if v.id != "scalar" and v.flow_style}
        step = _step(key, node)
        return cls(step, lists[0] if lists else step, (cls().braced - unbraced) | braced)

    def lines(self, key: str, value: Tree, column: int) -> Iterator[str]:
        """Yields a key and its value, the key at a column."""
        name = " " * column + written(key) + ":"
        if isinstance(value, str):
            yield f"{name} {written(value)}"
        elif key in self.braced:
            yield f"{name} {in_braces(value)}"
        elif isinstance(value, dict):
            yield name
            for inner, below in value.items():
                yield from self.lines(inner, below, column + self.step)
        elif isinstance(value, list):
            yield name
            for entry in value:
                yield f"{' ' * (column + self.dash)}- {written(str(entry))}"


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yields all keys and values of a mapping and of those in it that are not in braces."""
    for key, value in node.value:
        yield key, value
        if value.id == "mapping" and not value.flow_style:
            yield from _pairs(value)


def _step(key: Any, node: Any) -> int:
    return int(node.start_mark.column) - int(key.start_mark.column)
