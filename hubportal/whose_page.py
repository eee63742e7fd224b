"""Whose a page is that somebody sends something from: in one browser one person may log in after another (rule 30).

Scripts give a page that stands open the token of the log-in since, so that nothing typed is lost; the token says nothing of
who typed it. What one person opened is never done in the name of another.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from hubportal.accounts.permissions import Person
from hubportal.middleware import Handler, wants_json

# The field that scripts add to the forms of a page (page.js).
FIELD = "page_of"
# Who comes in, or goes, may have a page of before.
_COMES_OR_GOES = frozenset({"account_login", "account_logout", "demo:log_in_as"})


def mark_of(person: Person) -> str:
    """Return by what the pages of a person are known, which tells nothing of them; empty without a log-in."""
    if not person.is_authenticated:
        return ""
    return salted_hmac("whose page", str(person.pk), algorithm="sha256").hexdigest()[:32]


class OneOwner:
    """Refuse what is sent from a page that another person opened, and keep what they typed in sight."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Answer 401 to scripts, which keep the text until its owner is back, and 409 with a page to people."""
        if request.method != "POST" or not (owner := request.POST.get(FIELD)):
            return None
        match = request.resolver_match
        if match is None or match.view_name in _COMES_OR_GOES or not request.user.is_authenticated:
            return None
        if constant_time_compare(owner, mark_of(request.user)):
            return None
        if wants_json(request):
            sentence = _(
                "Not saved: somebody else is logged in now in this browser. Your text stays on this page."
            )
            return JsonResponse({"message": sentence, "other": sentence}, status=401)
        return render(request, "other_person.html", status=409)
