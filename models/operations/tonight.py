"""What Tonight reads from all over the house, for a server to be asked at once."""

from collections.abc import Iterator

from models.access.session import AS_IT_IS, LAST_CLOSED, Session
from models.ledger import promises
from models.ledger.settling import unsettled_read
from models.operations import bookings, briefings, first_call, leave, roll_board, slip_board
from models.operations.places import PLACES
from models.payroll import appeals, trends
from models.storage.database import Read
from models.values.nights import first_night, month_of


def tonight_reads(session: Session) -> Iterator[Read]:
    """What it reads in any case; the rest depends on what that is."""
    night = session.tonight()
    yield from (AS_IT_IS, session.account, LAST_CLOSED, unsettled_read(session))
    yield slip_board.board_read(session, night)
    yield from roll_board.board_reads(night)
    yield first_call.state_read(night)
    yield briefings.briefing_read(night)
    yield trends.sums_read(night, night)
    yield trends.sums_read(first_night(month_of(night)), night)
    yield appeals.OPEN
    yield from promises.waiting_reads(session)
    yield leave.listing_read(requested=True)
    yield bookings.on_read(night)
    yield PLACES
