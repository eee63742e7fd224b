"""Each rule of letters that is broken by hand in the database is named, with its row."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import MailAttachment, OutgoingMail
from letters import invariants
from letters.domain.placeholders import OBJECTION_DEADLINE
from letters.enums import Part
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
from tests.breaking import Breaks, check_constraint, copy_of, drop, force, named, remove, sentences_in
from tests.decided_world import A_SECOND, World
from tests.factories.accounts import UserFactory
from tests.factories.documents import DocumentFactory
from tests.factories.mail import queued_mail

pytestmark = pytest.mark.django_db

breaks = Breaks()
DAY = timedelta(days=1)
NOT_MADE: dict[str, Any] = {"document": None, "dated_on": None, "mail": None, "objection_deadline_on": None}


def text_of(world: World, kind: str = "decision_partly_granted") -> LetterText:
    """Return a text from which no letter was composed."""
    return world.call.letter_texts.get(kind__key=kind)


def superseding(world: World) -> Letter:
    """Let the letter of the rejection stand in for a correction of that of the grant, as somebody forged it."""
    Correction.objects.create(
        letter=world.letter,
        explanation="x",
        recorded_by=world.rejection.recorded_by,
        recorded_at=world.rejection.released_at,
    )
    force(world.letter.document, superseded_by=world.rejection.document, superseded_at=world.letter.sent_at)
    return force(world.rejection, supersedes=world.letter)


def settled(world: World, **changes: Any) -> ReturnedCopy:
    """Record of a copy of the letter of the grant, as somebody forged it, that it came back."""
    copy = world.letter.recipients.get(part=Part.COPY)
    values = {"recipient": copy, "mail": copy.mail, "reason": "x", "settled_at": world.letter.sent_at}
    return ReturnedCopy.objects.create(**{**values, "settled_by": world.letter.recorded_by, **changes})


@breaks(20, "has no texts for its letters")
def a_call_without_texts(world):
    for text in world.other_call.letter_texts.all():
        for section in text.sections.all():
            remove(section)
        remove(text)
    return world.other_call


@breaks(20, "is in force while another version is")
def two_texts_in_force(world):
    drop(LetterText, "letter_texts_of_a_kind_do_not_overlap")
    text = text_of(world)
    second = copy_of(text, version=2, valid_from=text.valid_from + DAY)
    for section in text.sections.all():
        copy_of(section, text=second)
    return second


@breaks(20, "names something that no letter can fill in")
def a_word_that_no_letter_knows(world):
    return force(text_of(world).sections.get(position=1), body="Beste {voornaam},")


@breaks(20, "does not name the last day to object")
def a_text_without_the_clause_on_objections(world):
    text = text_of(world)
    force(text.sections.get(body__contains="{objection_deadline}"), body="U kunt bezwaar maken.")
    return text


@breaks(19, "its words do not match their SHA-256")
def altered_words(world):
    return force(world.letter, content=b"{}")


@breaks(19, "was released by nobody, though its kind needs a second person")
def released_by_nobody(world):
    # Nobody is nobody to whom the application was open.
    force(world.letter, released_by=None)
    return world.letter


@breaks(19, "is for nobody")
def a_letter_for_nobody(world):
    force(world.letter.recipients.get(part=Part.ORIGINAL), part=Part.COPY)
    return world.letter


@breaks(19, "has a document that is no letter with its reference")
def document_of_another_case(world):
    force(world.letter.document, about="CRP24-9999")
    return world.letter


@breaks(19, "has a document that is no letter with its reference")
def receipt_instead_of_a_letter(world):
    force(world.letter.document, kind="receipt")
    return world.letter


@breaks(20, "has another date than its document")
def another_date(world):
    force(world.letter.document, dated_on=world.letter.dated_on + DAY)
    return world.letter


@breaks(19, "got no mail with the letter")
def a_partner_without_a_mail(world):
    return force(world.letter.recipients.get(part=Part.COPY), mail=None)


@breaks(19, "got a mail without the letter")
def mail_without_the_letter(world):
    world.letter.mail.attachments.all().delete()
    return world.letter.recipients.get(part=Part.ORIGINAL)


@breaks(19, "got a mail without the letter")
def copy_without_the_letter(world):
    copy = world.letter.recipients.get(part=Part.COPY)
    copy.mail.attachments.all().delete()
    return copy


@breaks(19, "got the letter by another mail than the letter names")
def another_mail_than_the_addressee_got(world):
    force(world.rejection, mail=queued_mail())
    return world.rejection.recipients.get(part=Part.ORIGINAL)


@breaks(19, "its moment of sending is not that of its mail")
def another_moment_of_sending(world):
    return force(world.letter, sent_at=world.letter.sent_at + A_SECOND)


@breaks(26, "was told though no sending was recorded")
def told_before_it_was_sent(world):
    """Rule 26."""
    return force(world.rejection, told_at=world.letter.sent_at)


@breaks(19, "its moment of sending is not that of its mail")
def sent_while_its_mail_is_not(world):
    force(world.letter.mail, status="queued", sent_at=None)
    return world.letter


@breaks(20, "its last day to object is not computed from sending")
def another_last_day(world):
    return force(world.letter, objection_deadline_on=world.letter.objection_deadline_on + DAY)


@breaks(20, "its last day to object is not computed from sending")
def another_last_day_before_sending(world):
    return force(world.rejection, objection_deadline_on=world.rejection.objection_deadline_on - DAY)


@breaks(34, "got a copy of a letter that was not sent")
def a_copy_too_early(world):
    """Rule 34."""
    return force(world.rejection.recipients.get(part=Part.COPY), mail=queued_mail())


@breaks(34, "was sent on another day than it is dated")
def sent_a_day_late(world):
    """Rule 34."""
    later = world.letter.sent_at + DAY
    force(world.letter.mail, sent_at=later, send_before=None)
    return force(world.letter, sent_at=later, objection_deadline_on=world.letter.objection_deadline_on + DAY)


@breaks(26, "got a mail about a letter on paper before it was posted")
def a_mail_before_the_post(world):
    """Rule 26."""
    return force(world.unposted_letter.recipients.get(part=Part.ORIGINAL), mail=queued_mail())


@breaks(26, "got a mail about a letter on paper before it was posted")
def a_mail_before_what_was_posted(world):
    told = world.posted_letter.recipients.get(part=Part.ORIGINAL)
    force(told.mail, queued_at=world.posted_letter.sent_at - A_SECOND)
    return told


@breaks(34, "was posted other than it was made for that day")
def posted_without_being_made(world):
    """Rule 34."""
    force(world.posted_letter.prints.get(), sha256="0" * 64)
    return world.posted_letter


@breaks(34, "is in the posts of two people on one day")
def in_two_posts(world):
    letter = world.unposted_letter
    run = letter.post_runs.get()
    other = PostRun.objects.create(
        asked_by=world.committee.releaser, asked_at=run.asked_at, dated_on=run.dated_on
    )
    other.letters.add(letter)
    return letter


@breaks(26, "can be opened and verified though it was not posted")
def a_document_before_the_post(world):
    printed = world.unposted_letter.prints.get()
    DocumentFactory.create(sha256=printed.sha256)
    return printed


@breaks(26, "was mailed though it goes on paper")
def mailed_before_the_post(world):
    printed = world.unposted_letter.prints.get()
    MailAttachment.objects.create(mail=queued_mail(), stored_as=printed.stored_as, filename="x.pdf")
    return printed


@breaks(34, "was made for the post though it is mailed")
def paper_of_a_letter_by_mail(world):
    return copy_of(world.posted_letter.prints.get(), letter=world.letter)


def back(mail: OutgoingMail, world: World) -> OutgoingMail:
    """Let a mail have come back right after the letter went."""
    at = world.letter.sent_at
    return force(mail, status=MailStatus.BOUNCED, claimed_at=at, sent_at=at, bounced_at=at, attempts=1)


@breaks(34, "is of a copy that did not come back")
def a_copy_settled_that_arrived(world):
    return settled(world)


@breaks(19, "is of a letter itself, which goes once more")
def a_letter_settled_as_a_copy(world):
    original = world.letter.recipients.get(part=Part.ORIGINAL)
    mail = world.letter.recipients.get(part=Part.COPY).mail
    return settled(world, recipient=original, mail=back(mail, world))


@breaks(19, "says that a copy went once more, but none did")
def a_copy_that_was_said_to_go(world):
    copy = world.letter.recipients.get(part=Part.COPY)
    back(copy.mail, world)
    return settled(world, sent_to="elders@voorbeeld.example")


@breaks(34, "counts as sent though it came back")
def sent_though_it_came_back(world):
    back = world.letter.sent_at + A_SECOND
    force(world.letter.mail, status="bounced", bounced_at=back)
    return force(world.letter, times_bounced=1, bounced_at=back)


@breaks(34, "came back before it was released")
def back_before_its_release(world):
    return force(world.rejection, times_bounced=1, bounced_at=world.rejection.released_at - A_SECOND)


@breaks(34, "is on its way by the mail that came back")
def on_its_way_by_the_same_mail(world):
    return force(world.rejection, times_bounced=1, bounced_at=world.rejection.mail.queued_at + A_SECOND)


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(world: World, rule: int, sentence: str, act: Callable[[World], Any]) -> None:
    rows = act(world)
    found = [each for each in invariants.violations() if each.rule != 14]
    assert found == named(rule, sentence, rows)


def test_a_correction_of_another_case_is_named(world: World) -> None:
    letter = superseding(world)
    sentence = "takes the place of a letter about something else"
    assert named(19, sentence, letter) == list(invariants.violations())


def test_a_correction_that_nobody_recorded_is_named(world: World) -> None:
    letter = superseding(world)
    force(world.letter.corrections.get(), recorded_by=UserFactory.create())
    sentence = "takes the place of a letter that its recorder did not correct"
    assert named(19, sentence, letter)[0] in set(invariants.violations())


def test_a_correction_that_left_the_document_be_is_named(world: World) -> None:
    letter = superseding(world)
    force(world.letter.document, superseded_by=None, superseded_at=None)
    sentence = "takes the place of a letter whose document still counts"
    assert named(19, sentence, letter)[0] in set(invariants.violations())


def test_every_sentence_was_tried() -> None:
    # Tried where decisions are corrected.
    of_corrections = {
        "is still on its way though another one takes its place",
        "takes the place of a letter about something else",
        "takes the place of a letter that its recorder did not correct",
        "takes the place of a letter whose document still counts",
    }
    assert sentences_in(invariants) == breaks.sentences | of_corrections


LACKING: dict[str, Callable[[dict[str, Any], World], Any]] = {
    "its kind": lambda content, world: content.update(kind="decision_rejected"),
    "the addressee": lambda content, world: content["addressee"].update(name=""),
    "the reference": lambda content, world: content.update(reference=world.rejected.reference),
    "the deciding body": lambda content, world: content["sender"].update(name=""),
    "who signs for whom": lambda content, world: content["closing"].update(on_behalf_of=""),
    "the last day to object": lambda content, world: forget_the_last_day(content),
}


def forget_the_last_day(content: dict[str, Any]) -> None:
    """Fill in the open place for the last day to object beforehand."""
    place = json.dumps({"fill": OBJECTION_DEADLINE})
    content["sections"] = json.loads(json.dumps(content["sections"]).replace(place, '"1 mei"'))


@pytest.mark.parametrize("part", LACKING)
def test_a_letter_that_lacks_a_part_is_named(world: World, part: str) -> None:
    content = json.loads(bytes(world.letter.content))
    LACKING[part](content, world)
    written = canonical_bytes(content)
    force(world.letter, content=written, content_sha256=digest(written))
    assert list(every_violation()) == named(20, f"does not carry {part}", world.letter)


def test_a_letter_that_cannot_be_read_is_named(world: World) -> None:
    force(world.letter, content=b"geen brief", content_sha256=digest(b"geen brief"))
    assert list(every_violation()) == named(20, "does not carry any words that can be read", world.letter)


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


def correction(world: World, **values: Any) -> Correction:
    """Record that the letter of the grant is corrected."""
    return Correction.objects.create(
        **{
            "letter": world.letter,
            "explanation": "x",
            "recorded_by": world.committee.officer,
            "recorded_at": world.letter.sent_at,
            **values,
        }
    )


CONSTRAINTS: dict[str, tuple[Any, Callable[[World], Any]]] = {
    "LetterKind.key": (
        LetterKind,
        lambda world: twice(LetterKind.objects.get(key="decision_rejected")),
    ),
    "letter_text_one_of_a_version": (
        LetterText,
        lambda world: twice(
            text_of(world),
            valid_from=text_of(world).valid_from - DAY,
            valid_until=text_of(world).valid_from - DAY,
        ),
    ),
    "letter_text_in_force_for_a_day_or_more": (
        LetterText,
        lambda world: copy_of(
            text_of(world),
            version=2,
            valid_from=text_of(world).valid_from - DAY,
            valid_until=text_of(world).valid_from - 2 * DAY,
        ),
    ),
    "letter_text_section_once_per_position": (
        LetterTextSection,
        lambda world: twice(text_of(world).sections.first()),
    ),
    "letter_released_by_somebody_else": (
        Letter,
        lambda world: force(world.letter, released_by=world.letter.recorded_by),
    ),
    "letter_made_whole": (Letter, lambda world: force(world.letter, dated_on=None)),
    "letter_sent_only_when_made": (Letter, lambda world: force(world.letter, **NOT_MADE)),
    "letter_told_from_its_first_sending": (Letter, lambda world: force(world.letter, told_at=None)),
    "letter_by_a_known_channel": (Letter, lambda world: force(world.unposted_letter, channel="crow")),
    "letter_posted_by_somebody": (Letter, lambda world: force(world.posted_letter, posted_by=None)),
    "letter_posted_on_its_day": (
        Letter,
        lambda world: force(world.posted_letter, dated_on=world.posted_letter.prints.get().dated_on + DAY),
    ),
    "letter_printed_once_for_a_day": (
        PrintedLetter,
        lambda world: twice(world.posted_letter.prints.get()),
    ),
    "letter_bounced_has_its_moment": (Letter, lambda world: force(world.letter, times_bounced=1)),
    "letter_sent_anew_is_explained": (
        Letter,
        lambda world: force(world.rejection, resend_asked_at=world.rejection.released_at),
    ),
    "letter_by_post_after_all_is_explained": (
        Letter,
        lambda world: force(world.posted_letter, mail=queued_mail()),
    ),
    "returned_copy_is_explained": (ReturnedCopy, lambda world: settled(world, reason="")),
    "ReturnedCopy.mail": (ReturnedCopy, lambda world: twice(settled(world))),
    "letter_opened_only_when_made": (
        Letter,
        lambda world: force(world.rejection, first_opened_at=world.rejection.released_at, **NOT_MADE),
    ),
    "letter_never_supersedes_itself": (Letter, lambda world: force(world.letter, supersedes=world.letter)),
    "Letter.document": (
        Letter,
        lambda world: [world.letter, force(world.rejection, document=world.letter.document)],
    ),
    "Letter.mail": (Letter, lambda world: [world.letter, force(world.rejection, mail=world.letter.mail)]),
    "Letter.supersedes": (
        Letter,
        lambda world: [
            force(world.letter, supersedes=world.rejection),
            force(world.rejection, supersedes=world.rejection),
        ],
    ),
    "letter_has_one_original": (
        Recipient,
        lambda world: twice(world.letter.recipients.get(part=Part.ORIGINAL), mail=None),
    ),
    "letter_recipient_of_a_known_part": (
        Recipient,
        lambda world: force(world.letter.recipients.get(part=Part.COPY), part="half"),
    ),
    "Recipient.mail": (
        Recipient,
        lambda world: twice(world.letter.recipients.get(part=Part.COPY)),
    ),
    "letter_correction_one_that_counts": (Correction, lambda world: twice(correction(world))),
    "letter_correction_taken_back_with_a_reason": (
        Correction,
        lambda world: force(correction(world), withdrawn_at=world.letter.sent_at),
    ),
    "letter_correction_is_explained": (
        Correction,
        lambda world: correction(world, explanation=""),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(world: World, name: str) -> None:
    model, act = CONSTRAINTS[name]
    # Another constraint keeps out the same rows.
    if name == "Letter.supersedes":
        drop(Letter, "letter_never_supersedes_itself")
    if name == "letter_text_in_force_for_a_day_or_more":
        drop(LetterText, "letter_texts_of_a_kind_do_not_overlap")
    check_constraint(invariants, name, model, lambda: act(world))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
