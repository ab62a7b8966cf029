"""Knowledge files, whole or in part, laid out in the ways that operators and editors do."""

from __future__ import annotations

from pathlib import Path

from tests.knowledge_file import VALID

SHIPPED = (Path(__file__).parents[1] / "knowledge.yaml").read_bytes()

DASHES = """\
intents:
  ring:  # the commonest
    label: {th: โทรศัพท์, en: Phone}

    ask:
      th:
      - เบอร์อะไร   # with a remark

      # colloquial
      - 'เบอร์ไร'
      # and no more
      en:
      -   what is your number
    reply:
      th: โทร
      en: |
        Call

    not:
        en: ["number, of pi"]

  # The other one.
  hello:
    label: {th: สวัสดี, en: Hello}
    ask:
      th:
      - สวัสดี
      en:
      - >
        good
        morning
    reply: {th: สวัสดี, en: Hello}
# The end.
page: {}
"""
BRACES = """\
intents: {ring: {ask: {th: [ก , "ข"], en: [a,
  b # b
  ,]}}, hello: {ask: {th: [ค], en: [c]}}}"""
FILES = {
    "as shipped": SHIPPED,
    "mixed": VALID.encode(),
    "dashes": DASHES.encode(),
    "braces": BRACES.encode(),
    "windows": b"\xef\xbb\xbf" + DASHES.replace("\n", "\r\n").encode(),
    "no last line end": DASHES.partition("# The end")[0].rstrip().encode(),
    "no last line end on windows": VALID.partition("page:")[0].replace("\n", "\r\n")[:-2].encode(),
}
SMALL = {name: data for name, data in FILES.items() if data is not SHIPPED}
INTENTS = {name: "ring" if name in SMALL else "address" for name in FILES}
