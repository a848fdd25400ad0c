"""Keys of whoever marks: made once, renewed, read again; a certificate that C2PA takes."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from marking.conftest import NOW
from tanba.errors import InputError
from tanba.marking import home
from tanba.marking.keys import Authority, Issuer, algorithm_of, new_authority, new_leaf
from tanba.workspace import Workspace


def pem(key: object) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined, no-any-return]


def test_the_leaf_is_signed_by_the_root_and_ends_before_it() -> None:
    authority = new_authority("Қарлығаш", NOW)
    leaf, root = x509.load_pem_x509_certificates(new_leaf(authority, "Қарлығаш", NOW).chain)
    leaf.verify_directly_issued_by(root)
    assert leaf.not_valid_after_utc < root.not_valid_after_utc
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_root_of_another_kind_is_refused() -> None:
    other = Authority(new_authority("", NOW).certificate, pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(InputError, match="not the key of the marking root"):
        new_leaf(other, "", NOW)


def test_kinds_of_keys() -> None:
    keys = {"ed25519": ed25519.Ed25519PrivateKey.generate(), "es256": ec.generate_private_key(ec.SECP256R1())}
    keys |= {"es384": ec.generate_private_key(ec.SECP384R1()), "ps256": rsa.generate_private_key(65537, 2048)}
    assert {name: algorithm_of(pem(key)) for name, key in keys.items()} == {name: name for name in keys}
    for wrong in (b"", b"\xff", pem(dsa.generate_private_key(2048)), pem(ec.generate_private_key(ec.SECP256K1()))):
        with pytest.raises(InputError):
            algorithm_of(wrong)


def test_made_on_first_use_and_the_same_afterwards(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = home.open_issuer(workspace)
    assert home.open_issuer(workspace) == first
    assert {path.stat().st_mode & 0o077 for path in home.folder(workspace).iterdir() if path.name != ".lock"} == {0}
    assert b"PRIVATE" not in repr(first).encode() + first.roots + first.credential.chain
    assert first.secrets[0].hex() not in repr(first)


def test_a_new_key_marks_and_the_old_one_goes_on_reading(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    old, new = home.renew(workspace, "One"), home.renew(workspace, "Two")
    assert new.secrets == (new.secrets[0], *old.secrets)
    assert (new.roots, new.organisation) == (old.roots, "Two")
    assert new.credential != old.credential
    assert len({*new.derive("watermark"), *new.derive("text")}) == 4


def test_several_at_once_make_one_root(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    made: list[Issuer] = []
    threads = [threading.Thread(target=lambda: made.append(home.renew(workspace, ""))) for _ in range(4)]
    [thread.start() for thread in threads]  # type: ignore[func-returns-value]
    [thread.join() for thread in threads]  # type: ignore[func-returns-value]
    assert len({issuer.roots for issuer in made}) == 1
    assert len(home.load_issuer(workspace).secrets) == 4


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"secret": "zz"}', '{"secret": 1}', "\x00"])
def test_damaged_keys_are_named(tmp_path: Path, text: str) -> None:
    workspace = Workspace(tmp_path)
    home.renew(workspace, "")
    path = home.folder(workspace) / "0001.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"0001\.json: is damaged"):
        home.open_issuer(workspace)


def test_a_certificate_of_a_public_authority_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    leaf = new_leaf(new_authority("Public", datetime.now(UTC)), "Qarlygash", datetime.now(UTC))
    for name, content in (("marking_certificate", leaf.chain), ("marking_key", leaf.key)):
        (tmp_path / name).write_bytes(content)
        monkeypatch.setenv(f"TANBA_{name.upper()}", str(tmp_path / name))
    assert home.open_issuer(workspace).credential == leaf
    (tmp_path / "marking_key").write_text("no key")
    with pytest.raises(InputError, match="marking_key: is not a private key"):
        home.open_issuer(workspace)
    (tmp_path / "marking_key").unlink()
    with pytest.raises(InputError, match="marking_key: cannot be read"):
        home.open_issuer(workspace)
