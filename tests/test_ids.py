from concurrent.futures import ThreadPoolExecutor

from tanba.ids import uuid7


def test_ids_are_version_7_and_rise() -> None:
    made = [uuid7() for _ in range(5000)]
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in made)
    assert made == sorted(set(made))


def test_threads_never_share_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4000)))
    assert len(set(made)) == 4000
