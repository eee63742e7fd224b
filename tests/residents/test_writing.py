"""A resident writes to the kwartiermaker of a region: nobody reads it before the mailbox is proved, and one mailbox floods nobody (rules 22, 23 and 33)."""

from datetime import timedelta
from typing import Any

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from mapping.models import KwartiermakerAssignment
from regions.models import Region
from residents.domain import writing
from residents.domain.erasing import disown_message, erase_message, withdraw_message
from residents.domain.writing import (
    MOST_BY_ONE_MAILBOX,
    MOST_TO_ONE_REGION,
    Written,
    confirm_message,
    write_message,
)
from residents.enums import MessageKind
from residents.models import ResidentMessage
from residents.queries import (
    DAYS_TO_CONFIRM,
    message_kept,
    message_to_confirm,
    messages_of,
    messages_to_erase,
)
from residents.tasks import ERASING
from retention.models import RetentionPeriod
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.residents import (
    DAYS_KEPT,
    confirmed_message,
    message_period,
    secret_in_mail,
    written_message,
)
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def test_nobody_reads_what_was_not_confirmed_and_no_mail_holds_what_was_typed(region, mapper) -> None:
    message = written_message(region, title="Koop bij spam", text="www.spam.example", name="Ria (fictief)")
    [mail] = OutgoingMail.objects.all()
    assert (mail.kind, mail.recipient) == ("resident_confirm", "ria@burger.example")
    # Nor who maps the region: whoever types an address would learn it.
    assert [word for word in ("spam", "Ria", mapper.full_name, mapper.email) if word in mail.body] == []
    assert not messages_of(mapper).exists()
    assert message_to_confirm(secret_digest(secret_in_mail(message, "bevestigen"))) == message
    for _click in range(2):
        confirm_message(message_id=message.pk, at=AT)
    sent = OutgoingMail.objects.exclude(pk=mail.pk).order_by("kind")
    assert [(each.kind, each.recipient, "spam" in each.body + each.subject) for each in sent] == [
        ("resident_received", "ria@burger.example", False),
        ("resident_wrote", mapper.email, False),
    ]
    assert mapper.email not in sent[0].body
    assert list(messages_of(mapper)) == [message]
    assert [each.act for each in AuditEvent.objects.filter(act__startswith="residents.")] == [
        "residents.confirmed"
    ]


def test_only_kwartiermakers_of_the_region_read_it(region, mapper) -> None:
    confirmed_message(region)
    elsewhere = kwartiermaker_in(RegionFactory.create())
    assert not messages_of(elsewhere).exists()
    KwartiermakerAssignment.objects.filter(user=mapper).delete()
    assert not messages_of(mapper).exists()


def test_the_same_written_twice_is_kept_and_mailed_once(region, mapper) -> None:
    assert written_message(region) == written_message(region, email="RIA+nog@burger.example")
    assert OutgoingMail.objects.count() == 1
    assert written_message(region, text="Anders").pk


def test_one_mailbox_and_one_region_are_not_flooded(region, mapper) -> None:
    for number in range(MOST_BY_ONE_MAILBOX):
        written_message(region, text=f"Bericht {number}")
    with pytest.raises(TooMuch):
        written_message(region, text="Nog een", email="ria+2@burger.example")
    for number in range(MOST_TO_ONE_REGION):
        # Who confirms nothing keeps nobody else from writing.
        written_message(region, email=f"onbevestigd{number}@burger.example")
    waiting = written_message(region, email="wacht@burger.example")
    for number in range(MOST_TO_ONE_REGION):
        # Nor does withdrawing make room: its kwartiermaker was mailed already.
        confirmed = confirmed_message(region, email=f"ander{number}@burger.example")
        assert withdraw_message(message_id=confirmed.pk, at=AT)
    with pytest.raises(TooMuch):
        written_message(region, email="laatste@burger.example")
    confirm_message(message_id=waiting.pk, at=AT)
    assert list(messages_of(mapper)) == [waiting]
    assert OutgoingMail.objects.filter(kind="resident_wrote").count() == MOST_TO_ONE_REGION
    later = AT + timedelta(days=1, minutes=1)
    assert written_message(region, email="laatste@burger.example", at=later).pk


def test_what_nobody_confirms_keeps_everybody_away_for_an_hour_and_not_a_day(
    region, mapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_IN_A_DAY", 3)
    for number in range(3):
        written_message(region, email=f"vreemd{number}@burger.example")
    with pytest.raises(TooMuch):
        written_message(region, email="ria@burger.example")
    assert written_message(region, email="ria@burger.example", at=AT + timedelta(hours=1)).pk
    # What was confirmed counts for the whole day.
    for each in ResidentMessage.objects.all():
        confirm_message(message_id=each.pk, at=AT)
    with pytest.raises(TooMuch):
        written_message(region, email="bo@burger.example", at=AT + timedelta(hours=2))


def test_who_reads_the_mailbox_deletes_what_others_wrote_under_its_address_and_can_write(
    region, mapper
) -> None:
    """Rule 28: nobody keeps somebody else from writing by using their address."""
    others = [written_message(region, text=f"Niet van mij {number}") for number in range(MOST_BY_ONE_MAILBOX)]
    with pytest.raises(TooMuch):
        written_message(region, text="Van mij")
    assert [disown_message(message_id=others[0].pk, at=AT) for _click in range(2)] == [True, False]
    assert not OutgoingMail.objects.filter(about=others[0].mails_about).exists()
    assert AuditEvent.objects.get(act="residents.erased").facts == {"region": region.pk, "reason": "disowned"}
    own = confirm_message(message_id=written_message(region, text="Van mij").pk, at=AT)
    with pytest.raises(DeadLink):
        disown_message(message_id=own.pk, at=AT)
    assert list(messages_of(mapper)) == [own]
    assert list(every_violation()) == []


def test_where_nobody_would_read_it_nothing_is_kept(region) -> None:
    with pytest.raises(RuleViolation, match="geen kwartiermaker"):
        written_message(region)
    assert not ResidentMessage.objects.exists()


def test_a_place_elsewhere_and_a_period_that_nobody_set_are_refused(region, mapper) -> None:
    elsewhere = MunicipalityFactory.create(region=RegionFactory.create())
    with pytest.raises(RuleViolation, match="andere regio"):
        written_message(region, municipality=elsewhere)
    RetentionPeriod.objects.all().delete()
    written = Written(MessageKind.LETTER, "Ria", "ria@burger.example", text="Hallo")
    with pytest.raises(RuleViolation, match="hoelang"):
        write_message(region=region, written=written, at=AT)


def test_what_nobody_confirms_in_time_is_erased_with_its_mail(region, mapper) -> None:
    message = written_message(region)
    late = AT + timedelta(days=DAYS_TO_CONFIRM)
    with pytest.raises(DeadLink):
        confirm_message(message_id=message.pk, at=late)
    assert not erase_message(message_id=message.pk, at=late - timedelta(seconds=1))
    assert list(ERASING.due(late)) == [message]
    assert [erase_message(message_id=message.pk, at=late) for _turn in range(2)] == [True, False]
    assert not OutgoingMail.objects.exists()
    with pytest.raises(DeadLink):
        confirm_message(message_id=message.pk, at=AT)


def test_what_was_confirmed_is_erased_when_its_period_is_over(region, mapper) -> None:
    message = confirmed_message(region)
    over = AT + timedelta(days=DAYS_KEPT)
    assert not messages_to_erase(at=over - timedelta(seconds=1)).exists()
    assert erase_message(message_id=message.pk, at=over)
    assert not OutgoingMail.objects.filter(recipient="ria@burger.example").exists()
    assert list(every_violation()) == []


def test_who_wrote_it_withdraws_it_through_the_receipt(region, mapper) -> None:
    message = confirmed_message(region)
    assert message_kept(secret_digest(secret_in_mail(message, "inzien"))) == message
    assert [withdraw_message(message_id=message.pk, at=AT) for _click in range(2)] == [True, False]
    assert not messages_of(mapper).exists()
    assert not OutgoingMail.objects.filter(recipient="ria@burger.example").exists()
    assert list(every_violation()) == []


def values(region: Region, **changed: Any) -> dict[str, Any]:
    return {
        "region": region,
        "kind": "letter",
        "text": "Hallo",
        "name": "Ria",
        "email": "ria@burger.example",
        "mailbox": "ria@burger.example",
        "confirm_digest": "a" * 64,
        "sent_at": AT,
        "kept_until": AT,
        **changed,
    }


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("resident_message_of_a_known_kind", {"kind": "advert"}),
        ("resident_message_has_what_becomes_of_it", {"kind": "question"}),
        ("resident_message_confirmed_has_its_receipt", {"confirmed_at": AT}),
        ("resident_message_settled_once_confirmed", {"settled_at": AT, "outcome": "aside"}),
    ],
)
def test_the_database_refuses_a_message_that_cannot_be(region, name: str, changed: dict[str, Any]) -> None:
    message_period()
    with refused_by(name):
        ResidentMessage.objects.create(**values(region, **changed))


def test_a_mail_about_a_message_that_is_gone_is_found(region, mapper) -> None:
    ResidentMessage.objects.filter(pk=written_message(region).pk).delete()
    assert [each.rule for each in every_violation()] == [23]
