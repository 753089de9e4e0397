"""One's own charges, which nobody makes go or shrink."""

from collections.abc import Iterable, Iterator

from models.access.session import Session
from models.ledger.ledger import Difference
from models.rules.charges import Status
from models.values.problems import Problem, problem


def own_charges_let_go(session: Session, differences: Iterable[Difference]) -> Iterator[Problem]:
    """Refuses what would take a charge off whoever is signed in, or lower one, without a row that
    is about them: a briefing closed later, a table that becomes a room, a milder rulebook. What
    replaces it doesn't matter: it is somebody else's to do. Nothing in a venue without accounts."""
    own = session.actor.staff_no if session.actor is not None else None
    for each in differences:
        if each.key.staff_no != own or each.was is None:
            continue
        (amount, status, _), (amount_now, status_now, _) = each.was, each.now
        stands = status_now == Status.STANDING.value and amount_now >= amount
        if status == Status.STANDING.value and not stands:
            yield problem(
                "",
                "%(name)s's own charge of %(night)s (%(rule)s) would go or shrink: somebody else"
                " has to do this",
                name=own,
                night=each.key.night,
                rule=each.key.rule,
            )
