"""How somebody looked as a night began, in words."""

from collections.abc import Sequence
from datetime import date

from models.ledger.grooming import Look
from venue_tui.locale import N_, _, ngettext
from venue_tui.words import listed

_SAID = {
    Look(groomed=True, badge=True): N_("neat"),
    Look(groomed=True, badge=False): N_("no badge"),
    Look(groomed=False, badge=True): N_("untidy"),
    Look(groomed=False, badge=False): N_("untidy, no badge"),
}


def look_words(look: Look | None) -> str:
    """How somebody looks, in a word or two; nothing where nobody looked."""
    return "" if look is None else _(_SAID[look])


def looks_line(looks: Sequence[tuple[date, Look]]) -> str:
    """A month of looks: on how many nights somebody looked, and what was missing on which."""
    n = len(looks)
    said = ngettext(
        "Grooming and badge (clause 6): looked at on %(n)d night",
        "Grooming and badge (clause 6): looked at on %(n)d nights",
        n,
    ) % {"n": n}
    missing = [f"{night:%m-%d} {look_words(each)}" for night, each in looks if not each.in_order]
    return _("%(looked)s: %(what)s. It fines nobody.") % {
        "looked": said,
        "what": listed(missing) or _("always in order"),
    }
