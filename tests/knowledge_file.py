"""A small knowledge file without faults, and what its faults are once it is changed.

The sign ‸ in a changed text stands where the fault must point; it is taken out before parsing.
"""

from __future__ import annotations

import pytest

from intents.faults import Fault, KnowledgeError
from intents.loading import parse

VALID = """\
bot: {name: {th: บอท, en: Bot}, description: {th: ก, en: D}, about: {th: ก, en: A}, time_zone: Asia/Bangkok}
documents:
  paper: {title: {th: ข่าว, en: News}, issued_by: {th: เรา, en: Us}, date: 2021-03-01}
contacts:
  office:
    name: {th: สำนักงาน, en: Office}
    phones: [(+66 2) 234-98-24, +66 2 268-11-69]
    faxes: [(+66 2) 237-84-88]
    email: null
    location: {latitude: 13.73, longitude: 100.52}
vocabulary:
  phone: [โทรศัพท์, telephone]
  fax: [แฟกซ์, facsimile]
facets:
  channel: [phone, fax]
menu: [ring]
messages:
  welcome: {th: สวัสดี, en: Hello}
  offer: {th: เรื่องใด, en: Which}
  unknown: {th: ไม่ทราบ, en: "Ask {contacts.office.phones}"}
  near_miss: {th: "ไม่มี {name}", en: "No {name}"}
  near_miss_kind: {th: ไม่มี, en: Not that}
  other_language: {th: ไทย, en: English}
  not_text: {th: พิมพ์, en: Type}
  choose_language: {th: ภาษา, en: Language}
  language_set: {th: ตกลง, en: Done}
  privacy: {th: "{days} วัน", en: "{days} days"}
  forgotten: {th: ลบแล้ว, en: Erased}
  joined: {th: สวัสดี, en: Hello}
  late: {th: ขออภัย, en: Sorry}
  menu: {th: เมนู, en: Topics}
  too_fast: {th: ช้าลง, en: Slower}
  error: {th: ขัดข้อง, en: Broken}
  call: {th: โทร, en: Call}
  fax: {th: แฟกซ์, en: Fax}
  map: {th: แผนที่, en: Map}
intents:
  ring:
    label: {th: โทรศัพท์, en: Phone}
    ask:
      th: [เบอร์อะไร]
      en:
        - what is your number
        - no
    reply: {th: "โทร {contacts.office.phones}", en: "Call {contacts.office.phones}"}
    card: office
    source: {document: paper, part: end}
    next: [hello]
    not: {en: [number of pi]}
  hello:
    label: {th: สวัสดี, en: Hello}
    ask: {th: [สวัสดี], en: [good morning]}
    reply: {th: สวัสดี, en: Hello}
    small_talk: yes
page:
  placeholder: {th: พิมพ์คำถาม, en: Ask}
  send: {th: ส่ง, en: Send}
  you: {th: คุณ, en: You}
  typing: {th: กำลังพิมพ์, en: Typing}
  failed: {th: ไม่สำเร็จ, en: Failed}
  retry: {th: อีกครั้ง, en: Again}
  privacy: {th: ไม่เก็บข้อมูล, en: Nothing is kept}
  no_script: {th: โทร, en: Ring}
"""


def changed(old: str, new: str) -> str:
    assert VALID.count(old) == 1, f"{old!r} must stand once in the valid file"
    return VALID.replace(old, new)


def faults_in(text: str) -> list[Fault]:
    with pytest.raises(KnowledgeError) as caught:
        parse(text.encode(), "k.yaml")
    return list(caught.value.faults)


def without_caret(text: str) -> tuple[str, int, int]:
    """Returns the text without ‸, and the line and column where it stood, from 1."""
    before, caret, after = text.partition("‸")
    assert caret, "no ‸ says where the fault is"
    lines = before.split("\n")
    return before + after, len(lines), len(lines[-1]) + 1


def assert_only_fault(text: str, message: str) -> None:
    text, line, column = without_caret(text)
    assert [str(fault) for fault in faults_in(text)] == [f"k.yaml:{line}:{column}: {message}"]
