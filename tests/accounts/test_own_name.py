"""Who corrects the own name is called so wherever others see them, and nowhere where it was fixed before (rules 27, 32 and 33)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from applications.domain.frozen import frozen_content
from applications.domain.signing import sign_by_account
from applications.enums import SigningRole
from applications.models import Consent, DeclarationSignature
from hubportal.accounts.domain.naming import MOST_NAMES_A_DAY, change_own_name
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import PASSWORD, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
NEW = "Noor van de Verbetering"
PAGE = "/account/naam/"


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def authenticated(client: Client, user: User) -> Client:
    """Return the browser of somebody who has just shown who they are."""
    cache.clear()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def events() -> list[tuple[int | None, dict[str, Any]]]:
    return list(AuditEvent.objects.filter(act="accounts.name_changed").values_list("actor_id", "facts"))


class TestThePage:
    def test_shows_the_name_and_changes_it(self, client: Client) -> None:
        user = person()
        authenticated(client, user)
        assert f"Anderen zien deze naam: {user.full_name}" in page_text(client.get(PAGE))
        told = page_text(client.post(PAGE, {"full_name": f"  {NEW.replace(' ', '  ')} "}, follow=True))
        assert ("Uw naam is veranderd." in told, f"Anderen zien deze naam: {NEW}" in told) == (True, True)
        user.refresh_from_db()
        assert user.full_name == NEW
        # Once, without the names: the log is kept longer than they may be.
        assert events() == [(user.pk, {})]
        mail = OutgoingMail.objects.get(kind="name_changed")
        assert (mail.recipient, NEW in mail.body) == (user.email, True)

    def test_pressed_twice_it_is_changed_once(self, client: Client) -> None:
        authenticated(client, person())
        for _press in range(2):
            client.post(PAGE, {"full_name": NEW})
        assert (len(events()), OutgoingMail.objects.filter(kind="name_changed").count()) == (1, 1)

    @pytest.mark.parametrize("typed", ["", "  ", "\u200b", "Kijk op www.reclame.example", "a" * 151])
    def test_refuses_what_is_no_name_and_keeps_what_was_typed(self, client: Client, typed: str) -> None:
        user = person()
        authenticated(client, user)
        refused = client.post(PAGE, {"full_name": typed})
        assert (refused.status_code, events()) == (422, [])
        assert refused.context["form"]["full_name"].value() == typed.strip(" \u200b")
        # Above it stands what others still see.
        assert f"Anderen zien deze naam: {user.full_name}" in page_text(refused)

    def test_an_open_session_alone_changes_nothing(self, client: Client) -> None:
        """Rule 27: who sits down at somebody's screen would answer under another name."""
        user = person()
        client.force_login(user)
        assert client.get(PAGE).status_code == 200
        asked = client.post(PAGE, {"full_name": NEW})
        assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("account_reauthenticate"))
        user.refresh_from_db()
        assert (user.full_name == NEW, events()) == (False, [])
        # Once they showed who they are, what they typed is done.
        client.post(asked.url, {"password": PASSWORD}, follow=True)
        user.refresh_from_db()
        assert user.full_name == NEW


class TestTheAct:
    def test_nobody_is_called_otherwise_all_day(self) -> None:
        user = person()
        for number in range(MOST_NAMES_A_DAY):
            assert change_own_name(name=f"Naam {number}", actor=user, at=AT)
        with pytest.raises(RuleViolation):
            change_own_name(name=NEW, actor=user, at=AT)
        assert len(events()) == MOST_NAMES_A_DAY

    def test_an_account_that_ended_is_not_called_otherwise(self) -> None:
        user = person()
        user.is_active = False
        user.save()
        with pytest.raises(NotAllowed):
            change_own_name(name=NEW, actor=user, at=AT)
        with pytest.raises(RuleViolation):
            change_own_name(name=" ", actor=person(), at=AT)


class TestWhatFollowsIt:
    def test_others_see_the_new_name_wherever_it_is_live(self, client: Client) -> None:
        case = scenarios.written()
        old, colleague = case.applicant.full_name, speaker_for(case.lead)
        change_own_name(name=NEW, actor=case.applicant, at=AT)
        log_in(client, colleague)
        for page in (
            reverse("applications:coalition", args=[case.reference]),
            reverse("applications:section_versions", args=[case.reference, case.call.sections.first().key]),
            reverse("organisations:colleagues", args=[case.lead.pk]),
        ):
            told = page_text(client.get(page))
            assert (NEW in told, old in told) == (True, False), page

    def test_what_was_submitted_consented_and_signed_keeps_the_name_of_then(self, client: Client) -> None:
        case = scenarios.submitted(signed=False)
        old = case.applicant.full_name
        sign_by_account(application_id=case.pk, role=SigningRole.MAIN_APPLICANT, actor=case.applicant, at=AT)
        before = bytes(case.frozen.content), list(Consent.objects.values_list("given_by_name"))
        change_own_name(name=NEW, actor=case.applicant, at=AT)
        case.frozen.refresh_from_db()
        assert (bytes(case.frozen.content), list(Consent.objects.values_list("given_by_name"))) == before
        assert frozen_content(case)["people"]["main_applicant"]["name"] == old
        assert DeclarationSignature.objects.get().name == old
        log_in(client, case.applicant)
        status = page_text(client.get(reverse("applications:status", args=[case.reference])))
        assert f"{old} ondertekende op" in status
