"""Markdown, HTML, JSON and headers: what goes in, what is found, and that nothing else changes."""

import json
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marking.text.texts import EN, ID, KK, MARKDOWN, OTHER, RU, RUN, SECRET, any_text
from tanba.errors import InputError
from tanba.marking.text import headers, html, jsontext, markdown, plain
from tanba.marking.text.carriers import CARRIERS, Kind, carrier_of, kind_of
from tanba.marking.text.mark import SOURCE_TYPES, Mark

TIME = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MARK = Mark(ID, SECRET, ("kk", "ru"), issuer='АО "Қарлығаш" --></script>', time=TIME)
SECOND = Mark(5, OTHER, ("en",), "altered", "end")
PAGE = """\
<!DOCTYPE html>
<!-- a <head> in a comment. Really -->
<html lang="kk"><head><meta charset="utf-8"><title>Тақырып. Екінші</title><style>a{b: c. d}</style></head>
<body class="x > y"><h1>Жаңалық</h1><p>Бірінші <b>сөйлем.</b> Екінші &amp; соңғы. Сайт: <a href="https://a. b">https://a.kz/x.</a></p>
<pre>код. код</pre><script>"</p>. b"</script><ul><li>бір<li>екі ❤️</ul></body></html>
"""
HTML_PIECES = [
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<head>",
        "</head>",
        "<body>",
        "</body>",
        "</html>",
        "<!doctype html>",
        "<!--",
        "-->",
        "<a title='",
        '"',
    ),
    *("<script>", "</script>", "<pre>", "</pre>", "<", ">", "&amp;", "сөз. ", "a.", " ", "\n", "\ufeff", RUN, "❤\ufe0f", "\ud83d"),
    '<p class="ai-disclosure" role="note">Made by AI</p>',
]
any_html = st.lists(st.sampled_from(HTML_PIECES), max_size=40).map("".join)
any_json = st.dictionaries(
    st.text(max_size=5),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
    max_size=4,
)


def test_a_page_carries_both_marks_and_is_otherwise_the_same() -> None:
    marked = html.mark(PAGE, MARK)
    head, _, body = marked.partition("</head>")
    assert '<meta name="ai-generated" content="created" />' in head
    data = json.loads(head.partition('class="tanba-mark">')[2].partition("</script>")[0])
    assert data["digitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert data["sdPublisher"]["name"] == MARK.issuer
    assert body.replace(RUN, "").startswith(
        '\n<body class="x > y"><p class="ai-disclosure" role="note">'
        '<span lang="kk">Мәтін жасанды интеллект жүйесі пайдаланыла отырып жасалған.</span> · '
        '<span lang="ru">Текст создан с использованием системы искусственного интеллекта.</span></p><h1>'
    )
    assert "<h1>Жаңалық|</h1><p>Бірінші <b>сөйлем.|</b> Екінші &amp; соңғы.| Сайт: <a" in marked.replace(RUN, "|")
    assert '<pre>код. код</pre><script>"</p>. b"</script><ul><li>бір|<li>екі ❤️|</ul>' in marked.replace(RUN, "|")
    assert html.strip(marked) == PAGE
    found = html.read(marked, [SECRET])
    assert (found.languages, found.ids[0].id, found.claims[0]["time"]) == (("kk", "ru"), ID, "2026-11-22T09:30:00Z")
    assert found.readable_by_machines


@pytest.mark.parametrize(
    ("page", "begins"),
    [
        ("<p>Сөз.</p>", '<meta name="ai-generated"'),
        ("Сөз", '<meta name="ai-generated"'),
        ("", '<meta name="ai-generated"'),
        ("\ufeff<p>Сөз.</p>", '\ufeff<meta name="ai-generated"'),
        ("<!doctype html><title>a</title><p>b", '<!doctype html><title>a</title><meta name="ai-generated"'),
        ("<html><body>b", '<html><meta name="ai-generated"'),
    ],
)
def test_pages_without_a_head_or_a_body(page: str, begins: str) -> None:
    marked = html.mark(page, MARK)
    assert marked.startswith(begins)
    assert marked.index("<meta name") < marked.index('<p class="ai-disclosure"')
    assert html.strip(marked) == page


def test_the_prose_of_a_page_is_one_line_for_each_block() -> None:
    assert html.text_of("<h1>А &amp; Б</h1><p>В <b>Г</b></p><script>д</script>") == "\nА & Б\n\nВ Г\n"


def test_markdown_keeps_front_matter_first_and_code_as_it_is() -> None:
    page = "---\ntitle: a. b\n---\n" + MARKDOWN
    marked = markdown.mark(page, MARK)
    assert marked.startswith('---\ntitle: a. b\n---\n<!-- tanba {"mark": "0123456789abcdef')
    assert marked.count("-->") == 1
    assert "\n> Мәтін жасанды интеллект" in marked
    for code in ("`x = 1. y = 2`", 'print("a. b")\n\n  print("c. d")', "| а. | б |\n", "$$\nx = y. z\n$$"):
        assert code in marked
    assert markdown.strip(marked) == page
    found = markdown.read(marked, [SECRET])
    assert (found.languages, found.ids[0].id, found.claims[0]["issuer"]) == (("kk", "ru"), ID, MARK.issuer)


@pytest.mark.parametrize(
    "text", ['{ "b": 1.50, "a": [1e400, -0], "a": "x. y" }', "{}", " {\n}\n", '\ufeff{"a":1}', '{"\\u0430": "\\ud83d"}']
)
def test_json_gets_one_member_and_keeps_every_other_byte(text: str) -> None:
    marked = jsontext.mark(text, MARK)
    said = json.loads(marked.removeprefix("\ufeff"))["ai_disclosure"]
    assert said["mark"] == MARK.token
    assert said["warning"]["ru"] == "Текст создан с использованием системы искусственного интеллекта."
    assert marked.endswith(text[text.index("{") + 1 :])
    assert jsontext.strip(marked) == text
    assert jsontext.read(marked, [SECRET]).languages == ("kk", "ru")


def test_json_that_was_written_anew_is_still_read_and_freed() -> None:
    said = json.loads(jsontext.mark('{"a": 1, "b": 2}', MARK))
    last = json.dumps({"a": 1, "ai_disclosure": said["ai_disclosure"]}, indent=1)
    assert jsontext.read(last, [SECRET]).ids[0].id == ID
    assert json.loads(jsontext.strip(last)) == {"a": 1}
    middle = json.dumps({"a": 1, "ai_disclosure": said["ai_disclosure"], "b": 2}, indent=1)
    assert json.loads(jsontext.strip(middle)) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[1]", "only a JSON object"),
        ('"a"', "only a JSON object"),
        ("{", "broken JSON"),
        ("", "broken JSON"),
        ("[" * 100_000, "broken JSON"),
        ('{"ai_disclosure": true}', "somebody else's"),
    ],
)
def test_what_cannot_bear_a_member_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        jsontext.mark(text, MARK)
    assert jsontext.read(text, [SECRET]).ids == ()


def test_headers_follow_the_draft() -> None:
    plainly = headers.headers(Mark(ID, SECRET, ("kk",), "altered", issuer='Qarlygash "AI"', time=TIME))
    assert plainly["AI-Disclosure"] == 'mode=ai-modified, provider="Qarlygash \\"AI\\"", date=@1795339800'
    assert headers.headers(Mark(ID, SECRET, ("kk",), issuer="ЖИ"))["AI-Disclosure"] == 'mode=ai-originated, provider=%"%d0%96%d0%98"'
    found = headers.read({name.lower(): value for name, value in plainly.items()}, [SECRET])
    assert (found.ids[0].id, found.claims[0]["digitalSourceType"]) == (ID, SOURCE_TYPES["altered"])
    assert not headers.read({"AI-Disclosure": "mode=none", "X-Tanba-Mark": "zz"}, [SECRET]).readable_by_machines
    assert all(value.isascii() and value.isprintable() for value in headers.headers(MARK).values())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_two_issuers_mark_one_text(kind: Kind) -> None:
    carrier = carrier_of(kind)
    text = '{"a": 1}' if kind == "json" else f"<p>{KK}</p>" if kind == "html" else KK
    both = carrier.mark(carrier.mark(text, SECOND), MARK)
    found = carrier.read(both, [SECRET, OTHER])
    ids = {(read.issuer, read.id) for read in found.ids}
    assert ids == ({(0, ID)} if kind == "json" else {(0, ID), (1, 5)})
    assert carrier.strip(both) == text


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("mark", [MARK, SECOND], ids=["created", "altered at the end"])
@given(data=st.data())
@settings(max_examples=60)
def test_marks_come_off_and_go_on_once(kind: Kind, mark: Mark, data: st.DataObject) -> None:
    texts = {"html": any_html, "json": any_json.map(json.dumps)}.get(kind, any_text)
    text = data.draw(texts)
    carrier = carrier_of(kind)
    marked = carrier.mark(text, mark)
    assert carrier.mark(marked, mark) == marked
    assert carrier.strip(marked) == carrier.strip(text)
    assert set(mark.languages) <= set(carrier.read(marked, [mark.secret]).languages)


@pytest.mark.parametrize("kind", get_args(Kind))
@given(text=any_text)
def test_reading_anything_never_raises(kind: Kind, text: str) -> None:
    carrier_of(kind).read(text, [SECRET])


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"", "plain"),
        ("README.md", b"", "markdown"),
        ("x.HTML", b"", "html"),
        ("application/ld+json", b"", "json"),
        ("text/html; charset=utf-8", b"", "html"),
        ("", b"  <!DOCTYPE html><p>", "html"),
        ("", b'\xef\xbb\xbf{"a": 1}', "json"),
        ("upload", KK.encode(), "plain"),
        ("upload", (KK * 30).encode()[:4097], "plain"),
        ("upload", b"\x89PNG\r\n\x1a\n", None),
        ("upload", "текст".encode("cp1251"), None),
        ("upload", b"", None),
    ],
)
def test_the_kind_is_told_by_name_then_by_the_first_bytes(name: str, data: bytes, kind: str | None) -> None:
    assert kind_of(name, data) == kind


def test_a_mark_that_could_not_be_written_is_refused() -> None:
    with pytest.raises(InputError, match="needs its zone"):
        Mark(ID, SECRET, ("kk",), time=datetime(2026, 1, 1))
    with pytest.raises(InputError, match="no kind of text"):
        carrier_of("pdf")
    assert "secret" not in repr(MARK)
    assert set(CARRIERS) == set(get_args(Kind))


@pytest.mark.parametrize("text", [KK, RU, EN], ids=["kk", "ru", "en"])
def test_a_plain_text_with_both_marks(text: str) -> None:
    found = plain.read(plain.mark(text, MARK), [SECRET])
    assert found.languages == ("kk", "ru")
    assert found.ids[0].copies >= 6


def test_a_text_that_is_all_code_bears_an_id_at_its_end() -> None:
    code = "```\nprint(1. )\nMade by AI\n"
    marked = plain.mark(code, Mark(ID, SECRET, ("en",)))
    assert marked == code + RUN
    assert plain.strip(marked) == code
    unclosed = plain.mark("~~~\nx", Mark(ID, SECRET, ("en",), place="end"))
    assert unclosed.endswith("artificial intelligence system." + RUN)


@pytest.mark.parametrize(
    "text",
    [
        '{"ai_disclosure": {"issuer": "\\ud800", "time": "now", "\\udfff": "a"}}',
        '<script type="application/ld+json">{}</script><meta name="ai-generated" content="x" />'
        '<script type="application/ld+json" class="tanba-mark">{"sdPublisher": {"name": "\\ud800"}, "sdDatePublished": "now"}</script>',
        '<!-- tanba {"issuer": "\\ud800", "time": "now"} -->\na',
    ],
    ids=["json", "html", "markdown"],
)
def test_a_claim_of_half_a_character_is_none(text: str) -> None:
    kind = {"{": "json", "<s": "html", "<!": "markdown"}[text[: 1 if text[0] == "{" else 2]]
    assert [dict(claim) for claim in carrier_of(kind).read(text, []).claims] == [{"time": "now"}]
