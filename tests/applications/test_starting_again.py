"""A discarded draft stays readable and can be put back; from what was withdrawn one can start again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment
from applications.domain.drafting import CallClosed, start_application
from applications.domain.lifecycle import WrongStatus
from applications.domain.starting_again import (
    AnotherApplication,
    start_again,
    undo_withdrawal,
)
from applications.domain.submitting import withdraw
from applications.enums import UNDO_DAYS, Status
from applications.forms.writing import PeopleForm
from applications.models import Application, OneTimeLink
from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.domain.files import read_file
from hubportal.kernel.errors import NotAllowed
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT, LAST_DEADLINE
from tests.pages import at_moment, page_text
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
# Not before the clock of summer changes.
LAST_MOMENT = AT + timedelta(days=UNDO_DAYS)


def discarded(case: "scenarios.Case | None" = None) -> "scenarios.Case":
    case = case or scenarios.ready()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    case.refresh_from_db()
    return case


def undo(case: "scenarios.Case", **changes: Any) -> Application:
    return undo_withdrawal(**{"application_id": case.pk, "actor": case.applicant, "at": LATER, **changes})


def again(case: "scenarios.Case", **changes: Any) -> Application:
    return start_again(**{"application_id": case.pk, "actor": case.applicant, "at": LATER, **changes})


def told_of(application: Application) -> list[Any]:
    """Return what was written in an application."""
    people = application.people
    return [
        application.title,
        application.starts_on,
        application.duration_months,
        application.requested_amount,
        [(each.spec_id, each.text) for each in application.sections.all()],
        [
            (each.heading_id, each.participation_id, each.description, each.amount, each.position)
            for each in application.budget_lines.all()
        ],
        [getattr(people, each) for each in PeopleForm.names() if each != "electronic_letters"],
        [(each.title, each.sha256) for each in application.attachments.all()],
    ]


class TestPuttingBack:
    def test_a_discarded_draft_is_as_it_was_with_the_consents(self) -> None:
        """Rules 9 and 21."""
        case = discarded()
        assert undo(case).status == Status.DRAFT
        assert undo(case).status == Status.DRAFT
        case.refresh_from_db()
        assert (case.withdrawn_at, case.changed_at) == (None, LATER)
        assert scenarios.submitted(case, at=LATER).status == Status.SUBMITTED
        assert list(every_violation()) == []

    def test_within_thirty_days(self) -> None:
        case = discarded()
        with pytest.raises(WrongStatus):
            undo(case, at=LAST_MOMENT)
        assert undo(case, at=LAST_MOMENT - timedelta(microseconds=1)).is_draft

    def test_not_beside_another_application(self) -> None:
        """Rule 11."""
        case = discarded()
        other = start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
        with pytest.raises(AnotherApplication, match=other.reference):
            undo(case)
        withdraw(application_id=other.pk, actor=case.applicant, at=AT)
        assert undo(case).is_draft

    def test_never_what_was_submitted(self) -> None:
        """Rule 21, in the act and in the database."""
        case = discarded(scenarios.submitted())
        with pytest.raises(WrongStatus):
            undo(case)
        with refused_by("application_draft_was_never_submitted"):
            Application.objects.filter(pk=case.pk).update(status=Status.DRAFT, withdrawn_at=None)

    def test_the_moment_of_a_withdrawal_is_only_of_what_is_withdrawn(self) -> None:
        case = scenarios.started()
        with refused_by("application_withdrawal_has_a_moment_only_while_it_lasts"):
            Application.objects.filter(pk=case.pk).update(withdrawn_at=AT)

    def test_by_nobody_else(self) -> None:
        case = discarded()
        for act in (undo, again):
            with pytest.raises(NotAllowed):
                act(case, actor=UserFactory.create())

    @pytest.mark.django_db(transaction=True)
    def test_putting_back_and_starting_at_once_leave_one(self) -> None:
        """Rule 11."""
        case = discarded()
        outcomes = race(
            lambda: undo(case),
            lambda: start_application(
                coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=LATER
            ),
        )
        drafts = Application.objects.filter(status=Status.DRAFT)
        assert drafts.count() == 1
        assert isinstance(outcomes[0], AnotherApplication | Application)
        assert isinstance(outcomes[1], Application)


class TestStartingAgain:
    @pytest.mark.parametrize("make", [scenarios.ready, scenarios.submitted], ids=["draft", "submitted"])
    def test_everything_is_taken_over_and_consent_asked_anew(self, make: Any) -> None:
        """Rules 8, 9 and 12."""
        case = scenarios.written()
        add_attachment(
            application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=AT
        )
        case = discarded(make(case))
        draft = again(case)
        assert again(case) == draft
        draft.refresh_from_db()
        assert told_of(draft) == told_of(case)
        # Consent to letters by e-mail is given for one application (Awb 2.3).
        assert (draft.people.electronic_letters, case.people.electronic_letters) == (None, True)
        assert (draft.status, draft.started_from, draft.created_by) == (Status.DRAFT, case, case.applicant)
        assert draft.reference != case.reference
        assert not (draft.consents.exists() or OneTimeLink.objects.filter(application=draft).exists())
        [file] = draft.attachments.all()
        assert read_file(file.stored_as, file.sha256) == letter_pdf()
        assert Application.objects.get(pk=case.pk).status == Status.WITHDRAWN
        assert list(every_violation()) == []

    def test_a_damaged_file_is_left_out(self) -> None:
        case = scenarios.written()
        file = add_attachment(
            application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=AT
        )
        default_storage.delete(file.stored_as)
        assert not again(discarded(case)).attachments.exists()

    def test_only_from_what_was_withdrawn_while_the_call_is_open_and_nothing_else_is(self) -> None:
        """Rules 3 and 11."""
        case = scenarios.ready()
        with pytest.raises(WrongStatus):
            again(case)
        discarded(case)
        with pytest.raises(CallClosed):
            again(case, at=LAST_DEADLINE)
        start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
        with pytest.raises(AnotherApplication):
            again(case)

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_once_makes_one(self) -> None:
        case = discarded()
        one, other = race(lambda: again(case), lambda: again(case))
        assert one == other
        assert Application.objects.filter(status=Status.DRAFT).count() == 1


class TestPages:
    def address(self, name: str, case: Application) -> str:
        return reverse(f"applications:{name}", args=[case.reference])

    def test_who_wrote_it_reads_it_and_puts_it_back(self, client: Client) -> None:
        """Rules 12 and 30."""
        case = discarded()
        log_in(client, case.applicant)
        with at_moment(LATER):
            status = client.get(self.address("status", case))
            assert case.sections.first().text in page_text(status)
            page = self.address("undo_withdrawal", case)
            assert page in status.content.decode()
            assert self.address("start_again", case) not in status.content.decode()
            assert "teksten, begroting, mensen en bijlagen" in page_text(client.get(page))
            back = client.post(page)
            assert back.url == self.address("overview", case)
            assert client.post(page).url == back.url
        assert Application.objects.get(pk=case.pk).is_draft

    def test_after_that_one_starts_again(self, client: Client) -> None:
        """Rule 30."""
        case = discarded()
        log_in(client, case.applicant)
        with at_moment(LAST_MOMENT):
            assert client.get(self.address("undo_withdrawal", case)).url == self.address("status", case)
            refused = client.post(self.address("undo_withdrawal", case), follow=True)
            assert "niet meer worden teruggezet" in page_text(refused)
            page = self.address("start_again", case)
            assert page in client.get(self.address("status", case)).content.decode()
            assert "Vraag uw partners opnieuw om instemming" in page_text(client.get(page))
            begun = client.post(page, follow=True)
        draft = Application.objects.get(started_from=case)
        assert begun.redirect_chain[-1][0] == self.address("overview", draft)
        assert case.reference in page_text(begun)

    def test_what_stands_in_the_way_is_said(self, client: Client) -> None:
        case = discarded()
        start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
        log_in(client, case.applicant)
        with at_moment(LATER):
            for name in ("undo_withdrawal", "start_again"):
                refused = client.post(self.address(name, case), follow=True)
                assert "heeft al een andere aanvraag" in page_text(refused)

    def test_a_partner_that_was_asked_reads_nothing_of_what_was_discarded(self, client: Client) -> None:
        """Rule 22."""
        case = discarded()
        partner = case.partners[0]
        person = UserFactory.create(email=partner.contact_email)
        log_in(client, person)
        with at_moment(LATER):
            shown = client.get(self.address("status", case))
            assert shown.status_code == 200
            assert case.sections.first().text not in page_text(shown)
            for name in ("undo_withdrawal", "start_again"):
                assert client.get(self.address(name, case)).status_code == 404
                assert client.post(self.address(name, case)).status_code == 404
