"""What an officer changed in the list of working days: `calendar.yaml` of the workspace.

```yaml
off: {"2027-01-04": "resolution No. 1 of 2026-12-01"}   # a day off, and on what basis
working: {"2027-01-09": "the same"}                     # a weekend day or a doubtful one on which people work
```
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tanba.calendars import Calendar, Name, kazakhstan
from tanba.errors import InputError
from tanba.policyfile import read_policy, unknown_setting, write_policy

HEAD = "# Days off and working days that differ from the list. See docs/people.md.\n"
LONGEST_BASIS = 200


@dataclass(frozen=True, slots=True)
class Changes:
    """{day: on what basis}."""

    off: Mapping[date, str] = field(default_factory=dict)
    working: Mapping[date, str] = field(default_factory=dict)

    def on(self, calendar: Calendar) -> Calendar:
        """The calendar with them."""
        return calendar.with_changes({day: _name(basis) for day, basis in self.off.items()}, self.working)


def load_changes(path: Path) -> Changes:
    """None where there is no file. Raises InputError."""
    return read_policy(path, parse_changes) if path.exists() else Changes()


def parse_changes(written: Mapping[str, Any]) -> Changes:
    """Raises InputError on a name, a day or a basis that does not fit, and on a day that is both."""
    for name, days in written.items():
        if name not in Changes.__slots__:
            raise unknown_setting(name, Changes.__slots__)
        if not isinstance(days, dict) or not all(isinstance(basis, str) and 0 < len(basis) <= LONGEST_BASIS for basis in days.values()):
            raise InputError(
                "{name}: {given!r} does not fit",
                'Write a day and on what basis, such as "2027-01-04": "a resolution".',
                name=name,
                given=days,
            )
    changes = Changes(**{name: {_day(day): basis for day, basis in days.items()} for name, days in written.items()})
    for day in changes.off.keys() & changes.working.keys():
        raise InputError("{day} is both a day off and a working day", "Keep one of the two.", day=day)
    return changes


def save_changes(path: Path, changes: Changes) -> str:
    """Put them in place of those before, in one step. Returns what was written. Raises InputError."""
    lines = [f"{name}: {json.dumps(_plain(getattr(changes, name)), ensure_ascii=False)}\n" for name in Changes.__slots__]
    return write_policy(path, HEAD + "".join(lines), parse_changes)


def calendar_of(path: Path) -> Calendar:
    """The working days of Kazakhstan with a workspace's changes. Raises InputError."""
    return load_changes(path).on(kazakhstan())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("{given!r} is not a day", "Write YYYY-MM-DD.", given=text) from None


def _name(basis: str) -> Name:
    return dict.fromkeys(("kk", "ru", "en"), basis)


def _plain(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): days[day] for day in sorted(days)}
