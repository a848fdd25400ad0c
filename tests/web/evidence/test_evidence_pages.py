"""Pages of evidence and of the ledger: what they show, what they hand out, what they refuse."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from believable import SCORER, assessed
from tanba.bundle.check import check as check_bundle
from tanba.seal import Receipt
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.collect import make_bundle
from tanba.web.evidence.forms import LARGEST
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System
from tanba.workspace import current
from web.evidence.doing import accept, address, erase, given, owe, put, seal, withdraw

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
VERIFY = Path(__file__).parents[3] / "verify" / "tanba_verify.py"
NASTY = "<script>alert(1)</script>&\"'"


@pytest.fixture
def row(system: System) -> Obligation:
    return owe(system)


@pytest.fixture
def sealed(row: Obligation, bob: User) -> Artifact:
    """Bob's sealed file."""
    evidence = given(row, bob, b"what it shows", "proof.pdf", description="Screens")
    seal()
    return Artifact.objects.get(pk=evidence.artifact_id)


def text(browser: Client, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200, where
    return str(answer.content.decode())


def ledger_page(company: Organisation, name: str = "ledger") -> str:
    return reverse(f"evidence:{name}", args=[company.pk])


def said(key: str, language: str = "en") -> str:
    """A text of the catalogue as it stands in HTML."""
    return str(escape(catalogue()[key][language]))


# what pages show


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_artifact_with_its_proof(language: str, sealed: Artifact, dana: User, sign_in: SignIn) -> None:
    page = text(sign_in(dana, language), address("artifact", sealed))
    for key in ("kinds.upload", "ledger.word_unwitnessed", "ledger.meaning_untimed", "proof.fits", "proof.receipt", "words.disclaimer"):
        assert said(key, language).lower() in page.lower(), key
    assert sealed.digest in page
    assert "c2sp.org/tlog-proof@v1" in page
    assert bytes(sealed.entry or b"").decode().replace('"', "&quot;") in page
    assert said("proof.erase", language) not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_an_obligation_says_what_comes_next(language: str, row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    owner, officer = sign_in(bob, language), sign_in(carol, language)

    def says(browser: Client, key: str) -> bool:
        return said(key, language).partition("{")[0] in text(browser, address("obligation", row))

    assert says(owner, "proof.next_put")
    evidence = given(row, bob, expires=timezone.localdate())
    assert says(owner, "proof.next_sealing")
    seal()
    assert says(owner, "proof.next_reviewer")
    assert says(officer, "proof.next_accept")
    accept(officer, row)
    assert says(officer, "proof.next_sealing")
    seal()
    assert says(owner, "proof.next_met_until")
    Evidence.objects.update(expires=None)
    assert says(owner, "proof.next_met")
    withdraw(owner, evidence)
    seal()
    assert says(owner, "proof.lapsed")
    assert says(owner, "proof.withdrawn")


def test_the_page_looks_again_only_while_something_is_being_sealed(row: Obligation, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    put(browser, row)
    assert 'id="sealing"' in text(browser, address("obligation", row))
    seal()
    assert 'id="sealing"' not in text(browser, address("obligation", row))


def test_auditors_read_and_are_offered_nothing(
    row: Obligation, sealed: Artifact, dana: User, company: Organisation, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    offered = {address("obligation", row): 0, address("artifact", sealed): 0, ledger_page(company): 1}  # the box changes nothing
    for where, forms in offered.items():
        page = text(browser, where)
        main = page[page.index("<main") : page.index("</main")]
        assert main.count("<form") == forms, where


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_ledger(language: str, company: Organisation, sealed: Artifact, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol, language)
    page = text(browser, ledger_page(company))
    assert str(ledger.log().head()).splitlines()[0] in page
    assert ledger.log().keyring.signer.key.text in page
    assert said("cli.ledger.status.alone", language) in page
    assert said("proof.confirm", language) not in page
    given(sealed.evidence.get().obligation, carol)
    page = text(browser, ledger_page(company))
    assert catalogue()["proof.waiting"][language]["one"].format(count=1) in page


def test_the_live_part_says_nothing_where_nothing_is_new(company: Organisation, sealed: Artifact, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    page = text(browser, ledger_page(company))
    address_ = re.search(r'hx-get="([^"]+)"', page)
    assert address_
    assert browser.get(address_[1]).status_code == 204
    given(sealed.evidence.get().obligation, carol)
    fresh = browser.get(address_[1])
    assert fresh.status_code == 200
    assert fresh.content.decode().lstrip().startswith('<div id="state"')
    assert "<html" not in fresh.content.decode()
    assert browser.get(ledger_page(company, "state")).status_code == 200


def test_acts_are_shown_in_words(company: Organisation, bob: User, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, bob)
    row = system.obligations.get(path="230-VIII/5")
    evidence = given(row, bob)
    seal()
    accept(sign_in(carol), row, remark="line one\nline two")
    details = {"axis": "risk", "level": "high", "override": str(system.pk), "reason": NASTY, "decision": "approved", "unheard": "of"}
    outbox.record(company, "override-decision", details, carol, system)
    outbox.record(company, "adoption", {"on": "2026-11-22", "provision": "kz/gone/1@2020-01-01"}, carol)
    seal()
    pages = {each.kind: text(sign_in(carol, "ru"), address("artifact", each)) for each in Artifact.objects.all()}
    assert "Соблюдение законодательства" in pages["acceptance"]
    assert "line one<br>line two" in pages["acceptance"]
    assert address("artifact", evidence.artifact) in pages["acceptance"]
    for word in ("одобрено", "Ось", "Уровень", "unheard"):
        assert word in pages["override-decision"]
    assert str(system.pk) not in pages["override-decision"]
    assert "22 ноября 2026" in pages["adoption"]
    assert "kz/gone/1@2020-01-01" in pages["adoption"]


def test_what_people_type_is_never_html(row: Obligation, bob: User, carol: User, company: Organisation, sign_in: SignIn) -> None:
    put(sign_in(bob), row, name=f"{NASTY}.pdf".replace("/", ""), description=NASTY)
    seal()
    accept(sign_in(carol), row, remark=NASTY)
    evidence = row.evidence.get()
    withdraw(sign_in(bob), evidence)
    erase(sign_in(carol), Artifact.objects.get(pk=given(row, bob, name="<b>.txt").artifact_id))
    seal()
    browser = sign_in(carol)
    places = [address("artifact", each) for each in Artifact.objects.all()]
    for where in (*places, address("obligation", row), ledger_page(company), reverse("evidence:system", args=[company.pk, "scorer"])):
        page = text(browser, where)
        assert "<script>alert" not in page, where
        assert "<b>" not in page.partition("<main")[2].replace('class="stat"><b>', ""), where


def test_who_changes_whose(row: Obligation, sealed: Artifact, company: Organisation, alice: User, bob: User, sign_in: SignIn) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"}, owner=alice)
    theirs = owe(other)
    assert put(sign_in(bob), theirs).status_code == 403
    evidence = given(theirs, alice)
    assert withdraw(sign_in(bob), evidence).status_code == 403
    assert erase(sign_in(bob), sealed).status_code == 403
    assert put(sign_in(bob), row).status_code == 302
    assert not theirs.evidence.exclude(pk=evidence.pk).exists()


def test_another_organisations_rows_are_not_found_under_ones_own(row: Obligation, sealed: Artifact, charlie: User, sign_in: SignIn) -> None:
    browser, own = sign_in(charlie), charlie.memberships.get().organisation_id
    for name, pk in {"artifact": sealed.pk, "content": sealed.pk, "receipt": sealed.pk, "obligation": row.pk}.items():
        assert browser.get(reverse(f"evidence:{name}", args=[own, pk])).status_code == 404, name
    for name, pk in {"erase": sealed.pk, "accept": row.pk, "withdraw": row.evidence.get().pk, "obligation": row.pk}.items():
        assert browser.post(reverse(f"evidence:{name}", args=[own, pk])).status_code == 404, name
    assert browser.get(reverse("evidence:system", args=[own, "scorer"])).status_code == 404
    assert browser.post(reverse("evidence:bundle", args=[own, "scorer"])).status_code == 404
    assert "scorer" not in text(browser, reverse("evidence:ledger", args=[own]))


# uploads


@pytest.mark.parametrize(
    ("content", "values", "key"),
    [
        (b"", {}, "proof.file_empty"),
        (b"x", {"expires": "2020-01-01"}, "proof.expires_past"),
        (b"x", {"expires": "soon"}, ""),
        (b"x", {"description": "d" * 301}, ""),
    ],
)
def test_uploads_that_are_refused(content: bytes, values: dict[str, str], key: str, row: Obligation, bob: User, sign_in: SignIn) -> None:
    answer = put(sign_in(bob), row, content, **values)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not key or said(key) in answer.content.decode()
    assert not Evidence.objects.exists()
    assert not current().objects.exists()


def test_huge_files_are_refused(row: Obligation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tanba.web.evidence.forms.LARGEST", 1_000_000)
    assert LARGEST == 50_000_000
    answer = put(sign_in(bob), row, b"x" * 1_000_001)
    assert catalogue()["proof.file_large"]["en"].format(limit=1) in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("Қағаз №1 «соңғы».pdf", "Қағаз №1 «соңғы».pdf"),
        ("a" * 296 + ".pdf", None),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("tab\there.txt", "tabhere.txt"),
        (".hidden", "hidden"),
    ],
)
def test_file_names(sent: str, kept: str | None, row: Obligation, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    assert put(browser, row, name=sent).status_code == 302
    seal()
    artifact = row.evidence.get().artifact
    assert artifact.name == kept if kept else len(artifact.name) == 120 and artifact.name.endswith(".pdf")
    assert Receipt.parse(bytes(outbox.receipt_of(artifact))).artifact.name == artifact.name  # type: ignore[union-attr]
    answer = browser.get(address("content", artifact))
    assert answer.content == b"what it shows"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.isascii()
    assert "/" not in disposition.replace("utf-8''", "")
    assert {path.parent.parent.parent for path in current().objects.rglob("*") if path.is_file()} == {current().objects / "payloads"}


# downloads


def test_downloads_never_run_in_the_browser(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    put(browser, row, b"<html><script>alert(1)</script></html>", "page.html")
    seal()
    accept(sign_in(carol), row)
    seal()
    for artifact in Artifact.objects.all():
        for name in ("content", "receipt"):
            answer = browser.get(address(name, artifact))
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Content-Disposition"].startswith("attachment")
            assert answer["X-Content-Type-Options"] == "nosniff"
    bundle = browser.post(reverse("evidence:bundle", args=[row.system.organisation_id, "scorer"]))
    assert bundle["Content-Disposition"] == 'attachment; filename="scorer.tanba.zip"'
    bundle.close()


def test_content_and_receipt_are_those_that_were_sealed(sealed: Artifact, dana: User, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    assert browser.get(address("content", sealed)).content == b"what it shows"
    receipt = Receipt.parse(browser.get(address("receipt", sealed)).content)
    assert receipt.artifact
    assert (receipt.artifact.digest, receipt.artifact.name, receipt.artifact.size) == (sealed.digest, "proof.pdf", 13)
    assert receipt.author
    assert receipt.author.value["name"] == "Bob"


def test_no_receipt_before_it_is_sealed(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    artifact = given(row, bob).artifact
    assert sign_in(bob).get(address("receipt", artifact)).status_code == 404
    assert sign_in(bob).get(address("content", artifact)).content == b"what it shows"
    assert erase(sign_in(carol), artifact).status_code == 403
    assert said("proof.sealing") in text(sign_in(bob), address("artifact", artifact))


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_file_is_said_and_not_handed_out(damage: str, sealed: Artifact, bob: User, sign_in: SignIn) -> None:
    [path] = [path for path in current().objects.rglob("*") if path.is_file()]
    if damage == "gone":
        path.unlink()
    else:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    browser, word = sign_in(bob), "missing" if damage == "gone" else "altered"
    page = text(browser, address("artifact", sealed))
    assert f'<span class="badge prohibited">{said(f"ledger.word_{word}")}</span>' in page
    assert said("proof.fits") not in page
    answer = browser.get(address("content", sealed))
    assert answer.status_code == 302
    assert answer["Location"] == address("artifact", sealed)


def test_a_changed_row_of_the_register_is_altered(sealed: Artifact, bob: User, sign_in: SignIn) -> None:
    Artifact.objects.filter(pk=sealed.pk).update(author={"id": "x", "name": "Somebody else"})
    page = text(sign_in(bob), address("artifact", sealed))
    assert said("ledger.word_altered") in page


# erasing


@pytest.mark.parametrize("language", LANGUAGES)
def test_erased_content_is_gone_and_its_entry_stands(
    language: str,
    row: Obligation,
    sealed: Artifact,
    carol: User,
    company: Organisation,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser = sign_in(carol, language)
    assert said("proof.erase_lead", language) in text(browser, address("artifact", sealed))
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(browser, sealed).status_code == 302
    page = text(browser, address("artifact", sealed))
    assert said("proof.erased_now", language) in page
    assert said("ledger.word_erased", language) in page
    assert said("ledger.meaning_erased", language) in page
    assert "proof.pdf" not in page
    assert sealed.digest not in page
    assert browser.get(address("content", sealed)).status_code == 404
    receipt = Receipt.parse(browser.get(address("receipt", sealed)).content)
    assert (receipt.artifact, receipt.author) == (None, None)
    for where in (address("obligation", row), ledger_page(company), reverse("evidence:system", args=[company.pk, "scorer"])):
        assert "proof.pdf" not in text(browser, where), where
        assert "Screens" not in text(browser, where), where
    assert erase(browser, sealed).status_code == 302
    assert Artifact.objects.filter(kind="erasure").count() == 1


def test_an_erasure_needs_a_reason_and_shows_that_it_does(sealed: Artifact, carol: User, sign_in: SignIn) -> None:
    answer = erase(sign_in(carol), sealed, "short")
    assert answer.status_code == 422
    assert '<details class="panel" open>' in answer.content.decode()
    sealed.refresh_from_db()
    assert sealed.key


def test_what_the_register_wrote_is_not_erased(company: Organisation, carol: User, sign_in: SignIn) -> None:
    act = outbox.record(company, "adoption", {"on": "2026-11-22", "provision": "kz/x"}, carol)
    seal()
    assert erase(sign_in(carol), act).status_code == 403
    assert said("proof.erase") not in text(sign_in(carol), address("artifact", act))


# the box


def check(browser: Client, company: Organisation, receipt: bytes | None, file: bytes | None = None) -> tuple[int, str]:
    values = {"receipt": SimpleUploadedFile("r.json", receipt)} if receipt is not None else {}
    if file is not None:
        values["file"] = SimpleUploadedFile("f", file)
    answer = browser.post(ledger_page(company, "check"), values)
    return answer.status_code, str(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_receipt(language: str, sealed: Artifact, company: Organisation, bob: User, sign_in: SignIn) -> None:
    browser, receipt = sign_in(bob, language), bytes(outbox.receipt_of(sealed))
    words = {word: said(f"ledger.word_{word}", language) for word in ("unwitnessed", "untimed", "altered")}
    code, page = check(browser, company, receipt)
    assert code == 200
    assert words["unwitnessed"] in page
    assert words["untimed"] in page
    assert said("proof.fits_apart", language) in page
    code, page = check(browser, company, receipt, b"what it shows")
    assert said("proof.fits", language) in page
    assert f'badge prohibited">{words["altered"]}' not in page
    code, page = check(browser, company, receipt, b"what it showed")
    assert f'badge prohibited">{words["altered"]}' in page
    assert said("proof.fits", language) not in page


def test_a_receipt_of_a_stranger_is_unattributed(sealed: Artifact, company: Organisation, bob: User, sign_in: SignIn) -> None:
    receipt = bytes(outbox.receipt_of(sealed))
    ledger.close()
    for path in (current().ledger, current().keys / "ledger.key", current().keys / "ledger.begun"):
        path.unlink()
    code, page = check(sign_in(bob), company, receipt, b"what it shows")
    assert code == 200
    assert said("ledger.word_unattributed") in page
    assert said("proof.fits") not in page


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"x" * (1 << 20),
        b"x" * ((1 << 20) + 5),
        b"[" * 100_000,
        b'{"schema":"tanba.receipt/1"}',
    ],
    ids=lambda rubbish: f"{rubbish[:8]!r}{len(rubbish)}",
)
def test_rubbish_in_the_box(rubbish: bytes, company: Organisation, bob: User, sign_in: SignIn) -> None:
    code, page = check(sign_in(bob), company, rubbish)
    assert code == 422
    assert "note error" in page


def test_every_change_of_a_receipt_is_refused(sealed: Artifact, company: Organisation, bob: User, sign_in: SignIn) -> None:
    receipt, browser = bytes(outbox.receipt_of(sealed)), sign_in(bob)
    fits = said("proof.fits_apart")
    for place in range(0, len(receipt), 41):
        code, page = check(browser, company, receipt[:place] + bytes([receipt[place] ^ 1]) + receipt[place + 1 :])
        assert code in (200, 422)
        assert fits not in page or b'"media_type"' in receipt[max(0, place - 60) : place + 60], place  # name and type are bound to nothing


def test_names_in_a_receipt_are_shown_as_text(sealed: Artifact, company: Organisation, bob: User, sign_in: SignIn) -> None:
    value = json.loads(bytes(outbox.receipt_of(sealed)))
    value["artifact"]["name"] = NASTY.replace("/", "")
    from tanba.digest import canonical_json

    assert "<script>alert" not in check(sign_in(bob), company, canonical_json(value))[1]
    assert check(sign_in(bob), company, None)[0] == 422


# bundles


def given_policy(folder: Path) -> tuple[Path, Path]:
    policy = folder / "policy.txt"
    policy.write_text(f"log {ledger.log().keyring.signer.key.text}\nquorum none\n", encoding="utf-8")
    return policy, folder / "system.tanba.zip"


def test_a_bundle_is_checked_by_both_programs(
    company: Organisation, bob: User, carol: User, sign_in: SignIn, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    system = assessed(company, SCORER, bob)
    row = system.obligations.get(path="230-VIII/5")
    gone = given(row, bob, b"gone", "gone.pdf")
    given(row, bob, b"kept", "Қағаз.pdf")
    seal()
    with django_capture_on_commit_callbacks(execute=True):
        erase(sign_in(carol), gone.artifact)
    accept(sign_in(carol), row)
    policy, path = given_policy(tmp_path)
    answer = sign_in(carol).post(reverse("evidence:bundle", args=[company.pk, system.slug]))
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert not Artifact.objects.exclude(state="sealed").exists()

    report = check_bundle(path, ledger.trust())
    assert set(report.words) == {"unwitnessed", "untimed", "erased", "verified"}
    assert report.exit_code(["unwitnessed", "untimed"]) == 0
    assert len(report.artifacts) == Artifact.objects.filter(system=system).count() == 5
    done = subprocess.run(
        [sys.executable, VERIFY, path, "--policy", policy, "--accept", "unwitnessed,untimed", "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "altered" not in done.stdout


def test_claims_of_a_bundle_are_the_statuses(company: Organisation, bob: User, carol: User, sign_in: SignIn, tmp_path: Path) -> None:
    system = assessed(company, SCORER, bob)
    row = system.obligations.get(path="230-VIII/5")
    other = system.obligations.get(path="230-VIII/6")
    kept = given(row, bob, b"kept")
    withdraw(sign_in(bob), given(other, bob, b"withdrawn"))
    seal()
    accept(sign_in(carol), row)
    seal()
    index = make_bundle(system, tmp_path / "x.zip").index
    claims = {claim["provision"]: claim for claim in index["obligations"]}
    assert claims[row.provision]["status"] == "met"
    assert len(claims[row.provision]["artifacts"]) == 1
    assert claims[row.provision]["artifacts"][0].endswith(kept.artifact.name)
    assert claims[other.provision] == {"artifacts": [], "provision": other.provision, "status": "open"}
    assert index["organisation"] == {"bin": company.bin, "name": company.name["kk"]}


def test_a_bundle_of_a_system_without_anything(system: System, dana: User, sign_in: SignIn, tmp_path: Path) -> None:
    answer = sign_in(dana).post(reverse("evidence:bundle", args=[system.organisation_id, system.slug]))
    path = tmp_path / "x.zip"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert check_bundle(path, ledger.trust()).artifacts == []


def test_a_bundle_without_the_newest_acts_is_not_made(row: Obligation, bob: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tanba.errors import StoreError
    from tanba.ledger.log import Log

    def refuse(*_: object) -> None:
        raise StoreError("the ledger is closed")

    given(row, bob)
    monkeypatch.setattr(Log, "append_many", refuse)
    with pytest.raises(StoreError):
        make_bundle(row.system, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_a_damaged_upload_is_named_and_does_not_keep_the_others_back(
    company: Organisation, bob: User, dana: User, sign_in: SignIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system = assessed(company, SCORER, bob)
    row = system.obligations.get(path="230-VIII/5")
    bad = given(row, bob, b"bad", "bad.pdf").artifact
    given(row, bob, b"good", "good.pdf")
    seal()
    Artifact.objects.filter(pk=bad.pk).update(key=b"x" * 32)
    browser, path = sign_in(dana), tmp_path / "x.zip"
    answer = browser.post(reverse("evidence:bundle", args=[company.pk, system.slug]))
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "bad.pdf" in text(browser, ledger_page(company))
    assert sum("missing" in result.words for result in check_bundle(path, ledger.trust()).artifacts) == 1
    made = make_bundle(system, path)
    assert [name.rpartition("/")[2] for name in made.missing] == ["bad.pdf"]


def test_other_systems_stay_out_of_a_bundle(row: Obligation, company: Organisation, bob: User, tmp_path: Path) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"}, owner=bob)
    given(row, bob)
    given(owe(other), bob)
    outbox.record(company, "adoption", {"on": "2026-11-22", "provision": "kz/x"}, bob)
    make_bundle(row.system, tmp_path / "x.zip")
    assert Artifact.objects.filter(state="sealed").count() == 1  # making one seals nothing of the others
    seal()
    assert len(make_bundle(row.system, tmp_path / "x.zip").index["artifacts"]) == 1


# queries


def test_pages_take_the_same_queries_however_many_rows(
    row: Obligation, company: Organisation, bob: User, carol: User, sign_in: SignIn
) -> None:
    browser = sign_in(carol)
    places = [
        ledger_page(company),
        ledger_page(company, "state"),
        reverse("evidence:system", args=[company.pk, "scorer"]),
        address("obligation", row),
        reverse("obligations:list", args=[company.pk, "scorer"]),
        reverse("systems:portfolio", args=[company.pk]),
        reverse("systems:show", args=[company.pk, "scorer"]),
    ]

    def more(count: int) -> None:
        for number in range(count):
            given(row, bob, b"%d" % number)
            outbox.record(company, "adoption", {"number": number}, carol)
        seal()
        accept(browser, row)
        seal()
        for where in places:  # messages are read, caches filled
            browser.get(where)

    def taken(where: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(where).status_code == 200
        return len(found)

    more(1)
    before = [taken(where) for where in places]
    more(12)
    more(12)
    assert [taken(where) for where in places] == before
    assert max(before) <= 20
