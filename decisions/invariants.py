"""Invariants of decisions and of what their letters tell (rules 10, 14, 18 to 20 and 26)."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from applications.domain.frozen import frozen_content
from applications.enums import ConsentAnswer, SigningRole, Status
from applications.models import Application, Consent
from applications.queries import reading_held
from calls.enums import Outcome
from calls.models import Call, ReviewRound
from coalitions.queries import contact_stands
from decisions.domain.budget_facts import refused_lines
from decisions.domain.letter_facts import (
    addressee_in,
    channel_in,
    deviation_told,
    ground_of,
    letter_of,
    partners_named,
    reasons_in,
)
from decisions.enums import LetterOfDecision
from decisions.models import BankAccount, Decision, GrantedLine
from decisions.queries import rounds_with_every_letter_told
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.canonical import digest
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.money import ZERO, dutch_euros
from hubportal.mail.models import OutgoingMail
from letters.domain.structure import paragraphs_of, plain_text
from letters.enums import Channel, Part
from letters.models import Correction, Letter, Recipient
from letters.queries import correction_behind, was_told
from reviews.interest_queries import interest_held
from reviews.models import Assignment
from reviews.queries import reviews_out

_CONSTRAINTS = {
    "Decision.application": 18,
    "Decision.seal": 18,
    "Decision.advice": 18,
    "decision_amount_fits_its_outcome": 18,
    "Decision.letter": 19,
    "decision_rejects_on_a_ground": 20,
    "decision_has_reasons": 20,
    "withdrawn_decision_is_explained": 30,
    "bank_account_one_waits_per_application": 30,
    "bank_account_one_counts_per_application": 30,
    "bank_account_checked_by_somebody_else": 30,
    "bank_account_state_fits_its_check": 30,
    "bank_account_written_as_iban": 30,
    "granted_line_once_per_position": 31,
    "granted_line_no_higher_than_asked": 31,
    "granted_line_says_why_it_is_lower": 31,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _decisions(),
        _ceilings(),
        _grounds(),
        _lines(),
        _letters(),
        _copies(),
        _statuses(),
        _words(),
        _settled(),
        _bank_accounts(),
        broken_constraints("decisions", _CONSTRAINTS),
    )


def _settled() -> Iterator[Violation]:
    settled = ReviewRound.objects.filter(settled_at__isnull=False)
    early = settled.exclude(pk__in=rounds_with_every_letter_told().values("pk"))
    yield from each_breaks(26, early, "is settled although a letter of it was not sent")


def _bank_accounts() -> Iterator[Violation]:
    granted = Q(was_told("application__decision__letter"), application__decision__outcome=Outcome.GRANTED)
    yield from each_breaks(
        30, BankAccount.objects.exclude(granted), "was given for what is no grant that was told"
    )
    yield from each_breaks(30, _without_mail("given_at"), "was given without a mail about it")
    yield from each_breaks(30, _without_mail("checked_at"), "was settled without a mail about it")
    held = reading_held(application="application", user="checked_by", at="checked_at")
    closed = BankAccount.objects.filter(~held, checked_by__isnull=False)
    yield from each_breaks(14, closed, "was settled by somebody to whom the application was not open")


def _without_mail(moment: str) -> QuerySet[BankAccount]:
    mailed = OutgoingMail.objects.filter(
        kind="bank_account", about=OuterRef("application__reference"), queued_at=OuterRef(moment)
    )
    return BankAccount.objects.filter(~Exists(mailed), **{f"{moment}__isnull": False})


def _decisions() -> Iterator[Violation]:
    decisions = Decision.objects.all()
    own = Q(seal__application=F("application"), advice__application=F("application"))
    elsewhere = decisions.filter(~own)
    yield from each_breaks(18, elsewhere, "rests on the seal or the advice of another application")
    early = decisions.filter(recorded_at__lt=F("advice__fixed_at"))
    yield from each_breaks(18, early, "was recorded before the advice was fixed")
    otherwise = decisions.exclude(requested_amount=F("application__requested_amount"))
    yield from each_breaks(18, otherwise, "was measured by another amount than was asked")
    departing = decisions.exclude(outcome=F("advice__outcome"), amount=F("advice__amount"))
    silent = departing.exclude(deviation__regex=r"\S")
    yield from each_breaks(31, silent, "departs from the advice without saying why")
    signed = decisions.annotate(signatures=Count("application__signatures__role", distinct=True))
    yield from each_breaks(
        10,
        signed.filter(outcome=Outcome.GRANTED, signatures__lt=len(SigningRole)),
        "grants on a declaration that is not signed by both",
    )
    held = reading_held(application="application", user="recorded_by", at="recorded_at")
    closed = decisions.filter(~held)
    yield from each_breaks(14, closed, "was recorded by somebody to whom the application was not open")
    reviewed = Assignment.objects.filter(application=OuterRef("application"), completed_at__isnull=False)
    reviewed = reviewed.filter(reviewer__mailbox=OuterRef("recorded_by__mailbox"))
    yield from each_breaks(14, decisions.filter(Exists(reviewed)), "was recorded by somebody who reviewed it")


def _ceilings() -> Iterator[Violation]:
    for model, path in ((Call, "application__call"), (ReviewRound, "application__review_round")):
        granted = Decision.objects.filter(**{path: OuterRef("pk")}).order_by().values(path)
        total = Coalesce(Subquery(granted.annotate(total=Sum("amount")).values("total")), ZERO)
        wrong = model._default_manager.annotate(total=total).exclude(total=F("granted_total"))
        yield from each_breaks(18, wrong, "its granted total is not the sum of its decisions")


def _grounds() -> Iterator[Violation]:
    rejections = Decision.objects.filter(ground__isnull=False)
    other = rejections.exclude(ground__call=F("application__call"))
    yield from each_breaks(20, other, "rejects on a ground of another call")


def _lines() -> Iterator[Violation]:
    decisions = Decision.objects.annotate(
        costs=_accepted(is_contribution=False), contributions=_accepted(is_contribution=True)
    )
    partly = Q(outcome=Outcome.GRANTED, amount__lt=F("requested_amount"))
    there = Exists(GrantedLine.objects.filter(decision=OuterRef("pk")))
    silent, needless = decisions.filter(partly, ~there), decisions.filter(~partly, there)
    yield from each_breaks(31, silent, "grants less than was asked without saying it by budget line")
    yield from each_breaks(31, needless, "has budget lines though it refuses nothing of them")
    other = decisions.filter(partly, there).exclude(amount=F("costs") - F("contributions"))
    yield from each_breaks(31, other, "its budget lines do not come to its grant")
    for decision in decisions.filter(there).select_related("application__frozen").prefetch_related("lines"):
        sealed = frozen_content(decision.application)["budget"]
        asked = [
            (number, each["is_contribution"], each["amount"]) for number, each in enumerate(sealed, start=1)
        ]
        if [(each.position, each.is_contribution, each.asked) for each in decision.lines.all()] != asked:
            yield Violation(
                31, Decision._meta.label, decision.pk, "its budget lines are not those that were sealed"
            )


def _accepted(*, is_contribution: bool) -> Coalesce:
    lines = GrantedLine.objects.filter(decision=OuterRef("pk"), is_contribution=is_contribution)
    summed = lines.order_by().values("decision").annotate(total=Sum("accepted")).values("total")
    return Coalesce(Subquery(summed), ZERO)


def _letters() -> Iterator[Violation]:
    decisions = Decision.objects.filter(letter__isnull=False)
    other = decisions.exclude(letter__recorded_by=F("recorded_by"))
    yield from each_breaks(19, other, "its letter names another recorder")
    early = decisions.filter(letter__released_at__lt=F("recorded_at"))
    yield from each_breaks(19, early, "was recorded after its letter was released")
    elsewhere = decisions.exclude(letter__about=F("application__reference"))
    yield from each_breaks(19, elsewhere, "its letter is about another application")
    held = reading_held(application="case", user="released_by", at="released_at")
    closed = _letters_of_decisions().filter(~held)
    out = reviews_out().filter(application=OuterRef("case"), ended_at__lte=OuterRef("released_at"))
    resting = _letters_of_decisions().filter(Exists(out))
    yield from each_breaks(29, resting, "was told though its advice rests on a review that does not count")
    tied = _letters_of_decisions().filter(
        interest_held(application="case", user="recorded_by", at="released_at")
    )
    yield from each_breaks(29, tied, "was told though who recorded it had an interest")
    adopted = Decision.objects.annotate(
        released_at=F("letter__released_at"), adopted_by=F("advice__fixed_by")
    )
    tied = adopted.filter(interest_held(application="application", user="adopted_by", at="released_at"))
    yield from each_breaks(29, tied, "was told though who adopted its advice had an interest")
    yield from each_breaks(14, closed, "was released by somebody to whom the application was not open")


def _letters_of_decisions() -> QuerySet[Any]:
    """Return the letters that tell of decisions, corrections too, each with its application as ``case``."""
    case = Application.objects.filter(reference=OuterRef("about")).values("pk")
    letters = Letter.objects.filter(text__kind__key__in=list(LetterOfDecision))
    return letters.annotate(case=Subquery(case))


def _copies() -> Iterator[Violation]:
    given = Consent.objects.filter(application=OuterRef("case"), answer=ConsentAnswer.GIVEN)
    # Of whom others ended there since, a copy may have gone to nobody (rule 27).
    partners = given.filter(contact_stands("participation__"))
    copies = Recipient.objects.filter(letter=OuterRef("pk"), part=Part.COPY)
    counted = _letters_of_decisions().annotate(
        partners=_number(partners, "application", "participation"), copies=_number(copies, "letter", "pk")
    )
    yield from each_breaks(19, counted.filter(copies__lt=F("partners")), "has no copy for every partner")


def _number(rows: QuerySet[Any], of: str, what: str) -> Coalesce:
    """Return how many different values the rows of each outer row hold."""
    counted = rows.order_by().values(of).annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)


def _statuses() -> Iterator[Violation]:
    told = Application.objects.filter(status__in=[Status.GRANTED, Status.REJECTED])
    decision = Decision.objects.filter(
        application=OuterRef("pk"), outcome=OuterRef("status"), letter__document__isnull=False
    )
    yield from each_breaks(19, told.filter(~Exists(decision)), "its status was not told by a letter")
    made = Decision.objects.filter(letter__document__isnull=False)
    yield from each_breaks(
        19,
        made.exclude(application__status=F("outcome")),
        "its letter is made, but its application does not have that status",
    )


def _words() -> Iterator[Violation]:
    """Yield each decision whose letter or correction misses something that it has to say."""
    decisions = {
        each.application.reference: each
        for each in Decision.objects.filter(letter__isnull=False).select_related(
            "application__call", "application__frozen", "advice", "ground"
        )
    }
    letters = _letters_of_decisions().select_related("text__kind", "supersedes").order_by("pk")
    for letter in letters.iterator(chunk_size=200):
        if digest(bytes(letter.content)) == letter.content_sha256 and letter.about in decisions:
            for lacking in _lacking(letter, decisions[letter.about], correction_behind(letter)):
                yield Violation(20, Letter._meta.label, letter.pk, f"does not carry {lacking}")
            if not _goes_as_chosen(letter, decisions[letter.about]):
                yield Violation(19, Letter._meta.label, letter.pk, "goes on paper without a cause")


def _goes_as_chosen(letter: Letter, decision: Decision) -> bool:
    """Tell whether a letter goes by e-mail, or on paper because the applicant chose that or an e-mail came back."""
    if letter.channel == Channel.EMAIL or letter.mail_id is not None:
        return True
    chosen = channel_in(frozen_content(decision.application))
    return Channel.POST in {chosen, letter.supersedes.channel if letter.supersedes else None}


def _lacking(letter: Letter, decision: Decision, correction: Correction | None) -> Iterator[str]:
    try:
        content = json.loads(bytes(letter.content))
    except ValueError:
        # The invariants of letters name it.
        return
    written, sealed = plain_text(content), frozen_content(decision.application)
    carried = {
        "the outcome of the decision": letter.text.kind.key == letter_of(decision),
        "the advice of the committee": (content.get("annex") or {}).get("sections"),
        "the reasons of the decision": all(
            each in written for each in paragraphs_of(reasons_in(decision, correction))
        ),
        "why it departs from the advice": not decision.deviation
        or all(each in written for each in deviation_told(decision)),
        "the amount": decision.outcome != Outcome.GRANTED or dutch_euros(decision.amount) in written,
        "what is refused of each budget line": all(each in written for each in refused_lines(decision)),
        # Without any, the invariants of letters name it.
        "the addressee as it applied": not content.get("addressee", {}).get("name")
        or content["addressee"] in _addressees(letter, sealed, correction),
        "the application as it was sealed": all(
            each in written for each in (sealed["title"], partners_named(sealed))
        ),
        "the ground of the rejection": decision.ground is None or ground_of(decision) in written,
    }
    yield from (name for name, is_there in carried.items() if not is_there)


def _addressees(
    letter: Letter, sealed: Mapping[str, Any], correction: Correction | None
) -> Iterator[dict[str, Any]]:
    addressee = addressee_in(sealed, correction)
    yield {**vars(addressee), "lines": list(addressee.lines)}
    if letter.channel == Channel.EMAIL:
        # As letters by e-mail were addressed before the portal wrote on paper.
        yield {
            **vars(addressee),
            "lines": [each["municipality"] for each in sealed["organisations"] if each["is_lead"]],
        }
