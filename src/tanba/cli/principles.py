"""`tanba principles SYSTEM.yaml`: the seven principles of article 4 for one system, and what is open under each."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tanba.cli.inputs import day_of, on_argument
from tanba.errors import FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("system.help"))
    parser.add_argument("--risks", type=Path, metavar="RISKS.yaml", default=None, help=say("risks.register.help"))
    parser.add_argument("--json", action="store_true", help=say("principles.json.help"))
    on_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Print the map. Gaps are said and fail nothing: the law asks for no map."""
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import decide, on
    from tanba.people.catalogue import controls_for
    from tanba.people.principles import Owed, chart

    book = on(load(), day_of(options))
    system = read_system(options.system, book.law)
    verdict = decide(book, system.facts)
    owed = [
        Owed(path, "applies" if answer else "unknown", "evidenced" if path in system.evidence else "open")
        for path, answer in verdict.rules.items()
        if answer is not False and book.provisions[path].kind == "obligation"
    ]
    states = {control.id: "" for control in controls_for(sorted(verdict.env["risk"] or ()))}
    lines = chart(owed, _texts(system, options.system), _risks(options.risks), states)
    if options.json:
        said = {"date": book.day.isoformat(), "principles": [_row(line) for line in lines], "schema": "tanba.principles/1"}
        print(json.dumps(said | {"system": system.slug}, ensure_ascii=False, sort_keys=True))
        return FINE
    for line in lines:
        print("\n".join(_told(line, book, options.lang)))
    print(t("cli.principles.note", options.lang))
    return FINE


def _texts(system: Any, path: Path) -> Mapping[str, Any]:
    """What the file says a system does for each principle. Raises InputError."""
    from tanba.people.principles import checked_texts

    try:
        return checked_texts(system.details.get("principles"))
    except InputError as error:
        raise error.at(path) from None


def _risks(path: Path | None) -> dict[str, str]:
    from tanba.cli.risks import read

    return {risk.id: risk.category for risk in read(path).risks} if path else {}


def _row(line: Any) -> dict[str, Any]:
    return {
        "controls": sorted(line.controls),
        "gaps": list(line.gaps),
        "id": line.principle.id,
        "provision": line.principle.path,
        "provisions": [{"answer": each.answer, "path": each.path, "status": each.status} for each in line.owed],
        "risks": list(line.risks),
        "text": line.text or None,
    }


def _told(line: Any, book: Any, lang: str) -> list[str]:
    from tanba.cli.risks import in_words
    from tanba.law.words import cite

    found = book.provisions.get(line.principle.path)
    lines = [f"{found.title[lang] if found else line.principle.id} [{cite(line.principle.path, lang)}]"]
    lines += [f"  {in_words(line.text, lang)}"] if line.text else []
    for each in line.owed:
        mark = "?" if each.answer == "unknown" else "✗" if each.status == "open" else "·"
        lines.append(f"  {mark} {book.provisions[each.path].title[lang]} [{cite(each.path, lang)}]")
    lines += [f"  {t('cli.principles.controls', lang, count=len(line.controls))}"] if line.controls else []
    return lines + [f"  – {t(f'principles.gap_{gap}', lang)}" for gap in line.gaps if gap not in ("open", "control_open")]
