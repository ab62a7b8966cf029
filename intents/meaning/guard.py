"""Keeps a process that may crash, hang or eat memory at work, and nobody waiting for it.

A child that dies, is late or sends nonsense is killed and started again: at once the first time,
then after a pause that doubles as long as it keeps happening.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from intents.meaning.child import Child, ChildFailed
from intents.meaning.encoder import MeaningUnavailable

log = logging.getLogger(__name__)

#: What a process needs to find its libraries; tokens and passwords are no business of its.
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a process is waited for, in seconds."""

    start_s: float = 10.0
    """From its start to its first frame, on a cold disk."""
    answer_s: float = 1.0
    """For the answer to a question, and as long for its turn."""
    per_char_s: float = 0.005
    """On top of that for each character, of which a rare one takes a millisecond."""
    first_pause_s: float = 1.0
    """Between its second death in a row and its next start."""
    longest_pause_s: float = 300.0
    """To which the pause doubles."""
    steady_s: float = 60.0
    """After living this long, its death is a first one again."""


class Guard:
    """Asks one process at a time one question at a time, for any number of threads.

    Args:
        name: what the log calls it.
        command: what to run; not before the first question.
        environment: variables of its own, beside the few that it inherits.
        greeting: its first frame must be this.
        patience: how long it is waited for.
        now_s: a clock, for the pauses.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        greeting: bytes,
        patience: Patience,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._command = command
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        self._environment = {**inherited, **environment}
        self._greeting = greeting
        self._patience = patience
        self._now_s = now_s
        self._next = threading.Lock()
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._has_greeted = False
        self._is_closed = False
        self._lives = 0
        self._deaths = 0
        """In a row."""
        self._born_s = self._not_before_s = now_s()

    def ask(
        self, body: bytes, size: int, within_s: float, is_right: Callable[[bytes], bool]
    ) -> bytes:
        """Returns the answer to a frame.

        Waits up to `within_s` for its turn and as long for the answer, and for the start of the
        process in its first life only.

        Args:
            body: the frame to send.
            size: length of the answer in bytes.
            within_s: seconds to wait.
            is_right: tells whether an answer can be believed; if not, it counts as a crash.

        Raises:
            MeaningUnavailable: there is no answer in time.
        """
        self._await_turn(time.monotonic() + within_s)
        try:
            child = self._ready()
            child.send(body, within_s)
            answer = child.receive(size, within_s)
            if not is_right(answer):
                raise ChildFailed("sent nonsense")
        except ChildFailed as error:
            self._bury(str(error))
            raise MeaningUnavailable(f"{self._name} {error}") from error
        else:
            return answer
        finally:
            self._lock.release()

    def _await_turn(self, deadline_s: float) -> None:
        """Takes the lock. Whoever waits is next, and not who asks thousand times in a loop."""
        for lock in (self._next, self._lock):
            if not lock.acquire(timeout=max(0.0, deadline_s - time.monotonic())):
                if lock is self._lock:
                    self._next.release()
                raise MeaningUnavailable(f"{self._name} is busy")
        self._next.release()

    def close(self) -> None:
        """Ends the process, for good."""
        with self._lock:
            self._is_closed = True
            if self._child is not None:
                self._child.kill()
                self._child = None

    def _ready(self) -> Child:
        """Returns a child that has greeted."""
        if self._is_closed:
            raise MeaningUnavailable(f"{self._name} is closed")
        child = self._child
        if child is None:
            if self._now_s() < self._not_before_s:
                raise MeaningUnavailable(f"{self._name} has died {self._deaths} times in a row")
            child = self._start()
        if not self._has_greeted:
            self._await_greeting(child)
        return child

    def _start(self) -> Child:
        self._lives += 1
        self._has_greeted = False
        self._born_s = self._now_s()
        try:
            self._child = Child(self._command, self._environment)
        except OSError as error:
            raise ChildFailed(f"cannot be run ({type(error).__name__})") from error
        return self._child

    def _await_greeting(self, child: Child) -> None:
        left_s = max(0.0, self._born_s + self._patience.start_s - self._now_s())
        if not child.has_spoken(left_s if self._lives == 1 else 0.0):
            if left_s and self._lives > 1:
                raise MeaningUnavailable(f"{self._name} is starting")
            raise ChildFailed("did not start in time")
        if child.receive(len(self._greeting), within_s=1.0) != self._greeting:
            raise ChildFailed("greeted as another")
        self._has_greeted = True

    def _bury(self, reason: str) -> None:
        """Ends a child that failed, and sees to the next one."""
        how = self._child.kill() if self._child else "not run"
        self._child = None
        if self._now_s() - self._born_s >= self._patience.steady_s:
            self._deaths = 0
        self._deaths += 1
        pause_s = 0.0
        if self._deaths > 1:
            doubled = self._patience.first_pause_s * 2.0 ** min(self._deaths - 2, 30)
            pause_s = min(doubled, self._patience.longest_pause_s)
        self._not_before_s = self._now_s() + pause_s
        log.warning("%s %s (%s); next start in %g s", self._name, reason, how, pause_s)
        if not pause_s and self._has_greeted:
            # It worked, so it is likely to again: it need not wait for the next question.
            try:
                self._start()
            except ChildFailed as error:
                log.warning("%s %s", self._name, error)
