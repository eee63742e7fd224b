"""What two people approved is destroyed, if it is still what was listed; the declaration of it stays (rule 23)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.db import transaction

from applications.domain.attachments import add_attachment
from applications.domain.erasing import erase_draft
from applications.domain.lifecycle import WrongStatus
from applications.domain.starting_again import start_again, undo_withdrawal
from applications.domain.submitting import withdraw
from applications.models import Application, Attachment, OneTimeLink
from coalitions.domain.coalitions import start_coalition
from coalitions.models import Coalition
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.mail.models import OutgoingMail
from pictures.domain.regional_pictures import MadePdf, make_regional_picture, publish_regional_picture
from pictures.enums import Readers
from pictures.models import RegionalPicture
from regions.models import RegionChange
from retention.domain import destroying
from retention.domain.approving import state_of
from retention.domain.destroying import declare_destruction, destroy_row, remove_file
from retention.enums import DataKind, ReportState, RowOutcome
from retention.models import DestructionReport, FileToRemove, ListedRow, RetentionPeriod
from retention.queries import files_to_remove, reports_to_declare, rows_to_destroy
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, organisation_in, speaker_for
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.factories.retention import LATER, approved, report_on, sent_mail
from tests.pictures.regional import asked, written
from tests.refusals import refused_by
from website.domain.states import renew_region_states

pytestmark = pytest.mark.django_db

DUE = LATER + timedelta(days=7)


@pytest.fixture(autouse=True)
def storage(tmp_path: Any, settings: Any) -> Any:
    """Keep the files of a test in a folder of its own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return tmp_path


def carry_out(*, at: Any = DUE) -> None:
    """Do what the jobs do."""
    for row in list(rows_to_destroy(at=at)):
        destroy_row(listed_id=row.pk, at=at)
    for file in list(files_to_remove()):
        remove_file(file_id=file.pk, at=at)
    for report in list(reports_to_declare(at=at)):
        declare_destruction(report_id=report.pk, at=at)


def discarded_with_attachment() -> Any:
    case = scenarios.ready()
    pdf, buffer = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(buffer)
    case.file = add_attachment(
        application_id=case.pk, title="Bijlage", content=buffer.getvalue(), actor=case.applicant, at=AT
    ).stored_as
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    return case


def test_a_discarded_draft_goes_with_all_that_was_written_in_it_and_its_files() -> None:
    case, other = discarded_with_attachment(), scenarios.ready()
    assert default_storage.exists(case.file)
    report = approved(report_on(DataKind.DISCARDED_DRAFTS))
    too_early = DUE - timedelta(seconds=1)
    carry_out(at=too_early)
    assert not destroy_row(listed_id=report.rows.get().pk, at=too_early)
    assert Application.objects.filter(pk=case.pk).exists()
    carry_out()
    assert list(Application.objects.values_list("pk", flat=True)) == [other.pk]
    assert set(OneTimeLink.objects.values_list("application_id", flat=True)) == {other.pk}
    assert not default_storage.exists(case.file)
    assert (Attachment.objects.count(), FileToRemove.objects.count()) == (0, 0)
    report.refresh_from_db()
    assert (report.destroyed, report.kept, report.closed_at) == (1, 0, DUE)
    events = AuditEvent.objects.filter(act__startswith="retention.").order_by("pk")
    assert [(each.act, each.facts.get("outcome")) for each in events] == [
        ("retention.reported", None),
        ("retention.approved", None),
        ("retention.approved", None),
        ("retention.row_done", "destroyed"),
        ("retention.declared", None),
    ]
    assert list(map(str, every_violation())) == []
    carry_out(at=DUE + timedelta(days=1))
    assert AuditEvent.objects.filter(act="retention.row_done").count() == 1


def test_what_changed_after_it_was_listed_is_kept() -> None:
    case = discarded_with_attachment()
    report = approved(report_on(DataKind.DISCARDED_DRAFTS))
    # Put back, and discarded again a day later: it has other days to be undone.
    undo_withdrawal(application_id=case.pk, actor=case.applicant, at=AT + timedelta(hours=1))
    withdraw(application_id=case.pk, actor=case.applicant, at=AT + timedelta(days=1))
    carry_out()
    report.refresh_from_db()
    assert (report.destroyed, report.kept) == (0, 1)
    assert Application.objects.filter(pk=case.pk).exists()
    assert default_storage.exists(case.file)


@pytest.mark.parametrize("goes_on_to", ["written", "sealed"])
def test_a_draft_goes_also_where_another_was_started_from_it(goes_on_to: str) -> None:
    case = discarded_with_attachment()
    again = start_again(application_id=case.pk, actor=case.applicant, at=AT)
    if goes_on_to == "sealed":
        again.applicant, again.partners = case.applicant, case.partners
        again.lead = case.lead
        again.people.electronic_letters = True
        again.people.save()
        scenarios.sealed(again)
    report = approved(report_on(DataKind.DISCARDED_DRAFTS))
    carry_out()
    report.refresh_from_db()
    assert (report.destroyed, report.kept, report.closed_at) != (0, 0, None)
    assert not Application.objects.filter(pk=case.pk).exists()
    assert Application.objects.get(pk=again.pk).started_from_id is None


def test_what_was_reopened_after_it_was_listed_is_kept() -> None:
    case = discarded_with_attachment()
    report = approved(report_on(DataKind.DISCARDED_DRAFTS))
    undo_withdrawal(application_id=case.pk, actor=case.applicant, at=AT + timedelta(days=29))
    carry_out()
    assert list(report.rows.values_list("outcome", flat=True)) == [RowOutcome.KEPT]
    assert Application.objects.filter(pk=case.pk).exists()


def test_a_period_that_was_made_longer_meanwhile_holds() -> None:
    mail = sent_mail()
    approved(report_on())
    RetentionPeriod.objects.update(length=5000)
    carry_out()
    mail.refresh_from_db()
    assert mail.body != ""


def test_what_became_due_after_the_report_waits_for_the_next() -> None:
    listed, newer = sent_mail(), sent_mail(at=LATER - timedelta(days=9))
    approved(report_on())
    carry_out()
    bodies = dict(OutgoingMail.objects.values_list("pk", "body"))
    assert (bodies[listed.pk], bool(bodies[newer.pk])) == ("", True)


def test_of_a_mail_only_the_text_goes() -> None:
    mail = sent_mail()
    approved(report_on())
    carry_out()
    before = {name: getattr(mail, name) for name in ("recipient", "subject", "about", "status", "sent_at")}
    mail.refresh_from_db()
    assert {name: getattr(mail, name) for name in before} == before
    assert mail.body == ""


def test_an_account_goes_unless_something_needs_it_by_then() -> None:
    gone, needed = UserFactory.create(last_login=AT), UserFactory.create(last_login=AT)
    report = approved(report_on(DataKind.UNUSED_ACCOUNTS))
    RepresentativeFactory.create(user=needed)
    carry_out()
    assert set(report.rows.values_list("row_id", "outcome")) == {
        (gone.pk, RowOutcome.DESTROYED),
        (needed.pk, RowOutcome.KEPT),
    }
    assert not User.objects.filter(pk=gone.pk).exists()
    assert not EmailAddress.objects.filter(email=gone.email).exists()
    assert User.objects.filter(pk=needed.pk).exists()


def test_an_account_that_was_confirmed_meanwhile_is_kept() -> None:
    user = User.objects.create_user("nieuw@voorbeeld.example", full_name="Nieuw")
    address = EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    User.objects.filter(pk=user.pk).update(created_at=AT)
    approved(report_on(DataKind.UNCONFIRMED_ACCOUNTS))
    address.verified = True
    address.save()
    carry_out()
    assert User.objects.filter(pk=user.pk).exists()


def test_links_go_and_the_answers_given_through_others_stay() -> None:
    case = scenarios.submitted(signed=False)
    to_sign = case.links.get(purpose="sign")
    approved(report_on(DataKind.LINKS))
    carry_out()
    assert not OneTimeLink.objects.filter(pk=to_sign.pk).exists()
    assert case.consents.filter(link__isnull=False).exists()
    assert list(map(str, every_violation())) == []


def test_nothing_is_destroyed_of_a_report_that_one_person_approved_or_that_was_taken_back() -> None:
    mail = sent_mail()
    report = report_on()
    (row,) = report.rows.all()
    assert not destroy_row(listed_id=row.pk, at=DUE)
    assert not declare_destruction(report_id=report.pk, at=DUE)
    mail.refresh_from_db()
    assert mail.body != ""


def test_killed_halfway_nothing_is_half_gone_and_the_rest_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    case = discarded_with_attachment()
    report = approved(report_on(DataKind.DISCARDED_DRAFTS))
    (row,) = report.rows.all()

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(destroying, "record", killed)
        with pytest.raises(KeyboardInterrupt), around_acts():
            destroy_row(listed_id=row.pk, at=DUE)
    assert Application.objects.filter(pk=case.pk).exists()
    assert (default_storage.exists(case.file), FileToRemove.objects.count()) == (True, 0)
    destroy_row(listed_id=row.pk, at=DUE)
    # Killed between the row and its file: the file is still noted.
    (noted,) = files_to_remove()
    default_storage.delete(case.file)
    assert remove_file(file_id=noted.pk, at=DUE)
    assert not remove_file(file_id=noted.pk, at=DUE)
    carry_out()
    report.refresh_from_db()
    assert (report.destroyed, report.kept) == (1, 0)


def test_a_coalition_without_any_application_left_shows_itself_no_more_and_its_region_is_counted_anew() -> (
    None
):
    case = discarded_with_attachment()
    Coalition.objects.filter(pk=case.coalition_id).update(is_shown=True)
    approved(report_on(DataKind.DISCARDED_DRAFTS))
    renew_region_states()
    carry_out()
    assert RegionChange.objects.filter(region=case.coalition.region_id).exists()
    assert not Coalition.objects.get(pk=case.coalition_id).is_shown


def test_a_coalition_that_goes_has_its_region_counted_anew() -> None:
    region = RegionFactory.create()
    lead = organisation_in(region)
    coalition = start_coalition(
        name="Samen (fictief)", region=region, lead_organisation=lead, actor=speaker_for(lead), at=AT
    )
    approved(report_on(DataKind.COALITIONS))
    renew_region_states()
    RegionChange.objects.all().delete()
    carry_out()
    assert not Coalition.objects.filter(pk=coalition.pk).exists()
    assert RegionChange.objects.filter(region=region).exists()


def test_a_file_that_another_row_names_stays() -> None:
    case = discarded_with_attachment()
    noted = FileToRemove.objects.create(name=case.file, noted_at=AT)
    assert not remove_file(file_id=noted.pk, at=AT)
    assert default_storage.exists(case.file)
    assert FileToRemove.objects.count() == 0


def test_what_was_submitted_is_never_erased() -> None:
    case = scenarios.submitted()
    with pytest.raises(WrongStatus):
        erase_draft(case, at=AT)


def test_a_declaration_and_what_was_carried_out_never_change() -> None:
    sent_mail()
    report = approved(report_on())
    carry_out()
    with refused_by("closed_destruction_report_never_changes"):
        DestructionReport.objects.update(destroyed=0, kept=1)
    with refused_by("closed_destruction_report_never_changes"), transaction.atomic():
        DestructionReport.objects.all()._raw_delete("default")
    with refused_by("carried_out_row_never_changes"):
        ListedRow.objects.filter(report=report).update(outcome=RowOutcome.KEPT)


def test_the_database_refuses_a_row_listed_twice_or_done_at_no_moment() -> None:
    sent_mail()
    report = report_on()
    (row,) = report.rows.all()
    with refused_by("listed_row_once_per_report"):
        ListedRow.objects.create(report=report, row_id=row.row_id, kept_since=AT)
    with refused_by("listed_row_done_has_its_moment"):
        ListedRow.objects.filter(pk=row.pk).update(outcome=RowOutcome.KEPT)


def test_the_state_follows_the_moments() -> None:
    sent_mail()
    report = approved(report_on())
    carry_out()
    report.refresh_from_db()
    assert state_of(report, at=DUE) == ReportState.DECLARED


def test_regional_pictures_that_are_not_public_go_with_their_files(storage: Any) -> None:
    """Rule 23: the one that visitors get stays; what was withdrawn counts from then."""
    region = RegionFactory.create()
    mapper = kwartiermaker_in(region)
    written(region, mapper)
    pictures = []
    for number in range(3):
        waiting = asked(region, mapper, Readers.EVERYBODY)
        pdf = f"%PDF-1.7 {number}".encode()
        make_regional_picture(picture_id=waiting.pk, make=lambda *_given, pdf=pdf: MadePdf(pdf), at=AT)
        waiting.refresh_from_db()
        pictures.append(waiting)
    for each, at in ((pictures[0], AT), (pictures[1], AT + timedelta(days=5))):
        publish_regional_picture(picture_id=each.pk, region=region, seen=each.sha256, actor=mapper, at=at)
    still_waiting = asked(region, mapper, Readers.REGION)
    report = report_on(DataKind.REGIONAL_PICTURES)
    assert list(report.rows.order_by("kept_since").values_list("row_id", "kept_since")) == [
        (pictures[2].pk, AT),
        (pictures[0].pk, AT + timedelta(days=5)),
    ]
    approved(report)
    # Another one of the same bytes keeps the file.
    RegionalPicture.objects.filter(pk=still_waiting.pk).update(
        made_at=LATER, stored_as=pictures[2].stored_as, sha256=pictures[2].sha256
    )
    carry_out()
    assert set(RegionalPicture.objects.values_list("pk", flat=True)) == {pictures[1].pk, still_waiting.pk}
    assert [default_storage.exists(each.stored_as) for each in pictures] == [False, True, True]


def test_a_picture_that_was_published_after_it_was_listed_is_kept() -> None:
    region = RegionFactory.create()
    mapper = kwartiermaker_in(region)
    written(region, mapper)
    picture = asked(region, mapper, Readers.EVERYBODY)
    make_regional_picture(picture_id=picture.pk, make=lambda *_given: MadePdf(b"%PDF-1.7"), at=AT)
    picture.refresh_from_db()
    approved(report_on(DataKind.REGIONAL_PICTURES))
    publish_regional_picture(
        picture_id=picture.pk, region=region, seen=picture.sha256, actor=mapper, at=LATER
    )
    carry_out()
    assert RegionalPicture.objects.get() == picture
