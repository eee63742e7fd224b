"""Who gets which application on a page; everybody else gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef, Value
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from applications.models import Application
from applications.permissions import may_ask_others, may_manage, may_read_draft, may_write
from applications.queries import shown_in_room, with_coalition
from applications.queries.comments import with_open_comments
from applications.queries.handovers import is_changing_contact
from applications.queries.lead_offers import is_offering_lead
from applications.queries.tasks import with_open_tasks
from coalitions.models import Participation
from coalitions.permissions import may_answer_for
from hubportal.accounts.permissions import Permission, Person
from hubportal.kernel.errors import NotAllowed
from hubportal.middleware import SignedInRequest

Which = ParamSpec("Which")
Done = TypeVar("Done")


View = Callable[Concatenate[SignedInRequest, Application, Which], HttpResponse]


def draft_page(view: View[Which]) -> Callable[..., HttpResponse]:
    """Pass the view an application that the person writes; any other is 404.

    GET redirects to the status page once the application is submitted. POST goes on to the act, which refuses,
    so that the page can show what was typed.
    """
    return _opened(view, may_write)


def led_page(view: View[Which]) -> Callable[..., HttpResponse]:
    """Do as ``draft_page`` for whoever writes for the lead organisation, and not for those it invited (rule 37)."""
    return _opened(view, may_manage)


def room_page(view: View[Which]) -> Callable[..., HttpResponse]:
    """Do as ``draft_page`` for whoever may read only as well."""
    return _opened(view, may_read_draft)


def spoken_page(view: View[Which]) -> Callable[..., HttpResponse]:
    """Do as ``draft_page`` for who is proved to speak for the lead organisation alone (rule 27)."""
    return _opened(view, may_ask_others)


def _opened(view: View[Which], permission: Permission[Application]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def opened(
        request: SignedInRequest, reference: str, *args: Which.args, **which: Which.kwargs
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        drafts = with_open_comments(with_coalition(permission.rows(request.user))).select_related("people")
        if permission is may_read_draft:
            drafts = with_open_tasks(drafts)
        application = get_object_or_404(
            drafts.annotate(**_rights(permission, request.user)), reference=reference
        )
        if not application.is_draft and request.method in {"GET", "HEAD"}:
            return redirect("applications:status", reference)
        return view(request, application, *args, **which)

    return opened


def _rights(opened_by: Permission[Application], user: Person) -> dict[str, Exists | Value]:
    """Return what somebody may do in a draft that this opened, for what its page offers, in the query that reads it."""
    # Who manages a draft writes it, and who writes it reads it.
    rights: dict[str, Exists | Value] = {}
    if opened_by is may_read_draft:
        rights = {
            "is_spoken_for": _is_among(may_ask_others, user),
            "is_changing_contact": is_changing_contact(),
            "is_offering_lead": is_offering_lead(),
        }
    return {
        **rights,
        "is_led": Value(True) if opened_by is may_manage else _is_among(may_manage, user),
        "is_written": _is_among(may_write, user) if opened_by is may_read_draft else Value(True),
    }


def _is_among(permission: Permission[Application], user: Person) -> Exists:
    return Exists(permission.rows(user).filter(pk=OuterRef("pk")))


def or_404(act: Callable[[], Done]) -> Done:
    """Do it; 404 for what is not there or not open to the person."""
    try:
        return act()
    except (NotAllowed, ObjectDoesNotExist) as unknown:
        raise Http404 from unknown


def asked_to_answer(user: Person, application: Application) -> Participation | None:
    """Return the place for which a person was asked to agree to an application, if any."""
    asked = may_answer_for.rows(user).filter(links__application=application, is_lead=False)
    return asked.order_by("pk").first()


def shown_to(user: Person, reference: str) -> Application:
    """Return an application that the person's organisations lead or were asked about, or a draft with them in it, or 404."""
    return get_object_or_404(with_coalition(shown_in_room(user)), reference=reference)
