"""When two addresses are one mailbox."""


def mailbox(address: str) -> str:
    """Return the mailbox behind an address: without capitals and without what stands after a plus."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    # As long as the database keeps: without capitals, a few letters become two.
    return f"{local.partition('+')[0]}@{domain}"[:254]
