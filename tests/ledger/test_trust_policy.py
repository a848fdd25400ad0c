"""Trust policies: C2SP's own words, and every line that is almost one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.ledger.note import LOG, WITNESS, Key, Signer
from tanba.ledger.policy import MOST, Group, Policy, parse

LOGS = [Signer(f"ledger.example/{number}", LOG, bytes([number]) * 32).key for number in range(40)]
WITNESSES = [Signer(f"witness.example/{number}", WITNESS, bytes([100 + number]) * 32).key for number in range(40)]
L, W = [key.text for key in LOGS], [key.text for key in WITNESSES]
EXAMPLE = f"""
log {L[0]}

witness X1 {W[1]}
witness X2 {W[2]}
witness X3 {W[3]}
group X-witnesses 2 X1 X2 X3

witness Y1 {W[4]}
witness Y2 {W[5]}
witness Y3 {W[6]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def keys(*numbers: int) -> list[Key]:
    return [WITNESSES[number] for number in numbers]


def test_the_example_of_the_specification() -> None:
    policy = parse(EXAMPLE)
    assert list(policy.logs) == [LOGS[0]]
    assert policy.witness_keys == keys(1, 2, 3, 4, 5, 6)
    assert policy.groups["X-witnesses"] == Group(2, ("X1", "X2", "X3"))
    for signed, enough in {
        (1, 2, 4): True,
        (2, 3, 6): True,
        (1, 2, 3, 4, 5, 6): True,
        (1, 4): False,
        (1, 2, 3): False,
        (4, 5, 6): False,
        (): False,
    }.items():
        assert policy.reached(keys(*signed)) == enough
    assert not policy.reached([*keys(1, 4), LOGS[0], *keys(30, 31)])


def test_white_space_and_comments() -> None:
    policy = parse(
        f"\n  # a comment\n\t#another\n \t \nlog\t\t{L[0]}   https://ledger.example/ \n"
        f"   witness  w1 {W[1]}\thttps://witness.example/\nquorum w1\n#the end"
    )
    assert (policy.logs, policy.witnesses) == ({LOGS[0]: "https://ledger.example/"}, {"w1": (WITNESSES[1], "https://witness.example/")})
    assert (policy.reached(keys(1)), policy.reached(keys(2))) == (True, False)


def test_nobody_asked_is_nobody_who_confirmed() -> None:
    policy = parse(f"log {L[0]}\nwitness w {W[1]}\nquorum none")
    assert policy.quorum is None
    assert not policy.reached(keys(1))
    assert not Policy().reached(keys(1))
    assert parse("quorum none\n") == Policy()


def test_names_are_signs_and_nothing_more() -> None:
    """No two names are taken for one, whatever Unicode says of them; the words of the language are names as well, but for `none`."""
    names = ["K", "\u212a", "k", "Қазақ", "all", "any", "quorum", "1", "a\u00a0b"]
    lines = [f"witness {name} {W[number]}" for number, name in enumerate(names)]
    policy = parse("\n".join([*lines, f"group g 1 {names[1]}", "quorum g"]))
    assert list(policy.witnesses) == names
    assert (policy.reached(keys(1)), policy.reached(keys(0))) == (True, False)


def test_as_much_as_a_policy_may_hold() -> None:
    """More than the 32 of each kind that C2SP asks for."""
    lines = [f"log {text}" for text in L] + [f"witness w{number} {text}" for number, text in enumerate(W)]
    lines += [f"group g{number} 1 w{number}" for number in range(40)]
    whole = parse("\n".join([*lines, "quorum g39"]))
    assert (len(whole.logs), len(whole.witnesses), len(whole.groups)) == (40, 40, 40)
    assert whole.reached(keys(39))
    nested = [f"witness w {W[0]}", "group g0 1 w"] + [f"group g{number} 1 g{number - 1}" for number in range(1, MOST - 3)]
    assert parse("\n".join([*nested, f"quorum g{MOST - 4}"])).reached(keys(0))
    with pytest.raises(InputError) as caught:
        parse("\n".join([*nested, f"quorum g{MOST - 4}", f"log {L[0]}", f"log {L[1]}"]))
    assert caught.value.line == MOST + 1


ONE, TWO = f"witness w1 {W[1]}", f"witness w2 {W[2]}"
BAD: dict[str, tuple[str, int]] = {
    "a word that is none": ("trust me", 1),
    "no words after": ("log", 1),
    "capitals": (f"Log {L[0]}", 1),
    "too many words for a log": (f"log {L[0]} https://a https://b", 1),
    "too many words for a witness": (f"{ONE} https://a https://b", 1),
    "a comment behind": (f"{ONE} https://a #comment", 1),
    "a witness without a name": (f"witness {W[1]}", 1),
    "a key that is none": ("log ledger.example/1+00000000+AAAA", 1),
    "a key cut short": (f"log {L[0][:-2]}", 1),
    "a witness's key for a log": (f"log {W[0]}", 1),
    "a log's key for a witness": (f"witness w1 {L[0]}", 1),
    "a log twice": (f"log {L[0]}\nlog {L[0]} https://elsewhere", 2),
    "the same key under another name": (f"log {L[0]}\nlog {Key('other.example', LOG, LOGS[0].public).text}", 2),
    "a witness twice": (f"{ONE}\nwitness w2 {W[1]}", 2),
    "a name twice": (f"{ONE}\nwitness w1 {W[2]}", 2),
    "a witness's name for a group": (f"{ONE}\ngroup w1 1 w1", 2),
    "a group's name for a witness": (f"{ONE}\ngroup g 1 w1\nwitness g {W[2]}", 3),
    "a group twice": (f"{ONE}\n{TWO}\ngroup g 1 w1\ngroup g 1 w2", 4),
    "a witness called none": (f"witness none {W[1]}", 1),
    "a group called none": (f"{ONE}\ngroup none 1 w1", 2),
    "none in a group": ("group g 1 none", 1),
    "a group of nobody": (f"{ONE}\ngroup g all", 2),
    "a group of nobody, by number": (f"{ONE}\ngroup g 0", 2),
    "a group that asks for nobody": (f"{ONE}\ngroup g 0 w1", 2),
    "a group that asks for too many": (f"{ONE}\ngroup g 2 w1", 2),
    "a group that asks for less than nobody": (f"{ONE}\ngroup g -1 w1", 2),
    "a number with a sign": (f"{ONE}\ngroup g +1 w1", 2),
    "a number with a point": (f"{ONE}\ngroup g 1.0 w1", 2),
    "a number in other digits": (f"{ONE}\ngroup g ١ w1", 2),
    "a number raised": (f"{ONE}\ngroup g ¹ w1", 2),
    "a number without end": (f"{ONE}\ngroup g {'1' * 5000} w1", 2),
    "words for a number": (f"{ONE}\ngroup g most w1", 2),
    "a group of unknown witnesses": (f"{ONE}\ngroup g 1 w2", 2),
    "a group before its witness": (f"group g 1 w1\n{ONE}", 1),
    "a group of itself": (f"{ONE}\ngroup g any g w1", 2),
    "a member twice": (f"{ONE}\ngroup g 2 w1 w1", 2),
    "a member of two groups": (f"{ONE}\n{TWO}\ngroup g 1 w1\ngroup h 1 w2 w1", 4),
    "an unknown quorum": (f"{ONE}\nquorum w2", 2),
    "a quorum before its witness": (f"quorum w1\n{ONE}", 1),
    "a quorum of two": (f"{ONE}\n{TWO}\nquorum w1 w2", 3),
    "a quorum of nothing": (f"{ONE}\nquorum", 2),
    "two quorums": (f"{ONE}\nquorum w1\nquorum w1", 3),
    "none and a quorum": (f"{ONE}\nquorum none\nquorum w1", 3),
    "carriage returns": (f"{ONE}\r\nquorum w1\r\n", 1),
    "a wide space": (f"witness\u00a0w1 {W[1]}", 1),
}


@pytest.mark.parametrize(("text", "line"), BAD.values(), ids=BAD.keys())
def test_almost_a_policy(text: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        parse(text if "quorum" in text else f"{text}\nquorum none\n")
    assert caught.value.line == line
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ["", "\n\n", "# quorum none", ONE, f"log {L[0]}\n"])
def test_somebody_must_say_who_is_enough(text: str) -> None:
    with pytest.raises(InputError, match="has no quorum line"):
        parse(text)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    addresses = st.sampled_from(["", "https://example.com/x", "қазақша"])
    logs = {key: draw(addresses) for key in draw(st.lists(st.sampled_from(LOGS), unique=True, max_size=4))}
    witnesses = {
        f"w{key.name[-2:]}": (key, draw(addresses)) for key in draw(st.lists(st.sampled_from(WITNESSES[10:]), unique=True, max_size=7))
    }
    free, groups = list(witnesses), dict[str, Group]()
    for number in range(draw(st.integers(0, 4))):
        members = draw(st.lists(st.sampled_from(free), unique=True, min_size=1)) if free else []
        if members:
            groups[f"g{number}"] = Group(draw(st.integers(1, len(members))), tuple(members))
            free = [name for name in free if name not in members] + [f"g{number}"]
    return Policy(logs, witnesses, groups, draw(st.sampled_from([None, *witnesses, *groups])))


@given(policies(), st.sets(st.sampled_from(WITNESSES[10:])))
def test_policy_to_text_to_policy_is_the_identity(policy: Policy, signed: set[Key]) -> None:
    assert parse(str(policy)) == policy
    assert str(parse(str(policy))) == str(policy)
    assert policy.reached(signed) == (policy.quorum is not None and holds(policy, policy.quorum, signed))
    if policy.reached(signed):
        assert policy.reached(WITNESSES)  # more signatures never make it less


def holds(policy: Policy, name: str, signed: set[Key]) -> bool:
    """Once more, by listing who confirmed."""
    if name in policy.witnesses:
        return bool({policy.witnesses[name][0]} & signed)
    confirmed = [member for member in policy.groups[name].members if holds(policy, member, signed)]
    return len(confirmed) >= policy.groups[name].least


@given(
    st.lists(
        st.sampled_from([*(text for text, _ in BAD.values()), *EXAMPLE.split("\n"), "quorum none", "\x00", "\ud800 \ud800"]), max_size=8
    ),
    st.text(max_size=9),
)
def test_noise_is_refused_and_never_crashes(lines: list[str], noise: str) -> None:
    for text in ("\n".join([*lines, noise]), noise.join(lines)):
        try:
            policy = parse(text)
        except InputError:
            continue
        assert parse(str(policy)) == policy
