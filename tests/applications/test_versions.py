"""What stood in a draft is kept when something else is saved over it, and can be put back (rule 32)."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.drafting import save_particulars, save_section
from applications.domain.erasing import erase_draft
from applications.domain.goals import take_goal
from applications.domain.lifecycle import WrongStatus
from applications.domain.putting_back import (
    GoneMeanwhile,
    put_back_budget,
    put_back_particulars,
    put_back_text,
)
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.starting_again import start_again
from applications.domain.submitting import submit, withdraw
from applications.enums import Part
from applications.models import Application, ApplicationSection, EarlierVersion
from applications.views.version_words import words_of
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.earlier_versions import ONE_VERSION, taken_out
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.versions import NewerVersion
from mapping.models import ParticipationQuestion
from tests.factories import scenarios
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
KEY = "opgave"
MINUTE = timedelta(minutes=1)
LONG = "Wij gaan langs bij mensen thuis. " * 12


@pytest.fixture
def case() -> "scenarios.Case":
    return scenarios.started(partners=1)


def saved(
    case: "scenarios.Case",
    text: str,
    at: datetime = AT,
    *,
    actor: User | None = None,
    seen: int | None = None,
    **how: Any,
) -> ApplicationSection:
    """Save a text over what stands, as somebody who saw it."""
    standing = case.sections.filter(spec__key=KEY).values_list("version", flat=True).first() or 0
    return save_section(
        reference=case.reference,
        key=KEY,
        text=text,
        seen_version=standing if seen is None else seen,
        actor=actor or case.applicant,
        at=at,
        **how,
    )


def put_back(
    case: "scenarios.Case", number: int, *, seen: int, actor: User | None = None
) -> ApplicationSection:
    return put_back_text(
        reference=case.reference,
        key=KEY,
        number=number,
        seen_version=seen,
        actor=actor or case.applicant,
        at=AT + timedelta(hours=1),
    )


def kept(case: Application) -> list[tuple[int, str]]:
    """Return number and text of each earlier version, the first in front."""
    return [(each.number, each.content["text"]) for each in case.earlier_versions.order_by("number")]


def test_what_one_person_saves_within_ten_minutes_is_one_version(case: "scenarios.Case") -> None:
    saved(case, "Een")
    saved(case, "Een twee", AT + 5 * MINUTE)
    saved(case, "Een twee drie", AT + ONE_VERSION - timedelta(seconds=1))
    assert kept(case) == []
    saved(case, "Een twee drie vier", AT + ONE_VERSION)
    assert kept(case) == [(3, "Een twee drie")]
    version = case.earlier_versions.get()
    assert (version.begun_at, version.saved_at, version.saved_by) == (
        AT,
        AT + ONE_VERSION - timedelta(seconds=1),
        case.applicant,
    )


def test_what_another_person_wrote_is_kept_at_once(case: "scenarios.Case") -> None:
    colleague = speaker_for(case.lead)
    saved(case, "Van mij")
    saved(case, "Van een ander", AT + MINUTE, actor=colleague)
    saved(case, "Weer van mij", AT + 2 * MINUTE)
    assert kept(case) == [(1, "Van mij"), (2, "Van een ander")]


def test_what_is_overwritten_after_a_conflict_is_kept_also_from_ones_own_other_window(
    case: "scenarios.Case",
) -> None:
    saved(case, "Begin")
    saved(case, "In het andere venster", AT + MINUTE)
    with pytest.raises(NewerVersion):
        saved(case, "In dit venster", AT + 2 * MINUTE, seen=1)
    saved(case, "In dit venster", AT + 3 * MINUTE, seen=2, begins=True)
    assert kept(case) == [(2, "In het andere venster")]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_taken_out_is_kept_however_fast_and_however_slowly(
    case: "scenarios.Case", at_once: bool
) -> None:
    saved(case, LONG)
    left = [0] if at_once else [*range(len(LONG) - 50, 0, -50), 0]
    for step, length in enumerate(left, start=1):
        saved(case, LONG[:length], AT + timedelta(seconds=2 * step))
    # Little by little, at most a large part is gone before a version is kept.
    assert len(kept(case)[0][1]) >= (len(LONG) if at_once else len(LONG) - 250)
    assert case.sections.get(spec__key=KEY).text == ""


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [("", "a", 0), ("abc", "", 3), ("abcd", "aXd", 2), ("aaa", "aa", 1), ("aa", "aaa", 0), ("ab", "ba", 2)],
)
def test_what_is_taken_out_is_counted_between_what_is_the_same(before: str, after: str, number: int) -> None:
    assert taken_out(before, after) == number


def test_the_last_30_are_kept_and_the_last_of_each_person(case: "scenarios.Case") -> None:
    """Nobody pushes out what another wrote by saving often."""
    colleague = speaker_for(case.lead)
    saved(case, "Van een ander, eerst", actor=colleague)
    saved(case, "Van een ander, later", AT + ONE_VERSION, actor=colleague)
    for number in range(35):
        saved(case, f"Tekst {number}", AT + (number + 2) * ONE_VERSION)
    found = kept(case)
    assert found[0] == (2, "Van een ander, later")
    assert found[1:] == [(number + 3, f"Tekst {number}") for number in range(5, 34)]


def test_an_earlier_version_is_put_back_as_a_version_of_its_own(case: "scenarios.Case") -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    written = put_back(case, 1, seen=2)
    assert (written.text, written.version, written.restored_from) == ("Eerst", 3, AT)
    assert kept(case) == [(1, "Eerst"), (2, "Later")]
    # A second click puts nothing back, and is not told apart.
    assert put_back(case, 1, seen=2).version == 3
    assert AuditEvent.objects.filter(act="applications.version_put_back", subject_id=case.pk).count() == 1
    # Who writes on begins a version, so that what was put back stays as it was put.
    saved(case, "Eerst en meer", AT + timedelta(hours=1, minutes=1))
    assert kept(case) == [(1, "Eerst"), (2, "Later"), (3, "Eerst")]
    assert case.earlier_versions.get(number=3).restored_from == AT


def test_nothing_is_put_back_over_what_was_not_seen(case: "scenarios.Case") -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    saved(case, "Van een ander", AT + ONE_VERSION, actor=speaker_for(case.lead))
    with pytest.raises(NewerVersion):
        put_back(case, 1, seen=2)
    assert case.sections.get(spec__key=KEY).text == "Van een ander"


def test_only_who_writes_puts_back_and_only_in_a_draft(case: "scenarios.Case") -> None:
    """Rule 22."""
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    with pytest.raises(NotAllowed):
        put_back(case, 1, seen=2, actor=person())
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    with pytest.raises(WrongStatus):
        put_back(case, 1, seen=2)


def test_a_version_of_another_section_or_draft_is_not_put_back(case: "scenarios.Case") -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    saved_elsewhere = {"reference": case.reference, "number": 1, "actor": case.applicant, "at": AT}
    with pytest.raises(EarlierVersion.DoesNotExist):
        put_back_text(**saved_elsewhere, key="regio", seen_version=0)
    with pytest.raises(EarlierVersion.DoesNotExist):
        put_back_budget(**saved_elsewhere, seen_version=1)


def test_what_stood_before_goes_when_the_draft_is_submitted() -> None:
    """No part of it is submitted, frozen or left for who handles the application."""
    case = scenarios.ready()
    text = case.sections.get(spec__key=KEY).text
    saved(case, "Kanarie van vroeger", AT + MINUTE)
    saved(case, text, AT + ONE_VERSION, begins=True)
    assert kept(case) == [(1, text), (2, "Kanarie van vroeger")]
    first = case.call.rounds.get(number=1)
    submit(application_id=case.pk, for_round_id=first.pk, actor=case.applicant, at=AT + timedelta(hours=1))
    assert not EarlierVersion.objects.filter(application=case).exists()
    assert b"Kanarie van vroeger" not in bytes(Application.objects.get(pk=case.pk).frozen.content)


def test_a_draft_that_is_put_back_has_its_versions_and_one_that_is_destroyed_has_none(
    case: "scenarios.Case",
) -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    assert kept(case) == [(1, "Eerst")]
    withdrawn = withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert kept(case) == [(1, "Eerst")]
    erase_draft(withdrawn, at=AT)
    assert not EarlierVersion.objects.exists()


def test_a_draft_begun_with_the_texts_of_another_keeps_them(case: "scenarios.Case") -> None:
    saved(case, "Overgenomen")
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    draft = start_again(application_id=case.pk, actor=case.applicant, at=AT)
    save_section(
        reference=draft.reference, key=KEY, text="Anders", seen_version=1, actor=case.applicant, at=AT
    )
    assert kept(draft) == [(1, "Overgenomen")]


def test_a_question_that_is_put_in_goes_on_with_the_version(case: "scenarios.Case") -> None:
    case.call.sections.filter(key=KEY).update(offers_questions=True)
    question = ParticipationQuestion.objects.create(
        region=case.coalition.region, title="Wie helpt? (fictief)", is_public=True, created_at=AT
    )
    saved(case, "Eerst")
    taken = {"reference": case.reference, "key": KEY, "question_id": question.pk, "text": "Eerst"}
    take_goal(**taken, seen_version=1, actor=speaker_for(case.lead), at=AT)
    assert kept(case) == [(1, "Eerst")]


def titled(case: Application, title: str, months: int | None, at: datetime) -> Application:
    case.refresh_from_db()
    return save_particulars(
        application_id=case.pk,
        title=title,
        starts_on=date(2024, 7, 1),
        duration_months=months,
        seen_version=case.particulars_version,
        actor=case.created_by,
        at=at,
    )


def test_title_and_dates_are_kept_and_put_back(case: "scenarios.Case") -> None:
    titled(case, "Eerst", 6, AT)
    titled(case, "Eerste", 6, AT + MINUTE)
    # What is emptied is kept at once.
    titled(case, "Eerste", None, AT + 2 * MINUTE)
    titled(case, "Later", 5, AT + 2 * ONE_VERSION)
    found = case.earlier_versions.filter(part=Part.PARTICULARS).order_by("number")
    assert [(each.number, each.content) for each in found] == [
        (3, {"title": "Eerste", "starts_on": "2024-07-01", "duration_months": 6}),
        (4, {"title": "Eerste", "starts_on": "2024-07-01", "duration_months": None}),
    ]
    back = put_back_particulars(
        reference=case.reference, number=3, seen_version=5, actor=case.applicant, at=AT + timedelta(hours=1)
    )
    now = Application.objects.get(pk=case.pk)
    assert (now.title, now.starts_on, now.duration_months) == ("Eerste", date(2024, 7, 1), 6)
    assert (now.particulars_version, back.particulars_restored_from) == (6, AT + MINUTE)
    assert case.earlier_versions.filter(part=Part.PARTICULARS).count() == 3


def budgeted(case: "scenarios.Case", *shares: tuple[str, int], at: datetime) -> Application:
    """Save a budget with a line for the lead (``lead``) or the partner of each share."""
    case.refresh_from_db()
    members = {False: case.partners[0], True: case.coalition.participations.get(is_lead=True)}
    heading = case.call.headings.get(key="personeel")
    return save_budget(
        application_id=case.pk,
        lines=[
            PlannedLine(heading, members[whose == "lead"], "Uren", Decimal(amount))
            for whose, amount in shares
        ],
        seen_version=case.budget_version,
        actor=case.applicant,
        at=at,
    )


def test_a_budget_is_kept_with_its_lines_and_put_back(case: "scenarios.Case") -> None:
    budgeted(case, ("lead", 100), at=AT)
    budgeted(case, ("lead", 100), ("partner", 50), at=AT + MINUTE)
    # A line that goes is kept at once.
    budgeted(case, ("lead", 70), at=AT + 2 * MINUTE)
    version = case.earlier_versions.get()
    heading, partner = case.call.headings.get(key="personeel"), case.partners[0]
    assert version.number == 3
    assert version.content["lines"][1] == {
        "heading": heading.pk,
        "heading_title": heading.title,
        "participation": partner.pk,
        "organisation": partner.stated_name,
        "description": "Uren",
        "hours": None,
        "rate": None,
        "amount": "50.00",
    }
    back = {"reference": case.reference, "number": 3, "actor": case.applicant}
    put_back_budget(**back, seen_version=4, at=AT + timedelta(hours=1))
    now = Application.objects.get(pk=case.pk)
    assert (now.requested_amount, now.budget_version) == (Decimal(150), 5)
    assert list(now.budget_lines.values_list("position", "amount")) == [(1, Decimal(100)), (2, Decimal(50))]
    assert case.earlier_versions.count() == 2


def test_hours_and_their_rate_are_kept_and_put_back(case: "scenarios.Case") -> None:
    lead, heading = case.coalition.participations.get(is_lead=True), case.call.headings.first()
    line = PlannedLine(heading, lead, "Uren", Decimal("1000.63"), Decimal("12.50"), Decimal("80.05"))
    saving = {"application_id": case.pk, "actor": case.applicant, "at": AT}
    save_budget(**saving, lines=[line], seen_version=1)
    save_budget(**saving, lines=[], seen_version=2)
    version = case.earlier_versions.get()
    kept = {name: version.content["lines"][0][name] for name in ("hours", "rate", "amount")}
    assert kept == {"hours": "12.50", "rate": "80.05", "amount": "1000.63"}
    assert "12,5 uur à € 80,05 · € 1.000,63" in words_of(Part.BUDGET, version.content)[
        "Regels van de begroting"
    ].replace("\u00a0", " ")
    put_back_budget(reference=case.reference, number=2, seen_version=3, actor=case.applicant, at=AT + MINUTE)
    back = case.budget_lines.get()
    assert (back.hours, back.rate, back.amount) == (line.hours, line.rate, line.amount)


def test_a_budget_that_names_who_left_is_not_put_back_and_says_whom(case: "scenarios.Case") -> None:
    budgeted(case, ("lead", 100), ("partner", 50), at=AT)
    budgeted(case, ("lead", 100), at=AT + MINUTE)
    partner = case.partners[0]
    remove_asked_partner(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    with pytest.raises(GoneMeanwhile, match=re.escape(partner.stated_name)):
        put_back_budget(
            reference=case.reference, number=2, seen_version=3, actor=case.applicant, at=AT + MINUTE
        )
    assert Application.objects.get(pk=case.pk).budget_version == 3


def test_the_database_keeps_what_another_wrote_whatever_the_code_decides(case: "scenarios.Case") -> None:
    saved(case, "Van mij")
    case.sections.update(text="Van een ander", version=2, saved_by=speaker_for(case.lead))
    assert kept(case) == [(1, "Van mij")]


def text_over_text(case: "scenarios.Case") -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)


def title_over_title(case: "scenarios.Case") -> None:
    titled(case, "Eerst", 6, AT)
    titled(case, "Later", 6, AT + ONE_VERSION)


def budget_over_budget(case: "scenarios.Case") -> None:
    budgeted(case, ("lead", 100), at=AT)
    budgeted(case, ("lead", 70), at=AT + ONE_VERSION)


def texts_over_texts(case: "scenarios.Case") -> None:
    for number in range(32):
        saved(case, f"Tekst {number}", AT + number * ONE_VERSION)


@pytest.mark.parametrize(
    ("name", "table", "act", "with_it", "without"),
    [
        ("text_that_stood_is_kept", "applicationsection", text_over_text, 1, 0),
        ("particulars_that_stood_are_kept", "application", title_over_title, 1, 0),
        ("budget_that_stood_is_kept", "application", budget_over_budget, 1, 0),
        ("earlier_versions_are_the_last", "earlierversion", texts_over_texts, 29, 31),
    ],
)
def test_each_trigger_keeps_its_own(
    name: str,
    table: str,
    act: Callable[["scenarios.Case"], None],
    with_it: int,
    without: int,
) -> None:
    act(first := scenarios.started(partners=1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE applications_{table} DISABLE TRIGGER {name}")
    act(second := scenarios.started(partners=1, coalition_name="Zonder (fictief)"))
    assert (first.earlier_versions.count(), second.earlier_versions.count()) == (with_it, without)


def test_the_database_refuses_another_past(case: "scenarios.Case") -> None:
    saved(case, "Eerst")
    saved(case, "Later", AT + ONE_VERSION)
    with refused_by("earlier_version_never_changes"):
        case.earlier_versions.update(content={"text": "Iets anders"})
    [row] = case.earlier_versions.values()
    del row["id"]
    with refused_by("earlier_version_once_per_number"):
        EarlierVersion.objects.create(**row)
    with refused_by("earlier_version_of_a_known_part"):
        EarlierVersion.objects.create(**{**row, "part": "iets", "spec_id": None})
    with refused_by("earlier_version_of_a_text_names_its_section"):
        EarlierVersion.objects.create(**{**row, "spec_id": None})
