"""Normal forms are those of Unicode, and take no longer than the text."""

import time
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.marking.text.normal import normal

FORMS = ("NFC", "NFKC")
accents = st.text(st.sampled_from("\u0301\u0316\u0327\u0344\u0f73\u0345\u3099\u1d165.-\u200dаe가"), min_size=20, max_size=120)


@pytest.mark.parametrize("form", FORMS)
@given(text=st.one_of(st.text(), accents, st.tuples(st.text(max_size=5), accents).map("".join)))
def test_it_is_the_form_that_unicode_gives(form: Literal["NFC", "NFKC"], text: str) -> None:
    assert normal(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
def test_half_a_million_accents_on_one_letter(form: Literal["NFC", "NFKC"]) -> None:
    begin = time.process_time()
    assert len(normal(form, "a" + "\u0301\u0316" * 250_000)) == 500_000
    assert time.process_time() - begin < 5
