"""Submitted content against what partners agreed to and what the rows say now (rules 4, 8 and 9)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from applications.domain.frozen import agreed_digests, partners_in
from applications.enums import RECEIVED_STATUSES, ConsentAnswer
from applications.models import Application, ApplicationPeople, Consent, FrozenContent
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.invariants import Violation
from hubportal.kernel.mailboxes import mailbox

_AT_ONCE = 200
# The version of frozen content from which it says where the letter goes.
_WITH_DELIVERY = 2
_OF_A_LINE = ("description", "amount", "hours", "rate")
_PEOPLE = {
    "main_applicant": "main_applicant",
    "authorised_signatory": "signatory",
    "project_leader": "leader",
}


def violations() -> Iterator[Violation]:
    """Yield each submission that changed since, or to which not every partner agreed.

    A few queries per two hundred submissions.
    """
    frozen = FrozenContent.objects.select_related(
        "application__call", "application__people", "application__coalition"
    ).order_by("pk")
    answers = Consent.objects.select_related("participation", "link").order_by("answered_at", "pk")
    whole = frozen.prefetch_related(
        "application__sections__spec",
        "application__budget_lines",
        "application__attachments",
        Prefetch("application__consents", answers),
    )
    for each in whole.iterator(chunk_size=_AT_ONCE):
        # Where the bytes were altered, that is named by itself.
        if digest(bytes(each.content)) == each.sha256:
            yield from _of_one(each)


def _of_one(frozen: FrozenContent) -> Iterator[Violation]:
    application = frozen.application
    try:
        content = json.loads(bytes(frozen.content))
        is_same = _as_submitted(content) == _as_it_stands(application, schema=content["schema"])
        agreed = {each: agreed_digests(content, kvk) for each, kvk in partners_in(content).items()}
        contacts = {each["id"]: mailbox(each["contact"]["email"]) for each in content["organisations"]}
    except (ValueError, KeyError, TypeError):
        yield Violation(4, FrozenContent._meta.label, frozen.pk, "its bytes cannot be read")
        return
    if not is_same:
        yield Violation(4, Application._meta.label, application.pk, "differs from what was submitted")
    if len(agreed) + 1 < application.call.min_parties:
        yield Violation(8, Application._meta.label, application.pk, "has fewer parties than its call asks")
    last = {each.participation.organisation_id: each for each in application.consents.all()}
    yield from _consents(application, agreed, last)
    yield from _from_elsewhere(last, contacts)


def _from_elsewhere(last: Mapping[int, Consent], contacts: Mapping[int, str]) -> Iterator[Violation]:
    """Yield each consent by a link that was mailed to another than the contact person of the submission (rule 8)."""
    for organisation, consent in last.items():
        if consent.link is not None and mailbox(consent.link.email) != contacts.get(organisation):
            yield Violation(
                8,
                Consent._meta.label,
                consent.pk,
                "was given through a mailbox that was not that of the contact person",
            )


def _consents(
    application: Application, agreed: Mapping[int, tuple[str, str]], last: Mapping[int, Consent]
) -> Iterator[Violation]:
    answers = [last.get(each) for each in agreed]
    if any(each is None or each.answer != ConsentAnswer.GIVEN for each in answers):
        yield Violation(
            8, Application._meta.label, application.pk, "was submitted without the consent of every partner"
        )
    for organisation, answer in zip(agreed, answers, strict=True):
        if answer is None:
            continue
        if (answer.text_digest, answer.share_digest) != agreed[organisation]:
            yield Violation(9, Consent._meta.label, answer.pk, "is bound to another text than was submitted")
        named_at = application.coalition.lead_named_at
        is_counted = application.status in RECEIVED_STATUSES
        if is_counted and named_at is not None and answer.answered_at <= named_at:
            yield Violation(9, Consent._meta.label, answer.pk, "was given before the lead was named as now")
        if application.submitted_at is None or answer.answered_at > application.submitted_at:
            yield Violation(9, Consent._meta.label, answer.pk, "was given after the submission")


def _as_submitted(content: Mapping[str, Any]) -> bytes:
    return canonical_bytes(
        {
            **{name: content[name] for name in ("reference", "title", "starts_on", "duration_months")},
            "requested_amount": content["requested_amount"],
            "sections": {each["key"]: each["text"] for each in content["sections"] if each["text"]},
            "budget": [[each.get(name) for name in _OF_A_LINE] for each in content["budget"]],
            "people": [[content["people"][each][part] for part in ("name", "email")] for each in _PEOPLE],
            "attachments": sorted(each["sha256"] for each in content["attachments"]),
            "postal_address": content.get("postal_address"),
            "electronic_letters": content.get("electronic_letters"),
        }
    )


def _as_it_stands(application: Application, *, schema: int) -> bytes:
    """Return what the rows say of the same; names of organisations may change, what was asked may not."""
    people = application.people
    return canonical_bytes(
        {
            "reference": application.reference,
            "title": application.title,
            "starts_on": application.starts_on,
            "duration_months": application.duration_months,
            "requested_amount": application.requested_amount,
            "sections": {each.spec.key: each.text for each in application.sections.all() if each.text},
            "budget": [
                [getattr(each, name) for name in _OF_A_LINE] for each in application.budget_lines.all()
            ],
            "people": [
                [getattr(people, f"{each}_name"), getattr(people, f"{each}_email")]
                for each in _PEOPLE.values()
            ],
            "attachments": sorted(each.sha256 for each in application.attachments.all()),
            "postal_address": _address(people) if schema >= _WITH_DELIVERY else None,
            "electronic_letters": people.electronic_letters if schema >= _WITH_DELIVERY else None,
        }
    )


def _address(people: ApplicationPeople) -> dict[str, str]:
    return {
        "street": people.postal_street,
        "postal_code": people.postal_code,
        "place": people.postal_place,
    }
