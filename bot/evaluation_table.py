"""A `Report` as a plain table for the terminal."""

from __future__ import annotations

from bot.evaluation import VERDICTS, Report


def as_table(report: Report, show: bool) -> str:
    """Returns the headline figures, every group's verdicts, and the commonest confusions.

    Args:
        report: what came of the questions.
        show: also list every question that did not go right.
    """
    figures = report.figures()
    lines = [
        f"{report.questions} questions, {figures['in_scope']} in scope",
        f"in scope           right {figures['right']} %, right or offered"
        f" {report.share('in', 'right', 'offered')} %, wrong {figures['wrong']} %",
        f"small talk         right {figures['small_talk_right']} %",
        f"out of scope       answered {figures['oos_false_answers']} %,"
        f" near misses {figures['near_false_answers']} %",
        f"language of reply  right {figures['language_right']} %",
        f"texts              hold their answer {figures['text_holds_facts']} %,"
        f" e-mail addresses invented {figures['emails_invented']}",
        "",
        f"{'':24}{'asked':>7}" + "".join(f"{verdict:>9}" for verdict in VERDICTS),
    ]
    for group, counts in report.groups():
        cells = "".join(f"{counts[verdict] or '':>9}" for verdict in VERDICTS)
        lines.append(f"{group:24}{counts.total():>7}{cells}")
    if report.confusions:
        lines += ["", "asked for, but answered"]
        lines += [
            f"  {count} x  {asked} -> {got}"
            for (asked, got), count in report.confusions.most_common(15)
        ]
    if show and report.misses:
        lines += ["", "did not go right"]
        lines += [
            f"  {miss.verdict:8} {miss.question.id:6} {miss.question.text[:90]!r} -> {miss.got}"
            for miss in report.misses
        ]
    return "\n".join(lines)
