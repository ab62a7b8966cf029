r"""One canonical form of a text, so that what looks or sounds alike compares equal.

Pure and idempotent: `normalise(normalise(x)) == normalise(x)` for every string.
Never uses `\w`, `str.isalnum` or rapidfuzz's `default_process` on Thai: its vowel signs and tone
marks are no "word characters" (Unicode category Mn) and would be lost.
"""

from __future__ import annotations

import re
import unicodedata

from intents.years import unify

#: Longer questions are cut here before anything else looks at them: LINE sends 5,000 UTF-16 units
#: at most, Telegram 4,096 characters, and a need is said well before that.
MAX_CHARS = 2_000

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

#: Thai vowel signs above and below the line, and the tone marks with thanthakhat and nikhahit.
#: https://www.unicode.org/charts/PDF/U0E00.pdf
_VOWEL_SIGN = "ัิ-ฺ็"
_TONE = "่-์"
_SIGNS = re.compile(f"[{_VOWEL_SIGN}{_TONE}]{{2,}}")
_SPLIT_SARA_AM = re.compile(f"ํ([{_TONE}]*)า")
_REPEATED = re.compile(r"([^\d\s])\1{2,}")
_APOSTROPHE = re.compile(r"['’‘`´]")

#: Endings that make a sentence polite or casual and say nothing about what is asked. Only at the
#: end of a Thai run: คะ also begins คะแนน, คับ ends บังคับ.
_PARTICLE = re.compile(
    "(?:(?:หน่อย|ด้วย|บ้าง|มั่ง|ที)?(?:นะ|น่ะ|น้า|เน้อ|สิ|ดิ|จ้ะ)?"
    "(?:ครับผม|ครับ|คร้าบ|คับ|ค้าบ|คัฟ|งับ|ค่ะ|คะ|ค่า|ค่าา|ขา|จ้า|จ้ะ|จ๊ะ|ฮะ|ฮับ|อะ|อ่ะ|อ่า|ป่ะ|ปะ|เอ่ย))"
    "(?=\\s|$)"
)
_PARTICLE_WORDS = frozenset({"นะ", "น่ะ", "จ้า", "ครับ", "คับ", "ค่ะ", "คะ", "อะ", "อ่ะ"})

_SILENT = re.compile("[ก-ฮ][ิุ]?์")

#: Consonants that sound alike, vowels that typists confuse, and marks that they forget: a text and
#: its usual misspellings share a skeleton.
_SKELETON = str.maketrans(
    {
        **dict.fromkeys("่้๊๋็์", None),
        **dict.fromkeys("ศษ", "ส"),
        **dict.fromkeys("ณ", "น"),
        **dict.fromkeys("ญ", "ย"),
        **dict.fromkeys("ฎ", "ด"),
        **dict.fromkeys("ฏ", "ต"),
        **dict.fromkeys("ฐฑฒธถ", "ท"),
        **dict.fromkeys("ภผ", "พ"),
        **dict.fromkeys("ฬร", "ล"),
        **dict.fromkeys("ฆฅขฃ", "ค"),
        **dict.fromkeys("ฌฉ", "ช"),
        **dict.fromkeys("ใ", "ไ"),
        **dict.fromkeys("ีึื", "ิ"),
        **dict.fromkeys("ู", "ุ"),
        **dict.fromkeys("ะั", None),
    }
)


#: Texts of nothing but this need no look at each character.
_ONLY_KEPT = re.compile("[ a-z0-9ก-ฺเ-๎]*")


def _is_kept(char: str) -> bool:
    """Tells letters, digits and Thai marks from everything that only separates them."""
    return unicodedata.category(char)[0] in "LN" or "ะ" <= char <= "ฺ" or "็" <= char <= "๎"


def _separators(text: str) -> str:
    """Returns `text` with invisible characters dropped and all punctuation turned to spaces."""
    if _ONLY_KEPT.fullmatch(text):
        return text
    out = []
    for char in text:
        if _is_kept(char):
            out.append(char)
        elif unicodedata.category(char) not in ("Cf", "Mn", "Me", "Cs"):
            out.append(" ")
    return "".join(out)


def _in_order(signs: re.Match[str]) -> str:
    """Returns the signs on one letter once each, vowels before tones, as Unicode numbers them."""
    return "".join(sorted(set(signs[0])))


def normalise(text: str) -> str:
    """Returns the canonical form: lower case, no punctuation, single spaces, marks in order.

    Unicode NFKC, case folded, Thai digits as Arabic ones, ํา as ำ, เเ as แ, the repetition mark ๆ
    dropped, a letter typed three or more times once. At most `MAX_CHARS` characters are read.
    Empty when nothing but punctuation or symbols is left.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARS])[:MAX_CHARS].casefold()
    text = text.translate(_THAI_DIGITS)
    text = _separators(_APOSTROPHE.sub("", text).replace("ๆ", " "))
    # Once more: what is gone by now may have kept two letters apart.
    text = _SPLIT_SARA_AM.sub(r"\1ำ", unicodedata.normalize("NFKC", text))
    text = _REPEATED.sub(r"\1", _SIGNS.sub(_in_order, text).replace("เเ", "แ"))
    return " ".join(text[:MAX_CHARS].split())


def canonical(text: str) -> str:
    """Returns a text as every part of the matcher reads it: years unified, normalised."""
    return normalise(unify(text))


def without_particles(text: str) -> str:
    """Returns a normalised text without polite and casual endings, or as it was if that is all."""
    bare = _PARTICLE.sub(" ", text)
    words = [word for word in bare.split() if word not in _PARTICLE_WORDS]
    return " ".join(words) or text


def skeleton(text: str) -> str:
    """Returns the Thai of a normalised text without what misspellings change.

    Letters silenced by thanthakhat go with it: แฟกซ์ and แฟก, เบอร์ and เบอ have one skeleton.
    """
    return _SILENT.sub("", text).translate(_SKELETON)
