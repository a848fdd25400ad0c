"""Assessments as OSCAL assessment results: a result for each system.

What is owed becomes a finding, satisfied only where it is met; what may apply, rights, recommendations and capabilities that were not
found become observations. Each provision of an assessment stands there exactly once, and what is unknown is never satisfied.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tanba.digest import canonical_json
from tanba.export.catalog import catalog_resource
from tanba.export.component import arranged, component_uuid, levels, proof_resource, said
from tanba.export.model import Owed, Subject, Whole, owed_of, ruled_out
from tanba.export.parts import control_id, document, kept, line, metadata, moment, pick, props, prose, uid
from tanba.law.model import ASSESSED
from tanba.law.rulebook import Rulebook
from tanba.law.words import answer as answer_in_words
from tanba.strings import t

Piece = dict[str, Any]
OPERATIONAL = {"development": "under-development", "planned": "under-development", "pilot": "operational", "production": "operational"}
OPERATIONAL |= {"retired": "disposition"}
"""OSCAL's states of a component by the fact `stage`; `other` where it is suspended or not known."""


def assessment_results(whole: Whole, book: Rulebook, subjects: Iterable[Subject], lang: str) -> Iterator[bytes]:
    """The file."""
    head = {
        "metadata": metadata(whole, t("export.results", lang, day=whole.day), lang),
        "import-ap": {"href": f"#{_plan(whole, lang)['uuid']}"},
        "back-matter": {"resources": [catalog_resource(book, lang), _plan(whole, lang)]},
    }
    return document("assessment-results", head, "results", (Result(whole, book, each, lang).made() for each in subjects))


def assessment_plan(whole: Whole, book: Rulebook, lang: str) -> Iterator[bytes]:
    """The plan that results refer to: every control of the catalog, every component, one task."""
    definition = {
        "uuid": uid("definition", whole.bin, whole.day.isoformat()),
        "title": line(t("export.component", lang, day=whole.day)),
        "rlinks": [{"href": "component-definition.json", "media-type": "application/json"}],
    }
    task = {"uuid": uid("task", whole.bin, whole.day.isoformat()), "type": "action", "title": line(t("export.plan_task", lang))}
    head = {
        "metadata": metadata(whole, t("export.plan", lang, day=whole.day), lang),
        "import-ssp": {"href": f"#{definition['uuid']}", "remarks": prose(t("export.component", lang, day=whole.day))},
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
        "assessment-subjects": [{"type": "component", "include-all": {}}],
        "tasks": [task],
        "back-matter": {"resources": [catalog_resource(book, lang), definition]},
    }
    return document("assessment-plan", head)


def _plan(whole: Whole, lang: str) -> dict[str, Any]:
    rlinks = [{"href": "assessment-plan.json", "media-type": "application/json"}]
    return {"uuid": uid("plan", whole.bin, whole.day.isoformat()), "title": line(t("export.plan", lang, day=whole.day)), "rlinks": rlinks}


class Result:
    """One system's result while it is put together."""

    def __init__(self, whole: Whole, book: Rulebook, subject: Subject, lang: str) -> None:
        """Nothing is changed."""
        self.whole, self.book, self.subject, self.lang = whole, book, subject, lang
        self.report = subject.report
        self.component = component_uuid(whole, subject)

    def made(self) -> tuple[Piece, list[Any]]:
        """The result and the evidence it names."""
        entries = [(each, self.subject.owed.get(each["path"]) or owed_of(each)) for each in self.report["provisions"]]
        bans = self.report["gate"]["bans"]
        duties = [(entry, owed) for entry, owed in entries if owed.is_duty]
        findings = [*(self._ban(each) for each in bans if each["answer"] == "found"), *(self._finding(*each) for each in duties)]
        observations = [
            *self._facts(),
            *(self._capability(each, "prohibition") for each in bans if each["answer"] != "found"),
            *(self._capability(each, "screen") for each in self.report["screen"]),
            *(self._observation(entry, owed) for entry, owed in entries if not owed.is_duty),
        ]
        made = kept(
            uuid=self._uid("result"),
            title=line(pick(self.subject.name, self.lang) or self.subject.slug),
            description=prose(t(f"words.conclusion.{self.report['conclusion']}", self.lang)),
            start=moment(self.report["date"]),
            props=[*props(**levels(self.subject)), *self._sealed()],
            local_definitions={"components": [self._component()]},
            reviewed_controls={"control-selections": self._selections([owed for _, owed in entries])},
            observations=observations,
            risks=[*(self._risk(each) for each in bans if each["answer"] == "found"), *self._open(entries)],
            findings=findings,
        )
        return made, [proof_resource(proof, self.lang) for _, owed in duties for proof in owed.proofs]

    def _uid(self, *names: str) -> str:
        return uid(*names, self.component, self.report["date"])

    def _words(self, key: str, **values: Any) -> str:
        return t(f"export.{key}", self.lang, **values)

    def _sealed(self) -> list[dict[str, str]]:
        """Where the assessment itself lies in the ledger."""
        proof = self.subject.proof
        return props(artifact=proof.artifact, ledger_position=proof.position, sha256=proof.sha256) if proof else []

    def _component(self) -> Piece:
        stage = self.report["facts"].get("stage", {}).get("value")
        name = pick(self.subject.name, self.lang) or self.subject.slug
        return {
            "uuid": self.component,
            "type": "software",
            "title": line(name),
            "description": prose(pick(self.subject.purpose, self.lang) or name),
            "status": {"state": OPERATIONAL.get(str(stage), "other")},
        }

    def _selections(self, entries: list[Owed]) -> list[Piece]:
        """Every control that was looked at, by whether it applies. What nobody looked at is in none."""
        found: dict[str, list[str]] = {"yes": [], "unknown": [], "no": []}
        for each in entries:
            found[each.applies].append(each.path)
        out = ruled_out(self.book, self.report) - {each.path for each in entries}
        found["no"] += [each.path for each in self.book.provisions.values() if each.path in out and each.kind in ASSESSED]
        for each in (*self.report["gate"]["bans"], *self.report["screen"]):
            found[{"found": "yes", "clear": "no"}.get(each["answer"], "unknown")].append(each["provision"])
        return [
            {
                "description": prose(self._words("applies" if answer == "yes" else answer)),
                "props": props(applies=answer),
                "include-controls": [{"control-id": control_id(each)} for each in paths],
            }
            for answer, paths in found.items()
            if paths
        ]

    def _facts(self) -> Iterator[Piece]:
        """The confirmed answers that decided something, each with its source."""
        parts = [*self.report["provisions"], *self.report["gate"]["bans"], *self.report["screen"], *self.report["axes"].values()]
        for name in dict.fromkeys(name for each in parts for name in each["because"]):
            value = self.report["facts"][name]["value"]
            fact, source = self.book.law.facts.get(name), self.subject.sources.get(name)
            told = answer_in_words(fact, value, self.lang) if fact else str(value)
            yield self._observed(
                self._fact(name),
                pick(self.report["facts"][name]["question"], self.lang),
                self._words("answer", answer=told),
                "deciding-fact",
                props(fact=name, value=canonical_json(value).decode()),
                relevant_evidence=[{"description": prose(self._words("source", source=source))}] if source else [],
            )

    def _fact(self, name: str) -> str:
        return self._uid("fact", name)

    def _because(self, part: Mapping[str, Any]) -> list[Piece]:
        return [{"observation-uuid": self._fact(name)} for name in part["because"]]

    def _observed(self, uuid: str, title: str, told: str, kind: str, about: list[dict[str, str]], **more: Any) -> Piece:
        return kept(
            uuid=uuid,
            title=line(title),
            description=prose(told),
            props=about,
            methods=["INTERVIEW" if kind == "deciding-fact" else "EXAMINE"],
            types=[kind],
            subjects=[{"subject-uuid": self.component, "type": "component"}],
            collected=moment(self.report["date"]),
            **more,
        )

    def _observation(self, entry: Mapping[str, Any], owed: Owed) -> Piece:
        """What is no duty, or not known to be one."""
        title, must = pick(entry["title"], self.lang), pick(entry["must"], self.lang)
        about = arranged(owed) + props(control=control_id(owed.path))
        if owed.applies == "unknown":
            asked = self._asked(entry)
            title, remarks = self._words("may_apply", title=title), prose(self._words("ask", questions=asked)) if asked else None
            return self._observed(self._uid("provision", owed.path), title, must, "open-question", about, remarks=remarks)
        kind = "right" if owed.kind == "right" else "recommendation"
        remarks = None if kind == "right" else prose(self._words("said_recommended"))
        return self._observed(self._uid("provision", owed.path), title, must, kind, about, remarks=remarks)

    def _asked(self, part: Mapping[str, Any]) -> str:
        facts = self.book.law.facts
        return " · ".join(pick(facts[name].question, self.lang) if name in facts else name for name in part["ask"])

    def _capability(self, part: Mapping[str, Any], kind: str) -> Piece:
        """A prohibition that was not found, or an item of the wider screen, which is practice whatever it says."""
        answer = {"found": "found", "clear": "clear"}.get(part["answer"], "not_settled")
        asked = self._asked(part)
        about = props(provision=part["provision"], basis=part["basis"], answer=part["answer"], control=control_id(part["provision"]))
        remarks = prose(self._words("ask", questions=asked)) if asked else None
        uuid = self._uid("provision", part["provision"])
        return self._observed(uuid, pick(part["title"], self.lang), self._words(answer), kind, about, remarks=remarks)

    def _finding(self, entry: Mapping[str, Any], owed: Owed) -> Piece:
        met = owed.shown_status == "met"
        status = {"state": "satisfied", "reason": "pass"} if met else {"state": "not-satisfied", "reason": "other"}
        return kept(
            uuid=self._uid("provision", owed.path),
            title=line(pick(entry["title"], self.lang)),
            description=prose(pick(entry["must"], self.lang)),
            props=arranged(owed),
            links=[{"href": f"#{proof_resource(each, self.lang)['uuid']}", "rel": "evidence"} for each in owed.proofs],
            target=self._target(owed.path, status | {"remarks": prose(said(owed, self.lang))}),
            related_observations=self._because(entry),
            remarks=prose(owed.remark) if owed.remark else None,
        )

    def _target(self, path: str, status: Piece) -> Piece:
        return {"type": "statement-id", "target-id": f"{control_id(path)}_smt", "status": status}

    def _ban(self, ban: Mapping[str, Any]) -> Piece:
        """A prohibited capability that was found."""
        return kept(
            uuid=self._uid("provision", ban["provision"]),
            title=line(self._words("prohibited", title=pick(ban["title"], self.lang))),
            description=prose(pick(ban["must"], self.lang)),
            props=props(provision=ban["provision"], basis=ban["basis"], answer=ban["answer"]),
            target=self._target(ban["provision"], {"state": "not-satisfied", "reason": "fail"}),
            related_observations=self._because(ban),
            related_risks=[{"risk-uuid": self._uid("risk", ban["provision"])}],
        )

    def _risk(self, ban: Mapping[str, Any]) -> Piece:
        return kept(
            uuid=self._uid("risk", ban["provision"]),
            title=line(self._words("prohibited", title=pick(ban["title"], self.lang))),
            description=prose(pick(ban["must"], self.lang)),
            statement=prose(self._words("found")),
            props=props(provision=ban["provision"]),
            status="open",
            related_observations=self._because(ban),
        )

    def _open(self, entries: list[tuple[Mapping[str, Any], Owed]]) -> list[Piece]:
        """One risk for all that is not settled."""
        unknown = [owed.path for _, owed in entries if owed.applies == "unknown"]
        unknown += [each["provision"] for each in self.report["gate"]["bans"] if each["answer"] not in ("found", "clear")]
        if not unknown:
            return []
        told = self._words("open_questions_about", count=len(unknown))
        related = [{"observation-uuid": self._uid("provision", each)} for each in unknown]
        title = line(self._words("open_questions"))
        risk = {"uuid": self._uid("risk", "open"), "title": title, "description": prose(told), "statement": prose(told)}
        return [risk | {"status": "investigating", "related-observations": related}]
