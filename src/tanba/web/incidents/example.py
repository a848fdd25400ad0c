"""The example company's incidents: one of this afternoon, one of last week, and a ladder that names nobody real."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from tanba.people.incidents import Incident, Sent, parse
from tanba.web.accounts.models import Organisation
from tanba.web.incidents import acts
from tanba.web.incidents.fromoutside import enter
from tanba.web.incidents.models import Incident as Row
from tanba.web.incidents.models import Step
from tanba.yamlfile import read_yaml

AGO = {"open-applications": timedelta(hours=5), "wrong-refusals": timedelta(days=9)}
FAR = timedelta(days=36_500)
HOUSE = "qarlygash-group.example"
LADDER = (
    ("after", 15, f"duty@{HOUSE}"),
    ("share", 50, f"d.akhmetov@{HOUSE}"),
    ("late", 0, f"board@{HOUSE}"),
)


def load_incidents(organisation: Organisation, people: Mapping[str, Any], folder: Path) -> None:
    """Enter the files, moved to now. Where the company has no officer of that name nothing is loaded."""
    officer = people.get("Daniyar Akhmetov")
    if officer is None or not folder.is_dir():
        return
    for when, value, to in LADDER:
        Step.objects.create(organisation=organisation, when=when, value=value, channel="email", to=to)
    for name, ago in AGO.items():
        now = timezone.localtime()
        incident = parse(read_yaml(folder / f"{name}.yaml"), now + FAR)  # whatever the day of the machine
        number, _ = enter(organisation.bin, _moved(incident, now - ago - incident.aware), officer.email, now)
        row = Row.objects.get(organisation=organisation, number=number)
        if incident.lessons:
            acts.close(row, "", officer)


def _moved(incident: Incident, by: timedelta) -> Incident:
    sent = {clock: Sent(proof.at + by, proof.number) for clock, proof in incident.sent.items()}
    return replace(incident, aware=incident.aware + by, sent=sent)
