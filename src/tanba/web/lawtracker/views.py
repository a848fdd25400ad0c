"""Pages of the law: list as of a day, one provision, claims, changes, counsel's confirmations."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import NotInForceError
from tanba.law.confirmations import Confirmation, Confirmations
from tanba.law.load import load
from tanba.law.model import Law, Provision
from tanba.law.rulebook import Rulebook, on
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.lawtracker import touched
from tanba.web.lawtracker.provision import details
from tanba.web.lawtracker.words import bare
from tanba.workspace import current as workspace

KINDS = (
    "obligation",
    "prohibition",
    "right",
    "classification",
    "definition",
    "competence",
    "informs",
    "sanction",
    "companion",
    "recommendation",
    "screen",
)
BASES = ("statute", "by-law", "other-law", "practice")


def law_as_of(request: MemberRequest) -> Rulebook:
    """The law on the day in the address (`?on=2026-02-01`), else today; a day that does not serve is said and replaced by today."""
    written = request.GET.get("on", "").strip()
    try:
        return on(load("kz"), datetime.strptime(written, "%Y-%m-%d").date() if written else timezone.localdate())
    except NotInForceError:
        messages.error(request, say("lawtracker.not_in_force", start=load("kz").commencement.isoformat()))
    except ValueError:
        messages.error(request, say("lawtracker.not_a_day"))
    return on(load("kz"), timezone.localdate())


@member(scoped=True)
def law(request: MemberRequest) -> HttpResponse:
    """Every provision in force on a day, by act and article, with a search that knows Cyrillic case."""
    book = law_as_of(request)
    wanted = {key: request.GET.get(key, "").strip() for key in ("q", "act", "kind", "basis")}
    if not any(wanted.values()):
        wanted["act"] = next(act.name for act in book.law.acts.values() if act.basis == "statute")
    found = matching(book, wanted)
    context = {
        "book": book,
        "wanted": wanted,
        "found": found,
        "by_act": _by_act(book, found),
        "acts": book.law.acts.values(),
        "kinds": KINDS,
        "bases": BASES,
        "total": len(book.provisions),
        "dated": "on" in request.GET,
    }
    return render(request, "lawtracker/law.html", context)


def matching(book: Rulebook, wanted: dict[str, str]) -> list[Provision]:
    """Provisions that fit every filter given; each word of `q` has to occur in one of the three languages, or in the citation."""
    words = wanted["q"].casefold().split()
    return [
        p
        for p in book.provisions.values()
        if all(not wanted[key] or getattr(p, key) == wanted[key] for key in ("act", "kind", "basis"))
        and (not words or all(word in searchable(book.law, p.id) for word in words))
    ]


@lru_cache(maxsize=4096)
def searchable(law: Law, id_: str) -> str:
    """Everything one may look a provision up by, in folded case."""
    provision = next(p for p in law.provisions if p.id == id_)
    article, *rest = provision.path.removeprefix(f"{provision.act}/").split("/")
    texts = [text for texts in (provision.title, provision.must, provision.article_title, provision.note or {}) for text in texts.values()]
    return "\n".join([provision.id, article + "".join(f"({part})" for part in rest), *texts]).casefold()


def searchable_paths(word: str) -> list[str]:
    """Paths of the provisions, of any edition, in which a word occurs."""
    data = load("kz")
    return [p.path for p in data.provisions if word in searchable(data, p.id)]


def _by_act(book: Rulebook, found: list[Provision]) -> list[dict[str, Any]]:
    """[{act, articles: [{number, title, provisions}]}] in the order of the data."""
    acts: dict[str, dict[str, dict[str, Any]]] = {}
    for p in found:
        article = acts.setdefault(p.act, {}).setdefault(p.article, {"number": p.article, "title": p.article_title, "provisions": []})
        article["provisions"].append(p)
    return [{"act": book.law.acts[name], "articles": list(articles.values())} for name, articles in acts.items()]


@member(scoped=True)
def provision(request: MemberRequest, path: str) -> HttpResponse:
    """One provision with everything that is known about it."""
    book = law_as_of(request)
    editions = book.law.editions(bare(path))
    if not editions:
        raise Http404
    chosen = book.provisions.get(bare(path), editions[-1])
    context = details(book, chosen) | touched.by_provision(request, chosen)
    confirmed = [c for c in _confirmed_here(request) if c.provision == chosen.id] if request.reach is None else []
    context |= {"officer": request.membership.manages, "confirmed": confirmed, "dated": "on" in request.GET}
    return render(request, "lawtracker/provision.html", context)


@require_POST
@member(*MANAGERS)
def confirm(request: MemberRequest, path: str) -> HttpResponse:
    """Counsel, by name, has read the primary text of this edition."""
    chosen = next((p for p in load("kz").editions(bare(path)) if p.id == request.POST.get("edition")), None)
    name = " ".join(request.POST.get("by", "").split())[:150]
    if chosen is None:
        raise Http404
    if not name or request.POST.get("read") != "yes":
        messages.error(request, say("lawtracker.confirm_incomplete"))
    else:
        remark = request.POST.get("remark", "").strip()[:1000]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        confirmation = Confirmation(chosen.id, name, now, remark, str(request.organisation.pk))
        with transaction.atomic():  # the line of the file is written last: what is not recorded is not confirmed
            record(request.organisation, "confirmation", {"at": now, "provision": chosen.id, "remark": remark}, request.user)
            Confirmations(workspace().confirmations).add(confirmation)
        messages.success(request, say("lawtracker.confirmed_now", name=name))
    return redirect("lawtracker:provision", request.organisation.pk, chosen.path)


@member()
def confirmations(request: MemberRequest) -> HttpResponse:
    """Which provisions counsel confirmed, newest first."""
    provisions = {p.id: p for p in load("kz").provisions}
    entries = [{"entry": c, "provision": provisions.get(c.provision)} for c in _confirmed_here(request)]
    return render(request, "lawtracker/confirmations.html", {"entries": entries[::-1], "total": len(provisions)})


@member(scoped=True)
def claims(request: MemberRequest) -> HttpResponse:
    """What published summaries say, beside what the text says."""
    data = load("kz")
    verdict = request.GET.get("verdict", "")
    found = [claim for claim in data.claims if verdict in ("", claim.verdict)]
    groups = [{"title": title, "claims": [c for c in found if c.summary == key]} for key, title in data.summaries.items()]
    counts = {name: sum(c.verdict == name for c in data.claims) for name in data.verdicts}
    verdicts = [{"name": name, "label": label, "count": counts[name]} for name, label in data.verdicts.items()]
    context = {"groups": [g for g in groups if g["claims"]], "verdicts": verdicts, "verdict": verdict, "total": len(data.claims)}
    return render(request, "lawtracker/claims.html", context)


@member()
def changes(request: MemberRequest) -> HttpResponse:
    """Editions, reported amendments that were not read, and the dated figures."""
    book = law_as_of(request)
    context = {"book": book, "acts": touched.by_change(request.organisation, book), "parameters": book.law.mci}
    return render(request, "lawtracker/changes.html", context)


def _confirmed_here(request: MemberRequest) -> list[Confirmation]:
    """Confirmations of this organisation, and those made on the command line by whoever runs this machine."""
    return [c for c in Confirmations(workspace().confirmations) if c.organisation in ("", str(request.organisation.pk))]
