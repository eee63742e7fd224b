"""When two addresses belong to one mailbox."""


def mailbox(address: str) -> str:
    """Return the mailbox behind an address: lower case, without the part after a plus."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    # As long as the database keeps: without capitals, a few letters become two.
    return f"{local.partition('+')[0]}@{domain}"[:254]
