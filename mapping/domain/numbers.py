"""The KvK numbers of the map: who holds on to one elsewhere keeps it, and the map does not hear of it (rule 26)."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.agreement_queries import last_word_of, refused_under
from mapping.domain.leftovers import clear_leftovers, is_referred_to, make_way, take_off_every_map
from mapping.domain.refusals import lock_number, take_along
from mapping.events import CAME_ON_MAP, ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from mapping.queries import known_to, regions_mapped_with
from organisations.domain.following import begin_anew, follow
from organisations.domain.organisations import OrganisationFacts, add_organisation, write_facts
from organisations.models import Organisation
from organisations.queries import with_kvk_number
from regions.models import Region

# What the map keeps of an organisation beside its number, and goes with it to another one.
_ON_MAP = (
    *("name", "sort_name", "legal_form", "municipality", "streams", "kind", "role", "reach", "neighbourhood"),
    *(
        "other_names",
        "domains",
        "website",
        "public_contact",
        "description",
        "version",
        "changed_by",
        "changed_at",
    ),
    *("mapped_at", "published_at", "published_by", "map_key"),
)


def numbers_to_have_apart(kvk_numbers: Collection[str], region: Region, *, user: User) -> set[str]:
    """Return which of these numbers a region gets apart: those on a map of which the user may not know, as ``put_under_number`` would.

    Not those that the region has apart already.
    """
    known = known_to(user, kvk_numbers).order_by().values("kvk_number")
    here = region.organisations_apart.filter(kvk_number__in=kvk_numbers).order_by().values("kvk_number")
    mapped = Organisation.objects.filter(kvk_number__in=kvk_numbers, apart_in=None, mapped_at__isnull=False)
    found = mapped.exclude(kvk_number__in=known).exclude(kvk_number__in=here)
    return set(found.order_by().values_list("kvk_number", flat=True))


def put_under_number(facts: OrganisationFacts, region: Region, *, actor: User, at: datetime) -> Organisation:
    """Put an organisation on the map of a region under the number that is typed, within the caller's act.

    Raises ``RuleViolation`` for a number that is on a map of which the actor may know.
    """
    try:
        # A savepoint: somebody else may add the same number between the question and the answer.
        with transaction.atomic():
            return _put(facts, region, actor=actor, at=at)
    except IntegrityError:
        return _put_again(facts, region, actor=actor, at=at)


def _put_again(facts: OrganisationFacts, region: Region, *, actor: User, at: datetime) -> Organisation:
    try:
        with transaction.atomic():
            return _put(facts, region, actor=actor, at=at)
    except IntegrityError as taken:
        # The region has it apart already, on a map that the actor does not see.
        raise number_is_taken() from taken


def _put(facts: OrganisationFacts, region: Region, *, actor: User, at: datetime) -> Organisation:
    known, apart_in = _found(facts.kvk_number, region, actor)
    if known is None:
        organisation = add_organisation(facts, apart_in=apart_in, mapped_at=at, actor=actor, at=at)
    else:
        organisation = known
        clear_leftovers(organisation)
        begin_anew(organisation)
        # As new: what it was on a map before tells that somebody held on to it (rule 26).
        organisation.map_key, organisation.version = uuid4(), 1
        organisation.changed_at = organisation.changed_by = None
        changed = write_facts(organisation, facts)
        organisation.mapped_at = at
        organisation.save()
        record(CAME_ON_MAP, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    return organisation


def _found(kvk_number: str, region: Region | None, actor: User) -> tuple[Organisation | None, Region | None]:
    """Return the organisation that is on no map yet with this number, locked, or the region that is to have it apart.

    Neither where the number is free. Raises ``RuleViolation`` for a number that is on a map of which the actor may know:
    one of the own regions, or a public one.
    """
    if not kvk_number:
        return None, None
    if known_to(actor, [kvk_number]).exists():
        raise number_is_taken()
    known = with_kvk_number(kvk_number).select_for_update().first()
    if known is None or known.mapped_at is None:
        return known, None
    if region is None:
        raise number_is_taken()
    # A kwartiermaker elsewhere mapped it. What they keep of it is theirs, and so is that they do.
    return None, region


def under_number(
    organisation: Organisation, kvk_number: str, *, region: Region | None, actor: User, at: datetime
) -> Organisation:
    """Return the row that is on the map under another number from now on, within the caller's act.

    The same one, unless coalitions, representatives or positions hold on to its number, or another row has the new one.
    Raises ``RuleViolation`` for a number that is on a map of which the actor may know, for a public row and a number under
    which somebody declined, and for a row that is hidden because somebody declined elsewhere under the number before.
    """
    lock_number(kvk_number)
    # Who declined under the number before is known by it, should a row of that number come on the map (rule 23).
    take_along(organisation)
    _check_not_refused(organisation, kvk_number)
    region = region or regions_mapped_with(organisation, actor).first()
    known, apart_in = _found(kvk_number, region, actor)
    held = (organisation.participations, organisation.representatives, organisation.affiliations)
    is_held = any(each.exists() for each in held)
    if known is None and not is_held:
        organisation.apart_in = apart_in
        return organisation
    new = Organisation(kvk_number=kvk_number, apart_in=apart_in, created_by=actor, created_at=at)
    moved = known or new
    if known:
        begin_anew(known)
    _move(organisation, moved)
    # In this order: the history of the map goes on, and tells nothing of the two rows (rule 26).
    if moved.published_at is not None:
        record(ORGANISATION_PUBLISHED, subject=moved, actor=actor, at=at)
    record(
        CAME_ON_MAP, subject=moved, actor=actor, at=at, facts={"fields": [], "organisation": organisation.pk}
    )
    if moved.published_at is not None:
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)
    _leave(organisation, moved, is_held=is_held)
    return moved


def _leave(organisation: Organisation, moved: Organisation, *, is_held: bool) -> None:
    """Take the row of before off every map, or forget it. Whoever of a region speaks for it still does."""
    if is_held or is_referred_to(organisation):
        organisation.published_at = organisation.published_by = None
        organisation.save(update_fields=["published_at", "published_by"])
        take_off_every_map(organisation, now_as=moved)
    else:
        organisation.delete()


def _check_not_refused(organisation: Organisation, kvk_number: str) -> None:
    if organisation.published_at is not None and refused_under(kvk_number).exists():
        raise RuleViolation(
            _(
                "The organisation with this KvK number answered that it does not want to be public, and this one is. First take "
                "it off the public pages."
            ),
            field="kvk_number",
        )
    word = last_word_of(organisation)
    # A no of its own goes along with a row; one of elsewhere would be left behind by another number (rule 23).
    if (word is None or not word.is_refusal) and refused_under(organisation.kvk_number).exists():
        raise RuleViolation(
            _(
                "The organisation with the KvK number that stood here answered that it does not want to be public, and that stays "
                "so. If you mean another organisation, take this one off the map and add the other one."
            ),
            field="kvk_number",
        )


def _move(organisation: Organisation, moved: Organisation) -> None:
    """Let the map go on with another row as with the one before."""
    for name in _ON_MAP:
        setattr(moved, name, getattr(organisation, name))
    organisation.map_key = uuid4()
    try:
        with transaction.atomic():
            organisation.save(update_fields=["map_key"])
            moved.save()
    except IntegrityError as taken:
        raise number_is_taken() from taken
    make_way(organisation, moved)
    moved.works_in.set(organisation.works_in.all())
    moved.reaches.set(organisation.reaches.all())
    organisation.engagements.update(organisation=moved)
    organisation.map_entries.update(organisation=moved)
    follow(organisation, moved)


def number_is_taken() -> RuleViolation:
    """Return the refusal of a KvK number of another organisation of the map."""
    return RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
