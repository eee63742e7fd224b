"""What is still missing before an application can be submitted, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.domain.consent_states import consent_states
from applications.domain.snapshot import Snapshot
from applications.domain.two_signatories import are_two_people
from applications.models import Application, ApplicationPeople
from calls.domain.attachment_kinds import attachment_kinds
from calls.models import ReviewRound
from hubportal.documents.domain.files import stands
from hubportal.documents.domain.scanning import is_withheld
from hubportal.documents.enums import ScanState
from hubportal.kernel.dates import day_in_digits
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.money import euros
from hubportal.kernel.text import is_filled

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: the page where it is filled in, and a sentence."""

    page: str
    sentence: "str | _StrPromise"
    anchor: str = ""
    # True: waits for somebody else, not the applicant.
    waits: bool = False
    # True: tells whose address is one of the lead organisation, which not everybody who writes may know.
    tells_speakers: bool = False
    # True: speaks to who leads the application about themselves.
    is_to_lead: bool = False


class NotReady(RuleViolation):
    """The application cannot be submitted yet; ``missing`` says why."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(_("This application is not complete yet."))
        self.missing = missing


def what_is_missing(snapshot: Snapshot, *, review_round: ReviewRound | None, at: datetime) -> list[Missing]:
    """Return everything that is missing for submission, in the order of the pages.

    What the call received of others is no part of it: see ``elsewhere``.
    """
    return [
        *_particulars(snapshot.application, review_round),
        *_people(snapshot.people),
        *_delivery(snapshot.people),
        *_representation(snapshot),
        *_partners(snapshot, at=at),
        *_sections(snapshot),
        *_budget(snapshot.application),
        *_attachments(snapshot),
    ]


def _particulars(application: Application, review_round: ReviewRound | None) -> Iterator[Missing]:
    if not is_filled(application.title):
        yield Missing("particulars", _("Give your project a title."), "title")
    if application.duration_months is None:
        yield Missing("particulars", _("Enter how many months your project lasts."), "duration_months")
    if application.starts_on is None:
        yield Missing("particulars", _("Enter the day on which your project starts."), "starts_on")
    elif review_round is not None and application.starts_on < review_round.award_expected_on:
        # Rule 7: who starts before the award starts without a grant.
        yield Missing(
            "particulars",
            _("Start on or after %(day)s: that is when the award of this round is expected.")
            % {"day": day_in_digits(review_round.award_expected_on)},
            "starts_on",
        )


def _people(people: ApplicationPeople) -> Iterator[Missing]:
    if not (is_filled(people.main_applicant_name) and people.main_applicant_email):
        yield Missing("people", _("Name the main applicant, with an e-mail address."), "main_applicant_name")
    elif not people.main_applicant_organisation_id:
        yield Missing(
            "people", _("Choose the organisation of the main applicant."), "main_applicant_organisation"
        )
    if not (is_filled(people.signatory_name) and people.signatory_email):
        yield Missing("people", _("Name the authorised signatory, with an e-mail address."), "signatory_name")
    elif not people.signatory_organisation_id:
        yield Missing(
            "people", _("Choose the organisation of the authorised signatory."), "signatory_organisation"
        )
    elif share_a_mailbox(people):
        yield Missing(
            "people",
            _("%(signatory)s needs a different e-mail address: this one also belongs to %(main)s.")
            % {"signatory": people.signatory_name, "main": people.main_applicant_name},
            "signatory_email",
        )
    if not (is_filled(people.leader_name) and people.leader_email):
        yield Missing("people", _("Name the project leader, with an e-mail address."), "leader_name")
    elif not people.leader_organisation_id:
        yield Missing("people", _("Choose the organisation of the project leader."), "leader_organisation")


def _delivery(people: ApplicationPeople) -> Iterator[Missing]:
    """Yield what lacks to send the letter of the decision: an address, and a choice that is express (Awb 2:8)."""
    if not all(is_filled(each) for each in (people.postal_street, people.postal_code, people.postal_place)):
        yield Missing("people", _("Enter the postal address of the lead organisation."), "postal_street")
    if people.electronic_letters is None:
        yield Missing(
            "people",
            _("Choose whether the letter with our decision comes by e-mail or by post."),
            "electronic_letters",
        )


def share_a_mailbox(people: ApplicationPeople) -> bool:
    """Tell whether two different people would sign through the same mailbox; one person may have both roles."""
    return (
        bool(people.main_applicant_email)
        and are_two_people(people)
        and mailbox(people.main_applicant_email) == mailbox(people.signatory_email)
    )


def _partners(snapshot: Snapshot, *, at: datetime) -> Iterator[Missing]:
    fewest = snapshot.application.call.min_parties
    states = consent_states(snapshot)
    if len(states) + 1 < fewest:
        yield Missing(
            "partners",
            _("At least %(fewest)d organisations apply together; you have %(count)d.")
            % {"fewest": fewest, "count": len(states) + 1},
        )
    for state in states:
        name = dutch(state.participation.stated_name)
        if state.participation.mailbox in snapshot.mailboxes_of_lead:
            yield Missing(
                "partners",
                filled_in(
                    _(
                        "%(name)s would answer through a mailbox of the lead organisation. Change the "
                        "contact person."
                    ),
                    name=name,
                ),
                tells_speakers=state.participation.mailbox not in snapshot.mailboxes_written,
            )
        if not state.participation.is_legal_person:
            yield Missing("partners", filled_in(_("%(name)s is not a legal person."), name=name))
        if state.is_valid:
            continue
        is_asked = state.is_asked(at=at)
        # Asked (again) after an earlier answer: the older answer no longer counts.
        if is_asked:
            sentence = _("%(name)s has been asked for consent and has not answered yet.")
        elif state.link is not None:
            sentence = _("The link that was sent to %(name)s no longer works. Ask for consent again.")
        elif state.is_declined:
            sentence = _("%(name)s does not agree.")
        elif state.is_stale and not state.is_by_other:
            sentence = _("%(name)s agreed to an earlier text. Ask for consent again.")
        else:
            sentence = _("Ask %(name)s for consent.")
        yield Missing("partners", filled_in(sentence, name=name), waits=is_asked)


def _representation(snapshot: Snapshot) -> Iterator[Missing]:
    """Yield that nobody is known to speak for the lead organisation (rule 27)."""
    if not snapshot.is_represented:
        name = dutch(snapshot.application.coalition.lead_name)
        sentence = _("We are still checking whether you represent %(name)s.")
        yield Missing("partners", filled_in(sentence, name=name), waits=True, is_to_lead=True)


def _sections(snapshot: Snapshot) -> Iterator[Missing]:
    for spec in snapshot.specs:
        text = snapshot.text_of(spec)
        if spec.is_required and not is_filled(text):
            yield Missing("section", _("Write the section “%(title)s”.") % {"title": spec.title}, spec.key)
        elif len(text) > spec.max_characters:
            yield Missing(
                "section",
                _("Shorten the section “%(title)s”: it has %(count)d characters and the maximum is %(most)d.")
                % {"title": spec.title, "count": len(text), "most": spec.max_characters},
                spec.key,
            )


def _budget(application: Application) -> Iterator[Missing]:
    amount, ceiling = application.requested_amount, application.amount_ceiling
    if amount < 0:
        yield Missing("budget", _("The contributions from third parties are higher than the costs."))
    elif amount == 0:
        yield Missing("budget", _("Fill in the budget: you have not requested any amount yet."))
    elif amount > ceiling:
        yield Missing(
            "budget",
            _("You request %(amount)s. At most %(most)s can be granted.")
            % {"amount": euros(amount), "most": euros(ceiling)},
        )


def _attachments(snapshot: Snapshot) -> Iterator[Missing]:
    """Yield each kind that the call asks for and that is not there, and each file that nobody could read (rule 24)."""
    there = {each.kind for each in snapshot.attachments}
    for kind in attachment_kinds(snapshot.application.call):
        if kind.is_required and kind.key not in there:
            label = dutch(kind.label)
            yield Missing("attachments", filled_in(_("Add the attachment “%(kind)s”."), kind=label), "kind")
    for each in snapshot.attachments:
        waits = False
        if each.scan == ScanState.INFECTED:
            sentence = _("Remove “%(title)s”: our scanner found a virus in it.")
        elif not stands(each.stored_as, each.size):
            sentence = _("“%(title)s” is damaged on our side. Add the same file once more.")
        elif is_withheld(each.scan):
            sentence = _(
                "“%(title)s” has not been checked for viruses yet. We try again by ourselves; you can also remove the file."
            )
            waits = True
        else:
            continue
        yield Missing(
            "attachments", filled_in(sentence, title=dutch(each.title)), f"file-{each.pk}", waits=waits
        )
