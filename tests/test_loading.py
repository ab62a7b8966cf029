"""What the shape of a knowledge file must be, and that nothing else than its faults comes out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.faults import KnowledgeError
from intents.knowledge import Knowledge
from intents.loading import load, parse, schema
from tests.knowledge_file import VALID, assert_only_fault, changed, faults_in


def test_a_valid_file_becomes_the_model() -> None:
    knowledge = parse(VALID.encode(), "k.yaml")

    assert knowledge.languages == ("th", "en")
    assert knowledge.contacts["office"].phones == ("(+66 2) 234-98-24", "+66 2 268-11-69")
    assert knowledge.reply_text("ring", "en") == "Call (+66 2) 234-98-24, +66 2 268-11-69"
    assert knowledge.intents["ring"].not_ == {"en": ("number of pi",)}
    assert knowledge.contacts["office"].location is not None
    assert knowledge.contacts["office"].location.latitude == 13.73


def test_nobody_needs_to_know_the_types_of_yaml() -> None:
    knowledge = parse(changed("[number of pi]", "[12, on, 1.50, 2021-03-01]").encode(), "k.yaml")

    assert knowledge.intents["ring"].ask["en"] == ("what is your number", "no")
    assert knowledge.intents["ring"].not_["en"] == ("12", "on", "1.50", "2021-03-01")
    assert knowledge.documents["paper"].date == "2021-03-01"
    assert knowledge.intents["hello"].small_talk is True
    assert knowledge.contacts["office"].email is None


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse(b"\xef\xbb\xbf" + VALID.encode(), "k.yaml") == parse(VALID.encode(), "k.yaml")


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed("card: office", "cart: office").replace("en: News", "en: ''")
    text = text.replace("next: [hello]", "next: [hallo]").replace("menu: [ring]", "menu: ring")

    faults = faults_in(text)

    assert [fault.line for fault in faults] == [3, 16, 46, 48]
    assert str(KnowledgeError(reversed(faults))) == "\n".join(map(str, faults))


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    text = changed("card: office", "‸crad: office")

    assert_only_fault(text, "unknown key 'crad'; did you mean 'card'?")


def test_an_unknown_key_like_no_other_names_all_known_ones() -> None:
    text = changed("    phones:", "    ‸xyz: 1\n    phones:")

    assert_only_fault(
        text,
        "unknown key 'xyz'; write one of address, email, faxes, hours, location, name, phones",
    )


def test_a_missing_field_is_told_at_what_lacks_it() -> None:
    text = changed("  hello:\n", "  ‸hello:\n").replace("    reply: {th: สวัสดี, en: Hello}\n", "")

    assert_only_fault(text, "'hello' lacks 'reply'; it needs label, ask, reply")


def test_a_missing_section_is_told_at_the_top() -> None:
    before, _, after = VALID.partition("intents:\n")
    _, page, words = after.partition("page:\n")
    text = "‸" + before.replace("menu: [ring]\n", "") + page + words

    assert words
    assert_only_fault(text, "the file lacks 'intents'; it needs bot, messages, page, intents")


TEXT = "must be a text, not"
LIST = "must be a list, each entry on a line of its own after '- ', not"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("small_talk: yes", "small_talk: ‸perhaps", "'small_talk' must be true or false, not the "
         "text 'perhaps'"),
        ("latitude: 13.73", "latitude: ‸north", "'latitude' must be a number such as 13.73, not "
         "the text 'north'"),
        ("menu: [ring]", "menu: ‸ring", f"'menu' {LIST} the text 'ring'"),
        ("menu: [ring]", "‸menu:", f"'menu' {LIST} nothing"),
        ("offer: {th: เรื่องใด, en: Which}", "offer: ‸Which", "'offer' must be one text for each "
         "language, such as en: ..., not the text 'Which'"),
        ("en: Which", "‸en: ~", f"'en' {TEXT} nothing; the word null or ~ as a text needs quotes"),
        ("en: Which", "‸en: [x]", f"'en' {TEXT} a list; a text that begins with [ or - needs "
         "quotes"),
        ("en: Which", "‸en: {name}", f"'en' {TEXT} a mapping; a text that begins with {{ or has "
         "': ' in it needs quotes"),
        ("        - no\n", "        - ‸no: yes\n", f"entry 2 of 'en' {TEXT} a mapping; a text that "
         "begins with { or has ': ' in it needs quotes"),
        ("{document: paper, part: end}", "‸paper", "'source' must be lines for document, part, not "
         "the text 'paper'"),
        ("location: {latitude: 13.73, longitude: 100.52}", "‸location: []", "'location' must be "
         "lines for latitude, longitude, not a list"),
        ("  phone: [โทรศัพท์, telephone]\n  fax: [แฟกซ์, facsimile]\nfacets:\n  channel: [phone, fax]",
         "  ‸- [phone]", "'vocabulary' must be lines of a name, a colon and a value, not a list"),
    ],
    ids=[
        "no truth", "no number", "a text for a list", "nothing for a list", "a text for languages",
        "nothing for a text", "a list for a text", "a placeholder without quotes",
        "a colon in a phrase", "a text for a source", "a list for a place", "a list for groups",
    ],
)  # fmt: skip
def test_a_wrong_shape_says_what_was_found_and_what_is_right(
    old: str, new: str, message: str
) -> None:
    text = changed(old, new)
    if "‸- [phone]" in text:
        text = text.replace("vocabulary:", "‸vocabulary:").replace("‸-", "-")

    assert_only_fault(text, message)


def test_a_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "knowledge.yaml"
    file.write_text(VALID, encoding="utf-8")

    assert isinstance(load(file), Knowledge)


def test_a_missing_file_is_a_fault_of_it(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"

    with pytest.raises(KnowledgeError) as caught:
        load(file)

    assert str(caught.value) == f"{file}:1:1: the file cannot be read: No such file or directory"


def test_the_schema_describes_every_section_and_refuses_unknown_keys() -> None:
    found = schema()

    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["title"] == "knowledge.yaml"
    assert found["required"] == ["bot", "messages", "page", "intents"]
    assert found["properties"]["intents"]["propertyNames"] == {"pattern": "^[a-z][a-z0-9_]{0,49}$"}
    for model in (found, *found["$defs"].values()):
        assert model["additionalProperties"] is False
        assert all({"description", "$ref"} & set(field) for field in model["properties"].values())
    assert "not" in found["$defs"]["Intent"]["properties"]


def test_whoever_catches_the_fault_loads_neither_yaml_nor_pydantic() -> None:
    code = "import sys, intents.faults; print({'yaml', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


#: The first parse builds the checks of the model, on a slow machine longer than hypothesis waits.
UNTIMED = settings(deadline=None)

Edit = Callable[[str], str]
LINES = VALID.splitlines(keepends=True)
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(LINES) - 1),
        st.sampled_from([
            lambda line: "",
            lambda line: line * 2,
            lambda line: f"  {line}",
            lambda line: line.removeprefix("  "),
            lambda line: line.replace(":", "", 1),
            lambda line: line.replace("[", "{", 1),
            lambda line: line.replace("}", "", 1),
            lambda line: line[: len(line) // 2],
            lambda line: f"{line.rstrip()} &a *a !b\n",
        ]),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def parse_or_fault(data: bytes) -> None:
    """Lets out whatever is no `KnowledgeError`, and faults that cannot be shown."""
    try:
        parse(data, "k.yaml")
        return
    except KnowledgeError as exc:
        error = exc
    assert error.faults
    assert str(error).encode()
    assert all(fault.line > 0 and fault.column > 0 for fault in error.faults)


@UNTIMED
@given(EDITS)
def test_a_spoilt_line_never_gives_anything_but_faults(edits: list[tuple[int, Edit]]) -> None:
    lines = list(LINES)
    for number, edit in edits:
        lines[number] = edit(lines[number])

    parse_or_fault("".join(lines).encode())


@UNTIMED
@given(st.integers(0, len(VALID.encode())), st.binary(max_size=8), st.integers(0, 8))
def test_spoilt_bytes_never_give_anything_but_faults(at: int, added: bytes, lost: int) -> None:
    data = VALID.encode()

    parse_or_fault(data[:at] + added + data[at + lost :])


@UNTIMED
@given(st.text(max_size=40), st.sampled_from(["en: Which", "office", "Bangkok", "no\n", "2021"]))
def test_no_text_gives_anything_but_faults(text: str, place: str) -> None:
    quoted = '"' + "".join(f"\\U{ord(char):08X}" for char in text) + '"'

    parse_or_fault(VALID.replace(place, quoted).encode())
