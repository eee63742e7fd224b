"""The web server killed while ten people save: what was answered "saved" is there, once, and nothing else (rules 12 and 32)."""

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from hubportal.accounts.models import User
from tests.factories import scenarios
from tests.factories.accounts import in_letters, log_in
from tests.factories.organisations import speaker_for
from tests.faults.conftest import Server, until

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, SAVES = 10, 20
# The worker that saves is killed after so many saves, and after some of them the whole server.
KILLED_AFTER = {20: "workers", 60: "server", 100: "workers", 140: "server", 180: "workers"}
# A kill seldom falls between the save and its answer: of each fifth the answer is lost on purpose.
ANSWER_LOST_OF_EACH = 5
TOKEN = "a" * 32


@dataclass
class Writer:
    """Somebody who saves one part of a draft time and again, and tries anew what was not answered."""

    case: "scenarios.Case"
    part: str
    user: User
    address: str
    version: int
    fields: Callable[[str], dict[str, Any]]
    answered: list[int] = field(default_factory=list)
    tried_again: int = 0

    def __post_init__(self) -> None:
        # Before threads begin, which would have connections of their own.
        self.session = log_in(Client(), self.user).session.session_key
        arguments = [self.case.reference]
        is_section = self.part not in {"budget", "people"}
        name = "section" if is_section else self.part
        self.path = reverse(f"applications:{name}", args=[*arguments, self.part] if is_section else arguments)

    def save_all(self) -> None:
        """Save one text after another, each until it is said to be saved."""
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
        headers = {
            "Cookie": cookies, "X-CSRFToken": TOKEN, "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        for number in range(1, SAVES + 1):
            body = urlencode({**self.fields(text_of(number)), "seen_version": self.version})
            if number % ANSWER_LOST_OF_EACH == 0:
                self._send_without_waiting(body, headers)
            until(lambda body=body: self._is_saved(body, headers), what=f"save {number} of {self.part}")

    def _send_without_waiting(self, body: str, headers: dict[str, str]) -> None:
        """Send a save of which the answer is lost on its way."""
        with (
            contextlib.suppress(OSError, HTTPException),
            contextlib.closing(self._connection()) as connection,
        ):
            connection.request("POST", self.path, body, headers)

    def _connection(self) -> HTTPConnection:
        return HTTPConnection(urlsplit(self.address).netloc, timeout=30)

    def _is_saved(self, body: str, headers: dict[str, str]) -> bool:
        connection = self._connection()
        try:
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException):
            self.tried_again += 1
            return False
        finally:
            connection.close()
        assert response.status == 200, f"{self.part}: {response.status} {answer[:300]!r}"
        self.version = json.loads(answer)["version"]
        self.answered.append(self.version)
        return True


def text_of(number: int) -> str:
    # Names of people have no digits.
    return f"Versie {in_letters(number)} (fictief)"


def writers(address: str) -> Iterator[Writer]:
    """Give ten people who write sections, budgets and people of three drafts."""
    for which in range(3):
        case = scenarios.started(partners=1, coalition_name=f"Coalitie {which} (fictief)")
        for part, version, fields in (
            ("opgave", 0, lambda text: {"text": text}),
            ("aanpak", 0, lambda text: {"text": text}),
            ("budget", case.budget_version, _budget_of(case)),
            ("people", case.people.version, _people_of(case)),
        ):
            yield Writer(case, part, speaker_for(case.lead), address, version, fields)


def _budget_of(case: "scenarios.Case") -> Callable[[str], dict[str, Any]]:
    row = {
        "heading": case.call.headings.filter(is_contribution=False)[0].pk,
        "participation": case.coalition.participations.get(is_lead=True).pk,
        "amount": "1250,00",
        "key": uuid4(),
    }
    table = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    line = {f"lines-0-{name}": value for name, value in row.items()}
    return lambda text: {**table, **line, "lines-0-description": text}


def _people_of(case: "scenarios.Case") -> Callable[[str], dict[str, Any]]:
    typed = scenarios.people_typed(case)
    return lambda text: {**typed, "leader_name": text}


def kept_by(writer: Writer) -> tuple[int, str]:
    """Return version and text that stand in the part of a writer."""
    draft = Application.objects.get(pk=writer.case.pk)
    if writer.part == "budget":
        [line] = draft.budget_lines.all()
        assert (line.amount, draft.requested_amount) == (Decimal(1250), Decimal(1250))
        return draft.budget_version, line.description
    if writer.part == "people":
        return draft.people.version, draft.people.leader_name
    section = draft.sections.get(spec__key=writer.part)
    return section.version, section.text


def test_every_save_that_was_answered_is_there_once_however_often_the_server_is_killed(
    server: Server,
) -> None:
    people = list(writers(server.address))[:PEOPLE]
    began_with = [each.version for each in people]

    def saved() -> int:
        return sum(len(each.answered) for each in people)

    with ThreadPoolExecutor(PEOPLE) as pool:
        done: list[Future[None]] = [pool.submit(each.save_all) for each in people]
        for after, what in KILLED_AFTER.items():
            until(
                lambda after=after: saved() >= after or any(each.done() for each in done),
                what=f"{after} saves",
            )
            server.kill(what)
        for each in done:
            each.result()
    # Each save is one version more: none is lost, and none that was tried again counts twice.
    for each, first in zip(people, began_with, strict=True):
        assert each.answered == list(range(first + 1, first + 1 + SAVES)), each.part
        assert kept_by(each) == (first + SAVES, text_of(SAVES)), each.part
    assert saved() == PEOPLE * SAVES
    # Else it was killed while nobody saved, and this proves nothing.
    assert sum(each.tried_again for each in people) > 0
