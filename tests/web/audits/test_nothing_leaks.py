"""What a scoped auditor of one system of the example company is answered at every named address: nothing of the other systems."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tanba.digest import canonical_json
from tanba.export.forms import FORMS
from tanba.seal import Artifact as Sealable
from tanba.web import example
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System
from web.audits.scoped import engage, seated
from web.test_access_matrix import let_go

EXAMPLES = Path(__file__).parent.parent.parent.parent / "examples"
OPEN, CLOSED = "credit-scorer", "limit-manager"
"""In scope; and the out-of-scope one of the same use, which the plausibility of the first one names to colleagues."""


@pytest.fixture
def world(db: None, sign_in: Callable[..., Client]) -> "World":
    assert example.load_example(EXAMPLES)
    return World(sign_in)


class World:
    """The example company with an engagement for `OPEN` and another auditor's for `CLOSED`."""

    def __init__(self, sign_in: Callable[..., Client]) -> None:
        self.organisation = Organisation.objects.get()
        for number, system in enumerate(System.objects.exclude(slug=OPEN)):
            system.name = {language: f"Қ{number}-{language}-жасырын" for language in ("kk", "ru", "en")}
            system.save(update_fields=["name"])
        officer = User.objects.get(name="Daniyar Akhmetov")
        self.open, self.closed = (System.objects.get(slug=slug) for slug in (OPEN, CLOSED))
        self.proof = self.put(self.closed, officer)
        self.put(self.open, officer)
        self.engagement = engage(self.organisation, [self.open], officer)
        self.other = engage(self.organisation, [self.closed], officer, auditor="Kyran Audit")
        self.user = seated(self.engagement, officer)
        outbox.drain(everything=True)
        self.browser = sign_in(self.user)

    @staticmethod
    def put(system: System, by: User) -> Evidence:
        artifact = outbox.upload(system, "upload", f"{system.slug}-proof.pdf", system.slug.encode(), by)
        artifact.save()
        return Evidence.objects.create(obligation=system.obligations.filter(active=True).first(), artifact=artifact)

    def secrets(self) -> Iterator[bytes]:
        """What would tell of a system out of scope: its name, its id, its address, its file, the ids of what is its own."""
        for system in System.objects.exclude(pk=self.open.pk):
            yield from (name.encode() for name in system.name.values())
            yield from (str(system.pk).encode(), f"/{system.slug}/".encode(), f'"{system.slug}"'.encode(), f"{system.slug}-proof".encode())
        yield from (
            str(self.proof.artifact_id).encode(),
            str(self.proof.obligation_id).encode(),
            b"Kyran Audit",
            str(self.other.pk).encode(),
        )

    def told(self, answer: Any) -> list[bytes]:
        """Secrets in an answer, and in the files of a ZIP; what was asked for is repeated and tells nothing."""
        asked = (answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]).encode()
        body = b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
        texts = [body, *unpacked(body)]
        let_go(answer)
        return [secret for secret in self.secrets() if secret.strip(b'"') not in asked and any(secret in text for text in texts)]


def unpacked(body: bytes) -> list[bytes]:
    if not body.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return [file.read(name) for name in file.namelist()] + [name.encode() for name in file.namelist()]


def named(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, {parameter: converter}) of every address of an organisation."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and "org" in entry.pattern.converters:
            yield f"{namespace}{entry.name}", entry.pattern.converters


ADDRESSES = dict(named())
WORDS = {"name": "stage", "path": "230-VIII/17/1", "to": "breach", "audience": "vendors", "section": "limits", "token": "x", "number": "1"}
WORDS |= {"form": "pilot", "part": "plan", "plan": "plan"}
"""What stands in an address; a parameter that is not here is `x`, a number 1."""


def places(world: World, name: str, system: System) -> Iterator[str]:
    """The address with everything of `system` that could stand in it: each row whose key might serve."""
    parts = ADDRESSES[name]
    base = {**WORDS, "slug": system.slug, "count": 1, "edition": 1, "org": world.organisation.pk}
    rows = keys_of(world, system) if "pk" in parts else [None]
    for key in rows:
        values = {**base, "pk": key, "seat": key}
        kinds = {part: type(converter).__name__ for part, converter in parts.items()}
        yield reverse(name, kwargs={part: 1 if kind == "IntConverter" else values.get(part, "x") for part, kind in kinds.items()})


def keys_of(world: World, system: System) -> list[Any]:
    """The newest row of every kind that belongs to a system."""
    found: list[Any] = [system.pk, world.engagement.pk if system == world.open else world.other.pk]
    for relation in System._meta.related_objects:
        if relation.one_to_many:
            row = getattr(system, relation.get_accessor_name()).order_by("-pk").first()
            found += [row.pk] if row else []
    proof = Evidence.objects.filter(artifact__system=system).first()
    return [*found, proof.pk, proof.artifact_id, proof.obligation_id] if proof else found


def test_every_address_tells_a_scoped_auditor_nothing_of_other_systems(world: World) -> None:
    answered = 0
    for name in sorted(ADDRESSES):
        for system in (world.open, world.closed):
            for place in places(world, name, system):
                for send in (world.browser.get, world.browser.post):
                    answer = send(place)
                    assert not world.told(answer), (name, place, send.__name__)
                    assert system == world.open or answer.status_code in (403, 404, 405) or name in WITHOUT, (
                        name,
                        place,
                        answer.status_code,
                    )
                    answered += answer.status_code == 200
    assert answered > 50


WITHOUT = {name for name, parts in ADDRESSES.items() if not {"slug", "pk"} & parts.keys()} | {"lawtracker:provision"}
"""Addresses without a system in them: they are narrowed, or closed."""

OF_THE_WHOLE = {
    *("systems:portfolio", "obligations:all", "obligations:export", "lawtracker:law", "lawtracker:claims", "lawtracker:provision"),
    "audits:list",
}


def test_pages_of_the_whole_organisation_are_closed_unless_they_narrow_themselves(world: World) -> None:
    opened = {name for name in WITHOUT for place in places(world, name, world.open) if world.browser.get(place).status_code == 200}
    assert opened == OF_THE_WHOLE


@pytest.mark.parametrize("query", [CLOSED, "жасырын", "limit", "q"])
def test_no_search_and_no_filter_finds_other_systems(world: World, query: str) -> None:
    org = world.organisation.pk
    for name in ("systems:portfolio", "obligations:all", "obligations:export"):
        for asked in (
            {"q": query},
            *({"to": form} for form in FORMS),
            {"system": CLOSED},
            {"tier": "high"},
            {"need": "overdue"},
            {"show": "all"},
            {"department": "Маркетплейс"},
        ):
            answer = world.browser.get(reverse(name, args=[org]), asked)
            assert answer.status_code == (404 if "system" in asked and name == "obligations:export" else 200)
            assert not world.told(answer), (name, asked)


def test_the_system_in_scope_is_there_with_its_evidence_its_bundle_and_its_documents(world: World) -> None:
    org = world.organisation.pk
    assert b"credit-scorer" in world.browser.get(reverse("systems:portfolio", args=[org])).content
    for name in (
        "systems:show",
        "assessments:show",
        "obligations:list",
        "evidence:system",
        "risks:register",
        "documents:page",
        "systems:export",
    ):
        answer = world.browser.get(reverse(name, args=[org, OPEN]))
        assert answer.status_code == 200, name
        assert not world.told(answer), name
    report = world.browser.get(reverse("assessments:show", args=[org, OPEN]), {"format": "json"})
    assert not world.told(report)
    bundle = world.browser.post(reverse("evidence:bundle", args=[org, OPEN]))
    assert bundle.status_code == 200
    assert not world.told(bundle)
    made = world.browser.post(
        reverse("documents:page", args=[org, OPEN]), {"document": "dossier", "form": "docx", "languages": "kk"}, follow=True
    )
    assert made.status_code == 200
    written = Artifact.objects.filter(kind="document").first()
    assert written
    assert not world.told(world.browser.get(reverse("evidence:content", args=[org, written.pk])))


def test_colleagues_still_see_similar_systems_and_the_sealed_assessment_names_none(world: World, sign_in: Callable[..., Client]) -> None:
    officer = User.objects.get(name="Daniyar Akhmetov")
    page = sign_in(officer).get(reverse("assessments:show", args=[world.organisation.pk, OPEN])).content.decode()
    assert f"/systems/{CLOSED}/assessment/" in page
    for row in Artifact.objects.filter(kind="assessment", system=world.open):
        assert CLOSED.encode() not in (row.made_here or b"")


def test_what_an_earlier_release_sealed_about_others_is_withheld_from_the_scoped_auditor_only(
    world: World, sign_in: Callable[..., Client]
) -> None:
    newest = world.open.assessments.first()
    assert newest
    report: dict[str, Any] = dict(newest.report)
    report["plausibility"] = [{**each, "similar": [{"level": "high", "system": CLOSED}]} for each in report["plausibility"]]
    made = Sealable("assessment", report["schema"], canonical_json(report), "assessment.json")
    row = outbox.keep(world.organisation, made, None, world.open)
    outbox.drain(everything=True)
    place = reverse("evidence:content", args=[world.organisation.pk, row.pk])
    assert world.browser.get(place).status_code == 302
    assert not world.told(world.browser.post(reverse("evidence:bundle", args=[world.organisation.pk, OPEN])))
    officer = sign_in(User.objects.get(name="Daniyar Akhmetov")).get(place)
    assert CLOSED.encode() in officer.content


def test_no_link_on_a_page_of_a_scoped_auditor_leads_nowhere(world: World) -> None:
    start_at = reverse("systems:portfolio", args=[world.organisation.pk])
    seen, waiting, broken = {start_at}, [(start_at, start_at)], []
    while waiting and len(seen) < 200:
        place, source = waiting.pop(0)
        answer = world.browser.get(place)
        if answer.status_code not in (200, 302):
            broken.append((source, place))
        if not answer.streaming and "html" in answer["Content-Type"]:
            found = [urlsplit(link).path for link in re.findall(r'<a [^>]*href="(/o/[^"#]*)', answer.content.decode())]
            found = [link for link in dict.fromkeys(found) if "/law/at/" not in link and link not in seen]
            seen.update(found)
            waiting += [(link, place) for link in found]
        let_go(answer)
    assert len(seen) > 30
    assert broken == []


def test_the_obligation_of_another_system_is_not_there(world: World) -> None:
    row = Obligation.objects.filter(system=world.closed).first()
    assert row
    assert world.browser.get(reverse("evidence:obligation", args=[world.organisation.pk, row.pk])).status_code == 404
