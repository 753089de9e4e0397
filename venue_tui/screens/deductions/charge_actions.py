"""What can be done about a charge, from whichever screen it is looked at."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from models.ledger import waivers
from models.operations import directory
from models.payroll import appeals
from models.payroll.appeals import Appeal
from models.rules.charges import ChargeKey
from models.values.money import format_money
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.charge_preview import are_open, once_named_as
from venue_tui.screens.shared.people import as_one_of, as_somebody
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.words import listed, shown_name

_MOST = 8
"""So many of the charges that are waived at once are named."""


def ask_reason(
    screen: VenueScreen,
    title: str,
    lines: list[str],
    do: Callable[[str | None, str], None],
    about: str,
) -> None:
    """Asks for a reason, and in an open venue for who decides; then `do(by, reason)`, and the
    screen reads anew. What `do` refuses because of who it is is asked of somebody else."""

    async def flow() -> None:
        prompt = ReasonPrompt(title, lines)
        reason: str | None = await screen.program.push_screen_wait(prompt)
        if reason is None:
            return

        def attempt(by: str | None) -> None:
            do(by, reason)
            screen.refresh_data()

        await as_somebody(screen, attempt, about)

    screen.program.begin(screen, flow())


def waive(screen: VenueScreen, charge: ChargeKey, shown: str) -> None:
    """Lets a charge go; `shown` names it in a sentence."""
    if not are_open(screen, charge.night):
        return

    def do(by: str | None, reason: str) -> None:
        if waivers.waive(screen.session, *charge, reason, by):
            screen.did(
                _("Waived: %s") % shown, undo=lambda: waivers.unwaive(screen.session, *charge, by)
            )
        else:
            screen.say(_("It was waived for that reason already."))

    ask_reason(screen, _("Let this charge go?"), [shown], do, charge[0])


class Waivable(NamedTuple):
    """A charge that may be let go with others: whose, and how many cents."""

    key: ChargeKey
    name: str
    amount: int


def waive_many(screen: VenueScreen, charges: Sequence[Waivable]) -> None:
    """Lets all of the charges go for one reason, after naming them with their sum."""
    keys = [each.key for each in charges]
    if not are_open(screen, *(key.night for key in keys)):
        return
    total = format_money(sum(each.amount for each in charges))
    count = ngettext("%(n)d charge, %(sum)s", "%(n)d charges, %(sum)s", len(keys))
    said = count % {"n": len(keys), "sum": total}
    named = [f"{each.key.night}  {each.name}  {format_money(each.amount)}" for each in charges]
    more = [_("and %d more") % (len(named) - _MOST)] if len(named) > _MOST else []

    def do(by: str | None, reason: str) -> None:
        changed = waivers.waive_many(screen.session, keys, reason, by)

        def undo() -> None:
            with screen.session.change():
                for key in changed:
                    waivers.unwaive(screen.session, *key, by)

        screen.did(_("Waived: %s") % said, undo)

    title = _("Let all of these go?")
    ask_reason(screen, title, [said, *named[:_MOST], *more], do, keys[0].staff_no)


def unwaive(screen: VenueScreen, charge: ChargeKey, shown: str) -> None:
    """Lets a waived charge stand again."""
    waiver = waivers.waiver(*charge)
    if not are_open(screen, charge.night):
        return

    async def flow() -> None:
        changed = await once_named_as(
            screen,
            lambda by: waiver is not None and waivers.unwaive(screen.session, *charge, by),
            charge.staff_no,
            charge.night,
        )
        if changed is None:
            return
        if waiver is not None and changed:
            screen.did(
                _("It stands again: %s") % shown,
                undo=lambda: waivers.waive(
                    screen.session, *charge, waiver.reason, waiver.waived_by
                ),
            )
        else:
            screen.say(_("It stood already."))
        screen.refresh_data()

    screen.program.begin(screen, flow())


def appeal(screen: VenueScreen, charge: ChargeKey, shown: str) -> None:
    """Writes down that the staffer contests the charge, with their words."""

    def do(by: str | None, words: str) -> None:
        appeal_id = appeals.raise_appeal(screen.session, *charge, words, by)
        due = appeals.appeal(appeal_id).due
        screen.did(
            _("Appeal on %(charge)s, to be decided by %(due)s") % {"charge": shown, "due": due},
            undo=lambda: appeals.withdraw_appeal(screen.session, appeal_id, by),
        )

    lines = [shown, _("What does the staffer say?")]
    ask_reason(screen, _("Contest this charge"), lines, do, charge[0])


def decide(screen: VenueScreen, held: Appeal, decision: str, shown: str) -> None:
    """Decides an appeal: the charge stands, or is let go. Where nobody signs in, whoever decides is
    asked first, of those who may."""
    session = screen.session
    if decision == appeals.WAIVED and not are_open(screen, held.night):
        return
    may = appeals.deciders(session, held.appeal_id)
    named = listed(shown_name(staff_no, directory.name_of(staff_no)) for staff_no in may)
    lines = [
        shown,
        _("They say: %s") % held.words,
        _("Who may decide: %s") % (named or _("nobody at present")),
    ]
    title = _("Uphold the charge: why?") if decision == appeals.UPHELD else _("Let it go: why?")
    what = _("Upheld: %s") if decision == appeals.UPHELD else _("Waived on appeal: %s")

    def prompt_of(by: str | None) -> tuple[ReasonPrompt, str | None]:
        def do(reason: str) -> None:
            appeals.decide(session, held.appeal_id, decision, reason, by)

        return ReasonPrompt(title, lines, do=do), by

    async def flow() -> None:
        asked = await as_one_of(screen, may, prompt_of)
        if asked is None:
            return
        prompt, by = asked
        if await screen.program.push_screen_wait(prompt) is not None:
            screen.did(
                what % shown,
                undo=lambda: appeals.reopen(session, held.appeal_id, by, _("undone")),
            )
            screen.refresh_data()

    screen.program.begin(screen, flow())
