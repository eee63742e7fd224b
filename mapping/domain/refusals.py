"""Remembering by its number that an organisation declined: on every map, and when it left them all."""

from mapping.agreement_queries import last_word_of, mailbox_digest, number_digest, refused_under
from mapping.models import RefusedNumber
from organisations.models import Organisation


def remember_last_word(organisation: Organisation) -> None:
    """Remember that an organisation declined, or forget that once it agreed, within the caller's act.

    Without a number there is nothing by which it would be known again. Of two mailboxes that said no, on two maps, the first
    is remembered: else who agreed on one becomes the one who declined, by withdrawing that, and agrees anew (rule 23).
    """
    word = last_word_of(organisation)
    if word is None or not organisation.kvk_number:
        return
    digest = number_digest(organisation.kvk_number)
    if word.is_refusal:
        said_at = word.ended_at or word.answered_at
        assert said_at is not None  # it was answered
        own = mailbox_digest(word.mailbox)
        if (
            not RefusedNumber.objects.filter(number_digest=digest)
            .exclude(mailbox_digest__in=["", own])
            .exists()
        ):
            said = {"refused_at": said_at, "mailbox_digest": own}
            RefusedNumber.objects.update_or_create(number_digest=digest, defaults=said)
    else:
        # By the mailbox that declined: an agreement of another one may be carried here from another row.
        of_theirs = ["", mailbox_digest(word.mailbox)]
        before = RefusedNumber.objects.filter(number_digest=digest, refused_at__lt=word.answered_at)
        before.filter(mailbox_digest__in=of_theirs).delete()


def forget_refusal(organisation: Organisation) -> None:
    """Forget that an organisation declined, within the act in which somebody agrees who may come back on that."""
    refused_under(organisation.kvk_number).delete()
