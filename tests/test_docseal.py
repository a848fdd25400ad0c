"""What is sealed of a document before it is drawn, and what the document prints of it."""

import json
from dataclasses import replace

from papers import document
from tanba.docseal import record, statement
from tanba.ledger.entry import complete, prepare

ENTRY = complete(
    prepare(
        artifact_schema="tanba.document/1",
        author=None,
        commitment="ab" * 32,
        id="019ad111-7d10-7c45-8f6a-2b7c1d4e5f60",
        kind="document-record",
        organisation=None,
        system=None,
    ),
    "2026-11-30T00:12:33.123456Z",
)


def test_a_statement_is_the_same_for_the_same_document_and_names_nobody() -> None:
    made = statement(document("Айгерім"), "kk+ru", "pdf")
    assert made == statement(document("Айгерім"), "kk+ru", "pdf")
    said = json.loads(made.content)
    assert (said["languages"], said["digest"], said["gaps"], said["form"]) == (["kk", "ru"], "ab" * 32, 1, "pdf")
    assert "Айгерім" not in made.content.decode()
    assert statement(replace(document(), digest="cd" * 32), "kk", "pdf") != statement(document(), "kk", "pdf")


def test_a_record_says_what_the_entry_says() -> None:
    found = record("ledger.example.kz", 7, ENTRY, "https://x.example/")
    assert (found.position, found.id, found.time) == (7, "019ad111-7d10-7c45-8f6a-2b7c1d4e5f60", "2026-11-30T00:12:33.123456Z")
