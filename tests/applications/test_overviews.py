"""What others did in one's drafts, told once a day: numbers and parts, to who may know them (rules 26 and 37)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress

from applications.domain.attachments import add_attachment
from applications.domain.collaborating import end_collaboration
from applications.domain.comments import Place, delete_comment, write_comment
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.deadline_reminders import choose_reminders
from applications.domain.drafting import save_section
from applications.domain.overviews import tell_of_the_day
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit
from applications.enums import CollaboratorRight, ConsentAnswer, Part, ReminderKind
from applications.models import Collaborator, DailyOverview
from applications.queries.overviews import Happened, morning_of, to_be_told, told_until, what_others_did
from calls.domain.setup import moment
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.applications.collaborating import joined
from tests.factories.accounts import UserFactory
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import ready, started
from tests.racing import race

pytestmark = pytest.mark.django_db

MORNING = moment("2024-05-02T07:00")
A_DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
KEY = "opgave"


@pytest.fixture
def case() -> Any:
    return started(partners=1)


@pytest.fixture
def colleague(case: Any) -> User:
    return speaker_for(case.lead, full_name="Cor Collega (fictief)")


def swept(at: datetime = MORNING) -> list[str]:
    """Do what the sweep does at a moment, and return who was mailed."""
    people = list(to_be_told(at=at))
    return sorted(each.email for each in people if tell_of_the_day(person_id=each.pk, at=at))


def told(person: User, at: datetime = MORNING) -> list[Happened]:
    return what_others_did(person, told=told_until(person), morning=at)


def wrote(case: Any, actor: User, text: str = "Wij beginnen.", seen: int = 0, at: datetime = AT) -> None:
    save_section(reference=case.reference, key=KEY, text=text, seen_version=seen, actor=actor, at=at)


def commented(case: Any, actor: User) -> int:
    place = Place(Part.SECTION, KEY)
    how = {"reference": case.reference, "place": place, "text": "Klopt dit?", "added_with": uuid4()}
    return write_comment(**how, actor=actor, at=AT).pk


def test_others_are_told_the_next_morning_once_and_who_did_it_is_not(case: Any, colleague: User) -> None:
    wrote(case, case.applicant)
    moments = [MORNING - TICK, MORNING, MORNING, MORNING + A_DAY - TICK, MORNING + A_DAY]
    assert [swept(at) for at in moments] == [[], [colleague.email], [], [], []]
    mail = OutgoingMail.objects.get(kind="daily_overview")
    assert mail.subject == "Wat anderen deden in uw concepten"
    assert (mail.about, mail.send_before) == (case.reference, MORNING + A_DAY)
    assert mail.body.startswith(
        f"Beste {colleague.full_name},\n\nDit deden anderen tot donderdag 2 mei 2024, 07:00 "
    )
    assert (
        f"{case.reference}: http://localhost:8000/aanvragen/{case.reference}/\n- Er is geschreven in: "
        in mail.body
    )
    assert "http://localhost:8000/aanvragen/herinneringen/\n" in mail.body


def test_it_tells_parts_and_numbers_and_no_words(case: Any, colleague: User) -> None:
    wrote(case, case.applicant, "Geheime zin.")
    commented(case, case.applicant)
    pdf = letter_pdf()
    add_attachment(application_id=case.pk, title="Stille bijlage", content=pdf, actor=case.applicant, at=AT)
    joined(case, name="Hanna Hulp (fictief)")
    _answer(case)
    title = case.call.sections.get(key=KEY).title
    [happened] = told(colleague)
    assert happened == Happened(
        case.reference, happened.written, comments=1, attachments=1, answers=1, joined=1
    )
    assert happened.written == (title, "Titel en data", "Begroting")
    swept()
    body = OutgoingMail.objects.get(kind="daily_overview", recipient=colleague.email).body
    for line in (
        f"Er is geschreven in: {title}, Titel en data, Begroting",
        "1 nieuwe opmerking",
        "1 nieuwe bijlage",
        "1 antwoord van een partner",
        "1 persoon doet nu mee",
    ):
        assert f"- {line}\n" in body
    for secret in ("Geheime", "Klopt dit", "Stille", "Hanna"):
        assert secret not in body


def _answer(case: Any) -> None:
    partner = case.partners[0]
    speaker = speaker_for(partner.organisation)
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    seen = reading_digest(snapshot_of(case))
    answer_by_account(
        application_id=case.pk, participation_id=partner.pk, answer=ConsentAnswer.DECLINED, reason="Nee.",
        seen_digest=seen, actor=speaker, at=AT,
    )  # fmt: skip


def test_who_reads_along_hears_of_texts_alone_and_a_helper_of_no_answers(case: Any) -> None:
    writer = joined(case)
    reader = joined(case, right=CollaboratorRight.READ)
    wrote(case, case.applicant)
    commented(case, case.applicant)
    _answer(case)
    [of_writer], [of_reader] = told(writer), told(reader)
    assert (of_writer.comments, of_writer.joined, of_writer.answers) == (1, 1, 0)
    assert (of_reader.comments, of_reader.joined, of_reader.answers) == (0, 0, 0)
    assert of_writer.written == of_reader.written != ()


def test_a_partner_and_who_left_hear_nothing(case: Any) -> None:
    speaker = speaker_for(case.partners[0].organisation)
    gone = joined(case)
    invited = Collaborator.objects.get(user=gone)
    end_collaboration(key=invited.key, actor=case.applicant, at=AT)
    wrote(case, case.applicant)
    assert (swept(), told(speaker), told(gone)) == ([], [], [])


def test_what_was_deleted_or_written_over_by_oneself_is_not_told(case: Any, colleague: User) -> None:
    case.particulars_saved_at = case.budget_saved_at = AT - A_DAY
    case.save()
    delete_comment(
        reference=case.reference, comment_id=commented(case, case.applicant), actor=case.applicant, at=AT
    )
    wrote(case, case.applicant)
    wrote(case, colleague, "Wij gaan verder.", seen=1)
    assert [told(colleague), [each.written for each in told(case.applicant)]] == [
        [], [(case.call.sections.get(key=KEY).title,)],
    ]  # fmt: skip


def test_of_what_was_submitted_nobody_is_told() -> None:
    case = ready()
    speaker_for(case.lead)
    submit(
        application_id=case.pk, for_round_id=case.call.rounds.get(number=1).pk, actor=case.applicant, at=AT
    )
    assert swept() == []


def test_who_wants_none_gets_none_and_nothing_of_before_once_they_do(case: Any, colleague: User) -> None:
    choose_reminders(wanted=[ReminderKind.LAST], actor=colleague)
    wrote(case, case.applicant)
    assert (swept(), DailyOverview.objects.get(user=colleague).told_until) == ([], MORNING)
    choose_reminders(wanted=[ReminderKind.OVERVIEW], actor=colleague)
    assert swept(MORNING + A_DAY) == []


def test_who_never_confirmed_an_address_gets_none(case: Any, colleague: User) -> None:
    wrote(case, case.applicant)
    EmailAddress.objects.filter(user=colleague).update(verified=False)
    assert swept() == []


def test_after_a_failure_of_days_a_week_is_told(case: Any, colleague: User) -> None:
    wrote(case, case.applicant)
    DailyOverview.objects.create(user=colleague, told_until=MORNING - A_DAY)
    late = MORNING + 4 * A_DAY
    assert swept(late) == [colleague.email]
    DailyOverview.objects.update(told_until=MORNING - A_DAY)
    assert told(colleague, MORNING + 8 * A_DAY) == []
    assert swept(MORNING + 8 * A_DAY) == []


def test_mornings_are_at_seven_in_dutch_time_also_when_the_clock_changes() -> None:
    asked = ["2024-03-31T06:59", "2024-03-31T07:00", "2024-10-27T23:59", "2024-10-28T01:00"]
    mornings = ["2024-03-30T07:00", "2024-03-31T07:00", "2024-10-27T07:00", "2024-10-27T07:00"]
    assert [morning_of(moment(each)) for each in asked] == [moment(each) for each in mornings]


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_once() -> None:
    case = started()
    colleague = speaker_for(case.lead)
    wrote(case, case.applicant)
    race(*[lambda: tell_of_the_day(person_id=colleague.pk, at=MORNING)] * 4)
    assert OutgoingMail.objects.filter(kind="daily_overview").count() == 1


def test_many_drafts_make_one_mail_of_twenty(
    case: Any, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.queries.overviews._MOST_DRAFTS", 2)
    for number in range(3):
        started(
            call=case.call, region=case.coalition.region, lead=case.lead, applicant=case.applicant,
            coalition_name=f"Nog {number} (fictief)",
        )  # fmt: skip
    assert [len(told(colleague)), swept()] == [2, [colleague.email]]


def test_a_stranger_named_as_who_began_it_hears_nothing(case: Any) -> None:
    stranger = UserFactory.create()
    case.coalition.created_by = stranger
    case.coalition.save()
    wrote(case, case.applicant)
    assert (stranger in to_be_told(at=MORNING), told(stranger)) == (True, [])
    assert stranger.email not in swept()
