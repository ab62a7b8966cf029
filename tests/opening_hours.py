"""The small office with opening hours: what an operator adds to a knowledge file to tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.model import Message, Reply
from intents import Matcher
from intents.fitting import fit
from intents.loading import parse
from tests import small_office

BANGKOK = ZoneInfo("Asia/Bangkok")

WORDS = """\
time_words:
  open_now: {th: "เปิดอยู่ ถึง {until}", en: "Open until {until}."}
  open_always: {th: เปิดตลอด, en: Always open.}
  closed_now: {th: "ปิดอยู่ เปิด{opens}", en: "Closed. Opens {opens}."}
  closed_always: {th: ปิดถาวร, en: Closed for good.}
  open_on: {th: "{day} เปิด {hours}", en: "On {day} open {hours}."}
  closed_on: {th: "ปิด{day}", en: "On {day} closed."}
  hours_unknown: {th: "ไม่ทราบเวลา โทร {contacts.consular.phones}", en: "Hours not known; ring {contacts.consular.phones}."}
  expired: {th: "ใช้ได้ถึง {until}", en: "Held until {until}."}
  upcoming: {th: "ใช้ได้ตั้งแต่ {from}", en: "Holds from {from}."}
"""
INTENT = """\
  hours:
    label: {th: เวลาทำการ, en: Opening hours}
    ask:
      th: [เปิดอยู่ไหม, สถานทูตเปิดกี่โมง, วันเสาร์เปิดไหม, พรุ่งนี้เปิดหรือเปล่า, สงกรานต์หยุดไหม, วันที่ 5 พ.ค. เปิดทำการไหม]
      en: [are you open now, when does the embassy open, are you open on Saturday, is it open tomorrow, closed for Songkran, are you open on 5 May]
    reply: {th: ไม่ทราบเวลาทำการ, en: The hours are not known}
    reply_with_hours: {th: "{contacts.embassy.hours}\\n\\n{contacts.consular.hours}", en: "{contacts.embassy.hours}\\n\\n{contacts.consular.hours}"}
    next: [embassy_phone]
"""


def text(hours: Mapping[str, str], more: str = "") -> str:
    """Returns the file with what stands under `hours` of each contact, as YAML in one line."""
    found = small_office.TEXT.replace("messages:\n", WORDS + "messages:\n", 1) + INTENT + more
    for contact, written in hours.items():
        found = found.replace(f"  {contact}:\n", f"  {contact}:\n    hours: {written}\n", 1)
    return found


@cache
def office(embassy: str = "", consular: str = "", more: str = "") -> Assistant:
    """Returns an assistant of an office with these hours; learned once, in memory only."""
    both = {"embassy": embassy, "consular": consular}
    hours = {contact: written for contact, written in both.items() if written}
    return Assistant(Matcher(fit(parse(text(hours, more).encode(), "hours.yaml"))))


def at(moment: str) -> float:
    """Returns the Unix seconds at which clocks in Bangkok show "2026-04-13 09:00"."""
    return datetime.fromisoformat(moment).replace(tzinfo=BANGKOK).timestamp()


def ask(assistant: Assistant, question: str, moment: str, kind: str = "text") -> Reply:
    """Returns the reply to a question at a moment in Bangkok."""
    message = Message("web", "1", "choice" if kind == "choice" else "text", question)
    return assistant.respond(message, Conversation(), at(moment))[0]


def told(assistant: Assistant, question: str, moment: str, office: int = 0) -> list[str]:
    """Returns what is told of the first or the second office, line by line."""
    return ask(assistant, question, moment).text.split("\n\n")[office].split("\n")
