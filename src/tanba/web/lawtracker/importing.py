"""An official text that the user holds, compared with the one the law data was written from. The file is read and not kept."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.official import MAX_BYTES, compare, read_articles
from tanba.law.rulebook import Rulebook, on
from tanba.law.touched import known_digests, to_verify
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Organisation
from tanba.web.language import say, told
from tanba.web.lawtracker import touched

SUFFIXES = (".html", ".htm", ".docx", ".txt")


@member(*MANAGERS)
def import_text(request: MemberRequest) -> HttpResponse:
    """Upload a text; see which articles differ, which provisions to verify again, and which systems they touch."""
    book = on(load("kz"), timezone.localdate())
    acts = [act for act in book.law.acts.values() if known_digests(book.law, act.name)]
    chosen = request.POST.get("act", acts[0].name if acts else "")
    context: dict[str, Any] = {"acts": acts, "chosen": chosen, "megabytes": MAX_BYTES // 1_000_000}
    if request.method == "POST":
        file = request.FILES.get("file")
        known = any(act.name == chosen for act in acts)
        nothing = {"trouble": say("lawtracker.import_nothing")}
        context |= _compared(book, chosen, file, request.organisation) if file and known else nothing
    return render(request, "lawtracker/import.html", context)


def _compared(book: Rulebook, act: str, file: "UploadedFile[Any]", organisation: Organisation) -> dict[str, Any]:
    try:
        articles = _articles(file)
    except InputError as error:
        trouble, advice = told(error.at(file.name or "", error.line))
        return {"trouble": trouble, "advice": advice}
    comparison = compare(articles, known_digests(book.law, act))
    provisions = to_verify(book, act, comparison)
    ours = {p.article: p.article_title for p in book.provisions.values() if p.act == act}
    titles = {article.number: article.title for article in articles} | ours
    result = {
        "comparison": comparison,
        "file_name": file.name,
        "lists": [
            (f"lawtracker.{outcome}", [(number, titles.get(number, "")) for number in getattr(comparison, outcome)])
            for outcome in ("changed", "missing", "new")
        ],
        "provisions": provisions,
    }
    return {"result": result | touched.by_paths(organisation, provisions)}


def _articles(file: "UploadedFile[Any]") -> Any:
    """Read through a temporary file, since the reader chooses by suffix."""
    suffix = Path(file.name or "").suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix if suffix in SUFFIXES else ".bin") as copy:
        written = 0
        for chunk in file.chunks():
            written += copy.write(chunk)
            if written > MAX_BYTES:
                break
        copy.flush()
        return read_articles(Path(copy.name))
