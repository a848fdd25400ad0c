"""Text for people: an assessment, a check."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tanba.cli.formats.shared import say, short, wrap
from tanba.errors import TanbaError
from tanba.law.assess import LAYERS
from tanba.law.gaps import READ_LAW, Finding
from tanba.law.load import load
from tanba.law.reasons import AXES
from tanba.law.words import answer, deadline, tenge, word
from tanba.strings import explain, t

DUTIES = tuple(layer for layer in LAYERS if layer != "recommended")


def assessment(report: Mapping[str, Any], lang: str, everything: bool = False) -> str:
    """A whole assessment; `everything` adds reasons, rights and recommendations."""
    parts = [head(report, lang), *_gate(report, lang, everything)]
    if report["conclusion"] not in ("not_ai_system", "out_of_reach"):
        parts += [*_axes(report, lang, everything)]
    parts += [*_duties(report, lang, everything), *_screen(report, lang), *_exposure(report, lang), *_plausibility(report, lang)]
    parts += [*_changes(report, lang, everything), *_questions(report, lang), "", *_foot(report, lang)]
    return "\n".join(parts)


def head(report: Mapping[str, Any], lang: str) -> str:
    """Name, conclusion and roles."""
    name = report["name"][lang]
    roles = [word("role", role, lang) for role, entry in report["roles"].items() if entry["answer"] == "yes"]
    line = f"{name} · {report['system']} · {say('as_of', lang, day=report['date'])}"
    return f"{line}\n{headline(report, lang)}\n{say('roles', lang)}: {', '.join(roles) or say('role_none', lang)}"


def headline(report: Mapping[str, Any], lang: str) -> str:
    """The conclusion in one line: a prohibition, or that it is no AI system, or the three axes as far as they are settled."""
    conclusion = word("conclusion", report["conclusion"], lang)
    if report["conclusion"] not in ("classified", "undecided"):
        return conclusion
    axes = [axis_words(axis, report["axes"][axis], lang) for axis in AXES]
    return " · ".join(axes if report["conclusion"] == "classified" else [*axes, conclusion])


def axis_words(name: str, axis: Mapping[str, Any], lang: str) -> str:
    """The level, or the bounds it lies in: "risk: at least medium"; levels that are no scale are joined by "or"."""
    labels = [label[lang] for label in axis["labels"]]
    every = [level.name for level in load().axes[name].levels]
    if len(labels) == 1:
        words = labels[0]
    elif len(labels) == len(every):
        words = word("answer", "unknown", lang)
    elif axis["ordered"] and axis["levels"] == every[-len(labels) :]:
        words = say("at_least", lang, level=labels[0])
    elif axis["ordered"] and axis["levels"] == every[: len(labels)]:
        words = say("at_most", lang, level=labels[-1])
    else:
        words = say("either", lang).join(labels)
    return f"{axis['label'][lang]}: {words}"


def _gate(report: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    gate = report["gate"]
    open_bans = sum(ban["answer"] == "unknown" for ban in gate["bans"])
    yield f"\n{say('gate', lang)}: {say('gate.' + gate['answer'], lang, total=len(gate['bans']), open=open_bans)}"
    for ban in gate["bans"]:
        if ban["answer"] != "clear" or everything:
            yield from _capability(ban, lang, everything)


def _capability(item: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    sign = {"found": "✗", "unknown": "?", "clear": "✓"}[item["answer"]]
    yield wrap(f"{item['title'][lang]} [{short(item['provision'])}]", 4, f"  {sign} ")
    if item["answer"] == "found" or everything:
        for element in item["elements"]:
            yield wrap(f"{element['text'][lang]}: {word('answer', element['answer'], lang)}", 8, "      · ")
        for element in item["exceptions"]:
            yield wrap(f"{say('exception', lang)}: {element['text'][lang]}: {word('answer', element['answer'], lang)}", 8, "      · ")
    if item["ask"]:
        yield wrap(say("ask", lang, facts=", ".join(item["ask"])), 8, "        ")


def _axes(report: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    yield ""
    for name, axis in report["axes"].items():
        unread = "" if axis["text_read"] else f" ({say('unread', lang)})"
        yield wrap(f"{axis_words(name, axis, lang)}{unread} [{', '.join(short(p) for p in axis['provisions'])}]", 2)
        if axis["because"] and (everything or name == "risk"):
            yield wrap(say("because", lang, facts=_facts(report, axis["because"], lang)), 4, "    ")
        if axis["ask"]:
            yield wrap(say("ask", lang, facts=", ".join(axis["ask"])), 4, "    ")
    affected = [
        word("impact", name, lang) + ("" if answer == "yes" else "?") for name, answer in report["impact"].items() if answer != "no"
    ]
    yield wrap(f"{say('impact', lang)}: {', '.join(affected) or word('answer', 'none_of_them', lang)}", 2)


def _facts(report: Mapping[str, Any], names: Iterable[str], lang: str) -> str:
    facts = load().facts
    return "; ".join(f"{name} = {answer(facts[name], report['facts'].get(name, {}).get('value'), lang)}" for name in names)


def _duties(report: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    duties = [entry for entry in report["provisions"] if entry["kind"] != "right"]
    for layer in LAYERS if everything else DUTIES:
        chosen = [entry for entry in duties if entry["layer"] == layer]
        if chosen:
            open_count = sum(entry["answer"] == "unknown" for entry in chosen)
            count = f"{len(chosen) - open_count}" + (f" + {open_count}?" if open_count else "")
            yield f"\n{say('obligations', lang)} · {word('layer', layer, lang)}: {count}"
            shown = [entry for entry in chosen if everything or layer != "companion" or entry["counsel"]]
            for entry in shown:
                yield from _duty(report, entry, lang, everything)
            if len(shown) < len(chosen):
                yield f"    {say('more', lang, count=len(chosen) - len(shown))}"
    if everything:
        yield f"\n{say('rights', lang)}"
        for entry in report["provisions"]:
            if entry["kind"] == "right":
                yield from _duty(report, entry, lang, everything)


def _duty(report: Mapping[str, Any], entry: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    sign = "•" if entry["answer"] == "applies" else "?"
    extra = [deadline(entry["deadline"], lang), say("sanction", lang, provision=short(entry["sanction"])) if entry["sanction"] else ""]
    tail = "".join(f" · {item}" for item in extra if item)
    yield wrap(f"{entry['title'][lang]}{tail} [{short(entry['provision'])}]", 4, f"  {sign} ")
    if everything:
        yield wrap(entry["must"][lang], 6, "      ")
        if entry["because"]:
            yield wrap(say("because", lang, facts=_facts(report, entry["because"], lang)), 6, "      ")
    if entry["counsel"]:
        yield wrap(say("counsel", lang), 6, "      ")
    elif entry["ask"]:
        yield wrap(say("ask", lang, facts=", ".join(entry["ask"])), 6, "      ")


def _screen(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    found = [item for item in report["screen"] if item["answer"] == "found"]
    open_items = sum(item["answer"] == "unknown" for item in report["screen"])
    words = say("screen.found" if found else "screen.none", lang) + (f" · ? {open_items}" if open_items else "")
    yield f"\n{say('screen', lang)}: {words}"
    for item in found:
        yield wrap(f"{item['title'][lang]} [{short(item['provision'])}]", 4, "  ! ")


def _exposure(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    yield f"\n{say('exposure', lang)}:" + ("" if report["exposure"] else f" {say('exposure.none', lang)}")
    for entry in report["exposure"]:
        sign = "•" if entry["answer"] == "applies" else "?"
        yield wrap(f"{entry['title'][lang]}: {_amounts(entry['amounts'], lang)} [{short(entry['provision'])}]", 4, f"  {sign} ")
        if entry["further"]:
            yield wrap(say("exposure.if", lang, text=entry["further"][lang]), 6, "      ")
        if entry["repeat"] and entry["repeat"]["amounts"]:
            yield wrap(say("exposure.repeat", lang, amounts=_amounts(entry["repeat"]["amounts"], lang)), 6, "      ")


def _amounts(amounts: list[dict[str, Any]], lang: str) -> str:
    def one(entry: dict[str, Any]) -> str:
        amount = f" = {tenge(entry['kzt'])}" if entry["kzt"] else ""
        return f"{word('class', entry['class'], lang)} {entry['mci']} {say('mci', lang)}{amount}"

    return "; ".join(one(entry) for entry in amounts) or say("exposure.unverified", lang)


def _plausibility(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    given = [entry for entry in report["plausibility"] if entry["own"]]
    if given:
        yield f"\n{say('plausibility', lang)}:"
    for entry in given:
        axis = load().axes[entry["axis"]]
        labels = {level.name: level.label[lang] for level in axis.levels}
        possible = "/".join(labels[level] for level in labels if level in entry["possible"])
        words = {
            "axis": axis.label[lang],
            "own": labels[entry["own"]],
            "answer": word("answer", entry["answer"], lang),
            "possible": possible,
        }
        yield wrap(say("plausibility.line", lang, **words), 4, "  • ")
        if entry["examples"]:
            yield wrap(say("plausibility.examples", lang, levels=", ".join(labels[level] for level in entry["examples"])), 6, "      ")


def _changes(report: Mapping[str, Any], lang: str, everything: bool) -> Iterator[str]:
    entries = report["what_would_change"]
    shown = entries if everything else entries[:5]
    if shown:
        yield f"\n{say('what_would_change', lang)}:"
    facts = load().facts
    for entry in shown:
        changes = "; ".join(_change(change, lang) for change in entry["changes"])
        question = facts[entry["fact"]].question[lang]
        words = {"question": question, "answer": answer(facts[entry["fact"]], entry["answer"], lang), "changes": changes}
        yield wrap(say("change", lang, **words), 4, "  • ")
    if len(entries) > len(shown):
        yield f"    {say('more', lang, count=len(entries) - len(shown))}"


def _change(change: Mapping[str, Any], lang: str) -> str:
    law, what = load(), change["what"]
    if what in law.axes:
        labels = {level.name: level.label[lang] for level in law.axes[what].levels}
        before, after = ("/".join(labels[level] for level in labels if level in change[key]) for key in ("before", "after"))
        return f"{law.axes[what].label[lang]} {before} → {after}"
    name = law.notions[what].label[lang] if what in law.notions else what
    return f"{name} {word('answer', change['before'], lang)} → {word('answer', change['after'], lang)}"


def _questions(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    if report["suggested"]:
        yield "\n" + wrap(say("suggested", lang, facts=", ".join(report["suggested"])))
    if report["questions"]:
        fact = report["questions"][0]["fact"]
        yield f"\n{say('open', lang, count=len(report['questions']))}. {say('next', lang)}:"
        yield wrap(f"{report['facts'][fact]['question'][lang]} [{fact}; {short(report['facts'][fact]['governed_by'])}]", 2, "  ")


def _foot(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    for change in report["verify_again"]:
        yield wrap(t("words.verify_again", lang, by=change["by"], act=change["act"], start=change["from"]), 2, "! ")
    yield wrap(t("words.disclaimer", lang))


def check(results: list[tuple[Any, dict[str, Any], list[Finding]]], faults: list[TanbaError], lang: str, strict: bool) -> str:
    """Every system with its findings, then the totals."""
    lines = []
    for system, report, found in results:
        lines.append(f"{system.slug}: {headline(report, lang)}")
        lines += [*_findings(found, lang, strict)] or [f"  ✓ {say('check.fine', lang)}"]
    lines += ["tanba: {}\n       {}".format(*explain(fault, lang)) for fault in faults]
    return "\n".join([*lines, "", _totals(results, faults, lang), wrap(t("words.disclaimer", lang))])


SIGNS = {0: "·", 1: "✗", 2: "✗", 3: "?"}


def _findings(found: list[Finding], lang: str, strict: bool) -> Iterator[str]:
    """Grave findings one by one; missing evidence in one paragraph per layer."""
    for finding in found:
        if finding.kind != "no_evidence":
            detail = f" – {finding.detail}" if finding.detail else ""
            words = f"{_layer_and_kind(finding, lang)}: {finding.title[lang]}{detail} [{short(finding.provision)}]"
            yield wrap(words, 4, f"  {SIGNS[finding.exit_code(strict)]} ")
    for layer in LAYERS:
        missing = [f for f in found if f.kind == "no_evidence" and f.layer == layer]
        if missing:
            words = f"{_layer_and_kind(missing[0], lang)} ({len(missing)}): {', '.join(short(f.provision) for f in missing)}"
            yield wrap(words, 4, f"  {SIGNS[missing[0].exit_code(strict)]} ")


def _layer_and_kind(finding: Finding, lang: str) -> str:
    return f"{word('layer', finding.layer, lang)} · {say('finding.' + finding.kind, lang)}"


def _totals(results: list[tuple[Any, dict[str, Any], list[Finding]]], faults: list[TanbaError], lang: str) -> str:
    gaps = Counter("open" if f.kind == "undecided" else "law" if f.layer in READ_LAW else f.layer for _, _, found in results for f in found)
    counts = {"law": gaps["law"], "house": gaps["house"], "open": gaps["open"], "reported": gaps["reported"]}
    return wrap(say("check.total", lang, systems=len(results), unread=len(faults), **counts))
