"""Reads of people."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value

from hubportal.accounts.enums import Role
from hubportal.accounts.models import KnownAddress, RoleGrant, User
from hubportal.kernel.mailboxes import mailbox

# What keyboards, phones and Word make of an apostrophe; decomposed, an acute accent is a space and a mark.
_APOSTROPHES = "\u2018\u2019\u201b`\u2032\u02bc\u02b9\u02bb"


def people_in_office() -> QuerySet[User]:
    """Return the people who hold a role, with their roles, by name."""
    return _listed(User.objects.filter(Exists(RoleGrant.objects.filter(user=OuterRef("pk")))))


def people_matching(typed: str) -> QuerySet[User]:
    """Return the people whose name or address holds what was typed, with their roles, by name."""
    named = User.objects.annotate(plain_name=_plain(F("full_name")), plain_typed=_plain(Value(typed)))
    return _listed(named.filter(Q(plain_name__contains=F("plain_typed")) | Q(email__icontains=typed)))


def _plain(words: Any) -> Func:
    """Return words without accents and capitals, and with one kind of apostrophe."""
    apart = _words(words, template="normalize(%(expressions)s, NFKD)")
    bare = _words(apart, Value("[\u0300-\u036f]"), Value(""), Value("g"), function="regexp_replace")
    straight = _words(bare, Value(_APOSTROPHES), Value("'" * len(_APOSTROPHES)), function="translate")
    return _words(_words(straight, function="lower"), Value("\u00df"), Value("ss"), function="replace")


def _words(*arguments: Any, **options: Any) -> Func:
    return Func(*arguments, output_field=TextField(), **options)


def people_in_role(role: Role) -> QuerySet[User]:
    """Return who holds a role."""
    return User.objects.filter(role_grants__role=role)


def active_in_role(role: Role, *, since: datetime | None = None) -> QuerySet[User]:
    """Return who holds a role and can log in; with a moment, those who held it then."""
    grants = RoleGrant.objects.filter(role=role)
    if since is not None:
        grants = grants.filter(granted_at__lte=since)
    return User.objects.filter(is_active=True, pk__in=grants.values("user"))


def active_with_roles(roles: Collection[Role]) -> QuerySet[User]:
    """Return who holds one of these roles and can log in."""
    held = RoleGrant.objects.filter(role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def people_with_address(email: str) -> QuerySet[User]:
    """Return who logs in with an address, however it is typed."""
    return User.objects.filter(email__iexact=email)


def people_with_ids(ids: Collection[int]) -> QuerySet[User]:
    """Return the people with these ids, in that order."""
    return User.objects.filter(pk__in=ids).order_by("pk")


def others_of_mailbox(user: User, *, email: str = "") -> list[User]:
    """Return who else holds a role with a mailbox of a person, or with that of the address that they would have (rule 28).

    By every address that either confirmed or had: where two must differ, one would be both.
    """
    own = {mailbox(email)} if email else mailboxes_of([user])
    known = KnownAddress.objects.filter(mailbox__in=own).order_by().values("user")
    return list(people_in_office().exclude(pk=user.pk).filter(pk__in=known))


def is_one_person(one: User, other: User) -> bool:
    """Tell whether two accounts are of one person: they share a mailbox, by an address that they have or had (rules 28 and 29)."""
    return one.pk == other.pk or bool(mailboxes_of([one]) & mailboxes_of([other]))


def are_of_one_account(one: str, other: str) -> bool:
    """Tell whether an account has, or had, both of these addresses (rule 28)."""
    readers = KnownAddress.objects.filter(mailbox=mailbox(one)).order_by().values("user")
    return KnownAddress.objects.filter(mailbox=mailbox(other), user__in=readers).exists()


def mailboxes_of(people: Iterable[User]) -> frozenset[str]:
    """Return the mailboxes of people: of their address, of those that they confirmed beside it, and of those that they had (rule 28)."""
    known = KnownAddress.objects.filter(user__in=[each.pk for each in people]).order_by()
    return frozenset(known.values_list("mailbox", flat=True))


def accounts_of(person: User | AnonymousUser) -> QuerySet[User]:
    """Return the accounts of a person, their own among them: those that share a mailbox with it, by an address that they have or had (rule 28)."""
    if person.pk is None:
        return User.objects.none()
    return User.objects.filter(Q(pk=person.pk) | Q(pk__in=keys_sharing([person.pk])))


def accounts_of_mailbox(person: User | AnonymousUser) -> QuerySet[User]:
    """Return the accounts of a person's mailbox of now: for what somebody is held to, where one mailbox may have had another reader before."""
    if person.pk is None:
        return User.objects.none()
    own = User.objects.filter(pk=person.pk)
    return User.objects.filter(Q(pk=person.pk) | Q(mailbox__gt="", mailbox__in=own.values("mailbox")))


def every_mailbox_of(person: User) -> frozenset[str]:
    """Return the mailboxes of all accounts of a person."""
    known = KnownAddress.objects.filter(user__in=keys_sharing([person.pk])).order_by()
    return frozenset(known.values_list("mailbox", flat=True))


def owners_of_mailboxes(people: QuerySet[User]) -> dict[str, list[int]]:
    """Return who of these people has each mailbox, by any account of theirs (rules 28 and 29)."""
    boxes, accounts, asked = _known_of(people)
    owners: dict[str, list[int]] = {}
    for person in asked:
        shared = {account for box in boxes[person] for account in accounts[box]}
        for box in {box for account in shared for box in boxes[account]}:
            owners.setdefault(box, []).append(person)
    return owners


def accounts_beside(people: QuerySet[User]) -> dict[int, set[int]]:
    """Return of each of these people which other accounts are theirs."""
    boxes, accounts, asked = _known_of(people)
    return {
        person: {account for box in boxes[person] for account in accounts[box]} - {person} for person in asked
    }


def _known_of(people: QuerySet[User]) -> tuple[dict[int, set[str]], dict[str, set[int]], list[int]]:
    """Return the mailboxes of these people's accounts, the accounts of each of those, and who was asked about, in one query."""
    keys = people.order_by().values("pk")
    known = KnownAddress.objects.filter(user__in=keys_sharing(keys)).annotate(is_asked=Q(user__in=keys))
    boxes: dict[int, set[str]] = {}
    accounts: dict[str, set[int]] = {}
    asked: dict[int, None] = {}
    for account, box, is_asked in known.order_by("user", "pk").values_list("user", "mailbox", "is_asked"):
        boxes.setdefault(account, set()).add(box)
        accounts.setdefault(box, set()).add(account)
        if is_asked:
            asked[account] = None
    return boxes, accounts, list(asked)


def keys_sharing(keys: Collection[int] | QuerySet[Any, Any]) -> QuerySet[KnownAddress, Any]:
    """Return the keys of the accounts that share a mailbox with these, themselves among them."""
    own = KnownAddress.objects.filter(user__in=keys).order_by().values("mailbox")
    return KnownAddress.objects.filter(mailbox__in=own).order_by().values("user")


def whose_is(email: str, people: Iterable[User]) -> list[User]:
    """Return of these people those whose address it is: they log in with it, or they confirmed it as a second one.

    A second address that nobody confirmed is a word only: who reads that mailbox registers as if it were not there, and is
    led into no account of another person (rule 27).
    """
    confirming = User.objects.filter(emailaddress__email=email.lower(), emailaddress__verified=True)
    confirmed = set(confirming.values_list("pk", flat=True))
    return [each for each in people if each.pk in confirmed or each.email.lower() == email.lower()]


def reader_of(email: str) -> User | None:
    """Return who can log in and confirmed an address as theirs: nobody else is known to read that mailbox (rule 27)."""
    known = User.objects.filter(
        is_active=True, emailaddress__verified=True, emailaddress__email=email.lower()
    )
    return known.order_by("pk").first()


def unconfirmed_with(email: str) -> QuerySet[User]:
    """Return who registered with an address, never confirmed any and holds no role: nobody ever logged in as them."""
    confirmed = User.objects.filter(emailaddress__verified=True).values("pk")
    unused = User.objects.filter(email__iexact=email, last_login=None, role_grants=None)
    return unused.exclude(pk__in=confirmed)


def has_confirmed_an_address(user_id: int) -> bool:
    """Tell whether an account has an address that its owner confirmed: another one is added to it."""
    return User.objects.filter(pk=user_id, emailaddress__verified=True).exists()


def has_confirmed(user_id: int, email: str) -> bool:
    """Tell whether somebody confirmed an address as theirs."""
    own = User.objects.filter(pk=user_id, emailaddress__verified=True, emailaddress__email__iexact=email)
    return own.exists()


def with_confirmed_address() -> QuerySet[User]:
    """Return who can log in and confirmed the address of the account: mails go to nobody who only was named there."""
    confirmed = User.objects.filter(emailaddress__verified=True, emailaddress__email__iexact=F("email"))
    return User.objects.filter(is_active=True, pk__in=confirmed.order_by().values("pk"))


def _listed(people: QuerySet[User]) -> QuerySet[User]:
    return people.prefetch_related("role_grants").order_by("full_name", "pk")
