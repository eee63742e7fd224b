"""Migrations that fill columns and tables do so from the rows of before, and leave none that breaks a rule.

A database with rows is taken back to where such a migration begins, what it will fill is lost on the way, and forward again.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL

from applications.enums import UNDO_DAYS
from applications.models import Application, Writer
from calls.models import MandatedPerson
from coalitions.models import Coalition, Participation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from letters.models import Letter
from organisations.models import Organisation, Representative
from regions.models import Region, RegionChange
from retention.enums import DataKind
from retention.models import RetentionPeriod
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.domain.measuring import record_measure
from reviews.enums import AffiliationKind, AssignmentEnd
from reviews.models import Affiliation, Assignment, CoveredTie, InterestDeclaration, ReviewResult
from tests.database import own_database
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT, CALL_OPENS
from tests.factories.organisations import RepresentativeFactory, organisation_in
from tests.factories.paying import told
from tests.factories.regions import MunicipalityFactory
from tests.factories.retention import period_of
from tests.factories.scenarios import after_deadline, committee, reviewed, sealed

pytestmark = pytest.mark.django_db(transaction=True)

# Before the first migration of the app that fills something.
FIRST = {
    "accounts": "0001_initial",
    "applications": "0003_mails_asked_withdrawals_and_post",
    "calls": "0002_public_applications_and_settled_rounds",
    "coalitions": "0003_when_members_changed",
    "organisations": "0001_initial",
    "reviews": "0002_complete_scores_never_change",
    "retention": "0002_carried_out_rows_never_change",
    "website": "0001_initial",
}

# A statement of its own, none of a trigger's function.
_FILLS = re.compile(r"^\s*(UPDATE|INSERT|WITH)\b", re.MULTILINE)
# What a trigger will do fills nothing yet.
_BODY = re.compile(r"\$\$.*?\$\$", re.DOTALL)


@pytest.fixture(autouse=True)
def _beside_the_others() -> Iterator[None]:
    with own_database("_migrating"):
        yield


def to(targets: dict[str, str]) -> None:
    MigrationExecutor(connection).migrate(list(targets.items()))


def to_the_latest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def rows_of(model: Any, *fields: str) -> list[Any]:
    return sorted(model.objects.values_list(*fields))


def test_measures_and_positions_of_before_cover_what_was_known_then() -> None:
    case, chair = sealed(), committee().chair
    by_seat, by_word, speaking = person(Role.OFFICER), person(Role.OFFICER), person(Role.OFFICER)
    at = after_deadline(case, days=1)
    elsewhere = organisation_in(case.coalition.region)
    note_affiliation(user=by_seat, organisation=case.lead, kind=AffiliationKind.BOARD, actor=by_seat, at=at)
    note_affiliation(
        user=by_word, organisation=elsewhere, kind=AffiliationKind.EMPLOYER, actor=by_word, at=at
    )
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=speaking, since_at=at)
    for each in (by_seat, by_word, speaking):
        declared = declare_interest(
            application_id=case.pk, has_interest=True, explanation="Ik ken hen.", actor=each, at=at
        )
        record_measure(
            declaration_id=declared.pk, measure="Leest mee.", actor=chair, at=after_deadline(case, days=2)
        )
    # After the measure, and so not covered by it.
    note_affiliation(
        user=by_word,
        organisation=case.lead,
        kind=AffiliationKind.EMPLOYER,
        actor=by_word,
        at=after_deadline(case, days=3),
    )
    positions = rows_of(Affiliation, "user", "kind", "organisation", "kvk_number", "name")

    to({"reviews": "0004_nothing_final_by_accident"})
    to_the_latest()

    assert rows_of(Affiliation, "user", "kind", "organisation", "kvk_number", "name") == positions
    measured = {
        each.user_id: each.pk
        for each in InterestDeclaration.objects.exclude(measure="").filter(replaced_at=None)
    }
    # Whoever was named then cannot be known any more: a measure covers both organisations for that.
    members = (case.lead.pk, case.partners[0].organisation_id)
    expected = [(pk, organisation, "named") for pk in measured.values() for organisation in members]
    expected += [(measured[by_seat.pk], case.lead.pk, "board")]
    expected += [(measured[speaking.pk], case.partners[0].organisation_id, "speaks")]
    assert rows_of(CoveredTie, "declaration", "organisation", "kind") == sorted(expected)
    assert list(every_violation()) == []


def test_letters_of_before_are_told_since_their_sending_was_recorded() -> None:
    letter = told().decision.letter
    letter.refresh_from_db()
    assert letter.told_at is not None

    to({"letters": "0007_letters_that_came_back_go_by_post"})
    to_the_latest()

    assert rows_of(Letter, "pk", "told_at") == [(letter.pk, letter.told_at)]
    assert list(every_violation()) == []


def test_what_older_migrations_fill_is_filled_from_rows() -> None:
    case = reviewed()
    region, mapper = case.coalition.region, KwartiermakerAssignmentFactory.create()
    Assignment.objects.create(
        application=case,
        reviewer=committee(reviewers=3).reviewers[2],
        assigned_at=AT,
        ended_at=AT,
        ended_because=AssignmentEnd.INTEREST,
    )
    unknown, public, added = (organisation_in(region, mapped_at=None) for _each in range(3))
    Organisation.objects.filter(pk=public.pk).update(published_at=AT, published_by=mapper.user)
    Organisation.objects.filter(pk=added.pk).update(created_by=mapper.user)
    period_of(DataKind.DISCARDED_DRAFTS)
    # Tied to the region by what the map said alone, as was possible before.
    place = case.partners[0]
    place.organisation.works_in.add(region)
    Participation.objects.filter(pk=place.pk).update(
        works_in_region=False, stated_municipality=MunicipalityFactory.create()
    )
    spread = ReviewResult.objects.get(application=case).spread
    assert spread is not None
    assert case.fully_signed_at is not None
    signed = rows_of(Application, "pk", "fully_signed_at")
    people = rows_of(User, "pk", "mailbox")
    wrote = rows_of(Writer, "application", "user")

    to(FIRST)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_reviewresult SET spread = spread + 1")
        cursor.execute("DELETE FROM regions_regionchange")
        cursor.execute("UPDATE retention_retentionperiod SET length = 10")
    to_the_latest()

    assert rows_of(Assignment, "ended_because") == [("",), ("",), ("interest",)]
    assert ReviewResult.objects.get(application=case).spread == spread
    assert rows_of(Application, "pk", "fully_signed_at") == signed
    assert rows_of(User, "pk", "mailbox") == people
    assert wrote
    assert rows_of(Writer, "application", "user") == wrote
    assert rows_of(RetentionPeriod, "length") == [(UNDO_DAYS,)]
    named = {
        each.pk: (each.name, each.sort_name, each.legal_form, each.municipality_id)
        for each in Organisation.objects.all()
    }
    for model in (Participation, Representative):
        rows = model.objects.values_list(
            "organisation",
            *("stated_name", "stated_sort_name", "stated_legal_form", "stated_municipality"),
        )
        assert [tuple(told) for _key, *told in rows] == [named[key] for key, *_told in rows]
    assert case.lead.name == Coalition.objects.get(pk=case.coalition_id).lead_name
    assert Participation.objects.get(pk=place.pk).works_in_region
    naming = {each._meta.label for each in (Participation, Representative, Coalition)}
    assert [each for each in every_violation() if each.model in naming] == []
    mapped = dict(Organisation.objects.values_list("pk", "mapped_at"))
    assert (mapped[unknown.pk], mapped[public.pk], mapped[added.pk]) == (None, CALL_OPENS, CALL_OPENS)
    assert rows_of(RegionChange, "region") == rows_of(Region, "pk")
    found = MandatedPerson.objects.get(call=case.call)
    assert (found.valid_from, found.up_to) == (case.call.opens_at.date(), case.call.grant_maximum)
    assert found.provisional == ["name", "function", "valid_from", "up_to"]


def test_every_migration_that_fills_is_among_these() -> None:
    loader = MigrationExecutor(connection).loader
    found = set()
    for (app, name), migration in loader.disk_migrations.items():
        is_ours = not type(migration).__module__.startswith(("django.", "allauth."))
        for each in migration.operations:
            is_filling = isinstance(each, RunSQL) and _FILLS.search(_BODY.sub("", str(each.sql)))
            if is_ours and (isinstance(each, RunPython) or is_filling):
                found.add(f"{app}.{name[:4]}")
    assert found == {
        "accounts.0002",
        "applications.0004",
        "applications.0012",
        "calls.0003",
        "coalitions.0004",
        "letters.0008",
        "organisations.0002",
        "organisations.0003",
        "retention.0003",
        "reviews.0003",
        "reviews.0004",
        "reviews.0005",
        "website.0002",
    }
