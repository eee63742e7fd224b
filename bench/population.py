"""Many applications: one is brought along by the portal's own acts, the others are copies of its rows."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model

from applications.models import Application, FrozenContent
from calls.models import Call, ReviewRound
from demo.cases import DemoCase, cases
from demo.domain import applying
from demo.domain.people import seat_cast
from demo.domain.seeding import load_all
from hubportal.accounts.models import User
from hubportal.kernel.canonical import digest
from letters.models import Letter
from regions.models import Region

# What an application with full texts weighs.
CONTENT_BYTES = 9_000


def prepare() -> tuple[Call, dict[str, User], DemoCase]:
    """Load calls and people once, and return the call of 2024 with a case."""
    load_all(settings.BASE_DIR / "fixtures")
    people = seat_cast(at=datetime.now(UTC))
    call = Call.objects.get(slug="coalitievorming-2024")
    number = int(Application.objects.count()) % 90 + 1
    # One in four gets its letter on paper, which no job makes by itself.
    number += number % 4 == 0
    (case,) = cases(list(Region.objects.order_by("code")), 1, start=number)
    return call, people, case


def submitted_in(review_round: ReviewRound, case: DemoCase, applicant: User) -> Application:
    """Bring one application to its submission, shortly before the deadline of a round."""
    at = review_round.deadline_at - timedelta(hours=2)
    return applying.hand_in(ready_for(review_round, case, applicant, at=at), applicant, at=at)


def ready_for(review_round: ReviewRound, case: DemoCase, applicant: User, *, at: datetime) -> Application:
    """Write a draft that is ready to submit to a round."""
    coalition = applying.form_coalition(case, applicant, at=at)
    application = applying.write_application(
        case,
        coalition,
        review_round.call,
        applicant,
        starts_on=review_round.award_expected_on + timedelta(days=7),
        at=at,
    )
    applying.collect_consents(application, applicant, at=at)
    return application


def copies(row: Any, count: int, **values: Iterable[Any]) -> list[Any]:
    """Insert copies of a row, each with the next of the values given, and return them."""
    model: type[Model] = type(row)
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    same = {name: getattr(row, name) for name in names}
    each_values = zip(*values.values(), strict=False)
    rows = [
        model(**{**same, **dict(zip(values, own, strict=True))})
        for _, own in zip(range(count), each_values, strict=False)
    ]
    return model._default_manager.bulk_create(rows, batch_size=1000)


def copy_submissions(application: Application, count: int) -> list[Application]:
    """Insert copies of a submission, each of a coalition of its own and with content of its own."""
    coalitions = copies(
        application.coalition, count, name=(f"Kopie {application.pk} {number}" for number in range(count))
    )
    copied = copies(
        application,
        count,
        coalition_id=(each.pk for each in coalitions),
        reference=(f"K{application.pk}-{number}" for number in range(count)),
    )
    contents = [_content(application, number) for number in range(count)]
    copies(
        application.frozen,
        count,
        application_id=(each.pk for each in copied),
        content=iter(contents),
        sha256=(digest(each) for each in contents),
    )
    return copied


def _content(application: Application, number: int) -> bytes:
    """Return the content of a copy: its own, and as long as an application with full texts."""
    original = bytes(application.frozen.content)
    filling = f"{number} ".encode() * ((CONTENT_BYTES - len(original)) // len(f"{number} "))
    return original[:-1] + b',"filling":"' + filling + b'"}'


def copy_released(letter: Letter, count: int) -> list[Letter]:
    """Insert copies of a released letter with everything under it."""
    original = letter.decision.application
    copied = copy_submissions(original, count)
    ids = [each.pk for each in copied]
    copies(original.people, count, application_id=iter(ids))
    for participation in original.coalition.participations.all():
        copies(participation, count, coalition_id=(each.coalition_id for each in copied))
    frozen = FrozenContent.objects.filter(application__in=ids).order_by("application")
    seals = copies(
        original.seal,
        count,
        application_id=iter(ids),
        frozen_id=iter(frozen.values_list("pk", flat=True)),
        sha256=iter(frozen.values_list("sha256", flat=True)),
    )
    advice = copies(original.advice, count, application_id=iter(ids))
    letters = copies(letter, count, about=(each.reference for each in copied))
    for recipient in letter.recipients.all():
        copies(recipient, count, letter_id=(each.pk for each in letters))
    copies(
        letter.decision,
        count,
        application_id=iter(ids),
        seal_id=(each.pk for each in seals),
        advice_id=(each.pk for each in advice),
        letter_id=(each.pk for each in letters),
    )
    return letters
