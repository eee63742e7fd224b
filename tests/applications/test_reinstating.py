"""A withdrawn submission is put back once, exactly as it was received, while its round is open (rule 21)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import start_application
from applications.domain.elsewhere import TakenElsewhere
from applications.domain.lifecycle import WrongStatus
from applications.domain.reinstating import NotAsItWas, reinstate
from applications.domain.sealing import seal_round
from applications.domain.starting_again import AnotherApplication, undo_withdrawal
from applications.domain.submitting import withdraw
from applications.domain.way_back import WayBack
from applications.enums import REINSTATE_HOURS, SigningRole, Status
from applications.models import Application
from coalitions.models import Coalition
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import dispute_colleague
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT, FIRST_DEADLINE
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
REASON = "Een partner stopt ermee."


def taken_back(case: "scenarios.Case | None" = None, *, at: datetime = AT) -> "scenarios.Case":
    case = case or scenarios.submitted()
    withdraw(application_id=case.pk, actor=case.applicant, at=at, reason=REASON)
    case.refresh_from_db()
    return case


def back(case: "scenarios.Case", **changes: Any) -> Application:
    return reinstate(**{"application_id": case.pk, "actor": case.applicant, "at": LATER, **changes})


def deadline_of(case: "scenarios.Case") -> datetime:
    assert case.review_round is not None
    return case.review_round.deadline_at


def test_it_counts_as_it_was_received_with_its_signatures() -> None:
    """Rules 2 and 10."""
    case = scenarios.submitted()
    received = (case.submitted_at, case.submitted_by_id, case.review_round_id, bytes(case.frozen.content))
    taken_back(case)
    assert (case.status, case.withdrawn_because, case.withdrawn_at) == (Status.WITHDRAWN, REASON, AT)
    assert back(case).status == Status.SUBMITTED
    assert back(case).reinstated_at == LATER
    case = type(case).objects.get(pk=case.pk)
    assert (case.withdrawn_because, case.withdrawn_at, case.reinstated_at) == ("", None, LATER)
    assert received == (
        case.submitted_at,
        case.submitted_by_id,
        case.review_round_id,
        bytes(case.frozen.content),
    )
    assert case.signatures.count() == len(SigningRole)
    assert seal_round(round_id=case.review_round_id, at=scenarios.after_deadline(case, minutes=5))
    assert Application.objects.get(pk=case.pk).status == Status.SEALED
    assert list(every_violation()) == []


def test_it_is_recorded_as_what_it_is() -> None:
    case = taken_back()
    back(case)
    last = AuditEvent.objects.filter(subject_type="applications.application", subject_id=case.pk).last()
    assert last is not None
    assert (last.act, last.facts["from"], last.facts["to"], last.actor_id) == (
        "applications.reinstated",
        "withdrawn",
        "submitted",
        case.applicant.pk,
    )
    assert REASON not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_who_was_told_that_it_was_gone_is_told_that_it_is_back() -> None:
    case = taken_back()
    gone = OutgoingMail.objects.filter(kind="withdrawn_for_partner").order_by("recipient")
    told = list(gone.values_list("recipient", flat=True))
    # The partner, who has to sign, and the project leader.
    assert len(told) == 3
    bodies = {each.recipient: each.body for each in gone}
    partner = case.partners[0].contact_email
    assert {each for each, body in bodies.items() if "Uw organisatie doet mee" in body} == {partner}
    back(case)
    back(case)
    mails = OutgoingMail.objects.filter(kind__startswith="reinstated").order_by("kind", "recipient")
    assert list(mails.values_list("kind", "recipient")) == [
        ("reinstated", case.applicant.email),
        *(("reinstated_for_partner", each) for each in told),
    ]
    assert not OutgoingMail.objects.filter(body__contains=REASON).exists()


def test_within_a_day() -> None:
    case = taken_back()
    over = AT + timedelta(hours=REINSTATE_HOURS)
    with pytest.raises(WrongStatus):
        back(case, at=over)
    assert back(case, at=over - timedelta(microseconds=1)).status == Status.SUBMITTED


def test_never_past_the_deadline_of_its_round() -> None:
    """Rule 3."""
    case = scenarios.submitted()
    deadline = deadline_of(case)
    taken_back(case, at=deadline - timedelta(hours=1))
    with pytest.raises(WrongStatus):
        back(case, at=deadline)
    assert back(case, at=deadline - timedelta(microseconds=1)).status == Status.SUBMITTED


def test_not_what_was_withdrawn_once_its_round_had_closed() -> None:
    case = scenarios.sealed()
    taken_back(case, at=scenarios.after_deadline(case, minutes=5))
    with pytest.raises(WrongStatus):
        back(case, at=scenarios.after_deadline(case, minutes=1))


def test_once() -> None:
    case = taken_back()
    back(case)
    taken_back(case, at=LATER)
    with pytest.raises(WrongStatus):
        back(case, at=LATER + timedelta(minutes=1))


def test_not_a_draft_that_was_discarded() -> None:
    case = scenarios.ready()
    taken_back(case)
    with pytest.raises(WrongStatus):
        back(case)


def test_a_draft_that_was_discarded_with_a_reason_comes_back_all_the_same() -> None:
    """Its page asks none, but a form may send one."""
    case = taken_back(scenarios.ready())
    assert (case.status, case.withdrawn_because) == (Status.WITHDRAWN, "")
    assert undo_withdrawal(application_id=case.pk, actor=case.applicant, at=LATER).is_draft


def test_by_who_speaks_for_the_lead_alone() -> None:
    case = taken_back()
    for stranger in (UserFactory.create(), scenarios.committee().officer):
        with pytest.raises(NotAllowed):
            back(case, actor=stranger)


def test_not_beside_another_application() -> None:
    """Rule 11."""
    case = taken_back()
    other = start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
    with pytest.raises(AnotherApplication, match=other.reference):
        back(case)


def test_not_where_something_changed_in_the_coalition() -> None:
    """Rules 4 and 9: what was received stays what the members are and agreed to."""
    case = taken_back()
    Coalition.objects.filter(pk=case.coalition_id).update(name="Een andere naam")
    with pytest.raises(NotAsItWas):
        back(case)


def test_not_where_a_partner_has_another_contact_person() -> None:
    """Rule 8: who consented no longer is the one who does."""
    case = taken_back()
    case.coalition.participations.filter(is_lead=False).update(contact_email="anders@voorbeeld.nl")
    with pytest.raises(NotAsItWas):
        back(case)


def test_not_where_the_region_has_applied_meanwhile() -> None:
    """Rule 11."""
    case = scenarios.submitted()
    type(case.call).objects.filter(pk=case.call_id).update(allows_several_coalitions_per_region=False)
    case.call.refresh_from_db()
    taken_back(case)
    scenarios.submitted(call=case.call, region=case.coalition.region, coalition_name="Wie het eerst komt")
    with pytest.raises(TakenElsewhere):
        back(case)


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_tells_each_once() -> None:
    case = taken_back()
    race(lambda: back(case), lambda: back(case))
    assert OutgoingMail.objects.filter(kind="reinstated").count() == 1
    assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED


def test_what_the_database_keeps() -> None:
    case = scenarios.submitted()
    with refused_by("application_reason_to_withdraw_only_while_it_lasts"):
        Application.objects.filter(pk=case.pk).update(withdrawn_because=REASON)
    with refused_by("application_reinstated_after_submission"):
        Application.objects.filter(pk=case.pk).update(reinstated_at=AT - timedelta(days=1))


class TestPages:
    def address(self, name: str, case: Application) -> str:
        return reverse(f"applications:{name}", args=[case.reference])

    def test_withdrawing_says_until_when_and_asks_why(self, client: Client) -> None:
        case = scenarios.submitted()
        log_in(client, case.applicant)
        with at_moment(LATER):
            page = page_text(client.get(self.address("withdraw", case)))
            assert "kunt u zich nog bedenken, één keer" in page
            too_long = client.post(self.address("withdraw", case), {"seen": "received", "reason": "w" * 1001})
            assert too_long.status_code == 422
            assert "w" * 1001 in too_long.content.decode()
            client.post(self.address("withdraw", case), {"seen": "received", "reason": REASON})
            status = client.get(self.address("status", case))
        assert REASON in page_text(status)
        assert self.address("undo_withdrawal", case) in status.content.decode()

    def test_a_page_that_promised_a_way_back_withdraws_nothing_for_good(self, client: Client) -> None:
        """Rule 30: a colleague withdrew it and put it back meanwhile, which is done once; what was typed stays."""
        case = taken_back()
        reinstate(application_id=case.pk, actor=case.applicant, at=LATER)
        log_in(client, case.applicant)
        with at_moment(LATER):
            refused = client.post(self.address("withdraw", case), {"seen": "received", "reason": REASON})
            assert refused.status_code == 422
            assert (REASON in refused.content.decode(), 'value="final"' in refused.content.decode()) == (
                True,
                True,
            )
            assert "Er is niets ingetrokken" in page_text(refused)
            assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED
            client.post(self.address("withdraw", case), {"seen": "final", "reason": REASON})
        assert Application.objects.get(pk=case.pk).status == Status.WITHDRAWN

    def test_a_page_of_before_the_deadline_withdraws_nothing_after_it(self, client: Client) -> None:
        case = scenarios.submitted()
        log_in(client, case.applicant)
        with at_moment(FIRST_DEADLINE):
            client.post(self.address("withdraw", case), {"seen": "received"})
        assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED

    def test_it_is_put_back_on_a_page_of_its_own(self, client: Client) -> None:
        """Rule 30."""
        case = taken_back()
        log_in(client, case.applicant)
        page = self.address("undo_withdrawal", case)
        with at_moment(LATER):
            assert "hetzelfde moment van ontvangst" in page_text(client.get(page))
            assert Application.objects.get(pk=case.pk).status == Status.WITHDRAWN
            status = page_text(client.post(page, follow=True))
            assert "Ingetrokken, en toch ingediend" in status
            assert client.post(page).url == self.address("status", case)
            assert client.get(page).url == self.address("status", case)
            second = page_text(client.get(self.address("withdraw", case)))
        assert "U kunt dit niet terugdraaien" in second

    def test_partners_do_not_read_why(self, client: Client) -> None:
        case = taken_back()
        log_in(client, case.applicant)
        partner = case.coalition.participations.get(is_lead=False)
        log_in(client, UserFactory.create(email=partner.contact_email))
        answer = client.get(self.address("status", case))
        assert REASON not in answer.content.decode()

    def test_what_stands_in_the_way_is_said(self, client: Client) -> None:
        case = taken_back()
        Coalition.objects.filter(pk=case.coalition_id).update(name="Een andere naam")
        log_in(client, case.applicant)
        with at_moment(LATER):
            refused = client.post(self.address("undo_withdrawal", case), follow=True)
        assert "niet meer indienen zoals die was" in page_text(refused)


def test_the_mail_says_until_when_it_can_be_taken_back_and_where() -> None:
    case = taken_back()
    back(case)
    withdraw(application_id=case.pk, actor=case.applicant, at=LATER, reason=REASON)
    first, second = OutgoingMail.objects.filter(kind="withdrawn").order_by("pk")
    page = reverse("applications:status", args=[case.reference])
    assert "Tot 2 mei 2024, 10:00 kunt u dit één keer terugdraaien" in first.body
    assert (page in first.body, page in second.body) == (True, False)
    assert "U kunt dit niet terugdraaien." in second.body


def test_every_colleague_of_the_lead_hears_of_it_too() -> None:
    """Whoever withdraws alone would otherwise let the day pass in which it can be taken back."""
    case = scenarios.submitted()
    colleague = speaker_for(case.lead)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen=WayBack.NONE)
    assert OutgoingMail.objects.filter(kind="withdrawn_for_partner", recipient=colleague.email).count() == 1


def test_who_is_disputed_withdraws_nothing_that_was_submitted() -> None:
    """Rule 27: the office looks into it first, and a withdrawal may be for good."""
    case = scenarios.submitted()
    colleague = speaker_for(case.lead)
    dispute_colleague(
        representative_id=case.applicant.representations.get().pk,
        reason="Werkt hier niet meer.",
        actor=colleague,
        at=AT,
    )
    with pytest.raises(RuleViolation, match="zoekt dat eerst uit"):
        withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen=WayBack.NONE)
    assert withdraw(application_id=case.pk, actor=colleague, at=AT, seen=WayBack.NONE).status == "withdrawn"
