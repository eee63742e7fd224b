"""Reads of what stood in a draft before it was overwritten, and of what stands there now."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from applications.models import Application, ApplicationSection, BudgetLine, EarlierVersion


def earlier_versions(application: Application, **which: Any) -> QuerySet[EarlierVersion]:
    """Return the earlier versions of a part of a draft, the latest first, with who saved them and without what they say."""
    found = EarlierVersion.objects.filter(application=application, **which)
    return found.select_related("saved_by").defer("content").order_by("-number", "pk")


def contents_of(application: Application, numbers: Collection[int], **which: Any) -> dict[int, Any]:
    """Return what earlier versions of a part say, by number."""
    found = EarlierVersion.objects.filter(application=application, number__in=numbers, **which)
    return dict(found.order_by().values_list("number", "content"))


def earlier_version(application: Application, number: int, **which: Any) -> EarlierVersion:
    """Return an earlier version of a part of a draft. Raises ``DoesNotExist``."""
    return EarlierVersion.objects.select_related("saved_by").get(
        application=application, number=number, **which
    )


def text_now(application: Application, key: str) -> ApplicationSection | None:
    """Return what stands in a section, with who saved it; ``None`` where nothing was saved."""
    texts = ApplicationSection.objects.filter(application=application, spec__key=key)
    return texts.select_related("saved_by", "spec").first()


def draft_now(application: Application) -> Application:
    """Return the draft as it stands, with who saved its title and dates and its budget."""
    people = ("particulars_saved_by", "budget_saved_by")
    return Application.objects.select_related("call", "coalition__region", *people).get(pk=application.pk)


def lines_now(application: Application) -> list[dict[str, Any]]:
    """Return the lines of the budget that stands as an earlier version keeps them."""
    lines = BudgetLine.objects.filter(application=application).select_related("heading", "participation")
    return [
        {
            "heading": each.heading_id,
            "heading_title": each.heading.title,
            "participation": each.participation_id,
            "organisation": each.participation.stated_name,
            "description": each.description,
            "hours": None if each.hours is None else str(each.hours),
            "rate": None if each.rate is None else str(each.rate),
            "amount": str(each.amount),
        }
        for each in lines.order_by("position", "pk")
    ]
