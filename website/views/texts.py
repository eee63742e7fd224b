"""Pages of text: privacy, accessibility, contact and help."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from retention.queries import periods_with_their_end
from website.domain.open_calls import open_public_calls

# Placeholders, and shown as such: the organisation that runs the portal fills in its own.
OFFICE = {
    "mail": "hulp@hubportaal.example",
    "telephone": "000 000 00 00",
    "address": [
        "Programmabureau Infrastructuur beleidsparticipatie",
        "Postbus 0000",
        "0000 AA Voorbeeldstad",
    ],
}

_PUBLIC_TASK = _("a task in the public interest (GDPR art. 6.1.e)")
# Of whom we keep what, what for, and on which ground.
KEPT = (
    (
        _("Everyone with an account"),
        _(
            "name, e-mail address, password (unreadable), two-step verification, and which organisations "
            "you represent"
        ),
        _("so that you can log in, and nobody else can log in as you"),
        _PUBLIC_TASK,
    ),
    (
        _("People named in an application"),
        _("name, role, e-mail address, and a signature or consent with its date and time"),
        _("to assess the application, and to know who is responsible for it"),
        _PUBLIC_TASK,
    ),
    (
        _("Reviewers and members of the committee"),
        _("interests they declared, their scores and reasons"),
        _("to assess impartially, and to be able to show that we do"),
        _("a legal duty (Awb art. 2:4; GDPR art. 6.1.c)"),
    ),
    (
        _("Everyone who gives the bank account of a grant"),
        _("account number (IBAN), in whose name it stands, and who gave and who checked it"),
        _("to pay the grant to the right organisation, and to be able to show that we did"),
        _PUBLIC_TASK,
    ),
    (
        _("People who agreed to be kept by a kwartiermaker"),
        _("name, how to reach them, what they know, for whom they speak, and talks; nothing about health"),
        _("to be able to ask them to take part in their region"),
        _("their own consent, which they can withdraw at any moment (GDPR art. 6.1.a)"),
    ),
    (
        _("People whom a kwartiermaker asks whether that may be"),
        _("name and how to reach them"),
        _("to ask them, and to say where we have it from (GDPR art. 14)"),
        _PUBLIC_TASK,
    ),
    (
        _("People who answer for an organisation about its public text"),
        _("name, e-mail address at which we asked, answer, and the text agreed to"),
        _("to be able to show who agreed to what"),
        _PUBLIC_TASK,
    ),
    (
        _("Visitors who ask a correction of a public text"),
        _("name, e-mail address and what they ask"),
        _("to answer them"),
        _PUBLIC_TASK,
    ),
    (
        _("Residents who write to the kwartiermaker of their region"),
        _(
            "name, e-mail address, telephone number and municipality if they give them, and what they write; we ask them to write nothing about health"
        ),
        _("to answer them, and to ask them to take part"),
        _("their own consent, which they can withdraw at any moment (GDPR art. 6.1.a)"),
    ),
    (
        _("Kwartiermakers who show visitors how to call them"),
        _("name, telephone number and when they can be called"),
        _("so that people in their region can reach them"),
        _PUBLIC_TASK,
    ),
    (
        _("People who follow a region by e-mail"),
        _("e-mail address and which region"),
        _("to tell them what is new in that region"),
        _("their own consent, which they can withdraw at any moment (GDPR art. 6.1.a)"),
    ),
    (
        _("Everyone who uses the portal"),
        _("who did what and when, by number: no names, no content"),
        _("to be able to prove later how a decision came about"),
        _PUBLIC_TASK,
    ),
)


@require_safe
def privacy(request: ReceivedRequest) -> HttpResponse:
    """Show the privacy statement, with the periods that the job keeps to."""
    return render(request, "website/privacy.html", {"kept": KEPT, "periods": periods_with_their_end()})


@require_safe
def accessibility(request: ReceivedRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "website/accessibility.html")


@require_safe
def contact(request: ReceivedRequest) -> HttpResponse:
    """Show how to reach the programme office."""
    return render(request, "website/contact.html", {"office": OFFICE})


@require_safe
def help_page(request: ReceivedRequest) -> HttpResponse:
    """Show answers to common questions; hours and days are those of the calls that are open."""
    return render(request, "website/help.html", {"calls": open_public_calls(at=request.received_at)})
