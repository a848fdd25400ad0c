"""From acts to entries: each once, none without its act, none lost, and nobody's name in the ledger."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from believable import SCORER, assessed
from tanba.errors import StoreError, TanbaError
from tanba.ledger.log import Log
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.models import Assessment, Override
from tanba.web.assessments.run import reassess
from tanba.web.evidence import ledger, outbox, rounds
from tanba.web.evidence.acts import details_of
from tanba.web.evidence.models import Artifact
from tanba.web.lawtracker.models import Adoption
from tanba.web.systems.models import State, System
from tanba.workspace import current
from web.evidence.doing import accept, address, erase, given, kinds, owe, put, raw, seal, status, well_sealed, withdraw

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
REASON = "The vendor's recall in March shows that harm to many users is likely."
ARCHIVE = "practice/five-year-archive"
YAML = b"schema: tanba.system/1\nsystem: helper\nname: {kk: A, ru: B, en: C}\nfacts: {uses_model: true}\n"


def acts(kind: str) -> list[dict[str, Any]]:
    return [details_of(row) for row in Artifact.objects.filter(kind=kind).order_by("id")]


# acts


def test_an_assessment_is_sealed_once_it_has_rested(company: Organisation, carol: User) -> None:
    kept = assessed(company, SCORER, carol).assessments.get()
    assert outbox.drain() == 0
    Artifact.objects.update(due=timezone.now())
    assert outbox.drain() == 1
    kept.artifact.refresh_from_db()
    assert (kept.artifact.kind, kept.artifact.schema, kept.artifact.position) == ("assessment", "tanba.assessment/1", 0)
    assert outbox.drain(everything=True) == 0
    well_sealed()


def test_an_assessment_that_rests_is_replaced_and_one_that_was_taken_is_not(company: Organisation, carol: User) -> None:
    system = assessed(company, SCORER, carol)
    first = system.assessments.get().artifact
    system.answer("seeks_trusted_list", False, "test", carol)
    reassess(system, carol)
    replaced = system.assessments.get().artifact
    assert replaced.pk == first.pk
    assert replaced.digest != first.digest
    assert replaced.salt != first.salt
    assert bytes(replaced.event) != bytes(first.event)
    Artifact.objects.update(state=Artifact.State.TAKEN)
    system.answer("seeks_trusted_list", True, "test", carol)
    reassess(system, carol)
    assert system.assessments.count() == 2
    assert Artifact.objects.get(pk=first.pk).digest == replaced.digest
    assert seal() == 2
    well_sealed()


def test_every_act_of_the_register_is_recorded_once(company: Organisation, alice: User, carol: User, bob: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, bob)
    owner, officer, head = sign_in(bob), sign_in(carol), sign_in(alice)
    seal()

    owner.post(reverse("assessments:propose", args=[company.pk, system.slug]), {"level": "risk:high", "reason": REASON})
    override = Override.objects.get()
    for _ in range(2):
        officer.post(reverse("assessments:decide", args=[company.pk, system.slug, override.pk]), {"decision": "approve"})
    said = {"axis": "risk", "level": "high", "override": str(override.pk), "reason": REASON}
    assert acts("override") == [said]
    assert acts("override-decision") == [said | {"decision": "approved"}]

    for _ in range(2):
        officer.post(reverse("lawtracker:adopt", args=[company.pk]), {"path": [ARCHIVE]})
    for _ in range(2):
        officer.post(reverse("lawtracker:withdraw", args=[company.pk]), {"path": ARCHIVE})
    today = timezone.localdate().isoformat()
    assert acts("adoption") == acts("withdrawal") == [{"on": today, "provision": f"kz/{ARCHIVE}"}]

    edition = owe(system, path="230-VIII/5").provision if not system.obligations.filter(path="230-VIII/5") else "kz/230-VIII/5@2026-01-18"
    values = {"edition": edition, "by": "Counsel Name", "read": "yes", "remark": "Read."}
    officer.post(reverse("lawtracker:confirm", args=[company.pk, "230-VIII/5"]), values)
    assert [(act["provision"], act["remark"]) for act in acts("confirmation")] == [(edition, "Read.")]

    System.objects.filter(pk=system.pk).update(state=State.PROPOSED)
    for _ in range(2):
        head.post(reverse("systems:decide", args=[company.pk, system.slug]), {"decision": "approve", "reason": "Needed by the branch."})
    assert acts("intake-decision") == [{"decision": "approved", "reason": "Needed by the branch."}]

    owner.post(reverse("systems:upload", args=[company.pk, system.slug]), {"file": SimpleUploadedFile("helper.yaml", YAML)})
    officer.post(reverse("systems:import_new", args=[company.pk]), {"file": SimpleUploadedFile("other.yaml", YAML)})
    imports = Artifact.objects.filter(kind="import").order_by("id")
    assert [(row.name, outbox.content_of(row)) for row in imports] == [("helper.yaml", YAML), ("other.yaml", YAML)]

    obligation = system.obligations.get(path="230-VIII/5")
    put(owner, obligation)
    seal()
    for _ in range(2):
        accept(officer, obligation, remark="All is there.")
    assert [(act["provision"], act["remark"], len(act["criteria"])) for act in acts("acceptance")] == [(edition, "All is there.", 1)]
    evidence = obligation.evidence.get()
    assert acts("acceptance")[0]["evidence"] == [str(evidence.artifact_id)]
    for _ in range(2):
        withdraw(owner, evidence)
    assert acts("evidence-withdrawal") == [{"artifact": str(evidence.artifact_id), "provision": edition}]
    for _ in range(2):
        erase(head, evidence.artifact)
    evidence.artifact.refresh_from_db()
    said = {"artifact": str(evidence.artifact_id), "position": evidence.artifact.position, "reason": "A person asked to be forgotten."}
    assert acts("erasure") == [said]

    seal()
    well_sealed()
    once = "override override-decision adoption withdrawal confirmation intake-decision import import upload acceptance"
    assessments = ["assessment"] * Assessment.objects.count()
    assert sorted(kinds()) == sorted([*once.split(), "evidence-withdrawal", "erasure", *assessments])
    by = {row.kind: row.by for row in Artifact.objects.all()}
    assert (by["override"], by["override-decision"], by["intake-decision"], by["upload"], by["erasure"]) == (bob, carol, alice, bob, alice)


def test_no_person_and_no_content_reaches_the_ledger(
    company: Organisation, alice: User, carol: User, bob: User, dana: User, sign_in: SignIn
) -> None:
    system = assessed(company, SCORER, bob)
    row = system.obligations.get(path="230-VIII/5")
    put(sign_in(bob), row, b"Content of Zhanna Petrova", "zhanna-petrova.pdf", description="About Zhanna Petrova")
    seal()
    accept(sign_in(carol), row, remark="Read by Zhanna")
    erase(sign_in(alice), row.evidence.get().artifact, "Zhanna wants it gone")
    seal()
    cast = (alice, carol, bob, dana)
    hidden = {word for person in cast for word in (person.name, person.email, str(person.pk))}
    hidden |= {"Zhanna", "acceptance.json", company.name["ru"], system.name["kk"]}
    for artifact in Artifact.objects.all():
        hidden |= {artifact.digest, artifact.salt, artifact.author_salt, artifact.name if artifact.name != "erased" else ""}
    log = b"\n".join(raw()).decode()
    assert '"system":"scorer"' in log
    assert company.bin in log
    assert [word for word in hidden if word and word.lower() in log.lower()] == []
    assert all(json.loads(entry).keys() == set(json.loads(raw()[0])) for entry in raw())


class FullError(DatabaseError):
    """What a database says in the midst of an act."""


@pytest.mark.parametrize("outer", [True, False])
def test_what_is_rolled_back_was_never_recorded(outer: bool, company: Organisation, carol: User) -> None:
    @transaction.atomic
    def act(deep: bool) -> None:
        outbox.record(company, "adoption", {"on": "2026-11-22", "provision": "kz/x"}, carol)
        if deep:
            act(False)
        raise FullError

    with pytest.raises(FullError):
        act(outer)
    assert not Artifact.objects.exists()
    assert seal() == 0
    assert raw() == []


def test_an_act_that_fails_is_not_recorded(company: Organisation, carol: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from tanba.web.lawtracker import policy

    def fall(*_: object) -> int:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(policy, "move_layer", fall)
    with pytest.raises(DatabaseError):
        sign_in(carol).post(reverse("lawtracker:adopt", args=[company.pk]), {"path": [ARCHIVE]})
    assert not Adoption.objects.exists()
    assert not Artifact.objects.exists()


def test_a_file_whose_act_is_rolled_back_stays_as_unreadable_bytes(system: System, bob: User) -> None:
    """Said in `outbox.upload`: what lies on the disk has no key."""

    @transaction.atomic
    def act() -> None:
        given(owe(system), bob, b"secret words")
        raise FullError

    with pytest.raises(FullError):
        act()
    files = [path for path in current().objects.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert b"secret words" not in files[0].read_bytes()
    assert not Artifact.objects.exists()


# the ledger


@pytest.mark.parametrize("broken", ["update", "settle"])
def test_dying_between_the_ledger_and_the_register(broken: str, system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from tanba.web.evidence import status as statuses

    class Dies(BaseException):
        """As a process does: nobody catches it."""

    def die(*_: object, **__: object) -> None:
        raise Dies

    row = owe(system)
    given(row, bob)
    outbox.record(system.organisation, "adoption", {"on": "2026-11-22", "provision": "kz/x"}, bob)
    with monkeypatch.context() as patch:
        patch.setattr(outbox if broken == "update" else statuses, broken, die)
        with pytest.raises(Dies):
            outbox.drain()
    assert len(raw()) == 2
    assert set(Artifact.objects.values_list("state", "position")) == {("taken", None)}
    assert status(row) == "open"
    ledger.close()  # another process
    assert outbox.drain() == 2
    assert status(row) == "evidenced"
    well_sealed()


def test_a_row_taken_early_by_a_process_that_died_is_sealed_when_it_is_due(
    company: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    assessed(company, SCORER, carol)
    with monkeypatch.context() as patch:
        patch.setattr(Log, "append_many", die)
        with pytest.raises(KeyboardInterrupt):
            seal()
    assert Artifact.objects.get().state == "taken"
    assert outbox.drain() == 0
    Artifact.objects.update(due=timezone.now() - timedelta(seconds=1))
    assert outbox.drain() == 1
    well_sealed()


def test_more_than_one_batch(company: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 7)
    for number in range(30):
        outbox.record(company, "adoption", {"number": number}, carol)
    assert outbox.drain() == 30
    assert [row.position for row in Artifact.objects.order_by("id")] == [*range(30)]
    well_sealed()


def test_no_transaction_is_open_while_the_ledger_writes(system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    depth, seen = len(connection.savepoint_ids), []
    append = Log.append_many

    def watching(log: Log, events: Any) -> list[int]:
        seen.append(len(connection.savepoint_ids))
        return append(log, events)

    monkeypatch.setattr(Log, "append_many", watching)
    given(owe(system), bob)
    outbox.drain()
    assert seen == [depth]


def test_a_sealed_row_is_not_taken_back_by_a_slower_process(system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    given(owe(system), bob)
    append = Log.append_many

    def slow(log: Log, events: Any) -> list[int]:
        monkeypatch.setattr(Log, "append_many", append)
        outbox.drain()  # the other process is done before we are
        return append(log, events)

    monkeypatch.setattr(Log, "append_many", slow)
    assert outbox.drain() == 1
    well_sealed()


def refuse(*_: object, **__: object) -> Any:
    raise StoreError("the disk of {file} is full", "Nothing acknowledged is lost. Free some space and try again.", file="ledger.sqlite3")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_ledger_out_of_order_makes_rows_wait_and_says_why(
    language: str, system: System, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = owe(system)
    artifact = given(row, bob).artifact
    browser = sign_in(bob, language)
    with monkeypatch.context() as patch:
        patch.setattr(Log, "append_many", refuse)
        assert outbox.drain() == 0
        assert outbox.drain() == 0
        why = outbox.trouble()
        assert isinstance(why, StoreError)
        for name in ("artifact", "obligation"):
            page = browser.get(address(name, artifact if name == "artifact" else row)).content.decode()
            assert "ledger.sqlite3" in page, name
        page = browser.get(reverse("evidence:ledger", args=[system.organisation_id])).content.decode()
        assert 'role="alert"' in page
        assert "ledger.sqlite3" in page
        bundle = browser.post(reverse("evidence:bundle", args=[system.organisation_id, system.slug]), follow=True)
        assert bundle.redirect_chain
        assert "ledger.sqlite3" in bundle.content.decode()
    assert status(row) == "open"
    assert outbox.drain() == 1
    assert outbox.trouble() is None
    assert status(row) == "evidenced"
    well_sealed()
    assert "ledger.sqlite3" not in browser.get(address("artifact", artifact)).content.decode()


def test_trouble_is_logged_once(system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    given(owe(system), bob)
    said: list[str] = []
    monkeypatch.setattr(outbox._report, "warning", lambda text, *values: said.append(text % values))
    monkeypatch.setattr(Log, "append_many", refuse)
    for _ in range(3):
        outbox.drain()
    assert len(said) == 1


def unreadable_folder(root: Path) -> None:
    """A folder stands where the database should: works for root too."""
    (root / "ledger.sqlite3").mkdir(parents=True)


def unwritable_key(root: Path) -> None:
    (root / "keys" / "ledger.key").mkdir(parents=True, mode=0o700)


@pytest.mark.parametrize("spoil", [unreadable_folder, unwritable_key])
def test_a_ledger_that_cannot_be_made(spoil: Callable[[Path], None], system: System, bob: User, sign_in: SignIn) -> None:
    spoil(current().root)
    given(owe(system), bob)
    assert outbox.drain() == 0
    assert isinstance(outbox.trouble(), TanbaError)
    answer = sign_in(bob).get(reverse("evidence:ledger", args=[system.organisation_id]))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_an_upload_that_cannot_be_kept_is_said_and_not_recorded(
    system: System, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tanba.storage.files.FileStore.put", refuse)
    answer = put(sign_in(bob), owe(system))
    assert answer.status_code == 422
    assert "ledger.sqlite3" in answer.content.decode()
    assert not Artifact.objects.exists()


# erasure


def test_erasing_drops_key_salt_digest_names_and_bytes(system: System, bob: User, django_capture_on_commit_callbacks: Any) -> None:
    evidence = given(owe(system), bob, b"secret words", "bob.pdf", description="Of Bob")
    seal()
    row = evidence.artifact
    row.refresh_from_db()
    before = bytes(outbox.receipt_of(row))
    key = bytes(row.key or b"")
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.erase(row, bob, "A person asked to be forgotten.")
    assert not outbox.erase(row, bob, "A person asked to be forgotten.")
    row.refresh_from_db()
    assert (row.key, row.digest, row.salt, row.author_salt, row.author, row.name, row.payload) == (None, "", "", "", None, "erased", "")
    evidence.refresh_from_db()
    assert evidence.description == ""
    assert [path for path in current().objects.rglob("*") if path.is_file()] == []
    assert outbox.content_of(row) is None
    now = outbox.receipt_of(row)
    assert (now.artifact, now.author) == (None, None)
    assert before != bytes(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evidence_artifact")
        kept = repr(cursor.fetchall()).encode()
    assert key not in kept
    assert Artifact.objects.filter(kind="erasure").count() == 1


def test_a_file_that_could_not_be_removed_goes_in_a_later_round(
    system: System, bob: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    row = given(owe(system), bob).artifact
    seal()
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("tanba.storage.files.ErasableFiles.delete", refuse)
        assert outbox.erase(row, bob, "A person asked to be forgotten.")
        outbox.forget()
    row.refresh_from_db()
    assert row.erased_at
    assert row.payload
    assert outbox.content_of(row) is None
    rounds.seal_and_settle()
    row.refresh_from_db()
    assert row.payload == ""
    assert [path for path in current().objects.rglob("*") if path.is_file()] == []


def test_a_row_without_its_key_has_no_content(system: System, bob: User) -> None:
    from tanba.storage.payloads import ErasedError

    row = given(owe(system), bob).artifact
    row.key = None
    with pytest.raises(ErasedError):
        outbox.content_of(row)


# names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Bob\\план.docx", "план.docx"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        (" . . ", "file"),
        ("a\x00b\nc\x7f\u202egnp.exe", "abcgnp.exe"),
        ("x\ud800y.txt", "xy.txt"),
        ("Қағаз №1 (соңғы).pdf", "Қағаз №1 (соңғы).pdf"),
        ("a" * 296 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 181 + "." + "b" * 119, "b" * 119),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ('a"b.txt', 'a"b.txt'),
    ],
)
def test_names_that_a_receipt_can_carry(name: str, safe: str) -> None:
    from tanba.seal import Artifact as Sealable
    from tanba.seal import ready

    assert outbox.safe_name(name) == safe
    ready(Sealable("upload", "file", b"x", outbox.safe_name(name), "application/octet-stream"))


def test_two_threads_of_one_process_open_one_ledger(company: Organisation) -> None:
    found: list[Log] = []
    threads = [threading.Thread(target=lambda: found.append(ledger.log())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(log) for log in found}) == 1
