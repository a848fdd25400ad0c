"""What is said of a database before there is one: addresses, names, passwords that are never shown. No server is needed."""

import sys
import traceback

import psycopg
import pytest

from tanba.errors import InputError, MissingExtraError, StoreError
from tanba.ledger.store.postgres import PostgresStore


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clerk:Qupiya/9@127.0.0.1/ledger",
        "postgresql://clerk:9/Qupiya@127.0.0.1/ledger",
        "postgresql://clerk:a@Qupiya@127.0.0.1/ledger",
        "postgresql://clerk:Qupiya%@127.0.0.1/ledger",
        "postgresql://clerk:Qupiya@127.0.0.1:port/ledger",
        "postgresql://clerk@127.0.0.1/ledger?password=Qupiya&nothing=1",
        "host=127.0.0.1 password=a Qupiya",
        "Qupiya",
        "mysql://clerk:Qupiya@127.0.0.1/ledger",
    ],
)
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(InputError, match="is not the address of a database") as caught:
        PostgresStore(url)
    assert "Qupiya" not in "".join(traceback.format_exception(caught.value)).replace(repr(url), "") + caught.value.hint


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ours nor, should the driver ever repeat it, the driver's."""
    store = PostgresStore("postgresql://clerk:Qup%40iya@127.0.0.1:1/ledger")
    with pytest.raises(StoreError, match=r"host=127\.0\.0\.1 port=1 dbname=ledger could not be") as caught:
        store.head()
    assert "Qup" not in str(caught.value) + caught.value.hint + repr(store)

    def connect(**words: object) -> None:
        raise psycopg.OperationalError(f"FATAL: no entry\nfor {words['password']}")

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(StoreError, match=r"FATAL: no entry for …$"):
        store.head()


@pytest.mark.parametrize("schema", ["", "1a", "a.b", "Ledger", 'a"b', "a;b", "қ", "a" * 64, "a\n"])
def test_a_schema_has_a_plain_name(schema: str) -> None:
    with pytest.raises(InputError, match="is not a name for a ledger's tables"):
        PostgresStore("dbname=x", schema)


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError) as caught:
        PostgresStore("dbname=x")
    assert "pip install 'tanba[postgres]'" in caught.value.hint
