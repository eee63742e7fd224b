"""What an empty form of a call tells, in parts; always Dutch, as the words of a call are."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from calls.domain.attachment_kinds import AttachmentKind, attachment_kinds
from calls.models import Call, Criterion, SectionSpec
from hubportal.documents.domain.glyphs import printable
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.money import euros

LANGUAGE = "nl"


@dataclass(frozen=True)
class Part:
    """One part: a heading of level 2 or 3, then paragraphs, points, and rows below a head; perhaps room to write an answer."""

    heading: str
    level: int = 2
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    # What stands where the answer goes, in a file in which one can write it.
    room: str = ""


def parts_of(call: Call) -> list[Part]:
    """Return everything that a call asks, of a call that was read with its parts."""
    with translation.override(LANGUAGE):
        return [_printable(each) for each in _parts(call)]


def told_by(call: Call) -> str:
    """Return the SHA-256 of what the empty form of a call tells."""
    parts = [{**asdict(each)} for each in parts_of(call)]
    return digest(canonical_bytes({"title": call.title, "parts": parts}))


def title_of(call: Call) -> str:
    """Return what the form is called."""
    with translation.override(LANGUAGE):
        return printable(_("Empty application form: %(call)s") % {"call": call.title})


def _printable(part: Part) -> Part:
    return Part(
        printable(part.heading),
        part.level,
        tuple(printable(each) for each in part.paragraphs),
        tuple(printable(each) for each in part.items),
        tuple(printable(each) for each in part.head),
        tuple(tuple(printable(cell) for cell in row) for row in part.rows),
        part.room,
    )


def _parts(call: Call) -> Iterator[Part]:
    yield _beginning(call)
    yield _terms(call)
    yield Part(
        _("Title and dates"),
        items=(_("Title of the project"), _("First day of the project"), _duration(call)),
    )
    yield Part(
        _("People"),
        items=(
            _("Main applicant (hoofdaanvrager)"),
            _("Authorised signatory (bestuurlijk verantwoordelijke)"),
            _("Project leader (projectleider)"),
        ),
    )
    yield Part(_("What we ask"), paragraphs=(_("You write these parts together, in your own words."),))
    for section in call.sections.all():
        yield _section(section)
    yield _budget(call)
    yield from _attachments(call)
    yield from _declarations(call)
    yield from _rubric(call)
    if words := call.words.all():
        yield Part(
            _("Words explained"),
            head=(_("Word"), _("Meaning")),
            rows=tuple((each.word, each.meaning) for each in words),
        )


def _beginning(call: Call) -> Part:
    ways = ", ".join(each for each in (call.contact_phone, call.contact_email) if each)
    paragraphs = [
        call.summary,
        _("This form is to read, and to prepare your answers with your partners. You apply in the portal."),
        _(
            "Did you write your answers in the Word file (.docx) of this form? Then bring that file back on the page “%(page)s” of your draft: "
            "you choose section by section what goes into it."
        )
        # As the page and the way to it are called.
        % {"page": _("Bring in a filled-in form")},
    ]
    if call.contact_name and ways:
        paragraphs.append(_("Questions? Ask %(name)s: %(ways)s.") % {"name": call.contact_name, "ways": ways})
    if call.provisional or any(each.provisional for each in call.sections.all()):
        paragraphs.append(
            _(
                "Parts of this form are provisional: we filled them in, because the published text does not give them yet."
            )
        )
    return Part(_("About this form"), paragraphs=tuple(each for each in paragraphs if each))


def _terms(call: Call) -> Part:
    return Part(
        _("At a glance"),
        items=(
            _("Grant: at most %(amount)s per coalition.") % {"amount": euros(call.grant_maximum)},
            _duration(call),
            _("%(number)s or more legal persons with ties to the region, one of them in the lead")
            % {"number": call.min_parties},
        ),
    )


def _duration(call: Call) -> str:
    return _("Duration: %(shortest)s to %(longest)s whole months.") % {
        "shortest": call.min_months,
        "longest": call.max_months,
    }


def _attachments(call: Call) -> Iterator[Part]:
    """Yield what files the call asks for; nothing where it asks for none."""
    asked = [_attachment(each) for each in attachment_kinds(call)]
    if asked:
        yield Part(_("Attachments"), paragraphs=(_("Each is a PDF."),), items=tuple(asked))


def _attachment(kind: AttachmentKind) -> str:
    need = _("required") if kind.is_required else _("optional")
    words = f"{kind.label} ({need})"
    return f"{words}: {kind.explanation}" if kind.explanation else words


def _section(section: SectionSpec) -> Part:
    limit = _("At most %(number)s characters.") % {"number": section.max_characters}
    looked_at = _looked_at(section.criteria.all())
    optional = [] if section.is_required else [_("You may leave this part empty.")]
    examples = [_("Made-up example: %(example)s") % {"example": each} for each in section.examples]
    return Part(
        section.title,
        level=3,
        paragraphs=(section.question, limit, *optional, *looked_at, *examples),
        room=_("Your answer:"),
    )


def _looked_at(criteria: Iterable[Criterion]) -> list[str]:
    weighed = [
        _("%(title)s (counts for %(weight)s%%)") % {"title": each.title, "weight": each.weight}
        for each in criteria
    ]
    return [_("Reviewers look at:") + " " + "; ".join(weighed) + "."] if weighed else []


def _budget(call: Call) -> Part:
    told = _("(is deducted from the amount you request)")
    rows = [
        (f"{each.title} {told}" if each.is_contribution else each.title, "") for each in call.headings.all()
    ]
    looked_at = _looked_at([each for each in call.criteria.all() if each.looks_at_budget])
    return Part(
        _("Budget"),
        paragraphs=(*looked_at, _("You plan your costs under these headings:")),
        head=(_("Heading"), _("Amount in euros")),
        rows=tuple(rows),
    )


def _declarations(call: Call) -> Iterator[Part]:
    yield Part(_("What main applicant and authorised signatory declare"), paragraphs=(call.declaration_text,))
    yield Part(_("What each partner agrees to"), paragraphs=(call.consent_text,))


def _rubric(call: Call) -> Iterator[Part]:
    yield Part(_("How we assess applications"), paragraphs=(_("What each score means:"),))
    for each in call.criteria.all():
        weighed = _("%(title)s (counts for %(weight)s%%)") % {"title": each.title, "weight": each.weight}
        steps = tuple(f"{step.score}: {step.sentence}" for step in each.steps.all())
        yield Part(weighed, level=3, paragraphs=(each.question,), items=steps)
