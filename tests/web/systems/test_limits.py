"""What article 7(1) asks of a system and no fact tells: written on a page or in a file, and printed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tanba.documents.model import statements
from tanba.errors import InputError
from tanba.law.facts import parse_system
from tanba.law.load import load
from tanba.people.written import checked_limits
from tanba.web.accounts.models import User
from tanba.web.documents import desk
from tanba.web.systems.files import new_system, system_yaml
from tanba.web.systems.models import System

SignIn = Callable[..., Client]


def test_written_on_the_page_they_stand_in_the_passport_and_taken_back_they_are_gaps_again(
    system: System, alice: User, sign_in: SignIn
) -> None:
    browser, address = sign_in(alice), reverse("systems:edit", args=[system.organisation_id, system.slug])
    sent = {"name_kk": "Скоринг", "accuracy_ru": "Gini 0,61", "known_errors_en": "Seasonal income"}
    assert browser.post(address, sent).status_code == 302
    system.refresh_from_db()
    assert system.limits == {"accuracy": {"ru": "Gini 0,61"}, "known_errors": {"en": "Seasonal income"}}
    said = dict(statements(desk.make("passport", desk.known(system))))
    assert said["accuracy"].text == {"ru": "Gini 0,61"}
    assert said["not_fit_for"].gap
    assert "Gini 0,61" in browser.get(reverse("systems:show", args=[system.organisation_id, system.slug])).content.decode()
    browser.post(address, {"name_kk": "Скоринг"})
    system.refresh_from_db()
    assert system.limits == {}


def test_a_file_gives_them_and_gets_them_back(system: System) -> None:
    system.limits = {"accuracy": {"kk": "Gini 0,61"}, "not_fit_for": {"en": "Business loans"}}
    found = parse_system(system_yaml(system), load("kz"), Path("x.yaml"))
    made = new_system(system.organisation, found)
    assert made.limits == system.limits


@pytest.mark.parametrize("written", [["x"], {"speed": "x"}, {"accuracy": 5}, {"accuracy": {"de": "x"}}, {"accuracy": "x" * 2001}])
def test_what_is_no_limit_is_refused_with_its_place(written: object) -> None:
    with pytest.raises(InputError, match="limits"):
        checked_limits(written)
