"""What must be true of decisions and letters (rules 10, 14 and 18 to 20)."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from applications.enums import ConsentAnswer, SigningRole, Status
from applications.models import Application, Consent
from applications.queries import reading_held
from calls.enums import Outcome
from calls.models import Call, ReviewRound
from decisions.domain.composing import deadline_for
from decisions.models import Decision, DecisionLetter
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.documents.enums import DocumentKind
from hubportal.kernel.canonical import digest
from hubportal.kernel.clock import local_date
from hubportal.kernel.invariants import Violation, all_but, each_breaks
from hubportal.kernel.money import ZERO, euros
from hubportal.mail.models import MailAttachment, OutgoingMail

_CONSTRAINTS = {
    "Decision.application": 18,
    "Decision.seal": 18,
    "Decision.advice": 18,
    "decision_amount_fits_its_outcome": 18,
    "decision_letter_released_by_somebody_else": 19,
    "decision_letter_produced_whole": 19,
    "decision_letter_sent_only_when_produced": 19,
    "DecisionLetter.decision": 19,
    "DecisionLetter.document": 19,
    "DecisionLetter.mail": 19,
    "decision_has_reasons": 20,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _decisions(),
        _ceilings(),
        _releases(),
        _documents(),
        _mails(),
        _statuses(),
        _words(),
        broken_constraints("decisions", _CONSTRAINTS),
    )


def _decisions() -> Iterator[Violation]:
    decisions = Decision.objects.all()
    own = Q(seal__application=F("application"), advice__application=F("application"))
    yield from each_breaks(
        18, decisions.filter(~own), "rests on the seal or the advice of another application"
    )
    early = decisions.filter(recorded_at__lt=F("advice__fixed_at"))
    yield from each_breaks(18, early, "was recorded before the advice was fixed")
    yield from each_breaks(
        18,
        decisions.exclude(requested_amount=F("application__requested_amount")),
        "was measured by another amount than was asked",
    )
    signed = decisions.annotate(signatures=Count("application__signatures__role", distinct=True))
    yield from each_breaks(
        10,
        signed.filter(outcome=Outcome.GRANTED, signatures__lt=len(SigningRole)),
        "grants on a declaration that is not signed by both",
    )
    held = reading_held(application="application", user="recorded_by", at="recorded_at")
    yield from each_breaks(
        14, decisions.filter(~held), "was recorded by somebody to whom the application was not open"
    )


def _ceilings() -> Iterator[Violation]:
    for model, path in ((Call, "application__call"), (ReviewRound, "application__review_round")):
        granted = Decision.objects.filter(**{path: OuterRef("pk")}).order_by().values(path)
        total = Coalesce(Subquery(granted.annotate(total=Sum("amount")).values("total")), ZERO)
        wrong = model._default_manager.annotate(total=total).exclude(total=F("granted_total"))
        yield from each_breaks(18, wrong, "its granted total is not the sum of its decisions")


def _releases() -> Iterator[Violation]:
    letters = DecisionLetter.objects.all()
    content = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode", output_field=TextField()
    )
    altered = letters.annotate(actual=content).exclude(actual=F("content_sha256"))
    yield from each_breaks(19, altered, "its words do not match their SHA-256")
    other = letters.exclude(recorded_by=F("decision__recorded_by"))
    yield from each_breaks(19, other, "names another recorder than its decision")
    early = letters.filter(released_at__lt=F("decision__recorded_at"))
    yield from each_breaks(19, early, "was released before its decision was recorded")
    held = reading_held(application="decision__application", user="released_by", at="released_at")
    yield from each_breaks(
        14, letters.filter(~held), "was released by somebody to whom the application was not open"
    )


def _documents() -> Iterator[Violation]:
    made = DecisionLetter.objects.filter(document__isnull=False)
    own = Q(document__kind=DocumentKind.LETTER, document__about=F("decision__application__reference"))
    yield from each_breaks(19, made.filter(~own), "has a document that is no letter about its application")
    yield from each_breaks(
        20,
        all_but(made, document__dated_on=F("dated_on")),
        "has another date than its document",
    )


def _mails() -> Iterator[Violation]:
    made = DecisionLetter.objects.filter(document__isnull=False)
    enclosed = MailAttachment.objects.filter(mail=OuterRef("mail"), stored_as=OuterRef("document__stored_as"))
    yield from each_breaks(19, made.filter(~Exists(enclosed)), "is not enclosed in its mail")
    partners = Consent.objects.filter(
        application=OuterRef("decision__application"), answer=ConsentAnswer.GIVEN
    )
    copies = OutgoingMail.objects.filter(
        kind="decision_copy",
        about=OuterRef("decision__application__reference"),
        attachments__stored_as=OuterRef("document__stored_as"),
    )
    counted = made.annotate(
        partners=_number(partners, "application", "participation"),
        copies=_number(copies, "about", "recipient"),
    )
    yield from each_breaks(19, counted.filter(copies__lt=F("partners")), "was not copied to every partner")
    sent = DecisionLetter.objects.filter(sent_at__isnull=False)
    yield from each_breaks(
        19, all_but(sent, sent_at=F("mail__sent_at")), "its moment of sending is not that of its mail"
    )


def _number(rows: QuerySet[Any], of: str, what: str) -> Coalesce:
    """Return how many different values the rows of each outer row hold."""
    counted = rows.order_by().values(of).annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)


def _statuses() -> Iterator[Violation]:
    told = Application.objects.filter(status__in=[Status.GRANTED, Status.REJECTED])
    letter = DecisionLetter.objects.filter(
        decision__application=OuterRef("pk"), decision__outcome=OuterRef("status"), document__isnull=False
    )
    yield from each_breaks(19, told.filter(~Exists(letter)), "its status was not told by a letter")
    made = DecisionLetter.objects.filter(document__isnull=False)
    yield from each_breaks(
        19,
        made.exclude(decision__application__status=F("decision__outcome")),
        "is made, but its application does not have that status",
    )


def _words() -> Iterator[Violation]:
    """Yield each letter without what it has to carry, or with another last day than the term gives."""
    letters = DecisionLetter.objects.select_related("decision__application__call").order_by("pk")
    for letter in letters.iterator(chunk_size=200):
        if digest(bytes(letter.content)) == letter.content_sha256:
            for lacking in _lacking(letter):
                yield Violation(20, DecisionLetter._meta.label, letter.pk, f"does not carry {lacking}")
        sent_on = local_date(letter.sent_at) if letter.sent_at else letter.dated_on
        if sent_on and letter.objection_deadline_on != deadline_for(letter.decision, sent_on=sent_on):
            yield Violation(
                20,
                DecisionLetter._meta.label,
                letter.pk,
                "its last day to object is not computed from sending",
            )


def _lacking(letter: DecisionLetter) -> Iterator[str]:
    try:
        content = json.loads(bytes(letter.content))
    except ValueError:
        yield "any words that can be read"
        return
    decision = letter.decision
    sections = content.get("sections", [])
    written = "\n".join(_strings(sections))
    carried = {
        "the addressee": content.get("addressee", {}).get("name"),
        "the reference": content.get("reference") == decision.application.reference,
        "the outcome of the decision": content.get("kind") == decision.outcome,
        "the deciding body": content.get("sender", {}).get("name"),
        "the mandate": content.get("closing", {}).get("on_behalf_of"),
        "the advice of the committee": content.get("annex", {}).get("sections"),
        "the reasons of the decision": all(each in written for each in _paragraphs(decision.reasons)),
        "the amount": decision.outcome != Outcome.GRANTED or euros(decision.amount) in written,
        "the last day to object": "{objection_deadline}" in written,
    }
    yield from (name for name, is_there in carried.items() if not is_there)


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in text.strip().replace("\r\n", "\n").split("\n\n")]


def _strings(content: Any) -> Iterator[str]:
    """Yield every string of a part of the content."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | dict):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _strings(each)
