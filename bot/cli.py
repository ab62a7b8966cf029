"""The command `infobot`: thin, and quick to start; what a command needs is imported inside it.

Exit codes: 0 all is well, 1 the knowledge file or an answer has faults, 2 the call or a setting is
wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.errors import InfobotError
from intents.faults import KnowledgeError

if TYPE_CHECKING:
    from bot.evaluation import Question, Report
    from bot.settings import Settings
    from intents import Matcher

_Command = Callable[[argparse.Namespace, "Settings"], int]


def _serve(_options: argparse.Namespace, config: Settings) -> int:
    """Serve the chat page, and every channel that is set up."""
    from bot.app import serve

    return serve(config)


def _chat(_options: argparse.Namespace, config: Settings) -> int:
    """Talk to the bot in this terminal."""
    from bot.adapters.terminal import chat
    from bot.assistant import Assistant
    from bot.opening import opened

    with opened(config) as matcher:
        chat(Assistant(matcher), sys.stdin, sys.stdout)
    return 0


def _ask(options: argparse.Namespace, config: Settings) -> int:
    """Print the reply to one question, or to JSON lines from standard input."""
    from bot.adapters.terminal import answer_lines, render
    from bot.assistant import Assistant
    from bot.conversation import Conversation
    from bot.model import Message
    from bot.opening import opened

    if options.text is None and not options.jsonl:
        raise InfobotError('nothing asked; call: infobot ask "your question", or ask --jsonl')
    with opened(config) as matcher:
        if options.jsonl:
            return answer_lines(Assistant(matcher), sys.stdin, sys.stdout)
        message = Message("terminal", "ask", text=options.text)
        reply, _ = Assistant(matcher).respond(message, Conversation(), time.time())
        print(render(reply))
    return 0


def _check(options: argparse.Namespace, config: Settings) -> int:
    """Name every fault of the knowledge file with its line, and what could be better."""
    from bot.checking import check, render

    findings = check(config.knowledge)
    print(render(findings, options.format))
    return int(any(finding.is_fault for finding in findings))


def _eval(options: argparse.Namespace, config: Settings) -> int:
    """Score the bot on labelled questions."""
    from bot import evaluation
    from bot.assistant import Assistant
    from bot.evaluation_table import as_table
    from bot.opening import opened

    questions = evaluation.read(options.questions)
    with opened(config) as matcher:
        report = evaluation.evaluate(Assistant(matcher), questions)
        if options.html:
            _write_report(options, config, report, questions, matcher)
    if options.format == "json":
        print(json.dumps(report.figures(), ensure_ascii=False))
    else:
        print(as_table(report, options.show))
    return 0


def _write_report(
    options: argparse.Namespace,
    config: Settings,
    report: Report,
    questions: Sequence[Question],
    matcher: Matcher,
) -> None:
    from bot.assistant import Assistant
    from bot.evaluation_curves import trace
    from bot.evaluation_report import About, as_html

    curves = trace(lambda share: Assistant(matcher.bearing(share)), questions)
    about = About(
        questions=options.questions.name,
        knowledge=config.knowledge.name,
        max_wrong=config.max_wrong,
        when=time.strftime("%Y-%m-%d %H:%M"),
    )
    options.html.write_text(as_html(report, curves, about), "utf-8")


def _explain(options: argparse.Namespace, config: Settings) -> int:
    """Say why a question is answered as it is."""
    from bot.explaining import explain
    from bot.opening import opened

    with opened(config) as matcher:
        print(explain(matcher, options.text))
    return 0


def _schema(_options: argparse.Namespace, _config: Settings) -> int:
    """Print the JSON Schema of knowledge.yaml, for editors."""
    import intents

    print(json.dumps(intents.schema(), ensure_ascii=False, indent=2))
    return 0


def _teach(options: argparse.Namespace, config: Settings) -> int:
    """Add a phrase to a topic, or go through the questions that were not answered."""
    from bot.teaching import run

    given = (options.intent, options.language, options.phrase)
    if any(given) and not all(given):
        raise InfobotError('call: infobot teach, or: infobot teach INTENT LANGUAGE "phrase"')
    run(config, given if all(given) else None, sys.stdin, sys.stdout)
    return 0


def _questions(options: argparse.Namespace, config: Settings) -> int:
    """List what people asked and did not get answered, and how much was asked at all."""
    import asyncio

    import intents
    from bot import questions

    knowledge = intents.open_matcher(config.knowledge, config.max_wrong).knowledge
    days = options.days or config.retention_days
    figures, groups = asyncio.run(questions.read(config, knowledge, days))
    if options.format == "json":
        print(questions.as_json(figures, groups))
    else:
        print(questions.as_text(figures, groups, knowledge))
    return 0


def _setup(options: argparse.Namespace, config: Settings) -> int:
    """Set Telegram and LINE up: webhooks, commands, descriptions, menus; change what differs."""
    import asyncio

    import intents
    from bot.channels import set_up_all

    knowledge = intents.open_matcher(config.knowledge, config.max_wrong).knowledge
    sentences = asyncio.run(set_up_all(config, knowledge, options.dry_run))
    print("\n".join(sentences) or "nothing to change")
    return 0


def _doctor(_options: argparse.Namespace, config: Settings) -> int:
    """Say what is wrong with this set-up, and what to do about it."""
    import asyncio

    from bot.doctor import examine

    async def consult() -> bool:
        is_well = True
        async for finding in examine(config):
            print(finding)
            is_well = is_well and finding.is_well
        return is_well

    return 0 if asyncio.run(consult()) else 1


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3_650:
        raise argparse.ArgumentTypeError("must be a number of days from 1 to 3650")
    return days


_COMMANDS: dict[str, _Command] = {
    "serve": _serve,
    "chat": _chat,
    "ask": _ask,
    "check": _check,
    "eval": _eval,
    "explain": _explain,
    "schema": _schema,
    "questions": _questions,
    "teach": _teach,
    "setup": _setup,
    "doctor": _doctor,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="infobot", description="Answers questions from one knowledge file, in its languages."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {}
    for name, command in _COMMANDS.items():
        help_text = (command.__doc__ or "").strip()
        parsers[name] = subparsers.add_parser(name, help=help_text, description=help_text)
        parsers[name].add_argument(
            "--knowledge", type=Path, metavar="FILE", help="the knowledge file, over KNOWLEDGE"
        )
    parsers["ask"].add_argument("text", nargs="?", help="the question")
    parsers["ask"].add_argument(
        "--jsonl", action="store_true", help='read {"id", "text", "chat"?} a line, write one each'
    )
    parsers["check"].add_argument("--format", choices=("text", "json", "github"), default="text")
    parsers["eval"].add_argument("questions", type=Path, help="labelled questions, JSON lines")
    parsers["eval"].add_argument("--format", choices=("text", "json"), default="text")
    parsers["eval"].add_argument(
        "--html", type=Path, metavar="FILE", help="also write a report with charts, as one file"
    )
    parsers["eval"].add_argument("--show", action="store_true", help="list what did not go right")
    parsers["explain"].add_argument("text", help="the question")
    for name in ("intent", "language", "phrase"):
        parsers["teach"].add_argument(name, nargs="?", metavar=name.upper())
    parsers["questions"].add_argument("--format", choices=("text", "json"), default="text")
    parsers["questions"].add_argument(
        "--days", type=_days, help="how far back to look; by default RETENTION_DAYS"
    )
    parsers["setup"].add_argument(
        "--dry-run", action="store_true", help="say what differs, and change nothing"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        config = settings.read()
        if options.knowledge:
            config = settings.with_knowledge(config, options.knowledge)
        return _COMMANDS[options.command](options, config)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    except InfobotError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"{place}{error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
