"""A pasted description suggests answers, with the words that led to them. It never decides: suggestions wait for confirmation.

The words are data (`words:` of each fact): regular expressions per language, matched from a word's start, whatever the case, ё as е.
` … ` in a pattern stands for up to four words and commas, ` …2 ` for up to two words and no comma; none may be a negation. A pattern
that begins with `!` suggests the opposite, and so does a denied match ("does not recognise emotions", "эмоцияны анықтамайды"); one that
begins with `~` suggests nothing. A match inside a longer match of the same fact says nothing of its own, so an exception is written as
the longer pattern.

Beside the languages or choices, `words` may hold: `all` (every choice), `none` (the empty list), `beside: fact` (suggested only where
that fact is suggested true), `denied_by: fact` (not where that fact is suggested false).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tanba.law.conditions import names
from tanba.law.model import Fact, Law
from tanba.law.rulebook import Rulebook, decide
from tanba.strings import LANGUAGES

MAX_CHARS = 20_000
REACH = 60
"""Characters before and after a match in which a denial is looked for."""

_NO = r"(?:не|ни|нет|без|not|no|never|nor|without|cannot|\w{1,8}n't|емес|жоқ)\b"
_WORD = r"[\w'-]{1,40}"

_KAZAKH_NOT = (
    r"(?:[мпб](?:а|е)(?:й|йды|йді|ймыз|йміз|ймын|ймін|йтын|йтін|йтындықтан|йтіндіктен|ды|ді|дық|дік|ған|ген|у|уы|уі|с|стан|стен)|с[ыі]з)\b"
)
DENIED_WITHIN = re.compile(rf"\w*{_KAZAKH_NOT}$")
"""Endings of the matched word itself: анықта-майды, келісім-інсіз."""

DENIED_BEFORE = re.compile(
    r"(?:"
    r"\b(?:не|ни|без|нет|никак(?:ого|ой|их|ие))(?: (?:мо[гж]\w+|уме\w+|буд\w+|способ\w+|долж\w+|предназнач\w+|для|занима\w+|явля\w+|име\w+"
    r"|использу\w+|применя\w+|содерж\w+|требу\w+|нуж\w+|предусм\w+|провод\w+|вед[ёе]\w+|выполня\w+|осуществля\w+|никак\w+|как\w+-либо"
    r"|всяк\w+|сам[аио]?|их|его))*"
    r"|\b(?:без|нет) \w+(?:[ое]го|ой|[иы]х)"
    r"|(?:\b(?:not(?! only| just)|no|never|nor|neither|without|cannot)|n't)(?: (?:be|been|ever|yet|any|even|actually|able to|to|designed"
    r"|meant|intended|used|supposed|allowed|going|try|trying|have|has|use|using|involve|contain|need|require|perform|of|an?|the|itself))*"
    r") $"
)
DENIED_AFTER = re.compile(
    r" (?:"
    r"(?:(?:и|или) \w+ (?:\w+ )?)?(?:(?:в|у|на|нас|не[йм]|н[её]м|них|здесь|там|внутри|вообще|совсем|она|он|мы|систем[аеу]|сервис|тоже|вводить|загружать"
    r"|передавать|использовать) ){0,3}"
    r"(?:нет\b|не (?:использ|примен|вед|провод|осуществл|выполн|предусм|производ|дела|нуж|треб|происход|быва|буд|обрабат|собира|план"
    r"|допуск|задейств|возник)|отсутству|исключен|невозмож|запрещ|отключен)"
    r"|(?:(?:is|are|was|were|will|of any kind|at all|ever) ){1,3}(?:(?:not|never)(?: be| being| ever)? (?:used|performed|done|involved|needed"
    r"|required|collected|processed|applied|present|possible|allowed|planned|made)|excluded|impossible|absent|forbidden)\b"
    r"|(?:(?:де|да|те|та|мүлде|мүлдем|еш|ешқашан|әлі|қазір|отырған|жатқан|болған|туралы|дерек\w*|ешқандай) ){0,3}"
    rf"(?:(?:(?:керек|қажет|мүмкін) )?емес|жоқ|ал{_KAZAKH_NOT}|\w*(?:бол|қолданыл|пайдаланыл|өңдел|жинал|жүргізіл|сұрал){_KAZAKH_NOT})"
    r")"
)
_PLAIN = str.maketrans({"ё": "е", "İ": "i", "’": "'", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed answer and the words of the description that led to it."""

    fact: str
    value: Any
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words found: for or against one choice (for yes_no: the answer yes, named ""); `agrees` None: they say nothing."""

    start: int
    end: int
    choice: str
    agrees: bool | None


def suggest(law: Law, text: str) -> list[Suggestion]:
    """Suggestions for `text` (any mix of kk, ru, en; the first 20,000 characters), in the order of the fact vocabulary.

    Contradictory words for one fact suggest nothing: the question is asked instead.
    """
    shown = _clean(text[:MAX_CHARS])
    plain = shown.lower() if "İ" not in shown else shown.translate(_PLAIN).lower()
    found = (_suggest(fact, shown, plain.translate(_PLAIN)) for fact in law.facts.values() if fact.words)
    return _in_company(law, {s.fact: s for s in found if s})


def flagged(book: Rulebook, suggestions: list[Suggestion]) -> list[str]:
    """Paths of prohibitions worth a close look, were the suggestions answers.

    No element is false, no exception true, and the first decisive element is true. Decisive is every element about a fact of the
    ban's own; merely processing personal data is not.
    """
    verdict = decide(book, {s.fact: s.value for s in suggestions})

    def decisive(path: str) -> bool:
        own = (e.when for e in book.provisions[path].elements if set(names(e.when)) != {"controller"})
        return next(own).check(verdict.env) is True

    return [path for path, answer in verdict.bans.items() if answer is not False and decisive(path)]


def _clean(text: str) -> str:
    """One space between words, no quotation marks, and a line that goes on in small letters joined to the one before."""
    lines = [" ".join(line.split()) for line in re.sub(r"[«»“”„\"]", "", text).splitlines()]
    return "".join(f" {line}" if line[:1].islower() else f"\n{line}" for line in lines).strip()


def _in_company(law: Law, found: dict[str, Suggestion]) -> list[Suggestion]:
    """Without those that make sense only beside another fact, where it is not suggested, or is suggested false."""

    def keeps(name: str) -> bool:
        words = law.facts[name].words
        beside, denied = found.get(words.get("beside", name)), found.get(words.get("denied_by", ""))
        return bool(beside and beside.value is not False or "beside" not in words) and not (denied and denied.value is False)

    return [suggestion for name, suggestion in found.items() if keeps(name)]


def _suggest(fact: Fact, shown: str, plain: str) -> Suggestion | None:
    hits = _longest(list(_hits(fact, plain)), apart=fact.type == "any_of")
    value = _value(fact, {hit.choice for hit in hits if hit.agrees}, {hit.choice for hit in hits if hit.agrees is False})
    if value is None:
        return None
    told = [hit for hit in hits if hit.agrees is (value is not False)]
    return Suggestion(fact.name, value, tuple(dict.fromkeys(shown[hit.start : hit.end] for hit in told)))


def _value(fact: Fact, said: set[str], denied: set[str]) -> Any:
    """The one answer that the words agree on; None where they say nothing or contradict one another."""
    if fact.type == "yes_no":
        return None if bool(said) is bool(denied) else bool(said)
    if "all" in said - denied:
        return list(fact.choices)
    chosen = [choice for choice in fact.choices if choice in said - denied]
    if fact.type == "one_of":
        return chosen[0] if len(chosen) == 1 else None
    return None if bool(chosen) is ("none" in said) else chosen


def _hits(fact: Fact, text: str) -> Iterator[_Hit]:
    choices: Mapping[str, Any] = {"": fact.words} if fact.type == "yes_no" else fact.words
    for choice, words in choices.items():
        if isinstance(words, Mapping):
            for language in LANGUAGES:
                for written in words.get(language, ()):
                    yield from _matches(choice, language, written, text)


def _matches(choice: str, language: str, written: str, text: str) -> Iterator[_Hit]:
    """Every match of one pattern. A denied match of an opposite ("not without consent") says nothing."""
    sign, pattern = (written[0], written[1:]) if written[0] in "!~" else ("", written)
    for match in _compiled(pattern).finditer(text):
        denied = _denied(text, match, language)
        if not (sign and denied):
            yield _Hit(match.start(), match.end(), choice, None if sign == "~" else not sign and not denied)


@lru_cache(maxsize=8192)
def _compiled(written: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\.|.", lambda m: m[0] if m[0][0] == "\\" else m[0].lower().translate(_PLAIN), written)
    pattern = re.sub(r" …(\d?) ", lambda m: _gap(int(m[1]), "") if m[1] else _gap(4, ",?"), pattern)
    return re.compile(rf"\b(?:{pattern})(\w*)")


def _gap(most: int, comma: str) -> str:
    return rf"(?:{comma} (?!{_NO}){_WORD}){{0,{most}}}{comma} "


def _denied(text: str, match: re.Match[str], language: str) -> bool:
    """Whether the matched words themselves are denied, by their ending or by what stands directly before or after.

    Kazakh denies after the word, Russian does not by an ending; `не` before a Kazakh word means "or".
    """
    start, end = match.span()
    within = language != "ru" and DENIED_WITHIN.match(match[match.re.groups])
    before = language != "kk" and DENIED_BEFORE.search(text, max(0, start - REACH), start)
    return bool(within or before or DENIED_AFTER.match(text, end, end + REACH))


def _longest(hits: list[_Hit], apart: bool) -> list[_Hit]:
    """Hits that lie within no longer one. `apart`: choices do not rule one another out, so each is looked at alone."""
    kept: list[_Hit] = []
    reach: dict[str, tuple[int, int]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        group = hit.choice if apart else ""
        first, last = reach.get(group, (-1, -1))
        if hit.end > last or (hit.start, hit.end) == (first, last):
            kept.append(hit)
            reach[group] = (hit.start, hit.end)
    return kept
