"""Replies on their way to LINE: each once, whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.errors import TryLater, Undeliverable
from bot.model import Choice, ContactCard, Reply
from tests.fakes.line import USER, FakeLine, event, in_group, text
from tests.fakes.line_bot import LineBot

REPLY = Reply("th", "answer", "คำตอบ", choices=(Choice("แฟกซ์", "ask:fax"),))


@pytest.fixture
async def fake() -> AsyncIterator[FakeLine]:
    async with FakeLine() as line:
        yield line


@pytest.fixture
async def bot(fake: FakeLine) -> AsyncIterator[LineBot]:
    async with LineBot(fake) as made:
        yield made


@pytest.fixture
async def pushing(fake: FakeLine) -> AsyncIterator[LineBot]:
    async with LineBot(fake, push_fallback=True) as made:
        yield made


async def test_a_reply_is_one_call(bot: LineBot, fake: FakeLine) -> None:
    card = ContactCard("สถานทูต", position=(13.7, 100.5))
    reply = Reply("th", "answer", "คำตอบ", cards=(card,))

    await bot.line.send(await bot.said(text("ที่อยู่")), reply, again=False)

    assert fake.paths() == ["/message/reply"]
    assert [message["type"] for message in fake.sent[0]] == ["text", "flex", "location"]


async def test_a_group_s_reply_quotes_the_question(bot: LineBot, fake: FakeLine) -> None:
    message = await bot.said(in_group(text("/ask fax")))

    await bot.line.send(message, REPLY, again=False)

    assert fake.sent[0][0]["quoteToken"] == "quote"


@pytest.mark.parametrize("status", [429, 500, 503, 0, 401])
async def test_what_may_pass_is_tried_later(bot: LineBot, fake: FakeLine, status: int) -> None:
    message = await bot.said(text("a"))
    fake.fail("/message/reply", status)

    with pytest.raises(TryLater) as caught:
        await bot.line.send(message, REPLY, again=False)
    await bot.line.send(message, REPLY, again=True)

    assert caught.value.after_s >= 1
    assert len(fake.sent) == 1


async def test_a_reply_whose_answer_got_lost_is_given_once(bot: LineBot, fake: FakeLine) -> None:
    message = await bot.said(text("a"))
    fake.fail("/message/reply", 500, after=True)

    with pytest.raises(TryLater):
        await bot.line.send(message, REPLY, again=False)
    await bot.line.send(message, REPLY, again=True)

    assert len(fake.sent) == 1


async def test_two_workers_with_one_event_give_one_reply(bot: LineBot, fake: FakeLine) -> None:
    message = await bot.said(text("a"))

    await asyncio.gather(*(bot.line.send(message, REPLY, again=True) for _ in range(4)))

    assert len(fake.sent) == 1


async def test_a_token_that_died_before_any_attempt_cannot_be_answered(
    bot: LineBot, fake: FakeLine
) -> None:
    message = await bot.said(text("a"))
    fake.tokens.clear()

    with pytest.raises(Undeliverable, match="reply token expired"):
        await bot.line.send(message, REPLY, again=False)


@pytest.mark.parametrize("again", [False, True])
async def test_an_old_token_that_is_dead_is_no_proof_of_delivery(
    bot: LineBot, fake: FakeLine, again: bool
) -> None:
    message = await bot.said(text("a"))
    fake.tokens.clear()
    bot.now += 61

    with pytest.raises(Undeliverable, match="reply token expired"):
        await bot.line.send(message, REPLY, again)


async def test_a_dead_token_is_pushed_once_if_allowed(pushing: LineBot, fake: FakeLine) -> None:
    message = await pushing.said(text("a"))
    fake.tokens.clear()
    fake.fail("/message/push", 500, after=True)

    with pytest.raises(TryLater):
        await pushing.line.send(message, REPLY, again=False)
    await pushing.line.send(message, REPLY, again=True)

    keys = {call.retry_key for call in fake.calls if call.path.endswith("push")}
    assert len(fake.sent) == len(keys) == pushing.line.pushes == 1


async def test_a_push_that_was_not_taken_is_pushed_again(pushing: LineBot, fake: FakeLine) -> None:
    message = await pushing.said(text("a"))
    fake.tokens.clear()
    fake.fail("/message/push", 500)

    with pytest.raises(TryLater):
        await pushing.line.send(message, REPLY, again=False)
    await pushing.line.send(message, REPLY, again=True)

    assert len(fake.sent) == 1


@pytest.mark.parametrize(
    ("status", "words", "error"),
    [
        (429, "You have reached your monthly limit.", Undeliverable),
        (429, "The API rate limit has been exceeded. Try again later.", TryLater),
        (403, "Not authorized", Undeliverable),
    ],
)
async def test_a_refused_push_ends_as_it_should(
    pushing: LineBot, fake: FakeLine, status: int, words: str, error: type[Exception]
) -> None:
    message = await pushing.said(text("a"))
    fake.tokens.clear()
    fake.fail("/message/push", status, words)

    with pytest.raises(error):
        await pushing.line.send(message, REPLY, again=False)

    assert pushing.line.pushes == 0


async def test_an_answer_that_line_will_not_take_is_sent_as_bare_text(
    bot: LineBot, fake: FakeLine
) -> None:
    message = await bot.said(text("a"))
    fake.fail("/message/reply", 400, "The request body has 1 error(s)")

    await bot.line.send(message, REPLY, again=False)

    assert fake.sent == [[{"type": "text", "text": "คำตอบ"}]]


async def test_an_answer_refused_twice_is_undeliverable(bot: LineBot, fake: FakeLine) -> None:
    message = await bot.said(text("a"))
    for _ in range(2):
        fake.fail("/message/reply", 400, "The request body has 1 error(s)")

    with pytest.raises(Undeliverable, match="400"):
        await bot.line.send(message, REPLY, again=False)


async def test_the_loading_animation_is_shown_in_private_only(bot: LineBot, fake: FakeLine) -> None:
    await bot.line.show_working(await bot.said(text("a", 1)))
    await bot.line.show_working(await bot.said(in_group(text("/ask a", 2))))

    assert [call.body for call in fake.calls] == [{"chatId": USER, "loadingSeconds": 20}]


async def test_a_failing_loading_animation_is_passed_over(bot: LineBot, fake: FakeLine) -> None:
    fake.fail("/chat/loading/start", 500)

    await bot.line.show_working(await bot.said(text("a")))

    assert fake.paths() == ["/chat/loading/start"]


async def test_a_message_is_marked_as_read_and_a_failure_of_that_matters_to_nobody(
    bot: LineBot, fake: FakeLine
) -> None:
    fake.fail("/chat/markAsRead", 400)

    await bot.line.send(await bot.said(text("a", markAsReadToken="read")), REPLY, again=False)
    await fake.until("/chat/markAsRead")

    assert len(fake.sent) == 1


async def test_who_chooses_a_language_gets_its_rich_menu(bot: LineBot, fake: FakeLine) -> None:
    fake.images, fake.aliases = {"richmenu-9": b"png"}, {"infobot-th": "richmenu-9"}
    message = await bot.said(event("postback", postback={"data": "language:th"}))

    await bot.line.send(message, REPLY, again=False)
    await fake.until(f"/user/{USER}/richmenu/richmenu-9")

    assert fake.menu_of == {USER: "richmenu-9"}
