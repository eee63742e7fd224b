"""Who only said that they speak for the lead organisation writes alone, and reaches nobody (rule 27)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from applications.domain.drafting import start_application
from applications.domain.readiness import what_is_missing
from applications.domain.reinstating import reinstate
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit, withdraw
from applications.enums import Status
from applications.permissions import may_answer_as_partner
from applications.queries import owned_by, visible_to
from applications.views.steps import progress_of
from coalitions.domain.coalitions import AlreadyTakesPart, change_contact, start_coalition
from coalitions.domain.correcting import correct_own_organisation
from coalitions.models import Coalition
from coalitions.queries import led_by, spoken_for_by
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.models import OutgoingMail
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.domain.representing import end_representation, restate
from organisations.models import Representative
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import confirm_pending, office, pending_for, speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def started_by_somebody_pending() -> "tuple[scenarios.Case, User]":
    """A draft in the name of an organisation, by somebody who only said that they speak for it."""
    case = scenarios.ready()
    row = Representative.objects.get(user=case.applicant)
    Representative.objects.filter(pk=row.pk).update(proof="", proved_by=None, proved_at=None)
    return case, case.applicant


def test_a_pending_person_starts_a_coalition_and_writes() -> None:
    lead = scenarios.written().lead
    user = pending_for(lead)
    region = lead.municipality.region
    coalition = start_coalition(
        name="Eigen (fictief)", region=region, lead_organisation=lead, actor=user, at=AT
    )
    draft = start_application(coalition_id=coalition.pk, call=scenarios.started().call, actor=user, at=AT)
    assert (list(led_by(user)), list(owned_by(user))) == ([coalition], [draft])


def test_a_pending_person_sees_nothing_of_what_others_began_for_the_organisation() -> None:
    case = scenarios.written()
    user = pending_for(case.lead)
    assert (list(led_by(user)), list(visible_to(user))) == ([], [])


def test_the_name_of_a_coalition_does_not_tell_a_pending_person_that_it_is_there() -> None:
    """Rule 26: neither a refusal nor the coalition itself."""
    case = scenarios.written()
    user = pending_for(case.lead)
    started = start_coalition(
        name=case.coalition.name,
        region=case.coalition.region,
        lead_organisation=case.lead,
        actor=user,
        at=AT,
    )
    assert started.pk != case.coalition_id
    assert Coalition.objects.filter(name=case.coalition.name).count() == 2


def test_nobody_is_mailed_and_nothing_submitted_before_it_is_proved() -> None:
    case, user = started_by_somebody_pending()
    before = OutgoingMail.objects.count()
    with pytest.raises(NotAllowed):
        ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=user, at=LATER)
    review_round = case.call.rounds.all()[0]
    with pytest.raises(NotAllowed):
        submit(application_id=case.pk, for_round_id=review_round.pk, actor=user, at=LATER)
    assert OutgoingMail.objects.count() == before
    missing = what_is_missing(snapshot_of(case), review_round=review_round, at=LATER)
    assert [str(each.sentence) for each in missing] == [
        f"Wij controleren nog of u namens {case.lead.name} mag spreken."
    ]
    confirm_pending(at=LATER)
    assert (
        submit(application_id=case.pk, for_round_id=review_round.pk, actor=user, at=LATER).status
        == Status.SUBMITTED
    )


def test_what_a_colleague_submitted_is_no_longer_open_to_who_only_said_so() -> None:
    case, user = started_by_somebody_pending()
    colleague = speaker_for(case.lead)
    review_round = case.call.rounds.all()[0]
    submit(application_id=case.pk, for_round_id=review_round.pk, actor=colleague, at=LATER)
    assert (list(owned_by(user)), list(visible_to(user))) == ([], [])
    assert list(led_by(user)) == []
    with pytest.raises(NotAllowed):
        withdraw(application_id=case.pk, actor=user, at=LATER)


def test_nor_is_it_once_the_colleague_withdrew_it(client: Client) -> None:
    """Rules 26 and 27: they do not hear of it, and change nothing that keeps it from being put back."""
    case, user = started_by_somebody_pending()
    colleague = speaker_for(case.lead)
    submit(application_id=case.pk, for_round_id=case.call.rounds.all()[0].pk, actor=colleague, at=LATER)
    withdraw(application_id=case.pk, actor=colleague, at=LATER)
    assert (list(led_by(user)), list(owned_by(user)), list(visible_to(user))) == ([], [], [])
    with pytest.raises(NotAllowed):
        start_application(coalition_id=case.coalition_id, call=case.call, actor=user, at=LATER)
    contact = {"contact_name": "Iemand", "contact_email": "iemand@anders.example"}
    with pytest.raises(NotAllowed):
        change_contact(participation_id=case.partners[0].pk, **contact, actor=user, at=LATER)
    row, before = Representative.objects.get(user=user), case.coalition.lead_named_at
    facts = OrganisationFacts("Anders (fictief)", row.stated_legal_form, row.stated_municipality)
    correct_own_organisation(representative_id=row.pk, facts=facts, actor=user, at=LATER)
    case.coalition.refresh_from_db()
    assert (case.coalition.lead_named_at, case.coalition.lead_name) == (before, case.lead.name)
    log_in(client, user)
    assert client.get(reverse("coalitions:detail", args=[case.coalition_id])).status_code == 404
    again = reinstate(application_id=case.pk, actor=colleague, at=LATER)
    assert again.status == Status.SUBMITTED


def test_a_pending_person_discards_the_own_draft() -> None:
    case, user = started_by_somebody_pending()
    assert withdraw(application_id=case.pk, actor=user, at=LATER).status == Status.WITHDRAWN
    # The page that says so is not closed to who did it.
    assert list(visible_to(user)) == [case]


def test_a_partner_that_was_asked_answers_for_itself_whoever_claims_the_lead() -> None:
    """Saying that one speaks for the lead does not lock the real contact person of a partner out."""
    case = scenarios.written()
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    contact = pending_for(case.lead, email=case.partners[0].contact_email)
    assert list(visible_to(contact)) == [case]
    assert may_answer_as_partner.allows(contact, case)


def test_trying_addresses_does_not_tell_a_pending_person_who_speaks_for_the_organisation(
    client: Client,
) -> None:
    """By difference: the address of somebody who speaks for it, and that of nobody, give the same pages (rule 26)."""
    case, user = started_by_somebody_pending()
    speaker, nobody = speaker_for(case.lead), "nergens@voorbeeld.example"
    partner = case.partners[0]
    log_in(client, user)
    change = reverse("coalitions:change_contact", args=[case.coalition_id, partner.pk])
    seen = {}
    for address in (speaker.email, nobody):
        answers = [client.post(change, {"contact_name": "Iemand", "contact_email": address})]
        answers += [
            client.get(reverse(f"applications:{name}", args=[case.reference]))
            for name in ("overview", "partners", "check")
        ]
        seen[address] = [(each.status_code, page_text(each).replace(address, "…")) for each in answers]
    assert seen[speaker.email] == seen[nobody]


def test_a_partner_with_a_mailbox_of_the_lead_is_found_by_who_may_know_and_never_answers() -> None:
    """What a pending person could not be told keeps two people apart all the same (rule 8)."""
    case, user = started_by_somebody_pending()
    speaker, colleague = speaker_for(case.lead), speaker_for(case.lead)
    partner = case.partners[0]
    change_contact(
        participation_id=partner.pk,
        contact_name="Iemand",
        contact_email=speaker.email,
        actor=user,
        at=LATER,
    )
    application = case.coalition.applications.get()
    with pytest.raises(NotAllowed):
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=colleague, at=LATER)
    with pytest.raises(AlreadyTakesPart):
        change_contact(
            participation_id=partner.pk,
            contact_name="Iemand anders",
            contact_email=speaker.email,
            actor=colleague,
            at=LATER,
        )
    sentence = f"{partner.organisation.name} antwoordt via een mailbox van de penvoerder."
    told = {
        each: [
            str(one.sentence) for one in progress_of(snapshot_of(application), user=each, at=LATER).missing
        ]
        for each in (user, colleague)
    }
    assert any(each.startswith(sentence) for each in told[colleague])
    assert not any(each.startswith(sentence) for each in told[user])


@pytest.mark.parametrize("page", ["start", "applications", "draft", "who writes", "coalitions", "coalition"])
def test_who_does_speak_for_it_reads_who_began_it(client: Client, page: str) -> None:
    """Rules 27 and 37: in a draft that somebody unknown began, that person reads along."""
    case, beginner = started_by_somebody_pending()
    pages = {
        "start": reverse("website:start"),
        "applications": reverse("applications:list"),
        "draft": reverse("applications:overview", args=[case.reference]),
        "who writes": reverse("applications:collaborators", args=[case.reference]),
        "coalitions": reverse("coalitions:list"),
        "coalition": reverse("coalitions:detail", args=[case.coalition_id]),
    }
    name = re.escape(beginner.full_name)
    told = rf"egonnen door {name}|{name} begon dit"
    with at_moment(AT):
        log_in(client, speaker_for(case.lead))
        assert re.search(told, page_text(client.get(pages[page])))
        log_in(client, beginner)
        assert not re.search(told, page_text(client.get(pages[page])))
        confirm_pending()
        log_in(client, speaker_for(case.lead))
        assert not re.search(told, page_text(client.get(pages[page])))


def test_who_was_ended_does_not_come_back_into_drafts_by_saying_it_once_more(client: Client) -> None:
    """Rules 22 and 27: what somebody began while they spoke for an organisation belongs to the organisation."""
    case = scenarios.written()
    row = Representative.objects.get(user=case.applicant)
    end_representation(representative_id=row.pk, reason="Uit dienst.", actor=office(), at=LATER)
    assert list(owned_by(case.applicant)) == []
    facts = OrganisationFacts(
        kvk_number=case.lead.kvk_number,
        name=case.lead.name,
        legal_form=case.lead.legal_form,
        municipality=case.lead.municipality,
    )
    claim_organisation(facts=facts, actor=case.applicant, at=LATER + timedelta(minutes=1))
    assert (list(led_by(case.applicant)), list(owned_by(case.applicant))) == ([], [])


def test_who_only_names_the_organisation_otherwise_keeps_what_they_began() -> None:
    case, beginner = started_by_somebody_pending()
    row = Representative.objects.get(user=beginner)
    named = {
        name: getattr(row, name)
        for name in ("stated_name", "stated_sort_name", "stated_legal_form", "stated_municipality")
    }
    restated = restate(row, {**named, "stated_name": "Anders (fictief)"}, actor=beginner, at=LATER)
    assert restated.unbroken_since == row.since_at
    assert list(owned_by(beginner)) == [case]


def test_a_coalition_of_a_lead_that_nobody_proved_reaches_no_partner_before_it_is_asked() -> None:
    """Rules 26 and 27: a stranger writes nothing on the pages of organisations whose numbers they know."""
    case, _beginner = started_by_somebody_pending()
    place = case.coalition.participations.get(is_lead=False)
    place.links.all().update(used_at=None)
    speaker = speaker_for(place.organisation)
    assert place in spoken_for_by(speaker)
    case.consents.all().delete()
    place.links.all().delete()
    assert list(spoken_for_by(speaker)) == []
    confirm_pending()
    assert list(spoken_for_by(speaker)) == [place]
