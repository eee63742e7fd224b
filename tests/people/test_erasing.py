"""Erasing: at once, with a receipt that names nobody, and then found nowhere (rule 23; GDPR art. 17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from mapping.domain.involvement import Part
from mapping.domain.questions import save_question
from people.domain.engagements import write_person_engagement
from people.domain.erasing import (
    decline_by_link,
    erase_ended,
    erase_person,
    forget_mail,
    withdraw_by_link,
)
from people.domain.keeping import PersonFacts, Reach, change_person
from people.domain.links import find_link
from people.domain.talks import TalkFacts, add_talk
from people.enums import ErasureReason, LinkUse
from people.models import ErasureReceipt, MappedPerson, PersonLink
from people.queries import mails_to_forget, people_to_erase
from people.tasks import ERASING, FORGETTING
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.people import (
    agreed_person,
    kwartiermaker_in,
    reminded_person,
    secret_for,
    waiting_person,
)
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

CANARY = "Kanariemens"
EMAIL = "kanariemens@burger.example"


def full_person(region: Region, actor: User) -> MappedPerson:
    """Make somebody of whom everything is kept, each text with a canary in it."""
    somebody = reminded_person(region, actor, now=AT, name=f"Anna {CANARY}", email=EMAIL)
    changed = change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, EMAIL, "010 555 12 34"),
        facts=PersonFacts(f"Weet {CANARY}", f"Onderwerp {CANARY}", f"Groep {CANARY}"),
        seen_version=somebody.version,
        actor=actor,
        at=AT,
    )
    add_talk(
        person_id=somebody.pk, facts=TalkFacts(AT.date(), f"Zei {CANARY}", AT.date()), actor=actor, at=AT
    )
    question = save_question(
        region=region, title="Vraag", description="", municipality=None, forms={}, actor=actor, at=AT
    )
    return write_person_engagement(
        person_id=somebody.pk,
        question_id=question.pk,
        parts={"advise": Part(how_it_went=f"Ging {CANARY}")},
        seen_version=changed.version,
        actor=actor,
        at=AT,
    )


def rows_with(canary: str) -> Iterator[tuple[str, Any]]:
    """Yield each row of any table in which a text is found, whatever app it is of, and of sessions too."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} AS each WHERE each::text ILIKE %s", [f"%{canary}%"])
            [(number,)] = cursor.fetchall()
        if number:
            yield model._meta.db_table, number


def erase(
    somebody: MappedPerson, actor: User, reason: ErasureReason = ErasureReason.ASKED, at=AT
) -> ErasureReceipt:
    return erase_person(person_id=somebody.pk, reason=reason, actor=actor, at=at)


def link_to(somebody: MappedPerson, use: LinkUse) -> PersonLink:
    link = find_link(secret_for(somebody, use), use)
    assert link is not None
    return link


def test_erased_somebody_is_found_in_no_table(region, kwartiermaker) -> None:
    """All tables are walked, row by row, before and after; of the mail with the receipt too, once it was sent."""
    somebody = full_person(region, kwartiermaker)
    found = {table for table, _number in rows_with(CANARY)}
    kept = {"people_mappedperson", "people_persontalk", "people_personengagement", "people_personlink"}
    assert found == {*kept, "mail_outgoingmail"}
    digests = list(somebody.links.values_list("secret_digest", flat=True))
    receipt = erase(somebody, kwartiermaker)
    assert [table for table, _number in rows_with(CANARY)] == ["mail_outgoingmail"]
    [mail] = OutgoingMail.objects.all()
    assert (mail.kind, mail.recipient, mail.about) == ("person_erased", EMAIL, "")
    assert reverse("people:receipt", args=[receipt.code]) in mail.body
    assert send_due_mails(now=lambda: AT) == 1
    assert list(mails_to_forget(at=AT + timedelta(minutes=59))) == []
    later = AT + timedelta(hours=1)
    assert [each.pk for each in mails_to_forget(at=later)] == [mail.pk]
    assert forget_mail(mail_id=mail.pk, at=later)
    assert list(rows_with(CANARY)) == []
    assert [list(rows_with(each)) for each in (*digests, "010 555 12 34")] == [[]] * (len(digests) + 1)


def test_what_stays_is_a_number_a_day_a_reason_and_who_did_it(region, kwartiermaker) -> None:
    somebody = full_person(region, kwartiermaker)
    receipt = erase(somebody, kwartiermaker, ErasureReason.MISTAKE)
    assert (receipt.region, receipt.reason, receipt.erased_at, receipt.erased_by) == (
        region,
        "mistake",
        AT,
        kwartiermaker,
    )
    event = AuditEvent.objects.get(act="people.erased")
    assert (event.subject_id, event.actor_id, event.facts) == (
        somebody.pk,
        kwartiermaker.pk,
        {"reason": "mistake"},
    )


def test_erased_somebody_is_on_no_page_of_the_region(client: Client, region, kwartiermaker, present) -> None:
    log_in(client, kwartiermaker)
    somebody = full_person(region, kwartiermaker)
    base = f"/regiowerk/{region.slug}/mensen/"
    own = [
        *(base, f"{base}?zoek={CANARY}", f"{base}{somebody.pk}/", f"{base}{somebody.pk}/wijzigen/"),
        *(
            f"/regiowerk/{region.slug}/",
            f"/regiowerk/{region.slug}/?zoek={CANARY}",
            "/mijn-werk/",
            reverse("website:start"),
        ),
        f"/mijn-gegevens/inzien/{secret_for(somebody, LinkUse.LASTING)}/",
        f"/mijn-gegevens/verlengen/{secret_for(somebody, LinkUse.PROLONG)}/",
    ]
    before = {address: CANARY in client.get(address).content.decode() for address in own}
    assert sum(before.values()) == 8
    response = client.post(f"{base}{somebody.pk}/wissen/", {"reason": "asked"}, follow=True)
    assert CANARY not in response.content.decode()
    after = {address: client.get(address) for address in own}
    # The search shows what was searched.
    told = {address for address, each in after.items() if CANARY in each.content.decode()}
    assert told == {address for address in own if "zoek=" in address}
    assert [after[address].status_code for address in (own[2], own[-1], own[-2])] == [404, 404, 404]
    admin = Client()
    log_in(admin, person(Role.ADMINISTRATOR), second_factor=True)
    for address in ("/beheer/", "/beheer/gebeurtenissen/", "/beheer/mails/"):
        assert CANARY not in admin.get(address, follow=True).content.decode()


def test_who_declines_or_withdraws_is_erased_by_themselves(region, kwartiermaker) -> None:
    waiting = waiting_person(region, kwartiermaker)
    declined = decline_by_link(link_id=link_to(waiting, LinkUse.ANSWER).pk, at=AT)
    agreed = agreed_person(region, kwartiermaker)
    withdrawn = withdraw_by_link(link_id=link_to(agreed, LinkUse.LASTING).pk, at=AT)
    assert [(each.reason, each.erased_by) for each in (declined, withdrawn)] == [
        ("declined", None),
        ("withdrawn", None),
    ]
    assert not MappedPerson.objects.exists()
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {"person_erased"}


def test_a_link_of_any_mail_withdraws_also_from_an_address_of_before(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    first = link_to(somebody, LinkUse.LASTING)
    change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, "ander@burger.example"),
        seen_version=somebody.version,
        actor=kwartiermaker,
        at=AT,
    )
    withdraw_by_link(link_id=first.pk, at=AT)
    assert not MappedPerson.objects.exists()
    with pytest.raises(DeadLink):
        withdraw_by_link(link_id=first.pk, at=AT)


def test_who_does_not_answer_and_whose_consent_ends_is_erased_by_the_portal(region, kwartiermaker) -> None:
    waiting, agreed = waiting_person(region, kwartiermaker), agreed_person(region, kwartiermaker)
    assert not erase_ended(person_id=waiting.pk, at=waiting.kept_until - timedelta(seconds=1))
    assert list(people_to_erase(at=waiting.kept_until)) == [waiting]
    assert [erase_ended(person_id=waiting.pk, at=waiting.kept_until) for _turn in range(2)] == [True, False]
    assert erase_ended(person_id=agreed.pk, at=agreed.kept_until)
    assert list(ErasureReceipt.objects.order_by("pk").values_list("reason", flat=True)) == [
        "unanswered",
        "ended",
    ]


def test_a_mail_that_waits_to_be_sent_goes_to_nobody_who_was_erased(
    region, kwartiermaker, mailoutbox
) -> None:
    erase(agreed_person(region, kwartiermaker), kwartiermaker)
    send_due_mails(now=lambda: AT)
    assert [each.subject.split(":")[0] for each in mailoutbox] == ["Gewist"]


def test_who_was_never_mailed_gets_no_mail_of_it(region, kwartiermaker) -> None:
    erase(waiting_person(region, kwartiermaker, email="", phone="010 555 12 34"), kwartiermaker)
    assert not OutgoingMail.objects.exists()


def test_only_a_kwartiermaker_of_the_region_erases_and_only_once(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    for other in (kwartiermaker_in(RegionFactory.create()), person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            erase(somebody, other)
    erase(somebody, kwartiermaker)
    with pytest.raises(RuleViolation):
        erase(somebody, kwartiermaker)
    assert ErasureReceipt.objects.count() == 1


def test_nothing_points_at_somebody_but_what_goes_with_them() -> None:
    """A table that names people has to be erased too."""
    relations = [
        each
        for each in MappedPerson._meta.get_fields(include_hidden=True)
        if each.auto_created and not each.concrete
    ]
    assert {(each.related_model.__name__, each.on_delete) for each in relations} == {
        ("PersonConsent", models.CASCADE),
        ("PersonEngagement", models.CASCADE),
        ("PersonLink", models.CASCADE),
        ("PersonTalk", models.CASCADE),
    }


def test_the_sweeps_do_what_is_due(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    assert list(ERASING.due(somebody.kept_until).values_list("pk", flat=True)) == [somebody.pk]
    assert ERASING.act(somebody.pk, somebody.kept_until)
    mail = OutgoingMail.objects.get()
    assert not FORGETTING.act(mail.pk, AT)
