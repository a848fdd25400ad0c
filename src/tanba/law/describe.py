"""A pasted description suggests answers, with the words that led to them. It never decides: suggestions wait for confirmation.

The words are data (`words:` of each fact): regular expressions per language, matched from a word's start, whatever the case, ё as е.
In a pattern ` … ` stands for up to four words and commas, ` …2 ` for up to two words and no comma, `……` for up to 150 characters of a
paragraph, none of which denies. A pattern that begins with `!` suggests the opposite, and so does a denied match ("does not recognise
emotions", "эмоцияны анықтамайды"); one with `~` suggests nothing, one with `+` nothing where it is denied ("no chat bot" leaves open
whether other texts are made). A match inside a longer match of the same fact says nothing of its own, so an exception is written as
the longer pattern.

Beside the languages or choices, `words` may hold: `all` (every choice), `none` (the empty list), `beside: fact` (suggested only where
that fact is suggested true), `denied_by: fact` (not where that fact is suggested false), `groups` ({NAME: alternatives} for any pattern).
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
REACH = 60  # characters before and after a match in which a denial is looked for


def _of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_NO = r"(?:не|ни|нет|без|not|no|never|nor|without|cannot|\w{1,8}n't|емес|жоқ)\b"
_WORD = rf"(?!{_NO})[\w'-]{{1,40}}"
_NOT_KK = r"(?:[мпб][ае](?:й|йды|йді|ймыз|йміз|йтын|йтін|ды|ді|дық|дік|ған|ген|у|уы|уі|с|стан|стен)|с[ыі]з)\b"
_LIGHT = _of(
    r"мо[гж]\w+ уме\w+ способ\w+ долж\w+ предназнач\w+ для занима\w+ явля\w+ име\w+ использу\w+ применя\w+ содерж\w+ требу\w+ нуж\w+ "
    r"предусм\w+ провод\w+ веде\w+ выполня\w+ осуществля\w+ созда\w+ дела\w+ генерир\w+ никак\w+ как\w+-либо всяк\w+ сам[аио]? их его "
    r"буд\w+ в на через be been ever yet any even actually able to designed meant intended used supposed allowed going try have has "
    r"use using involve contain need require perform create generate make produce in via through of an? the itself"
)
_BETWEEN = _of(
    r"в у на нас не[йм] них здесь там внутри вообще совсем она он мы систем[аеу] сервис тоже вводить загружать передавать де да те "
    r"та мүлде мүлдем еш ешқашан әлі қазір отырған жатқан болған туралы дерек\w* ешқандай is are was were will ever"
)
_UNDONE_RU = _of("использ примен вед провод осуществл выполн производ дела треб происход обрабат собира план допуск задейств")
_REFRAINS_RU = _of("созда дела генерир определя распозна анализир использ примен собира обрабат хран стро изготавл оценива")
_UNDONE_EN = _of("used performed done involved needed required collected processed applied present possible allowed planned made")

DENIED_WITHIN = re.compile(rf"\w*{_NOT_KK}$")  # the word's own ending: анықта-майды, келісім-інсіз
DENIED_BEFORE = re.compile(
    r"(?:\b(?:без|нет) \w+(?:[ое]го|ой|[иы]х)"
    rf"|(?:\b(?:не|ни|без|нет|никак(?:ого|их|ие)|not|no|never|nor|neither|without|cannot)|n't)(?: {_LIGHT})*) $"
)
DENIED_AFTER = re.compile(
    rf" (?:(?:и|или) \w+ (?:\w+ )?|(?:де|да|те|та),? (?:\w+ ){{1,3}}(?:де|да|те|та) )?(?:{_BETWEEN} ){{0,3}}(?:"
    rf"нет(?=[.,;!?\n]|$)|отсутству|исключен|невозмож|запрещ|отключен|(?<=[оеых][вх] )не {_REFRAINS_RU}"
    rf"|не (?:{_UNDONE_RU}\w*с[яь]|нуж\w+|предусм\w+)\b(?! (?:для|как|при)\b)"
    rf"|(?:(?:not|never)(?: be| being| ever)? {_UNDONE_EN}|excluded|impossible|forbidden)\b(?! (?:for|to|by|as|when)\b)"
    rf"|(?:(?:керек|қажет|мүмкін) )?емес|жоқ|ал{_NOT_KK}|\w*(?:бол|(?:қолдан|пайдалан|өңде|жина|жүргіз|сұра|жаса)[ыі]?л){_NOT_KK}"
    r"|(?:\w+ ){0,4}(?:енгіз|жүкте|бер|жібер|пайдалан)\w* болмайды)"
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


_Pattern = tuple[str, str, str, re.Pattern[str]]  # choice, language, sign, expression


def suggest(law: Law, text: str) -> list[Suggestion]:
    """Suggestions for `text` (any mix of kk, ru, en; the first 20,000 characters), in the order of the fact vocabulary.

    Contradictory words for one fact suggest nothing: the question is asked instead.
    """
    shown = _clean(text[:MAX_CHARS])
    plain = shown.replace("İ", "i").lower().translate(_PLAIN)
    found = (_suggest(law.facts[name], patterns, shown, plain) for name, patterns in _patterns(law).items())
    return _in_company(law, {s.fact: s for s in found if s})


def flagged(book: Rulebook, suggestions: list[Suggestion]) -> list[str]:
    """Paths of prohibitions worth a close look, were the suggestions answers.

    No element is false, no exception true, and the first decisive element is true: one about more than processing personal data.
    """
    verdict = decide(book, {s.fact: s.value for s in suggestions})
    elements = {path: book.provisions[path].elements for path, answer in verdict.bans.items() if answer is not False}
    decisive = {path: [e.when for e in every if set(names(e.when)) != {"controller"}] for path, every in elements.items()}
    return [path for path, (first, *_) in decisive.items() if first.check(verdict.env) is True]


def _clean(text: str) -> str:
    """One space between words, no quotation marks, and a line that goes on in small letters joined to the one before."""
    lines = [" ".join(line.split()) for line in re.sub(r"[«»“”„\"]", "", text).splitlines()]
    return "".join(f" {line}" if line[:1].islower() else f"\n{line}" for line in lines).strip()


def _in_company(law: Law, found: dict[str, Suggestion]) -> list[Suggestion]:
    """Without those that make sense only beside another fact, where it is not suggested, or is suggested false."""
    values = {name: suggestion.value for name, suggestion in found.items()}

    def keeps(name: str) -> bool:
        words = law.facts[name].words
        return ("beside" not in words or values.get(words["beside"]) is True) and values.get(words.get("denied_by", "")) is not False

    return [suggestion for name, suggestion in found.items() if keeps(name)]


def _suggest(fact: Fact, patterns: tuple[_Pattern, ...], shown: str, plain: str) -> Suggestion | None:
    hits = _longest([hit for pattern in patterns for hit in _matches(*pattern, plain)], apart=fact.type == "any_of")
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


@lru_cache(maxsize=4)
def _patterns(law: Law) -> dict[str, tuple[_Pattern, ...]]:
    """Every fact's words, compiled once."""
    groups = {name: f"(?:{'|'.join(words)})" for f in law.facts.values() for name, words in f.words.get("groups", {}).items()}
    return {fact.name: tuple(_compiled(fact, groups)) for fact in law.facts.values() if fact.words}


def _compiled(fact: Fact, groups: Mapping[str, str]) -> Iterator[_Pattern]:
    for choice, words in {"": fact.words}.items() if fact.type == "yes_no" else fact.words.items():
        for language in LANGUAGES if isinstance(words, Mapping) else ():
            for written in words.get(language, ()):
                sign = written[0] if written[0] in "!~+" else ""
                yield choice, language, sign, _expression(written[len(sign) :], groups)


def _expression(written: str, groups: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern as written, with its groups and ellipses spelled out, in small letters."""
    pattern = re.sub(r"\b[A-Z]{3,}\b", lambda m: groups.get(m[0], m[0]), written)
    pattern = re.sub(r"(\\.)|.", lambda m: m[1] or m[0].lower().translate(_PLAIN), pattern)
    pattern = pattern.replace("……", rf"(?:(?!\b{_NO})[^\n]){{0,150}}\b").replace(" … ", rf"(?:,? {_WORD}){{0,4}},? ")
    pattern = re.sub(r" …(\d) ", lambda m: rf"(?: {_WORD}){{0,{m[1]}}} ", pattern)
    return re.compile(rf"\b(?:{pattern})(\w*)")


def _matches(choice: str, language: str, sign: str, expression: re.Pattern[str], text: str) -> Iterator[_Hit]:
    """Every match of one pattern. A denied match of a signed one ("not without consent") says nothing; `~` outdoes an equal match."""
    for match in expression.finditer(text):
        denied = _denied(text, match, language)
        if not (sign and denied):
            yield _Hit(match.start(), match.end() + (sign == "~"), choice, None if sign == "~" else sign != "!" and not denied)


def _denied(text: str, match: re.Match[str], language: str) -> bool:
    """Whether the words themselves are denied: directly before (not in Kazakh, where `не` means "or"), after, or by a Kazakh ending."""
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
        if hit.end > reach.get(group, (-1, -1))[1] or (hit.start, hit.end) == reach[group]:
            kept.append(hit)
            reach[group] = (hit.start, hit.end)
    return kept
