"""A child for the e5 engine that behaves, or misbehaves, as it is told.

    python meaning_child.py RECORD START

Each start adds a line to the file RECORD. START says how it begins, and a text what comes of it:
any other text has a vector of zeros with a one at the place of its length.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from array import array
from pathlib import Path

DIMENSIONS = 384


def send(channel: socket.socket, body: bytes) -> None:
    channel.sendall(struct.pack("<I", len(body)) + body)


def receive(channel: socket.socket, size: int) -> bytes:
    received = channel.recv(size, socket.MSG_WAITALL)
    if len(received) < size:
        sys.exit()
    return received


def misbehave(channel: socket.socket, text: str, size: int) -> None:
    if text == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif text == "exit":
        sys.exit()
    elif text == "hang":
        signal.pause()
    elif text == "half":
        channel.sendall(struct.pack("<I", size) + bytes(size // 2))
        signal.pause()
    elif text == "long":
        send(channel, bytes(size + 4))
    elif text == "huge":
        channel.sendall(b"\xff\xff\xff\xff")
    elif text == "zeros":
        send(channel, bytes(size))
    elif text == "no numbers":
        send(channel, array("f", [float("nan")] * (size // 4)).tobytes())
    elif text == "noise":
        channel.sendall(os.urandom(size))


def begin(channel: socket.socket, start: str, lives: int) -> None:
    if start == "stillborn":
        sys.exit(1)
    if start == "mute":
        signal.pause()
    if start == "held up" and lives > 1:
        # Until somebody opens the other end.
        Path(sys.argv[1]).with_suffix(".gate").read_bytes()
    send(channel, json.dumps(512 if start == "stranger" else DIMENSIONS).encode())


def main() -> None:
    record, start = Path(sys.argv[1]), sys.argv[2]
    with record.open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), "environment": dict(os.environ)}) + "\n")
    if start == "real":
        os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
    channel = socket.socket(fileno=0)
    begin(channel, start, len(record.read_text().splitlines()))
    while True:
        (size,) = struct.unpack("<I", receive(channel, 4))
        texts = json.loads(receive(channel, size))
        for text in texts:
            misbehave(channel, text, len(texts) * DIMENSIONS * 4)
        vectors = array("f", bytes(4 * DIMENSIONS * len(texts)))
        for row, text in enumerate(texts):
            vectors[row * DIMENSIONS + len(text) % DIMENSIONS] = 1.0
        send(channel, vectors.tobytes())


if __name__ == "__main__":
    main()
