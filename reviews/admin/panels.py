"""Panels of reviewers, the chair, officers and everybody who declares interests."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, ASSESSORS, CHAIRS, OFFICERS, REVIEWERS
from hubportal.office.panels import Figure, Link, Panel
from reviews.interest_queries import interests_to_settle, number_nobody_settles
from reviews.permissions import may_answer_withdrawal
from reviews.placements import DeskNumbers, numbers_at_desk
from reviews.queries import (
    asked_to_declare,
    awaiting_advice,
    reviews_waiting_by_status,
    undeclared_awaiting_advice,
)


def panels(user: User) -> list[Panel]:
    """Return the panels of a reviewer, of the chair, of an officer and of everybody who declares interests."""
    found = []
    if REVIEWERS.includes(user):
        found.append(_reviewing(user))
    if CHAIRS.includes(user):
        found.append(_chairing(user))
    if OFFICERS.includes(user):
        numbers = numbers_at_desk(user)
        found += [_placing(numbers), _declaring(numbers.to_declare)]
    elif ASSESSORS.includes(user):
        found.append(_declaring(asked_to_declare(user).count()))
    if ADMINISTRATORS.includes(user):
        found.append(_appointing())
    return found


def links(user: User) -> list[Link]:
    """Return where somebody who judges can go."""
    found = []
    if REVIEWERS.includes(user):
        found.append(Link(_("My reviews"), reverse("admin:assignments"), order=10))
    if CHAIRS.includes(user):
        found.append(Link(_("Advice"), reverse("admin:advice_waiting"), order=15))
    if OFFICERS.includes(user):
        found.append(Link(_("Reviewers"), reverse("admin:placements"), order=18))
    if ASSESSORS.includes(user):
        found.append(Link(_("Interests"), reverse("admin:to_declare"), order=40))
    return found


def _reviewing(user: User) -> Panel:
    figures = []
    for status, number in reviews_waiting_by_status(user):
        label = _("Reviews to finish") if status else _("Reviews to start")
        figures.append(Figure(number, label, reverse("admin:assignments")))
    return Panel(_("My reviews"), figures, _("No reviews are waiting for you. Thank you!"), order=10)


def _chairing(user: User) -> Panel:
    figures = [
        Figure(awaiting_advice(user).count(), _("Advice to adopt"), reverse("admin:advice_waiting")),
        Figure(
            undeclared_awaiting_advice(user).count(),
            _("Advice to adopt once you have declared your interests"),
            reverse("admin:to_declare"),
        ),
        Figure(interests_to_settle(user).count(), _("Interests to settle"), reverse("admin:interests")),
        Figure(
            may_answer_withdrawal.rows(user).count(),
            _("Reviewers who ask to take a review back"),
            reverse("admin:advice_waiting"),
        ),
    ]
    return Panel(_("Committee"), figures, _("The committee has nothing left to do."), order=15)


def _appointing() -> Panel:
    label = _(
        "Interests that neither chair nor deputy may settle, because each has one there too: make somebody else deputy"
    )
    figures = [Figure(number_nobody_settles(), label, reverse("admin:people"))]
    return Panel(_("Committee"), figures, _("Each interest can be settled by chair or deputy."), order=34)


def _placing(numbers: DeskNumbers) -> Panel:
    figures = [
        Figure(numbers.to_place, _("Applications that lack a reviewer"), reverse("admin:placements")),
        Figure(
            numbers.undeclared_to_place,
            _("Applications that lack a reviewer, once you have declared your interests"),
            reverse("admin:to_declare"),
        ),
    ]
    return Panel(_("Reviewers"), figures, _("Every application has its reviewers."), order=27)


def _declaring(number: int) -> Panel:
    figures = [
        Figure(
            number,
            _("Applications that need your declaration of interests first"),
            reverse("admin:to_declare"),
        )
    ]
    return Panel(
        _("Interests"),
        figures,
        _("You have declared your interests for every application that needs you now."),
        order=30,
    )
