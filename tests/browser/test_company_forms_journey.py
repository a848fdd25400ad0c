"""A company's own form and an edited document in Chromium: upload, fill, edit, differences, apply; no faults of access, on a phone too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Server
from browser.test_risks_pages import looked_at
from company_form import PATH
from word_edits import edited

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "d.akhmetov@qarlygash-group.example"


def test_a_form_is_uploaded_and_filled_and_an_edited_document_comes_back(
    server: Server, signed_in: Callable[..., Any], tmp_path: Path
) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(f"{server.organisation}templates/")
    page.locator("[name=name]").fill("Passport of the company")
    page.locator("[name=file]").set_input_files(PATH)
    page.locator("form[enctype] button").click()
    page.locator(".messages .success").wait_for()
    looked_at(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.organisation}systems/credit-scorer/documents/")
    page.locator("form[action$='/fill/'] button").click()
    page.locator(".messages .success").wait_for()
    page.locator("[name=languages]").first.select_option("en")
    page.locator("#make ~ form button").click()
    page.locator(".messages .success").wait_for()
    with page.expect_download() as download:
        page.locator("section[aria-labelledby=made] a[download]", has_text="credit-scorer-passport.en.docx").first.click()
    file = tmp_path / "edited.docx"
    content = Path(download.value.path()).read_bytes()
    file.write_bytes(edited(content, {"passport/purpose@en": "Scores loans and instalments.", "passport/risk@en": "minimal"}))
    page.locator("[name=edited]").set_input_files(file)
    page.locator("form[action$='/edited/'] button").click()
    page.locator("[name=take]").wait_for()
    assert page.locator("[name=take]").count() == 1
    looked_at(page)
    page.locator("form[action$='/apply/'] button").click()
    page.locator(".messages .success").wait_for()
    page.goto(f"{server.organisation}systems/credit-scorer/edit/")
    assert "Scores loans and instalments." in page.content()
    page.goto(f"{server.organisation}systems/credit-scorer/documents/")
    looked_at(page)
