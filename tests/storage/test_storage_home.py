"""Where a workspace keeps content, by its settings."""

from pathlib import Path

import pytest

from backends import BUCKET, s3_service
from tanba.cli import main
from tanba.errors import InputError
from tanba.storage.home import open_objects, open_payloads
from tanba.workspace import current


def test_a_folder_unless_a_bucket_is_named() -> None:
    workspace = current()
    digest = open_objects(workspace).put(b"x")
    assert (workspace.objects / digest[:2] / digest[2:]).read_bytes() == b"x"
    payload = open_payloads(workspace, "subject").put(b"y")
    open_payloads(workspace, "subject").delete(payload)
    assert not open_payloads(workspace, "subject").has(payload)


def test_a_bucket_takes_what_the_command_line_seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    with s3_service() as service:
        monkeypatch.setenv("TANBA_OBJECTS", f"s3://{BUCKET}/house/")
        monkeypatch.setenv("TANBA_OBJECTS_ENDPOINT", service.meta.endpoint_url)
        assert main(["seal", "a.txt"]) == 0
        keys = [row["Key"] for row in service.list_objects_v2(Bucket=BUCKET, Prefix="house/")["Contents"]]
        assert keys == [f"house/objects/{next(open_objects(current()).list())}"]
        payload = open_payloads(current(), "subject").put(b"y")
        open_payloads(current(), "subject").delete(payload)
    assert not any(current().objects.rglob("*"))


@pytest.mark.parametrize("address", ["s3://", "s3://A", "bucket", "https://bucket", "s3://bucket/../x y"])
def test_addresses_that_are_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANBA_OBJECTS", address)
    for open_ in (open_objects, lambda workspace: open_payloads(workspace, "subject")):
        with pytest.raises(InputError, match="not a place for objects"):
            open_(current())
