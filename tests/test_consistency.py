"""What must hold between the parts of a knowledge file: each rule broken by one small change."""

from __future__ import annotations

import pytest

from intents.consistency import facts
from intents.loading import parse
from intents.reading import read
from intents.values import REPLY_LIMIT_UTF16, graphemes
from tests.knowledge_file import VALID, assert_only_fault, changed, faults_in

NUMBERS = "{contacts.office.phones}"
RING_EN = f'en: "Call {NUMBERS}"'
LABEL_TH = "label: {th: โทรศัพท์, "
EMPTY = "fill it or leave it out"
BRACE = (
    "; braces only enclose a fact, such as {contacts.NAME.phones}, in replies, messages and page"
)
DIALLED = (
    " cannot be dialled: write + with country code and number, 8 to 15 digits, with nothing else "
    "but spaces, brackets and hyphens, such as (+66 2) 234-98-24"
)
NOT_AN_ID = (
    " is not an intent id: write small letters a-z, digits and _, a letter first, at most 50 in "
    "all, such as embassy_phone"
)
DATES = " is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, such as 2021-03"
FACTS = (
    "contacts.office.faxes, contacts.office.name, contacts.office.phones, documents.paper.date, "
    "documents.paper.issued_by, documents.paper.title"
)

#: What is wrong, the text in the valid file, what stands in its place, and the fault.
RULES = [
    # languages
    ("a language is missing", "offer: {th: เรื่องใด, en: Which}", "‸offer: {th: เรื่องใด}",
     "'offer' lacks the language 'en'; add a line en: ..."),
    ("a language of phrases is missing", "ask: {th: [สวัสดี], en: [good morning]}",
     "‸ask: {th: [สวัสดี]}", "'ask' lacks the language 'en'; add a line en: ..."),
    ("a language is unknown", "en: Which}", "en: Which, ‸ru: Что}",
     "'ru' is no language of this file (see bot: name:); write one of en, th"),
    ("a language of not is unknown", "{en: [number of pi]}", "{‸ru: [number of pi]}",
     "'ru' is no language of this file (see bot: name:); write one of en, th"),
    ("a language has no such code", "en: Bot}", "‸english: Bot}",
     "'english' is not a language code; write two or three letters such as th or en"),
    # emptiness
    ("a list is empty", "en: [good morning]", "‸en: []", f"'en' is empty; {EMPTY}"),
    ("a phrase is empty", "[good morning]", "[hi, ‸'']", f"entry 2 of 'en' is empty; {EMPTY}"),
    ("a text is invisible", "en: Which", 'en: ‸"\\u200b "', f"'en' is empty; {EMPTY}"),
    ("a mapping is empty", "not: {en: [number of pi]}", "‸not: {}", f"'not' is empty; {EMPTY}"),
    # control characters
    ("a text rings", "en: Which", 'en: ‸"a\\a"',
     "'a\\x07' holds the control character U+0007; take it out"),
    ("a key rings", "  fax: [แฟกซ์, facsimile]\n",
     '  fax: [แฟกซ์, facsimile]\n  ‸"x\\a": [x]\n',
     "'x\\x07' holds the control character U+0007; take it out"),
    # references
    ("a card dangles", "card: office", "card: ‸offise",
     "there is no 'offise' under contacts; did you mean 'office'?"),
    ("a document dangles", "document: paper", "document: ‸treaty",
     "there is no 'treaty' under documents; write one of paper"),
    ("a next intent dangles", "next: [hello]", "next: [‸hallo]",
     "there is no 'hallo' under intents; did you mean 'hello'?"),
    ("an intent follows itself", "next: [hello]", "next: [hello, ‸ring]",
     "'ring' follows itself; name another intent"),
    ("an intent follows twice", "next: [hello]", "next: [hello, ‸hello]",
     "'hello' is named twice; keep one (see line 48)"),
    ("a menu entry dangles", "menu: [ring]", "menu: [‸rang]",
     "there is no 'rang' under intents; did you mean 'ring'?"),
    ("a facet dangles", "[phone, fax]", "[phone, ‸fex]",
     "there is no 'fex' under vocabulary; did you mean 'fax'?"),
    # placeholders
    ("a placeholder is misspelt", RING_EN, "en: ‸'{contacts.offices.phones}'",
     "'{contacts.offices.phones}' stands for nothing in this file; "
     "did you mean 'contacts.office.phones'?"),
    ("a placeholder is null", RING_EN, "en: ‸'{contacts.office.email}'",
     "'{contacts.office.email}' is empty in this file; fill it in there or take it out here"),
    ("a placeholder is left out", RING_EN, "en: ‸'{contacts.office.address}'",
     "'{contacts.office.address}' is empty in this file; fill it in there or take it out here"),
    ("a brace is open", RING_EN, "en: ‸'Call {contacts'",
     f"stray brace in 'Call {{contacts'{BRACE}"),
    ("a brace is stray", RING_EN, "en: ‸'Call }'", f"stray brace in 'Call }}'{BRACE}"),
    ("braces are doubled", "en: Which", f"en: ‸'{{{NUMBERS}}}'",
     f"stray brace in '{{{NUMBERS}}}'{BRACE}"),
    ("a label has a placeholder", f"{LABEL_TH}en: Phone}}", f"{LABEL_TH}en: ‸'{{name}}'}}",
     f"stray brace in '{{name}}'{BRACE}"),
    ("a near miss names nothing", 'en: "No {name}"', "en: ‸No",
     "'No' must hold {name}, which becomes the thing asked about"),
    ("another message has a name", "en: English", "en: ‸'{name}'",
     f"'{{name}}' stands for nothing in this file; write one of {FACTS}"),
    # phrases
    ("a phrase is under two intents", "[good morning]", "[‸What is your NUMBER?]",
     "'What is your NUMBER?' stands under ring and hello; keep one (see line 43)"),
    ("a phrase is twice under one", "        - no\n", "        - no\n        - ‸No!\n",
     "'No!' stands twice under ring; keep one (see line 44)"),
    ("a phrase is under its own not", "[number of pi]", "[‸No]",
     "'No' is asked under ring, so not: must not name it; keep one (see line 44)"),
    ("a phrase is under another's not", "[number of pi]", "[‸good morning]",
     "'good morning' is asked under hello, so not: must not name it; keep one (see line 52)"),
    ("a word is in two groups", "[แฟกซ์, facsimile]", "[แฟกซ์, ‸Telephone]",
     "'Telephone' stands in phone and in fax; keep one (see line 12)"),
    # lengths
    ("a label is too long", f"{LABEL_TH}en: Phone}}", f"{LABEL_TH}en: ‸Telephone of the office}}",
     "the label 'Telephone of the office' has 23 characters; a button takes 20"),
    ("a phrase is too long", "[good morning]", f"[‸{'x' * 301}]",
     f"the phrase '{'x' * 60}…' has 301 characters; at most 300 are taken"),
    ("a dismissed phrase is too long", "[number of pi]", f"[‸{'x' * 301}]",
     f"the phrase '{'x' * 60}…' has 301 characters; at most 300 are taken"),
    ("a message is too long", "en: Which", f"en: ‸{'x' * 4095}😀",
     f"the text '{'x' * 60}…' has 4097 characters with its facts filled in; "
     "Telegram and LINE take 4096"),
    # values
    ("a number lacks its country", "faxes: [(+66 2) 237-84-88]", "faxes: [‸02 237 84 88]",
     f"'02 237 84 88'{DIALLED}"),
    ("a number has words", "+66 2 268-11-69", "‸+66 2 268-11-69 ext. 2",
     f"'+66 2 268-11-69 ext. 2'{DIALLED}"),
    ("an e-mail address is none", "email: null", "email: ‸office at example.org",
     "'office at example.org' is not an e-mail address such as office@example.org"),
    ("a time zone is misspelt", "Asia/Bangkok", "‸Asia/Bangkog",
     "'Asia/Bangkog' is not a time zone such as Asia/Bangkok; did you mean 'Asia/Bangkok'?"),
    ("a date is not in the calendar", "2021-03-01", "‸2021-02-30", f"'2021-02-30'{DATES}"),
    ("a date is in words", "2021-03-01", "‸March 2021", f"'March 2021'{DATES}"),
    ("a date is in the Buddhist Era", "2021-03-01", "‸2564-03",
     "'2564-03' is in the Buddhist Era; write the year 2021"),
    ("a latitude is too far north", "latitude: 13.73", "latitude: ‸90.1",
     "'90.1' degrees are not on the map; write a number from -90 to 90"),
    ("a longitude is no number", "longitude: 100.52", "longitude: ‸nan",
     "'nan' degrees are not on the map; write a number from -180 to 180"),
    ("an intent id has a capital", "  ring:\n", "  ‸Bye:\n    label: {th: ลา, en: Bye}\n"
     "    ask: {th: [ลา], en: [bye]}\n    reply: {th: ลา, en: Bye}\n  ring:\n",
     f"'Bye'{NOT_AN_ID}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES]
)
def test_a_broken_rule_is_told_with_its_place(old: str, new: str, message: str) -> None:
    assert_only_fault(changed(old, new), message)


def test_a_file_without_intents_or_languages_is_refused() -> None:
    text = "bot: {name: {}}\nintents: {}\n"

    told = [fault.message for fault in faults_in(text)]

    assert f"'name' is empty; {EMPTY}" in told
    assert f"'intents' is empty; {EMPTY}" in told


def test_the_length_of_a_reply_counts_the_facts_that_are_filled_in() -> None:
    phones = parse(VALID.encode(), "k.yaml").fact("contacts.office.phones", "en")
    times = REPLY_LIMIT_UTF16 // len(phones)
    rest = "x" * (REPLY_LIMIT_UTF16 - times * len(phones))

    parse(changed(RING_EN, f'en: "{NUMBERS * times}{rest}"').encode(), "k.yaml")
    [fault] = faults_in(changed(RING_EN, f'en: "{NUMBERS * times}{rest}y"'))

    assert "has 4097 characters with its facts filled in" in fault.message


def test_what_may_be_filled_in_is_what_the_model_can_fill_in() -> None:
    knowledge = parse(VALID.encode(), "k.yaml")
    known = facts(read(VALID.encode(), "k.yaml").tree)

    assert known
    for name, value in known.items():
        if value:
            assert knowledge.fact(name, "th")
        else:
            with pytest.raises(KeyError):
                knowledge.fact(name, "th")


@pytest.mark.parametrize(
    ("text", "count"),
    [("น้ำ", 1), ("โทรศัพท์", 6), ("สถานทูต", 6), ("e\u0301", 1), ("👩\u200d💻", 1), ("👍🏽 ok", 4)],
)
def test_a_letter_with_its_marks_is_one_character_of_a_label(text: str, count: int) -> None:
    assert graphemes(text) == count


@pytest.mark.parametrize("number", ["(+66 2) 234-98-24", "+7 495 123 45 67", "+12345678"])
def test_a_number_is_kept_as_people_read_it(number: str) -> None:
    text = changed("faxes: [(+66 2) 237-84-88]", f"faxes: [{number}]")

    assert parse(text.encode(), "k.yaml").contacts["office"].faxes == (number,)


@pytest.mark.parametrize("date", ["2021", "2021-03", "2021-03-31"])
def test_a_date_may_be_as_exact_as_it_is_known(date: str) -> None:
    text = changed("2021-03-01", date)

    assert parse(text.encode(), "k.yaml").documents["paper"].date == date
