"""One snapshot of an application: its content and its partners' consent, from which everything else is computed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from applications.models import (
    Application,
    ApplicationPeople,
    ApplicationSection,
    Attachment,
    BudgetLine,
    Consent,
    OneTimeLink,
)
from applications.queries import overlaps
from applications.queries.content import (
    budget_of,
    latest_answers,
    links_awaiting_consent,
    members_of,
    people_of,
    sections_of,
)
from calls.models import SectionSpec
from coalitions.models import Participation
from hubportal.kernel.mailboxes import mailbox


@dataclass(frozen=True)
class Snapshot:
    """The content of an application at one moment, with the answers of its partners.

    Checks, consent, pages and freezing are all computed from these same rows.
    """

    application: Application
    people: ApplicationPeople
    # With their organisations; the lead first.
    members: list[Participation]
    # The sections that the call asks, in order, and what is written in them, by section.
    specs: list[SectionSpec]
    sections: dict[int, ApplicationSection]
    lines: list[BudgetLine]
    attachments: list[Attachment]
    # The last answer and the unanswered link, by participation.
    answers: dict[int, Consent]
    links: dict[int, OneTimeLink]
    # Mailboxes through which the lead organisation speaks, so that no partner answers through them (rule 8).
    mailboxes_of_lead: frozenset[str]
    # Of these, what everybody who writes knows: the people named in it, who began it, and who helps.
    mailboxes_written: frozenset[str]
    # The addresses of who is proved to speak for the lead organisation (rule 27).
    speakers: frozenset[str]
    # Pairs of region and organisation of what the call received already, where it takes one of each (rule 11).
    overlaps: frozenset[tuple[int, int]]

    @property
    def partners(self) -> list[Participation]:
        """Return who takes part beside the lead."""
        return [each for each in self.members if not each.is_lead]

    @property
    def is_represented(self) -> bool:
        """Tell whether it is proved of anybody that they speak for the lead organisation (rule 27)."""
        return bool(self.speakers)

    def as_seen_by(self, address: str) -> Self:
        """Return what may be told to who has this address: whether others speak for the lead, only who does (rule 26)."""
        return self if address in self.speakers else replace(self, speakers=frozenset())

    def text_of(self, spec: SectionSpec) -> str:
        """Return what is written in a section."""
        section = self.sections.get(spec.pk)
        return section.text if section else ""

    def share_of(self, participation: Participation) -> list[BudgetLine]:
        """Return the lines of one organisation's own share of the budget."""
        return [each for each in self.lines if each.participation_id == participation.pk]

    def stood_at(self, moment: datetime) -> bool:
        """Tell whether all of this was there at a moment: nothing was saved, answered, added or removed after it."""
        return all(each <= moment for each in self._changes())

    def _changes(self) -> Iterator[datetime]:
        application = self.application
        yield from (application.changed_at, application.particulars_saved_at, application.budget_saved_at)
        yield self.people.saved_at
        yield from (each.saved_at for each in self.sections.values())
        yield from (each.added_at for each in self.attachments)
        yield from (each.joined_at for each in self.members)
        yield from (each.answered_at for each in self.answers.values())
        if application.coalition.changed_at is not None:
            yield application.coalition.changed_at


def snapshot_of(
    application: Application, *, people: ApplicationPeople | None = None, helped: str = ""
) -> Snapshot:
    """Read an application; an act does so under its lock, so that nothing changes in between.

    ``people`` where a page has just read them with it; ``helped``: the key of the section to read with its help.
    """
    people, members = people or people_of(application), list(members_of(application))
    specs = list(sections_of(application, helped=helped))
    [lead] = [each for each in members if each.is_lead]
    speakers: list[str] = lead.speakers  # type: ignore[attr-defined]
    # Who helps the lead answers for nobody else (rule 37).
    ours: list[str] = [lead.starter, *lead.helpers, *lead.confirmed_by_helpers]  # type: ignore[attr-defined]
    return Snapshot(
        application=application,
        people=people,
        members=members,
        specs=specs,
        # A section in which nothing is written has no row.
        sections={each.pk: section for each in specs if (section := getattr(each, "written", None))},
        lines=list(budget_of(application)),
        attachments=list(application.attachments.all()),
        answers=latest_answers(application),
        links={
            each.participation_id: each
            for each in links_awaiting_consent(application)
            if each.participation_id is not None
        },
        mailboxes_of_lead=mailboxes_of_lead(people, [*lead.spoken_through, *ours]),  # type: ignore[attr-defined]
        mailboxes_written=mailboxes_of_lead(people, ours),
        speakers=frozenset(speakers),
        overlaps=overlaps(application),
    )


def mailboxes_of_lead(people: ApplicationPeople, speakers: list[str]) -> frozenset[str]:
    """Return the mailboxes of the lead organisation's representatives and of the people named in the application."""
    # Who was named for a former lead is of no organisation until somebody looked at it (rule 44).
    named = [people.main_applicant_email] if people.main_applicant_organisation_id else []
    named += [people.signatory_email] if people.signatory_organisation_id else []
    return frozenset(mailbox(each) for each in [*speakers, *named] if each)
