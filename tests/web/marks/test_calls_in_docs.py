"""What docs/marking.md says of the calls is what they answer."""

import json
import re

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tanba.web import bounds
from tanba.web.marks import desk, publicpage
from web.marks.test_public_page import ROOT

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs/marking.md").read_text(encoding="utf-8").partition("## As a call")[2].partition("\n## ")[0]


def test_the_example_follows_its_schema() -> None:
    (example,) = map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    schema = json.loads((ROOT / "spec/schema/gate-public.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(example)
    assert Client().post("/gate/", {"text": "Сөз."}).json().keys() == example.keys()


def test_every_curl_line_gets_json() -> None:
    lines = re.findall(r"^curl (.*)$", PAGE, re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        address = re.search(r"tanba\.example(/[^' ]*)", line)
        assert address
        headers = {"accept": "application/json"} if "Accept" in line else {"accept": "*/*"}
        if "file=@" in line:
            answer = Client().post(address[1], {"file": SimpleUploadedFile("advert.jpg", b"x")}, headers=headers)
        elif "text=<" in line:
            answer = Client().post(address[1], {"text": "Сөз."}, headers=headers)
        else:
            answer = Client().get(address[1], headers=headers)
        assert answer["Content-Type"] == "application/json", line
        assert answer.status_code in (200, 404), line


def test_bounds_are_as_written() -> None:
    assert f"at most {desk.LARGEST // 1_000_000} MB" in PAGE
    assert f"at most {publicpage.LONGEST_TEXT // 1_000_000} MB" in PAGE
    assert f"{bounds.MOST} requests a minute" in PAGE
    assert bounds.AT_ONCE == 2
    said = PAGE.partition("An error is")[2]
    found = {
        name: int(code)
        for code, names in re.findall(r"(\d{3}) (`.*?)(?=, \d{3}|\. )", said, re.DOTALL)
        for name in re.findall(r"`(\w+)`", names)
    }
    assert found == {**publicpage.ADVICE, "unknown": 404, "number": 422}
