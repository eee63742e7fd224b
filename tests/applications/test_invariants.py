"""Each rule of applications that is broken by hand in the database is named, with its row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from applications import invariants
from applications.domain.content import content_of
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import withdraw
from applications.enums import ConsentAnswer, SigningRole, Status
from applications.events import MOVED
from applications.invariants import agreement, history, leads, parties, receipt, writing
from hubportal.audit.domain.events import record
from hubportal.audit.models import AuditEvent
from hubportal.documents.enums import DocumentKind
from hubportal.kernel.canonical import canonical_bytes, digest
from organisations.models import Representative
from tests.applications.broken_collaborations import breaks as of_collaborations
from tests.applications.broken_leads import breaks as of_leads
from tests.applications.world import SECOND_ROUND, World, attachment, comment, earlier
from tests.breaking import Breaks, copy_of, force, named, remove, sentences_in
from tests.factories.accounts import UserFactory
from tests.factories.documents import DocumentFactory
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for

pytestmark = pytest.mark.django_db


A_SECOND = timedelta(seconds=1)
breaks = Breaks([*of_collaborations, *of_leads])


@breaks(22, "is a comment on what was submitted")
def comment_on_what_was_submitted(world):
    return comment(world.submitted, spec=world.call.sections.first())


@breaks(22, "is a comment on a section of another call")
def comment_on_a_section_of_another_call(world):
    return comment(world.draft, spec=world.other_call.sections.first())


@breaks(22, "answers a comment of another draft, or an answer")
def answer_to_an_answer(world):
    spec = world.call.sections.first()
    answer = comment(world.draft, spec=spec, thread=comment(world.draft, spec=spec))
    return comment(world.draft, spec=spec, thread=answer)


@breaks(2, "was received at or after the deadline of its round")
def received_at_the_deadline(world):
    force(world.round(2), deadline_at=world.submitted.submitted_at)
    return world.submitted


@breaks(3, "was received before its call opened")
def received_before_the_opening(world):
    later = world.sealed.submitted_at + A_SECOND
    force(world.call, opens_at=later)
    force(world.round(1), opens_at=later)
    return world.sealed


@breaks(3, "is in a round of another call")
def in_a_round_of_another_call(world):
    return force(world.submitted, review_round=world.other_call.rounds.get(number=2))


@breaks(3, "is not in the first round whose deadline lay after its receipt")
def in_a_later_round(world):
    third = force(world.round(3), award_expected_on=world.round(2).award_expected_on)
    return force(world.submitted, review_round=third)


@breaks(13, "was received but has no receipt")
def without_a_receipt(world):
    remove(world.submitted.receipt)
    return world.submitted


@breaks(13, "names another moment than that of the submission")
def receipt_of_another_moment(world):
    return force(world.submitted.receipt, made_at=AT)


@breaks(13, "has a document that is no receipt of its application")
def receipt_with_a_letter(world):
    letter = DocumentFactory.create(kind=DocumentKind.LETTER, about=world.submitted.reference)
    return force(world.submitted.receipt, document=letter, produced_at=AT)


@breaks(13, "has a document that is no receipt of its application")
def receipt_of_another_case(world):
    other = DocumentFactory.create(kind=DocumentKind.RECEIPT, about=world.sealed.reference)
    return force(world.submitted.receipt, document=other, produced_at=AT)


@breaks(4, "its bytes do not match its SHA-256")
def altered_bytes(world):
    return force(world.submitted.frozen, content=b"{}")


@breaks(4, "was received but its content is not frozen")
def not_frozen(world):
    remove(world.submitted.frozen)
    return world.submitted


@breaks(4, "was frozen at another moment than that of the submission")
def frozen_later(world):
    return force(world.submitted.frozen, frozen_at=world.submitted.submitted_at + A_SECOND)


@breaks(4, "its bytes cannot be read")
def bytes_that_say_nothing(world):
    return force(world.submitted.frozen, content=b"{}", sha256=digest(b"{}"))


@breaks(4, "seals the content of another application")
def seal_of_another_content(world):
    other = world.submitted.frozen
    return force(world.sealed.seal, frozen=other, sha256=other.sha256)


@breaks(4, "does not carry the SHA-256 of its content")
def seal_of_another_digest(world):
    return force(world.sealed.seal, sha256="0" * 64)


@breaks(4, "is sealed in another round than its own")
def seal_in_another_round(world):
    other = force(world.other_call.rounds.get(number=1), sealed_at=world.round(1).sealed_at)
    return force(world.sealed.seal, review_round=other)


@breaks(4, "was sealed at another moment than its round")
def seal_of_another_moment(world):
    return force(world.sealed.seal, sealed_at=world.sealed.seal.sealed_at + A_SECOND)


@breaks(4, "is assessed but not sealed")
def assessed_without_a_seal(world):
    remove(world.sealed.seal)
    return world.sealed


@breaks(4, "was left out when its round was sealed")
def left_out(world):
    second = world.round(2)
    force(second, sealed_at=second.deadline_at)
    return world.submitted


@breaks(4, "differs from what was submitted")
def another_title(world):
    return force(world.submitted, title="Anders")


@breaks(4, "differs from what was submitted")
def another_text(world):
    force(world.submitted.sections.first(), text="Anders")
    return world.submitted


@breaks(4, "differs from what was submitted")
def another_budget_line(world):
    force(world.submitted.budget_lines.first(), description="Anders")
    return world.submitted


@breaks(4, "differs from what was submitted")
def another_signatory(world):
    force(world.submitted.people, signatory_name="Anders")
    return world.submitted


@breaks(4, "differs from what was submitted")
def another_attachment(world):
    attachment(world.submitted)
    return world.submitted


@breaks(6, "its amount is not the sum of its budget")
def amount_beside_the_budget(world):
    return force(world.draft, requested_amount=world.draft.requested_amount + 1)


@breaks(6, "was measured by another maximum than its call's")
def another_maximum(world):
    return force(world.submitted, amount_ceiling=world.submitted.requested_amount)


@breaks(6, "stands under a heading of another call")
def heading_of_another_call(world):
    heading = world.other_call.headings.filter(is_contribution=False).first()
    return force(world.own("budget_lines"), heading=heading)


@breaks(6, "is the share of an organisation outside the coalition")
def share_of_an_outsider(world):
    return force(world.own("budget_lines"), participation=world.sealed.partners[0])


@breaks(1, "answers a section of another call")
def section_of_another_call(world):
    return force(world.own("sections"), spec=world.other_call.sections.first())


@breaks(32, "is an earlier text for a section of another call")
def earlier_text_of_another_call(world):
    return earlier(world.draft, spec=world.other_call.sections.first())


@breaks(32, "is an earlier version of what was submitted")
def earlier_text_of_what_was_submitted(world):
    return earlier(world.submitted, spec=world.call.sections.first())


@breaks(7, "takes less time than its call allows")
def too_short(world):
    force(world.call, min_months=4)
    return world.submitted


@breaks(7, "was measured by another longest duration than its call's")
def another_longest_duration(world):
    return force(world.submitted, max_months=7)


@breaks(7, "starts before the expected award of its round")
def starts_before_the_award(world):
    second = world.round(2)
    force(second, award_expected_on=second.award_expected_on + timedelta(days=1))
    return world.submitted


@breaks(8, "has fewer parties than its call asks")
def too_few_parties(world):
    force(world.call, min_parties=3)
    return [world.sealed, world.submitted]


@breaks(8, "was submitted without the consent of every partner")
def declined(world):
    force(world.consent, answer=ConsentAnswer.DECLINED, reason="Nee.")
    return world.submitted


@breaks(8, "was submitted without the consent of every partner")
def declined_in_the_end(world):
    copy_of(
        world.consent,
        answer=ConsentAnswer.DECLINED,
        reason="Toch niet.",
        link=None,
        user=speaker_for(world.consent.participation.organisation),
    )
    return world.submitted


@breaks(8, "was submitted without the consent of every partner")
def never_asked(world):
    remove(world.consent)
    return world.submitted


@breaks(8, "was given through a mailbox that was not that of the contact person")
def consent_from_an_earlier_contact_person(world):
    force(world.consent.link, email="eerder@elders.example")
    return world.consent


@breaks(9, "is bound to another text than was submitted")
def consent_to_another_text(world):
    return force(world.consent, text_digest="0" * 64, agreed_text=None, agreed_share=None)


@breaks(9, "is bound to another text than was submitted")
def consent_to_another_share(world):
    return force(world.consent, share_digest="0" * 64, agreed_text=None, agreed_share=None)


@breaks(9, "was given before the lead was named as now")
def consents_to_another_lead(world):
    force(world.submitted.coalition, lead_named_at=world.submitted.submitted_at)
    return list(world.submitted.consents.order_by("pk"))


@breaks(9, "was given after the submission")
def consent_afterwards(world):
    return force(world.consent, answered_at=world.submitted.submitted_at + A_SECOND)


@breaks(8, "was given through an account of the applicant")
def consent_by_the_applicant(world):
    return force(world.draft_consent, user=world.draft.created_by)


@breaks(8, "counted when who gave it represented the lead")
def consent_of_who_was_confirmed_for_the_lead_since(world):
    then = world.submitted.submitted_at
    speaker = speaker_for(world.submitted.lead)
    Representative.objects.filter(user=speaker).update(since_at=then, proved_at=then)
    return force(world.consent, reader=speaker, answered_at=then - A_SECOND)


@breaks(8, "was given through an account of the applicant")
def consent_by_a_colleague_of_the_applicant(world):
    return force(world.draft_consent, user=speaker_for(world.draft.lead))


@breaks(8, "was given through an account of the applicant")
def consent_by_who_started_the_application_and_left_the_lead(world):
    for each in Representative.objects.filter(user=world.draft.created_by):
        remove(each)
    return force(world.draft_consent, user=world.draft.created_by)


@breaks(8, "is of an organisation outside the coalition")
def consent_of_an_outsider(world):
    outsider = world.sealed.partners[0]
    user = speaker_for(outsider.organisation)
    return force(world.draft_consent, participation=outsider, link=None, user=user)


@breaks(8, "was given through a link that was not for this")
def consent_by_a_link_never_used(world):
    force(world.draft_consent.link, used_at=None)
    return world.draft_consent


@breaks(8, "was given through a link that was not for this")
def consent_by_a_link_for_another_application(world):
    force(world.draft_consent.link, application=world.sealed)
    return world.draft_consent


@breaks(8, "was given through a mailbox of the applicant")
def consent_through_the_mailbox_of_who_asked(world):
    name, _at, domain = world.draft.applicant.email.partition("@")
    force(world.draft_consent.link, email=f"{name}+partner@{domain.upper()}")
    return world.draft_consent


@breaks(8, "was given through a mailbox of the applicant")
def consent_through_the_mailbox_of_a_colleague(world):
    force(world.draft_consent.link, email=speaker_for(world.draft.lead).email)
    return world.draft_consent


@breaks(10, "its main applicant is not of the lead organisation")
def main_applicant_of_a_partner(world):
    partner = world.submitted.partners[0].organisation
    force(world.submitted.people, main_applicant_organisation=partner, signatory_organisation=partner)
    return world.submitted


@breaks(10, "does not name its main applicant, signatory and project leader")
def nobody_to_sign(world):
    force(world.submitted.people, signatory_organisation=None)
    return world.submitted


@breaks(10, "signs another content")
def signature_under_another_content(world):
    return force(world.signature, content_sha256="0" * 64)


@breaks(10, "was given after the term to sign")
def signature_too_late(world):
    late = world.sealed.submitted_at + timedelta(days=7)
    force(world.sealed, fully_signed_at=late)
    return force(world.signature, signed_at=late)


@breaks(10, "has another moment of both signatures than they have")
def both_signatures_forgotten(world):
    return force(world.sealed, fully_signed_at=None)


@breaks(10, "has another moment of both signatures than they have")
def both_signatures_invented(world):
    return force(world.submitted, fully_signed_at=world.submitted.submitted_at)


@breaks(10, "was given through a link that was not for this")
def signature_by_the_link_of_another(world):
    force(world.signature.link, signing_role=SigningRole.MAIN_APPLICANT)
    return world.signature


@breaks(11, "is not the only one of its region in the call")
def two_in_one_region(world):
    force(world.call, allows_several_coalitions_per_region=False)
    region = world.sealed.coalition.region
    world.submitted.coalition.participations.update(works_in_region=True)
    force(world.submitted.coalition, region=region)
    return [world.sealed, world.submitted]


@breaks(11, "has an organisation that takes part in another application of the call")
def an_organisation_twice(world):
    force(world.call, allows_several_coalitions_per_organisation=False)
    partner, coalition = world.sealed.partners[0], world.submitted.coalition
    copy_of(partner, coalition=coalition, works_in_region=True)
    return [world.sealed, world.submitted]


@breaks(21, "is a move that the table of transitions does not know")
def a_move_beside_the_table(world):
    facts = {"from": "draft", "to": "draft"}
    return record(
        replace(MOVED[Status.WITHDRAWN], name="applications.draft"),
        subject=world.draft,
        actor=world.draft.created_by,
        at=AT,
        facts=facts,
    )


@breaks(21, "is a move that does not go on from the move before it")
def a_move_twice(world):
    return copy_of(world.event(world.submitted))


@breaks(21, "is a move by a person, but names nobody")
def a_move_by_nobody(world):
    withdraw(application_id=world.draft.pk, actor=world.draft.applicant, at=SECOND_ROUND)
    return force(AuditEvent.objects.get(act="applications.withdrawn"), actor_id=None)


@breaks(21, "has a status that the event log does not know")
def another_status(world):
    return force(world.draft, status=Status.WITHDRAWN)


@breaks(21, "has a status that the event log does not know")
def withdrawn_by_nobody(world):
    return force(world.sealed, status=Status.WITHDRAWN)


@breaks(21, "was received at another moment than the event log says")
def another_moment_in_the_log(world):
    event = world.event(world.submitted)
    force(event, happened_at=event.happened_at - A_SECOND)
    return world.submitted


@breaks(21, "was submitted by somebody else than the event log says")
def another_person_in_the_log(world):
    return force(world.submitted, submitted_by=speaker_for(world.submitted.lead))


@breaks(27, "was submitted by somebody of whom it was not proved that they speak for its lead organisation")
def submitted_before_it_was_proved(world):
    Representative.objects.filter(user=world.submitted.submitted_by).update(
        proved_at=world.submitted.submitted_at + A_SECOND
    )
    return world.submitted


@breaks(27, "was given by somebody who was not asked, and of whom it was not proved for whom they speak")
def consent_of_a_stranger(world):
    return force(world.draft_consent, link=None, user=UserFactory.create())


@breaks(28, "would have two people sign through one mailbox")
def one_mailbox_for_two(world):
    people = world.submitted.people
    local, _at, domain = people.main_applicant_email.partition("@")
    force(people, signatory_email=f'"{local}"@{domain}')
    # Frozen as it was submitted then, before the rule.
    content = canonical_bytes(content_of(snapshot_of(world.submitted)))
    force(world.submitted.frozen, content=content, sha256=digest(content))
    return people


@breaks(24, "is not stored under its own digest")
def attachment_elsewhere(world):
    return force(attachment(world.draft), stored_as="attachments/elders.pdf")


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(world: World, rule: int, sentence: str, act: Callable[[World], Any]) -> None:
    rows = act(world)
    assert list(invariants.violations()) == named(rule, sentence, rows)


def test_every_sentence_was_tried() -> None:
    modules = (invariants, agreement, history, leads, parties, receipt, writing)
    assert sentences_in(*modules) == breaks.sentences
