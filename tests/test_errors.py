"""Every error speaks three languages: the literals of its constructor are the keys of `strings/errors/`."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanba.cli import main
from tanba.errors import MISUSE, InputError, LawError, TanbaError
from tanba.strings import LANGUAGES, catalogue, explain

ROOT = Path(__file__).parent.parent
SOURCES = {str(path): path.read_text(encoding="utf-8") for path in (ROOT / "src" / "tanba").rglob("*.py") if path.name != "errors.py"}
CATALOGUE = {key.removeprefix("errors."): texts for key, texts in catalogue().items() if key.startswith("errors.")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def kinds() -> set[str]:
    """Names of the classes of errors that a user can see."""
    classes = [node for text in SOURCES.values() for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    classes += [node for node in ast.parse((ROOT / "src/tanba/errors.py").read_text()).body if isinstance(node, ast.ClassDef)]
    found = {"TanbaError"}
    for _ in classes:
        found |= {node.name for node in classes if any(isinstance(base, ast.Name) and base.id in found for base in node.bases)}
    return found - {"LawError"}


KINDS = kinds()


def constructed(text: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in KINDS:
            yield node


def literals(node: ast.expr) -> list[str]:
    """A literal, or a choice between literals; f-strings, sums and variables cannot be translated."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    assert isinstance(node, ast.Constant), f"line {node.lineno}: not a literal: {ast.unparse(node)}"
    assert isinstance(node.value, str)
    return [node.value]


def templates(call: ast.Call) -> list[str]:
    """Message and hint of one constructor, whose placeholders must be the values it gives."""
    given = {word.arg: word.value for word in call.keywords}
    texts = [*call.args[:2], *(given.pop(name) for name in ("message", "hint") if name in given)]
    found = [text for node in texts for text in literals(node)]
    assert set().union(*map(placeholders, found)) == given.keys() - {"path", "line"}, f"line {call.lineno}: {found}"
    return [text for text in found if text]


def used() -> set[str]:
    return {template for text in SOURCES.values() for call in constructed(text) for template in templates(call)}


def test_every_template_is_in_the_catalogue_and_nothing_else() -> None:
    assert {"InputError", "NotInForceError", "MissingExtraError", "WrongAnswerError"} < KINDS
    assert used() == set(CATALOGUE)


@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_a_template_has_three_languages_and_the_same_placeholders(template: str) -> None:
    texts = CATALOGUE[template]
    assert texts["en"] == template
    assert {lang: placeholders(texts[lang]) for lang in LANGUAGES} == dict.fromkeys(LANGUAGES, placeholders(template))
    assert len(set(texts.values())) == 3


@pytest.mark.parametrize(
    "source",
    [
        'InputError(f"no fact {name}")',
        'InputError("no fact " + name)',
        'InputError("no fact {name}".format(name=name))',
        'InputError("no fact", hint)',
        'InputError("no fact", hint=f"{x}")',
        'InputError("no fact {name}")',
        'errors.TanbaError("no fact", name=1)',
        'WrongAnswerError("a" if x else f"{x}")',
    ],
)
def test_what_cannot_be_translated_is_refused(source: str) -> None:
    with pytest.raises(AssertionError):
        [templates(call) for call in constructed(source)]


EXAMPLES = {
    "broken.yaml": (
        "facts:\n  - a: [\n",
        {
            "kk": ("broken.yaml:3: YAML қатесі: ", "Осы жолдағы шегіністерді, тырнақшаларды және қос нүктелерді тексеріңіз."),
            "ru": ("broken.yaml:3: ошибка в YAML: ", "Проверьте отступы, кавычки и двоеточия в этой строке."),
            "en": ("broken.yaml:3: broken YAML: ", "Check indentation, quotes and colons on that line."),
        },
    ),
    "unknown.yaml": (
        "facts:\n  uses_modell: true\n",
        {
            "kk": ("unknown.yaml:2: белгісіз факт: 'uses_modell'", "Мүмкін, 'uses_model' деп жазу керек шығар?"),
            "ru": ("unknown.yaml:2: неизвестный факт 'uses_modell'", "Возможно, имелось в виду 'uses_model'?"),
            "en": ("unknown.yaml:2: unknown fact 'uses_modell'", "Did you mean 'uses_model'?"),
        },
    ),
    "big.yaml": (
        " " * 50_000_000,
        {
            "kk": ("big.yaml: файл көлемі 1\u00a0000\u00a0000 байттан асады", "Бұл күтілген файлға ұқсамайды; файл жолын тексеріңіз."),
            "ru": ("big.yaml: файл больше 1\u00a0000\u00a0000 байт", "Это не похоже на нужный файл; проверьте путь."),
            "en": ("big.yaml: is larger than 1,000,000 bytes", "This does not look like the expected file; check the path."),
        },
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_bad_files_in_three_languages(name: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, expected = EXAMPLES[name]
    path = tmp_path / name
    path.write_text(content)
    for verb in ("assess", "check", "interview"):
        assert main([verb, str(path), "--lang", lang]) == MISUSE
        shown = "".join(capsys.readouterr())
        assert f"tanba: {tmp_path}/{expected[lang][0]}" in shown
        assert f"       {expected[lang][1]}\n" in shown


@pytest.mark.parametrize(
    ("lang", "message", "hint"),
    [
        ("kk", "ЖИ туралы заң 2026-01-17 күні қолданыста болған жоқ", "Заң 2026-01-18 күнінен бастап қолданылады: осы күнді немесе"),
        ("ru", "закон об ИИ 2026-01-17 не действовал", "Он действует с 2026-01-18: выберите этот или более поздний день."),
        ("en", "the AI law was not in force on 2026-01-17", "It is in force from 2026-01-18: choose that day or a later one."),
    ],
)
def test_a_day_before_the_law_in_three_languages(lang: str, message: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "list", "--on", "2026-01-17", "--lang", lang]) == MISUSE
    shown = capsys.readouterr().err
    assert shown.startswith(f"tanba: {message}\n       {hint}")


def test_pipelines_get_english_in_every_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("facts: [a]")
    for form in ("json", "sarif", "junit"):
        main(["check", str(tmp_path), "--format", form, "--lang", "kk"])
        assert "expected a mapping with `facts:`" in capsys.readouterr().out


def test_foreign_braces_are_safe_and_an_unknown_template_stays_english() -> None:
    foreign = InputError("broken YAML: {problem}", "", "{a}.yaml", 3, problem="found '{b}'")
    assert foreign.message == "{a}.yaml:3: broken YAML: found '{b}'"
    assert explain(foreign, "ru") == ("{a}.yaml:3: ошибка в YAML: found '{b}'", "")
    assert explain(LawError("provision {x}: wrong", "Mend {x}."), "kk") == ("provision {x}: wrong", "Mend {x}.")
    assert explain(TanbaError("{n} apples", n=2), "kk") == ("2 apples", "")


def test_an_error_can_be_placed_in_a_file() -> None:
    placed = TanbaError("no fact {name!r}", name="x").at("a.yaml", 2)
    assert (placed.message, placed.path, placed.line) == ("a.yaml:2: no fact 'x'", "a.yaml", 2)
