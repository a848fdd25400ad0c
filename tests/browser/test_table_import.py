"""A table is imported and undone in Chromium, with a real server doing the work."""

from collections.abc import Callable
from typing import Any

import pytest

from browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "d.akhmetov@qarlygash-group.example"
CSV = "slug;Название (на русском);Поставщик;stage\ncredit-scorer;;ТОО «Ақ»;\n;Ассистент;;в опытной эксплуатации\n;Ошибка;=1+1;\n"


def looked_at(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_table_is_imported_and_undone(server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(server.organisation)
    with page.expect_download() as download:
        page.locator("a[href$='export/?format=xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.goto(f"{server.organisation}imports/")
    looked_at(page)
    page.set_input_files("[type=file]", {"name": "inventory.csv", "mimeType": "text/csv", "buffer": CSV.encode("utf-8-sig")})
    page.locator("main form button").click()
    page.locator("form[action$='apply/'] button").wait_for(timeout=20_000)
    assert [number.inner_text() for number in page.locator(".stat b").all()] == ["1", "1", "0", "1"]
    looked_at(page)
    page.locator("form[action$='apply/'] button").click()
    page.locator("form[action$='undo/'] button").wait_for(timeout=40_000)
    page.goto(f"{server.organisation}systems/assistent/")
    assert page.locator("h1").inner_text() == "Ассистент"
    page.go_back()
    looked_at(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("form[action$='undo/'] button").click()
    page.locator(".note.info").wait_for(timeout=40_000)
    assert page.goto(f"{server.organisation}systems/assistent/").status == 404
