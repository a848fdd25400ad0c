"""`tanba interview [SYSTEM.yaml]`: asks only what can still change the answer, saves after each answer, resumes where it stopped."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tanba.cli.inputs import day_of, on_argument
from tanba.errors import FINE
from tanba.strings import t
from tanba.yamlfile import MAX_BYTES, read_text

YES = {"y", "yes", "д", "да", "и", "иә", "ия", "true", "1"}
NO = {"n", "no", "н", "нет", "ж", "жоқ", "жок", "false", "0"}


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("system", type=Path, nargs="?", default=None, metavar="SYSTEM.yaml", help=say("interview.system.help"))
    parser.add_argument("--describe", metavar="TEXT", default=None, help=say("interview.describe.help"))
    on_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Suggest from a description, then ask question by question until nothing open can be settled, or until `q`."""
    from tanba.cli.formats import dialogue
    from tanba.law.assess import assess
    from tanba.law.facts import Answer, parse_system
    from tanba.law.interview import open_questions
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.law.systemedit import new_system, save, with_answer

    book = on(load(), day_of(options))
    path: Path | None = options.system
    content = read_text(path, MAX_BYTES) if path and path.exists() else new_system(path.stem if path else "system")
    system = parse_system(content, book.law, path or Path("system.yaml"))
    if options.describe is not None:
        content, system = _suggest(book, content, system, options)
        if path:
            save(path, content)
    skipped: set[str] = set()
    asked = 0
    while path and (remaining := open_questions(book, system.facts, skipped)):
        name, bears_on = remaining[0]
        fact = book.law.facts[name]
        print(dialogue.question(book, fact, bears_on, system.suggested.get(name), len(remaining), options.lang))
        value = _answer(fact, system.suggested.get(name), options.lang)
        if value is _QUIT:
            break
        if value is None:
            skipped.add(name)
            continue
        content = with_answer(content, name, Answer(value, t("cli.interview.source", options.lang)))
        system = parse_system(content, book.law, path)
        save(path, content)
        asked += 1
    report = assess(book, system.facts, system=system.slug) | {"name": dict(system.name)}
    print(dialogue.interview_end(report, asked, skipped, path, options.lang))
    return FINE


def _suggest(book: Any, content: str, system: Any, options: argparse.Namespace) -> tuple[str, Any]:
    """Suggestions go into the file unconfirmed, and never over an answer that is already there."""
    from tanba.cli.formats import dialogue
    from tanba.law.describe import flagged, suggest
    from tanba.law.facts import Answer, parse_system
    from tanba.law.systemedit import with_answer

    found = [s for s in suggest(book.law, options.describe) if s.fact not in system.facts]
    print(dialogue.suggestions(book, found, flagged(book, found), options.lang))
    for suggestion in found:
        source = t("cli.interview.described", options.lang, words="; ".join(suggestion.words))
        content = with_answer(content, suggestion.fact, Answer(suggestion.value, source, confirmed=False))
    return content, parse_system(content, book.law, options.system or Path("system.yaml"))


_QUIT = object()


def _answer(fact: Any, proposal: Any, lang: str) -> Any:
    """One valid answer from standard input: a value, None for "do not know", or _QUIT. Asks again until it fits."""
    for line in _lines():
        word = line.strip().casefold()
        if word in ("q", "quit"):
            return _QUIT
        if word == "?":
            return None
        if word == "":
            if proposal is not None:
                return proposal.value
            print(t("cli.interview.again", lang))
            continue
        try:
            return _parsed(fact, word)
        except ValueError:
            print(t("cli.interview.again", lang))
    return _QUIT


def _lines() -> Iterator[str]:
    while True:
        if sys.stdin.isatty():
            print("> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def _parsed(fact: Any, word: str) -> Any:
    """Yes / no words in three languages; numbers or names of choices, several with commas, `0` or `-` for none."""
    if fact.type == "yes_no":
        if word in YES | NO:
            return word in YES
        raise ValueError(word)
    choices = list(fact.choices)
    if fact.type == "any_of" and word in ("0", "-"):
        return []
    picked = [_choice(choices, part.strip()) for part in word.split(",")]
    if fact.type == "one_of" and len(picked) != 1:
        raise ValueError(word)
    return picked if fact.type == "any_of" else picked[0]


def _choice(choices: list[str], word: str) -> str:
    if word.isdigit() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1]
    if word in choices:
        return word
    raise ValueError(word)
