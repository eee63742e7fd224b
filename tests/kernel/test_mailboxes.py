"""When two addresses are one mailbox (rules 8 and 28)."""

from contextlib import suppress

import pytest
from django.core.mail.message import sanitize_address
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.mailboxes import Undeliverable, as_delivered, mailbox


@pytest.mark.parametrize(
    "address",
    [
        "jan@example.nl",
        "Jan@Example.NL",
        " jan@example.nl ",
        "jan+partner@example.nl",
        "JAN+a+b@EXAMPLE.nl",
        '"jan"@example.nl',
        r'"j\an"@example.nl',
        '"jan+partner"@example.nl',
        "\uff4a\uff41\uff4e@example.nl",
        "j\u200ban@example.nl",
        "j\u00adan@exam\u200bple.nl",
        "jan@example.nl.",
        "jan@example\u3002nl",
        "jan@example.nl\uff0e",
        "jan@example.nl\u3002",
        "jan@example.nl\uff61",
        "jan@example.nl.\uff0e",
    ],
)
def test_other_spellings_make_no_other_mailbox(address: str) -> None:
    assert mailbox(address) == "jan@example.nl"


@pytest.mark.parametrize(
    "domain", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "XN--BCHER-KVA.example"]
)
def test_an_international_domain_is_one_in_either_form(domain: str) -> None:
    assert mailbox(f"jan@{domain}") == "jan@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address", ["jan@example.com", "jan.b@example.nl", "jan@sub.example.nl", "+x@example.nl", "@example.nl"]
)
def test_another_name_or_domain_is_another_mailbox(address: str) -> None:
    assert mailbox(address) != "jan@example.nl"


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_has_a_canonical_form_that_is_short_enough_to_keep(local: str, domain: str) -> None:
    assert len(mailbox(f"{local}@{domain}")) <= 254


# What Django's own older reading of a domain takes for demo.example and strasse.example, or drops.
MISREAD = [
    "de\u1806mo.example",
    "d\u1806emo.example",
    "straße.example",
    "STRAẞE.example",
    "demo\u200b.example",
]


@pytest.mark.parametrize("domain", MISREAD)
def test_a_mail_goes_to_the_very_domain_that_is_compared_or_nowhere(domain: str) -> None:
    address = f"jan@{domain}"
    try:
        handed_over = sanitize_address(as_delivered(address), "utf-8")
    except Undeliverable:
        assert mailbox(address) != "jan@demo.example"
        return
    assert handed_over == mailbox(address)


@given(st.text(st.characters(categories=["L", "M", "N", "P", "Cf"]), min_size=1, max_size=12))
def test_whatever_letters_a_domain_has_no_mail_goes_to_one_that_compares_otherwise(letters: str) -> None:
    for domain in (f"{letters}.example", f"demo.example{letters}", f"demo{letters}example.nl"):
        address = f"jan@{domain}"
        with suppress(Undeliverable, ValueError):
            assert sanitize_address(as_delivered(address), "utf-8").casefold() == mailbox(address)


@pytest.mark.parametrize("dot", [".", "\uff0e", "\u3002", "\uff61"])
def test_a_dot_at_the_end_makes_neither_another_mailbox_nor_a_machine_inside(dot: str) -> None:
    assert as_delivered(f"jan@demo.example{dot}") == "jan@demo.example"
    for inside in (f"mail.internal{dot}", f"x.\uff4cocal{dot}", "x.\uff4cocal"):
        with pytest.raises(Undeliverable):
            as_delivered(f"root@{inside}")


@pytest.mark.parametrize(
    "local",
    [
        *(
            "=?utf-8?q?jan?=",
            "=?UTF-8?Q?=6aan?=",
            "=?utf-8?b?amFu?=",
            '"=?utf-8?q?jan?="',
            "=?us-ascii?q?j?=.an",
        ),
        *("j\u00e1n", "jan(thuis)", "jan <jan"),
    ],
)
def test_a_name_that_is_another_one_once_it_is_sent_gets_no_mail(local: str) -> None:
    """RFC 2047: who hands a mail over decodes it, and the mailbox that gets it compares otherwise (rule 28)."""
    with pytest.raises(Undeliverable):
        as_delivered(f"{local}@demo.example")


@given(st.text('=?utf-8qb.QB_+"\\(),<>a1 6AJ', min_size=1, max_size=24))
def test_whatever_stands_before_the_at_gets_mail_in_the_mailbox_that_is_compared(local: str) -> None:
    address = f"{local}@demo.example"
    with suppress(Undeliverable):
        assert mailbox(sanitize_address(as_delivered(address), "utf-8")) == mailbox(address)


def test_a_domain_that_no_server_knows_gets_no_mail() -> None:
    with pytest.raises(Undeliverable):
        as_delivered("jan@de\u1806mo.example")
