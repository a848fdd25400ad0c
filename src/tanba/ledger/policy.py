"""Whom a reader trusts, as C2SP tlog-policy writes it: keys of ledgers, witnesses, and how many of these must have signed. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tanba.errors import InputError
from tanba.ledger.note import LOG, WITNESS, Key

MOST = 256
"""Lines that define something; C2SP asks for at least 32 of each kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """Reached when `least` of `members` (witnesses or groups) are."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """`logs` and `witnesses` with the addresses given beside them; `quorum` None means that none is asked for."""

    logs: Mapping[Key, str] = field(default_factory=dict)
    witnesses: Mapping[str, tuple[Key, str]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str | None = None

    @property
    def witness_keys(self) -> list[Key]:
        """Every witness's key."""
        return [key for key, _ in self.witnesses.values()]

    def reached(self, signed: Collection[Key]) -> bool:
        """Whether those who cosigned are enough. Where no quorum is asked for, nobody's word was asked: False."""
        return self.quorum is not None and self._holds(self.quorum, signed)

    def _holds(self, name: str, signed: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name][0] in signed
        group = self.groups[name]
        return sum(self._holds(member, signed) for member in group.members) >= group.least

    def __str__(self) -> str:
        """The policy as text; `parse` of it is equal."""
        lines = [f"log {key.text} {address}".rstrip() for key, address in self.logs.items()]
        lines += [f"witness {name} {key.text} {address}".rstrip() for name, (key, address) in self.witnesses.items()]
        lines += [f"group {name} {group.least} {' '.join(group.members)}" for name, group in self.groups.items()]
        return "\n".join([*lines, f"quorum {self.quorum or 'none'}", ""])


class _Reader:
    """Takes lines one by one."""

    def __init__(self) -> None:
        self.logs: dict[Key, str] = {}
        self.witnesses: dict[str, tuple[Key, str]] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: list[str] = []
        self.members: set[str] = set()

    def take(self, words: list[str]) -> None:
        verb, rest = words[0], words[1:]
        if verb == "log" and len(rest) in (1, 2):
            self.logs[self._key(rest[0], LOG, self.logs)] = "".join(rest[1:])
        elif verb == "witness" and len(rest) in (2, 3):
            known = [key for key, _ in self.witnesses.values()]
            self.witnesses[self._new(rest[0])] = (self._key(rest[1], WITNESS, known), "".join(rest[2:]))
        elif verb == "group" and len(rest) >= 3:
            self.groups[self._new(rest[0])] = self._group(rest[1], rest[2:])
        elif verb == "quorum" and len(rest) == 1 and not self.quorum:
            self.quorum.append(rest[0] if rest[0] == "none" else self._known(rest[0]))
        else:
            raise _wrong(" ".join(words))

    def _group(self, least: str, members: list[str]) -> Group:
        for member in members:
            if self._known(member) in self.members:
                raise _wrong(member)
            self.members.add(member)
        wanted = {"all": len(members), "any": 1}.get(least) or (int(least) if re.fullmatch("[0-9]{1,9}", least) else 0)
        if not 1 <= wanted <= len(members):
            raise _wrong(least)
        return Group(wanted, tuple(members))

    def _key(self, text: str, kind: int, known: Collection[Key]) -> Key:
        key = Key.parse(text)
        if key.kind != kind or any(key.public == each.public for each in known):
            raise _wrong(text)
        return key

    def _new(self, name: str) -> str:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise _wrong(name)
        return name

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise _wrong(name)
        return name


def parse(text: str) -> Policy:
    """A policy from its text. Raises InputError with the line."""
    reader, count = _Reader(), 0
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            count += 1
            try:
                if count > MOST:
                    raise _wrong("…")
                reader.take(words)
            except InputError as error:
                raise error.at("", number) if not error.path else error from None
    if not reader.quorum:
        raise InputError("the policy has no quorum line", "Write `quorum none` where no witness is asked for.")
    quorum = reader.quorum[0]
    return Policy(reader.logs, reader.witnesses, reader.groups, None if quorum == "none" else quorum)


def _wrong(what: str) -> InputError:
    return InputError(
        "{what!r} does not fit here in a policy",
        "Lines are: log KEY [ADDRESS], witness NAME KEY [ADDRESS], group NAME all|any|NUMBER NAME…, quorum NAME|none.",
        what=what[:120],
    )
