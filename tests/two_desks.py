"""A small knowledge file in which two desks have the same channels: for tests of understanding."""

from __future__ import annotations

from typing import Any

import yaml

from intents.knowledge import Knowledge
from intents.loading import parse
from tests.knowledge_file import VALID

#: What it has in place of the same sections of `VALID`.
_SECTIONS = """\
bot: {name: {th: บอทสถานทูตฟินแลนด์, en: Embassy of Finland in Thailand}}
documents:
  leaflet: {title: {th: แผ่นพับ, en: Leaflet}, issued_by: {th: สถานทูต, en: Embassy}, date: "2020"}
contacts:
  embassy:
    name: {th: สถานทูตฟินแลนด์, en: Embassy of Finland}
    phones: [(+66 2) 100-00-01]
    faxes: [(+66 2) 100-00-02]
    address: {th: กรุงเทพฯ, en: Bangkok}
  consular:
    name: {th: แผนกกงสุล, en: Consular Section}
    phones: [(+66 2) 100-00-03]
    faxes: [(+66 2) 100-00-04]
    location: {latitude: 13.73, longitude: 100.52}
vocabulary:
  phone: [โทรศัพท์, เบอร์โทร, phone, telephone, call, ring]
  fax: [แฟกซ์, โทรสาร, fax, facsimile]
  embassy: [สถานทูต, embassy]
  consular: [กงสุล, consul]
  meeting: [ประชุม, meeting, summit]
facets:
  channel: [phone, fax]
  office: [embassy, consular]
menu: [embassy_phone, meeting]
intents:
  embassy_phone:
    label: {th: โทรศัพท์สถานทูต, en: Embassy phone}
    ask:
      th:
        - ขอเบอร์โทรศัพท์สถานทูต
        - สถานทูตใช้หมายเลขโทรศัพท์อะไร
        - จะโทรหาสถานทูตต้องกดเลขอะไร
        - เบอร์ติดต่อสถานทูต
        - โทรไปสถานทูตได้ที่ไหน
      en:
        - what is the phone number of the embassy
        - telephone of the Finnish embassy
        - how can I ring the embassy
        - which number do I dial to call the embassy
        - embassy phone
    reply: {th: "โทร {contacts.embassy.phones}", en: "Call {contacts.embassy.phones}"}
    card: embassy
    next: [embassy_fax, consular_phone]
    not:
      en: [what is the phone number of the embassy cafeteria]
  embassy_fax:
    label: {th: แฟกซ์สถานทูต, en: Embassy fax}
    ask:
      th:
        - ขอเบอร์แฟกซ์สถานทูต
        - ส่งโทรสารถึงสถานทูตเบอร์อะไร
        - สถานทูตมีแฟกซ์ไหม
        - หมายเลขโทรสารของสถานทูต
        - แฟกซ์เอกสารไปสถานทูต
      en:
        - what is the fax number of the embassy
        - facsimile of the embassy
        - can I fax a form to the embassy
        - where do I send a fax for the ambassador
        - embassy fax
    reply: {th: "แฟกซ์ {contacts.embassy.faxes}", en: "Fax {contacts.embassy.faxes}"}
    card: embassy
    next: [embassy_phone, consular_fax]
  consular_phone:
    label: {th: โทรศัพท์กงสุล, en: Consular phone}
    ask:
      th:
        - ขอเบอร์โทรศัพท์แผนกกงสุล
        - กงสุลใช้หมายเลขโทรศัพท์อะไร
        - จะโทรคุยกับกงสุลเรื่องวีซ่า
        - เบอร์ติดต่อกงสุล
        - โทรหาแผนกวีซ่า
      en:
        - what is the phone number of the consular section
        - telephone of the consul
        - how do I ring the visa desk
        - call the consular people about my passport
        - consular phone
    reply: {th: "โทร {contacts.consular.phones}", en: "Call {contacts.consular.phones}"}
    card: consular
    next: [consular_fax, embassy_phone]
  consular_fax:
    label: {th: แฟกซ์กงสุล, en: Consular fax}
    ask:
      th:
        - ขอเบอร์แฟกซ์แผนกกงสุล
        - ส่งโทรสารถึงกงสุลเบอร์อะไร
        - กงสุลมีแฟกซ์ไหม
        - หมายเลขโทรสารของแผนกวีซ่า
        - แฟกซ์หนังสือเดินทางไปให้กงสุล
      en:
        - what is the fax number of the consular section
        - facsimile of the consul
        - can I fax my passport to the visa desk
        - where do I send a fax for the consular people
        - consular fax
    reply: {th: "แฟกซ์ {contacts.consular.faxes}", en: "Fax {contacts.consular.faxes}"}
    card: consular
    next: [consular_phone, embassy_fax]
  meeting:
    label: {th: ประชุมครั้งที่ 13, en: 13th meeting}
    ask:
      th:
        - การประชุมครั้งที่ 13 จัดเมื่อไร
        - ประชุมปี 2564 จัดที่ไหน
        - ใครเป็นเจ้าภาพการประชุม
        - กำหนดการประชุมผู้นำ
        - พนมเปญจัดประชุมเดือนอะไร
      en:
        - when is the 13th meeting
        - where will leaders gather in 2021
        - who hosts the summit in Phnom Penh
        - date of the meeting in Cambodia
        - tell me about the next summit
    reply: {th: ที่กัมพูชา พ.ศ. 2564, en: In Cambodia in 2021}
    source: {document: leaflet, part: end}
    next: [embassy_phone]
  hello:
    label: {th: สวัสดี, en: Hello}
    ask:
      th: [สวัสดี, หวัดดี, อรุณสวัสดิ์, ดีจ้า, ทักทาย]
      en: [hello, good morning, hi there, greetings, hey bot]
    reply: {th: สวัสดี, en: Hello}
    small_talk: yes
    next: [meeting]
"""


def tree() -> dict[str, Any]:
    """Returns the file as plain data, to change and to write."""
    valid = yaml.safe_load(VALID.replace("{contacts.office.", "{contacts.embassy."))
    own = yaml.safe_load(_SECTIONS)
    bot = {**valid["bot"], **own["bot"]}
    return {**own, "bot": bot, "messages": valid["messages"], "page": valid["page"]}


def written(changed: dict[str, Any]) -> bytes:
    """Returns plain data as a knowledge file."""
    text: str = yaml.safe_dump(changed, allow_unicode=True, sort_keys=False)
    return text.encode()


def knowledge() -> Knowledge:
    """Returns the file read."""
    return parse(written(tree()), "two_desks.yaml")
