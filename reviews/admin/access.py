"""Who gets which application on a page of the assessment: interests are declared first (rule 14)."""

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from applications.models import Application
from applications.queries import with_coalition
from hubportal.accounts.permissions import Permission
from hubportal.office.pages import StaffRequest
from reviews.queries import undeclared_by


def opened_or_declare(
    request: StaffRequest,
    reference: str,
    permission: Permission[Application],
    *related: str,
    **annotations: Combinable | Q,
) -> Application | HttpResponseRedirect:
    """Return the application if the person has this permission on it, or a redirect to declare interests first.

    404 after an interest was declared, and for people who do not assess. ``related`` goes to ``select_related``, the
    annotations to ``annotate``.
    """
    opened = with_coalition(permission.rows(request.user)).select_related(*related)
    opened = opened.annotate(**annotations)
    application = opened.filter(reference=reference).first()
    if application is not None:
        return application
    get_object_or_404(undeclared_by(request.user), reference=reference)
    query = urlencode({"next": request.path})
    return redirect(f"{reverse('admin:declare', args=[reference])}?{query}")
