"""Logs as lines of JSON; never a token, never what people write."""

from __future__ import annotations

import datetime
import json
import logging
import sys
import traceback

#: These log whole URLs or payloads, and with them Telegram's token or people's words.
_TALKATIVE = ("httpx", "httpcore", "telegram", "telegram.ext", "aiohttp", "linebot", "urllib3")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the record's time (UTC), level, logger, message and traceback."""
        when = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "time": when.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def told(error: BaseException) -> tuple[str, str]:
    """Returns an error's type and traceback without its text, which may quote people."""
    return type(error).__name__, "".join(traceback.format_tb(error.__traceback__))


def set_up() -> None:
    """Sends this process's logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Logs a whole answer that it cannot read, with what people wrote, as an error.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
