"""Empty forms of calls, made in the background and kept with their call."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from calls.domain.form_words import told_by
from calls.events import FORM_MADE
from calls.models import Call, EmptyForm
from calls.queries import calls_with_parts
from hubportal.audit.domain.events import record
from hubportal.documents.domain.storage import store_file


def forms_to_make() -> QuerySet[EmptyForm]:
    """Return the forms that were never made, or that tell something else than their call does now."""
    told = {each.pk: told_by(each) for each in calls_with_parts()}
    due = [each.pk for each in EmptyForm.objects.order_by("pk") if each.told != told[each.call_id]]
    return EmptyForm.objects.filter(pk__in=due).order_by("asked_at", "pk")


@transaction.atomic(durable=True)
def make_empty_form(*, form_id: int, make: Callable[[Call, str, datetime], bytes], at: datetime) -> bool:
    """Make an empty form from what its call says now. Idempotent: ``False`` if it tells that already, or another worker holds it.

    ``make`` returns the bytes of a file of the kind.
    """
    form = EmptyForm.objects.select_for_update(skip_locked=True).filter(pk=form_id).first()
    if form is None:
        return False
    call = calls_with_parts().get(pk=form.call_id)
    told = told_by(call)
    if form.told == told:
        return False
    stored = store_file(make(call, form.kind, at), ending=form.kind)
    form.made_at, form.told, form.stored_as, form.sha256 = at, told, stored.name, stored.sha256
    form.save(update_fields=["made_at", "told", "stored_as", "sha256"])
    record(FORM_MADE, subject=form, actor=None, at=at, facts={"sha256": stored.sha256})
    return True
