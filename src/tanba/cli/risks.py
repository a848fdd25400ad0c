"""`tanba risks`: the starter catalogue, what a register of risks lacks, its matrix as a picture."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common, day_of, on_argument
from tanba.errors import FINDING, FINE, InputError
from tanba.strings import t

REFRESH = "230-VIII/18/1/4"
"""The provision whose period counts."""


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, title=say("verbs"))

    def add(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=say(f"risks.{name}.help"), description=say(f"risks.{name}.help"), add_help=False)
        common(sub, say)
        sub.set_defaults(run_risks=run)
        return sub

    catalogue = add("catalogue", _catalogue)
    catalogue.add_argument("--for", dest="system", type=Path, metavar="SYSTEM.yaml", default=None, help=say("risks.for.help"))
    catalogue.add_argument("--json", action="store_true", help=say("risks.json.help"))
    check = add("check", _check)
    check.add_argument("register", type=Path, metavar="RISKS.yaml", help=say("risks.register.help"))
    check.add_argument("--json", action="store_true", help=say("risks.json.help"))
    on_argument(check, say)
    matrix = add("matrix", _matrix)
    matrix.add_argument("register", type=Path, metavar="RISKS.yaml", help=say("risks.register.help"))
    matrix.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.svg", help=say("risks.output.help"))
    matrix.add_argument("--inherent", action="store_true", help=say("risks.inherent.help"))


def run(options: argparse.Namespace) -> int:
    """Run the verb's own verb."""
    code: int = options.run_risks(options)
    return code


def in_words(text: Mapping[str, str] | str, lang: str) -> str:
    """One of the languages of a text; another where its own is missing."""
    return text if isinstance(text, str) else text.get(lang) or next(iter(text.values()), "")


def _catalogue(options: argparse.Namespace) -> int:
    """Every risk, or those for one system with reasons."""
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.people.catalogue import suggest, treating

    system = read_system(options.system, load()) if options.system else None
    found = suggest(system.facts if system else {})
    if options.json:
        rows = [_row(each) | {"controls": [control.id for control in treating(each.risk.id)]} for each in found]
        print(_json({"risks": rows, "schema": "tanba.risk-catalogue/1", "system": system.slug if system else None}))
        return FINE
    shown = None
    for each in sorted(found, key=lambda each: each.answer is None) if system else found:
        if system and each.answer != shown:
            print(t("cli.risks.suggested" if each.answer else "cli.risks.open", options.lang))
            shown = each.answer
        print("\n".join(_told(each, options.lang, bool(system))))
    print(t("cli.risks.practice", options.lang))
    return FINE


def _check(options: argparse.Namespace) -> int:
    """What a register lacks on a day."""
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.law.words import cite
    from tanba.material.risks import finding_words
    from tanba.people.risks import counts, due, findings

    day, register = day_of(options), read(options.register)
    provision = on(load(), day).provisions.get(REFRESH)
    every = str(provision.deadline["every"]) if provision and provision.deadline else None
    found, until = findings(register, day, every), due(register.reviewed, every)
    if options.json:
        rows = [{"code": each.code, "risk": each.risk or None, "values": dict(each.values)} for each in found]
        print(
            _json(
                {
                    "counts": counts(register.risks),
                    "date": day.isoformat(),
                    "due": until.isoformat() if until else None,
                    "findings": rows,
                    "period": {"every": every, "provision": provision.id if provision else None},
                    "schema": "tanba.risk-check/1",
                    "system": register.system,
                }
            )
        )
        return FINDING if found else FINE
    levels = ", ".join(f"{t(f'risks.level_{level}', options.lang)} – {n}" for level, n in counts(register.risks).items() if n)
    print(f"{register.system}: {levels or '–'}")
    if until:
        print(t("cli.risks.refresh", options.lang, due=until.isoformat(), place=cite(REFRESH, options.lang)))
    titles = {risk.id: f"{number}. {in_words(risk.title, options.lang)}" for number, risk in enumerate(register.risks, 1)}
    for each in found:
        print(f"  ✗ {titles[each.risk]}: " if each.risk else "  ✗ ", finding_words(each, options.lang), sep="")
    print(t("cli.risks.no_verdict", options.lang))
    return FINDING if found else FINE


def _matrix(options: argparse.Namespace) -> int:
    """The picture, and the numbers in it with their titles."""
    from tanba.cli.fairness import write
    from tanba.people.riskmatrix import draw

    register = read(options.register)
    kind = "inherent" if options.inherent else "residual"
    title = t(f"cli.risks.matrix_{kind}", options.lang, system=register.system)
    drawn = draw(register.risks, lambda key: t(f"risks.{key}", options.lang), title, residual=not options.inherent)
    write(options.output, drawn.encode())
    for number, risk in enumerate(register.risks, 1):
        score = getattr(risk, kind)
        level = t(f"risks.level_{score.level if score else 'none'}", options.lang)
        print(f"{number}. {in_words(risk.title, options.lang)} – {level}")
    return FINE


def read(path: Path) -> Any:
    """A register from its file. Raises InputError with file and place."""
    from tanba.people.riskfile import read_register
    from tanba.yamlfile import read_yaml

    try:
        return read_register(read_yaml(path))
    except InputError as error:
        raise error if error.path else error.at(path) from None


def _row(each: Any) -> dict[str, Any]:
    """One suggestion as JSON."""
    risk = each.risk
    return {
        "affects": list(risk.affects),
        "answer": "applies" if each.answer else "unknown",
        "because": [{"fact": one.fact, "values": list(one.values)} for one in each.because],
        "category": risk.category,
        "cause": risk.cause,
        "evidence": risk.evidence,
        "foresight": risk.foresight,
        "harm": risk.harm,
        "id": risk.id,
        "measure": risk.measure,
        "open": [{"fact": one.fact, "values": list(one.values)} for one in each.open],
        "provision": risk.provision,
        "stages": list(risk.stages),
        "title": risk.title,
        "use": risk.use,
    }


def _told(each: Any, lang: str, why: bool) -> list[str]:
    from tanba.law.words import cite, evidence

    risk = each.risk
    groups = ", ".join(t(f"risks.group_{group}", lang) for group in risk.affects)
    lines = [
        f"{risk.id}: {risk.title[lang]} [{cite(risk.provision, lang)}]",
        f"  {t(f'risks.category_{risk.category}', lang)}; {t(f'risks.foresight_{risk.foresight}', lang)}; "
        f"{t(f'risks.use_{risk.use}', lang)}; {groups}",
        f"  {risk.cause[lang]} {risk.harm[lang]}",
        f"  → {risk.measure[lang]} ({evidence(risk.evidence, lang)})",
    ]
    return lines + ([f"  · {reason(one, lang)}" for one in (*each.because, *each.open)] if why else [])


def reason(condition: Any, lang: str) -> str:
    """A condition in words: the question and the answers that count."""
    from tanba.law.load import load
    from tanba.law.words import answer

    fact = load().facts[condition.fact]
    yes_no = {"yes": True, "no": False}
    values = " / ".join(answer(fact, yes_no[each] if fact.type == "yes_no" else each, lang) for each in condition.values)
    return f"{fact.question[lang]} {values}"


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
