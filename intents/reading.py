"""The bytes of a knowledge file -> a tree of dicts, lists and texts, and where each part stands.

YAML's guesses at types play no part. Whatever is written is taken as the text it is, so that a
phrase may be `no`, a date `2021-03-01` and a key `on`; only an unquoted `null`, `~` or nothing at
all is None.

Refused are tags, several documents, and anchors with their aliases: each fact stands in the file
once and replies refer to it by name, the editor rewrites single lines, which an alias would spread
to places unseen, and an alias bomb cannot be built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from intents.faults import Fault, KnowledgeError, Path, quoted
from intents.tree import Tree

#: Line and column, both from 1.
Mark = tuple[int, int]

#: 100,000 terse phrases fit (`make bench-scale`).
MAX_BYTES = 5 * 1024 * 1024
#: A phrase is at depth 5; a file of brackets must not exhaust the stack.
MAX_DEPTH = 20
#: Five times what the matcher is meant for; 5 MB of commas would be millions.
MAX_NODES = 500_000

#: libyaml where PyYAML was built with it: 10 times faster, and it words some problems otherwise.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: https://yaml.org/spec/1.1/#c-printable, the complement.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What `!!` is short for.
YAML_TAG = "tag:yaml.org,2002:"
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

#: PyYAML's words for a problem, from libyaml or its own parser, and what to do about it.
SYNTAX_ADVICE = (
    (r"tab character|'\\t'", "indent with spaces, not with tabs"),
    ("cannot start any token", "a text that begins with this sign needs quotes round it"),
    ("unexpected end of stream", "the quotation mark that opens here is never closed"),
    ("expected ':'", "a key needs a colon and a space after it, a list entry '- ' before it"),
    ("mapping values are not", "a text with ': ' in it needs quotes, or the indentation is off"),
    (r"expected ',' or '\]'", "entries between [ and ] need commas, and the ] may be missing"),
    (r"expected ',' or '\}'", "entries between { and } need commas, and the } may be missing"),
    ("'-' indicator", "list entries begin with '- ' in one column, and end with their quotes"),
    ("entries are not allowed", "a list begins on the line below its key"),
    ("expected key|<block end>", "the indentation is off, or a text goes on after its quotes end"),
    ("escape", "in double quotes a backslash is written twice; or use single quotes"),
    (r"\btag\b", "a text that begins with ! needs quotes round it"),
    ("alphabetic or numeric", "a text that begins with * or & needs quotes round it"),
)
#: Problems that PyYAML notices lines after the mistake, which is where their context begins.
BEGINS_EARLIER = ("while scanning a quoted scalar", "while scanning a simple key")


@dataclass(frozen=True, slots=True)
class Positions:
    """Where everything stands in a file."""

    values: dict[Path, Mark] = field(default_factory=dict)
    """Of a text or a list entry its own place; of a list or mapping under a key, the key's."""
    keys: dict[Path, Mark] = field(default_factory=dict)
    """Where the key at the end of the path stands."""

    def of(self, path: Path, *, on_key: bool = False) -> Mark:
        """Returns the place of `path`, of what encloses it when there is no such path."""
        if on_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


@dataclass(slots=True)
class _Reader:
    """Builds the tree from YAML events and notes faults; raises on what ends all reading."""

    file: str
    events: Iterator[Any]
    positions: Positions = field(default_factory=Positions)
    faults: list[Fault] = field(default_factory=list)
    #: Paths whose value is unknown, so that their shape is not at fault.
    refused: set[Path] = field(default_factory=set)

    def document(self) -> Tree:
        """Returns what the one document of the stream holds, None for an empty stream."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        tree = self.node((), next(self.events))
        next(self.events)
        if isinstance(event := next(self.events), yaml.DocumentStartEvent):
            self.note(event, "a second document begins here; keep one and take '---' out")
        return tree

    def note(self, event: Any, message: str) -> None:
        """Keeps a fault at the beginning of `event`."""
        self.faults.append(Fault(self.file, *_mark(event.start_mark), message))

    def limit(self, event: Any, what: str, count: int, most: int) -> None:
        """Ends the reading of a file that was made to do harm."""
        if count > most:
            message = f"more than {most} {what}; nothing that a bot says needs so many"
            raise _failure(self.file, _mark(event.start_mark), message)

    def node(self, path: Path, event: Any) -> Tree:
        """Returns the value that begins with `event`."""
        self.positions.values[path] = _mark(event.start_mark)
        self.limit(event, "entries", len(self.positions.values), MAX_NODES)
        if isinstance(event, yaml.AliasEvent):
            self.note(event, f"'*{event.anchor}' is refused; write the text out")
            self.refused.add(path)
            return None
        anchor = event.anchor and f"&{event.anchor}"
        tag = event.tag and event.tag.replace(YAML_TAG, "!!")
        for found in filter(None, (anchor, tag)):
            message = f"{quoted(found)} is refused; a text that begins with {found[0]} needs quotes"
            self.note(event, message)
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.style in (None, "")
            return None if is_plain and event.value in NULLS else str(event.value)
        self.limit(event, "levels", len(path), MAX_DEPTH)
        return self.items(path) if isinstance(event, yaml.SequenceStartEvent) else self.pairs(path)

    def items(self, path: Path) -> list[Tree]:
        """Returns the entries of a list whose beginning was read."""
        found: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.node((*path, len(found)), event))
        return found

    def pairs(self, path: Path) -> dict[str, Tree]:
        """Returns the entries of a mapping whose beginning was read."""
        found: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not self.is_key(path, event, found):
                self.skip(event)
                self.skip(next(self.events))
                continue
            child = (*path, str(event.value))
            self.positions.keys[child] = _mark(event.start_mark)
            found[event.value] = value = self.node(child, next(self.events))
            if not isinstance(value, str):
                self.positions.values[child] = self.positions.keys[child]
        return found

    def is_key(self, path: Path, event: Any, found: dict[str, Tree]) -> bool:
        """Returns whether a new key of a mapping may be used; notes why not."""
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag or not event.value:
            self.note(event, "a key must be a word; a text that begins with { or [ needs quotes")
            return False
        if event.value in found:
            line, _ = self.positions.keys[(*path, event.value)]
            self.note(event, f"the key {quoted(event.value)} is on line {line} already; keep one")
            return False
        return True

    def skip(self, event: Any) -> None:
        """Reads over the value that begins with `event`."""
        depth = 0
        while True:
            self.limit(event, "levels", depth, MAX_DEPTH)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)


@dataclass(frozen=True, slots=True)
class Source:
    """What was read."""

    tree: Tree
    positions: Positions
    faults: tuple[Fault, ...]
    """What YAML allows and this file does not: tags, aliases, keys twice, a second document."""
    refused: frozenset[Path]
    """Paths whose value was refused and is None in the tree, so that its shape is not at fault."""


def locate(data: bytes, file: str) -> Positions:
    """Returns where everything stands in a knowledge file, however faulty its content.

    Raises:
        KnowledgeError: It cannot be read as YAML.
    """
    return read(data, file).positions


def read(data: bytes, file: str) -> Source:
    """Reads the YAML in `data`; `file` is its name in messages.

    Raises:
        KnowledgeError: It is not YAML, not UTF-8, too large or too deep.
    """
    text = _decoded(data, file)
    reader = _Reader(file, iter(yaml.parse(text, Loader=LOADER)))
    try:
        tree = reader.document()
    except yaml.MarkedYAMLError as exc:
        raise _syntax_failure(exc, text, file) from exc
    # PyYAML's own parser lets the last two out for an escape like "\UFFFFFFFF".
    except (yaml.YAMLError, ValueError, OverflowError) as exc:
        raise _failure(file, (1, 1), f"not YAML: {exc}") from exc
    return Source(tree, reader.positions, tuple(reader.faults), frozenset(reader.refused))


def _failure(file: str, mark: Mark, message: str) -> KnowledgeError:
    return KnowledgeError([Fault(file, *mark, message)])


def _mark(mark: Any) -> Mark:
    return mark.line + 1, mark.column + 1


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES >> 20} MB; make it smaller"
        raise _failure(file, (1, 1), message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        *lines, last = exc.object[: exc.start].decode("utf-8").split("\n")
        message = f"the byte {exc.object[exc.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise _failure(file, (len(lines) + 1, len(last) + 1), message) from exc
    if UNREADABLE.search(text):
        raise KnowledgeError(_unreadable(text, file))
    return text


def _unreadable(text: str, file: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), start=1):
        if found := UNREADABLE.search(line):
            message = f"the control character U+{ord(found[0]):04X} in {quoted(line)}; take it out"
            yield Fault(file, number, found.start() + 1, message)


def _syntax_failure(exc: yaml.MarkedYAMLError, text: str, file: str) -> KnowledgeError:
    mark: Any = exc.problem_mark or exc.context_mark
    if exc.context in BEGINS_EARLIER and exc.context_mark:
        mark = exc.context_mark
    line = (text.splitlines() or [""])[mark.line : mark.line + 1]
    problem = f"{exc.problem} {exc.context or ''}".strip()
    at_tab = line and line[0][mark.column : mark.column + 1] == "\t"
    advice = _advice("tab character" if at_tab else problem)
    return _failure(file, _mark(mark), f"not YAML: {problem}: {quoted(''.join(line))}; {advice}")


def _advice(problem: str) -> str:
    matches = (advice for words, advice in SYNTAX_ADVICE if re.search(words, problem))
    return next(matches, "look for missing quotes, colons and spaces here and in the line above")
