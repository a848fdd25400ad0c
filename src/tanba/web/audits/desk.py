"""What can be done in an audit. Each act is one transaction: the row, and what is sealed about the system, which names no other system."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from tanba.digest import canonical_json, sha256
from tanba.errors import InputError
from tanba.state import audit as rules
from tanba.state.form import read, write
from tanba.web.accounts.models import Invitation, Organisation, Role, User
from tanba.web.audits.models import Check, Engagement, Finding, Opening, Seat, Step
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System


@transaction.atomic
def begin(organisation: Organisation, values: Mapping[str, Any], systems: Iterable[System], by: User | None) -> Engagement:
    """Open an engagement. Raises InputError on days that cannot be."""
    rules.refuse_days(values["starts"], values["ends"])
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # numbers follow one another
    number = (organisation.engagements.values_list("number", flat=True).first() or 0) + 1
    row = Engagement.objects.create(organisation=organisation, number=number, by=by, **values)
    row.systems.set(systems)
    _seal(row, "open", by)
    return row


@transaction.atomic
def extend(row: Engagement, ends: date, by: User) -> None:
    """Another last day, later or sooner. Raises InputError."""
    rules.refuse_days(row.starts, ends)
    row.ends = ends
    row.save(update_fields=["ends"])
    _seal(row, "extend", by)


@transaction.atomic
def close(row: Engagement, by: User) -> bool:
    """End all access now; what was opened is sealed by its digest. False where it is closed already."""
    if not Engagement.objects.filter(pk=row.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=by):
        return False
    _seal(row, "close", by)
    return True


def openings(row: Engagement, system: System | None = None) -> list[dict[str, Any]]:
    """The log as it is handed out, oldest first."""
    rows = Opening.objects.filter(engagement=row).order_by("id")
    rows = rows if system is None else rows.filter(system=system)
    found = rows.values_list("at", "user_id", "system__slug", "page", "address", "taken", "artifact_id")
    names = ("at", "user", "system", "page", "address", "taken", "artifact")
    return [{name: _plain(value) for name, value in zip(names, each, strict=True)} for each in found.iterator(1000)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, UUID) else value


def _seal(row: Engagement, did: str, by: User | None) -> None:
    """One artifact for each system, so that it belongs to what is sealed about that system."""
    said = {
        "audit_number": row.number,
        "auditor": row.auditor,
        "auditor_bin": row.bin,
        "contract": row.contract,
        "did": did,
        "ends": row.ends.isoformat(),
        "independence": row.independence,
        "starts": row.starts.isoformat(),
    }
    for system in row.systems.order_by("slug"):
        log = openings(row, system) if did == "close" else []
        more = {"openings": len(log), "openings_digest": sha256(canonical_json(log))} if did == "close" else {}
        outbox.record(row.organisation, "audit-engagement", said | more, by, system)


@transaction.atomic
def invite(row: Engagement, email: str, by: User) -> Seat:
    """Give an address a seat, and an invitation where nobody of the organisation has it. Raises InputError for whoever works there."""
    email = email.strip().lower()
    member = row.organisation.memberships.filter(user__email=email).first()
    if member and member.role != Role.AUDITOR:
        raise InputError("{email} has another role in your organisation", "An auditor is independent of what is audited.", email=email)
    seat, _ = Seat.objects.get_or_create(engagement=row, email=email, defaults={"by": by})
    if member is None:
        row.organisation.invitations.filter(email=email, accepted_at=None, scoped=True).delete()
        seat.invitation = Invitation.objects.create(organisation=row.organisation, email=email, role=Role.AUDITOR, scoped=True, made_by=by)
    seat.ended_at = None
    seat.save()
    return seat


@transaction.atomic
def unseat(seat: Seat) -> None:
    """End somebody's access at once; an invitation that waits is void."""
    seat.ended_at = timezone.now()
    seat.save(update_fields=["ended_at"])
    others = Seat.objects.filter(email=seat.email, engagement__organisation=seat.engagement.organisation, ended_at=None)
    if not others.exists():
        seat.engagement.organisation.invitations.filter(email=seat.email, accepted_at=None, scoped=True).delete()


@transaction.atomic
def judge(row: Engagement, system: System, values: Mapping[str, Any], by: User | None, at: Any = None) -> Check:
    """The auditor's verdict on an item; the newest counts, older ones stay. `values`: item, verdict, method, evidence."""
    content = {name: values[name] for name in ("verdict", "method", "evidence")}
    details = {"engagement": str(row.pk), "item": values["item"], **content, **referred(content["evidence"])}
    artifact = outbox.record(row.organisation, "audit-check", details, by, system)
    moment = at or timezone.now()
    return Check.objects.create(engagement=row, system=system, item=values["item"], content=content, by=by, artifact=artifact, at=moment)


@transaction.atomic
def find(row: Engagement, system: System, content: rules.Content, by: User | None, at: Any = None) -> Finding:
    """A new finding, open."""
    Engagement.objects.select_for_update().get(pk=row.pk)
    number = (row.findings.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Finding.objects.create(engagement=row, system=system, number=number, by=by, at=at or timezone.now())
    _step(made, "made", write(content), "audit-finding", by, at)
    return made


@transaction.atomic
def act(finding: Finding, side: str, values: Mapping[str, Any], by: User | None, at: Any = None) -> None:
    """One step of a finding. `values`: act, text, evidence, changed (Content). Raises InputError where it may not be done, or not now."""
    row = Finding.objects.select_for_update().select_related("engagement__organisation", "system").get(pk=finding.pk)
    rules.move(value(row).state, values["act"], side)
    if values["act"] in rules.NEEDS_TEXT and not values.get("text"):
        raise InputError("{place} is missing", "Write it.", place="text")
    kind = "audit-answer" if side == "company" else "audit-finding"
    changed = values.get("changed")
    content = write(changed) if changed else {"evidence": list(values.get("evidence", ())), "text": values.get("text", "")}
    _step(row, values["act"], content, kind, by, at)


def attach(system: System, file: "UploadedFile[Any]", by: User) -> Artifact:
    """A file of an answer, encrypted under a key of its own. Raises StoreError."""
    row = outbox.upload(system, "upload", file.name or "", file.read(), by)
    row.save()
    return row


def _step(row: Finding, name: str, content: Mapping[str, Any], kind: str, by: User | None, at: Any) -> None:
    said = {"finding_severity" if key == "severity" else key: each for key, each in content.items()}
    details = {"act": name, "engagement": str(row.engagement_id), "finding": row.number, **said, **referred(content["evidence"])}
    artifact = outbox.record(row.engagement.organisation, kind, details, by, row.system)
    Step.objects.create(finding=row, act=name, content=content, by=by, artifact=artifact, at=at or timezone.now())


def referred(evidence: Iterable[str]) -> dict[str, list[str]]:
    """What is referred to, parted: artifacts by id, and places elsewhere."""
    found: dict[str, list[str]] = {"evidence": [], "places": []}
    for each in evidence:
        found["evidence" if is_id(each) else "places"].append(each)
    return found


def is_id(text: str) -> bool:
    """Whether a reference is the id of an artifact."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def value(row: Finding) -> rules.Finding:
    """A finding as the rules take it."""
    made, *steps = row.steps.all()
    return rules.Finding(row.number, row.system.slug, read(rules.Content, "", made.content), tuple(_as_step(each) for each in steps))


def _as_step(row: Step) -> rules.Step:
    on, by = timezone.localtime(row.at).date(), str(row.by or "")
    name: Any = row.act
    if row.act == "change":
        return rules.Step(name, on, by, changed=read(rules.Content, "", row.content))
    return rules.Step(name, on, by, row.content["text"], tuple(row.content["evidence"]))


def newest(row: Engagement, system: System) -> dict[str, Check]:
    """{item: the verdict that counts}."""
    return {each.item: each for each in row.checks.filter(system=system).select_related("by", "artifact").order_by("id")}


def newest_audit(system: System) -> rules.Audit | None:
    """The newest engagement with this system in scope that has begun, artifacts by name."""
    row = system.engagements.filter(starts__lte=timezone.localdate()).order_by("-number").first()
    return as_audit(row, system) if row else None


def _names(system: System) -> dict[str, str]:
    rows = system.artifacts.values_list("pk", "name", "position", "at")
    return {str(pk): f"{name}, № {position or '…'}, {timezone.localtime(at).date()}" for pk, name, position, at in rows}


def _named(finding: rules.Finding, names: Mapping[str, str]) -> rules.Finding:
    """The same with artifacts by name."""

    def told(given: Any) -> Any:
        return replace(given, evidence=tuple(names.get(ref, ref) for ref in given.evidence)) if given else given

    steps = tuple(replace(told(step), changed=told(step.changed)) for step in finding.steps)
    return replace(finding, content=told(finding.content), steps=steps)


def as_audit(row: Engagement, system: System) -> rules.Audit:
    """The engagement as the rules take it, as far as it is about one system; artifacts by name."""
    names = _names(system)
    checks = tuple(
        rules.Check(
            system.slug,
            item,
            each.content["verdict"],
            each.content["method"],
            tuple(names.get(ref, ref) for ref in each.content["evidence"]),
            timezone.localtime(each.at).date(),
            str(each.by or ""),
        )
        for item, each in newest(row, system).items()
    )
    findings = tuple(
        _named(value(each), names) for each in row.findings.filter(system=system).prefetch_related("steps__by").select_related("system")
    )
    further = tuple(rules.Further(each["id"], each["text"]) for each in row.further)
    people = tuple(row.people)
    auditor = rules.Auditor(row.auditor, row.bin, people)
    return rules.Audit(auditor, (system.slug,), row.starts, row.ends, row.contract, row.independence, further, checks, findings)
