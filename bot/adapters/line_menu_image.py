"""Draws a rich menu: a tab for each language, and below it a field for each topic.

Thai marks are placed here, letter by letter, rather than by the font's own tables: Pillow can read
those only where the system has libfribidi, and the picture shall be the same everywhere.
The font is Sarabun, under the SIL Open Font License (`bot/fonts/OFL.txt`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

#: The larger of LINE's usual sizes: https://developers.line.biz/en/docs/messaging-api/using-rich-menus/
WIDTH, HEIGHT = 2500, 1686

#: Of the tabs, of the gap around fields, and of what a field leaves free beside its label.
_TAB_HEIGHT, _GAP, _MARGIN = 246, 28, 56

_COLUMNS = 3

#: Pixels of 2500, which a phone shows at about a sixth: 62 is as small as the texts of LINE itself.
_SIZES = range(120, 61, -2)

#: Dark on light at 7:1 or more, as WCAG 2.2 asks at level AAA.
_INK, _PAPER, _FIELD, _ACCENT = "#16324f", "#e3eaf1", "#ffffff", "#1f4e79"

_UPPER_VOWELS = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d")
_LOWER_VOWELS = frozenset("\u0e38\u0e39\u0e3a")
_TONES = frozenset("\u0e48\u0e49\u0e4a\u0e4b\u0e4c")
_SARA_AM = "\u0e33"

#: Consonants whose right stem rises to where the marks stand.
_TALL = frozenset("ปฝฟฬ")

#: How far marks move, in parts of the type size, measured on this font.
_LIFT, _SHIFT = 0.235, 0.115


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, in pixels."""

    x: int
    y: int
    width: int
    height: int


def layout(tabs: int, fields: int) -> tuple[list[Box], list[Box]]:
    """Returns where the tabs and the fields are; together they cover the picture."""
    top = _TAB_HEIGHT if tabs else 0
    tab_boxes = [_cell(Box(0, 0, WIDTH, top), i, tabs, 0, 1) for i in range(tabs)]
    rows = -(-fields // _COLUMNS)
    field_boxes = []
    for row in range(rows):
        # The last row's fields share its width, so that no hole is left.
        count = min(_COLUMNS, fields - row * _COLUMNS)
        area = Box(0, top, WIDTH, HEIGHT - top)
        field_boxes += [_cell(area, column, count, row, rows) for column in range(count)]
    return tab_boxes, field_boxes


def draw(tabs: Sequence[str], chosen: int, labels: Sequence[str]) -> bytes:
    """Returns the picture as PNG, some 80 KB of the megabyte that LINE takes.

    Args:
        tabs: names of the languages.
        chosen: index of the tab whose menu this is.
        labels: of the fields, row by row.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    tab_boxes, field_boxes = layout(len(tabs), len(labels))
    for index, (box, name) in enumerate(zip(tab_boxes, tabs, strict=True)):
        is_chosen = index == chosen
        _field(pen, box, name, *((_ACCENT, "#ffffff") if is_chosen else (_PAPER, _INK)))
    for box, label in zip(field_boxes, labels, strict=True):
        _field(pen, box, label, _FIELD, _INK)
    # A few flat colours need no more than a palette, which is a third of the size.
    stream = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(stream, "PNG")
    return stream.getvalue()


def placed(text: str) -> list[tuple[str, float, float]]:
    """Returns each character, and how far to move it left and up, in parts of the type size.

    A tone mark stands above an upper vowel if there is one, and left of a consonant's tall stem.
    """
    found = []
    base = vowel = ""
    for index, char in enumerate(text):
        is_tone = char in _TONES
        if not is_tone and char not in _UPPER_VOWELS | _LOWER_VOWELS:
            base, vowel = char, ""
        is_above = is_tone and (vowel or text[index + 1 : index + 2] == _SARA_AM)
        is_moved = (is_tone or char in _UPPER_VOWELS) and base in _TALL
        found.append((char, _SHIFT if is_moved else 0.0, _LIFT if is_above else 0.0))
        vowel = char if char in _UPPER_VOWELS else vowel
    return found


def _cell(area: Box, column: int, columns: int, row: int, rows: int) -> Box:
    """Returns a cell of an even grid; edges meet, whatever the division leaves over."""
    left, right = (area.x + area.width * c // columns for c in (column, column + 1))
    upper, lower = (area.y + area.height * r // rows for r in (row, row + 1))
    return Box(left, upper, right - left, lower - upper)


def _field(pen: ImageDraw.ImageDraw, box: Box, label: str, paper: str, ink: str) -> None:
    gap = _GAP // 2
    corners = (box.x + gap, box.y + gap, box.x + box.width - gap, box.y + box.height - gap)
    pen.rounded_rectangle(corners, radius=36, fill=paper)
    lines, size = _fitted(label, box.width - 2 * _MARGIN, box.height - _MARGIN)
    font = _font(size)
    pitch = 1.45 * size
    # Thai needs more room above the line than below: letters carry two storeys of marks.
    first = box.y + box.height / 2 + 0.32 * size - pitch * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        x = box.x + (box.width - font.getlength(line)) / 2
        _write(pen, x, first + number * pitch, line, font, ink)


def _write(
    pen: ImageDraw.ImageDraw, x: float, y: float, text: str, font: ImageFont.FreeTypeFont, ink: str
) -> None:
    """Writes a line of text from `x` on, its foot at `y`."""
    for index, (char, left, up) in enumerate(placed(text)):
        at = x + font.getlength(text[:index]) - left * font.size
        pen.text((at, y - up * font.size), char, font=font, fill=ink, anchor="ls")


def _fitted(label: str, width: float, height: float) -> tuple[list[str], int]:
    """Returns a label in one or two lines, whichever can be larger, then evener, and its size."""
    words = label.split(" ")
    ways = [[label]]
    ways += [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    sized = [(_largest(lines, width, height), -_widest(lines, _SIZES[-1]), lines) for lines in ways]
    size, _, lines = max(sized, key=lambda found: found[:2])
    return lines, size


def _largest(lines: list[str], width: float, height: float) -> int:
    for size in _SIZES:
        if _widest(lines, size) <= width and 1.45 * size * len(lines) <= height:
            return size
    return _SIZES[-1]


def _widest(lines: list[str], size: int) -> float:
    return max(float(_font(size).getlength(line)) for line in lines)


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    data = files("bot").joinpath("fonts", "Sarabun-SemiBold.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
