"""Reads of what the map offers a coalition: published organisations alone, as visitors read them (rules 23 and 26)."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import ConsentAnswer, LinkPurpose, Status
from applications.models import Application, Consent, OneTimeLink
from calls.models import SectionSpec
from coalitions.models import Coalition, Participation
from mapping.agreement_queries import in_force, shown_in_stream
from organisations.models import Organisation
from organisations.queries import public_organisations, public_organisations_in
from organisations.streams import Stream
from regions.models import Municipality, Region


def offered_in(region: Region, *, typed: str, stream: str) -> QuerySet[Organisation]:
    """Return the published organisations of a region by name, with what was typed in it, of a stream where one is named."""
    found = public_organisations_in(region).select_related("municipality").order_by("sort_name", "map_key")
    if typed:
        found = found.filter(_shown_called(typed))
    return found.filter(shown_in_stream(stream)) if stream in Stream.values else found


def _shown_called(typed: str) -> Q:
    """Return the condition that visitors read this in the name: another name on the map is not found (rule 26)."""
    agreed = in_force().filter(organisation=OuterRef("pk"))
    return Q(Exists(agreed.filter(text__name__icontains=typed))) | (
        ~Q(Exists(agreed)) & Q(name__icontains=typed)
    )


def _shown_named(names: Collection[str]) -> Q:
    """Return the condition that visitors read one of these names."""
    agreed = in_force().filter(organisation=OuterRef("pk"))
    return Q(Exists(agreed.filter(text__name__in=names))) | (~Q(Exists(agreed)) & Q(name__in=names))


def places_in(coalition: Coalition) -> QuerySet[Participation]:
    """Return who takes part in a coalition, with the organisations."""
    return coalition.participations.select_related("organisation").order_by("-is_lead", "pk")


def public_of(places: list[Participation], region: Region) -> QuerySet[Organisation]:
    """Return the published organisations that take part in one of these places.

    As themselves, as the map goes on with them, or under the name that visitors of the region read: the map knows the
    number of few, and who was asked from there under that name is no other (rule 26: a number that it does know tells nothing).
    """
    keys = {each.organisation.now_as_id or each.organisation_id for each in places}
    numbers = {each.organisation.kvk_number for each in places} - {""}
    names = {each.stated_name for each in places}
    named = public_organisations_in(region).filter(_shown_named(names)).order_by().values("pk")
    found = public_organisations().filter(Q(pk__in=keys) | Q(kvk_number__in=numbers) | Q(pk__in=named))
    return found.select_related("municipality").order_by("pk")


def answers_in(coalition: Coalition) -> dict[int, bool]:
    """Return whether the last answer of each partner was a yes, by participation."""
    answered = Consent.objects.filter(participation__coalition=coalition).order_by("answered_at", "pk")
    return {each.participation_id: each.answer == ConsentAnswer.GIVEN for each in answered}


def asked_in(coalition: Coalition) -> QuerySet[Any, int | None]:
    """Return the participations that were asked for consent and have not answered."""
    waiting = OneTimeLink.objects.filter(purpose=LinkPurpose.CONSENT, used_at=None, withdrawn_at=None)
    return (
        waiting.filter(participation__coalition=coalition)
        .order_by("pk")
        .values_list("participation", flat=True)
    )


def draft_of(coalition: Coalition) -> Application | None:
    """Return the draft of a coalition that was begun last, if there is one."""
    drafts = coalition.applications.filter(status=Status.DRAFT).select_related("call")
    return drafts.order_by("-created_at", "-pk").first()


def section_for_questions(application: Application) -> SectionSpec | None:
    """Return the first section of an application that offers public questions of the region, if there is one."""
    return application.call.sections.filter(offers_questions=True).order_by("position").first()


def municipality_with(code: str) -> Municipality | None:
    """Return the municipality with a code, if there is one."""
    return Municipality.objects.filter(code=code).first()
