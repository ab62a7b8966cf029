from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.terminal import answer_lines, chat, render
from bot.conversation import Conversation
from bot.errors import QuestionsError
from bot.model import Answered, Choice, ContactCard, Message, PhoneNumber, Reply
from tests import small_office


class Echo:
    """Answers with what was said, and remembers every message and conversation it was given."""

    def __init__(self) -> None:
        self.heard: list[tuple[Message, Conversation]] = []

    def respond(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        self.heard.append((message, conversation))
        choices = tuple(Choice(name, f"ask:{name}") for name in ("one", "two"))
        reply = Reply("en", "unknown", f"{message.kind} {message.text}", choices=choices)
        return reply, Conversation("en", intent_id=message.text)


def ticks() -> Iterator[float]:
    """Yields a clock's readings, a quarter of a second apart."""
    return (number / 4 for number in count())


def answered(*questions: object) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    out = io.StringIO()
    clock = ticks()
    code = answer_lines(small_office.assistant(), io.StringIO(lines), out, lambda: next(clock))
    assert code == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def talked(*lines: str) -> tuple[list[str], Echo]:
    out, echo = io.StringIO(), Echo()
    chat(echo, io.StringIO("".join(line + "\n" for line in lines)), out)
    return out.getvalue().split("> "), echo


def test_an_answer_line_holds_the_contract_in_its_order() -> None:
    (answer,) = answered({"id": "q1", "text": "embassy phone number"})

    assert list(answer) == ["id", "language", "outcome", "intents", "offers", "text", "ms"]
    ((intent),) = answer.pop("intents")
    assert list(intent) == ["id", "confidence"]
    assert intent["id"] == "embassy_phone"
    assert 0 < intent["confidence"] <= 1
    assert answer == {
        "id": "q1",
        "language": "en",
        "outcome": "answer",
        "offers": [],
        "text": "Ring the embassy on (+66 2) 111-11-11, (+66 2) 111-11-12",
        "ms": 250.0,
    }


@pytest.mark.parametrize(
    ("text", "outcome", "has_offers"),
    [
        ("Norway", "offer", True),
        ("pizza with pineapple", "unknown", False),
        ("German embassy phone number", "unknown", True),
    ],
    ids=["an offer", "unknown", "a near miss"],
)
def test_what_is_not_answered_has_no_intents(text: str, outcome: str, has_offers: bool) -> None:
    (answer,) = answered({"id": 1, "text": text})

    assert (answer["outcome"], answer["intents"]) == (outcome, [])
    assert bool(answer["offers"]) == has_offers


def test_lines_are_answered_in_order_with_ids_as_they_came() -> None:
    ids = ["b", 7, None, "a", "a"]

    assert [line["id"] for line in answered(*({"id": i, "text": "hi"} for i in ids))] == ids


def test_empty_lines_are_passed_over() -> None:
    out = io.StringIO()
    lines = io.StringIO('\n{"id": 1, "text": "hello"}\n   \n{"id": 2, "text": ""}')
    answer_lines(small_office.assistant(), lines, out)

    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [1, 2]


def test_no_lines_are_no_answers() -> None:
    assert answered() == []


def test_thai_is_written_as_it_is_read() -> None:
    out = io.StringIO()
    answer_lines(small_office.assistant(), io.StringIO('{"id": 1, "text": "สวัสดี"}'), out)

    assert '"text": "สวัสดี"' in out.getvalue()


def test_the_lines_of_a_chat_are_a_conversation_and_no_others() -> None:
    answers = answered(
        {"id": 1, "text": "consular phone number", "chat": "a"},
        {"id": 2, "text": "embassy phone number", "chat": "b"},
        {"id": 3, "text": "consular phone number"},
        {"id": 4, "text": "and the fax?", "chat": "a"},
        {"id": 5, "text": "and the fax?", "chat": "b"},
    )

    assert [[intent["id"] for intent in answer["intents"]] for answer in answers] == [
        ["consular_phone"], ["embassy_phone"], ["consular_phone"], ["consular_fax"], ["embassy_fax"]
    ]  # fmt: skip


@pytest.mark.parametrize("no_chat", [{}, {"chat": ""}, {"chat": None}])
def test_a_line_without_a_chat_stands_alone(no_chat: dict[str, Any]) -> None:
    echo = Echo()
    line = json.dumps({"id": 1, "text": "hi", **no_chat}) + "\n"
    answer_lines(echo, io.StringIO(3 * line), io.StringIO())

    assert [before for _, before in echo.heard] == 3 * [Conversation()]
    assert len({message.chat for message, _ in echo.heard}) == 3


@pytest.mark.parametrize(
    "line",
    ["what?", "[]", "5", "null", '"id text"', '{"id": 1}', '{"text": "hi"}',
     '{"id": 1, "text": null}', '{"id": 1, "text": ["hi"]}', "[" * 100_000],
    ids=["no JSON", "a list", "a number", "null", "a string", "no text", "no id",
         "a null text", "a list of texts", "nested too deeply"],
)  # fmt: skip
def test_a_bad_line_is_named_and_those_before_it_are_answered(line: str) -> None:
    out = io.StringIO()
    lines = io.StringIO(f'{{"id": 1, "text": "hello"}}\n\n{line}\n{{"id": 2, "text": "hello"}}\n')
    with pytest.raises(
        QuestionsError, match=r'^line 3: must be a JSON object with "id" and "text"'
    ):
        answer_lines(small_office.assistant(), lines, out)

    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [1]


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_text_and_id_can_be_answered_in_utf_8(text: str, key: str) -> None:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    line = json.dumps({"id": key, "text": text})
    answer_lines(small_office.assistant(), io.StringIO(line), out)
    out.seek(0)

    assert json.loads(out.read())["id"] == key


def test_half_a_character_in_an_id_does_not_stop_the_answers() -> None:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    answer_lines(small_office.assistant(), io.StringIO('{"id": "\\ud800", "text": "\\udfff"}'), out)
    out.seek(0)

    assert json.loads(out.read())["id"] == "\ud800"


def test_a_reply_is_shown_with_its_cards_and_numbered_choices() -> None:
    reply = Reply(
        "en",
        "answer",
        "First.\n\nSecond.",
        answered=(Answered("a", 1.0),),
        cards=(
            ContactCard("Desk", (PhoneNumber("1-2", "+12"),), ("3",), "Here", "https://map"),
            ContactCard("Bare"),
        ),
        choices=(Choice("One", "ask:one"), Choice("Two", "ask:two")),
    )

    assert render(reply) == (
        "First.\n\nSecond.\n\n"
        "  | Desk\n  | tel 1-2\n  | fax 3\n  | Here\n  | https://map\n\n"
        "  | Bare\n\n"
        "[1] One  [2] Two"
    )


def test_a_reply_of_words_alone_is_shown_as_they_are() -> None:
    assert render(Reply("en", "unknown", "Words.")) == "Words."


def test_a_chat_begins_with_the_welcome_and_ends_with_the_input() -> None:
    shown, echo = talked()

    assert shown == ["start \n\n[1] one  [2] two\n\n", "\n"]
    assert echo.heard[0][0].kind == "start"


def test_a_number_presses_a_choice_of_the_last_reply() -> None:
    shown, echo = talked("hello", "2", " 1 ")

    assert [(m.kind, m.text) for m, _ in echo.heard[1:]] == [
        ("text", "hello"), ("choice", "ask:two"), ("choice", "ask:one")
    ]  # fmt: skip
    assert [part.split("\n")[1] for part in shown[1:-1]] == [
        "text hello", "choice ask:two", "choice ask:one"
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["0", "3", "²", "๒", "99999999999999999999", "1.", "-1"])
def test_any_other_number_is_a_question(line: str) -> None:
    _, echo = talked(line)

    assert [(m.kind, m.text) for m, _ in echo.heard[1:]] == [("text", line)]


def test_an_empty_line_asks_nothing() -> None:
    shown, echo = talked("", "   ")

    assert (len(echo.heard), shown[1:]) == (1, ["\n", "\n", "\n"])


def test_a_chat_is_one_conversation() -> None:
    _, echo = talked("hello", "you")

    assert [before.intent_id for _, before in echo.heard] == ["", "", "hello"]
