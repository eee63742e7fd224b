"""Invariants of coalitions (rule 8)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q

from coalitions.models import Coalition, Participation
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.mailboxes import mailbox
from organisations.legal_forms import LEGAL_PERSONS
from organisations.queries import is_unnamed

_CONSTRAINTS = {
    "participation_once_per_organisation": 8,
    "participation_one_lead": 8,
    "participation_mailbox_answers_for_one_organisation": 8,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_leads(), _members(), _mailboxes(), broken_constraints("coalitions", _CONSTRAINTS))


def _leads() -> Iterator[Violation]:
    lead = Participation.objects.filter(
        coalition=OuterRef("pk"), is_lead=True, organisation=OuterRef("lead_organisation")
    )
    without = Coalition.objects.filter(~Exists(lead))
    yield from each_breaks(8, without, "its lead organisation does not take part as lead")
    same = lead.filter(stated_name=OuterRef("lead_name"))
    otherwise = Coalition.objects.filter(Exists(lead), ~Exists(same))
    yield from each_breaks(
        26, otherwise, "names its lead organisation otherwise than the place of its lead does"
    )


def _members() -> Iterator[Violation]:
    no_person = Participation.objects.filter(
        ~Q(stated_legal_form__in=LEGAL_PERSONS) | Q(organisation__kvk_number="")
    )
    yield from each_breaks(8, no_person, "is of an organisation that is no legal person")
    tied = Participation.objects.filter(
        Q(stated_municipality__region=F("coalition__region")) | Q(works_in_region=True)
    )
    loose = Participation.objects.exclude(pk__in=tied.values("pk"))
    yield from each_breaks(8, loose, "is of an organisation without a tie to the region")
    apart = Participation.objects.filter(organisation__apart_in__isnull=False)
    yield from each_breaks(26, apart, "is of a number that one map has apart")
    unnamed = Participation.objects.filter(is_unnamed())
    yield from each_breaks(26, unnamed, "does not say how the coalition names the organisation")


def _mailboxes() -> Iterator[Violation]:
    """Yield each member whose mailbox is not that of its contact person, so that two could be one unseen."""
    contacts = Participation.objects.values_list("pk", "contact_email", "mailbox").order_by("pk")
    for row, address, kept in contacts.iterator():
        if kept != (mailbox(address) if address else ""):
            yield Violation(
                8, Participation._meta.label, row, "keeps another mailbox than that of its contact person"
            )
