"""What operators do with questions: teach, open a topic, dismiss, undo."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from starlette.responses import Response

from bot.asked import digest
from bot.console.desk import Desk
from bot.console.page import Pages, Turn
from bot.console.views import Views
from bot.edit_history import Edit
from bot.errors import EditRefused
from bot.question_log import Wording

#: Refusals whose own text names places in the file, which no sentence of ours could.
_TOLD_IN_FULL = frozenset(
    {"faults", "worse", "failed", "there_already", "unplaceable", "unreadable"}
)

#: Deeds whose settled questions are remembered, so that undoing one opens them again.
_MOST_DEEDS = 500


class Edits:
    """Carries out what the forms of the pages ask for.

    Args:
        desk: what is worked on.
        pages: makes answers.
        views: shows a form again when it is refused, with why.
    """

    def __init__(self, desk: Desk, pages: Pages, views: Views) -> None:
        self._desk = desk
        self._pages = pages
        self._views = views
        self._settled: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    async def teach(self, turn: Turn) -> Response:
        """Adds a question to a topic; settles those of its group that are understood by that."""
        form = turn.form
        intent_id = form.get("guess") or form.get("topic", "")
        phrase, language = form.get("phrase", "").strip(), form.get("language", "")
        if not intent_id:
            return await self._views.questions(turn, 422, turn.words["choose_topic_first"])
        try:
            edit = await self._desk.library.add_example(
                intent_id, language, phrase, turn.visit.name
            )
        except EditRefused as error:
            return await self._views.questions(turn, 422, _why(error, turn))
        return await self._taught(turn, edit, form.get("group", ""))

    async def draft(self, turn: Turn) -> Response:
        """Shows the form of a new topic, with a question in it."""
        form = {"group": turn.form.get("group", "")}
        form[f"ask-{turn.form.get('language', '')}"] = turn.form.get("phrase", "")
        return await self._views.new(turn, form)

    async def open_topic(self, turn: Turn) -> Response:
        """Adds a new topic."""
        form, languages = turn.form, self._desk.knowledge.languages
        try:
            edit = await self._desk.library.add_intent(
                form.get("id", "").strip(),
                turn.visit.name,
                label={code: form.get(f"label-{code}", "").strip() for code in languages},
                ask={code: _lines(form.get(f"ask-{code}", "")) for code in languages},
                reply={code: _text(form.get(f"reply-{code}", "")) for code in languages},
            )
        except EditRefused as error:
            return await self._views.new(turn, form, 422, _why(error, turn))
        return await self._taught(turn, edit, form.get("group", ""))

    async def dismiss(self, turn: Turn) -> Response:
        """Lets a group of questions be; notes, if asked to, what they are not about."""
        form, edit = turn.form, None
        if form.get("not_about"):
            phrase, language = form.get("phrase", "").strip(), form.get("language", "")
            try:
                edit = await self._desk.library.add_lookalike(
                    form["not_about"], language, phrase, turn.visit.name
                )
            except EditRefused as error:
                return await self._views.questions(turn, 422, _why(error, turn))
        group = form.get("group", "")
        digests = [wording.digest for wording in self._wordings(group)]
        await self._desk.ledger.settle(digests, "dismissed")
        self._remember(edit.id if edit else group, digests)
        told = {"edit": edit.id, "group": group} if edit else {"dismissed": group}
        return self._pages.redirect(turn, f"/console?{urlencode(told)}")

    async def undo(self, turn: Turn) -> Response:
        """Takes back an edit of the file, or a dismissal; its questions are open again."""
        edit_id, group = turn.form.get("edit", ""), turn.form.get("group", "")
        digests: Collection[str] = self._settled.get(edit_id or group, (group,) if group else ())
        if edit_id:
            try:
                undone = await self._desk.library.undo(edit_id, turn.visit.name)
            except EditRefused as error:
                return await self._views.history(turn, 422, _why(error, turn))
            digests = {*digests, digest(undone.phrase)} if undone.phrase else digests
        await self._desk.ledger.settle(digests, None)
        self._settled.pop(edit_id or group, None)
        return self._pages.redirect(turn, "/console?undone=1" if group else "/console/history")

    async def _taught(self, turn: Turn, edit: Edit, group: str) -> Response:
        wordings = self._wordings(group)
        understood = await asyncio.to_thread(self._understood, wordings, edit.intent_id)
        digests = [*understood, digest(edit.phrase)] if edit.phrase else understood
        await self._desk.ledger.settle(digests, "taught")
        self._remember(edit.id, digests)
        told = {"edit": edit.id, "group": group, "understood": len(understood), "of": len(wordings)}
        return self._pages.redirect(turn, f"/console?{urlencode(told)}")

    def _wordings(self, key: str) -> Sequence[Wording]:
        """Returns the questions of an open group; none if it is not open any more."""
        groups = self._desk.ledger.open_groups()
        return next((group.wordings for group in groups if group.key == key), ())

    def _understood(self, wordings: Sequence[Wording], intent_id: str) -> list[str]:
        """Returns the digests of the questions that are now answered with an intent."""
        matcher = self._desk.library.matcher
        return [
            wording.digest
            for wording in wordings
            if any(a.intent_id == intent_id for a in matcher.match(wording.text).answers)
        ]

    def _remember(self, deed: str, digests: Sequence[str]) -> None:
        self._settled[deed] = tuple(digests)
        if len(self._settled) > _MOST_DEEDS:
            self._settled.popitem(last=False)


def _why(error: EditRefused, turn: Turn) -> str:
    """Returns why an edit is not made, in the operator's language, with the file's own reasons."""
    sentence = turn.words[f"not_{error.kind}"]
    return f"{sentence} ({error})" if error.kind in _TOLD_IN_FULL else sentence


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _text(text: str) -> str:
    """Returns what was typed into a large field, with the line ends that files have."""
    return "\n".join(text.strip().splitlines())
