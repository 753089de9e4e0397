"""The register of guests: which of them are one client, what a phone number must look like, and
how one is shown. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from unicodedata import normalize

from models.rules.guests.facts import Guest
from models.values.problems import Problem, problem

_FORM = re.compile(r"\+?[0-9]{5,15}")
_MASKED = re.compile(r"([0-9]{2,4})\*{3,8}([0-9]{4})")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SEPARATORS = str.maketrans("", "", " -()\u00a0\u2010\u2011\u2012\u2013\u2014")


def plain_phone(text: str) -> str:
    """A phone number as it is compared: half-width digits without separators, a mainland number
    without its country code."""
    plain = normalize("NFKC", text).translate(_SEPARATORS)
    for prefix in ("+86", "0086"):
        rest = plain.removeprefix(prefix)
        if _MOBILE.fullmatch(rest):
            return rest
    return plain


def phone_key(text: str | None) -> str | None:
    """By what a guest is found again by their number; None where it isn't whole."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 11:
        return text  # as nearly all of them stand there
    return plain_phone(text) if is_whole(text) else None


def phone_problem(text: str, field: str = "phone") -> Problem | None:
    """What is wrong with a phone number's form, or None. One whose middle is left out
    (`138****1234`) is allowed."""
    plain = plain_phone(text)
    if _MASKED.fullmatch(plain):
        return None
    if not _FORM.fullmatch(plain):
        return problem(field, "not a phone number: write its digits, such as 13812345678")
    if len(plain) == 11 and plain[0] == "1" and not _MOBILE.fullmatch(plain):
        return problem(field, "no mobile number begins with %(begins)s", begins=plain[:2])
    return None


def is_whole(text: str) -> bool:
    """Whether all of its digits are known."""
    return _MASKED.fullmatch(plain_phone(text)) is None


def masked_phone(text: str | None) -> str:
    """The number as lists and screens show it: `138****1234`."""
    if not text:
        return ""
    plain = plain_phone(text)
    if _MASKED.fullmatch(plain):
        return plain
    if len(plain) <= 7:
        return "*" * (len(plain) - 2) + plain[-2:]
    return f"{plain[: len(plain) - 8]}****{plain[-4:]}"


def clients(guests: Iterable[Guest], one_client: Iterable[str]) -> dict[str, str]:
    """The client that each guest is, by guest_no: the first number of those that are one by their
    phone, or by their household or company where the rulebook says so."""
    by = frozenset(one_client)
    by_unit = bool(by & {"household", "company"})
    parent: dict[str, str] = {}

    def root(guest_no: str) -> str:
        while parent[guest_no] != guest_no:
            parent[guest_no] = parent[parent[guest_no]]
            guest_no = parent[guest_no]
        return guest_no

    first: dict[tuple[str, str], str] = {}
    for guest in sorted(guests, key=lambda guest: guest.guest_no):
        parent[guest.guest_no] = guest.guest_no
        marks = []
        if "phone" in by and (key := phone_key(guest.phone)):
            marks.append(("phone", key))
        if by_unit and guest.unit:
            marks.append(("unit", guest.unit.strip()))
        for mark in marks:
            held = first.setdefault(mark, guest.guest_no)
            if held != guest.guest_no:
                one, other = root(held), root(guest.guest_no)
                parent[max(one, other)] = min(one, other)
    return {no: no if held == no else root(no) for no, held in parent.items()}


def likely_the_same(guests: Iterable[Guest]) -> list[tuple[str, ...]]:
    """Groups of guests that may be one person: one phone, or one name and one ending of it."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for guest in guests:
        if not guest.phone:
            continue
        plain = plain_phone(guest.phone)
        if is_whole(plain):
            groups["phone", plain].append(guest.guest_no)
        if guest.name:
            groups["name", guest.name.strip(), plain[-4:]].append(guest.guest_no)
    found = {tuple(sorted(group)) for group in groups.values() if len(group) > 1}
    return sorted(group for group in found if not any(set(group) < set(other) for other in found))
