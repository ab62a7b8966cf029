"""The knowledge that is being served: follows its file, takes edits in, keeps the last good one."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import intents
from bot.edit_history import Edit, EditHistory, What
from bot.errors import EditRefused, ProcessFailed
from bot.hearing import Hear, heard
from bot.library_status import Refusal, Status, version_of
from bot.performance import Performance, objections
from bot.replacing import replace_content
from bot.trial import TrialProcess, Verdict
from bot.watching import saves
from intents import EditError, Encoder, Insertion, Knowledge, KnowledgeError, Matcher, editing

log = logging.getLogger(__name__)

#: Tries the content of a file; raises `ProcessFailed` when that cannot be done.
Trial = Callable[[bytes, Path], Awaitable[Verdict]]

#: How often an edit is begun anew because the file was saved while it was tried.
_MOST_ATTEMPTS = 5

#: As many faults are logged; `infobot check` tells them all.
_MOST_LOGGED = 10


class Library:
    """The knowledge that is being served.

    Several operators may edit at once, and several processes: an edit is made to the newest content
    under a lock, and written only once it was checked, learned and tested. All edits raise
    `EditRefused`, which has the reason.

    Args:
        path: the file.
        max_wrong: share of wrong answers to bear, 0..1.
        encoder: the engine of meaning; None to understand without.
        hear: learns what a content means; in the background, and in a process of its own.
        trial: tries contents before they are served; in a process of its own by default.
        look_every_s: seconds between two looks at the file.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
    """

    def __init__(
        self,
        path: Path,
        max_wrong: float = intents.MAX_WRONG,
        *,
        encoder: Encoder | None = None,
        hear: Hear | None = None,
        trial: Trial | None = None,
        look_every_s: float = 0.1,
    ) -> None:
        self._path = path
        self._max_wrong = max_wrong
        self._encoder = encoder
        self._hear = hear
        self._trial = trial or TrialProcess(max_wrong).run
        self._look_every_s = look_every_s
        self._history = EditHistory(path)
        self._content = path.read_bytes()
        self._matcher = self._learn(self._content)
        self._status = Status(version_of(self._content), time.time())
        self._users: list[Callable[[Matcher], None]] = []
        # One version at a time: whether it comes from the file or from an operator here.
        self._changing = asyncio.Lock()
        self._is_new = asyncio.Event()

    @property
    def path(self) -> Path:
        """The file, as the settings name it."""
        return self._path

    @property
    def matcher(self) -> Matcher:
        """Understands questions, by the version that is served now."""
        return self._matcher

    @property
    def knowledge(self) -> Knowledge:
        """What is served now."""
        return self._matcher.knowledge

    @property
    def content(self) -> bytes:
        """The bytes of the version that is served now."""
        return self._content

    @property
    def status(self) -> Status:
        """What is served, and what is not."""
        return self._status

    def subscribe(self, use: Callable[[Matcher], None]) -> None:
        """Has `use` called, in the event loop, with each new version's matcher."""
        self._users.append(use)

    async def watch(self) -> None:
        """Takes in whatever is saved to the file; runs until it is cancelled."""
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(self._follow())
            if self._encoder and self._hear:
                jobs.create_task(self._hear_out(self._encoder, self._hear))

    async def _follow(self) -> None:
        async with self._changing:
            with suppress(EditRefused):
                figures = await self._tried(self._content)
                self._status = replace(self._status, figures=figures)
        async for _ in saves(self._path, self._look_every_s):
            await self._take_in()

    async def _hear_out(self, encoder: Encoder, hear: Hear) -> None:
        """Serves each version by its meaning too, as soon as that is learned."""
        while True:
            self._is_new.clear()
            content = self._content
            if await heard(content, self._path, encoder, hear):
                async with self._changing:
                    if content == self._content:
                        self._use(await asyncio.to_thread(self._learn, content))
                        log.info("%s is understood with %s", self._path, encoder.name)
            await self._is_new.wait()

    async def add_example(self, intent_id: str, language: str, phrase: str, by: str) -> Edit:
        """Adds a phrase to what an intent is asked by."""
        add = partial(editing.add_example, intent_id=intent_id, language=language, phrase=phrase)
        return await self._add(add, "example", by)

    async def add_lookalike(self, intent_id: str, language: str, phrase: str, by: str) -> Edit:
        """Adds a phrase to what is close to an intent, and not it (`not:`)."""
        add = partial(editing.add_lookalike, intent_id=intent_id, language=language, phrase=phrase)
        return await self._add(add, "lookalike", by)

    async def add_intent(
        self,
        intent_id: str,
        by: str,
        *,
        label: Mapping[str, str],
        ask: Mapping[str, Sequence[str]],
        reply: Mapping[str, str],
        following: Sequence[str] = (),
    ) -> Edit:
        """Adds an intent at the end of the file's intents; each text by language."""
        add = partial(
            editing.add_intent,
            intent_id=intent_id,
            label=label,
            ask=ask,
            reply=reply,
            following=following,
        )
        return await self._add(add, "intent", by)

    async def undo(self, edit_id: str, by: str) -> Edit:
        """Takes out just what an edit put in; an entry of the history of its own."""
        async with self._changing, self._history.lock():
            edits = await asyncio.to_thread(self._history.edits)
            edit = next((edit for edit in edits if edit.id == edit_id), None)
            if edit is None or edit.what == "undo":
                raise EditRefused("unknown_edit", "there is no such edit that could be undone")
            if edit.undone:
                raise EditRefused("undone_already", "the edit was undone before")
            added = edit.insertion()
            await self._rewrite(lambda data: editing.take_out(data, added))
            return await self._record(added, "undo", by, edit_id)

    async def history(self, limit: int = 50) -> list[Edit]:
        """Returns the latest edits, latest first."""
        return (await asyncio.to_thread(self._history.edits))[:limit]

    async def _add(self, add: Callable[[bytes], Insertion], what: What, by: str) -> Edit:
        made: list[Insertion] = []

        def edited(data: bytes) -> bytes:
            made[:] = [add(data)]
            return made[0].data

        async with self._changing, self._history.lock():
            await self._rewrite(edited)
            return await self._record(made[0], what, by)

    async def _rewrite(self, edit: Callable[[bytes], bytes]) -> None:
        """Edits the file as it is now, tries the result, writes and serves it."""
        for _ in range(_MOST_ATTEMPTS):
            try:
                old = await asyncio.to_thread(self._path.read_bytes)
                new = await asyncio.to_thread(edit, old)
            except OSError as error:
                raise EditRefused("read_only", f"{self._path}: {error.strerror}") from error
            except EditError as error:
                raise EditRefused(error.kind, str(error)) from error
            except KnowledgeError as error:
                raise EditRefused("faults", *map(str, error.faults)) from error
            figures = await self._tried(new)
            if await asyncio.to_thread(self._path.read_bytes) == old:
                await asyncio.to_thread(replace_content, self._path, new)
                return await self._serve(new, figures)
        raise EditRefused("busy", f"{self._path} is saved again and again; try later")

    async def _record(self, added: Insertion, what: What, by: str, undoes: str = "") -> Edit:
        language = str(added.path[3]) if added.phrase else ""
        edit = Edit(
            id=secrets.token_hex(6),
            at=time.time(),
            by=by,
            what=what,
            intent_id=str(added.path[1]),
            language=language,
            phrase=added.phrase,
            line=added.line,
            inserted=added.text,
            undoes=undoes,
        )
        await asyncio.to_thread(self._history.append, edit)
        return edit

    async def _take_in(self) -> None:
        """Serves what the file holds now, or notes why not."""
        async with self._changing:
            try:
                content = await asyncio.to_thread(self._path.read_bytes)
                if content != self._content:
                    await self._serve(content, await self._tried(content))
                elif self._status.refusal:
                    self._status = replace(self._status, refusal=None)
                    log.info("%s holds again what is served", self._path)
            except OSError as error:
                self._refuse([f"{self._path}: the file cannot be read: {error.strerror}"])
            except EditRefused as refused:
                self._refuse(refused.reasons)

    async def _tried(self, content: bytes) -> Performance:
        """Returns how a content does.

        Raises:
            EditRefused: it is not fit to be served.
        """
        trials = [self._trial(content, self._path)]
        if self._status.figures is None and content != self._content:
            trials.append(self._trial(self._content, self._path))
        try:
            verdict, *served = await asyncio.gather(*trials)
        except ProcessFailed as failure:
            raise EditRefused("failed", f"{self._path}: the check {failure}") from failure
        if served:
            self._status = replace(self._status, figures=served[0].figures)
        if verdict.remark:
            log.warning("the labelled questions were not asked: %s", verdict.remark)
        if verdict.figures is None:
            raise EditRefused("faults", *verdict.faults)
        if found := objections(verdict.figures, self._status.figures):
            raise EditRefused("worse", *(f"{self._path}: {reason}" for reason in found))
        return verdict.figures

    async def _serve(self, content: bytes, figures: Performance) -> None:
        # From the cache, which the trial filled; where it could not, learned in this thread.
        matcher = await asyncio.to_thread(self._learn, content)
        before = self._status.figures
        self._content = content
        self._status = Status(version_of(content), time.time(), figures, before)
        self._use(matcher)
        self._is_new.set()
        log.info(
            "%s is served as version %s; before: %s, now: %s",
            *(self._path, self._status.version, before or "not tested", figures),
        )

    def _use(self, matcher: Matcher) -> None:
        self._matcher = matcher
        for use in self._users:
            use(matcher)

    def _refuse(self, reasons: Sequence[str]) -> None:
        self._status = replace(self._status, refusal=Refusal(time.time(), tuple(reasons)))
        shown = [*reasons[:_MOST_LOGGED], *(["..."] if len(reasons) > _MOST_LOGGED else [])]
        log.error(
            "%s as it was saved is refused, version %s is served on: %s",
            *(self._path, self._status.version, "; ".join(shown)),
        )

    def _learn(self, content: bytes) -> Matcher:
        voice = intents.kept_voice(content, self._encoder) if self._encoder else None
        return intents.open_matcher(self._path, self._max_wrong, data=content, voice=voice)
