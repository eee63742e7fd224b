"""What stood in the draft of the world before, in each part that keeps its versions (rule 32)."""

from applications.domain.budget import save_budget
from applications.domain.drafting import save_particulars, save_section
from tests.factories import scenarios
from tests.factories.moments import AT

# In an earlier text, and in an earlier title.
EARLIER = "Kanarie van vroeger"


def overwrite(draft: "scenarios.Case") -> None:
    """Save something else in each part of a draft, and save over it what stood there."""
    section = draft.sections.order_by("spec__position")[0]
    for seen, text in ((section.version, EARLIER), (section.version + 1, section.text)):
        save_section(
            reference=draft.reference,
            key=section.spec.key,
            text=text,
            seen_version=seen,
            actor=draft.applicant,
            at=AT,
            begins=True,
        )
    draft.refresh_from_db()
    first = draft.particulars_version
    for seen, title in ((first, EARLIER), (first + 1, draft.title)):
        save_particulars(
            application_id=draft.pk,
            title=title,
            starts_on=draft.starts_on,
            duration_months=draft.duration_months,
            seen_version=seen,
            actor=draft.applicant,
            at=AT,
            begins=True,
        )
    first = draft.budget_version
    for seen, amount in ((first, 40_000), (first + 1, 48_000)):
        save_budget(
            application_id=draft.pk,
            lines=scenarios.budget_lines(draft, amount),
            seen_version=seen,
            actor=draft.applicant,
            at=AT,
            begins=True,
        )
    draft.refresh_from_db()
