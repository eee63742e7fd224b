"""Reads of what people who write a draft say to each other about it."""

import re
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from applications.enums import Part
from applications.models import Application, Comment
from applications.queries import writable_by
from applications.queries.versions import lines_now, text_now
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person

_EMPTY_LINE = re.compile(r"\r?\n\s*\n")


def own_comments(person: Person) -> QuerySet[Comment]:
    """Return the comments that somebody wrote in drafts that they may still write, without those that were deleted."""
    mine = Comment.objects.filter(written_by=person.pk, deleted_at=None)
    return mine.filter(application__in=writable_by(person).values("pk"))


def comments_on(application: Application, **which: Any) -> QuerySet[Comment]:
    """Return the comments on a part of a draft and their answers, the earliest first, with who wrote and resolved them."""
    found = Comment.objects.filter(application=application, **which)
    return found.select_related("written_by", "resolved_by").order_by("written_at", "pk")


def comment_in(application: Application, number: int) -> Comment:
    """Return a comment or an answer in a draft. Raises ``DoesNotExist``."""
    found = Comment.objects.select_related("written_by", "spec", "thread")
    return found.get(application=application, pk=number)


def comment_sent_with(application: Application, key: Any) -> Comment | None:
    """Return the comment that was sent from the page with this key, if any."""
    return Comment.objects.filter(application=application, added_with=key).first()


def comments_by(person: User) -> QuerySet[Comment]:
    """Return all that somebody wrote in any draft, also what was deleted since."""
    return Comment.objects.filter(written_by=person)


def with_open_comments(drafts: QuerySet[Application]) -> QuerySet[Application]:
    """Return drafts with ``open_comments``: for each comment that is not resolved, the step where it is, such as ``section-plan``.

    A deleted one is open only while somebody's answer to it stands.
    """
    answered = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    still_open = Comment.objects.filter(
        Q(deleted_at=None) | Exists(answered), application=OuterRef("pk"), thread=None, resolved_at=None
    )
    step = Case(
        When(part=Part.SECTION, then=Concat(Value("section-"), "spec__key", output_field=CharField())),
        default=F("part"),
        output_field=CharField(),
    )
    places = still_open.annotate(step=step).order_by("pk").values("step")
    return drafts.annotate(open_comments=ArraySubquery(places))


def passages(application: Application, *, part: str, key: str = "") -> list[str]:
    """Return what a comment on a part of a saved draft can quote: its paragraphs, or its lines; each once."""
    if part == Part.SECTION:
        section = text_now(application, key)
        said = _EMPTY_LINE.split(section.text) if section else []
    elif part == Part.BUDGET:
        said = [f"{each['heading_title']} · {each['description']}" for each in lines_now(application)]
    else:
        said = [application.title]
    return list(dict.fromkeys(filter(None, (each.strip() for each in said))))
