"""What YAML allows and a knowledge file does not, and slips that make no YAML at all."""

from __future__ import annotations

import pytest
import yaml

from intents import reading
from intents.faults import MAX_FAULTS, KnowledgeError
from intents.loading import locate, parse
from tests.knowledge_file import VALID, assert_only_fault, changed, faults_in, without_caret


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"bot: {\n  \xe0\xb8\x81\xff", "2:4: the byte 0xff is not UTF-8; save the file as UTF-8"),
        ("bot: ก".encode("utf-16-le"), "1:2: the control character U+0000 in "),
        (b"a" * (reading.MAX_BYTES + 1), "1:1: the file is larger than 5 MB; make it smaller"),
        (b"bot: \x07", "1:6: the control character U+0007 in 'bot: \\x07'; take it out"),
        (b"# nothing\n", "1:1: the file is empty; it needs bot, messages, page and intents"),
        (b"- bot", "1:1: the file must be lines for bot, messages, page, intents, documents, "),
        (b"[" * 100_000, "1:22: more than 20 levels; nothing that a bot says needs so many"),
        (b"? " + b"[" * 100_000, "1:24: more than 20 levels; "),
        (b"menu: [" + b"a," * 500_000 + b"]", "1:1000004: more than 500000 entries; "),
    ],
    ids=[
        "not UTF-8", "UTF-16", "too large", "control character", "empty", "a list", "brackets",
        "brackets as a key", "commas",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_fault(data: bytes, fault: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse(data, "k.yaml")

    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith(f"k.yaml:{fault}")


@pytest.mark.parametrize("loader", [reading.LOADER, yaml.SafeLoader], ids=["libyaml", "python"])
@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("bot:\n‸\tname: x\n", "indent with spaces, not with tabs"),
        ("bot:\n  name: x\n‸\tzone: y\n", "indent with spaces, not with tabs"),
        ("bot: x\n‸menu\nmessages: y\n", "a key needs a colon and a space after it, a list entry"),
        ("bot: ‸'it\nmenu: x\n", "the quotation mark that opens here is never closed"),
        ('bot: "x" ‸y\n', "the indentation is off, or a text goes on after its quotes end"),
        ("bot: x‸: y\n", "a text with ': ' in it needs quotes, or the indentation is off"),
        ("bot:\n  a: x\n ‸b: y\n", "the indentation is off, or a text goes on after its quotes"),
        ("bot: [x, y\nmenu‸: z\n", "entries between [ and ] need commas, and the ] may be missing"),
        ("bot: {x: y\nmenu‸: z\n", "entries between { and } need commas, and the } may be missing"),
        ("bot: ‸- x\n", "a list begins on the line below its key"),
        ("bot: ‸@x\n", "a text that begins with this sign needs quotes round it"),
        ("bot: {x: !y‸}\n", "a text that begins with ! needs quotes round it"),
        ("bot: *‸\n", "a text that begins with * or & needs quotes round it"),
    ],
)
def test_a_slip_in_yaml_is_told_in_plain_words(
    text: str, advice: str, loader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOADER", loader)
    text, line, column = without_caret(text)

    [fault] = faults_in(text)

    assert (fault.line, fault.column) == (line, column)
    assert fault.message.startswith("not YAML: ")
    assert advice in fault.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[number of pi]", "[‸!!python/name:os.system x]",
         "'!!python/name:os.system' is refused; a text that begins with ! needs quotes"),
        ("[number of pi]", "[‸!x pi]", "'!x' is refused; a text that begins with ! needs quotes"),
        ("[ring]", "‸&m [ring]", "'&m' is refused; a text that begins with & needs quotes"),
        ("[ring]", "‸*m", "'*m' is refused; write the text out"),
        ("menu: [ring]", "menu: [ring]\n‸menu: [ring]", "the key 'menu' is on line 16 already; "
         "keep one"),
        ("en: Which", "en: Which, ‸en: What", "the key 'en' is on line 19 already; keep one"),
        ("  hello:\n", "  ‸ring: {}\n  hello:\n", "the key 'ring' is on line 38 already; "
         "keep one"),
        ("menu: [ring]", "‸[menu]: [ring]", "a key must be a word; a text that begins with { or [ "
         "needs quotes"),
        ("menu: [ring]", "‸'': [ring]", "a key must be a word; a text that begins with { or [ "
         "needs quotes"),
        ("en: Ring}\n", "en: Ring}\n‸---\nbot: x\n", "a second document begins here; "
         "keep one and take '---' out"),
    ],
    ids=[
        "a Python tag", "a tag of one's own", "an anchor", "an alias", "a key twice",
        "a language twice", "an intent twice", "a list as a key", "an empty key", "two documents",
    ],
)  # fmt: skip
def test_what_is_yaml_and_not_for_this_file_is_refused(old: str, new: str, message: str) -> None:
    assert_only_fault(changed(old, new), message)


def test_an_alias_bomb_is_refused_without_being_built() -> None:
    levels = "\n".join(f"  w{n + 1}: &w{n + 1} [{', '.join([f'*w{n}'] * 9)}]" for n in range(99))
    faults = faults_in(changed("vocabulary:\n", f"vocabulary:\n  w0: &w0 [x]\n{levels}\n"))

    assert len(faults) == 100 + 99 * 9
    assert {fault.message.split()[0][:2] for fault in faults} == {"'*", "'&"}


def test_of_very_many_faults_the_first_are_told_and_that_there_are_more() -> None:
    faults = faults_in("menu: x\n" * 100_000)

    assert len(faults) == MAX_FAULTS + 1
    assert faults[0].message == "there are more than 1000 faults; the first found are below"


def test_a_text_stands_where_it_begins_and_a_block_where_its_key_does() -> None:
    positions = locate(VALID.encode(), "k.yaml")

    assert positions.of(("intents", "ring", "ask", "en", 1)) == (44, 11)
    assert positions.of(("intents", "ring", "label", "en")) == (39, 31)
    assert positions.of(("intents", "ring")) == (38, 3)
    assert positions.of(("contacts", "office", "email")) == (9, 5)
    assert positions.of(("intents", "ring", "card"), on_key=True) == (46, 5)


def test_what_is_not_in_the_file_stands_where_it_would_belong() -> None:
    positions = locate(VALID.encode(), "k.yaml")

    assert positions.of(("intents", "ring", "missing", 3)) == positions.of(("intents", "ring"))
    assert positions.of(("missing",)) == (1, 1)


def test_places_can_be_found_in_a_file_that_has_faults() -> None:
    text = changed("card: office", "cart: office")

    assert locate(text.encode(), "k.yaml").of(("intents", "hello")) == (50, 3)


def test_a_file_that_is_no_yaml_has_no_places() -> None:
    with pytest.raises(KnowledgeError, match=r"^k.yaml:1:1: not YAML"):
        locate(b"\tbot", "k.yaml")
