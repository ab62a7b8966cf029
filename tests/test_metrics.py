from __future__ import annotations

from bot.metrics import render


def test_every_counter_and_gauge_is_a_line_that_prometheus_reads() -> None:
    text = render({"answered": 3, 'odd "name"\n': 1}, waiting_chats=2, set_aside=0, is_refused=True)

    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert samples == [
        'infobot_messages_total{event="answered"} 3',
        'infobot_messages_total{event="odd \\"name\\"\\n"} 1',
        "infobot_waiting_chats 2",
        "infobot_set_aside 0",
        "infobot_knowledge_refused 1",
    ]
    assert text.endswith("\n")
