"""Says in words why a question is answered as it is: the text of `infobot explain`."""

from __future__ import annotations

from dataclasses import asdict

from intents import Matcher


def explain(matcher: Matcher, question: str) -> str:
    """Returns a few lines: what was understood, what matched, what came second, what decided."""
    told = matcher.explain(question)
    match = told.match
    lines = [
        f"question     {question}",
        f"understood   {match.text}",
        f"language     {match.language or 'nothing tells'}",
        f"outcome      {_outcome(told.match.outcome, [a.intent_id for a in match.answers])}",
        "",
        "likeliest intents, their share, and their nearest example",
    ]
    shares = {candidate.intent_id: candidate.confidence for candidate in match.ranking}
    for intent_id, example, ratio in told.nearest:
        lines.append(f"  {shares[intent_id]:5.0%}  {intent_id:22} {example}  ({ratio:.0%} alike)")
    lines += [
        "",
        f"confidence   {told.confidence:.2f}: answered from {told.answer_from:.2f},"
        f" offered from {told.offer_from:.2f}",
    ]
    if told.names:
        things = (f"{thing.surface} ({thing.kind})" for thing in told.names)
        lines.append(f"names        {', '.join(things)}")
    if match.stranger:
        likeliest = match.ranking[0].intent_id
        lines.append(f"near miss    {likeliest} does not speak of {match.stranger.surface}")
    lines += ["", "evidence"]
    lines += [f"  {name:18} {value:7.2f}" for name, value in asdict(told.evidence).items()]
    return "\n".join(lines)


def _outcome(outcome: str, answered: list[str]) -> str:
    return f"{outcome}: {', '.join(answered)}" if answered else outcome
