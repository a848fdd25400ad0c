"""The cast. Alice administers, Carol is the compliance officer, Bob owns one system, Dana audits, Charlie must see nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.systems.models import System
from tests_web import BIN, OTHER_BIN, PASSWORD


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.SECRET_KEY = "for tests"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _ledger() -> Iterator[None]:
    """Each test has a ledger of its own: what this process opened is closed, and what it said of it forgotten."""
    yield
    from tanba.web import bounds
    from tanba.web.accounts import tokens
    from tanba.web.decisions import api as decisions_api
    from tanba.web.decisions import desk as decisions
    from tanba.web.documents import checkpage
    from tanba.web.evidence import ledger, outbox
    from tanba.web.faces import public, suspensions
    from tanba.web.marks import desk
    from tanba.web.notices import api
    from tanba.web.notices import desk as notices

    ledger.close()
    desk.close()
    suspensions.close()
    notices.close()
    decisions.close()
    for limit in (bounds.limit, tokens.failures, public.reading, public.sending, api.asking, api.showing, decisions_api.sending):
        limit.clear()
    checkpage.reading.clear()
    checkpage.sending.clear()
    outbox._trouble.clear()


@pytest.fixture
def company(db: None) -> Organisation:
    departments = [{"kk": "Заң департаменті", "ru": "Юридический департамент", "en": "Legal"}]
    return Organisation.objects.create(
        name={"kk": "«Қарлығаш» АҚ", "ru": "АО «Карлыгаш»", "en": "Qarlygash JSC"}, bin=BIN, offender_class="large", departments=departments
    )


def person(name: str, organisation: Organisation, role: str) -> User:
    user = User.objects.create_user(f"{name.lower()}@tanba.example", PASSWORD, name=name, language="en")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def alice(company: Organisation) -> User:
    return person("Alice", company, "administrator")


@pytest.fixture
def carol(company: Organisation) -> User:
    return person("Carol", company, "compliance")


@pytest.fixture
def bob(company: Organisation) -> User:
    return person("Bob", company, "owner")


@pytest.fixture
def dana(company: Organisation) -> User:
    return person("Dana", company, "auditor")


@pytest.fixture
def charlie(db: None) -> User:
    elsewhere = Organisation.objects.create(name={"en": "Elsewhere LLP"}, bin=OTHER_BIN)
    return person("Charlie", elsewhere, "administrator")


@pytest.fixture
def system(company: Organisation, bob: User) -> System:
    """Bob's system."""
    return System.objects.create(
        organisation=company, slug="scorer", name={"kk": "Кредиттік скоринг", "ru": "Кредитный скоринг", "en": "Credit scorer"}, owner=bob
    )


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """`sign_in(user)`: a browser in which that person is signed in, with the person's or another language."""

    def signed_in(user: User, language: str = "en") -> Client:
        client = Client()
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(language=language)
        return client

    return signed_in
