"""The consent of partners, bound to what they read (rules 8 and 9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.content import attached_digest, share_digest, share_digests, text_digest
from applications.domain.links import is_alive, just_made, make_link, use_link
from applications.domain.locking import locked, locked_draft
from applications.enums import ConsentAnswer, LinkPurpose
from applications.events import CONSENT_ANSWERED, CONSENT_ASKED
from applications.models import Application, Consent, OneTimeLink
from applications.permissions import may_answer_as_partner
from applications.queries import given, latest_answers
from coalitions.mailboxes import mailbox
from coalitions.models import Participation
from coalitions.permissions import may_answer_for
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation


class ContentChanged(RuleViolation):
    """The text or the share changed since the person opened the page; they must read it again."""


@dataclass(frozen=True)
class ConsentState:
    """How it stands with the consent of one partner: the last answer, and whether it still counts."""

    participation: Participation
    answer: Consent | None
    is_valid: bool
    is_stale: bool
    link: OneTimeLink | None

    @property
    def is_declined(self) -> bool:
        """Tell whether the last word was no."""
        return self.answer is not None and not self.is_stale and self.answer.answer == ConsentAnswer.DECLINED

    def is_asked(self, *, at: datetime) -> bool:
        """Tell whether the partner was asked and can answer: its link still works."""
        return self.link is not None and is_alive(self.link, at=at)


def consent_states(application: Application) -> list[ConsentState]:
    """Return how it stands with each partner; the lead organisation consents by submitting."""
    answers, text = latest_answers(application), text_digest(application)
    links = {
        each.participation_id: each
        for each in application.links.filter(
            purpose=LinkPurpose.CONSENT, used_at=None, withdrawn_at=None
        ).select_related("participation")
    }
    partners = application.coalition.participations.select_related("organisation").filter(is_lead=False)
    shares = share_digests(application, partners)
    states = []
    for each in partners:
        answer = answers.get(each.pk)
        fits = answer is not None and (answer.text_digest, answer.share_digest) == (text, shares[each.pk])
        states.append(
            ConsentState(
                participation=each,
                answer=answer,
                is_valid=given(answer) and fits,
                is_stale=answer is not None and not fits,
                link=links.get(each.pk),
            )
        )
    return states


@transaction.atomic
def ask_consent(*, application_id: int, participation_id: int, actor: User, at: datetime) -> OneTimeLink:
    """Mail a partner's contact person a one-time link to read and answer; an older link stops working.

    A second click sends nothing more. Raises ``NotAllowed``, ``WrongStatus``, ``TooManyMails``, and ``NotAllowed`` at ``contact_email`` for a mailbox of the
    person who asks (rule 8).
    """
    application = locked_draft(application_id, actor)
    participation = application.coalition.participations.select_related("organisation").get(
        pk=participation_id, is_lead=False
    )
    if participation.mailbox in mailboxes_of_lead(application) | {mailbox(actor.email)}:
        raise NotAllowed(
            _("A partner never consents through the mailbox of the organisation that asks."),
            field="contact_email",
        )
    who: dict[str, Any] = {"purpose": LinkPurpose.CONSENT, "participation": participation}
    asked = just_made(application, email=participation.contact_email, at=at, **who)
    if asked is not None:
        return asked
    link, secret = make_link(
        application,
        name=participation.contact_name,
        email=participation.contact_email,
        actor=actor,
        at=at,
        **who,
    )
    mails.queue_consent_request(link, secret, at=at)
    record(CONSENT_ASKED, subject=participation, actor=actor, at=at, facts={"link": link.pk})
    return link


@transaction.atomic
def answer_by_link(
    *,
    link: OneTimeLink,
    answer: ConsentAnswer,
    reason: str,
    given_by_name: str,
    seen_digest: str,
    signed_in_as: User | None,
    at: datetime,
) -> Consent:
    """Keep a partner's answer, given through the link that was mailed to it.

    Raises ``DeadLink``, ``NotAllowed`` when somebody of the lead organisation is logged in here (rule 8),
    ``ContentChanged``, and ``WrongStatus`` once the application is submitted.
    """
    application = _open_for_answers(link.application_id, seen_digest)
    if signed_in_as is not None:
        may_answer_as_partner.check(signed_in_as, application)
    if mailbox(link.email) in mailboxes_of_lead(application):
        raise NotAllowed(_("A partner never consents through the mailbox of the organisation that asks."))
    used = use_link(link.pk, at=at)
    assert used.participation_id is not None  # a constraint keeps it for links that ask consent
    participation = application.coalition.participations.get(pk=used.participation_id)
    return _keep(application, participation, answer, reason, given_by_name, link=used, user=None, at=at)


@transaction.atomic
def answer_by_account(
    *,
    application_id: int,
    participation_id: int,
    answer: ConsentAnswer,
    reason: str,
    seen_digest: str,
    actor: User,
    at: datetime,
) -> Consent:
    """Keep a partner's answer, given by somebody with an account who speaks for it.

    Raises ``NotAllowed`` for anybody else and for the people of the lead organisation (rule 8),
    ``ContentChanged`` and ``WrongStatus``.
    """
    application = _open_for_answers(application_id, seen_digest)
    participation = application.coalition.participations.get(pk=participation_id, is_lead=False)
    may_answer_for.check(actor, participation)
    may_answer_as_partner.check(actor, application)
    return _keep(application, participation, answer, reason, actor.full_name, link=None, user=actor, at=at)


def reading_digest(application: Application) -> str:
    """Return a digest of all that the consent page shows, by which a change behind the reader's back is seen."""
    return text_digest(application) + attached_digest(application) + str(application.budget_version)


def _open_for_answers(application_id: int, seen_digest: str) -> Application:
    application = locked(application_id)
    if not application.is_draft:
        raise RuleViolation(_("This application was submitted already, so it asks for no answer any more."))
    if seen_digest != reading_digest(application):
        raise ContentChanged(
            _("The text or the budget changed while you were reading. Please read it again.")
        )
    return application


def _keep(
    application: Application,
    participation: Participation,
    answer: ConsentAnswer,
    reason: str,
    name: str,
    *,
    link: OneTimeLink | None,
    user: User | None,
    at: datetime,
) -> Consent:
    if answer == ConsentAnswer.DECLINED and not reason.strip():
        raise RuleViolation(_("Say in a few words why you do not agree."), field="reason")
    consent = Consent.objects.create(
        application=application,
        participation=participation,
        answer=answer,
        reason=reason,
        given_by_name=name,
        link=link,
        user=user,
        text_digest=text_digest(application),
        share_digest=share_digest(application, participation),
        answered_at=at,
    )
    mails.queue_consent_answered(consent, at=at)
    record(CONSENT_ANSWERED[answer], subject=consent, actor=user, at=at)
    return consent


def mailboxes_of_lead(application: Application) -> set[str]:
    """Return the mailboxes of who speaks for the lead organisation, and of whom the application names for it."""
    speakers = User.objects.filter(representations__organisation=application.coalition.lead_organisation_id)
    named = [application.people.main_applicant_email, application.people.signatory_email]
    return {mailbox(each) for each in [*speakers.values_list("email", flat=True), *named] if each}
