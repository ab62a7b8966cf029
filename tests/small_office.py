"""A small knowledge file of an office of its own, for tests that need answers and not the shipped
facts: quick to learn, and nothing of it enters the cache.
"""

from __future__ import annotations

from functools import cache

from bot.assistant import Assistant
from intents import Matcher
from intents.fitting import fit
from intents.loading import parse

TEXT = """\
bot:
  name: {th: ข้อมูลสถานทูตนอร์เวย์, en: Norway Info}
  description: {th: ข้อมูลติดต่อ, en: Contact details}
  about: {th: ข้อมูลติดต่อ, en: Contact details}
  time_zone: Asia/Bangkok
contacts:
  embassy:
    name: {th: สถานทูต, en: Embassy}
    phones: [(+66 2) 111-11-11, (+66 2) 111-11-12]
    faxes: [(+66 2) 111-11-13]
    address: {th: 1 ถนนทดสอบ กรุงเทพฯ, en: "1 Test Road, Bangkok"}
  consular:
    name: {th: แผนกกงสุล, en: Consular Section}
    phones: [(+66 2) 222-22-22]
    faxes: [(+66 2) 222-22-23]
    location: {latitude: 13.75, longitude: 100.5}
vocabulary:
  phone: [โทรศัพท์, เบอร์โทร, phone, telephone, call]
  fax: [แฟกซ์, โทรสาร, fax, facsimile]
  address: [ที่อยู่, ตั้งอยู่, อยู่ที่ไหน, address, located]
  embassy: [สถานทูต, embassy]
  consular: [กงสุล, consular, consulate]
facets:
  channel: [phone, fax, address]
  office: [embassy, consular]
menu: [embassy_phone, consular_phone, address]
commands:
  start: {description: {th: เริ่ม, en: Begin}}
  help: {description: {th: ช่วยเหลือ, en: Help}, intent: help}
  contact: {description: {th: ติดต่อ, en: Contacts}, intent: embassy_phone}
  language: {description: {th: ภาษา, en: Language}}
  privacy: {description: {th: ข้อมูล, en: Privacy}}
  forget: {description: {th: ลบ, en: Forget}}
messages:
  welcome: {th: ยินดีต้อนรับ, en: Welcome}
  offer: {th: หมายถึงเรื่องใด, en: Which of these}
  unknown: {th: "ไม่ทราบ โทร {contacts.embassy.phones}", en: "Not known; ring {contacts.embassy.phones}"}
  near_miss: {th: "ไม่มีเรื่อง {name} โทร {contacts.consular.phones}", en: "Nothing on {name}; ring {contacts.consular.phones}"}
  near_miss_kind: {th: ไม่มีรายละเอียดนี้, en: Not that detail}
  other_language: {th: พูดไทยและอังกฤษ, en: I speak Thai and English}
  not_text: {th: พิมพ์เท่านั้น, en: Words only}
  choose_language: {th: เลือกภาษา, en: Choose a language}
  language_set: {th: ตอบเป็นไทย, en: English it is}
  privacy: {th: "เก็บ {days} วัน", en: "Kept {days} days"}
  forgotten: {th: ลบแล้ว, en: Erased}
  joined: {th: สวัสดีกลุ่ม, en: Hello group}
  late: {th: ขออภัยที่ช้า, en: Sorry for the wait}
  menu: {th: เมนู, en: Topics}
  too_fast: {th: กรุณาช้าลง, en: Slow down please}
  error: {th: ขัดข้อง, en: Broken}
  call: {th: โทร, en: Call}
  fax: {th: แฟกซ์, en: Fax}
  map: {th: แผนที่, en: Map}
page:
  placeholder: {th: พิมพ์คำถาม, en: Ask here}
  send: {th: ส่ง, en: Send}
  you: {th: คุณ, en: You}
  typing: {th: กำลังพิมพ์, en: Typing}
  failed: {th: ส่งไม่ได้, en: Could not be sent}
  retry: {th: ส่งอีกครั้ง, en: Try again}
  close: {th: ปิด, en: Close}
  privacy: {th: ไม่เก็บข้อมูล, en: Nothing is kept}
  no_script: {th: "โทร {contacts.embassy.phones}", en: "Ring {contacts.embassy.phones}"}
intents:
  embassy_phone:
    label: {th: โทรศัพท์สถานทูต, en: Embassy phone}
    ask:
      th: [เบอร์โทรสถานทูต, ขอเบอร์โทรศัพท์สถานทูตนอร์เวย์, โทรหาสถานทูตเบอร์อะไร, สถานทูตโทรศัพท์หมายเลขอะไร]
      en: [embassy phone number, what is the telephone number of the embassy, how can I call the Norwegian embassy, the embassy's phone please]
    reply: {th: "โทรสถานทูต {contacts.embassy.phones}", en: "Ring the embassy on {contacts.embassy.phones}"}
    card: embassy
    next: [embassy_fax, consular_phone, address, history, help]
  embassy_fax:
    label: {th: แฟกซ์สถานทูต, en: Embassy fax}
    ask:
      th: [แฟกซ์สถานทูต, ขอเบอร์แฟกซ์ของสถานทูตนอร์เวย์, สถานทูตมีโทรสารหมายเลขอะไร, ส่งแฟกซ์ถึงสถานทูตเบอร์ไหน]
      en: [embassy fax number, what is the fax number of the embassy, how can I send a fax to the Norwegian embassy, the embassy's facsimile please]
    reply: {th: "แฟกซ์สถานทูต {contacts.embassy.faxes}", en: "Fax the embassy on {contacts.embassy.faxes}"}
    card: embassy
    next: [embassy_phone]
  consular_phone:
    label: {th: โทรศัพท์กงสุล, en: Consular phone}
    ask:
      th: [เบอร์โทรแผนกกงสุล, ขอเบอร์โทรศัพท์กงสุล, โทรหาแผนกกงสุลเบอร์อะไร, กงสุลโทรศัพท์หมายเลขอะไร]
      en: [consular phone number, what is the telephone number of the consular section, how can I call the consulate, the consular section's phone please]
    reply: {th: "โทรกงสุล {contacts.consular.phones}", en: "Ring the consuls on {contacts.consular.phones}"}
    card: consular
    next: [embassy_phone]
  consular_fax:
    label: {th: แฟกซ์กงสุล, en: Consular fax}
    ask:
      th: [แฟกซ์แผนกกงสุล, ขอเบอร์แฟกซ์กงสุล, กงสุลมีโทรสารหมายเลขอะไร, ส่งแฟกซ์ถึงกงสุลเบอร์ไหน]
      en: [consular fax number, what is the fax number of the consular section, how can I send a fax to the consulate, the consular section's facsimile please]
    reply: {th: "แฟกซ์กงสุล {contacts.consular.faxes}", en: "Fax the consuls on {contacts.consular.faxes}"}
    card: consular
    next: [consular_phone]
  address:
    label: {th: ที่อยู่, en: Address}
    ask:
      th: [สถานทูตอยู่ที่ไหน, ขอที่อยู่สถานทูต, สถานทูตตั้งอยู่ถนนอะไร, ไปสถานทูตยังไง]
      en: [where is the embassy located, embassy address, which street is the embassy on, how do I get to you]
    reply: {th: "{contacts.embassy.address}", en: "{contacts.embassy.address}"}
    card: embassy
    next: [embassy_phone]
  history:
    label: {th: ประวัติความสัมพันธ์, en: History}
    ask:
      th: [ไทยกับนอร์เวย์มีความสัมพันธ์ทางการทูตเมื่อปีใด, ประวัติความสัมพันธ์ไทยนอร์เวย์, เริ่มสัมพันธ์ทางการทูตกันเมื่อไร, คบหาเป็นมิตรกันมานานแค่ไหน]
      en: [when did Thailand and Norway establish relations, history of diplomatic relations, since when are the two kingdoms friends, how old is the friendship]
    reply: {th: ตั้งแต่ พ.ศ. 2448, en: Since 1905}
    next: [address]
  greet:
    label: {th: สวัสดี, en: Hello}
    ask: {th: [สวัสดี, หวัดดี, ดีจ้า], en: [hello, hi there, good morning]}
    reply: {th: สวัสดี, en: Hello there}
    next: [embassy_phone, consular_phone, address]
    small_talk: true
  help:
    label: {th: ถามอะไรได้บ้าง, en: What can I ask}
    ask: {th: [ถามอะไรได้บ้าง, ช่วยอะไรได้, มีหัวข้ออะไรบ้าง], en: [what can you do, help, what can I ask you]}
    reply: {th: ถามเรื่องสถานทูตได้, en: Ask about the embassy}
    next: [embassy_phone, consular_phone, address]
    small_talk: true
"""


@cache
def matcher() -> Matcher:
    """Returns what understands the small office; learned once, in memory only."""
    return Matcher(fit(parse(TEXT.encode(), "small.yaml")))


def assistant() -> Assistant:
    """Returns an assistant of the small office."""
    return Assistant(matcher(), retention_days=30)
