"""Panels of officers and releasers."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from decisions.account_queries import bank_accounts_waiting
from decisions.enums import TermState
from decisions.permissions import LETTER_READERS, ROUND_READERS
from decisions.post_queries import undeclared_letters_to_post, waiting_for_post_of
from decisions.queries import (
    awaiting_decision,
    awaiting_release,
    corrections_awaiting_release,
    decisions_in_state,
    decisions_visible_to,
    decisions_with_copies_back,
    undeclared_awaiting_decision,
    undeclared_awaiting_release,
)
from decisions.terms import number_of_terms
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS, RELEASERS
from hubportal.kernel import clock
from hubportal.kernel.clock import local_date
from hubportal.office.panels import Figure, Link, Panel
from letters.enums import LetterState


def panels(user: User) -> list[Panel]:
    """Return the panels of officer and releaser."""
    found = []
    if OFFICERS.includes(user):
        found.append(Panel(_("Terms"), _terms(user), _("No term ends within a week."), order=22))
        found.append(
            Panel(_("Decisions"), _of_officer(user), _("No decisions are waiting for you."), order=20)
        )
    if RELEASERS.includes(user):
        found.append(Panel(_("Letters"), _of_releaser(user), _("No letters are waiting for you."), order=25))
    return found


def _of_officer(user: User) -> list[Figure]:
    to_declare, accounts = reverse("admin:to_declare"), bank_accounts_waiting(user)
    return [
        Figure(awaiting_decision(user).count(), _("Decisions to record"), reverse("admin:decisions_waiting")),
        Figure(
            undeclared_awaiting_decision(user).count(),
            _("Decisions to record after you declared your interests"),
            to_declare,
        ),
        Figure(
            _in_trouble(user),
            _("Letters whose e-mail failed, came back or is uncertain"),
            _letters("trouble"),
        ),
        Figure(
            decisions_with_copies_back(decisions_visible_to(user)).count(),
            _("Letters of which a copy failed or came back"),
            _letters("copy"),
        ),
        _to_post(user),
        Figure(
            undeclared_letters_to_post(user).count(),
            _("Letters to post after you declared your interests"),
            to_declare,
        ),
        Figure(
            accounts["to_check"],
            _("Bank accounts of grants to check"),
            reverse("admin:bank_accounts"),
        ),
        Figure(
            accounts["undeclared"],
            _("Bank accounts of grants to check after you declared your interests"),
            to_declare,
        ),
    ]


def _of_releaser(user: User) -> list[Figure]:
    return [
        Figure(awaiting_release(user).count(), _("Letters to release"), _letters("waiting")),
        Figure(
            corrections_awaiting_release(user).count(),
            _("Corrections of letters to release"),
            reverse("admin:letters"),
        ),
        Figure(
            undeclared_awaiting_release(user).count(),
            _("Letters to release after you declared your interests"),
            reverse("admin:to_declare"),
        ),
    ]


def links(user: User) -> list[Link]:
    """Return where officer and releaser can go, and the rounds for the committee's chair too."""
    found = []
    if ROUND_READERS.includes(user):
        found.append(Link(_("Rounds"), reverse("admin:rounds"), order=5))
    if OFFICERS.includes(user):
        found.append(Link(_("Terms"), reverse("admin:terms"), order=22))
        found.append(Link(_("Decisions"), reverse("admin:decisions_waiting"), order=20))
        found.append(Link(_("Bank accounts"), reverse("admin:bank_accounts"), order=26))
    if LETTER_READERS.includes(user):
        found.append(Link(_("Letters"), reverse("admin:letters"), order=25))
    return found


def _terms(user: User) -> list[Figure]:
    """Return how many terms of the office passed or end soon, of what is open to this officer (rules 26 and 36)."""
    # A panel is not told when the page was asked for.
    numbers, page = number_of_terms(user, at=clock.now()), reverse("admin:terms")
    labels = {
        TermState.PASSED: _("Terms to decide or to sign that have passed"),
        TermState.WITHIN_A_DAY: _("Terms to decide or to sign that end within a day"),
        TermState.WITHIN_A_WEEK: _("Terms to decide or to sign that end within a week"),
    }
    return [Figure(numbers[state], label, page) for state, label in labels.items()]


def _in_trouble(user: User) -> int:
    return decisions_in_state(decisions_visible_to(user), LetterState.TROUBLE).count()


def _to_post(user: User) -> Figure:
    """Return how many letters on paper wait, and since when."""
    waiting = waiting_for_post_of(user)
    label = _("Letters to post, the first released on %(day)s")
    day = date_format(local_date(waiting["oldest"]), "j F Y") if waiting["number"] else ""
    return Figure(waiting["number"], label % {"day": day}, reverse("admin:post"))


def _letters(state: str) -> str:
    return f"{reverse('admin:letters')}?staat={state}"
