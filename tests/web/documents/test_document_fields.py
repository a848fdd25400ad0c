"""The register fills the forms: of the example's credit scorer nine fields of ten, and none that nobody answered."""

from pathlib import Path

import pytest

from tanba.documents.catalogue import make
from tanba.documents.model import statements
from tanba.web import example
from tanba.web.documents.desk import known
from tanba.web.evidence.outbox import drain
from tanba.web.evidence.status import settle
from tanba.web.systems.models import System

SET = ("passport", "classification", "prohibited", "risks", "risk-plan", "dossier", "agreement", "audit-pack", "bundle-index")
EVIDENCE = ("duties", "question", "claims", "artifacts")
"""Rows of evidence and of open questions are no fields of a form."""


@pytest.mark.slow
def test_nine_fields_of_ten_of_the_credit_scorer_s_set_are_filled_and_what_is_unanswered_is_a_gap(db: None) -> None:
    example.load_example(Path(__file__).parent.parent.parent.parent / "examples")
    drain()
    settle()
    material = known(System.objects.get(slug="credit-scorer"))
    said = [(name, field, each) for name in SET for field, each in statements(make(name, material)) if field and field not in EVIDENCE]
    gaps = [(name, field) for name, field, each in said if each.gap]
    assert 1 - len(gaps) / len(said) >= 0.9
    assert ("classification", "critical_ict_object") in gaps
    assert ("passport", "holder") in gaps
