"""The mails that the demo sent."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from demo.domain.answering_mails import hand_over, is_answerable
from demo.forms import AnswerForm
from hubportal.kernel import clock
from hubportal.mail.enums import KINDS
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import every_mail, newest_by_kind

_ADDRESS = re.compile(r"(https?://[^\s)>”]*[^\s)>”.,;:])")


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first; public, because nothing in the demo is real."""
    pages = Paginator(every_mail(), 25)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "demo/mails.html", {"page": page, "page_obj": page})


@require_safe
def mail_kinds(request: HttpRequest) -> HttpResponse:
    """List every kind of mail that the portal can write, with the newest one of those that the demo wrote."""
    newest = newest_by_kind()
    kinds = sorted((str(words), kind) for kind, words in KINDS.items())
    named = [(words, newest.get(kind)) for words, kind in kinds]
    context = {"kinds": named, "written": len(newest), "all": len(named)}
    return render(request, "demo/mail_kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show one mail with the names of its attachments, and answer it as who got it."""
    mail = get_object_or_404(every_mail().prefetch_related("attachments"), pk=mail_id)
    form = None
    if is_answerable(mail):
        form = AnswerForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            _answer(request, mail, form)
            return redirect("demo:mail", mail.pk)
    elif request.method == "POST":
        raise Http404
    status = 422 if form is not None and form.errors else 200
    # Django's own urlize leaves out a full stop behind an address in brackets.
    context = {"mail": mail, "form": form, "parts": _ADDRESS.split(mail.body)}
    return render(request, "demo/mail.html", context, status=status)


def _answer(request: HttpRequest, mail: OutgoingMail, form: AnswerForm) -> None:
    """Hand the answer over, and say what a mail server would hear."""
    file = form.cleaned_data["file"]
    added = (file.name, file.read()) if file else None
    try:
        code, words = hand_over(mail, form.cleaned_data["text"], added, at=clock.now())
    except OSError:
        messages.error(request, _("Nothing takes answers by e-mail in this demo now."))
        return
    if code == 250:
        messages.success(request, _("Taken. The answer stands in the conversation."))
    else:
        messages.error(
            request,
            _("Not taken. Its sender would read: %(code)d %(words)s") % {"code": code, "words": words},
        )
