"""A register of risks as content: read from YAML or JSON, checked place by place, and written again (`tanba.risk-register/1`). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from tanba.errors import InputError
from tanba.people.catalogue import KnownRisk
from tanba.people.catalogue import risks as known_risks
from tanba.people.risks import DPIA, FORESIGHT, SCALE, STATES, USES, Acceptance, Measure, Register, Risk, Score
from tanba.strings import LANGUAGES

SCHEMA = "tanba.risk-register/1"
MOST, LONGEST, MOST_MEASURES = 500, 2000, 30
STAGES = ("planned", "development", "pilot", "production", "suspended", "retired")
CATEGORIES = tuple(dict.fromkeys(risk.category for risk in known_risks().values()))
GROUPS = tuple(sorted({group for risk in known_risks().values() for group in risk.affects}))


def read_register(content: Any) -> Register:
    """A register from parsed YAML or JSON. Raises InputError that names the place."""
    written = _Place(content, "", ("schema", "system", "purpose", "reviewed", "risks"))
    if written.value.get("schema") != SCHEMA:
        raise _unfit("schema", written.value.get("schema"), SCHEMA)
    rows = written.list("risks", MOST)
    if len(rows) > MOST:
        raise InputError("more than {most} risks", "Split the register.", most=MOST)
    risks = tuple(read_risk(row, f"risks[{number}]") for number, row in enumerate(rows, 1))
    names = [risk.id for risk in risks]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError("two risks are called {given!r}", "Give each a name of its own.", given=twice)
    return Register(written.word("system"), risks, written.day("reviewed"), written.text("purpose"))


def read_risk(content: Any, place: str = "risk") -> Risk:
    """One risk. With `source`, texts that are not written are the catalogue's. Raises InputError."""
    written = _Place(content, place, tuple(field.name for field in fields(Risk)))
    source = written.word("source")
    if source and source not in known_risks():
        raise _unknown(f"{place}.source", known_risks())
    base = known_risks().get(source)
    texts = {name: written.text(name) or (getattr(base, name) if base else "") for name in ("title", "cause", "harm")}
    if missing := next((name for name, text in texts.items() if not text), None):
        raise InputError("{place} is missing", "Write it.", place=f"{place}.{missing}")
    return Risk(
        id=written.word("id") or source or "",
        source=source,
        affects=written.words("affects", GROUPS, base),
        category=written.choice("category", CATEGORIES, base),
        stages=written.words("stages", STAGES, base),
        foresight=written.choice("foresight", FORESIGHT, base),
        use=written.choice("use", USES, base),
        inherent=_score(written, "inherent"),
        residual=_score(written, "residual"),
        measures=tuple(
            _measure(row, f"{place}.measures[{number}]") for number, row in enumerate(written.list("measures", MOST_MEASURES), 1)
        ),
        accepted=_acceptance(written),
        dpia=written.choice("dpia", DPIA, None),
        dpia_place=written.word("dpia_place"),
        **texts,
    )


def register_content(register: Register) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "purpose": register.purpose,
        "reviewed": register.reviewed.isoformat() if register.reviewed else None,
        "risks": [risk_content(risk) for risk in register.risks],
        "schema": SCHEMA,
        "system": register.system,
    }


def risk_content(risk: Risk) -> dict[str, Any]:
    """One risk as JSON; reads back as the same risk."""
    plain = ("id", "title", "cause", "harm", "category", "foresight", "use", "source", "dpia", "dpia_place")
    found: dict[str, Any] = {name: getattr(risk, name) for name in plain}
    found |= {"affects": list(risk.affects), "stages": list(risk.stages)}
    for name in ("inherent", "residual"):
        score: Score | None = getattr(risk, name)
        found[name] = {"consequence": score.consequence, "likelihood": score.likelihood, "reason": score.reason} if score else None
    found["measures"] = [
        {"due": each.due.isoformat() if each.due else None, "owner": each.owner, "state": each.state, "what": each.what}
        for each in risk.measures
    ]
    taken = risk.accepted
    found["accepted"] = {"by": taken.by, "of": list(taken.of), "on": taken.on.isoformat(), "reason": taken.reason} if taken else None
    return found


def from_catalogue(known: KnownRisk) -> Risk:
    """A risk of the catalogue as it enters a register: nothing scored, its measure planned."""
    return Risk(
        known.id, known.title, known.cause, known.harm, known.affects, known.category, known.stages, known.foresight, known.use, known.id,
        measures=(Measure(known.measure),),
    )  # fmt: skip


def _score(written: "_Place", name: str) -> Score | None:
    if written.value.get(name) is None:
        return None
    inner = _Place(written.value[name], f"{written.place}.{name}", ("likelihood", "consequence", "reason"))
    return Score(inner.number("likelihood"), inner.number("consequence"), inner.word("reason"))


def _measure(content: Any, place: str) -> Measure:
    inner = _Place(content, place, ("what", "owner", "due", "state"))
    what = inner.text("what")
    if not what:
        raise InputError("{place} is missing", "Write it.", place=f"{place}.what")
    return Measure(what, inner.word("owner"), inner.day("due"), inner.choice("state", STATES, None))


def _acceptance(written: "_Place") -> Acceptance | None:
    if written.value.get("accepted") is None:
        return None
    inner = _Place(written.value["accepted"], f"{written.place}.accepted", ("by", "on", "reason", "of"))
    day, by, reason = inner.day("on"), inner.word("by"), inner.word("reason")
    for name, value in (("by", by), ("on", day), ("reason", reason)):
        if not value:
            raise InputError("{place} is missing", "Write it.", place=f"{inner.place}.{name}")
    of = inner.list("of", 2)
    if len(of) != 2 or any(type(each) is not int or each not in SCALE for each in of):
        raise _unfit(f"{inner.place}.of", of, "[1…5, 1…5]")
    assert day
    return Acceptance(by, day, reason, (of[0], of[1]))


class _Place:
    """A mapping of the content, with where it stands."""

    def __init__(self, value: Any, place: str, known: Sequence[str]) -> None:
        """Raises InputError where it is no mapping, or has a key that nobody knows."""
        self.place = place
        if not isinstance(value, dict):
            raise _unfit(place or "register", value, ", ".join(known))
        if unknown := next((key for key in value if key not in known), None):
            raise _unknown(self._at(str(unknown)), known)
        self.value: Mapping[str, Any] = value

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def word(self, name: str) -> str:
        """A short text, empty where nothing stands."""
        value = self.value.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > LONGEST:
            raise _unfit(self._at(name), value, f'"…" (≤ {LONGEST})')
        return value.strip()

    def text(self, name: str) -> Any:
        """One text, or {kk, ru, en} with at least one of them."""
        value = self.value.get(name)
        if not isinstance(value, dict):
            return self.word(name)
        fits = all(key in LANGUAGES and isinstance(text, str) and len(text) <= LONGEST for key, text in value.items())
        if not fits:
            raise _unfit(self._at(name), value, "{kk, ru, en}")
        return {key: text.strip() for key, text in value.items() if text.strip()}

    def day(self, name: str) -> date | None:
        """A date."""
        value = self.value.get(name)
        if value in (None, ""):
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise _unfit(self._at(name), value, "YYYY-MM-DD") from None

    def number(self, name: str) -> int:
        """A step of the scale."""
        value = self.value.get(name)
        if type(value) is not int or value not in SCALE:
            raise _unfit(self._at(name), value, "1…5")
        return value

    def list(self, name: str, most: int) -> Sequence[Any]:
        """A list."""
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or (len(value) > most and most != MOST):
            raise _unfit(self._at(name), value, f"[…] (≤ {most})")
        return value

    def choice(self, name: str, known: Sequence[str], base: KnownRisk | None) -> str:
        """One of the known words; the catalogue's, or the first, where nothing stands."""
        value = self.value.get(name)
        if value in (None, ""):
            return str(getattr(base, name)) if base else known[0]
        if value not in known:
            raise _unfit(self._at(name), value, " | ".join(known))
        return str(value)

    def words(self, name: str, known: Sequence[str], base: KnownRisk | None) -> tuple[str, ...]:
        """Some of the known words."""
        value = self.value.get(name)
        if value is None:
            return tuple(getattr(base, name)) if base else ()
        if not isinstance(value, list) or any(each not in known for each in value):
            raise _unfit(self._at(name), value, " | ".join(known))
        return tuple(dict.fromkeys(value))


def _unfit(place: str, given: Any, wanted: str) -> InputError:
    return InputError("{place}: {given!r} does not fit", "Write {wanted}.", place=place, given=str(given)[:80], wanted=wanted)


def _unknown(place: str, known: Any) -> InputError:
    return InputError("{place} is not known here", "Known: {known}.", place=place, known=", ".join(known)[:600])
