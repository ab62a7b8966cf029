"""The text of a YAML file with its nodes, and where in the text something can be added to them."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import yaml

from intents.faults import Path
from intents.reading import LOADER, Positions, read
from intents.tree import Tree

#: https://yaml.org/spec/1.1/#b-break: what PyYAML counts lines by.
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class YamlText:
    """A file as it is written and as it is read."""

    text: str
    """Without the byte order mark."""
    has_mark: bool
    """Whether it begins with a byte order mark."""
    root: Any
    """PyYAML's node of the whole document, None when it is empty."""
    tree: Tree
    positions: Positions
    starts: tuple[int, ...]
    """For each line the offset at which it begins."""

    @classmethod
    def of(cls, data: bytes) -> YamlText:
        """Reads a file.

        Raises:
            KnowledgeError: It cannot be read as YAML.
        """
        source = read(data, "the file")
        text = data.decode("utf-8-sig")
        starts = (0, *(found.end() for found in LINE_END.finditer(text)))
        root = yaml.compose(text, Loader=LOADER) if not source.faults else None
        has_mark = data.startswith(codecs.BOM_UTF8)
        return cls(text, has_mark, root, source.tree, source.positions, starts)

    def encoded(self, text: str) -> bytes:
        """Returns another text as the bytes of this file."""
        return (codecs.BOM_UTF8 if self.has_mark else b"") + text.encode()

    def node(self, path: Path) -> Any:
        """Returns the value at a path of keys, None where there is none."""
        return (self.entry(path) or (None, None))[1]

    def entry(self, path: Path) -> tuple[Any, Any] | None:
        """Returns key and value at a path of keys, None where there is none."""
        found = (None, self.root)
        for step in path:
            pairs = found[1].value if getattr(found[1], "id", "") == "mapping" else ()
            match = [pair for pair in pairs if pair[0].value == step]
            if not match:
                return None
            found = match[0]
        return found

    def offset(self, mark: Any) -> int:
        """Returns where in the text a mark of PyYAML is."""
        return self.starts[mark.line] + int(mark.column) if mark.line < len(self.starts) else -1

    def line_of(self, offset: int) -> int:
        """Returns the line of an offset, from 1."""
        return bisect_right(self.starts, offset)

    def dash(self, node: Any) -> str:
        """Returns what the last entry of a list that is written on lines has before its text."""
        mark = node.value[-1].start_mark
        before = self.text[self.starts[mark.line] : self.offset(mark)]
        return before if before.strip() == "-" else " " * node.start_mark.column + "- "

    def end(self, node: Any) -> int:
        """Returns where the last text in a node ends, before any comment."""
        while node.id != "scalar" and not node.flow_style:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        end = self.offset(node.end_mark)
        if node.id == "scalar" and node.style in ("|", ">"):
            # Its mark is where the next thing begins, or at the end of the file.
            return len(self.text[:end].rstrip(" \t\r\n"))
        return end

    def after(self, node: Any, lines: list[str]) -> tuple[int, str]:
        """Returns where lines can be added below a node that is not in braces, and their text."""
        end = self.end(node)
        found = LINE_END.search(self.text, end)
        ends = found or LINE_END.search(self.text)
        newline = ends[0] if ends else "\n"
        if found is None:
            return len(self.text), "".join(newline + line for line in lines)
        return found.end(), "".join(line + newline for line in lines)

    def has_blank_line(self, start: int, end: int) -> bool:
        """Returns whether there is an empty line in a part of the text."""
        return any(not line.strip() for line in LINE_END.split(self.text[start:end])[1:-1])
