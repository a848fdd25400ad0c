"""The notice policy: good words in every channel and language, a version that names them, and files that do not fit are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.people import noticefile
from tanba.people.notice import CHANNELS, LONGEST, NAMES, WORD, Policy, is_origin, parse
from tanba.strings import LANGUAGES
from tanba.workspace import Workspace
from tanba.yamlfile import parse_yaml

ABOUT = {"organisation": "«Қарлығаш» АҚ", "system": "Көмек", "page": "https://register.example/ai/1/"}
WORDS = {"kk": "жасанды интеллект жүйесі", "ru": "искусственного интеллекта", "en": "artificial intelligence system"}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_name_artificial_intelligence_as_the_statute_does_and_leave_no_brace(channel: str, language: str) -> None:
    text = Policy().text(channel, language, ABOUT)
    assert WORDS[language] in text.lower()
    assert not WORD.search(text)
    assert set(WORD.findall(Policy().template(channel, language))) <= set(NAMES)


def test_the_voice_script_says_how_to_repeat_it_and_how_to_reach_a_human() -> None:
    for language in LANGUAGES:
        text = Policy(repeat="7", human="9").text("voice", language, ABOUT)
        assert "7" in text
        assert "9" in text


def test_a_name_with_braces_is_not_filled_a_second_time() -> None:
    assert "{human}" in Policy().text("text", "en", {**ABOUT, "system": "{human}"})


def test_a_version_names_the_words_and_not_how_long_a_receipt_counts() -> None:
    texts = {"bot": {"kk": "Сәлем, мен жасанды интеллект жүйесімін."}}
    assert Policy(texts=texts).version != Policy().version
    assert Policy(human="5").version != Policy().version
    assert Policy(days=30, origins=("https://a.example",)).version == Policy().version


def test_writing_our_own_words_down_changes_no_version() -> None:
    text = noticefile.whole(Policy())
    assert parse(parse_yaml(text)).version == Policy().version


texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]) | st.just("\n"), min_size=2, max_size=80).filter(
    lambda text: sum(map(str.isalpha, text)) >= 2 and "{" not in text and "}" not in text
)
policies = st.builds(
    Policy,
    languages=st.permutations(LANGUAGES).map(tuple),
    days=st.integers(1, 3650),
    repeat=st.sampled_from("0123456789*#"),
    human=st.sampled_from("0123456789*#"),
    origins=st.lists(st.sampled_from(["https://a.example", "http://127.0.0.1:8000"]), unique=True).map(tuple),
    texts=st.dictionaries(st.sampled_from(CHANNELS), st.dictionaries(st.sampled_from(LANGUAGES), texts, min_size=1)),
)


@given(policies)
def test_what_is_written_is_what_is_read(policy: Policy) -> None:
    assert parse(parse_yaml(noticefile.written(policy))) == policy


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"lenguages": ["kk"]}, "Did you mean 'languages'?"),
        ({"languages": []}, "languages: [] does not fit"),
        ({"languages": ["kk", "kk"]}, "does not fit"),
        ({"days": 0}, "days: 0 does not fit"),
        ({"days": True}, "does not fit"),
        ({"human": "10"}, "does not fit"),
        ({"origins": ["shop.example"]}, "does not fit"),
        ({"origins": ["https://shop.example/"]}, "does not fit"),
        ({"origins": ["*"]}, "does not fit"),
        ({"texts": {"sms": {"kk": "Мәтін"}}}, "texts: 'sms' is no channel"),
        ({"texts": {"bot": {"de": "Text"}}}, "texts: 'bot' is no channel"),
        ({"texts": ["bot"]}, "is no channel"),
        ({"texts": {"bot": {"kk": "1 2 3"}}}, "bot.kk: a notice has words"),
        ({"texts": {"bot": {"kk": "ә" * (LONGEST + 1)}}}, "at most 1200 characters"),
        ({"texts": {"bot": {"kk": "Сәлем\u202e"}}}, "none that cannot be seen"),
        ({"texts": {"bot": {"kk": "Сәлем, {sistem}"}}}, "bot.kk: nobody knows what 'sistem' in braces is"),
    ],
)
def test_what_does_not_fit_is_refused(written: Any, says: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(written)
    assert says in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("value", ["https://shop.example", "http://127.0.0.1:8000"])
def test_an_origin_is_what_a_browser_sends(value: str) -> None:
    assert is_origin(value)


@pytest.mark.parametrize(
    "value",
    ["null", "https://Shop.example", "https://a@b.example", "https://shop.example:x", "file:///a", 3, "https://ә.example", "https://[::1"],
)
def test_other_addresses_are_no_origin(value: Any) -> None:
    assert not is_origin(value)


def test_the_file_of_the_workspace_is_saved_and_read(tmp_path: Any) -> None:
    workspace = Workspace(tmp_path / "w")
    assert noticefile.load_policy(workspace) == Policy()
    noticefile.save_policy(workspace, Policy(days=30))
    assert noticefile.load_policy(workspace).days == 30
    noticefile.place(workspace).write_text("days: none")
    with pytest.raises(InputError, match=r"notices\.yaml: days: 'none' does not fit"):
        noticefile.load_policy(workspace)


def test_the_key_is_private_and_stays(tmp_path: Any) -> None:
    workspace = Workspace(tmp_path / "w")
    public = noticefile.signer(workspace).public
    path = workspace.keys / noticefile.KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert noticefile.signer(workspace).public == public
    path.write_text("broken")
    with pytest.raises(InputError, match=r"notices\.key: is not a key"):
        noticefile.signer(workspace)
