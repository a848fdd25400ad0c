"""Text of the vocabulary and of the interview."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.cli.formats.shared import wrap
from tanba.cli.formats.text import head
from tanba.law.words import answer, word
from tanba.strings import t


def facts(law: Any, chosen: list[Any], lang: str) -> str:
    """The vocabulary: name, type, question, choices, governing provision."""
    lines = []
    for fact in chosen:
        lines.append(f"{fact.name} ({fact.type}) [{fact.governed_by}]")
        lines.append(wrap(fact.question[lang], 2, "  "))
        lines += [wrap(f"{choice}: {label[lang]}", 6, "    - ") for choice, label in fact.choices.items()]
    return "\n".join(lines)


def question(book: Any, fact: Any, bears_on: list[str], proposal: Any, remaining: int, lang: str) -> str:
    """One interview question with its help, choices, governing provision and any proposal."""
    governing = book.provisions.get(fact.governed_by)
    lines = [f"\n{t('cli.interview.left', lang, count=remaining)}", wrap(fact.question[lang])]
    lines += [wrap(fact.help[lang], 2, "  ")] if fact.help else []
    lines += [f"  {number}. {label[lang]}" for number, label in enumerate(fact.choices.values(), 1)]
    basis = f" ({word('basis', governing.basis, lang)})" if governing else ""
    lines.append(f"  {t('cli.interview.governed', lang, provision=fact.governed_by)}{basis}")
    if fact.legal:
        lines.append(f"  {t('cli.interview.legal', lang)}")
    if proposal is not None:
        shown = answer(fact, proposal.value, lang)
        lines.append(f"  {t('cli.interview.proposal', lang, value=shown, source=proposal.source)}")
    return "\n".join([*lines, f"  {t('cli.interview.hint_' + fact.type, lang)}"])


def suggestions(book: Any, found: list[Any], flags: list[str], lang: str) -> str:
    """What a description suggests, with the words that led to it, and the prohibitions worth a close look."""
    law = book.law
    if not found:
        return t("cli.interview.suggested_none", lang)
    lines = [t("cli.interview.suggested", lang)]
    for item in found:
        shown = answer(law.facts[item.fact], item.value, lang)
        lines.append(wrap(f"{item.fact} = {shown} ← «{'»; «'.join(item.words)}»", 4, "  • "))
    for path in flags:
        lines.append(wrap(f"{t('cli.interview.flagged', lang)}: {book.provisions[path].title[lang]} [{path}]", 4, "  ! "))
    return "\n".join(lines)


def interview_end(report: Mapping[str, Any], asked: int, skipped: set[str], path: Path | None, lang: str) -> str:
    """What the interview settled and what comes next."""
    lines = ["", head(report, lang)]
    if path is None:
        return "\n".join([*lines, t("cli.interview.no_file", lang), wrap(t("words.disclaimer", lang))])
    lines.append(t("cli.interview.asked", lang, count=asked))
    if skipped:
        lines.append(wrap(t("cli.interview.postponed", lang, facts=", ".join(sorted(skipped)))))
    return "\n".join([*lines, t("cli.interview.next", lang, path=path), wrap(t("words.disclaimer", lang))])
