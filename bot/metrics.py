"""What has happened and what waits, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

from collections.abc import Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def render(
    counters: Mapping[str, int], waiting_chats: int, set_aside: int, is_refused: bool
) -> str:
    """Returns the counters and gauges of all replicas together.

    Args:
        counters: how often each thing happened, by name.
        waiting_chats: chats with a message that is not settled.
        set_aside: messages that will not be tried again.
        is_refused: whether the knowledge file as it was saved is not served, by this replica.
    """
    lines = [
        "# HELP infobot_messages_total What became of messages.",
        "# TYPE infobot_messages_total counter",
        *(
            f'infobot_messages_total{{event="{_escaped(name)}"}} {count}'
            for name, count in sorted(counters.items())
        ),
        "# HELP infobot_waiting_chats Chats with a message that is not settled.",
        "# TYPE infobot_waiting_chats gauge",
        f"infobot_waiting_chats {waiting_chats}",
        "# HELP infobot_set_aside Messages that will not be tried again.",
        "# TYPE infobot_set_aside gauge",
        f"infobot_set_aside {set_aside}",
        "# HELP infobot_knowledge_refused Whether the knowledge file as it was saved is refused.",
        "# TYPE infobot_knowledge_refused gauge",
        f"infobot_knowledge_refused {int(is_refused)}",
    ]
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
