import stat
from pathlib import Path

import pytest

from tanba import workspace
from tanba.errors import InputError
from tanba.workspace import Config, Workspace


def test_place_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "here"))
    assert workspace.current().root == tmp_path / "here"
    monkeypatch.delenv("TANBA_HOME")
    monkeypatch.chdir(tmp_path)
    assert workspace.current().root == tmp_path / "tanba-workspace"


def test_asking_for_the_place_writes_nothing(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "new")
    place.config({})
    assert not place.root.exists()


def test_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    key = place.secret_key()
    assert len(key) >= 50
    assert Workspace(tmp_path).secret_key() == key
    assert stat.S_IMODE((tmp_path / "keys" / "web-secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["web-secret"]


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    assert place.config({}) == Config()
    place.settings.write_text('port = 9001\nhost = "file"\nhttps = true\n', encoding="utf-8")
    found = place.config({"TANBA_PORT": "9002"}, port=None)
    assert (found.port, found.host, found.https) == (9002, "file", True)
    assert place.config({"TANBA_PORT": "9002"}, port=9003).port == 9003


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("prot = 1", "Did you mean 'port'?"),
        ("zzz = 1", "Known: host"),
        ("port = 'x'", "int"),
        ("https = 'maybe'", "true or false"),
        ("host = 5", "str"),
        ("port = ", "cannot be read"),
    ],
)
def test_wrong_settings_are_refused_with_a_hint(tmp_path: Path, text: str, part: str) -> None:
    place = Workspace(tmp_path)
    place.settings.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        place.config({})
    assert part in f"{caught.value.message} {caught.value.hint}"
    assert "tanba.toml" in caught.value.message


def test_a_workspace_is_nobody_elses(tmp_path: Path) -> None:
    """The register holds sessions and personal data."""
    assert Workspace(tmp_path / "workspace").create().root.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_made_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be created"):
        Workspace(tmp_path / "file" / "workspace").create()
