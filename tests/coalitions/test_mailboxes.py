"""When two addresses are one mailbox (rules 8 and 28)."""

import pytest

from coalitions.mailboxes import mailbox


@pytest.mark.parametrize(
    "address",
    ["jan@example.nl", "Jan@Example.NL", " jan@example.nl ", "jan+partner@example.nl", "JAN+a+b@EXAMPLE.nl"],
)
def test_capitals_spaces_and_what_follows_a_plus_make_no_other_mailbox(address: str) -> None:
    assert mailbox(address) == "jan@example.nl"


@pytest.mark.parametrize("address", ["jan@example.com", "jan.b@example.nl", "jan@sub.example.nl"])
def test_another_name_or_domain_is_another_mailbox(address: str) -> None:
    assert mailbox(address) != "jan@example.nl"
