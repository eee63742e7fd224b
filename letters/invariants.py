"""Invariants of letters of any kind (rules 19, 20, 30 and 34)."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value

from calls.models import Call
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.audit.models import AuditEvent
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.kernel.clock import local_date
from hubportal.kernel.invariants import Violation, all_but, each_breaks
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import MailAttachment
from letters.domain.placeholders import OBJECTION_DEADLINE, names_in
from letters.domain.producing import deadline_for
from letters.domain.setup import known_names
from letters.domain.structure import names_open
from letters.enums import Channel, Part
from letters.events import POSTED, SENT
from letters.models import (
    Correction,
    Letter,
    LetterKind,
    LetterText,
    LetterTextSection,
    PostRun,
    PrintedLetter,
    Recipient,
    ReturnedCopy,
)
from letters.queries import GOES_NO_MORE

_CONSTRAINTS = {
    "LetterKind.key": 20,
    "letter_text_one_of_a_version": 20,
    "letter_text_in_force_for_a_day_or_more": 20,
    "letter_text_section_once_per_position": 20,
    "letter_released_by_somebody_else": 19,
    "letter_made_whole": 19,
    "letter_sent_only_when_made": 19,
    "letter_by_a_known_channel": 19,
    "letter_posted_by_somebody": 19,
    "letter_posted_on_its_day": 34,
    "letter_printed_once_for_a_day": 34,
    "letter_never_supersedes_itself": 19,
    "letter_bounced_has_its_moment": 34,
    "letter_told_from_its_first_sending": 26,
    "letter_sent_anew_is_explained": 34,
    "letter_by_post_after_all_is_explained": 34,
    "letter_opened_only_when_made": 34,
    "Letter.document": 19,
    "Letter.mail": 19,
    "Letter.supersedes": 19,
    "letter_has_one_original": 19,
    "letter_recipient_of_a_known_part": 19,
    "Recipient.mail": 19,
    "ReturnedCopy.mail": 19,
    "returned_copy_is_explained": 19,
    "letter_correction_one_that_counts": 19,
    "letter_correction_is_explained": 19,
    "letter_correction_taken_back_with_a_reason": 30,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _texts(),
        _releases(),
        _documents(),
        _mails(),
        _post(),
        _bounces(),
        _copies(),
        _corrections(),
        _words(),
        broken_constraints("letters", _CONSTRAINTS),
    )


def _texts() -> Iterator[Violation]:
    texts = LetterText.objects.filter(call=OuterRef("pk"))
    yield from each_breaks(20, Call.objects.filter(~Exists(texts)), "has no texts for its letters")
    at_once = LetterText.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=OuterRef("valid_from")),
        call=OuterRef("call"),
        kind=OuterRef("kind"),
        valid_from__lte=OuterRef("valid_from"),
    ).exclude(pk=OuterRef("pk"))
    yield from each_breaks(
        20, LetterText.objects.filter(Exists(at_once)), "is in force while another version is"
    )
    named: dict[int, set[str]] = {}
    known = {each.pk: known_names(each) for each in LetterKind.objects.all()}
    for section in LetterTextSection.objects.select_related("text").order_by("pk"):
        names = names_in(section.body)
        named.setdefault(section.text_id, set()).update(names)
        if names - known[section.text.kind_id]:
            yield Violation(
                20, LetterTextSection._meta.label, section.pk, "names something that no letter can fill in"
            )
    for text in LetterText.objects.filter(kind__names_objection_term=True).order_by("pk"):
        if OBJECTION_DEADLINE not in named.get(text.pk, set()):
            yield Violation(20, LetterText._meta.label, text.pk, "does not name the last day to object")


def _releases() -> Iterator[Violation]:
    letters = Letter.objects.all()
    content = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode", output_field=TextField()
    )
    altered = letters.annotate(actual=content).exclude(actual=F("content_sha256"))
    yield from each_breaks(19, altered, "its words do not match their SHA-256")
    alone = letters.filter(released_by=None, text__kind__needs_second_person=True)
    yield from each_breaks(19, alone, "was released by nobody, though its kind needs a second person")
    originals = Recipient.objects.filter(letter=OuterRef("pk"), part=Part.ORIGINAL)
    yield from each_breaks(19, letters.filter(~Exists(originals)), "is for nobody")


def _documents() -> Iterator[Violation]:
    made = Letter.objects.filter(document__isnull=False)
    own = Q(document__kind=DocumentKind.LETTER, document__about=F("about"))
    yield from each_breaks(19, made.filter(~own), "has a document that is no letter with its reference")
    yield from each_breaks(
        20, all_but(made, document__dated_on=F("dated_on")), "has another date than its document"
    )


def _mails() -> Iterator[Violation]:
    # Copies go once the letter was sent.
    told = Recipient.objects.filter(
        Q(part=Part.ORIGINAL) | Q(letter__sent_at__isnull=False), letter__document__isnull=False
    )
    early = Recipient.objects.filter(part=Part.COPY, letter__told_at=None, mail__isnull=False)
    yield from each_breaks(34, early, "got a copy of a letter that was not sent")
    yield from each_breaks(19, told.filter(mail=None), "got no mail with the letter")
    attached = MailAttachment.objects.filter(
        mail=OuterRef("mail"), stored_as=OuterRef("letter__document__stored_as")
    )
    mailed = told.filter(mail__isnull=False).exclude(part=Part.ORIGINAL, letter__channel=Channel.POST)
    yield from each_breaks(19, mailed.filter(~Exists(attached)), "got a mail without the letter")
    other = mailed.filter(part=Part.ORIGINAL).exclude(mail=F("letter__mail"))
    yield from each_breaks(19, other, "got the letter by another mail than the letter names")
    sent = Letter.objects.filter(sent_at__isnull=False)
    yield from each_breaks(
        19,
        all_but(sent.filter(channel=Channel.EMAIL), sent_at=F("mail__sent_at")),
        "its moment of sending is not that of its mail",
    )
    sendings = AuditEvent.objects.filter(
        subject_type=Letter._meta.label_lower, subject_id=OuterRef("pk"), act__in=[SENT.name, POSTED.name]
    )
    unsent = Letter.objects.filter(~Exists(sendings), told_at__isnull=False)
    yield from each_breaks(26, unsent, "was told though no sending was recorded")


def _post() -> Iterator[Violation]:
    """Yield what is wrong with letters on paper: none is told of, and none counts, before somebody posted it."""
    on_paper = Letter.objects.filter(channel=Channel.POST)
    by_mail_before = Q(letter__mail__isnull=False, mail=F("letter__mail"))
    told = Recipient.objects.filter(
        ~by_mail_before, letter__channel=Channel.POST, part=Part.ORIGINAL, mail__isnull=False
    )
    early = told.filter(Q(letter__sent_at=None) | Q(mail__queued_at__lt=F("letter__sent_at")))
    yield from each_breaks(26, early, "got a mail about a letter on paper before it was posted")
    printed = PrintedLetter.objects.filter(
        letter=OuterRef("pk"), sha256=OuterRef("document__sha256"), dated_on=OuterRef("dated_on")
    )
    posted = on_paper.filter(sent_at__isnull=False)
    yield from each_breaks(
        34, posted.filter(~Exists(printed)), "was posted other than it was made for that day"
    )
    other = PostRun.objects.filter(letters=OuterRef("pk"), dated_on=OuterRef("post_runs__dated_on"))
    twice = on_paper.filter(Exists(other.exclude(pk=OuterRef("post_runs")))).distinct()
    yield from each_breaks(34, twice, "is in the posts of two people on one day")
    unposted = PrintedLetter.objects.filter(letter__sent_at=None)
    documents = Document.objects.filter(sha256=OuterRef("sha256"))
    attached = MailAttachment.objects.filter(stored_as=OuterRef("stored_as"))
    yield from each_breaks(
        26, unposted.filter(Exists(documents)), "can be opened and verified though it was not posted"
    )
    yield from each_breaks(26, unposted.filter(Exists(attached)), "was mailed though it goes on paper")
    yield from each_breaks(
        34,
        PrintedLetter.objects.exclude(letter__channel=Channel.POST),
        "was made for the post though it is mailed",
    )


def _bounces() -> Iterator[Violation]:
    letters = Letter.objects.filter(bounced_at__isnull=False)
    by_mail = letters.filter(channel=Channel.EMAIL, mail__status=MailStatus.BOUNCED)
    back = by_mail.filter(bounced_at=F("mail__bounced_at"))
    yield from each_breaks(34, back.filter(sent_at__isnull=False), "counts as sent though it came back")
    early = letters.filter(bounced_at__lt=F("released_at"))
    yield from each_breaks(34, early, "came back before it was released")
    again = letters.filter(mail__status__in=[MailStatus.QUEUED, MailStatus.SENT])
    yield from each_breaks(
        34, again.filter(mail__queued_at__lt=F("bounced_at")), "is on its way by the mail that came back"
    )


def _copies() -> Iterator[Violation]:
    settled = ReturnedCopy.objects.all()
    yield from each_breaks(
        34, settled.exclude(mail__status__in=GOES_NO_MORE), "is of a copy that did not come back"
    )
    yield from each_breaks(
        19, settled.exclude(recipient__part=Part.COPY), "is of a letter itself, which goes once more"
    )
    unsent = settled.exclude(sent_to="").filter(recipient__mail=F("mail"))
    yield from each_breaks(19, unsent, "says that a copy went once more, but none did")


def _corrections() -> Iterator[Violation]:
    later = Letter.objects.filter(supersedes__isnull=False)
    behind = Correction.objects.filter(
        letter=OuterRef("supersedes"), withdrawn_at=None, recorded_by=OuterRef("recorded_by")
    )
    yield from each_breaks(
        19,
        later.exclude(supersedes__about=F("about"), supersedes__text__kind=F("text__kind")),
        "takes the place of a letter about something else",
    )
    yield from each_breaks(
        19,
        later.filter(~Exists(behind)),
        "takes the place of a letter that its recorder did not correct",
    )
    underway = Q(channel=Channel.POST) | Q(resend_asked_at__isnull=False)
    underway |= ~Q(mail__status__in=GOES_NO_MORE)
    replaced = Letter.objects.filter(underway, sent_at=None, superseded_by__isnull=False)
    yield from each_breaks(19, replaced, "is still on its way though another one takes its place")
    made = later.filter(document__isnull=False)
    yield from each_breaks(
        19,
        made.filter(supersedes__document__superseded_by=None),
        "takes the place of a letter whose document still counts",
    )


def _words() -> Iterator[Violation]:
    """Yield each letter without what it has to carry, or with another last day than the term gives."""
    letters = Letter.objects.select_related("text__kind", "text__call").order_by("pk")
    for letter in letters.iterator(chunk_size=200):
        if digest(bytes(letter.content)) == letter.content_sha256:
            for lacking in _lacking(letter):
                yield Violation(20, Letter._meta.label, letter.pk, f"does not carry {lacking}")
        sent_on = local_date(letter.sent_at) if letter.sent_at else letter.dated_on
        if letter.sent_at and sent_on != letter.dated_on:
            yield Violation(34, Letter._meta.label, letter.pk, "was sent on another day than it is dated")
        if sent_on and letter.objection_deadline_on != deadline_for(letter, sent_on=sent_on):
            yield Violation(
                20, Letter._meta.label, letter.pk, "its last day to object is not computed from sending"
            )


def _lacking(letter: Letter) -> Iterator[str]:
    try:
        content: dict[str, Any] = json.loads(bytes(letter.content))
    except ValueError:
        yield "any words that can be read"
        return
    has_term = letter.text.kind.names_objection_term
    carried = {
        "its kind": content.get("kind") == letter.text.kind.key,
        "the addressee": content.get("addressee", {}).get("name"),
        "the reference": content.get("reference") == letter.about,
        "the deciding body": content.get("sender", {}).get("name"),
        "who signs for whom": all(content.get("closing", {}).get(each) for each in ("on_behalf_of", "name")),
        "the last day to object": not has_term or names_open(content, OBJECTION_DEADLINE),
    }
    yield from (name for name, is_there in carried.items() if not is_there)
