"""A whole set is made by the register's own thread: each document once, whatever dies in between, and packed into one file."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.errors import StoreError
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.documents import desk, sets
from tanba.web.documents.models import DocumentSet
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import content_of
from tanba.web.systems.models import System

SignIn = Callable[..., Client]


def asked(system: System, by: User, languages: tuple[str, ...] = ("kk",), forms: tuple[str, ...] = ("html",)) -> DocumentSet:
    return sets.ask(system, list(languages), list(forms), by, "")


def names_in(row: DocumentSet) -> list[str]:
    row.refresh_from_db()
    assert row.package is not None
    return zipfile.ZipFile(BytesIO(content_of(row.package) or b"")).namelist()


def test_every_document_is_made_once_in_each_language_and_form_sealed_and_packed(system: System, alice: User) -> None:
    row = asked(system, alice, ("kk", "kk+ru"), ("html", "docx"))
    missing = sum(count for _, count in desk.counted(system))  # before, since what is made stands in the index of evidence
    sets.make_when_due()
    wanted = {
        f"scorer-{name}.{language}.{form}" for name in desk.names(system) for language in ("kk", "kk+ru") for form in ("html", "docx")
    }
    assert sorted(names_in(row)) == sorted(wanted)
    assert (row.done, row.total, row.files.count()) == (len(wanted), len(wanted), len(wanted))
    assert row.gaps == missing
    sets.make_when_due()
    assert Artifact.objects.filter(kind="document").count() == len(wanted)


def test_asked_twice_while_it_waits_it_is_one_set(system: System, alice: User, bob: User) -> None:
    assert asked(system, alice) == asked(system, alice)
    assert asked(system, alice) != asked(system, bob)


def test_a_set_whose_process_died_goes_on_from_there_once_the_lease_has_ended(
    system: System, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, count = asked(system, alice), 0

    def dying(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return desk.write(*args)

    monkeypatch.setattr(sets, "write", dying)
    with pytest.raises(KeyboardInterrupt):
        sets.make_when_due()
    sets.make_when_due()
    row.refresh_from_db()
    assert (row.done, row.package) == (2, None)
    DocumentSet.objects.update(lease=timezone.now() - timedelta(seconds=1))
    sets.make_when_due()
    assert len(names_in(row)) == len(set(names_in(row))) == row.total
    assert Artifact.objects.filter(kind="document").count() == row.total


def test_what_stops_a_set_is_told_in_the_reader_s_language_and_others_go_on(
    system: System, alice: User, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, good = asked(system, alice), asked(system, bob)

    def broken(where: Any, base: str) -> Any:
        monkeypatch.undo()
        raise StoreError("the ledger takes nothing just now", "Try again in a minute.")

    monkeypatch.setattr(sets, "material_of", broken)
    sets.make_when_due()
    sets.make_when_due()
    stopped.refresh_from_db()
    assert stopped.stopped
    assert names_in(good)
    for language in LANGUAGES:
        shown = sign_in(alice, language).get(reverse("documents:page", args=[system.organisation_id, system.slug])).content.decode()
        assert stopped.problem[language].split(".")[0] in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_auditor_asks_for_a_set_and_sees_how_far_it_is_and_downloads_it(
    system: System, dana: User, sign_in: SignIn, language: str
) -> None:
    browser = sign_in(dana, language)
    address = reverse("documents:set", args=[system.organisation_id, system.slug])
    page = browser.post(address, {"set-languages": ["ru"], "set-forms": ["html"]}, follow=True).content.decode()
    row = DocumentSet.objects.get()
    assert t("documentpages.set_making", language, done=0, total=row.total) in page
    assert 'hx-trigger="every 1s"' in page
    sets.make_when_due()
    done = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    row.refresh_from_db()
    assert t("documentpages.set_ready", language, count=row.total, gaps=row.gaps) in done
    assert "hx-trigger" not in done
    assert row.package is not None
    given = browser.get(reverse("evidence:content", args=[system.organisation_id, row.package_id]))
    assert b"".join(given.streaming_content)[:2] == b"PK" if given.streaming else given.content[:2] == b"PK"


@pytest.mark.parametrize("sent", [{}, {"set-languages": ["kk"]}, {"set-languages": ["xx"], "set-forms": ["pdf"]}])
def test_a_set_of_nothing_is_not_asked_for(system: System, alice: User, sign_in: SignIn, sent: dict[str, Any]) -> None:
    page = sign_in(alice).post(reverse("documents:set", args=[system.organisation_id, system.slug]), sent, follow=True)
    assert t("documentpages.choose_set", "en") in page.content.decode()
    assert not DocumentSet.objects.exists()


def test_the_organisation_has_a_set_of_its_own(system: System, alice: User, sign_in: SignIn) -> None:
    sign_in(alice).post(
        reverse("documents:organisation_set", args=[system.organisation_id]), {"set-languages": ["en"], "set-forms": ["html"]}
    )
    sets.make_when_due()
    row = DocumentSet.objects.get()
    assert len(names_in(row)) == len(desk.names(system.organisation))


def test_a_fault_of_ours_stops_its_set_once_and_is_reported(system: System, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(system, alice)

    def broken(*args: Any) -> Any:
        raise RuntimeError("ours")

    monkeypatch.setattr(sets, "write", broken)
    with pytest.raises(RuntimeError):
        sets.make_when_due()
    row.refresh_from_db()
    assert (row.stopped, row.problem["en"]) == (True, t("documentpages.set_failed", "en"))
    sets.make_when_due()
