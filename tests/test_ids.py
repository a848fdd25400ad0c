from concurrent.futures import ThreadPoolExecutor

from tanba.ids import many_uuid7, uuid7


def test_ids_are_version_7_and_rise() -> None:
    made = [uuid7() for _ in range(5000)]
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in made)
    assert made == sorted(set(made))


def test_threads_never_share_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4000)))
    assert len(set(made)) == 4000


def test_many_ids_are_in_order_and_between_earlier_and_later_ones() -> None:
    every = [uuid7(), *many_uuid7(5_000), uuid7()]
    assert every == sorted(set(every))
    assert {each.version for each in every} == {7}
    assert {each.variant for each in every} == {"specified in RFC 4122"}
    assert many_uuid7(0) == []
