"""The pages that a guard shows by itself: no script, nothing from elsewhere, readable on a phone and by a screen reader."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from urllib.parse import quote

from tanba.guard.sources import State
from tanba.strings import LANGUAGES, t

STYLE = (
    "body{margin:0;font:1.0625rem/1.55 system-ui,sans-serif;color:#1d2433;background:#f4f6f9}"
    "main{max-width:36rem;margin:8vh auto;padding:1.5rem;background:#fff;border:1px solid #cbd3df;border-radius:.5rem}"
    "h1{font-size:1.25rem;margin:0 0 .75rem}p{overflow-wrap:anywhere;white-space:pre-line}nav a,nav b{margin-right:1rem}"
    "button{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:.4rem;background:#0a5f7a;color:#fff;cursor:pointer}"
    "a{color:#0a5f7a}:focus-visible{outline:3px solid #d08700;outline-offset:2px}"
    "@media(max-width:40rem){main{margin:0;min-height:100vh;box-sizing:border-box;border:0;border-radius:0}button{width:100%}}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
NATIVE = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def notice_page(state: State, language: str, wanted: str, why: str) -> tuple[str, str]:
    """(page, content security policy): the notice, a button to go on to `wanted`, and the other languages."""
    again = f"<p>{escape(t(f'notice.why_{why}', language))}</p>" if why not in ("", "missing") else ""
    more = f'<p><a href="{escape(state.page)}">{escape(t("notice.more", language))}</a></p>' if _is_web(state.page) else ""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in (("next", wanted), ("language", language))
    )
    form = f'<form method="post" action="/.tanba/notice">{fields}<button autofocus>{escape(t("notice.go_on", language))}</button></form>'
    links = "".join(_language(each, language, wanted) for each in LANGUAGES)
    title = t("notice.title", language)
    label = escape(t("notice.languages", language))
    body = (
        f'<h1>{escape(title)}</h1>{again}<p>{escape(state.texts[language])}</p>{more}{form}<nav aria-label="{label}"><p>{links}</p></nav>'
    )
    return _page(title, language, body), POLICY


def words_page(words: str, language: str) -> tuple[str, str]:
    """(page, content security policy): one sentence on why nothing is served."""
    title = t("notice.not_served", language)
    return _page(title, language, f'<h1>{escape(title)}</h1><p role="alert">{escape(words)}</p>'), POLICY


def _language(each: str, current: str, wanted: str) -> str:
    if each == current:
        return f'<b lang="{each}" aria-current="true">{NATIVE[each]}</b>'
    address = f"/.tanba/notice?tanba-language={each}&amp;next={quote(wanted, safe='')}"
    return f'<a lang="{each}" hreflang="{each}" href="{address}">{NATIVE[each]}</a>'


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://", "/"))


def _page(title: str, language: str, body: str) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    )
    return (
        f'<!doctype html><html lang="{language}"><head>{head}<title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
