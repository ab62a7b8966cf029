"""Whether a place is asked for, as in "where is the nearest hospital", or only spoken of.

A hospital in a question means little: somebody may be in one. It is asked about where a word for
reaching stands by it, and nobody of whom the file has the contacts is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_REACHING = (
    r"(?:phone|telephone|tel|mobile|contacts?|fax|e ?mail|hotline|numbers?|address|location|hours"
    r"|opening (?:hours|times))"
)
#: Words that tell of somebody rather than name a place more closely.
_TELLING = (
    "i|we|you|he|she|they|it|my|our|your|his|her|their|which|what|who|when|where|how|is|are|was"
    "|were|has|have|had|took|take|gave|told|says?|said|asks?|asked|wants?|needs?|from|near|by"
)
_CLOSER = rf"(?:(?!(?:{_TELLING})\b)[a-z]+ )"

#: `{}` is the place. By the sign [^ ] Thai, which has no spaces within a clause.
_ENGLISH = (
    rf"\b{{}} {_CLOSER}{{{{0,4}}}}{_REACHING}\b",
    rf"\b{_REACHING} (?:of|for|to|at) {_CLOSER}{{{{0,3}}}}{{}}\b",
    rf"\bwhere(?: is|s| are| can i find) {_CLOSER}{{{{0,4}}}}{{}}\b",
    rf"\bhow (?:do|can) i (?:call|contact|reach|ring) {_CLOSER}{{{{0,3}}}}{{}}\b",
    rf"\bwhen (?:does|is) {_CLOSER}{{{{0,3}}}}{{}} (?:open|close)",
)
_THAI = (
    r"(?:เบอร์|โทร|แฟกซ์|อีเมล|ที่อยู่|ที่ตั้ง|พิกัด|หมายเลข)(?:(?!จาก|ให้|ส่ง|กับ|เรื่อง)[^ ]){{0,15}}{}",
    r"(?<!จาก){}[^ ]{{0,24}}(?:อยู่(?:ที่|ตรง|แถว)?ไหน|(?:เปิด|ปิด)กี่โมง|เบอร์(?:อะไร|ไร|โทร))",
)


def is_asked_for(place: str, text: str, offices: Sequence[str]) -> bool:
    """Tells whether a normalised text asks how to reach a place that it names.

    Args:
        place: as the text spells it.
        text: the question.
        offices: words for those of whom the file has the contacts, such as "embassy".
    """
    rest = text.replace(place, " ")
    if any(office in rest for office in offices):
        return False
    patterns = _ENGLISH if place.isascii() else _THAI
    return any(re.search(pattern.format(re.escape(place)), text) for pattern in patterns)
