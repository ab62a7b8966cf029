"""Several questions in one message, and questions that leave out what the last one said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from intents.fitting import Fitted
from intents.language import detect
from intents.text import canonical
from intents.vocabulary import Vocabulary

#: Where one question surely ends and the next begins. Thai กับ is no joint inside เกี่ยวกับ.
_JOINT = re.compile(
    r"[?!;\n]+|(?<!\d)[,/&+:](?!\d)|\b\d\)|(?<=\s)n(?=\s)"
    r"|(?<![a-z])(?:and also|and then|and|also|plus|as well as|then)(?![a-z])"
    r"|รวมถึง|รวมทั้ง|พร้อมทั้ง|พร้อมกับ|และ|แล้วก็|แล้ว|อีกเรื่อง|อีกอย่าง|ส่วน|ทั้ง(?!หมด|สอง|สาม|คู่|นี้|นั้น|ๆ)|(?<!เกี่ยว)กับ",
    re.IGNORECASE,
)

#: Where it may: Thai puts a space between clauses, and elsewhere too.
_SEAM = re.compile(r"(?<=[^\d\s])\.\s+|(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")

#: What tells a clause that asks from one that tells.
_ASKING = re.compile(
    r"(?<![a-z])(?:whats?|when|wheres?|which|who|whom|whose|why|how|is it|is there|are there|do you"
    r"|does|did|can i|can you|could|would you|may i|let me|tell me|give me|send me|need|want"
    r"|looking for|find out|know|explain|please|pls|plz)(?![a-z])"
    r"|ไหม|มั้ย|อะไร|ใคร|เมื่อไหร่|เมื่อไร|เมื่อใด|ไหน|กี่|เท่าไหร่|เท่าไร|ยังไง|อย่างไร|ทำไม|หรือเปล่า|รึเปล่า"
    r"|หรือไม่|ใด|ขอ|รบกวน|อยาก|ช่วย|ต้องการ|สอบถาม|ทราบ|บอก"
)

#: A clause of fewer characters says too little to be judged by itself.
_CLAUSE_CHARS = 15

#: A word of what is excluded, and not of "not sure" or "not to know".
_EXCLUDED = r"(?!(?:sure|working|open|to)\b)[a-z'’]+"

#: What somebody says they do not mean, to the end of the clause: "the main line, not the visa
#: people", ไม่ใช่ของกงสุล. In English only after a sign: not "is it not ..." or "why not".
_CONTRAST = re.compile(
    r"[,;(.!?][\s,;(]{0,8}(?:but\s+)?not\s+"
    rf"{_EXCLUDED}(?:\s{_EXCLUDED}){{0,3}}\s?(?=$|[,.;:!?)\n])"
    r"|(?:แต่)?(?:ไม่ใช่|มิใช่|ไม่เอา)(?!ไหม|มั้ย|หรือ|เหรอ|รึ|ครับ|ค่ะ)[^\s,.;!?]{3,40}",
    re.IGNORECASE,
)

#: What somebody would rather not do, or could not: "too lazy to call", โทรไม่ติด; and "not ..." at
#: the end of a clause without a sign before it.
_AVERSION = re.compile(
    r"(?<![a-z])(?:(?:instead of|rather than|too lazy to|can['’]?t get through|cannot get through"
    r"|(?:don['’]?t|do not) (?:want to|like to|like)"
    r" (?:call|phone|ring|talk|speak|write|come)[a-z]*)(?:\s[a-z'’]+){0,4}"
    rf"|not\s+{_EXCLUDED}(?:\s{_EXCLUDED}){{0,3}}\s?(?=$|[,.;:!?)\n]))"
    r"|(?:ขี้เกียจ|ไม่อยาก|ไม่สะดวก|ไม่ชอบ|ไม่กล้า)[^\s,.;!?]{2,20}"
    r"|โทร[^\s,.;!?]{0,6}ไม่(?:ติด|รับ|มีคนรับ)[^\s,.;!?]{0,6}",
    re.IGNORECASE,
)
#: A longer message, in characters, tells a story, and tells what is not wanted in many ways.
_AVERSION_CHARS = 80

#: A topic of the last answer's list, pointed at by its place.
_PLACES = {
    **dict.fromkeys(("first", "1st", "แรก", "ที่ 1", "ที่หนึ่ง"), 0),
    **dict.fromkeys(("second", "2nd", "ที่ 2", "ที่สอง"), 1),
    **dict.fromkeys(("third", "3rd", "ที่ 3", "ที่สาม"), 2),
    **dict.fromkeys(("last", "สุดท้าย"), -1),
}
_POINTING = re.compile(
    r"(?:(?<![a-z])(?:the )?|(?:อัน|ข้อ|เรื่อง|หัวข้อ|งาน))"
    rf"({'|'.join(sorted(_PLACES, key=len, reverse=True))})(?: one)?(?:ล่ะ|ละ|หน่อย|ค่ะ|คะ|ครับ| )*$"
)

#: Messages are split into at most this many parts; a longer one is a story, not a list.
_MOST_PARTS = 6

#: Shorter parts (in characters) say nothing by themselves unless they name a vocabulary word.
_SHORTEST = 8

#: A longer question, in characters, says itself what it is about.
_FOLLOW_UP_CHARS = 40


@dataclass(frozen=True, slots=True)
class Parts:
    """What one message may ask, piece by piece."""

    texts: tuple[str, ...]
    """Canonical; empty when the message is one piece."""
    jointed: bool
    """Whether a word or a sign joins them, and not just a space."""
    said: tuple[str, ...] = ()
    """The same as they were typed, without what other parts say for them."""


def _with_facets(text: str, lacking: dict[str, str], vocabulary: Vocabulary) -> str:
    """Returns a part of a message with what another part said for it."""
    words = [vocabulary.words[group] for group in lacking.values()]
    return " ".join([text, *words])


def without_contrast(typed: str) -> str:
    """Returns a message without what it says it does not ask; as it was if nothing is left."""
    kept = _CONTRAST.sub(" ", typed)
    return kept if canonical(kept) else typed


def without_aversion(vocabulary: Vocabulary, typed: str) -> str:
    """Returns "is there an e-mail? too lazy to call" without the call.

    As it was if what is left names no facet: "nobody answers the phone" is the question itself.
    """
    kept = _AVERSION.sub(" ", typed) if len(typed) <= _AVERSION_CHARS else typed
    return kept if vocabulary.facets_of(canonical(kept)) else typed


def wanted(fitted: Fitted, typed: str) -> str:
    """Returns a message without what it says it does not ask, numbers of the file by name."""
    asked = without_aversion(fitted.vocabulary, without_contrast(typed))
    return fitted.numbers.named(asked)


def pieces(typed: str) -> list[str]:
    """Returns the canonical clauses of a message, as far as signs and spaces tell."""
    split = (seam for joint in _JOINT.split(typed) for seam in _SEAM.split(joint))
    return [text for text in map(canonical, split) if text]


def is_asking(text: str) -> bool:
    """Tells whether a canonical text has a word of asking."""
    return _ASKING.search(text) is not None


def asking_clauses(typed: str) -> list[str]:
    """Returns those canonical clauses of a story that ask, and pairs of neighbours that do.

    All clauses when none has a word of asking.
    """
    single = [text for text in pieces(typed) if len(text) >= _CLAUSE_CHARS]
    clauses = single + [f"{one} {next_}" for one, next_ in pairwise(single)]
    return list(filter(is_asking, clauses)) or clauses


def parts(fitted: Fitted, typed: str) -> Parts:
    """Returns the questions that a message may consist of.

    A part that names one facet and not another takes the other from its neighbours: in "consular
    phone and fax" the fax is the consular one.
    """
    vocabulary = fitted.vocabulary
    texts = [text for text in pieces(typed) if len(text) >= _SHORTEST or vocabulary.found(text)]
    if not 2 <= len(texts) <= _MOST_PARTS:
        return Parts((), jointed=False)
    named = [vocabulary.facets_of(text) for text in texts]
    full = []
    for index, (text, facets) in enumerate(zip(texts, named, strict=True)):
        lacking = {
            facet: group
            for facet, group in _neighbours_facets(named, index)
            if facets and facet not in facets
        }
        full.append(_with_facets(text, lacking, vocabulary))
    return Parts(tuple(full), jointed=_JOINT.search(typed) is not None, said=tuple(texts))


def not_vague(fitted: Fitted, said: Mapping[int, str]) -> list[int]:
    """Returns the intents that parts of a message ask for, without those of vague parts.

    "which number?" after "I want to call about a visa" names no office: it is not the embassy's
    that is wanted besides.

    Args:
        fitted: what was learned from the file.
        said: for each intent the part that asks for it, without what other parts say for it.
    """
    return [
        intent
        for intent, part in said.items()
        if fitted.vocabulary.found(part)
        or not any(_differ_once(fitted.facets[intent], fitted.facets[other]) for other in said)
    ]


def _differ_once(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return one.keys() == other.keys() and len(one.items() ^ other.items()) == 2


def _neighbours_facets(named: list[dict[str, str]], index: int) -> Iterator[tuple[str, str]]:
    """Yields the facets that other parts name, once each, earlier parts first."""
    seen = set()
    for other in (*reversed(named[:index]), *named[index + 1 :]):
        for facet, group in other.items():
            if facet not in seen:
                seen.add(facet)
                yield facet, group


@dataclass(frozen=True, slots=True)
class Swapped:
    """A follow-up with what it left unsaid."""

    text: str
    facets: dict[str, str]
    """Where the intent asked for must stand in every facet."""


def with_facets_of(fitted: Fitted, text: str, previous: int) -> Swapped | None:
    """Returns "and the fax?" after the consular phone as the consular fax.

    None when the text names no facet, all of them, or more than a few words.
    """
    before = fitted.facets[previous]
    said = fitted.vocabulary.facets_of(text)
    kept = {facet: group for facet, group in before.items() if facet not in said}
    is_swap = any(before.get(facet, group) != group for facet, group in said.items())
    if not said or not (kept or is_swap) or len(text) > _FOLLOW_UP_CHARS:
        return None
    return Swapped(_with_facets(text, kept, fitted.vocabulary), {**kept, **said})


def pointed_at(text: str, choices: Sequence[str]) -> str | None:
    """Returns which of several topics "tell me more about the second one" means, if it does."""
    found = _POINTING.search(text) if len(text) <= _FOLLOW_UP_CHARS else None
    place = _PLACES[found[1]] if found else len(choices)
    return choices[place] if place < len(choices) and len(choices) > 1 else None


def leans_on(fitted: Fitted, text: str, previous: int) -> bool:
    """Tells whether a canonical question is short and names no topic but that of `previous`."""
    own = set(fitted.vocabulary.found(text)) - fitted.topics[previous]
    return len(text) <= _FOLLOW_UP_CHARS and not own


def with_topic_of(fitted: Fitted, text: str, previous: int) -> str:
    """Returns "which year was that?" with the label of the intent `previous`."""
    label = fitted.knowledge.intents[fitted.intent_ids[previous]].label
    language = detect(text, tuple(label)) or next(iter(label))
    return f"{text} {canonical(label.get(language) or next(iter(label.values())))}"
