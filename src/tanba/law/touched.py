"""An official text differs from the one we read: which provisions to verify again, and which systems they touch."""

from collections.abc import Mapping

from tanba.law.model import Law, Provision
from tanba.law.official import Comparison
from tanba.law.rulebook import Facts, Rulebook, decide


def known_digests(law: Law, act: str, lang: str = "ru") -> dict[str, str]:
    """Digests of the official articles that were read: {article: sha-256}."""
    return {p.article: p.official_sha256[lang] for p in law.provisions if p.act == act and lang in p.official_sha256}


def to_verify(book: Rulebook, act: str, comparison: Comparison) -> list[Provision]:
    """Provisions of changed and missing articles, in order."""
    articles = {*comparison.changed, *comparison.missing}
    return [p for p in book.provisions.values() if p.act == act and p.article in articles]


def touched_systems(book: Rulebook, provisions: list[Provision], systems: Mapping[str, Facts]) -> dict[str, list[str]]:
    """{system: paths of those provisions that apply to it, may apply, or are tests it was measured by (axes, prohibitions)}."""
    paths = [p.path for p in provisions]
    touched = {slug: _touching(book, paths, facts) for slug, facts in systems.items()}
    return {slug: found for slug, found in touched.items() if found}


def _touching(book: Rulebook, paths: list[str], facts: Facts) -> list[str]:
    verdict = decide(book, facts)
    if verdict.env["ai_system"] is False:
        return [path for path in paths if verdict.rules.get(path, False) is not False]
    tests = {*verdict.bans, *(level.provision for axis in book.law.axes.values() for level in axis.levels)}
    return [path for path in paths if path in tests or verdict.rules.get(path, False) is not False]
