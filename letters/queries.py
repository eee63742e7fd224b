"""Reads of letters and their texts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from calls.models import Call
from hubportal.accounts.permissions import Person
from hubportal.kernel.clock import local_date
from hubportal.mail.enums import MailStatus
from letters.enums import Channel, LetterState, Part
from letters.models import (
    Correction,
    CorrectionDraft,
    Letter,
    LetterText,
    PostRun,
    PrintedLetter,
    Recipient,
    ReturnedCopy,
)

# A mailbox that was full may have room; within the two days of Awb 2:8 and on.
RESEND_AFTER = timedelta(hours=4)
# A mail that the office left as it is did not bring the letter either.
_TROUBLE = (MailStatus.FAILED, MailStatus.UNCERTAIN, MailStatus.SETTLED)
GOES_NO_MORE = (MailStatus.BOUNCED, MailStatus.SETTLED)


def texts_in_force(call: Call, *, on: date) -> QuerySet[LetterText]:
    """Return the texts with which letters of a call are composed on a day: one of each kind at most."""
    until = Q(valid_until=None) | Q(valid_until__gte=on)
    return LetterText.objects.filter(until, call=call, valid_from__lte=on).select_related("kind")


def letters_to_produce(kinds: Iterable[str]) -> QuerySet[Letter]:
    """Return the released letters by e-mail of some kinds that are not made yet, oldest first."""
    waiting = Letter.objects.filter(document=None, channel=Channel.EMAIL, text__kind__key__in=list(kinds))
    return waiting.order_by("released_at", "pk")


def waiting_for_post() -> QuerySet[Letter]:
    """Return the letters on paper that were released and not posted yet, oldest first."""
    return Letter.objects.filter(channel=Channel.POST, sent_at=None).order_by("released_at", "pk")


def letters_to_print(*, at: datetime) -> QuerySet[Letter]:
    """Return the letters that somebody wants to post today and that are not made with the date of today, oldest first."""
    today = local_date(at)
    asked = PostRun.objects.filter(letters=OuterRef("pk"), dated_on=today)
    made = PrintedLetter.objects.filter(letter=OuterRef("pk"), dated_on=today)
    return waiting_for_post().filter(Exists(asked), ~Exists(made))


def runs_to_bundle(*, at: datetime) -> QuerySet[PostRun]:
    """Return the posts of today whose letters are all made, and not put together yet, oldest first."""
    today = local_date(at)
    made = PrintedLetter.objects.filter(letter=OuterRef("pk"), dated_on=today)
    lacking = Letter.objects.filter(~Exists(made), post_runs=OuterRef("pk"))
    some = Letter.objects.filter(post_runs=OuterRef("pk"))
    waiting = PostRun.objects.filter(Exists(some), ~Exists(lacking), dated_on=today, made_at=None)
    return waiting.order_by("asked_at", "pk")


def post_run_of(user: Person, *, on: date) -> QuerySet[PostRun]:
    """Return what an officer posts on a day, if anything."""
    return PostRun.objects.filter(asked_by=user.pk, dated_on=on)


def letters_just_sent() -> QuerySet[Letter]:
    """Return the letters whose mail went out and whose moment of sending is not fixed yet, oldest first."""
    mailed = Letter.objects.filter(channel=Channel.EMAIL, sent_at=None, mail__status=MailStatus.SENT)
    return mailed.order_by("mail__sent_at", "pk")


def letters_too_late(*, at: datetime) -> QuerySet[Letter]:
    """Return the letters whose mail was not sent before its last moment, oldest first: they are dated anew (rule 34)."""
    mailed = Letter.objects.filter(channel=Channel.EMAIL, sent_at=None)
    waiting = mailed.filter(mail__status=MailStatus.QUEUED, mail__send_before__lte=at)
    return waiting.order_by("mail__send_before", "pk")


def letters_that_came_back() -> QuerySet[Letter]:
    """Return the letters whose mail came back and that do not say so yet, the oldest first (rule 34).

    One that its addressee opened did arrive, whatever a mail server says; not where that was before it was dated anew, since
    the term of this one is another. One that was replaced is of no matter.
    """
    noted = Q(bounced_at=F("mail__bounced_at"), bounced_at__isnull=False)
    unread = Q(first_opened_at=None) | Q(sent_at=None) | Q(first_opened_at__lt=F("document__created_at"))
    mailed = Letter.objects.filter(channel=Channel.EMAIL, superseded_by=None)
    back = mailed.filter(unread, mail__status=MailStatus.BOUNCED)
    return back.exclude(noted).order_by("mail__bounced_at", "pk")


def letters_to_send_anew(*, at: datetime) -> QuerySet[Letter]:
    """Return the letters to send once more: after the first time they came back, or because the office asked for it.

    One that a correction is to replace does not go by itself: what it says is known to be wrong.
    """
    corrected = Correction.objects.filter(letter=OuterRef("pk"), withdrawn_at=None)
    by_itself = Q(
        ~Exists(corrected),
        mail__status=MailStatus.BOUNCED,
        times_bounced=1,
        resend_reason="",
        bounced_at=F("mail__bounced_at"),
        bounced_at__lte=at - RESEND_AFTER,
    )
    mailed = Letter.objects.filter(channel=Channel.EMAIL, superseded_by=None)
    unsent = mailed.filter(sent_at=None, document__isnull=False)
    asked = Q(resend_asked_at__isnull=False)
    return unsent.filter(by_itself | asked).order_by("bounced_at", "pk")


def is_underway(letter: Letter) -> bool:
    """Tell whether a letter that was made is on its way or may still go, once more or for the first time."""
    if letter.sent_at is not None or letter.mail is None:
        return False
    if letter.channel == Channel.POST:
        return True
    return letter.resend_asked_at is not None or letter.mail.status not in GOES_NO_MORE


def copies_of(letter: Letter) -> QuerySet[Recipient]:
    """Return who gets a copy of a letter, in the order in which they were named."""
    return letter.recipients.filter(part=Part.COPY).select_related("mail").order_by("pk")


def copies_that_came_back(letter: Letter | None) -> QuerySet[Recipient]:
    """Return who did not get their copy: the mail with it was refused or came back, and nobody put it aside."""
    if letter is None or letter.document_id is None:
        return Recipient.objects.none()
    return copies_of(letter).filter(_is_back())


def letters_with_copies_back() -> QuerySet[Letter]:
    """Return the latest letters that were sent and of which a copy came back that nobody settled (rule 35)."""
    back = Recipient.objects.filter(_is_back(), part=Part.COPY)
    sent = latest_letters().filter(document__isnull=False, sent_at__isnull=False)
    return sent.filter(pk__in=back.values("letter"))


def _is_back() -> Q:
    settled = ReturnedCopy.objects.filter(mail=OuterRef("mail"))
    return Q(~Exists(settled), mail__status__in=[MailStatus.BOUNCED, MailStatus.FAILED])


def copies_settled(letter: Letter | None) -> QuerySet[ReturnedCopy]:
    """Return what was done about the copies of a letter that came back, oldest first."""
    found = ReturnedCopy.objects.filter(recipient__letter=letter) if letter else ReturnedCopy.objects.none()
    return found.select_related("recipient", "mail", "settled_by").order_by("pk")


def was_told(letter: str) -> Q:
    """Return the condition that a letter was recorded as sent, also when it came back: what was public then stays so (rule 26).

    One that came back before that was told to nobody. ``letter`` names the relation to it.
    """
    return Q(**{f"{letter}__told_at__isnull": False})


def latest_letters() -> QuerySet[Letter]:
    """Return the letters that none was released to replace: the last one on each matter."""
    return Letter.objects.filter(superseded_by=None)


def in_state(state: LetterState) -> QuerySet[Letter]:
    """Return the latest letters that are in a state; none is ``WAITING``, which has no letter yet."""
    troubled = Q(mail__status__in=_TROUBLE) | Q(mail__status=MailStatus.BOUNCED, times_bounced__gt=1)
    troubled &= Q(resend_asked_at=None)
    unsent = Q(channel=Channel.EMAIL, document__isnull=False, sent_at=None)
    conditions = {
        LetterState.WAITING: Q(pk__in=[]),
        LetterState.RELEASED: Q(channel=Channel.EMAIL, document=None),
        LetterState.MADE: unsent & ~troubled,
        LetterState.TROUBLE: unsent & troubled,
        LetterState.TO_POST: Q(channel=Channel.POST, sent_at=None),
        LetterState.SENT: Q(sent_at__isnull=False),
    }
    return latest_letters().filter(conditions[state])


def state_of(letter: Letter | None) -> LetterState:
    """Return the state of a letter; ``None`` stands for one that was not released."""
    if letter is None:
        return LetterState.WAITING
    if letter.sent_at is not None:
        return LetterState.SENT
    if letter.channel == Channel.POST:
        return LetterState.TO_POST
    if letter.mail is None:
        return LetterState.RELEASED
    return LetterState.TROUBLE if is_in_trouble(letter) else LetterState.MADE


def is_in_trouble(letter: Letter) -> bool:
    """Tell whether the office has to see to a letter that was not sent: one that came back is sent once more first."""
    if letter.mail is None or letter.channel == Channel.POST:
        return False
    if letter.sent_at is not None or letter.resend_asked_at is not None:
        return False
    came_back = letter.mail.status == MailStatus.BOUNCED and letter.times_bounced > 1
    return came_back or letter.mail.status in _TROUBLE


def did_not_arrive(letter: Letter) -> bool:
    """Tell whether the office can have a letter sent once more: its mail came back, failed, or is uncertain.

    After the first time too, though it would go by itself: the office may know better.
    """
    if letter.mail is None or letter.channel == Channel.POST:
        return False
    if letter.sent_at is not None or letter.resend_asked_at is not None:
        return False
    # One whose return was not noted yet still counts as sent to whoever looks.
    came_back = letter.mail.status == MailStatus.BOUNCED and letter.bounced_at == letter.mail.bounced_at
    return came_back or letter.mail.status in _TROUBLE


def goes_by_post_after_all(letter: Letter) -> bool:
    """Tell whether a letter goes or went on paper because its mail did not arrive."""
    return letter.channel == Channel.POST and letter.mail_id is not None


def current(letter: Letter) -> Letter:
    """Return the current letter: its last correction that was produced, or the letter itself."""
    later = (
        Letter.objects.filter(supersedes=letter, document__isnull=False).select_related("document").first()
    )
    return current(later) if later else letter


def chain_of(letter: Letter) -> QuerySet[Letter]:
    """Return a letter with those that took its place, or whose place it took, the first one first."""
    same = Letter.objects.filter(about=letter.about, text__kind=letter.text.kind_id)
    return same.order_by("pk")


def corrections_waiting() -> QuerySet[Correction]:
    """Return the corrections whose new letter was not released yet, oldest first."""
    return Correction.objects.filter(withdrawn_at=None, letter__superseded_by=None).order_by(
        "recorded_at", "pk"
    )


def corrections_taken_back(letter: Letter) -> QuerySet[Correction]:
    """Return the corrections of a letter that were taken back or sent back, oldest first."""
    found = Correction.objects.filter(letter=letter, withdrawn_at__isnull=False)
    return found.select_related("recorded_by", "withdrawn_by").order_by("pk")


def correction_behind(letter: Letter) -> Correction | None:
    """Return the correction by which a letter took the place of another one; nothing for a first letter."""
    if letter.supersedes_id is None:
        return None
    return Correction.objects.filter(letter=letter.supersedes_id, withdrawn_at=None).first()


def correction_draft_of(letter: Letter) -> QuerySet[CorrectionDraft]:
    """Return the draft of a correction of a letter, with who saved it."""
    return CorrectionDraft.objects.filter(letter=letter).select_related("saved_by")


def number_after(letter: Letter) -> int:
    """Return the number of the letter that replaces a letter: the first is 1."""
    number, before = 2, letter.supersedes
    while before is not None:
        number, before = number + 1, before.supersedes
    return number
