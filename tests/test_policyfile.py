"""A file of settings is read strictly, and what does not read is never put in place of what stood there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tanba.errors import InputError
from tanba.policyfile import read_policy, unknown_setting, write_policy


def parse(written: Mapping[str, Any]) -> dict[str, Any]:
    for name in written:
        if name != "days":
            raise unknown_setting(name, ["days"])
    return dict(written)


def test_what_is_written_is_read_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "policy.yaml"
    assert write_policy(path, "days: 3\n", parse) == "days: 3\n"
    assert read_policy(path, parse) == {"days": 3}


def test_what_does_not_fit_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    write_policy(path, "days: 3\n", parse)
    with pytest.raises(InputError, match="unknown setting 'day'") as caught:
        write_policy(path, "day: 4\n", parse)
    assert caught.value.hint == "Did you mean 'days'?"
    assert path.read_text() == "days: 3\n"


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("xyz: 1\n")
    with pytest.raises(InputError, match=r"policy\.yaml: unknown setting 'xyz'") as caught:
        read_policy(path, parse)
    assert caught.value.hint == "Known: days."


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_policy(tmp_path / "policy.yaml", "days: 3\n", parse)
