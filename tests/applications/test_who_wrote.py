"""Whoever wrote in an application, or in what it was begun with, judges it never, whatever became of their words (rules 14, 29 and 37)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.domain.attachments import add_attachment, remove_attachment
from applications.domain.collaborating import accept_invitation, end_collaboration
from applications.domain.drafting import save_section
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.events import VERSION_PUT_BACK
from applications.models import Application, ApplicationPeople, Collaborator, Writer
from coalitions.domain.coalitions import remove_partner
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from reviews.ties import ties_of
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def wrote(case: Any, actor: User, text: str = "Van mij.", *, at: Any = AT) -> None:
    spec = case.call.sections.order_by("position")[0]
    section = case.sections.get(spec=spec)
    save_section(
        reference=case.reference, key=spec.key, text=text, seen_version=section.version, actor=actor, at=at
    )


def names(case: Any) -> set[int]:
    return {each.user_id for each in Writer.objects.filter(application=case.pk)}


def test_everybody_who_saves_is_kept_also_once_others_replaced_it() -> None:
    case = scenarios.written()
    colleague = speaker_for(case.lead)
    wrote(case, colleague)
    wrote(case, case.applicant, "Van mij alleen.", at=LATER)
    case.earlier_versions.all().delete()
    assert names(case) == {case.applicant.pk, colleague.pk}
    colleague.representations.all().delete()
    assert ties_of(colleague, case)


def test_who_attached_is_kept_once_the_file_is_gone() -> None:
    case = scenarios.written()
    colleague = speaker_for(case.lead)
    file = add_attachment(application_id=case.pk, title="Plan", content=letter_pdf(), actor=colleague, at=AT)
    remove_attachment(application_id=case.pk, attachment_id=file.pk, actor=case.applicant, at=AT)
    assert colleague.pk in names(case)


def of_partner(case: Any) -> "tuple[User, Any]":
    """Return somebody who takes part for a partner, and its place."""
    place = case.coalition.participations.get(is_lead=False)
    somebody = UserFactory.create()
    key = invited(case, somebody.email, participation_id=place.pk).key
    accept_invitation(key=key, actor=somebody, at=AT)
    return somebody, place


def test_who_took_part_for_a_partner_that_was_removed_stays_tied() -> None:
    case = scenarios.written()
    case.budget_lines.all().delete()
    type(case.people).objects.filter(application=case).update(leader_organisation=None)
    somebody, place = of_partner(case)
    remove_asked_partner(application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=LATER)
    assert not Collaborator.objects.exists()
    assert case.steerers.filter(user=somebody).exists()
    assert ties_of(somebody, case)


def test_a_partner_with_people_in_the_draft_is_removed_there() -> None:
    case = scenarios.written()
    case.budget_lines.all().delete()
    type(case.people).objects.filter(application=case).update(leader_organisation=None)
    _somebody, place = of_partner(case)
    with pytest.raises(RuleViolation):
        remove_partner(
            coalition_id=case.coalition_id, participation_id=place.pk, actor=case.applicant, at=LATER
        )


@pytest.mark.parametrize("leaves", [False, True], ids=["takes part", "took part"])
def test_who_took_part_before_stays_tied_to_what_was_begun_with_it(leaves: bool) -> None:
    case = scenarios.ready()
    somebody = joined(case)
    if leaves:
        key = Collaborator.objects.get(user=somebody).key
        end_collaboration(key=key, actor=somebody, at=AT)
    else:
        wrote(case, somebody)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    draft = start_again(application_id=case.pk, actor=case.applicant, at=LATER)
    assert names(draft) == {case.applicant.pk, somebody.pk}
    assert ties_of(somebody, draft)
    # And so on, however often one begins again.
    withdraw(application_id=draft.pk, actor=case.applicant, at=LATER)
    third = start_again(application_id=draft.pk, actor=case.applicant, at=LATER)
    assert ties_of(somebody, Application.objects.get(pk=third.pk))


def test_who_agreed_or_signed_by_a_link_stays_tied_to_what_was_begun_with_it() -> None:
    case = scenarios.submitted()
    partner = case.partners[0]
    boxes = {mailbox(each) for each in (partner.contact_email, case.people.signatory_email)}
    withdraw(application_id=case.pk, actor=case.applicant, at=LATER)
    case.coalition.participations.filter(pk=partner.pk).update(
        contact_email="ander@elders.example", mailbox="ander@elders.example"
    )
    draft = start_again(application_id=case.pk, actor=case.applicant, at=LATER)
    ApplicationPeople.objects.filter(application=draft).update(signatory_email="ander@andere.example")
    assert set(draft.steerers.exclude(mailbox="").values_list("mailbox", flat=True)) == boxes
    # Also who registers later.
    local, _at, domain = partner.contact_email.partition("@")
    assert ties_of(UserFactory.create(email=f"{local}+werk@{domain}"), draft)
    third = Application.objects.get(pk=draft.pk)
    withdraw(application_id=third.pk, actor=case.applicant, at=LATER)
    again = start_again(application_id=third.pk, actor=case.applicant, at=LATER)
    assert set(again.steerers.exclude(mailbox="").values_list("mailbox", flat=True)) == boxes


def test_who_steered_stays_tied_to_what_was_begun_with_it() -> None:
    case = scenarios.ready()
    somebody = UserFactory.create()
    record(VERSION_PUT_BACK, subject=case, actor=somebody, at=AT)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    draft = start_again(application_id=case.pk, actor=case.applicant, at=LATER)
    assert draft.steerers.filter(user=somebody).exists()
    assert ties_of(somebody, draft)


@pytest.mark.parametrize(
    ("trigger", "write"),
    [
        ("who_wrote_a_section_is_kept", lambda case, user: case.sections.update(saved_by=user)),
        ("who_named_people_is_kept", lambda case, user: ApplicationPeople.objects.update(saved_by=user)),
        ("who_attached_is_kept", lambda case, user: case.attachments.update(added_by=user)),
        (
            "who_wrote_an_application_is_kept",
            lambda case, user: Application.objects.update(budget_saved_by=user),
        ),
    ],
)
def test_the_database_keeps_who_wrote_whoever_writes_the_row(trigger: str, write: Any) -> None:
    case = scenarios.written()
    add_attachment(application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=AT)
    somebody = UserFactory.create()
    write(case, somebody)
    assert somebody.pk in names(case), trigger


def test_nobody_is_kept_twice() -> None:
    case = scenarios.written()
    with refused_by("writer_once_per_application"):
        Writer.objects.create(application_id=case.pk, user=case.applicant)
