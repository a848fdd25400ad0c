"""Callbacks record and break nobody's call; the wrapper of a client does not call a suspended system."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel, FakeListLLM

from decision_house import House
from tanba.errors import SuspendedError
from tanba.trace import Tracer
from tanba.trace.adapters import plain, read
from tanba.trace.adapters.langchain import handler
from tanba.trace.adapters.litellm import LiteLLMCallback
from tanba.trace.adapters.openai import traced
from tanba.trace.rows import Query

START = datetime(2026, 11, 22, 14, 30)
MESSAGES = [{"role": "user", "content": "may I?"}]


def found(house: House) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    house.take()
    rows = reversed(house.book.find(Query()))
    return [(dict(body.record), body.contents()) for row in rows if (body := house.book.content(row))]


@pytest.fixture
def tracer(house: House) -> Tracer:
    return house.tracer(keep=True)


class Answer:
    """As pydantic models do it."""

    def __init__(self, text: str) -> None:
        self.model, self.text = "gpt-4.1-2026", text

    def model_dump(self) -> dict[str, Any]:
        return {"choices": [{"message": {"content": self.text}}], "model": self.model}


# LiteLLM


def test_litellm_calls_are_recorded_by_name(house: House, tracer: Tracer) -> None:
    callback = LiteLLMCallback(tracer)
    kwargs = {"model": "gpt-4.1", "messages": MESSAGES, "litellm_params": {"metadata": {"tanba_subject": "c", "tanba_human": "excluded"}}}
    times = {"start_time": START, "end_time": START + timedelta(milliseconds=5)}
    callback.log_success_event(kwargs=kwargs, response_obj=Answer("yes"), **times)
    asyncio.run(callback.async_log_success_event(kwargs=kwargs, response_obj=Answer("yes"), **times))
    callback(kwargs=kwargs, response_obj={"model": "m"}, **times)
    callback.log_failure_event(kwargs={**kwargs, "exception": TimeoutError()}, response_obj=None, **times)
    asyncio.run(callback.async_log_failure_event(kwargs={"model": "x", "user": "c"}, response_obj=None, **times))
    records = [record for record, _ in found(house)]
    assert [record["outcome"] for record in records] == ["answered", "answered", "answered", "failed", "failed"]
    assert [record["model"] for record in records] == ["gpt-4.1-2026", "gpt-4.1-2026", "m", "gpt-4.1", "x"]
    assert records[3]["reason"] == "TimeoutError"
    assert {record["subject"] for record in records} == {records[0]["subject"]}
    assert records[0]["human"] == "excluded"
    assert records[0]["duration"] == 5000
    assert "may I?" in found(house)[0][1]["inputs"]


def test_a_callback_breaks_nobody_s_call(house: House, tracer: Tracer, caplog: pytest.LogCaptureFixture) -> None:
    callback = LiteLLMCallback(tracer)
    with caplog.at_level(logging.ERROR):
        callback.log_success_event({"metadata": {"tanba_human": "nobody"}}, None, START, START)
        callback.log_success_event(None, None, None, None)
    assert callback.quiet.failed == 1
    assert "was not recorded" in caplog.text
    assert len(found(house)) == 1
    with pytest.raises(Exception, match="human"):
        LiteLLMCallback(tracer, strict=True).log_success_event({"metadata": {"tanba_human": "nobody"}}, None, START, START)


# OpenAI and clients like it


def piece(text: str | None) -> Any:
    return SimpleNamespace(model="gpt-4.1", choices=[SimpleNamespace(delta=SimpleNamespace(content=text))])


class Stream:
    """As the client's."""

    def __init__(self, fail: bool = False) -> None:
        self.closed, self._pieces = False, iter([piece("ye"), piece(None), piece("s")])
        self._fail = fail
        self.response = "of the client"

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._pieces)
        except StopIteration:
            if self._fail:
                raise ConnectionError from None
            raise

    def close(self) -> None:
        self.closed = True


class AsyncStream:
    def __init__(self) -> None:
        self.closed = False
        self._rest = [piece("ye"), piece("s")]

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        if not self._rest:
            raise StopAsyncIteration
        return self._rest.pop(0)

    async def close(self) -> None:
        self.closed = True


def create(**named: Any) -> Any:
    if named.get("model") == "broken":
        raise ConnectionError("no")
    return Stream(named.get("fail", False)) if named.get("stream") else Answer("yes")


async def create_async(**named: Any) -> Any:
    return AsyncStream() if named.get("stream") else create(**named)


def test_a_client_s_calls_are_recorded(house: House, tracer: Tracer) -> None:
    call = traced(create, tracer, describe=lambda named: {"outcome": "granted"} if named["model"] == "a" else {})
    assert call(model="a", messages=MESSAGES, user="c").text == "yes"
    assert call(model="b", messages=MESSAGES).text == "yes"
    with pytest.raises(ConnectionError):
        call(model="broken")
    records = [record for record, _ in found(house)]
    assert [(record["outcome"], record["model"], record["reason"]) for record in records] == [
        ("granted", "gpt-4.1-2026", None),
        ("answered", "gpt-4.1-2026", None),
        ("failed", "broken", "ConnectionError"),
    ]
    assert [bool(record["subject"]) for record in records] == [True, False, False]
    assert "yes" in found(house)[0][1]["outputs"]


def test_streams_are_recorded_once_when_they_end(house: House, tracer: Tracer) -> None:
    call = traced(create, tracer)
    assert len(list(call(model="a", stream=True))) == 3
    by_hand = call(model="a", stream=True)
    while next(by_hand, None):
        pass
    with call(model="a", stream=True) as left:
        next(left)
        assert left.response == "of the client"
    assert left.closed
    for _ in call(model="a", stream=True):
        break
    with pytest.raises(ConnectionError):
        list(call(model="a", stream=True, fail=True))
    outcomes = [(record["outcome"], contents["outputs"]) for record, contents in found(house)]
    assert outcomes == [
        ("answered", "yes"),
        ("answered", "yes"),
        ("interrupted", "ye"),
        ("interrupted", "ye"),
        ("failed", "yes"),
    ]


def test_awaited_calls_and_streams(house: House, tracer: Tracer) -> None:
    def wrapped(**named: Any) -> Any:  # as clients do that check arguments first
        return create_async(**named)

    async def work() -> None:
        assert (await traced(create_async, tracer)(model="a")).text == "yes"
        call = traced(wrapped, tracer)
        assert [each async for each in await call(model="a", stream=True)]
        by_hand = await call(model="a", stream=True)
        assert await anext(by_hand)
        async with by_hand:
            pass
        with pytest.raises(ConnectionError):
            await call(model="broken")

    asyncio.run(work())
    assert [record["outcome"] for record, _ in found(house)] == ["answered", "answered", "interrupted", "failed"]


def test_a_suspended_system_is_not_called(house: House, tracer: Tracer) -> None:
    house.stop()
    called = []
    with pytest.raises(SuspendedError):
        traced(lambda **named: called.append(named), tracer)(model="a")
    assert called == []


# LangChain


def test_runs_of_langchain_are_recorded(house: House, tracer: Tracer) -> None:
    said = handler(tracer)
    config: Any = {"callbacks": [said], "metadata": {"tanba_subject": "c", "tanba_outcome": "granted"}}
    assert FakeListChatModel(responses=["yes"]).invoke("may I?", config=config).content == "yes"
    assert "".join(str(each.content) for each in FakeListChatModel(responses=["no"]).stream("may I?", config={"callbacks": [said]})) == "no"
    assert FakeListLLM(responses=["text"]).invoke("may I?", config={"callbacks": [said]}) == "text"
    (first, contents), (second, _), (third, plain_text) = found(house)
    assert (first["outcome"], bool(first["subject"])) == ("granted", True)
    assert (second["outcome"], third["outcome"]) == ("answered", "answered")
    assert "may I?" in contents["inputs"]
    assert contents["outputs"] == '[["yes"]]'
    assert plain_text == {"inputs": '["may I?"]', "outputs": '[["text"]]'}


def test_errors_of_a_model_and_a_stop(house: House, tracer: Tracer) -> None:
    class Broken(FakeListChatModel):
        def _call(self, *arguments: Any, **named: Any) -> str:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        Broken(responses=["x"]).invoke("may I?", config={"callbacks": [handler(tracer)]})
    house.stop()
    with pytest.raises(SuspendedError):
        FakeListChatModel(responses=["x"]).invoke("may I?", config={"callbacks": [handler(tracer, strict=True)]})
    assert FakeListChatModel(responses=["x"]).invoke("may I?", config={"callbacks": [handler(tracer)]}).content == "x"
    assert [(record["outcome"], record["reason"]) for record, _ in found(house)] == [("failed", "TimeoutError"), ("answered", None)]


def test_what_libraries_hand_out_is_read_with_care() -> None:
    class Hostile:
        def model_dump(self) -> None:
            raise RuntimeError

    assert "Hostile" in str(plain(Hostile()))
    assert read({"a": [1]}, "a", 3) is None
    assert read(None, "a", 0, "b") is None
    assert read(SimpleNamespace(a={"b": 2}), "a", "b") == 2
