"""A partner that was asked, or declined, can be removed or replaced until the application is submitted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from applications.domain.readiness import what_is_missing
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.snapshot import snapshot_of
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.models import ApplicationPeople, BudgetLine, Consent, OneTimeLink
from applications.views import consents
from coalitions.domain.coalitions import remove_partner
from coalitions.models import Participation
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from tests.applications.leading import taken
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


def free(case: "scenarios.Case", partner: Participation) -> None:
    """Move what hangs on a partner to the lead organisation."""
    lead = case.coalition.participations.get(is_lead=True)
    BudgetLine.objects.filter(participation=partner).update(participation=lead)
    ApplicationPeople.objects.filter(application=case).update(leader_organisation=case.lead)


def asked_and_another() -> tuple["scenarios.Case", Participation, Participation]:
    """Return a draft to which two partners agreed; the first of them has no share of the budget any more."""
    case = scenarios.written()
    first = case.partners[0]
    scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
    free(case, first)
    another = case.coalition.participations.filter(is_lead=False).exclude(pk=first.pk).get()
    for each in (first, another):
        scenarios.consented(case, each)
    return case, first, another


def test_a_partner_that_is_removed_while_its_page_is_made_is_not_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scenarios.written()
    place = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=AT)
    address = reverse("applications:consent", args=[scenarios.mailed_secret(place.contact_email)])
    free(case, place)

    def removed_meanwhile(**_: object) -> None:
        remove(case, place)

    monkeypatch.setattr(consents, "note_request_opened", removed_meanwhile)
    with at_moment(LATER):
        assert client.get(address).status_code == 404


def remove(case: "scenarios.Case", partner: Participation, **changes: object) -> None:
    arguments = {
        "application_id": case.pk,
        "participation_id": partner.pk,
        "actor": case.applicant,
        "at": LATER,
    }
    remove_asked_partner(**{**arguments, **changes})  # type: ignore[arg-type]


def test_a_partner_that_agreed_is_removed_and_told_and_the_others_agree_again() -> None:
    """Rules 9 and 12."""
    case, first, another = asked_and_another()
    remove(case, first)
    remove(case, first)
    assert list(case.coalition.participations.filter(is_lead=False)) == [another]
    assert not OneTimeLink.objects.filter(participation_id=first.pk).exists()
    assert list(Consent.objects.all()) == [another.consents.get()]
    mail = OutgoingMail.objects.get(kind="partner_removed")
    assert mail.recipient == first.contact_email
    assert "U hoeft niets te doen." in mail.body
    missing = what_is_missing(snapshot_of(case), review_round=None, at=LATER)
    name = another.organisation.name
    assert f"{name} stemde in met een eerdere tekst. Vraag opnieuw om instemming." in [
        str(each.sentence) for each in missing if each.page == "partners"
    ]
    assert list(every_violation()) == []


def test_who_led_before_is_told_when_the_new_lead_removes_it() -> None:
    """Rule 44: they wrote it, and are asked nothing any more."""
    case = scenarios.written()
    former = case.coalition.participations.get(is_lead=True)
    taker = taken(case)
    case.refresh_from_db()
    free(case, former)
    ApplicationPeople.objects.filter(application=case).update(leader_organisation=None)
    with pytest.raises(RuleViolation, match="was eerder de penvoerder"):
        remove_partner(coalition_id=case.coalition_id, participation_id=former.pk, actor=taker, at=LATER)
    former.refresh_from_db()
    remove(case, former, actor=taker)
    mail = OutgoingMail.objects.get(kind="partner_removed")
    assert (mail.recipient, "was eerder de penvoerder" in mail.body) == (case.applicant.email, True)


def test_what_hangs_on_a_partner_is_moved_first() -> None:
    """Rule 12."""
    case = scenarios.written()
    partner = case.partners[0]
    scenarios.consented(case, partner)
    with pytest.raises(RuleViolation, match="deel van de begroting"):
        remove(case, partner)
    BudgetLine.objects.filter(participation=partner).delete()
    with pytest.raises(RuleViolation, match="projectleider"):
        remove(case, partner)
    assert Consent.objects.filter(participation=partner).exists()


def test_a_partner_with_a_share_of_a_discarded_draft_stays_since_nobody_can_move_that() -> None:
    case = scenarios.written()
    partner = case.partners[0]
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    again = start_again(application_id=case.pk, actor=case.applicant, at=LATER)
    BudgetLine.objects.filter(application=again).delete()
    ApplicationPeople.objects.filter(application=again).update(leader_organisation=case.lead)
    with pytest.raises(RuleViolation, match="die is ingediend of ingetrokken, en blijft daarom"):
        remove(case, partner, application_id=again.pk)


def test_nobody_else_removes_and_nobody_after_submission() -> None:
    case = scenarios.submitted()
    with pytest.raises(RuleViolation):
        remove(case, case.partners[0])
    draft, first, _another = asked_and_another()
    with pytest.raises(NotAllowed):
        remove(draft, first, actor=UserFactory.create())
    assert Participation.objects.filter(pk__in=[first.pk, case.partners[0].pk]).count() == 2


def test_the_page_says_what_is_undone_and_removes(client: Client) -> None:
    """Rule 30."""
    case = scenarios.written()
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    log_in(client, case.applicant)
    page = reverse("applications:remove_partner", args=[case.reference, partner.pk])
    list_page = reverse("applications:partners", args=[case.reference])
    assert page in client.get(list_page).content.decode()
    # What cannot be done yet is said before it is offered.
    shown = page_text(client.get(page))
    assert ("deel van de begroting" in shown, "Ja, verwijderen" in shown) == (True, False)
    refused = client.post(page, follow=True)
    assert "deel van de begroting" in page_text(refused)
    free(case, partner)
    shown = page_text(client.get(page))
    assert ("moeten opnieuw instemmen" in shown, "Ja, verwijderen" in shown) == (True, True)
    removed = client.post(page, follow=True)
    assert "zit niet meer in de coalitie" in page_text(removed)
    assert not case.coalition.participations.filter(is_lead=False).exists()


def test_what_took_part_before_is_kept_once_per_coalition() -> None:
    case, first, _another = asked_and_another()
    was = {"organisation": first.organisation, "joined_at": AT, "removed_at": AT, "took_part": True}
    case.coalition.former_partners.create(**was, said_no=False)
    with refused_by("former_partner_once_per_coalition"):
        case.coalition.former_partners.create(**was, said_no=True)
