"""Reads of the content of one application, for its snapshot and the pages that edit it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import JSONObject

from applications.enums import (
    ConsentAnswer,
    LinkPurpose,
)
from applications.models import (
    Application,
    ApplicationPeople,
    ApplicationSection,
    BudgetLine,
    Consent,
    OneTimeLink,
)
from applications.queries.collaborators import helped
from applications.queries.nudges import reminded_at, times_asked
from calls.models import BudgetHeading, SectionSpec
from calls.queries import with_help
from coalitions.models import Participation
from hubportal.accounts.models import KnownAddress, User
from hubportal.accounts.queries import mailboxes_of
from organisations.ended import ended_by_nobody
from organisations.models import Representative
from organisations.queries import proved_representatives, speaks
from organisations.unbroken import lasted_until, vouched_people_of


def latest_answers(application: Application) -> dict[int, Consent]:
    """Return the last answer of each partner, by participation, with how it came.

    ``spoke`` tells whether it was proved then that who answered with an account speaks for the partner, ``ended`` whether others
    ended them there, or the contact person through whose mailbox they answered, and ``reader_ended`` who was logged in then.
    """
    answers: dict[int, Consent] = {}
    known = Representative.objects.filter(
        lasted_until(OuterRef("answered_at")),
        user=OuterRef("user"),
        organisation=OuterRef("participation__organisation"),
        proved_at__lte=OuterRef("answered_at"),
    )
    shown = application.consents.select_related("link", "user", "reader").defer("agreed_text", "agreed_share")
    place, account, contact = "participation__organisation", "user__mailbox", "participation__mailbox"
    ended = Case(
        When(link=None, then=~ended_by_nobody(place, account)),
        default=~ended_by_nobody(place, contact),
        output_field=BooleanField(),
    )
    rows = shown.annotate(
        spoke=Exists(known), ended=ended, reader_ended=~ended_by_nobody(place, "reader__mailbox")
    )
    for consent in rows.order_by("answered_at", "pk"):
        answers[consent.participation_id] = consent
    return answers


def last_of_speakers(application: Application, place: Participation) -> Consent | None:
    """Return the last answer for a partner of who represents it, by account or in any mailbox of theirs, also under another name since (rule 27)."""
    boxes = mailboxes_of(vouched_people_of(place.organisation_id))
    said = application.consents.filter(participation=place).select_related("user", "link", "reader")
    # A whole application stands in each.
    for each in said.defer("agreed_text", "agreed_share").order_by("-answered_at", "-pk"):
        if each.came_by() & boxes:
            return each
    return None


def wrote_for_others(application: Application, place: Participation) -> QuerySet[User]:
    """Return who wrote a draft or began it, but those who speak for the organisation of a place or write along for it."""
    spoke = proved_representatives().filter(organisation=place.organisation_id).values("user")
    along = application.collaborators.filter(participation=place, user__isnull=False).values("user")
    wrote = User.objects.filter(
        Q(pk__in=application.writers.values("user")) | Q(pk=application.created_by_id)
    )
    return wrote.exclude(pk__in=spoke).exclude(pk__in=along)


def links_awaiting_consent(application: Application) -> QuerySet[OneTimeLink]:
    """Return the last unanswered link of each partner, which may have expired, with ``reminded_at`` and ``times_asked``."""
    links = application.links.filter(purpose=LinkPurpose.CONSENT, used_at=None, withdrawn_at=None)
    return links.select_related("participation").annotate(
        reminded_at=reminded_at(link=OuterRef("pk")), times_asked=times_asked()
    )


def people_of(application: Application) -> ApplicationPeople:
    """Return who answers for an application."""
    found = ApplicationPeople.objects.get(application=application)
    # Who asks the application for them later finds these.
    found.application = application
    return found


def members_of(application: Application) -> QuerySet[Participation]:
    """Return who takes part, the lead in front.

    With ``speakers``: the addresses of who speaks for the organisation, ``spoken_through``: all their mailboxes, ``starter``: that of who began the coalition for its lead,
    ``helpers``: those of who helps the lead to write or did, and ``confirmed_by_helpers``: what they confirmed beside them.
    """
    helping = helped().filter(application=application.pk)
    beside = helping.filter(user__emailaddress__verified=True).values("user__emailaddress__email")
    members = application.coalition.participations.select_related(
        "organisation__municipality", "stated_municipality"
    )
    return members.annotate(
        speakers=ArraySubquery(_speakers(OuterRef("organisation"))),
        spoken_through=ArraySubquery(_spoken_through(OuterRef("organisation"))),
        starter=Case(When(coalition__lead_taken_at=None, then=F("coalition__created_by__email"))),
        helpers=ArraySubquery(helping.values("user__email")),
        confirmed_by_helpers=ArraySubquery(beside),
    ).order_by("-is_lead", "pk")


def _speakers(organisation: OuterRef) -> QuerySet[User, Any]:
    return User.objects.filter(
        speaks("representations__"), representations__organisation=organisation
    ).values("email")


def _spoken_through(organisation: OuterRef) -> QuerySet[KnownAddress, Any]:
    """Return the mailboxes of who speaks for an organisation, by every address that they have or had (rule 28)."""
    return KnownAddress.objects.filter(
        speaks("user__representations__"), user__representations__organisation=organisation
    ).values("mailbox")


def budget_choices(application: Application) -> tuple[list[BudgetHeading], list[Participation]]:
    """Return the headings of the call and who takes part, the lead in front, for a budget that is saved while somebody types.

    In one query: the headings stand beside the lead, and without their keys.
    """
    headings = BudgetHeading.objects.filter(call=application.call_id).order_by("position")
    columns = {name: name for name in ("id", "call_id", "position", "title", "is_contribution")}
    beside = ArraySubquery(headings.annotate(row=JSONObject(**columns)).values("row"))
    members: list[Any] = list(
        application.coalition.participations.annotate(
            headings=Case(When(is_lead=True, then=beside))
        ).order_by("-is_lead", "pk")
    )
    return [BudgetHeading(**each) for each in members[0].headings], members


def sections_of(application: Application, *, helped: str = "") -> QuerySet[SectionSpec]:
    """Return the sections that the call asks, in order, with ``written``: what the application has there, if anything.

    The section with the key ``helped`` has the help at its question too (``with_help``).
    """
    written = FilteredRelation("answers", condition=Q(answers__application=application.pk))
    sections = application.call.sections.all()
    return (
        (with_help(sections, at=helped) if helped else sections)
        .annotate(written=written)
        .order_by("position")
        .select_related(
            "written"  # type: ignore[misc]
        )
    )


def particulars_now(application: Application) -> Application:
    """Return the saved application, with who saved its particulars."""
    return Application.objects.select_related("particulars_saved_by").get(pk=application.pk)


def people_now(application: Application) -> ApplicationPeople:
    """Return the saved people of an application, with who saved them."""
    return ApplicationPeople.objects.select_related("saved_by").get(application=application)


def budget_now(application: Application) -> Application:
    """Return the saved application, with who saved its budget."""
    return Application.objects.select_related("budget_saved_by").get(pk=application.pk)


def section_now(reference: str, key: str) -> ApplicationSection | None:
    """Return the saved section, with who saved it; ``None`` while it is empty."""
    texts = ApplicationSection.objects.filter(application__reference=reference, spec__key=key)
    return texts.select_related("saved_by", "spec").first()


def budget_of(application: Application) -> QuerySet[BudgetLine]:
    """Return the lines of the budget in order, with what they are for and whose share they are."""
    return application.budget_lines.select_related("heading", "participation__organisation")


def given(answer: Consent | None) -> bool:
    """Tell whether an answer is a yes."""
    return answer is not None and answer.answer == ConsentAnswer.GIVEN
