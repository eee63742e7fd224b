"""What undoing that a dossier was given takes back, and whether it still can be undone (rule 41)."""

from django.db.models import Q, QuerySet

from applications.models import Application, ApplicationPeople, ApplicationSection
from applications.queries.handovers import colleagues_of_lead
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from organisations.enums import Proof
from organisations.models import Representative
from takeovers.models import Takeover

# What somebody does about accounts and about who speaks for whom is undone with it, or is no work with the dossier.
_NO_WORK = ("accounts.", "organisations.", "takeovers.")


def came_in_by(takeover: Takeover) -> list[Representative]:
    """Return who speaks for the organisation because the dossier was given: who asked, and whom they confirmed since, one after another.

    Nobody where who asked was proved otherwise: then undoing takes it from nobody either.
    """
    return [each for each in _ever_came_in_by(takeover) if each.ended_at is None]


def _ever_came_in_by(takeover: Takeover) -> list[Representative]:
    """Return the same, with who stopped speaking for the organisation since: what they did stays."""
    everybody = Representative.objects.filter(organisation=takeover.organisation_id).select_related("user")
    last = list(everybody.filter(user=takeover.asked_by_id, proved_at=takeover.settled_at))
    found = {each.pk: each for each in last}
    while last:
        confirmed = everybody.filter(proof=Proof.COLLEAGUE, proved_by__in=[each.user_id for each in last])
        later = confirmed.filter(proved_at__gt=takeover.settled_at).exclude(pk__in=found)
        last = list(later.order_by("proved_at", "pk"))
        found |= {each.pk: each for each in last}
    return list(found.values())


def _people(takeover: Takeover) -> set[int]:
    return {takeover.asked_by_id, *(each.user_id for each in _ever_came_in_by(takeover))}


def others_who_came_in(takeover: Takeover) -> list[Representative]:
    """Return who came in by who was given the dossier, without that person."""
    return [each for each in came_in_by(takeover) if each.user_id != takeover.asked_by_id]


def disputes_since(takeover: Takeover) -> QuerySet[Representative]:
    """Return of whom those who came in by it said since that they do not speak for the organisation."""
    return Representative.objects.filter(
        organisation=takeover.organisation_id,
        contested_by__in=_people(takeover),
        contested_at__gt=takeover.settled_at,
        ended_at=None,
    ).order_by("pk")


def contact_after_undoing(takeover: Takeover, *, undone_by: User) -> User | None:
    """Return who is the contact person once it is undone: who was it, or else who undoes it, or another who still speaks for the lead.

    Where nobody does, it stays who it was, as before the dossier was given. ``None`` where there is no contact person to give back.
    """
    application = takeover.application
    if application is None or application.contact_id != takeover.asked_by_id:
        return None
    leaving = {each.user_id for each in came_in_by(takeover)}
    staying = {each.pk: each for each in colleagues_of_lead(application) if each.pk not in leaving}
    wanted = (takeover.holder_id, undone_by.pk, *staying)
    return next((staying[each] for each in wanted if each in staying), takeover.holder)


def has_acted(takeover: Takeover) -> bool:
    """Tell whether who was given the dossier, or came in by them, did anything in the portal since, or wrote in what the organisation leads."""
    since, people = takeover.settled_at, _people(takeover)
    acted = AuditEvent.objects.filter(actor_id__in=people, happened_at__gt=since)
    for prefix in _NO_WORK:
        acted = acted.exclude(act__startswith=prefix)
    # In all that the organisation leads: that opened with it.
    led = Application.objects.filter(coalition__lead_organisation=takeover.organisation_id).order_by()
    own = {"saved_by__in": people, "saved_at__gt": since, "application__in": led.values("pk")}
    written = ApplicationSection.objects.filter(**own)
    named = ApplicationPeople.objects.filter(**own)
    planned = led.filter(
        Q(particulars_saved_by__in=people, particulars_saved_at__gt=since)
        | Q(budget_saved_by__in=people, budget_saved_at__gt=since)
        | Q(completion__answers_saved_by__in=people, completion__answers_saved_at__gt=since)
    )
    return any(rows.exists() for rows in (acted, written, named, planned))
