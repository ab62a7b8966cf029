"""Adds a phrase or an intent to the bytes of a knowledge file, and takes it out again.

Nothing but the added text changes: comments, order, blank lines, quotes, line ends and a byte order
mark stay as they are. The places come from the marks of PyYAML's nodes, the layout from what stands
beside them. Each result is read again and must hold the old content plus the addition, or the
edit is refused: a file laid out in a way that nobody thought of is left alone, never damaged.

PyYAML is imported when a file is edited, so that whoever only answers does without.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intents.faults import EditError, KnowledgeError, Path, quoted
from intents.tree import Tree, texts
from intents.values import alike, control_fault, is_blank, phrase_fault

if TYPE_CHECKING:
    from intents.yaml_text import YamlText
    from intents.yaml_writing import Layout


@dataclass(frozen=True, slots=True)
class Insertion:
    """An edited file, and what was put into it."""

    data: bytes
    """The file with the addition."""
    path: Path
    """Where the phrase was added, ("intents", "address", "ask", "th"), or the intent."""
    phrase: str
    """The phrase as it was added, its white space made single spaces; empty for an intent."""
    line: int
    """The line on which the inserted text begins, from 1."""
    text: str
    """The inserted text, line ends included."""


def add_example(data: bytes, intent_id: str, language: str, phrase: str) -> Insertion:
    """Adds a phrase to the end of what an intent is asked by in a language.

    Raises:
        EditError: The phrase is none or stands there already, the intent or language is unknown,
            or the place cannot be edited.
        KnowledgeError: The file cannot be read as YAML.
    """
    return _add_phrase(_read(data), ("intents", intent_id, "ask", language), phrase)


def add_lookalike(data: bytes, intent_id: str, language: str, phrase: str) -> Insertion:
    """Adds a phrase to what is close to an intent and not it: its `not:`, made if need be.

    Raises:
        EditError: As of `add_example`.
        KnowledgeError: The file cannot be read as YAML.
    """
    return _add_phrase(_read(data), ("intents", intent_id, "not", language), phrase)


def add_intent(
    data: bytes,
    intent_id: str,
    *,
    label: Mapping[str, str],
    ask: Mapping[str, Sequence[str]],
    reply: Mapping[str, str],
    following: Sequence[str] = (),
) -> Insertion:
    """Adds an intent after the last one, laid out as that one is; `following` is its `next:`.

    Raises:
        EditError: The id or a phrase stands there already, or the place cannot be edited.
        KnowledgeError: The file cannot be read as YAML.
    """
    from intents.yaml_writing import Layout

    file = _read(data)
    path = ("intents", intent_id)
    if file.entry(path):
        line, _ = file.positions.of(path)
        raise EditError("there_already", f"there is an intent {intent_id} already (line {line})")
    phrases = {
        language: [_checked(file, (*path, "ask", language), phrase) for phrase in given]
        for language, given in ask.items()
    }
    parts: dict[str, Tree] = {
        "label": {**label},
        "ask": {language: [*given] for language, given in phrases.items() if given},
        "reply": {**reply},
        "next": [*following],
    }
    intent: dict[str, Tree] = {key: part for key, part in parts.items() if part}
    pairs = getattr(file.node(path[:1]), "value", None)
    if not isinstance(pairs, list) or not pairs or not intent:
        raise EditError("unplaceable", "the file has no intents that another could be added to")
    gap_from = file.end(pairs[-2][1]) if len(pairs) > 1 else 0
    has_blank = len(pairs) > 1 and file.has_blank_line(
        gap_from, file.offset(pairs[-1][0].start_mark)
    )
    return _inserted(file, path[:1], {intent_id: intent}, Layout.like(*pairs[-1]), has_blank)


def take_out(data: bytes, added: Insertion) -> bytes:
    """Returns the file without what an edit inserted, whatever else was edited since.

    Args:
        data: The file as it is now.
        added: What was inserted; its own `data` is not looked at.

    Raises:
        EditError: What was inserted is not in the file any more, or not as it was.
        KnowledgeError: The file cannot be read as YAML.
    """
    file = _read(data)
    expected = copy.deepcopy(file.tree)
    try:
        _drop(expected, added.path, added.phrase)
    except (LookupError, ValueError, TypeError, AttributeError):
        raise _edited_since(added) from None
    for place in _places(file, added):
        left = file.text[: place.start()] + file.text[place.end() :]
        if _holds(left, expected):
            return file.encoded(left)
    raise _edited_since(added)


def _places(file: YamlText, added: Insertion) -> Iterator[re.Match[str]]:
    """Yields where the inserted text stands in or round its intent."""
    key, intent = file.entry(added.path[:2]) or (None, None)
    if key is None:
        return
    margin = len(added.text)
    start = max(0, file.offset(key.start_mark) - margin)
    text = re.compile(re.escape(added.text))
    yield from text.finditer(file.text, start, file.end(intent) + margin)


def _edited_since(added: Insertion) -> EditError:
    message = f"what was added to {added.path[1]} has been edited since; change it in the file"
    return EditError("edited_since", message)


def _drop(tree: Tree, path: Path, phrase: str) -> None:
    """Takes the phrase at `path` out of a tree, or the intent; what it leaves empty goes too."""
    if not phrase:
        del _at(tree, path[:-1])[path[-1]]
        return
    _at(tree, path).remove(phrase)
    for end in (4, 3) if path[2] == "not" else ():
        if not _at(tree, path[:end]):
            del _at(tree, path[: end - 1])[path[end - 1]]


def _at(tree: Tree, path: Path) -> Any:
    found: Any = tree
    for key in path:
        found = found[key]
    return found


def _holds(text: str, expected: Tree) -> bool:
    """Returns whether a text reads as just what it should."""
    from intents.reading import read

    try:
        source = read(text.encode(), "")
    except KnowledgeError:
        return False
    return source.tree == expected and not source.faults


def _read(data: bytes) -> YamlText:
    from intents.yaml_text import YamlText

    return YamlText.of(data)


def _add_phrase(file: YamlText, path: Path, phrase: str) -> Insertion:
    from intents.yaml_writing import Layout

    intent_id, language = str(path[1]), str(path[3])
    intent = file.entry(path[:2])
    if intent is None:
        raise EditError("unknown_intent", f"there is no intent {quoted(intent_id)}")
    if file.entry(("intents", intent_id, "ask", language)) is None:
        message = f"{intent_id} has no phrases in the language {quoted(language)}"
        raise EditError("unknown_language", message)
    phrase = _checked(file, path, phrase)
    # What is there of the way to the phrases; the rest is made.
    depth = next(depth for depth in (4, 3, 2) if file.entry(path[:depth]))
    added: Tree = [phrase]
    for key in reversed(path[depth:]):
        added = {str(key): added}
    found = _inserted(file, path[:depth], added, Layout.like(*intent))
    return Insertion(found.data, path, phrase, found.line, found.text)


def _checked(file: YamlText, path: Path, phrase: str) -> str:
    """Returns a phrase fit for the file, its white space made single spaces."""
    phrase = " ".join(phrase.split())
    if is_blank(phrase):
        raise EditError("empty", "the phrase is empty")
    if message := phrase_fault(phrase):
        raise EditError("too_long", message)
    if message := control_fault(phrase):
        raise EditError("unreadable", message)
    # A phrase may be close to two intents; asked it can be under one alone, and not under `not:`.
    lookalikes = "intents.*.not.*.*" if path[2] == "ask" else f"intents.{path[1]}.not.*.*"
    for place, text in texts(file.tree, "intents.*.ask.*.*", lookalikes):
        if alike(text) == alike(phrase):
            where = f"not: of {place[1]}" if place[2] == "not" else str(place[1])
            line, _ = file.positions.of(place)
            message = f"{quoted(phrase)} stands under {where} already (line {line})"
            raise EditError("there_already", message)
    return phrase


def _inserted(
    file: YamlText, path: Path, added: Tree, layout: Layout, after_blank: bool = False
) -> Insertion:
    """Returns the file with `added` at the end of the list or mapping at `path`."""
    from intents.yaml_writing import in_braces, written

    node = file.node(path)
    expected = copy.deepcopy(file.tree)
    place = _at(expected, path)
    if node.id == "scalar" or not node.value or not isinstance(added, type(place)):
        raise _unplaceable(file, path)
    if node.flow_style:
        last = node.value[-1]
        at = file.end(last[1] if isinstance(last, tuple) else last)
        text = ", " + in_braces(added)[1:-1]
    elif isinstance(added, list):
        at, text = file.after(node, [file.dash(node) + written(str(entry)) for entry in added])
    else:
        column = node.start_mark.column
        lines = [line for key in added for line in layout.lines(key, added[key], column)]
        at, text = file.after(node, [""] * after_blank + lines)
    if isinstance(place, list):
        place.extend(added)
    else:
        place.update(added)
    edited = file.text[:at] + text + file.text[at:]
    if not _holds(edited, expected):
        raise _unplaceable(file, path)
    return Insertion(file.encoded(edited), (*path, *added), "", file.line_of(at), text)


def _unplaceable(file: YamlText, path: Path) -> EditError:
    line, _ = file.positions.of(path)
    message = f"line {line} is laid out in a way that cannot be added to; edit the file itself"
    return EditError("unplaceable", message)
