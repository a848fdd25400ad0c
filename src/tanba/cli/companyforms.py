"""`tanba documents template check | fields` and `fill`: a company's own form, read and filled in."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common, on_argument
from tanba.errors import FINDING, FINE, InputError
from tanba.files import put_whole, read_upto
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.document-template/1"


def declare(verbs: Any, say: Callable[[str], str]) -> list[argparse.ArgumentParser]:
    """The sub-verbs; those returned take a system, as `make` does."""
    template = verbs.add_parser("template", help=say("documents.template.help"), description=say("documents.template.help"), add_help=False)
    common(template, say, argparse.SUPPRESS)
    inner = template.add_subparsers(metavar=say("verb"), required=True, dest="template_verb")
    check, fields = (_verb(inner, name, f"documents.template.{name}.help", say) for name in ("check", "fields"))
    check.add_argument("form", type=Path, metavar="FORM.docx", help=say("documents.form.help"))
    check.add_argument("--format", choices=("text", "json"), default="text", help=say("documents.format.help"))
    fields.add_argument("--document", default="", metavar="DOCUMENT", help=say("documents.template.document.help"))
    for each in (check, fields):
        on_argument(each, say)
    fill = _verb(verbs, "fill", "documents.fill.help", say)
    fill.add_argument("form", type=Path, metavar="FORM.docx", help=say("documents.form.help"))
    fill.add_argument("files", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("documents.files.help"))
    fill.add_argument("-o", "--output", type=Path, default=None, metavar="OUT.docx", help=say("documents.output.help"))
    return [fill]


def _verb(verbs: Any, name: str, about: str, say: Callable[[str], str]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=say(about), description=say(about), add_help=False)
    common(made, say, argparse.SUPPRESS)
    return made


def _template(options: argparse.Namespace) -> int:
    return _check(options) if options.template_verb == "check" else _fields(options)


def _offer(options: argparse.Namespace) -> Any:
    from tanba.cli.materials import book_of
    from tanba.documents.offer import offer
    from tanba.material.specimen import specimen

    return offer(specimen(book_of(options)))


def read_form(path: Path) -> Any:
    """The DOCX at a path, within bounds. Raises InputError that names the file."""
    from tanba.documents.docxfile import MAX_BYTES, opened

    try:
        return opened(read_upto(path, MAX_BYTES))
    except InputError as error:
        raise (error if error.path else error.at(path)) from None


def _check(options: argparse.Namespace) -> int:
    from tanba.documents.companyform import read
    from tanba.documents.formwords import lines

    file = read_form(options.form)
    found = read(file, _offer(options))
    if options.format == "json":
        rows = [{"kind": each.kind, "near": list(each.near), "place": each.place, "tag": each.tag} for each in found.problems]
        removed = [{"kind": kind, "target": target} for kind, target in file.removed]
        shown = {"problems": rows, "removed": removed, "schema": SCHEMA, "unused": found.unused, "used": sorted(found.used)}
        print(json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join((str(options.form), *(f"  {line}" for line in lines(file, found, options.lang)))))
    return FINDING if found.problems else FINE


def _fields(options: argparse.Namespace) -> int:
    offered = _offer(options)
    wanted = options.document.replace("-", "_")
    if wanted and wanted not in offered.must:
        raise InputError("there is no document {name!r}", "Documents: {known}.", name=options.document, known=", ".join(offered.must))
    for name, label in offered.fields.items():
        if wanted in ("", name.partition(".")[0]):
            print(f"{{{{ {name} }}}}  {label[options.lang]}")
    if not wanted:
        for name, columns in offered.lists.items():
            print(f"{{%tr for r in {name} %}}  {t(f'companyform.{name}', options.lang)}")
            print("\n".join(f"  {{{{ r.{column} }}}}  {label[options.lang]}" for column, label in columns.items()))
        print(t("companyform.languages", options.lang, suffixes=", ".join(f"_{each}" for each in LANGUAGES)))
    return FINE


def _fill(options: argparse.Namespace) -> int:
    from tanba.cli.materials import material_of
    from tanba.documents.filling import fill

    file, known = read_form(options.form), material_of("system", options)
    content, gaps = fill(file, _offer(options), known, options.lang)
    path = options.output or Path(f"{known['system']['slug']}-{options.form.stem}.{options.lang}.docx".replace("/", "_"))
    put_whole(path, content)
    print(t("cli.documents.written", options.lang, path=path, count=gaps))
    return FINE


DOING: dict[str, Callable[[argparse.Namespace], int]] = {"fill": _fill, "template": _template}
