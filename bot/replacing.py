"""Replaces the content of a file all at once: readers see the old or the new, never a part."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from bot.errors import EditRefused

_ANYONE_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def replace_content(path: Path, data: bytes) -> None:
    """Gives the file at `path`, or the one that a link there leads to, a new content.

    Mode and owner stay; a link stays a link.

    Raises:
        EditRefused: the file may not be written, or its folder, or not without another owner.
    """
    try:
        real = path.resolve(strict=True)
        known = real.stat()
        # Root may write anything; a file that is marked read-only is meant to be left alone.
        if not known.st_mode & _ANYONE_WRITES or not os.access(real, os.W_OK):
            raise EditRefused("read_only", f"{path} is read-only; make it writable to edit it here")
        file, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        try:
            with os.fdopen(file, "wb") as temporary:
                temporary.write(data)
                temporary.flush()
                if os.fstat(file).st_uid != known.st_uid or os.fstat(file).st_gid != known.st_gid:
                    os.fchown(file, known.st_uid, known.st_gid)
                os.fchmod(file, stat.S_IMODE(known.st_mode))
                os.fsync(file)
            Path(name).replace(real)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"{path} cannot be replaced: {error.strerror}; file and folder must be writable"
        raise EditRefused("read_only", f"{message}, and the file this user's") from error
