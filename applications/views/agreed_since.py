"""What changed since a partner answered: what was agreed to against what stands now (rule 9)."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from applications.domain.consent_states import ConsentState
from applications.domain.content import agreed_shares, agreed_text
from applications.domain.snapshot import Snapshot
from applications.enums import Part
from applications.models import OneTimeLink
from applications.views.version_words import Compared, Words, words_of
from coalitions.queries import represents
from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from hubportal.versions.comparing import NOTHING, merged


def changed_since(
    snapshot: Snapshot, state: ConsentState, *, reader: Person, link: OneTimeLink | None
) -> list[Compared]:
    """Return what differs between a partner's stale answer and what stands now, the parts that are the same left out.

    Nothing for whoever did not read that text themselves, but for who is proved to speak for the partner: the lead may have
    taken something out of it (rule 26). And nothing of an answer before texts were kept with it.
    """
    return differences_since(snapshot, state) if reads_answer(state, reader=reader, link=link) else []


def differences_since(snapshot: Snapshot, state: ConsentState, *, share_label: str = "") -> list[Compared]:
    """Return what differs between a stale answer and what stands now, whoever asks; nothing of an answer without its text."""
    label_of_share = share_label or _("Your share of the budget")
    answer = state.answer
    if answer is None or not state.is_stale or answer.agreed_text is None or answer.agreed_share is None:
        return []
    names = {each.organisation.kvk_number: each.stated_name for each in snapshot.members}
    then = _words(
        json.loads(bytes(answer.agreed_text)), json.loads(bytes(answer.agreed_share)), names, label_of_share
    )
    share = agreed_shares(snapshot)[state.participation.pk]
    now = _words(json.loads(agreed_text(snapshot)), json.loads(share), names, label_of_share)
    labels = dict.fromkeys([*now, *then])
    pairs = ((label, then.get(label, NOTHING), now.get(label, NOTHING)) for label in labels)
    changed = [
        Compared(label, merged(before, after), False) for label, before, after in pairs if before != after
    ]
    return [*_renamed(snapshot, state), *changed]


def _renamed(snapshot: Snapshot, state: ConsentState) -> list[Compared]:
    """Return the names of now where the coalition or its lead was named otherwise since: those of before are not kept."""
    coalition, answer = snapshot.application.coalition, state.answer
    if answer is None or coalition.lead_named_at is None or coalition.lead_named_at < answer.answered_at:
        return []
    label = _("Name of the coalition, and of its lead organisation, as they are now")
    return [Compared(label, format_html("{}, {}", coalition.name, coalition.lead_name), False)]


def reads_answer(state: ConsentState, *, reader: Person, link: OneTimeLink | None) -> bool:
    """Tell whether somebody may read the last answer of a partner, and what it was given to.

    Who came by the same mailbox as who answered; and with an account who is proved to speak for the partner (rule 26).
    """
    answer = state.answer
    if answer is None:
        return False
    came_by = answer.link or answer.user
    own = link.email if link is not None else getattr(reader, "email", "")
    if came_by is not None and mailbox(came_by.email) == mailbox(own):
        return True
    return link is None and represents(reader, state.participation)


def _words(text: dict[str, Any], share: dict[str, Any], names: Mapping[str, str], share_label: str) -> Words:
    attachments = (f"{each['title']} ({each['sha256'][:12]})" for each in text["attachments"])
    lines = [{**each, "heading_title": each["heading"]} for each in share["lines"]]
    [of_share] = words_of(Part.BUDGET, {"lines": lines}).values()
    return {
        **words_of(Part.PARTICULARS, text),
        _("Organisations"): "\n".join(
            sorted(names.get(each, f"KvK {each}") for each in text["organisations"])
        ),
        **{each["title"]: each["text"] or NOTHING for each in text["sections"]},
        share_label: of_share,
        _("Attachments"): "\n".join(attachments) or NOTHING,
    }
