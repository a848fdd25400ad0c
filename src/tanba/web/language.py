"""The language of the page: Kazakh unless the person chose another."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import lazystr

from tanba.errors import TanbaError
from tanba.strings import LANGUAGES, explain, t

COOKIE = "tanba_language"
NATIVE = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def current() -> str:
    """kk, ru or en."""
    language = (translation.get_language() or "kk")[:2]
    return language if language in LANGUAGES else "kk"


def say(key: str, **values: object) -> str:
    """The text of `key` in the language of the page."""
    return t(key, current(), **values)


def told(error: TanbaError) -> tuple[str, str]:
    """What is wrong and what to do next, in the language of the page."""
    return explain(error, current())


def say_later(key: str) -> Any:
    """The same, looked up when it is shown: for labels of forms."""
    return lazystr(_Later(key))


def pick(texts: Mapping[str, str] | str | None) -> str:
    """The current language's text of a {kk, ru, en} mapping; another language's where that one is empty."""
    if not texts:
        return ""
    if isinstance(texts, str):
        return texts
    return texts.get(current()) or next((text for text in texts.values() if text), "")


def chosen(request: HttpRequest) -> str:
    """The language that this person, or this browser, chose."""
    wanted = getattr(request.user, "language", None) or request.COOKIES.get(COOKIE)
    return wanted if wanted in LANGUAGES else "kk"


def language_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the chosen language for each request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class _Later:
    """Looks a text up when it becomes a string."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __str__(self) -> str:
        return say(self.key)
