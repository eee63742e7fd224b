"""One answer per permission: acts check it, and pages ask it instead of deciding by themselves (rule 22)."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import PORTAL_MODULES, Definition, Module

# The demo has no pages or acts of its own that anything depends on: it plays those of the portal.
OURS = [module for module in PORTAL_MODULES if not module.name.startswith("demo/")]
PAGES = [module for module in OURS if re.search(r"/(views|admin)/", module.name)]
DOMAIN = [module for module in OURS if "/domain/" in module.name]

# What permissions are made of: roles and who speaks for whom, reads by row, and policy by status.
DECIDES = {
    *("Role", "has_role", "role_grants", "RoleGrant", "ReadingAccess", "reading_access"),
    *("representatives", "representations", "Representative", "readable_by", "readable_as"),
}
SETS = re.compile(r"[A-Z_]+_(ROLES|STATUSES)")
# These name the roles of the person that a page is about, not of the user.
ABOUT_SOMEBODY = {
    "hubportal/office/admin/forms.py": {"Role"},
    "hubportal/office/admin/people.py": {"Role", "SECOND_FACTOR_ROLES"},
    "mapping/admin/assigning.py": {"Role"},
    # They are about who says to speak for an organisation.
    "organisations/admin/urls.py": {"representatives"},
    "organisations/views/claiming.py": {"Representative"},
    "organisations/views/representing.py": {"Representative"},
}
# Where a page names the person who asks beside somebody else, it only chooses its words.
WORDS = {
    "decisions/admin/letters.py": ["released.released_by_id == request.user.pk"],
    "reviews/admin/adopting.py": ["fixed.fixed_by_id == request.user.pk"],
    "reviews/admin/positions.py": ["person.pk == request.user.pk"],
}
THE_PERSON = re.compile(r"\buser\.(pk|id|email)\b|\brequest\.user\b(?!\.is_authenticated)")

# Functions with an actor that leave the check to the act around them, and the one that is for everybody.
UNCHECKED = {
    "applications/domain/deadline_reminders.py:choose_reminders": "about the mails to oneself",
    "applications/domain/opening.py:note_invitation_opened": "finds no invitation but those to oneself",
    "call_questions/domain/asking.py:ask_question": "open to anybody with an account (rule 40)",
    "people/domain/keeping.py:ask": "part of writing somebody down, changing their address and asking again",
    "reviews/domain/placing.py:give_back_work": "part of changing roles",
    "reviews/domain/withdrawing.py:take_back": "part of taking a review back, by its reviewer or by leave of the chair",
    "applications/domain/signing.py:ask_missing": "part of submitting, extending and reminding",
    "applications/domain/lifecycle.py:move": "part of every act that moves an application",
    "applications/domain/drafting.py:begin_draft": "part of starting an application, and of starting again",
    "applications/domain/sections.py:write_section": "part of saving a section, and of putting a question in it",
    "applications/domain/drafting.py:write_particulars": "part of saving title and dates, and of putting them back",
    "applications/domain/budget.py:write_budget": "part of saving a budget, and of putting it back",
    "applications/domain/versions.py:begins_a_version": "tells; it does nothing",
    "applications/domain/attachments.py:keep_attachment": "part of attaching, and of starting again",
    "applications/domain/links.py:make_link": "part of asking for consent or a signature",
    "applications/domain/withdrawal_mails.py:queue_withdrawn": "part of withdrawing",
    "applications/domain/withdrawal_mails.py:queue_reinstated": "part of putting a withdrawn submission back",
    "letters/domain/correcting.py:record_correction": "part of correcting the letter of a decision",
    "letters/domain/posting.py:plan_post": "part of asking for the post of a day",
    "letters/domain/posting.py:post_letter": "part of recording that letters of decisions were posted",
    "letters/domain/correcting.py:withdraw_correction": "part of taking that correction back",
    "letters/domain/correcting.py:keep_draft": "part of drafting that correction, and of taking it back",
    "letters/domain/returning.py:ask_to_send_anew": "part of sending the letter of a decision once more",
    "letters/domain/returning.py:ask_to_send_by_post": "part of sending the letter of a decision by post after all",
    "letters/domain/returned_copies.py:settle_copy": "part of settling a partner's copy of the letter of a decision",
    "letters/domain/returning.py:note_opening": "part of recording that the letter of a decision was opened",
    "hubportal/accounts/domain/mails.py:queue_roles_changed": "part of changing roles",
    "hubportal/accounts/domain/naming.py:change_own_name": "who acts is whose name it is: there is nobody else to name",
    "hubportal/audit/domain/events.py:record": "part of every act",
    "hubportal/audit/domain/events.py:record_all": "part of every act",
    "organisations/domain/claiming.py:claim_organisation": "anybody with an account can say that they speak for "
    "an organisation; it opens nothing before somebody vouched for it (rule 27)",
    "organisations/domain/claiming.py:check_claimed_today": "part of claiming and correcting",
    "organisations/domain/representing.py:restate": "part of correcting how somebody named their organisation",
    "organisations/domain/representing.py:dispute": "part of disputing, by a colleague or a kwartiermaker",
    "organisations/domain/representing.py:end": "part of ending a representation, and of taking a dossier back",
    "applications/domain/handing_over.py:make_contact": "part of giving somebody a dossier, of taking it back, and of taking the lead",
    "applications/domain/offering_lead.py:settle_lead_offer": "part of every act that ends an offer of the lead",
    "applications/domain/offering_lead.py:stop_lead_offer": "part of submitting and discarding, and of removing a partner",
    "takeovers/domain/settling.py:settle": "part of taking back, stopping, granting and refusing a request for a dossier",
    "organisations/domain/representing.py:prove": "part of confirming, by a colleague, a kwartiermaker or the office",
    "organisations/domain/organisations.py:add_organisation": "part of mapping, claiming and adding a partner",
    "organisations/domain/organisations.py:find_or_add": "part of claiming and adding a partner",
    "imports/domain/changing.py:change_known": "part of putting an import on the map",
    "mapping/domain/numbers.py:put_under_number": "part of putting an organisation on the map",
    "mapping/domain/numbers.py:under_number": "part of changing an organisation or one cell of it",
    "mapping/domain/carrying.py:carry_entries": "part of merging two organisations",
    "mapping/domain/carrying.py:carry_back": "part of undoing a merge",
    "mapping/domain/question_versions.py:note_involvement": "part of what brings on the map, takes off it, or merges",
    "mapping/domain/suggested.py:write_suggested_question": "part of taking over what a resident brought up",
    "mapping/domain/suggested.py:put_suggested": "part of taking over an organisation that a resident signed up",
    "mapping/domain/rows.py:save_shared": "part of changing an organisation or one cell of it",
    "mapping/domain/rows.py:write_entry": "part of adding or changing an organisation, or one cell of it",
    "reviews/domain/advice_drafts.py:put_back_as_draft": "part of taking the advice back",
    "decisions/domain/drafts.py:put_back_as_draft": "part of taking or sending a decision back",
    "organisations/domain/organisations.py:find_or_add_partner": "part of adding a partner",
}


def rows_of_permissions() -> set[str]:
    """Return the querysets that stand behind a permission, and so are asked through it."""
    calls = (
        node
        for module in OURS
        if module.name.endswith("/permissions.py")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Permission"
    )
    return {ast.unparse(call.args[0]) for call in calls if isinstance(call.args[0], ast.Name)}


def words_of(module: Module) -> Iterator[str]:
    """Yield every name, attribute and part of a condition that a module speaks of."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.keyword) and node.arg:
            yield from node.arg.split("__")


def test_a_page_asks_permissions_and_derives_none_again() -> None:
    deciding = DECIDES | rows_of_permissions()
    found = {
        module.name: {word for word in words_of(module) if word in deciding or SETS.fullmatch(word)}
        for module in PAGES
    }
    assert {name: words for name, words in found.items() if words} == ABOUT_SOMEBODY


def compared_with_the_person(module: Module) -> list[str]:
    """Return what a module compares with whoever asks."""
    compared = [ast.unparse(node) for node in ast.walk(module.tree) if isinstance(node, ast.Compare)]
    return [each for each in compared if THE_PERSON.search(each)]


def test_a_page_compares_nobody_with_the_person_who_asks() -> None:
    found = {module.name: compared_with_the_person(module) for module in PAGES}
    assert {name: compared for name, compared in found.items() if compared} == WORDS


def test_an_act_decides_by_permissions_alone() -> None:
    asked = {"has_role", "readable_by", "readable_as"}
    assert {module.name for module in DOMAIN if asked & set(words_of(module))} == set()


def acts() -> dict[str, Definition]:
    """Return the public functions of the domain that somebody does, by file and name."""
    return {
        f"{module.name}:{node.name}": node
        for module in DOMAIN
        for node in module.tree.body
        if isinstance(node, Definition)
        and not node.name.startswith("_")
        and {"actor", "saving"} & _arguments(node)
    }


def _arguments(node: Definition) -> set[str]:
    return {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}


def _asks(node: Definition, checking: set[str]) -> bool:
    """Tell whether a function checks a permission, or calls one that does."""
    called = {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
    return any(re.fullmatch(r"(may_\w+|permission)\.check", each) for each in called) or bool(
        called & checking
    )


def checking() -> set[str]:
    """Return the names of the functions of the domain that check a permission, by themselves or through another."""
    functions = [node for module in DOMAIN for node in module.functions()]
    known: set[str] = set()
    while found := {each.name for each in functions if _asks(each, known)} - known:
        known |= found
    return known


def test_every_act_of_somebody_checks_a_permission() -> None:
    known = checking()
    assert {name for name, node in acts().items() if not _asks(node, known)} == set(UNCHECKED)
    assert "applications/domain/submitting.py:submit" in acts()


def test_every_permission_is_checked_by_an_act_and_named_for_what_one_may() -> None:
    named = {
        ast.unparse(target)
        for module in OURS
        if module.name.endswith("/permissions.py")
        for node in module.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(node.value, ast.Call)
        and re.fullmatch(r"(\w*Permission|opened_to)", ast.unparse(node.value.func))
    }
    # Checked by name, or while the row is locked.
    asked = re.compile(r"\b(?:(may_\w+)\.check\(|locked_for\((may_\w+))")
    checked = {found[1] or found[2] for module in DOMAIN for found in asked.finditer(module.text)}
    # Reading is no act: it is limited to these rows.
    assert named - {"may_read", "may_read_draft", "may_see_case"} == checked
