"""Long lists, a page at a time."""

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS_PER_PAGE = 50


def page_of_rows(request: HttpRequest, ordered: QuerySet[Any], *, shown: QuerySet[Any]) -> Page[Any]:
    """Return the page of a list that the address asks for, in two steps, so that a long list costs what a short one does.

    ``ordered`` says which rows and in which order; only its number and the keys of one page are read. ``shown`` reads all
    that is shown of a row, for the rows of that page alone.
    """
    found = Paginator(ordered, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    keys = list(cast("QuerySet[Any]", found.object_list).values_list("pk", flat=True))
    rows = shown.order_by().in_bulk(keys)
    found.object_list = [rows[each] for each in keys if each in rows]
    return found
