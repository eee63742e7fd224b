"""Remembering by its number that an organisation declined: on every map, and when it left them all."""

from collections.abc import Collection

from django.db import connection

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


def lock_number(kvk_number: str) -> None:
    """Let one act at a time say no under a number, or put a row under it, until the transaction ends.

    Whoever comes second sees what the first did: the rows that have the number, or that somebody declined (rule 23).
    """
    if kvk_number:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kvk {kvk_number}"])


def take_along(organisation: Organisation) -> None:
    """Remember the last word of a row under the number that it has, before it gets another one, within the caller's act.

    Not where that was typed on it after its no was said: the no is of the row, and with a mistake it would stay under each number
    that ever stood there, of others who never said a word.
    """
    typed = refused_under(organisation.kvk_number).filter(came_with=organisation.map_key)
    if not typed.delete()[0]:
        remember_last_word(organisation)


def note_came_with(organisation: Organisation, before: Collection[int]) -> None:
    """Note that a number was typed on a row after its no was said, unless that was remembered under the number before."""
    new = refused_under(organisation.kvk_number).exclude(pk__in=before)
    new.update(came_with=organisation.map_key)


def note_said_under_number(organisation: Organisation, box: str) -> None:
    """Note that a mailbox said no where the row had its number, within the act that records it."""
    refused_under(organisation.kvk_number).filter(mailbox_digest=mailbox_digest(box)).update(came_with=None)


def forget_refusal(organisation: Organisation) -> None:
    """Forget that an organisation declined, whoever said so, within the act in which somebody agrees who may come back on that."""
    refused_under(organisation.kvk_number).delete()
