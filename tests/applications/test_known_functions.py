"""The function of who answers or signs is filled in from what they typed before, never from what another did (rules 9 and 26)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from applications.domain.drafting import save_section
from applications.domain.signing import ask_signature, sign_by_account
from applications.enums import SigningRole
from coalitions.domain.coalitions import change_contact
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.drafts import mailed_secret
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(LATER):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def asked_page(case: Any, at: Any = LATER) -> str:
    """Ask the partner, and return the address that was mailed."""
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=at)
    case.partners[0].refresh_from_db()
    return reverse("applications:consent", args=[mailed_secret(case.partners[0].contact_email)])


def account_page(case: Any) -> str:
    return reverse("applications:consent_account", args=[case.reference, case.partners[0].pk])


def function_on(client: Client, url: str) -> str:
    return client.get(url).context["form"]["function"].value()


def answer(client: Client, url: str, *, function: str = "directeur", name: str | None = None) -> None:
    form = client.get(url).context["form"]
    values = {"answer": "given", "function": function, "seen_digest": form["seen_digest"].value()}
    if "name" in form.fields:
        values["name"] = name or form["name"].value()
    assert client.post(url, values).status_code in {200, 302}


def change(case: Any, *, name: str, email: str) -> None:
    change_contact(
        participation_id=case.partners[0].pk,
        contact_name=name,
        contact_email=email,
        actor=case.applicant,
        at=LATER,
    )


def rewrite(case: Any) -> None:
    spec = case.call.sections.first()
    version = case.sections.get(spec=spec).version
    save_section(
        reference=case.reference,
        key=spec.key,
        text="Anders.",
        seen_version=version,
        actor=case.applicant,
        at=AT,
    )


class TestByLink:
    def test_who_answered_before_finds_the_own_function_and_may_change_it(self, client: Client, case) -> None:
        url = asked_page(case, AT)
        assert function_on(client, url) == ""
        answer(client, url, function="directeur")
        rewrite(case)
        url = asked_page(case)
        assert function_on(client, url) == "directeur"
        answer(client, url, function="bestuurder")
        assert case.consents.latest("pk").given_by_function == "bestuurder"

    def test_another_person_of_the_same_mailbox_finds_nothing(self, client: Client, case) -> None:
        """Who shares a mailbox, and whoever the lead names at it, does not read what another typed there."""
        address = case.partners[0].contact_email
        answer(client, asked_page(case, AT))
        change(case, name="Iemand Anders", email=address)
        assert function_on(client, asked_page(case)) == ""

    def test_the_same_name_at_another_mailbox_finds_nothing(self, client: Client, case) -> None:
        """The lead chooses the name: it would learn the function by naming a mailbox of its own."""
        name = case.partners[0].contact_name
        answer(client, asked_page(case, AT))
        change(case, name=name, email="elders@partner.example")
        assert function_on(client, asked_page(case)) == ""

    def test_what_was_typed_as_another_stays_of_that_other(self, client: Client, case) -> None:
        answer(client, asked_page(case, AT), name="Waarneemster")
        rewrite(case)
        assert function_on(client, asked_page(case)) == ""


class TestByAccount:
    def test_who_answered_for_the_organisation_finds_the_own_function_also_elsewhere(
        self, client: Client, case
    ) -> None:
        speaker = speaker_for(case.partners[0].organisation)
        asked_page(case, AT)
        log_in(client, speaker)
        answer(client, account_page(case), function="voorzitter")
        assert function_on(client, account_page(case)) == "voorzitter"
        colleague = speaker_for(case.partners[0].organisation)
        log_in(client, colleague)
        assert function_on(client, account_page(case)) == ""

    def test_what_somebody_is_elsewhere_says_nothing_here(self, client: Client, case) -> None:
        speaker = speaker_for(case.partners[0].organisation)
        asked_page(case, AT)
        log_in(client, speaker)
        answer(client, account_page(case))
        other = scenarios.written(coalition_name="Andere coalitie (fictief)")
        place = other.partners[0]
        change_contact(
            participation_id=place.pk, contact_name=speaker.full_name, contact_email=speaker.email,
            actor=other.applicant, at=AT,
        )  # fmt: skip
        asked_page(other)
        assert function_on(client, account_page(other)) == ""

    def test_it_follows_from_the_mailed_link_to_the_account_of_the_same_person(
        self, client: Client, case
    ) -> None:
        partner = case.partners[0]
        answer(client, asked_page(case, AT), function="directeur")
        owner = UserFactory.create(email=partner.contact_email, full_name=partner.contact_name)
        log_in(client, owner)
        rewrite(case)
        assert function_on(client, account_page(case)) == "directeur"
        owner.full_name = "Een Ander"
        owner.save()
        assert function_on(client, account_page(case)) == ""


class TestSigning:
    def test_who_signed_before_for_the_lead_finds_the_own_function(self, client: Client) -> None:
        case = scenarios.submitted(signed=False)
        role = SigningRole.MAIN_APPLICANT
        url = reverse("applications:sign_account", args=[case.reference, role])
        log_in(client, case.applicant)
        assert function_on(client, url) == ""
        sign_by_account(
            application_id=case.pk, role=role, function="coördinator", actor=case.applicant, at=AT
        )
        other = scenarios.submitted(
            scenarios.ready(
                lead=case.lead,
                region=case.coalition.region,
                applicant=case.applicant,
                coalition_name="Tweede coalitie (fictief)",
            ),
            signed=False,
        )
        url = reverse("applications:sign_account", args=[other.reference, role])
        assert function_on(client, url) == "coördinator"
        # Nobody else does: the signatory finds what the application names.
        ask_signature(
            application_id=other.pk, role=SigningRole.AUTHORISED_SIGNATORY, actor=other.applicant, at=LATER
        )
        secret = mailed_secret(other.people.signatory_email, "signature_request")
        signing = reverse("applications:sign", args=[secret])
        assert function_on(client, signing) == other.people.signatory_function
