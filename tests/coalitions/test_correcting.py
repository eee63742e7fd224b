"""Who typed how their organisation is called can correct it, until they submit (rules 9, 26 and 27)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ContentChanged
from applications.domain.content import content_of, reading_digest
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit
from applications.models import Application
from coalitions.domain.correcting import correct_own_organisation
from coalitions.domain.ties import NotTiedToRegion
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import NotALegalPerson, OrganisationFacts
from organisations.domain.representing import confirm_as_office
from organisations.enums import Standing
from organisations.legal_forms import LegalForm
from organisations.models import Representative
from tests.applications.consenting import answer, ask, states
from tests.applications.leading import taken
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, office, speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.pages import at_moment, page_text
from tests.racing import held_open
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
RIGHT = "Stichting Goed Gespeld (fictief)"


def mine(case: Any) -> Representative:
    return Representative.objects.get(organisation=case.lead, user=case.applicant, ended_at=None)


def facts(row: Representative, **values: Any) -> OrganisationFacts:
    kept = {
        "name": row.stated_name,
        "legal_form": row.stated_legal_form,
        "municipality": row.stated_municipality,
    }
    return OrganisationFacts(**{**kept, **values})


def corrected(row: Representative, *, actor: User | None = None, **values: Any) -> Representative:
    typed = facts(row, **{"name": RIGHT, **values})
    return correct_own_organisation(representative_id=row.pk, facts=typed, actor=actor or row.user, at=LATER)


def test_the_coalition_and_the_application_follow() -> None:
    case = scenarios.written()
    case.coalition.refresh_from_db()
    corrected(mine(case))
    case.refresh_from_db()
    application = Application.objects.get(pk=case.pk)
    assert application.coalition.lead_name == RIGHT
    assert content_of(snapshot_of(application))["organisations"][0]["name"] == RIGHT
    assert list(every_violation()) == []


def test_who_vouched_did_so_under_another_name() -> None:
    """Rule 27."""
    row = mine(scenarios.written())
    now = corrected(row)
    row.refresh_from_db()
    assert (row.standing, now.standing, now.stated_name) == (Standing.ENDED, Standing.PENDING, RIGHT)
    # Who had the page open under the other name confirms nothing.
    with pytest.raises(NotAllowed):
        confirm_as_office(representative_id=row.pk, shown_dispute="", actor=office(), at=LATER)
    confirm_as_office(representative_id=now.pk, shown_dispute="", actor=office(), at=LATER)
    now.refresh_from_db()
    assert now.standing == Standing.PROVED


def test_colleagues_are_asked_to_confirm_and_read_the_name_that_they_gave() -> None:
    case = scenarios.written()
    colleague = speaker_for(case.lead)
    OutgoingMail.objects.all().delete()
    corrected(mine(case))
    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, RIGHT in mail.subject + mail.body) == (colleague.email, False)


def test_partners_who_agreed_to_another_name_agree_anew() -> None:
    """Rule 9."""
    case = scenarios.ready()
    assert states(case) == [(True, False)]
    corrected(mine(case))
    assert states(case) == [(False, True)]
    confirm_as_office(representative_id=mine(case).pk, shown_dispute="", actor=office(), at=LATER)
    answer(case, ask(case, at=LATER), at=LATER + timedelta(hours=1))
    assert states(case) == [(True, False)]


def test_who_read_the_name_of_before_reads_again() -> None:
    case = scenarios.written()
    link = ask(case)
    case.refresh_from_db()
    shown = reading_digest(snapshot_of(case))
    corrected(mine(case))
    with pytest.raises(ContentChanged):
        answer(case, link, seen_digest=shown)


def test_doing_it_twice_does_it_once() -> None:
    case = scenarios.written()
    row = mine(case)
    assert corrected(row) == corrected(row)
    assert Representative.objects.filter(user=case.applicant).count() == 2


def test_what_was_corrected_otherwise_meanwhile_is_not_overwritten() -> None:
    case = scenarios.written()
    row = mine(case)
    corrected(row)
    with pytest.raises(NewerVersion):
        corrected(row, name="Iets anders (fictief)")
    assert mine(case).stated_name == RIGHT


def test_what_somebody_else_started_keeps_the_name_that_they_gave() -> None:
    case = scenarios.written()
    row = RepresentativeFactory.create(organisation=case.lead)
    corrected(row)
    case.coalition.refresh_from_db()
    assert case.coalition.lead_name == mine(case).stated_name != RIGHT


def _ended(case: Any) -> None:
    """Let who began the coalition represent its lead no longer, and say anew that they do."""
    Representative.objects.filter(pk=mine(case).pk).update(
        ended_at=AT + timedelta(minutes=1), ended_by=office(), end_reason="Weg."
    )
    claims = {"proof": "", "proved_by": None, "proved_at": None}
    RepresentativeFactory.create(
        organisation=case.lead, user=case.applicant, since_at=AT + timedelta(minutes=2), **claims
    )


def test_who_was_ended_and_says_so_anew_renames_nothing() -> None:
    """Rule 27: a claim alone opens nothing and blocks nothing."""
    case = scenarios.ready()
    kept = case.coalition.lead_name
    _ended(case)
    assert corrected(mine(case)).stated_name == RIGHT
    case.coalition.refresh_from_db()
    assert (case.coalition.lead_name, states(case)) == (kept, [(True, False)])


def test_a_colleague_who_is_proved_corrects_what_somebody_who_was_ended_began() -> None:
    case = scenarios.written()
    colleague = speaker_for(case.lead)
    _ended(case)
    corrected(Representative.objects.get(organisation=case.lead, user=colleague))
    case.coalition.refresh_from_db()
    assert case.coalition.lead_name == RIGHT


def test_who_leads_since_the_lead_was_taken_over_corrects_its_name_and_who_began_it_does_not() -> None:
    """Rule 44."""
    case = scenarios.written()
    pending = RepresentativeFactory.create(
        organisation=case.partners[0].organisation,
        user=case.applicant,
        proof="",
        proved_by=None,
        proved_at=None,
    )
    taker = taken(case)
    case.coalition.refresh_from_db()
    kept = case.coalition.lead_name
    corrected(pending, name="Iets anders (fictief)")
    case.coalition.refresh_from_db()
    assert case.coalition.lead_name == kept
    corrected(Representative.objects.get(organisation=case.coalition.lead_organisation, user=taker))
    case.coalition.refresh_from_db()
    assert case.coalition.lead_name == RIGHT


def test_after_submission_the_name_stays() -> None:
    case = scenarios.submitted()
    with pytest.raises(RuleViolation) as refusal:
        corrected(mine(case))
    assert (refusal.value.field, mine(case).standing) == ("name", Standing.PROVED)


@pytest.mark.django_db(transaction=True)
def test_a_name_that_a_colleague_submits_at_that_moment_stays() -> None:
    """What was sealed and what the coalition says never differ (rule 4)."""
    case = scenarios.ready()
    colleague, row = speaker_for(case.lead), mine(case)
    first = case.call.rounds.get(number=1)
    with held_open(
        lambda: submit(application_id=case.pk, for_round_id=first.pk, actor=colleague, at=AT)
    ) as meanwhile:
        late = meanwhile(lambda: corrected(row))
        assert late.waits()
    with pytest.raises(RuleViolation, match="ingediend"):
        late.result()
    assert list(every_violation()) == []


def test_who_only_says_to_speak_for_it_does_not_hear_that_others_submitted() -> None:
    """Rule 26."""
    case = scenarios.submitted()
    claims = {"proof": "", "proved_by": None, "proved_at": None}
    row = RepresentativeFactory.create(organisation=case.lead, **claims)
    assert corrected(row).stated_name == RIGHT


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"legal_form": LegalForm.INITIATIVE}, NotALegalPerson, "legal_form"),
        ({"municipality": "elsewhere"}, NotTiedToRegion, "municipality"),
    ],
)
def test_what_could_not_take_part_is_refused(
    values: dict[str, Any], refusal: type[RuleViolation], field: str
) -> None:
    row = mine(scenarios.written())
    if "municipality" in values:
        values = {"municipality": MunicipalityFactory.create()}
    with pytest.raises(refusal) as refused:
        corrected(row, **values)
    row.refresh_from_db()
    assert (refused.value.field, row.standing) == (field, Standing.PROVED)


def test_nobody_corrects_for_another_nor_what_is_disputed() -> None:
    row = mine(scenarios.written())
    with pytest.raises(NotAllowed):
        corrected(row, actor=UserFactory.create())
    disputed = {"contested_at": AT, "contested_by": office(), "contest_reason": "Wie is dit?"}
    Representative.objects.filter(pk=row.pk).update(**disputed)
    with pytest.raises(NotAllowed):
        corrected(row)


class TestPage:
    def address(self, row: Representative) -> str:
        return reverse("coalitions:correct_organisation", args=[row.pk])

    def test_it_shows_the_name_of_now_warns_and_corrects(self, client: Client) -> None:
        case = scenarios.written()
        row = mine(case)
        log_in(client, case.applicant)
        assert self.address(row) in client.get(reverse("organisations:my_organisations")).content.decode()
        shown = client.get(self.address(row))
        assert shown.context["form"]["name"].value() == row.stated_name
        assert "Na een verbetering controleren we dat opnieuw." in page_text(shown)
        typed = {
            "name": RIGHT,
            "legal_form": row.stated_legal_form,
            "municipality": row.stated_municipality_id,
        }
        with at_moment(LATER):
            for _click in range(2):
                assert client.post(self.address(row), typed).status_code == 302
        assert mine(case).stated_name == RIGHT
        answer = client.post(self.address(row), {**typed, "name": "Toch anders (fictief)"})
        assert (answer.status_code, answer.context["form"]["name"].value()) == (422, "Toch anders (fictief)")

    def test_it_takes_few_queries_however_many_coalitions(self, client: Client) -> None:
        case = scenarios.written()
        log_in(client, case.applicant)
        assert len(statements_of(lambda: client.get(self.address(mine(case))))) < 12
