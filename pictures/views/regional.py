"""The regional picture of a region: writing its text, having it made, and letting visitors read it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer, saved_in_words
from mapping.permissions import may_map
from mapping.views.workspace import assigned_region
from pictures.domain.regional_pictures import (
    ask_for_regional_picture,
    publish_regional_picture,
    withdraw_regional_picture,
)
from pictures.domain.regional_texts import save_regional_text
from pictures.enums import Readers
from pictures.forms.regional import RegionalTextForm, content_of
from pictures.models import RegionalPicture, RegionalText
from pictures.permissions import may_read
from pictures.regional_queries import is_all_public, regional_pictures_of, text_of
from regions.models import Region

PICTURES_SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def regional(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write the text of a regional picture, saved while it is typed; and list those that were made."""
    region = assigned_region(request, slug) if request.method == "POST" else _readable(request, slug)
    written = text_of(region)
    form = RegionalTextForm(
        request.POST if request.method == "POST" else None,
        initial={**content_of(written), "seen_version": written.version},
    )

    def act() -> Saved:
        saved = save_regional_text(
            region=region, **form.typed, seen_version=form.seen, actor=request.user, at=request.received_at
        )
        return Saved(saved.version, saved.changed_at or request.received_at)

    def kept() -> Kept:
        now = text_of(region)
        return Kept(now.version, content_of(now), now.changed_by, now.changed_at or request.received_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("The text has been saved."))
        return redirect("pictures:regional", slug)

    def page(outcome: SaveOutcome) -> HttpResponse:
        return _regional_page(request, region, written, form, outcome)

    return save_and_answer(request, form, act=act, kept=kept, saved=saved, page=page)


def _regional_page(
    request: SignedInRequest,
    region: Region,
    written: RegionalText,
    form: RegionalTextForm,
    outcome: SaveOutcome,
) -> HttpResponse:
    saved_at = written.changed_at
    context: dict[str, Any] = {
        "region": region,
        "form": form,
        "may_write": may_map.allows(request.user, region),
        "newer": outcome.newer,
        "is_unsaved": outcome.status != 200,
        "saved_line": saved_in_words(saved_at, at=request.received_at) if saved_at else "",
        "pictures": list(regional_pictures_of(region)[:PICTURES_SHOWN]),
        "readers": Readers.choices,
        "key": uuid4(),
    }
    return render(request, "pictures/regional.html", context, status=outcome.status)


def _readable(request: SignedInRequest, slug: str) -> Region:
    """Return a region whose regional pictures the person may read; 404 for anybody else."""
    return get_object_or_404(may_read.rows(request.user), slug=slug)


@login_required
@require_POST
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """Have the regional picture made, with the text as it is saved."""
    region, readers = assigned_region(request, slug), request.POST.get("readers", "")
    if readers not in Readers.values:
        messages.error(request, _("Choose for whom it is."))
        return redirect("pictures:regional", slug)
    try:
        ask_for_regional_picture(
            region=region,
            readers=Readers(readers),
            key=key_of(request) or uuid4(),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("We are making it. It stands below in a minute: open this page again."))
    return redirect("pictures:regional", slug)


@login_required
@require_safe
def pdf(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Return a regional picture that was made."""
    return answer_with(request, _picture(_readable(request, slug), key))


def answer_with(request: Any, picture: RegionalPicture) -> HttpResponse:
    """Return the file of a regional picture; 404 while it is not made yet."""
    if picture.made_at is None:
        raise Http404
    name = f"regiobeeld-{picture.region.slug}.pdf"
    return stored_pdf(request, name=picture.stored_as, sha256=picture.sha256, filename=name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Show what visitors will read, and let them read it (rule 30)."""
    region = assigned_region(request, slug)
    picture = _picture(region, key)
    if picture.readers != Readers.EVERYBODY or picture.made_at is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            publish_regional_picture(
                picture_id=picture.pk,
                region=region,
                seen=request.POST.get("seen", ""),
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Everybody can read this regional picture now."))
            return redirect("pictures:regional", slug)
    context = {
        "region": region,
        "picture": picture,
        "refused": refused,
        "is_all_public": is_all_public(picture),
    }
    return render(request, "pictures/publish_regional.html", context, status=422 if refused else 200)


@login_required
@require_POST
def withdraw(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Let visitors read a regional picture no more."""
    region = assigned_region(request, slug)
    withdraw_regional_picture(
        picture_id=_picture(region, key).pk, region=region, actor=request.user, at=request.received_at
    )
    messages.success(request, _("Visitors no longer see this regional picture."))
    return redirect("pictures:regional", slug)


def _picture(region: Region, key: UUID) -> RegionalPicture:
    return get_object_or_404(regional_pictures_of(region), key=key)
