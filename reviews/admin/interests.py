"""Pages on which assessors declare interests; they show only the headline of an application (rule 14)."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.permissions import may_read
from applications.queries import every_application, with_headline
from hubportal.accounts.permissions import ASSESSORS, CHAIRS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.next_page import asked_next
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE, page_of_rows
from reviews.admin.forms import DeclarationForm
from reviews.domain.interests import declare_interest
from reviews.enums import InterestOrigin
from reviews.models import InterestDeclaration
from reviews.queries import (
    asked_to_declare,
    assignments_of,
    declarations_of,
    declared_or_declarable_by,
    undeclared_by,
)

# Of a row's number.
MAX_DIGITS = 19


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(ASSESSORS)
def to_declare(request: StaffRequest) -> HttpResponse:
    """List the applications to declare on; declare "no interest" on those ticked."""
    if request.method == "POST":
        if "rest" in request.POST:
            return _confirm_none(request)
        _declare_none(request, _numbers(request, "none"))
        return redirect("admin:to_declare")
    ordered = asked_to_declare(request.user).order_by("review_round__deadline_at", "reference")
    own = declarations_of(request.user).filter(has_interest=True)
    context = {
        "page": page_of_rows(request, ordered, shown=_headlines()),
        "own_interests": own.select_related("application").order_by("-declared_at", "-pk")[:50],
    }
    return page(request, "admin/reviews/to_declare.html", context)


def _headlines() -> QuerySet[Application]:
    return with_headline(every_application()).select_related("people")


def _numbers(request: StaffRequest, name: str) -> list[str]:
    sent = request.POST.getlist(name)
    return [each for each in sent if each.isdecimal() and len(each) < MAX_DIGITS][:ROWS_PER_PAGE]


def _confirm_none(request: StaffRequest) -> HttpResponse:
    """Show the rows of the page that are not answered yet: no interest is declared in these, and in no others."""
    shown = undeclared_by(request.user).filter(pk__in=_numbers(request, "shown")).values("pk")
    found = list(_headlines().filter(pk__in=shown).order_by("review_round__deadline_at", "reference"))
    if not found:
        messages.info(request, _("You have declared your interests for all of these already."))
        return redirect("admin:to_declare")
    return page(request, "admin/reviews/declare_none.html", {"applications": found, "number": len(found)})


def _declare_none(request: StaffRequest, ids: list[str]) -> None:
    opened = 0
    for application in undeclared_by(request.user).filter(pk__in=ids).order_by("pk"):
        declaration = declare_interest(
            application_id=application.pk,
            has_interest=False,
            explanation="",
            actor=request.user,
            at=request.received_at,
        )
        opened += not declaration.has_interest
        if declaration.has_interest:
            _tell_tie(request, declaration)
    if opened:
        text = ngettext(
            "%(number)d application is now open to you.",
            "%(number)d applications are now open to you.",
            opened,
        )
        messages.success(request, text % {"number": opened})
    elif not ids:
        messages.warning(request, _("Tick the applications in which you have no interest."))


def _tell_tie(request: StaffRequest, declaration: InterestDeclaration) -> None:
    text = _("%(reference)s remains closed to you: you have ties to %(organisations)s.")
    values = {"reference": declaration.application.reference, "organisations": declaration.explanation}
    messages.warning(request, text % values)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(ASSESSORS)
def declare(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the headline of one application and ask whether the person has an interest in it."""
    application = get_object_or_404(
        with_headline(declared_or_declarable_by(request.user)).select_related("people"), reference=reference
    )
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            declaration = declare_interest(
                application_id=application.pk, **form.cleaned_data, actor=request.user, at=request.received_at
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            return _after(request, application, declaration)
    context = {
        "application": application,
        "form": form,
        "own": declarations_of(request.user).filter(application=application).first(),
        "next_url": _way_on(request, application),
    }
    return page(request, "admin/reviews/declare.html", context, status=422 if form.errors else 200)


def _after(request: StaffRequest, application: Application, declaration: InterestDeclaration) -> HttpResponse:
    if not declaration.has_interest:
        messages.success(request, _("Thank you. You can now open the application."))
        return redirect(_way_on(request, application))
    if declaration.origin == InterestOrigin.DATA:
        _tell_tie(request, declaration)
    else:
        messages.info(
            request,
            _("Thank you. The application remains closed to you, and someone else will take your place."),
        )
    return redirect("admin:to_declare")


def _way_on(request: StaffRequest, application: Application) -> str:
    """Return where the person can continue, or an empty string while the application is closed."""
    user = request.user
    if not may_read.allows(user, application):
        return ""
    if came_from := asked_next(request):
        return came_from
    if assignments_of(user).filter(application=application).exists():
        return reverse("admin:review", args=[application.reference])
    if CHAIRS.includes(user):
        return reverse("admin:advice", args=[application.reference])
    return reverse("admin:application", args=[application.reference])
