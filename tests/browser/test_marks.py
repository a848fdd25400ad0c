"""Marking as people do it: the owner drops pictures and takes the marked files, an outsider verifies one on a phone."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import environment
from marking.conftest import packed, scene
from tanba.strings import t

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADMINISTRATOR, OFFICER, OWNER, AUDITOR = (
    f"{name}@qarlygash-group.example" for name in ("a.sarsenova", "d.akhmetov", "s.nurlanova", "b.alimov")
)
DROP = """([zone, files]) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
  const event = (kind) => new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  for (const kind of ["dragenter", "dragover", "drop"]) zone.dispatchEvent(event(kind));
}"""
Enter = Callable[..., Any]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def speak(page: Any, lang: str) -> None:
    page.locator(f"form.languages button[value={lang}]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == lang


def drop(page: Any, *files: tuple[str, bytes]) -> None:
    """Files dropped on the zone, as from the desktop."""
    page.evaluate(DROP, [page.locator("[data-drop]").element_handle(), [[name, list(content)] for name, content in files]])


def marked(page: Any, count: int) -> None:
    page.locator("form[data-mark] button").click()
    page.wait_for_selector(f"#results li.done >> nth={count - 1}", timeout=30_000)
    page.wait_for_selector("form[data-mark] button:not([disabled])")


def verified(server: Any, path: Path) -> str:
    """What the library says of a file, in the server's workspace."""
    code = (
        "import sys\n"
        "from tanba.marking import home\n"
        "from tanba.marking.register import Register\n"
        "from tanba.marking.standard import Standard\n"
        "from tanba.marking.verify import verify\n"
        "from tanba.workspace import current\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "found = verify(data, 'x', Standard(), home.load_issuer(current()), Register(current().marks))\n"
        "print(found.machine, found.warning, *(row.name for row in found.marks))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment(server.home), capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def outsider(browser: Any, server: Any) -> Iterator[Any]:
    """Somebody without an account, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def handed(signed_in: Enter, server: Any, tmp_path: Path) -> Path:
    """A marked file, as the owner downloads it."""
    owner = signed_in(OWNER)
    owner.goto(f"{server.organisation}marks/")
    drop(owner, ("Теңіз <b>.jpg", packed(scene(900, 600))))
    marked(owner, 1)
    with owner.expect_download() as download:
        owner.locator("#results [data-file]").click()
    path = tmp_path / "marked.jpg"
    download.value.save_as(path)
    return path


def test_the_owner_drops_pictures_and_takes_them_marked(signed_in: Enter, server: Any, tmp_path: Path) -> None:
    owner = signed_in(OWNER)
    speak(owner, "en")
    owner.goto(f"{server.organisation}marks/")
    drop(
        owner, ("Сурет <b>1</b>.png", packed(scene(640, 480, 4), "PNG")), ("page.jpg", b"<html>"), ("hills.jpg", packed(scene(800, 500, 6)))
    )
    assert owner.locator(".chosen li").all_inner_texts() == ["Сурет <b>1</b>.png", "page.jpg", "hills.jpg"]
    marked(owner, 3)
    assert owner.locator("[data-status]").inner_text() == t("marking_pages.finished", "en", done=2, refused=1)
    assert t("marking_pages.not_marked", "en") in owner.locator("#results li.done").nth(1).inner_text()
    assert owner.locator("#results canvas:visible").count() == 2
    owner.locator("#list tbody tr").nth(1).wait_for()
    for number, name in enumerate(("Сурет _b_1__b_.marked.png", "hills.marked.jpg")):
        with owner.expect_download() as download:
            owner.locator("#results [data-file]").nth(number).click()
        assert Path(download.value.suggested_filename).suffix == Path(name).suffix
        download.value.save_as(tmp_path / str(number))
        assert verified(server, tmp_path / str(number)).startswith("found found ")
    owner.screenshot(path=tmp_path / "marked.png", full_page=True)
    owner.locator("#list th a").first.click()
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{4}", owner.locator("h1").inner_text())


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_an_outsider_verifies_it_on_a_phone(handed: Path, outsider: Any, server: Any, lang: str, tmp_path: Path) -> None:
    outsider.goto(f"{server.base}/sign-in/")
    speak(outsider, lang)
    outsider.locator("a[href='/verify/']").click()
    outsider.wait_for_url(f"{server.base}/verify/")
    drop(outsider, ("x.jpg", handed.read_bytes()))
    outsider.locator("form[data-busy] button").click()
    outsider.wait_for_selector(".verdict")
    text = outsider.locator("main").inner_text()
    for key in ("verdict_found", "how_proved", "conformity_unknown"):
        assert t(f"marking_pages.{key}", lang) in text
    assert {"kk": "«Қарлығаш", "ru": "Карлыгаш", "en": "Qarlygash"}[lang] in text
    assert "Теңіз" not in text
    assert outsider.evaluate("document.documentElement.scrollWidth") <= 390
    outsider.screenshot(path=tmp_path / f"verified-{lang}.png", full_page=True)


def test_without_scripts(signed_in: Enter, browser: Any, server: Any, tmp_path: Path) -> None:
    owner = signed_in(OWNER, java_script_enabled=False)
    owner.goto(f"{server.organisation}marks/")
    owner.locator("#files").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": packed(scene(400, 300))})
    with owner.expect_download() as download:
        owner.locator("form[data-mark] button").click()
    download.value.save_as(tmp_path / "a.jpg")
    assert verified(server, tmp_path / "a.jpg").startswith("found found ")
    owner.goto(f"{server.base}/verify/")
    owner.locator("#file").set_input_files(tmp_path / "a.jpg")
    owner.locator("form[enctype] button").click()
    assert owner.locator(".verdict.found").count() == 1


def test_a_session_that_ended_is_said(signed_in: Enter, server: Any) -> None:
    """The script gets a page instead of parts, and sends the form the usual way."""
    owner = signed_in(OWNER)
    owner.goto(f"{server.organisation}marks/")
    drop(owner, ("a.jpg", packed(scene(300, 200))))
    owner.context.clear_cookies()
    owner.locator("form[data-mark] button").click()
    owner.wait_for_load_state()
    owner.wait_for_selector("h1:has-text('Бет ескіріп')")


def test_the_standard_is_seen_before_it_is_saved(signed_in: Enter, server: Any) -> None:
    officer, auditor = signed_in(OFFICER), signed_in(AUDITOR)
    for page in (officer, auditor):
        speak(page, "ru")
        page.goto(f"{server.organisation}marks/standard/")
    before = officer.locator("#preview img").first.get_attribute("src")
    officer.locator("#id_place").select_option("top-left")
    officer.wait_for_selector(f'#preview img:not([src="{before}"])')
    with officer.expect_response(lambda answer: "standard" in answer.url):
        officer.locator("#id_size").fill("3")
    officer.wait_for_selector("#preview .note.error")
    officer.locator("#id_size").fill("6")
    officer.locator("[data-save]").click()
    officer.wait_for_selector(".messages .success")
    auditor.reload()
    assert "place: top-left" in auditor.locator("pre").inner_text()
    assert "size: 0.06" in auditor.locator("pre").inner_text()
    assert auditor.locator("main form").count() == 0


LETTER = "\nҚұрметті оқырман!\n\nБұл хатты ЖИ <b>жазды</b> & тексерді.\n"


def pasted(page: Any, marks: str) -> str:
    """A text put through the page; what the page shows then."""
    page.goto(f"{marks}text/")
    page.locator("#id_text").fill(LETTER)
    page.locator("main form:not(.languages) button").click()
    page.wait_for_selector("#marked")
    return str(page.locator("#marked").input_value())


@pytest.mark.parametrize("scripts", [True, False])
def test_a_text_is_pasted_copied_downloaded_and_found_again(
    scripts: bool, signed_in: Enter, outsider: Any, server: Any, tmp_path: Path
) -> None:
    owner = signed_in(OWNER, java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"])
    text = pasted(owner, f"{server.organisation}marks/")
    with owner.expect_download() as download:
        owner.locator("a[download]").click()
    download.value.save_as(tmp_path / "text.txt")
    assert (tmp_path / "text.txt").read_text(encoding="utf-8") == text
    assert owner.locator("[data-copy-from]:visible").count() == int(scripts)
    if scripts:
        owner.locator("[data-copy-from]").click()
        owner.wait_for_selector("[data-status]:not(:empty)")
        assert owner.evaluate("navigator.clipboard.readText()") == text
    outsider.goto(f"{server.base}/verify/")
    outsider.locator("details.paste summary").click()
    outsider.locator("#text").fill(text)
    outsider.locator("form[data-busy] button").click()
    outsider.wait_for_selector(".verdict")
    assert t("marking_pages.verdict_found", "kk") in outsider.locator(".verdict").inner_text()
    assert outsider.locator(".verdict .badge.clear").count() == 1


def test_a_delivery_is_judged_without_scripts(signed_in: Enter, server: Any, handed: Path) -> None:
    auditor = signed_in(AUDITOR, java_script_enabled=False)
    auditor.goto(f"{server.organisation}marks/gate/")
    bare = {"name": "bare.jpg", "mimeType": "image/jpeg", "buffer": packed(scene(300, 200))}
    auditor.locator("#files").set_input_files([{"name": "ours.jpg", "mimeType": "image/jpeg", "buffer": handed.read_bytes()}, bare])
    auditor.locator("form[enctype] button").click()
    assert [each.locator(".badge").first.get_attribute("class") for each in auditor.locator(".judged").all()] == [
        "badge clear",
        "badge late",
    ]
    auditor.goto(f"{server.organisation}marks/synthetic/")
    for name, answer in (("by_ai", "yes"), ("voice", "yes"), ("distributed", "yes")):
        auditor.locator(f"input[name={name}][value={answer}]").check()
    auditor.locator(".facts-form button").click()
    assert auditor.locator(".verdict.norm-212").count() == 1


def test_guidelines_are_printed_without_what_is_for_the_screen(signed_in: Enter, server: Any) -> None:
    owner = signed_in(OWNER)
    owner.goto(f"{server.organisation}marks/guidelines/vendors/")
    owner.emulate_media(media="print")
    for hidden in ("header.top", ".tabs", ".audiences"):
        assert not owner.locator(hidden).first.is_visible(), hidden
    assert owner.locator("table.channels tbody tr:visible").count() == 8


@pytest.fixture
def places(handed: Path, server: Any) -> list[str]:
    names = ("", "text/", "synthetic/", "synthetic/?by_ai=yes&voice=yes&distributed=yes", "synthetic/?by_ai=yes", "gate/", "standard/")
    guides = [f"guidelines/{audience}/" for audience in ("product", "marketing", "vendors")]
    return [*(f"{server.organisation}marks/{name}" for name in (*names, *guides)), f"{server.base}/verify/"]


def test_pages_have_no_accessibility_fault(signed_in: Enter, places: list[str], handed: Path) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell."""
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(ADMINISTRATOR, bypass_csp=True)

    def faultless(what: str) -> None:
        found = Axe().run(page, options={"runOnly": WCAG})
        assert found.violations_count == 0, (what, found.generate_report())

    for address in places:
        page.goto(address)
        faultless(address)
    drop(page, ("x.jpg", handed.read_bytes()))
    page.locator("form[data-busy] button").click()
    page.wait_for_selector(".verdict")
    faultless("verdict")
    page.goto(f"{places[0]}gate/")
    drop(page, ("x.jpg", handed.read_bytes()), ("plain.jpg", packed(scene(300, 200))), ("film.mkv", b"x"))
    page.locator("form[data-busy] button").click()
    page.wait_for_selector(".judged")
    faultless("judged")
    pasted(page, places[0])
    faultless("pasted")
    page.goto(places[0])
    drop(page, ("x.jpg", packed(scene(300, 300))), ("tiny.png", packed(scene(40, 40), "PNG")), ("y.jpg", b"y"))
    marked(page, 3)
    faultless("results")
    page.locator("#results .num").first.click()
    page.wait_for_selector("dl.facts")
    faultless("mark")


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_nothing_is_wider_than_a_phone(signed_in: Enter, places: list[str], lang: str) -> None:
    page = signed_in(ADMINISTRATOR)
    page.set_viewport_size({"width": 360, "height": 780})
    speak(page, lang)
    page.goto(places[0])
    drop(page, (f"{'a very long name of a file ' * 4}.png", packed(scene(40, 40), "PNG")))
    marked(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{places[0]}gate/")
    drop(page, (f"{'a very long name of a file ' * 4}.png", packed(scene(40, 40), "PNG")), (f"{'x' * 90}.mkv", b"x"))
    page.locator("form[data-busy] button").click()
    page.wait_for_selector(".judged")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    pasted(page, places[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for address in [*places, page.locator("main a.num").first.evaluate("link => link.href")]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
