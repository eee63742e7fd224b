"""What happened last in a draft, in words: as its rows tell it, and only what the reader may know of (rule 26)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.domain.snapshot import Snapshot
from applications.enums import CollaborationState
from applications.models import Collaborator
from applications.queries.content import given
from hubportal.kernel.languages import dutch, filled_in

# The latest few.
SHOWN = 8


@dataclass(frozen=True)
class Happened:
    """One act: when, what, and the account that did it where the reader is told."""

    at: datetime
    what: str
    by: int | None = None
    name: str = ""


def latest(
    snapshot: Snapshot, collaborators: Iterable[Collaborator], *, names: Mapping[int, str]
) -> list[Happened]:
    """Return the last acts in a draft, the latest first; what was taken out again leaves no row and is not among them.

    Who wrote what is told to who writes; what concerns asking and reminding to whom it is told elsewhere.
    """
    application = snapshot.application
    is_written, is_led = (getattr(application, each, True) for each in ("is_written", "is_led"))
    written = [*_written(snapshot, is_led=is_led)]
    if not is_written:
        written = [Happened(each.at, each.what) for each in written]
    everything = [
        *written,
        *_members(snapshot),
        *_lead(snapshot),
        *_answers(snapshot),
        *_invited(collaborators),
    ]
    if getattr(application, "is_spoken_for", False):
        everything += _reminded(snapshot, collaborators)
    found = sorted(everything, key=lambda each: each.at, reverse=True)[:SHOWN]
    return [Happened(each.at, each.what, each.by, each.name or names.get(each.by or 0, "")) for each in found]


def writers_in(snapshot: Snapshot) -> set[int]:
    """Return the accounts that last wrote the parts of a draft."""
    return {each.by for each in _written(snapshot, is_led=True) if each.by is not None}


def _written(snapshot: Snapshot, *, is_led: bool) -> Iterator[Happened]:
    application, begun_at = snapshot.application, snapshot.application.created_at
    yield Happened(begun_at, _("The application was begun"), application.created_by_id)
    if application.particulars_saved_at > begun_at:
        yield Happened(
            application.particulars_saved_at,
            _("Title and dates were changed"),
            application.particulars_saved_by_id,
        )
    if application.budget_saved_at > begun_at:
        yield Happened(
            application.budget_saved_at, _("The budget was changed"), application.budget_saved_by_id
        )
    if is_led and snapshot.people.saved_at > begun_at:
        yield Happened(snapshot.people.saved_at, _("The people were changed"), snapshot.people.saved_by_id)
    for spec in snapshot.specs:
        if (section := snapshot.sections.get(spec.pk)) is not None:
            what = filled_in(_("“%(title)s” was changed"), title=dutch(spec.title))
            yield Happened(section.saved_at, what, section.saved_by_id)
    for each in snapshot.attachments:
        what = filled_in(_("The attachment “%(title)s” was added"), title=dutch(each.title))
        yield Happened(each.added_at, what, each.added_by_id)


def _members(snapshot: Snapshot) -> Iterator[Happened]:
    for each in snapshot.partners:
        if each.joined_at > snapshot.application.created_at:
            what = filled_in(_("%(name)s came into the coalition"), name=dutch(each.stated_name))
            yield Happened(each.joined_at, what)


def _lead(snapshot: Snapshot) -> Iterator[Happened]:
    coalition = snapshot.application.coalition
    if coalition.lead_taken_at is not None:
        what = filled_in(_("%(name)s became the lead organisation"), name=dutch(coalition.lead_name))
        yield Happened(coalition.lead_taken_at, what)


def _answers(snapshot: Snapshot) -> Iterator[Happened]:
    for each in snapshot.partners:
        name = {"name": dutch(each.stated_name)}
        if (link := snapshot.links.get(each.pk)) is not None:
            yield Happened(link.asked_at, filled_in(_("%(name)s was asked for consent"), **name))
        if (answer := snapshot.answers.get(each.pk)) is not None:
            words = _("%(name)s agreed") if given(answer) else _("%(name)s did not agree")
            yield Happened(answer.answered_at, filled_in(words, **name))


def _invited(collaborators: Iterable[Collaborator]) -> Iterator[Happened]:
    for each in collaborators:
        name = {"name": dutch(each.name)}
        yield Happened(
            each.invited_at,
            filled_in(_("%(name)s was invited to take part"), **name),
            each.invited_by_id,
            each.invited_by.full_name,
        )
        if each.answered_at is not None:
            declined = each.state == CollaborationState.DECLINED
            words = _("%(name)s declined the invitation") if declined else _("%(name)s takes part")
            yield Happened(each.answered_at, filled_in(words, **name))
        if each.ended_at is not None:
            yield Happened(each.ended_at, filled_in(_ended_words(each), **name))


def _ended_words(collaborator: Collaborator) -> str:
    if collaborator.user_id is None:
        return _("The invitation of %(name)s was taken back")
    return _("%(name)s no longer takes part")


def _reminded(snapshot: Snapshot, collaborators: Iterable[Collaborator]) -> Iterator[Happened]:
    for each in snapshot.links.values():
        if each.reminded_at is not None and each.participation is not None:  # type: ignore[attr-defined]
            name = dutch(each.participation.stated_name)
            yield Happened(each.reminded_at, filled_in(_("%(name)s was reminded"), name=name))  # type: ignore[attr-defined]
    for one in collaborators:
        if one.reminded_at is not None:  # type: ignore[attr-defined]
            yield Happened(
                one.reminded_at,  # type: ignore[attr-defined]
                filled_in(_("%(name)s was reminded"), name=dutch(one.name)),
            )
