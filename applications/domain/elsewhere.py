"""What a call that takes one of each region or organisation has received already (rule 11), and who hears of it when (rule 26).

That an organisation takes part in another application is nobody's business who only typed its number: while a draft is
written only who speaks for it reads so, and the draft's people once such a person agreed to it. Everybody else hears it
where nothing can be done without: at submission, of what is complete, to which each organisation has agreed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.domain.consent_states import consent_states
from applications.domain.readiness import Missing
from applications.domain.snapshot import Snapshot
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from organisations.queries import proved_representatives

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class TakenElsewhere(RuleViolation):
    """The call received an application of the region, or with one of the organisations, already; ``sentences`` say which."""

    def __init__(self, sentences: "Sequence[str | _StrPromise]") -> None:
        super().__init__(
            _(
                "This call has already received an application that stands in the way of yours. Your draft has been "
                "kept."
            )
        )
        self.sentences = sentences


def check_taken(snapshot: Snapshot) -> None:
    """Raise ``TakenElsewhere`` where the call received what it takes once (rule 11); for what is complete."""
    call, coalition = snapshot.application.call, snapshot.application.coalition
    sentences: list[str | _StrPromise] = []
    regions = {region for region, _organisation in snapshot.overlaps}
    if not call.allows_several_coalitions_per_region and coalition.region_id in regions:
        sentences.append(_("Another coalition from this region has already applied to this call."))
    sentences += [each.sentence for each in _members_taken(snapshot).values()]
    if sentences:
        raise TakenElsewhere(sentences)


def taken_as_known_to(user: User, snapshot: Snapshot) -> list[Missing]:
    """Return what of it a person may read while the draft is written."""
    taken = _members_taken(snapshot)
    if not taken:
        return []
    agreed = {
        (state.participation.organisation_id, state.answer.user_id)
        for state in consent_states(snapshot)
        if state.is_valid and state.answer is not None
    }
    speakers = proved_representatives().filter(organisation__in=taken).order_by()
    told = {
        organisation
        for organisation, speaker in speakers.values_list("organisation", "user")
        if speaker == user.pk or (organisation, speaker) in agreed
    }
    return [each for organisation, each in taken.items() if organisation in told]


def _members_taken(snapshot: Snapshot) -> dict[int, Missing]:
    """Return the members that take part in what was received, by organisation."""
    if snapshot.application.call.allows_several_coalitions_per_organisation:
        return {}
    elsewhere = {organisation for _region, organisation in snapshot.overlaps}
    words = _("%(name)s is already taking part in another application to this call.")
    return {
        each.organisation_id: Missing("partners", filled_in(words, name=dutch(each.stated_name)))
        for each in snapshot.members
        if each.organisation_id in elsewhere
    }
