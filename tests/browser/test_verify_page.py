"""The page that checks a bundle, opened as a file: in three languages, by keyboard, on a phone, without a single request."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from verify.both import b64, run_script, words_of
from verify.cases import cases, scene
from verify.maker import canonical, edit

pytestmark = pytest.mark.browser
PAGE = Path(__file__).parent.parent.parent / "verify" / "verify.html"
HEADS = {
    "kk": ("Бәрі расталды", "Өзгертілген немесе жетіспейтін дерек бар", "Файл қабылданбады", "Бәрі бірдей расталмады"),
    "ru": ("Всё подтверждено", "Есть изменённое или отсутствующее", "Файл отклонён", "Подтверждено не всё"),
    "en": ("Everything is verified", "Something is altered or missing", "The file was refused", "Not everything could be confirmed"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    s, folder = scene(), tmp_path_factory.mktemp("bundle")
    (folder / "good.zip").write_bytes(s.parts.pack())
    (folder / "bad.zip").write_bytes(edit(s.parts, lambda p: p.artifacts.update({"artifacts/0001/assessment.json": b"x"})).pack())
    (folder / "hello.zip").write_bytes(b"PK\x03\x04 hello")
    receipt = json.loads(json.dumps(s.parts.receipts["receipts/0002.json"]))
    receipt["artifact"]["name"] = "<img src=x onerror=alert(1)>\u202e.json"
    (folder / "receipt.json").write_bytes(canonical(receipt))
    (folder / "content").write_bytes(s.entered[5].content)
    (folder / "policy.txt").write_bytes(s.policy)
    (folder / "roots.pem").write_bytes(s.root.pem)
    (folder / "kept").write_text(s.ledger.checkpoint(5), encoding="utf-8")
    (folder / "later").write_text(s.ledger.checkpoint(6), encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """The page in a fresh context; any error in the console and any request but the page itself fails the test."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def enter(lang: str = "en", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, locale=lang, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url) if request.url != PAGE.as_uri() else None)
        page.goto(PAGE.as_uri())
        return page

    yield enter
    for context in contexts:
        context.close()
    assert troubles == []


def check(page: Any, files: Path, file: str, trust: bool = True, known: tuple[str, ...] = (), content: str | None = None) -> str:
    """Choose files, press the button, wait; the text of the result."""
    page.locator("#file").set_input_files(files / file)
    page.locator("#policy").set_input_files(files / "policy.txt" if trust else [])
    page.locator("#tsa").set_input_files(files / "roots.pem" if trust else [])
    page.locator("#known").set_input_files([files / name for name in known])
    page.locator("#content").set_input_files(files / content if content else [])
    page.locator("button.main").click()
    page.wait_for_selector("#result[aria-busy=false] .verdict")
    return str(page.locator("#result").inner_text())


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_verdicts_in_each_language(opened: Callable[..., Any], files: Path, lang: str) -> None:
    page = opened(lang)
    assert page.locator("html").get_attribute("lang") == lang
    verified, altered, refused, weak = HEADS[lang]
    text = check(page, files, "good.zip", known=("kept",))
    assert verified in text
    assert text.count("verified") == (5 if lang == "en" else 4)
    assert altered in check(page, files, "bad.zip")
    assert refused in check(page, files, "hello.zip")
    text = check(page, files, "good.zip", trust=False)
    assert weak in text
    for word in ("unattributed", "unwitnessed", "untimed"):
        assert word in text
    assert "verified" not in text
    assert weak in check(page, files, "good.zip", known=("later",))


def test_language_switches_without_checking_again(opened: Callable[..., Any], files: Path) -> None:
    page = opened("ru")
    assert HEADS["ru"][0] in check(page, files, "good.zip")
    page.locator("button[value=kk]").click()
    assert HEADS["kk"][0] in page.locator("#result").inner_text()
    assert page.locator("button[value=kk]").get_attribute("aria-pressed") == "true"
    assert page.locator("button[value=ru]").get_attribute("aria-pressed") == "false"


def test_receipt_with_a_hostile_name(opened: Callable[..., Any], files: Path) -> None:
    page = opened()
    text = check(page, files, "receipt.json", content="content")
    assert "Everything is verified" in text
    assert "<img src=x onerror=alert(1)>\ufffd.json" in text
    assert page.locator("#result img").count() == 0
    assert "altered" in check(page, files, "receipt.json", content="policy.txt")


def test_by_keyboard_alone(opened: Callable[..., Any], files: Path) -> None:
    page = opened()
    page.locator("#file").set_input_files(files / "good.zip")
    page.locator("#file").focus()
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "main":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#result[aria-busy=false] .verdict")
    assert page.evaluate("document.activeElement.id") == "result"


def test_a_dropped_file_is_checked_at_once(opened: Callable[..., Any], files: Path) -> None:
    page = opened()
    data = list((files / "bad.zip").read_bytes())
    page.evaluate(
        """data => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(data)], "bad.zip"));
            const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.getElementById("drop").dispatchEvent(event);
        }""",
        data,
    )
    page.wait_for_selector("#result[aria-busy=false] .verdict")
    assert "Something is altered or missing" in page.locator("#result").inner_text()


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_nothing_is_wider_than_a_phone(opened: Callable[..., Any], files: Path, lang: str) -> None:
    page = opened(lang)
    page.set_viewport_size({"width": 360, "height": 780})
    page.locator("summary").click()
    for file, trust in (("good.zip", True), ("good.zip", False), ("hello.zip", True)):
        check(page, files, file, trust)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


CHECK_ALL = """async requests => {
    const bytes = text => (text === null ? null : Uint8Array.from(atob(text), char => char.charCodeAt(0)));
    const answers = [];
    for (const { data, given } of requests) {
        const { policy, tsa, content, known, accept } = given;
        const options = { policy: bytes(policy), tsa: bytes(tsa), content: bytes(content), known: known.map(bytes), accept };
        answers.push(await tanbaVerify.check(bytes(data), options));
    }
    return answers;
}"""


@pytest.mark.slow
def test_a_real_browser_says_what_the_script_says(opened: Callable[..., Any]) -> None:
    """The whole table of cases and all hostile files that are not huge: its WebCrypto and its unpacking are not those of Node."""
    from verify.test_verify_hostile import hostile

    table = [(case.data, case.given) for case in cases()]
    table += [(data, scene().given) for data in hostile().values() if len(data) < 100000]
    answers = opened().evaluate(CHECK_ALL, [{"data": b64(data), "given": given.for_page()} for data, given in table])
    for (data, given), answer in zip(table, answers, strict=True):
        assert words_of(answer) == words_of(run_script(data, given))


@pytest.mark.slow
def test_no_accessibility_fault(opened: Callable[..., Any], files: Path) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened("kk", bypass_csp=True)
    page.locator("summary").click()
    for file, trust in (("bad.zip", True), ("good.zip", False)):
        check(page, files, file, trust)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
