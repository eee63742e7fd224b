"""Remembering by its number that an organisation declined: on every map, and when it left them all."""

from mapping.agreement_queries import last_word_of, mailbox_digest, number_digest, refused_under
from mapping.enums import AgreementState
from mapping.models import RefusedNumber
from organisations.models import Organisation


def remember_last_word(organisation: Organisation) -> RefusedNumber | None:
    """Remember that an organisation declined, or forget that once it agreed, within the caller's act; return what is new.

    Without a number there is nothing by which it would be known again. Each mailbox that said no is remembered: nobody lifts
    the no of another by having said one too. Who agreed on one map and withdraws that adds none where somebody declined: else
    it would take their yes to come back on it too (rule 23).
    """
    word = last_word_of(organisation)
    if word is None or not organisation.kvk_number:
        return None
    digest = number_digest(organisation.kvk_number)
    if word.is_refusal:
        said_at = word.ended_at or word.answered_at
        assert said_at is not None  # it was answered
        own = mailbox_digest(word.mailbox)
        under = refused_under(organisation.kvk_number)
        is_withdrawal = word.state == AgreementState.WITHDRAWN
        if is_withdrawal and under.exclude(mailbox_digest__in=["", own]).exists():
            return None
        under.filter(mailbox_digest="").delete()
        kept, is_new = RefusedNumber.objects.update_or_create(
            number_digest=digest, mailbox_digest=own, defaults={"refused_at": said_at}
        )
        return kept if is_new else None
    # By the mailbox that declined: an agreement of another one may be carried here from another row.
    of_theirs = ["", mailbox_digest(word.mailbox)]
    before = RefusedNumber.objects.filter(number_digest=digest, refused_at__lt=word.answered_at)
    before.filter(mailbox_digest__in=of_theirs).delete()
    return None


def forget_refusal(organisation: Organisation) -> None:
    """Forget that an organisation declined, whoever said so, within the act in which somebody agrees who may come back on that."""
    refused_under(organisation.kvk_number).delete()
