"""One life of a process that is talked to in frames (see `intents.meaning.e5_worker`)."""

from __future__ import annotations

import signal
import socket
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence

_LENGTH = struct.Struct("<I")


class ChildFailed(Exception):
    """The process ended, was late or sent what was not due; it is to be killed."""


class Child:
    """A process whose standard input and output are a socket to this one.

    Args:
        command: what to run.
        environment: all variables that it gets.

    Raises:
        OSError: it cannot be run.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - a command of ours, no shell
                    command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    start_new_session=True,  # Ctrl-C is for us; the child ends with the channel
                )
            except OSError:
                self._channel.close()
                raise

    def has_spoken(self, within_s: float) -> bool:
        """Tells whether there is something to receive, if only its end, at once or in a while."""
        self._channel.settimeout(within_s)
        try:
            self._channel.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError:
            return True
        return True

    def send(self, body: bytes, within_s: float) -> None:
        """Sends a frame.

        Raises:
            ChildFailed: it does not take it in time.
        """
        self._channel.settimeout(within_s)
        try:
            self._channel.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise ChildFailed(f"took no question ({type(error).__name__})") from error

    def receive(self, size: int, within_s: float) -> bytes:
        """Returns the next frame, which must be of this size.

        Raises:
            ChildFailed: there is none in time, or another one.
        """
        deadline_s = time.monotonic() + within_s
        (announced,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline_s))
        if announced != size:
            raise ChildFailed(f"announced {announced} bytes instead of {size}")
        return self._exactly(size, deadline_s)

    def kill(self) -> str:
        """Ends the process if it has not ended; returns how it did."""
        self._channel.close()
        self._process.kill()
        status = self._process.wait()
        return f"status {status}" if status >= 0 else signal.Signals(-status).name

    def _exactly(self, size: int, deadline_s: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise ChildFailed("was late")
            self._channel.settimeout(left_s)
            try:
                part = self._channel.recv(size - len(received))
            except TimeoutError as error:
                raise ChildFailed("was late") from error
            except OSError as error:
                raise ChildFailed(f"broke off ({type(error).__name__})") from error
            if not part:
                raise ChildFailed("ended")
            received += part
        return bytes(received)
