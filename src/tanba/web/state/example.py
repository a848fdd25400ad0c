"""The example company's dealings with the state, from the same files that the command line reads."""

from pathlib import Path

from tanba.state.form import read, write
from tanba.state.training import SCHEMA, Training
from tanba.web.accounts.models import Organisation
from tanba.web.state import courses, desk
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml

OF = {schema: (name, form) for name, (form, schema, _) in desk.FORMS.items()}


def load_state(organisation: Organisation, folder: Path) -> None:
    """Enter every form whose system is there, and the training of the company."""
    systems = {system.slug: system for system in System.objects.filter(organisation=organisation).select_related("owner", "organisation")}
    for path in sorted(folder.glob("*.yaml")):
        content = read_yaml(path)
        schema = content.pop("schema")
        if schema == SCHEMA:
            _training(organisation, read(Training, "", content))
        elif system := systems.get(content["system"]):
            name, form = OF[schema]
            row = desk.save(system, name, write(read(form, "", content)), 0, system.owner)
            assert row
            desk.forward(row)


def _training(organisation: Organisation, plan: Training) -> None:
    content = write(plan)
    courses.save(organisation, {name: content[name] for name in ("courses", "roles", "planned", "programmes")}, 0, None)
    courses.add(organisation, plan.records, None)
