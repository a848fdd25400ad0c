"""The notice policy in force as plain material: what users of a system are told, in each channel and language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tanba.people.notice import CHANNELS, WORD, Policy


def notices_of(policy: Policy, about: Callable[[str], Mapping[str, str]], versions: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """`about(language)` names organisation, system and page; `versions`: (version, since when), newest first.

    {version, since, languages, days, page, channels [{name, texts {language: text}, whole}], versions [{version, since}]}; `whole`: nothing
    that a text names in braces is missing.
    """
    told = {channel: {lang: policy.text(channel, lang, _given(about(lang))) for lang in policy.languages} for channel in CHANNELS}
    known = [{"since": since[:10], "version": version} for version, since in versions]
    return {
        "channels": [
            {"name": channel, "texts": texts, "whole": not any(WORD.search(text) for text in texts.values())}
            for channel, texts in told.items()
        ],
        "days": policy.days,
        "languages": list(policy.languages),
        "page": about(policy.languages[0]).get("page", ""),
        "since": next((each["since"] for each in known if each["version"] == policy.version), ""),
        "version": policy.version,
        "versions": known,
    }


def _given(about: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in about.items() if text}
