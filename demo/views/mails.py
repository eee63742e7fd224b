"""The mails that the demo sent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from hubportal.mail.queries import every_mail


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first; public, because nothing in the demo is real."""
    pages = Paginator(every_mail(), 25)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "demo/mails.html", {"page": page, "page_obj": page})


@require_safe
def mail_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show one mail with the names of its attachments."""
    mail = get_object_or_404(every_mail().prefetch_related("attachments"), pk=mail_id)
    return render(request, "demo/mail.html", {"mail": mail})
