"""Marking as a library, and the workspace's standard."""

from pathlib import Path

import pytest

from marking.conftest import packed, scene
from tanba.errors import InputError
from tanba.marking.desk import open_desk
from tanba.workspace import Workspace


def test_marked_and_verified(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with open_desk(workspace) as desk:
        marked, row = desk.mark(packed(scene()), "a.jpg", system="studio")
        assert desk.verify(marked.content, "a.jpg").marks == [row]
        alone = desk.read(marked.content, "a.jpg")
        assert (list(alone.numbers), list(alone.marks), alone.machine) == ([row.id], [], "found")
    with open_desk(workspace, make_keys=False) as desk:
        assert desk.verify(marked.content, "a.jpg").machine == "found"


def test_checking_makes_nothing(tmp_path: Path) -> None:
    with open_desk(Workspace(tmp_path / "w"), make_keys=False) as desk:
        assert desk.verify(packed(scene()), "a.jpg").marks == []
        with pytest.raises(InputError, match="no marking keys"):
            desk.mark(packed(scene()), "a.jpg")
    assert not (tmp_path / "w").exists()


def test_the_standard_of_the_workspace_holds(tmp_path: Path) -> None:
    (tmp_path / "labelling.yaml").write_text("languages: [en]\n")
    with open_desk(Workspace(tmp_path), make_keys=False) as desk:
        assert desk.standard.languages == ("en",)
    (tmp_path / "labelling.yaml").write_text("languages: [de]\n")
    with pytest.raises(InputError, match=r"labelling\.yaml: languages"), open_desk(Workspace(tmp_path)):
        pass
