"""The index of an evidence bundle: artifacts with digest and place in the ledger, what they evidence, how an outsider checks it. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents.known import Known, joined, section, table, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said
from tanba.documents.templates.letters import signed
from tanba.strings import LANGUAGES, t

MUST = ("name", "organisation", "ledger", "artifacts", "claims", "check")
PLACE = "230-VIII/15/2/3"


def blocks(known: Known) -> list[Block]:
    """Of what, the artifacts, the provisions with their state, the check, a signature."""
    bundle = known.part("bundle")
    made = section("section_bundle", Fields(_head(known, bundle)), Paragraph(Said(_bundle("about"))))
    made += section("section_artifacts", _artifacts(known, bundle))
    made += section("section_claims", _claims(known, bundle))
    made += section("section_check", *_check(known, bundle))
    return [*made, signed("compliance")]


def _head(known: Known, bundle: Mapping[str, Any] | None) -> tuple[Field, ...]:
    ledger = Said(words("ledger_state", **bundle["checkpoint"])) if bundle else known.gap(words("gap_bundle"), PLACE)
    return (
        Field("name", words("name"), known.given(known.system["name"], "gap_name", PLACE)),
        Field("organisation", words("organisation"), known.given(known.organisation["name"], "gap_organisation", PLACE)),
        Field("ledger", words("ledger"), ledger),
    )


def _artifacts(known: Known, bundle: Mapping[str, Any] | None) -> Block:
    rows = [_artifact(known, each) for each in bundle["items"]] if bundle else []
    return table(
        ("artifact", "sha256", "evidences"),
        rows,
        (4, 4, 4),
        known.gap(words("gap_artifacts" if bundle else "gap_bundle"), PLACE),
        "artifacts",
    )


def _artifact(known: Known, item: Mapping[str, Any]) -> tuple[Said, Said, Said]:
    place = words("ledger_place", position=item["position"], day=item["day"])
    named = joined((item["kind"], dict.fromkeys(LANGUAGES, item["name"]), place), "\n")
    digest = Said(dict.fromkeys(LANGUAGES, item["digest"])) if item["digest"] else Said(words("digest_kept"))
    titles = [known.material["law"][path]["title"] for path in map(_path, item["evidences"]) if path in known.material["law"]]
    evidences = known.said(joined(titles), *item["evidences"]) if titles else Said(words("evidences_nothing"))
    return Said(named), digest, evidences


def _claims(known: Known, bundle: Mapping[str, Any] | None) -> Block:
    rows = [_claim(known, each) for each in bundle["claims"]] if bundle else []
    missing = Said(words("no_claims")) if bundle else known.gap(words("gap_bundle"), PLACE)
    return table(("duty", "claim_status", "artifacts_numbers"), rows, (5, 3, 3), missing, "claims")


def _claim(known: Known, claim: Mapping[str, Any]) -> tuple[Said, Said, Said]:
    law = known.material["law"].get(_path(claim["place"]))
    title = known.said(law["title"], claim["place"]) if law else Said(dict.fromkeys(LANGUAGES, claim["place"]))
    status = {each: t(f"obligations.status_{claim['status']}", each) for each in LANGUAGES}
    numbers = dict.fromkeys(LANGUAGES, ", ".join(f"№ {position}" for position in claim["positions"]))
    return title, Said(status), Said(numbers) if claim["positions"] else known.gap(words("gap_evidence"), claim["place"])


def _check(known: Known, bundle: Mapping[str, Any] | None) -> list[Block]:
    command = Said(dict.fromkeys(LANGUAGES, bundle["command"])) if bundle else known.gap(words("gap_bundle"), PLACE)
    return [
        Paragraph(Said(_bundle("how"))),
        Paragraph(command, "check"),
        Paragraph(Said(words("check_means"))),
        Paragraph(Said(_bundle("limits"))),
    ]


def _bundle(key: str) -> dict[str, str]:
    return {each: t(f"bundle.{key}", each) for each in LANGUAGES}


def _path(place: str) -> str:
    return place.partition("@")[0].removeprefix("kz/")
