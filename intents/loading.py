"""The bytes of a knowledge file -> `Knowledge`, or every fault in it with its line and column.

The only module that imports pydantic and, through `reading`, PyYAML. Import it inside the function
that needs it, so that a start from the cache does without. `reading` turns YAML into a tree,
pydantic checks the tree's shape, `consistency` what no shape can tell; the last two see the same
tree, so that the faults of both are told at once.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from itertools import chain
from pathlib import Path as FilePath
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from intents import consistency
from intents.faults import Fault, Finding, KnowledgeError, Path, named, quoted
from intents.fields import Localized, yaml_key
from intents.knowledge import Knowledge
from intents.reading import MAX_BYTES, Positions, locate, read
from intents.tree import Tree
from intents.values import INTENT_ID, nearest

__all__ = ["Positions", "load", "locate", "parse", "schema"]

#: What pydantic calls a wrong shape, and what would be right.
EXPECTED = {
    "string_type": "a text",
    "tuple_type": "a list, each entry on a line of its own after '- '",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number such as 13.73",
    "float_parsing": "a number such as 13.73",
}

#: A value under `hours` has one of several shapes; pydantic tells of each that it is not that one.
_HOURS = re.compile(r"contacts\.[^.]*\.hours\..")
_HOURS_EXPECTED = "hours such as [09:00-12:00, 13:00-16:00], closed, or a reason in each language"


def load(path: str | FilePath) -> Knowledge:
    """Reads a knowledge file.

    Raises:
        KnowledgeError: The file cannot be read or has faults; all of them are told.
    """
    try:
        with FilePath(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        message = f"the file cannot be read: {exc.strerror}"
        raise KnowledgeError([Fault(str(path), 1, 1, message)]) from exc
    return parse(data, str(path))


def parse(data: bytes, file: str) -> Knowledge:
    """Makes `Knowledge` of the bytes of a knowledge file; `file` is its name in messages.

    Raises:
        KnowledgeError: With every fault; with one only when it cannot be read as YAML.
    """
    source = read(data, file)
    knowledge, misshapen = _shaped(source.tree)
    # What an alias stood for has no shape, and what should be a text and is an empty list is not
    # also empty: each place is told of once.
    told = source.refused | {found.path for found in misshapen}
    findings = chain(
        (found for found in misshapen if found.path not in source.refused),
        (found for found in consistency.check(source.tree) if found.path not in told),
    )
    placed = (_placed(found, source.positions, file) for found in findings)
    error = KnowledgeError(chain(source.faults, placed))
    if error.faults or knowledge is None:
        raise error
    return knowledge


def schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of a knowledge file, for editors."""
    found = _adapter().json_schema()
    found["properties"]["intents"]["propertyNames"] = {"pattern": f"^{INTENT_ID.pattern}$"}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **found, "title": "knowledge.yaml"}


@cache
def _adapter() -> TypeAdapter[Knowledge]:
    return TypeAdapter(Knowledge)


def _placed(found: Finding, positions: Positions, file: str) -> Fault:
    line, column = positions.of(found.path, on_key=found.on_key)
    see = f" (see line {positions.of(found.see)[0]})" if found.see else ""
    return Fault(file, line, column, found.message + see)


def _shaped(tree: Tree) -> tuple[Knowledge | None, list[Finding]]:
    """Returns the model, or None and everything that has the wrong shape."""
    if tree is None:
        return None, [Finding((), "the file is empty; it needs bot, messages, page and intents")]
    try:
        return _adapter().validate_python(tree), []
    except ValidationError as exc:
        return None, [_misshapen(error) for error in exc.errors(include_url=False)]


def _misshapen(error: ErrorDetails) -> Finding:
    path = error["loc"]
    if _HOURS.match(".".join(map(str, path))):
        return Finding(path[:4], f"{named(path[:4])} must be {_HOURS_EXPECTED}")
    if error["type"] == "missing":
        return Finding(path, _missing_message(path))
    if error["type"] == "unexpected_keyword_argument":
        known = nearest(str(path[-1]), _known_keys(path[:-1]))
        return Finding(path, f"unknown key {quoted(str(path[-1]))}{known}", on_key=True)
    expected = EXPECTED.get(error["type"]) or _expected_mapping(path)
    advice = _quotes_advice(error["input"]) if error["type"] == "string_type" else ""
    found = f"{_described(error['input'])}{advice}"
    return Finding(path, f"{named(path)} must be {expected}, not {found}")


def _missing_message(path: Path) -> str:
    needed = ", ".join(_known_keys(path[:-1], required=True))
    return f"{named(path[:-1])} lacks {quoted(str(path[-1]))}; it needs {needed}"


def _described(value: object) -> str:
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "a mapping"


def _quotes_advice(value: object) -> str:
    """Returns how to write a text that YAML takes for something else."""
    if value is None:
        return "; the word null or ~ as a text needs quotes"
    if isinstance(value, list):
        return "; a text that begins with [ or - needs quotes"
    return "; a text that begins with { or has ': ' in it needs quotes"


def _expected_mapping(path: Path) -> str:
    if _hint_at(path) == Localized:
        return "one text for each language, such as en: ..."
    known = _known_keys(path)
    return f"lines for {', '.join(known)}" if known else "lines of a name, a colon and a value"


def _hint_at(path: Path) -> Any:
    """Returns the type that the model has at `path`, None where it has none."""
    for at, hint in consistency.places():
        if len(at) == len(path) and all(a in ("*", b) for a, b in zip(at, path, strict=True)):
            return hint
    return None


def _known_keys(path: Path, *, required: bool = False) -> tuple[str, ...]:
    """Returns the keys, all or those without a default, that the model has below `path`."""
    hint = _hint_at(path)
    return tuple(
        yaml_key(field.name)
        for field in (fields(hint) if is_dataclass(hint) else ())
        if not required or (field.default is MISSING and field.default_factory is MISSING)
    )
