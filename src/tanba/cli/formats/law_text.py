"""Text for `tanba law`."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tanba.cli.formats.shared import say, short, wrap
from tanba.law.conditions import ALWAYS
from tanba.law.model import Change, Claim, Law, Provision
from tanba.law.rulebook import Rulebook
from tanba.law.words import condition_text, deadline, word
from tanba.strings import t


def provisions(book: Rulebook, chosen: list[Provision], lang: str) -> str:
    """One line each: path, kind, basis, title."""
    lines = []
    for p in chosen:
        unread = "" if p.text_read else f", {say('unread', lang)}"
        again = " !" if p.path in book.changed else ""
        lines.append(
            wrap(f"{p.title[lang]} ({word('kind', p.kind, lang)}; {word('basis', p.basis, lang)}{unread}){again}", 26, f"{p.path}  ")
        )
    return "\n".join(
        [
            *lines,
            "",
            f"{say('law.count', lang, count=len(chosen))} · {say('as_of', lang, day=book.day)}",
            *banners(book.law, book.day, lang),
        ]
    )


def banners(law: Law, day: date, lang: str) -> list[str]:
    """The call to verify again for every reported change that has begun, and the disclaimer."""
    begun = [c for act in law.acts.values() for c in act.changes if c.start <= day]
    return [*(wrap(_again(c, lang), 2, "! ") for c in begun), wrap(t("words.disclaimer", lang))]


def _again(change: Change, lang: str) -> str:
    return t("words.verify_again", lang, by=change.by, act=change.act, start=change.start)


def provision(book: Rulebook, p: Provision, confirmed: list[Any], lang: str) -> str:
    """Everything about one provision."""
    return "\n".join([*_what(book, p, lang), *_conditions(book.law, p, lang), *_how_we_know(book, p, confirmed, lang)])


def _what(book: Rulebook, p: Provision, lang: str) -> Iterator[str]:
    yield p.id
    yield wrap(f"{p.title[lang]} ({word('kind', p.kind, lang)}; {word('basis', p.basis, lang)})")
    yield wrap(p.must[lang], 2, "  ")
    if p.note:
        yield wrap(p.note[lang], 4, "  ! ")
    if p.practice:
        default = say(f"law.default.{p.practice.get('default', 'off')}", lang)
        yield wrap(
            say("law.practice", lang, claim=", ".join(p.practice.get("claim", ())), feature=p.practice.get("feature", ""), default=default)
        )
    if p.kind == "sanction":
        yield from _penalties(p, lang)


def _penalties(p: Provision, lang: str) -> Iterator[str]:
    def amounts(by_class: dict[str, int]) -> str:
        return "; ".join(f"{word('class', name, lang)} {amount} {say('mci', lang)}" for name, amount in by_class.items())

    yield wrap(amounts(p.penalty.get("penalties", {})) or say("exposure.unverified", lang), 2, "  ")
    if p.penalty.get("repeat", {}).get("penalties"):
        yield wrap(say("exposure.repeat", lang, amounts=amounts(p.penalty["repeat"]["penalties"])), 2, "  ")
    if p.penalty.get("further"):
        yield wrap(say("exposure.if", lang, text=p.penalty["further"][lang]), 2, "  ")


def _conditions(law: Law, p: Provision, lang: str) -> Iterator[str]:
    def line(key: str, text: str) -> str:
        return wrap(f"{say('law.' + key, lang)}: {text}", 2)

    if p.binds:
        yield line("binds", ", ".join(word("role", role, lang) for role in p.binds))
    if p.grants:
        yield line("grants", ", ".join(word("role", role, lang) for role in p.grants))
    if p.tiers:
        yield line("tiers", ", ".join(level.label[lang] for level in law.axes["risk"].levels if level.name in p.tiers))
    if p.applies != ALWAYS:
        yield line("when", condition_text(law, p.applies, lang))
    for key, elements in (("elements", p.elements), ("exceptions", p.exceptions)):
        if elements:
            yield f"{say('law.' + key, lang)}:"
            yield from (wrap(element.text[lang], 4, "  · ") for element in elements)
    if p.kind in ("obligation", "right", "recommendation"):
        yield line("deadline", deadline(p.deadline, lang) or say("law.no_deadline", lang))
        yield line("sanction", p.sanction or say("law.no_sanction", lang))
    if p.evidence:
        yield f"{say('law.evidence', lang)}:"
        yield from (wrap(f"{entry['kind']}: {entry['accept'][lang]}", 4, "  · ") for entry in p.evidence)


def _how_we_know(book: Rulebook, p: Provision, confirmed: list[Any], lang: str) -> Iterator[str]:
    read = say("law.read" if p.text_read else "unread", lang)
    in_force = say("law.from_to", lang, start=p.start, end=p.end) if p.end else say("law.from", lang, day=p.start)
    verified = say("law.verified", lang, day=p.verified["date"], by=p.verified["by"])
    yield wrap(
        f"{say('law.source', lang)}: {p.source}; {in_force}; {read}; {say('law.confidence', lang, label=p.confidence)}; {verified}", 2
    )
    if p.official_sha256:
        yield wrap("SHA-256 " + ", ".join(f"{language}: {digest}" for language, digest in p.official_sha256.items()), 2)
    yield from (wrap(say("law.confirmed", lang, by=c.by, at=c.at), 2) for c in confirmed)
    yield from (wrap(f"{_again(c, lang)} {c.summary[lang]}", 2, "! ") for c in book.law.changes(p.path, book.day))
    yield wrap(t("words.disclaimer", lang))


def claims(law: Law, chosen: list[Claim], lang: str) -> str:
    """Published claims with what the primary text says."""
    lines = []
    for claim in chosen:
        lines.append(wrap(f"{claim.claim[lang]} – {law.verdicts[claim.verdict][lang].upper()}", 8, claim.id))
        lines.append(wrap(claim.text[lang] + (f" [{', '.join(claim.provisions)}]" if claim.provisions else ""), 8, " " * 8))
    return "\n".join([*lines, "", wrap(t("words.disclaimer", lang))])


def changes(law: Law, day: date, lang: str) -> str:
    """Reported amendments, begun or coming."""
    lines = []
    for act in law.acts.values():
        for change in act.changes:
            state = say("law.begun" if change.start <= day else "law.coming", lang)
            touches = ", ".join(change.touches) if change.touches else "*"
            lines.append(wrap(f"{change.start} · {act.name} · {change.by} · {touches} · {state}", 2))
            lines.append(
                wrap(f"{change.summary[lang]} ({say('unread', lang)}; {say('law.confidence', lang, label=change.confidence)})", 4, "    ")
            )
    return "\n".join([*(lines or [say("law.no_changes", lang)]), "", wrap(t("words.disclaimer", lang))])


def comparison(book: Rulebook, act: str, found: Any, to_verify: list[Provision], touched: dict[str, list[str]], lang: str) -> str:
    """What an imported official text changes."""
    lines = [f"{act}: {say('law.identical', lang)}"] if not (found.changed or found.missing or found.new) else [act]
    for key in ("same", "changed", "missing", "new"):
        articles = getattr(found, key)
        if articles:
            lines.append(wrap(f"{say('law.' + key, lang)} ({len(articles)}): {', '.join(articles)}", 2))
    if to_verify:
        lines.append(f"{say('law.to_verify', lang)} ({len(to_verify)}):")
        lines += [wrap(f"{p.title[lang]} [{short(p.id)}]", 4, "  · ") for p in to_verify]
        lines.append(f"{say('law.touched', lang)} ({len(touched)}):" if touched else say("law.none_touched", lang))
        lines += [wrap(f"{slug}: {', '.join(paths)}", 4, "  · ") for slug, paths in touched.items()]
    return "\n".join([*lines, wrap(t("words.disclaimer", lang))])
