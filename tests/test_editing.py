"""Phrases and intents put into the bytes of a knowledge file, and taken out again."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intents.editing import Insertion, add_example, add_intent, add_lookalike, take_out
from intents.faults import EditError
from intents.loading import parse
from intents.reading import read
from tests.knowledge_file import VALID, changed
from tests.layouts import DASHES, FILES, INTENTS, SHIPPED, SMALL

#: What YAML gives a meaning to, or a reader might cut.
HOSTILE = (
    *("no", "null", "~", "2021-03-01", "1_000", "09:00", "- x", "-", "? x", "x: y", "x:", ": x"),
    *("x #y", "#x", "[x", "x]", "{x}", "x, y", "&x", "*x", "!x", "|", ">", "%x", "@x", "`x", "'x'"),
    *('"x"', "'", '"', "\\", "x\\ny", "<<", "=", "...", "---", "โทร: ใคร", "ใคร, ไหน", "👍🏽", "é"),
)
phrases = st.one_of(
    st.sampled_from(HOSTILE),
    st.text("abกขา่ -?:,[]{}#&*!|>'\"%@`\\~\n\t\u2028\x85=<.0", min_size=1, max_size=20),
    st.text(min_size=1, max_size=20),
)


def tree_of(data: bytes) -> Any:
    source = read(data, "k.yaml")
    assert not source.faults
    return source.tree


def assert_only_added(before: bytes, edit: Insertion) -> None:
    """Holds when the file is as it was but for one stretch of text, which stands where it says."""
    inserted = edit.text.encode()
    place = edit.data.index(inserted)
    while edit.data[:place] + edit.data[place + len(inserted) :] != before:
        place = edit.data.index(inserted, place + 1)
    assert edit.data[:place].decode().count("\n") + 1 == edit.line
    assert take_out(edit.data, edit) == before


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("add", [add_example, add_lookalike])
@pytest.mark.parametrize("name", FILES)
def test_a_phrase_is_added_and_nothing_else(name: str, add: Any, language: str) -> None:
    before = FILES[name]
    expected = copy.deepcopy(tree_of(before))
    intent = expected["intents"][INTENTS[name]]
    section = intent["ask"] if add is add_example else intent.setdefault("not", {})
    section.setdefault(language, []).append("ใครอยู่, บ้าง")

    edit = add(before, INTENTS[name], language, "  ใครอยู่,\nบ้าง ")

    assert tree_of(edit.data) == expected
    assert_only_added(before, edit)


@pytest.mark.parametrize("name", FILES)
def test_an_intent_is_added_after_the_last_one_and_nothing_else(name: str) -> None:
    before = FILES[name]
    expected = copy.deepcopy(tree_of(before))
    expected["intents"]["parking"] = {
        "label": {"th": "ที่จอดรถ", "en": "Parking"},
        "ask": {"th": ["จอดรถที่ไหน", "จอด: ไหน"], "en": ["where to park", "park?"]},
        "reply": {"th": "ข้างหน้า\n\nหรือข้างหลัง", "en": "In front: left"},
        "next": [INTENTS[name]],
    }
    parts = {key: part for key, part in expected["intents"]["parking"].items() if key != "next"}

    edit = add_intent(before, "parking", **parts, following=[INTENTS[name]])

    assert tree_of(edit.data) == expected
    assert list(tree_of(edit.data)["intents"])[-1] == "parking"
    assert_only_added(before, edit)


@pytest.mark.parametrize("name", SMALL)
@given(phrase=phrases, section=st.sampled_from(["ask", "not"]))
def test_any_phrase_is_read_back_as_it_was_typed(name: str, phrase: str, section: str) -> None:
    before = SMALL[name]
    add = add_example if section == "ask" else add_lookalike
    expected = copy.deepcopy(tree_of(before))
    section_tree = expected["intents"]["ring"].setdefault(section, {})
    section_tree.setdefault("en", []).append(" ".join(phrase.split()))
    try:
        edit = add(before, "ring", "en", phrase)
    except EditError as error:
        assume(error.kind not in ("empty", "unreadable", "there_already"))
        raise

    assert tree_of(edit.data) == expected
    assert_only_added(before, edit)


@given(added=st.lists(phrases, min_size=2, max_size=5), data=st.data())
def test_edits_are_taken_out_in_any_order(added: list[str], data: st.DataObject) -> None:
    content = FILES["mixed"]
    edits = []
    for phrase in added:
        try:
            edits.append(add_example(content, "ring", "en", phrase))
        except EditError:
            continue
        content = edits[-1].data
    for edit in data.draw(st.permutations(edits)):
        content = take_out(content, edit)

    assert content == FILES["mixed"]


def test_the_added_line_looks_like_those_beside_it() -> None:
    edit = add_example(SHIPPED, "address", "th", "ไปทางไหน")
    lines = edit.data.decode().split("\n")

    assert lines[edit.line - 1] == "        - ไปทางไหน"
    assert lines[edit.line - 2].startswith("        - ")
    assert edit.text == "        - ไปทางไหน\n"


def test_quotes_stand_only_where_they_must() -> None:
    on_lines = add_example(SHIPPED, "address", "en", "where, exactly? (map)")
    in_braces = add_example(VALID.encode(), "ring", "th", "ที่ไหน, แน่")
    date = add_example(SHIPPED, "address", "en", "2021")

    assert on_lines.text == "        - where, exactly? (map)\n"
    assert in_braces.text == ', "ที่ไหน, แน่"'
    assert date.text == '        - "2021"\n'


def test_a_new_intent_is_laid_out_as_the_last_one() -> None:
    edit = add_intent(
        DASHES.encode(),
        "bye",
        label={"th": "ลาก่อน", "en": "Bye"},
        ask={"th": ["ลาก่อน"], "en": ["see you", "bye"]},
        reply={"th": "ลาก่อน", "en": "Bye, now"},
        following=["ring", "hello"],
    )

    assert edit.text == (
        "\n"
        "  bye:\n"
        "    label: {th: ลาก่อน, en: Bye}\n"
        "    ask:\n"
        "      th:\n"
        "      - ลาก่อน\n"
        "      en:\n"
        "      - see you\n"
        "      - bye\n"
        '    reply: {th: ลาก่อน, en: "Bye, now"}\n'
        "    next: [ring, hello]\n"
    )


def test_a_file_stays_without_faults() -> None:
    data = add_lookalike(VALID.encode(), "hello", "th", "สวัสดีปีใหม่").data
    data = add_example(data, "hello", "en", "good evening").data
    data = add_intent(
        data,
        "parking",
        label={"th": "ที่จอดรถ", "en": "Parking"},
        ask={"th": ["จอดรถ"], "en": ["park"]},
        reply={"th": "หน้า", "en": "In front"},
    ).data

    knowledge = parse(data, "k.yaml")

    assert knowledge.intents["hello"].not_ == {"th": ("สวัสดีปีใหม่",)}
    assert knowledge.intents["hello"].ask["en"] == ("good morning", "good evening")
    assert knowledge.intents["parking"].reply == {"th": "หน้า", "en": "In front"}


@pytest.mark.parametrize(
    ("intent_id", "language", "phrase", "kind", "message"),
    [
        ("rings", "en", "x", "unknown_intent", "there is no intent 'rings'"),
        ("ring", "ru", "x", "unknown_language", "ring has no phrases in the language 'ru'"),
        ("ring", "en", " \n\u200b", "empty", "the phrase is empty"),
        ("ring", "en", "x" * 301, "too_long", "has 301 characters; at most 300 are taken"),
        ("ring", "en", "x\x07y", "unreadable", "holds the control character U+0007"),
        ("ring", "en", "GOOD morning", "there_already", "stands under hello already (line "),
        ("ring", "en", "what is your number", "there_already", "stands under ring already"),
        ("hello", "en", "number of pi", "there_already", "stands under not: of ring already"),
    ],
)
def test_a_phrase_that_cannot_be_added_is_refused_with_the_reason(
    intent_id: str, language: str, phrase: str, kind: str, message: str
) -> None:
    with pytest.raises(EditError) as caught:
        add_example(VALID.encode(), intent_id, language, phrase)

    assert caught.value.kind == kind
    assert message in str(caught.value)


def test_a_phrase_may_be_close_to_two_intents() -> None:
    edit = add_lookalike(VALID.encode(), "hello", "en", "number of pi")

    assert parse(edit.data, "k.yaml").intents["hello"].not_ == {"en": ("number of pi",)}
    with pytest.raises(EditError, match="stands under not: of ring already"):
        add_lookalike(VALID.encode(), "ring", "en", "number of pi")
    with pytest.raises(EditError, match="stands under hello already"):
        add_lookalike(VALID.encode(), "ring", "en", "good morning")


def test_an_intent_that_is_there_already_is_refused() -> None:
    words = {"th": "ก", "en": "a"}

    with pytest.raises(EditError, match="there is an intent hello already"):
        add_intent(VALID.encode(), "hello", label=words, ask={"en": ["x"]}, reply=words)
    with pytest.raises(EditError, match="stands under hello already"):
        add_intent(VALID.encode(), "new", label=words, ask={"en": ["good morning"]}, reply=words)


@pytest.mark.parametrize(
    "text",
    [
        changed("      en:\n        - what", "      en: no list\n      fr:\n        - what"),
        "intents: {ring: {ask: {en: []}}}",
        "intents: {ring: {ask: {en: }}}",
        "intents:\n  ring:\n    ask: {en: [a, *a]}",
    ],
    ids=["a text", "an empty list", "nothing", "an alias"],
)
def test_a_place_that_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(EditError):
        add_example(text.encode(), "ring", "en", "new words")


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (lambda text: text.replace("- how to ring", "- how to phone"), "reworded"),
        (lambda text: text.replace("        - how to ring", "        -  how to ring"), "moved"),
        (lambda text: text.replace("        - how to ring\n", ""), "taken out"),
        (lambda text: text.replace("  ring:", "  call:"), "its intent renamed"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_was_edited_since_is_not_taken_out(now: Any, why: str) -> None:
    edit = add_example(VALID.encode(), "ring", "en", "how to ring")

    with pytest.raises(EditError, match="edited since") as caught:
        take_out(now(edit.data.decode()).encode(), edit)
    assert caught.value.kind == "edited_since"


def test_what_was_edited_elsewhere_since_stays() -> None:
    edit = add_lookalike(VALID.encode(), "hello", "en", "number of pi")
    now = b"# A remark.\n" + edit.data.replace(b"- no\n", b"- yes\n        - no\n")

    left = take_out(now, edit)

    assert left == b"# A remark.\n" + VALID.encode().replace(b"- no\n", b"- yes\n        - no\n")
