"""`tanba fairness TABLE.csv`: how predictions fall on groups of people. Rates with intervals; never a verdict of "fair"."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tanba.errors import FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("table", type=Path, metavar="TABLE.csv", help=say("fairness.table.help"))
    parser.add_argument("--group", action="append", required=True, metavar="COLUMN", help=say("fairness.group.help"))
    parser.add_argument("--prediction", required=True, metavar="COLUMN", help=say("fairness.prediction.help"))
    parser.add_argument("--label", default="", metavar="COLUMN", help=say("fairness.label.help"))
    parser.add_argument("--positive", default="1", metavar="VALUE", help=say("fairness.positive.help"))
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="REPORT.json", help=say("fairness.output.help"))
    parser.add_argument("--charts", type=Path, default=None, metavar="DIR", help=say("fairness.charts.help"))
    parser.add_argument("--seal", action="store_true", help=say("fairness.seal.help"))
    parser.add_argument("--system", default=None, metavar="NAME", help=say("seal.system.help"))
    parser.add_argument("--organisation", default=None, metavar="BIN", help=say("seal.organisation.help"))
    parser.add_argument("--json", action="store_true", help=say("fairness.json.help"))


def run(options: argparse.Namespace) -> int:
    """Measure, print, and keep what is asked for."""
    from tanba.cli.evidence import read_bytes
    from tanba.people.fairness import measure, report
    from tanba.people.predictions import LARGEST, read_table

    if options.seal and options.output is None:
        raise InputError("--seal takes --output", "The report is sealed, so it needs a file.")
    try:
        cases = read_table(read_bytes(options.table, LARGEST), options.group, options.prediction, options.label, options.positive)
        measured = measure(cases)
    except InputError as error:
        raise error if error.path else error.at(options.table, error.line) from None
    said = report(measured, " · ".join(options.group), options.positive)
    print(json.dumps(said, ensure_ascii=False) if options.json else "\n".join(_lines(said, options.lang)))
    if options.charts:
        _charts(measured, options.charts, options.lang)
    if options.output:
        _keep(said, options)
    return FINE


def _lines(said: Mapping[str, Any], lang: str) -> list[str]:
    few = {(each["group"], each["rate"]) for each in said["small"]}
    lines = []
    for name in said["groups"][0]["rates"]:
        lines.append(t(f"fairness.{name}", lang))
        for each in said["groups"]:
            rate, group = each["rates"][name], each["group"]
            mark = f"  {t('fairness.few', lang)}" if (group, name) in few else ""
            lines.append(f"  {group or t('fairness.everybody', lang):28.28} {_rate(rate, lang)}{mark}")
        if gap := said["gaps"].get(name):
            low, high = gap["interval"]
            values = {
                "high": gap["high"],
                "low": gap["low"],
                "gap": _percent(gap["difference"], lang),
                "from": _percent(low, lang),
                "to": _percent(high, lang),
                "ratio": _number(gap["ratio"] or "–", lang),
            }
            lines.append(f"  {t('fairness.gap', lang, **values)}")
    return [*lines, t("fairness.no_verdict", lang)]


def _rate(rate: Mapping[str, Any], lang: str) -> str:
    if rate["value"] is None:
        return t("fairness.no_cases", lang)
    low, high = rate["interval"]
    return f"{_percent(rate['value'], lang):>6} %  [{_percent(low, lang)}–{_percent(high, lang)}]  {rate['hits']}/{rate['of']}"


def _percent(text: str, lang: str) -> str:
    return _number(f"{100 * float(text):.1f}", lang)


def _number(text: str, lang: str) -> str:
    return text if lang == "en" else text.replace(".", ",")


def _charts(measured: Mapping[str, Any], folder: Path, lang: str) -> None:
    from tanba.people.fairness import ALL
    from tanba.people.fairnesschart import chart

    for name in measured[ALL]:
        drawn = chart(measured, name, t(f"fairness.{name}", lang), t("fairness.everybody", lang), t("fairness.few", lang))
        write(folder / f"{name}.svg", drawn.encode())


def _keep(said: Mapping[str, Any], options: argparse.Namespace) -> None:
    from tanba.cli.seal import seal_to
    from tanba.digest import canonical_json
    from tanba.seal import Artifact

    content = canonical_json(said)
    write(options.output, content)
    if options.seal:
        artifact = Artifact("fairness", said["schema"], content, "fairness.json", organisation=options.organisation, system=options.system)
        seal_to(options.output.with_name(f"{options.output.name}.receipt.json"), artifact, options.output, options.lang)


def write(path: Path, content: bytes) -> None:
    """Write a file whole, its folder made where it is missing. Raises InputError."""
    from tanba.files import replace_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, content)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --output.", path, problem=error.strerror) from None
