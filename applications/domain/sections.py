"""Finding a section of a locked draft, and writing in it, within the act of a caller."""

from django.utils.translation import gettext_lazy as _

from applications.domain.versions import Saving, Standing, begins_a_version
from applications.models import Application, ApplicationSection
from applications.queries.content import sections_of
from calls.models import SectionSpec
from hubportal.kernel.earlier_versions import is_much, taken_out
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import is_to_be_saved


def section_to_write(
    application: Application, key: str, *, offers_questions: bool = False
) -> tuple[SectionSpec, ApplicationSection]:
    """Return a section of a draft that is locked, and what is written there, which is not saved yet where that is nothing.

    Raises ``DoesNotExist`` for a section that the call does not have, or that offers no questions where that is asked.
    """
    specs = sections_of(application)
    spec = (specs.filter(offers_questions=True) if offers_questions else specs).get(key=key)
    section: ApplicationSection | None = getattr(spec, "written", None)
    if section is None:
        return spec, ApplicationSection(application=application, spec=spec, version=0)
    section.application = application
    return spec, section


def write_section(
    section: ApplicationSection, spec: SectionSpec, text: str, saving: Saving
) -> ApplicationSection:
    """Write a text in a section, within the caller's act. Idempotent. Raises what ``save_section`` does of the text."""
    _check_size(spec, text)
    kept = section.text if section.version else None
    if not is_to_be_saved(typed=text, kept=kept, seen=saving.seen, current=section.version):
        return section
    _go_on_or_begin(section, text, saving)
    section.text, section.saved_at, section.saved_by = text, saving.at, saving.actor
    section.version += 1
    section.save()
    section.application.changed_at = saving.at
    section.application.save(update_fields=["changed_at"])
    return section


def _go_on_or_begin(section: ApplicationSection, text: str, saving: Saving) -> None:
    taken = section.taken_out + taken_out(section.text, text)
    if section.version:
        standing = Standing(section.begun_at, section.saved_by_id, section.restored_from)
        is_large = is_much(taken, length=len(section.text) + section.taken_out)
        if not begins_a_version(standing, saving, takes_out_much=is_large):
            section.taken_out = taken
            return
    section.begun_with, section.begun_at = section.version + 1, saving.at
    section.taken_out, section.restored_from = 0, saving.restored_from


def _check_size(spec: SectionSpec, text: str) -> None:
    # Enough for a pasted text that still has to be shortened.
    limit = 4 * spec.max_characters
    if len(text) > limit:
        raise RuleViolation(
            _(
                "This text has %(count)d characters. The maximum here is %(most)d; shorten the text, "
                "then save again."
            )
            % {"count": len(text), "most": limit},
            field="text",
        )
