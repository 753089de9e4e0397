"""Changes that change nothing, which no test could notice, and why each is one."""

_SPARED = "it only saves work: what is left out comes to nothing later"
_MONTHS_ALONE = "within a month, absences of another don't count"
_REMEMBERED = "how much is remembered is no matter of what it is"

_NOBODYS = "nobody has no contacts and no visits, and their number is no key"
_ITS_CLIENTS = "these are one client's contacts: nobody looks whose one of them is"
_ONE_IS_SORTED = "one contact is in order, and overtakes nothing"

_TOLD_APART = "imports are told apart and follow one another, whatever the first one's number"
_SAME_INSTANT = "it is the same instant either way"

_CHARGES_FIRST = "what is kept of a month begins with its charges"
_NO_CELL_BLANK = "of what is frozen, only a team and the night of a separation may be blank"

_READ_AHEAD = "only a server is asked ahead, and without one these are tried"

_FURTHER = "how far is looked ahead, beyond which no claim gains anything"
_NO_BLANK = "no number is blank"
_NEVER = "later than anything happens"
_AMONG_THEM = "the first and the last are among the nights"

EQUIVALENT: dict[str, dict[tuple[str, str], str]] = {
    "models/rules/guests/contacts.py": {
        (
            "found = around.contacts.get(client, ()) if client is not None else ()",
            "(around.contacts.get(client, ()))",
        ): _NOBODYS,
        (
            "visits = around.visits.get(client, ()) if client is not None else ()",
            "(around.visits.get(client, ()))",
        ): _NOBODYS,
        ("if len(self.contacts) > 1:", "(len(self.contacts) >= 1)"): _ONE_IS_SORTED,
        (
            "return [each for each in found if each.kind in kinds] if found else found",
            "([each for each in found if each.kind in kinds])",
        ): _SPARED,
        (
            "return since <= day and (since == day or day <= last_day(since, self._touch(contact).valid))",
            "(day <= last_day(since, self._touch(contact).valid))",
        ): "the last day of a contact is its own or a later one",
        (
            "if contact.void is not None and (",
            "(contact.void == 'yes' or contact.void in touch.void_if or contact.void in"
            " self.rules.after.disqualified)",
        ): "what isn't void is no reason that a rulebook could name",
        ('visit.guest_no or "",', "('')"): _ITS_CLIENTS,
        ('visit.guest_no or "",', "(visit.guest_no and '')"): _ITS_CLIENTS,
        ('visit.guest_no or "",', "(visit.guest_no)"): _ITS_CLIENTS,
    },
    "models/rules/guests/credit.py": {
        (
            "if best is not None and best.rule is not None:",
            "(best is not None)",
        ): "what is granted is granted by a rule",
        ("days = [band.days or 0 for rule in rules.claims for band in rule.found]", "1"): _FURTHER,
        ("return max(days, default=0) + 62", "1"): _FURTHER,
        ("return max(days, default=0) + 62", "63"): _FURTHER,
        (
            "(since.day, since.at) if since is not None else (date.max, 0),",
            "1",
        ): "whoever has no contact comes last, and of those the day says nothing",
        (
            'people = sorted(shares, key=lambda who: (who is None, who != serves, who or ""))',
            "(who)",
        ): "there is one house",
    },
    "models/rules/guests/ownership.py": {
        ("_NEVER = 1 << 62", "2"): _NEVER,
        ("_NEVER = 1 << 62", "63"): _NEVER,
        (
            'booking = around.booking_by_no.get(deal.booking_no or "")',
            "(deal.booking_no)",
        ): _NO_BLANK,
        (
            'visit = self.around.visit_by_no.get(booking.visit_no or "")',
            "(booking.visit_no)",
        ): _NO_BLANK,
        ('for heir in self.around.heirs.get(client or "", ())', "(client)"): _NO_BLANK,
        (
            "if deal.visit_no is not None and deal.visit_no in around.visit_by_no:",
            "(deal.visit_no in around.visit_by_no)",
        ): _NO_BLANK,
        (
            "for visit in (around.visits.get(client, ()) if client is not None else ())",
            "(around.visits.get(client, ()))",
        ): _NO_BLANK,
        (
            "staff_no is not None",
            "(self.around.employed(staff_no, self.night) and (not self.disqualified(staff_no)))",
        ): "nobody is employed",
        (
            "self.contacts if client == own else ClientContacts(client, self.around, self.rules)",
            "(ClientContacts(client, self.around, self.rules))",
        ): _SPARED,
        (
            "self.visit is not None",
            "(self.kind is None and contact.contact_no == f'visit:{self.visit.visit_no}')",
        ): "at the door there is a visit",
    },
    "models/rules/guests/promises.py": {
        (
            "return night in self._nights or not self._first < night < self._last",
            "(self._first <= night < self._last)",
        ): _AMONG_THEM,
        (
            "return night in self._nights or not self._first < night < self._last",
            "(self._first < night <= self._last)",
        ): _AMONG_THEM,
        ("if begins < ends:", "(begins <= ends)"): "a rulebook's quiet hours aren't empty",
        (
            "day = local.date() if local.time() < ends else local.date() + timedelta(days=1)",
            "(local.time() <= ends)",
        ): "as they end, the quiet hours are over",
    },
    "models/rules/guests/register.py": {
        (
            "if text.isascii() and text.isdigit() and len(text) == 11:",
            "12",
        ): "of twelve digits nothing is left out",
        (
            "return {no: no if held == no else root(no) for no, held in parent.items()}",
            "(root(no))",
        ): _SPARED,
    },
    "models/rules/judgement.py": {
        (
            "charges.sort(key=lambda charge: charge[:4])",
            "5",
        ): "no two charges have the same key",
    },
    "models/rules/validation.py": {
        ('person = self.people.get(staff_no or "")', "(staff_no)"): _NO_BLANK,
        (
            "while superior is not None and superior in people:",
            "(superior in people)",
        ): _NO_BLANK,
        ("_LAST_INSTANT = 2**62", "3"): _NEVER,
        ("_LAST_INSTANT = 2**62", "63"): _NEVER,
    },
    "models/values/money.py": {
        (
            "return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))",
            "2",
        ): "of what is rounded to, only the decimals count",
    },
    "models/values/nights.py": {
        ("_WHOLE_MINUTES = 94_694_400  # 1973 in UTC seconds", "94694401"): _REMEMBERED,
        ("_MOST_REMEMBERED = 50_000", "50001"): _REMEMBERED,
        ("minute = instant // 60", "(instant * 60)"): _REMEMBERED,
        ("if instant > _WHOLE_MINUTES:", "(instant >= _WHOLE_MINUTES)"): _REMEMBERED,
        (
            "if len(self._nights) >= _MOST_REMEMBERED:",
            "(len(self._nights) > _MOST_REMEMBERED)",
        ): _REMEMBERED,
        (
            "return month_of(first_night(month) + timedelta(days=31))",
            "32",
        ): "the month after begins with either its first or its second",
        (
            'text += f"{offset[:3]}:{offset[3:5]}"',
            "6",
        ): "no zone has put its clocks back by seconds since 1940",
    },
    "models/ledger/settling.py": {
        (
            "if execute(_UNSETTLED, tonight).fetchone()[0] is None:",
            "1",
        ): "where there is a first night, there is a last one",
    },
    "models/ledger/ledger.py": {
        (
            '_UNSETTLE = "UPDATE briefings SET settled = ? WHERE night = ? AND night >= ? AND settled"',
            "'UPDATE briefings SET settled = ? WHERE night = ? OR night >= ? AND settled'",
        ): "more nights are judged once more, and come out as they were",
    },
    "models/ledger/credits.py": {
        (
            "visits = {row[8] for row in rows if row[3] is None and row[8]}",
            "(row[3] is None or row[8])",
        ): _SPARED,
        ("visits = {row[8] for row in rows if row[3] is None and row[8]}", "(row[8])"): _SPARED,
        (
            'sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"',
            "'SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL OR visit_no IN'",
        ): "a guest is given to somebody once, and nobody looks who had the others",
        (
            'return any("consultant" in rule.when for rule in rules.owners)',
            "('consultant' not in rule.when)",
        ): _SPARED,
        (
            'before = {deal.deal_no: deal for deal in earlier if deal.night < last and deal.kind == "new"}',
            "(deal.night <= last)",
        ): _SPARED,
        (
            'before = {deal.deal_no: deal for deal in earlier if deal.night < last and deal.kind == "new"}',
            "(deal.kind == 'new')",
        ): _SPARED,
        (
            "if client is not None and each.credit.serves is not None:",
            "(each.credit.serves is not None)",
        ): "nobody has served whom nobody knows",
    },
    "models/ledger/promises.py": {
        (
            "starts = [first, *(since for since, _ in session.versions.adopted if first < since <= last)]",
            "(first <= since <= last)",
        ): "of nights that end before they begin there are none",
    },
    "models/ledger/closings.py": {
        ("there = 0 <= at < self._content.index('\"deductions\":')", "1"): _CHARGES_FIRST,
        (
            "there = 0 <= at < self._content.index('\"deductions\":')",
            "(0 < at < self._content.index('\"deductions\":'))",
        ): _CHARGES_FIRST,
        (
            "there = 0 <= at < self._content.index('\"deductions\":')",
            "(0 <= at <= self._content.index('\"deductions\":'))",
        ): "no two keys stand at one place",
        ('each or "" for each in row[:9]', "(each)"): _NO_CELL_BLANK,
        ('staff_no=staff_no or "",', "(staff_no)"): _NO_CELL_BLANK,
        ('name=name or "",', "(name)"): _NO_CELL_BLANK,
        ('if count is not None and count != "0"', "(count != '0')"): _NO_CELL_BLANK,
        ('text = cell or "0"', "(cell)"): _NO_CELL_BLANK,
    },
    "models/access/scope.py": {
        (
            "if session.actor is None or allowed is None or staff_no in allowed:",
            "(allowed is None or staff_no in allowed)",
        ): "where nobody signs in, everybody is read about",
    },
    "models/operations/charge_preview.py": {
        (
            "for each in (_months_changed(session, change, concerned, staff_no) if capped else ())",
            "(_months_changed(session, change, concerned, staff_no))",
        ): _SPARED,
        (
            "since = max(first, FIRST_NIGHT + ONE_NIGHT) - ONE_NIGHT",
            "(FIRST_NIGHT - ONE_NIGHT)",
        ): "of the first night of all nothing is known, nor of the one before",
    },
    "models/operations/leave.py": {
        **{
            (
                "night = session.tonight() if filed_at is None else session.calendar.night(filed_at)",
                now,
            ): _READ_AHEAD
            for now in (
                "(session.calendar.night(filed_at))",
                "(session.tonight())",
                "(filed_at is not None)",
            )
        },
    },
    "models/operations/outings.py": {
        **{
            ('outing = Outing(slip_no or "", staff_no, at, approved_at, status)', now): (
                "by what number is no matter of what it costs"
            )
            for now in ("('')", "(slip_no and '')", "(slip_no)")
        },
        **{
            ("night = session.tonight() if at is None else session.calendar.night(at)", now): (
                _READ_AHEAD
            )
            for now in ("(session.calendar.night(at))", "(session.tonight())", "(at is not None)")
        },
        **{
            (
                'named = (staff_no,) if fact["decided_by"] is None else (staff_no, fact["decided_by"])',
                now,
            ): _READ_AHEAD
            for now in (
                "((staff_no, fact['decided_by']))",
                "((staff_no,))",
                "(fact['decided_by'] is not None)",
            )
        },
    },
    "models/operations/roll.py": {
        (
            "attendance = {staff_no: (signs.arrived_at, signs.made_up_at)} if signs != NO_SIGN else {}",
            "({staff_no: (signs.arrived_at, signs.made_up_at)})",
        ): "who gave no sign is judged as who isn't written down",
        ("last = calling if staff_no == staff_nos[-1] else NOT_CALLING", "(calling)"): (
            "the call doesn't end before all of them are marked, and who was passed is noted once"
        ),
        ("night = marks[0].night if marks else None", "(None)"): _READ_AHEAD,
        **{
            ("meant = night or session.tonight()", now): _READ_AHEAD
            for now in ("(night and session.tonight())", "(night)", "(session.tonight())")
        },
        **{
            (
                "came = [] if signs is None else [(staff_no, signs.arrived_at, signs.made_up_at)]",
                now,
            ): (_READ_AHEAD)
            for now in ("([])",)
        },
    },
    "models/rules/guests/plain_bookings.py": {
        **{
            ("night = date(2026, 1, 1)", now): "any night, and any amount, tells whose it is"
            for now in ("2027", "2")
        },
        (
            'deal = Deal("booking:1", night, None, "s", None, amount=1, booking_no="1")',
            "2",
        ): "any night, and any amount, tells whose it is",
    },
    "models/ledger/desk_breaches.py": {
        (
            'breach = DeskBreach(contact.staff_no, contact.void or "", source, basis)',
            "(contact.void)",
        ): "those that are read are void",
        ('guest = known.guests.get(deal.guest_no or "")', "(deal.guest_no)"): _NO_BLANK,
        (
            'sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"',
            "'SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL OR visit_no IN'",
        ): "a guest is given to somebody once, and nobody looks who had the others",
    },
    "models/ledger/guest_facts.py": {
        ("_TOGETHER = 500", "501"): "so many at a time, or one more: all are asked for",
        (
            "return reader.around(staff if staff is not None else dict(staffers()))",
            "(dict(staffers()))",
        ): "where they are given, they were read already",
        (
            'sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"',
            "'SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL OR visit_no IN'",
        ): "a guest is given to somebody once, and nobody looks who had the others",
    },
    "models/payroll/month_sheet.py": {
        ("kept = frozen(month) if closing is not None else None", "(frozen(month))"): _SPARED,
    },
    "models/ledger/rebookings.py": {
        (
            'if line.action == "booking.cancelled" and line.after is not None:',
            "(line.action == 'booking.cancelled')",
        ): "what is said of a cancelling is what is cancelled",
    },
    "models/operations/incidents.py": {
        ("reporter = by if session.actor is None else session.actor.staff_no", "(by)"): _READ_AHEAD,
        (
            "reporter = by if session.actor is None else session.actor.staff_no",
            "(session.actor.staff_no)",
        ): _READ_AHEAD,
        (
            "reporter = by if session.actor is None else session.actor.staff_no",
            "(session.actor is not None)",
        ): _READ_AHEAD,
        (
            "yield people_of((staff_no, reporter or staff_no))",
            "(reporter and staff_no)",
        ): _READ_AHEAD,
        ("yield people_of((staff_no, reporter or staff_no))", "(reporter)"): _READ_AHEAD,
        ("yield people_of((staff_no, reporter or staff_no))", "(staff_no)"): _READ_AHEAD,
        (
            'named = (fact["staff_no"], fact["reported_by"] or fact["staff_no"])',
            "(fact['reported_by'])",
        ): "nobody is looked for, and isn't found",
    },
    "models/ledger/sales.py": {
        ("if book.plain_is_bookers is not None:", "(book.plain_is_bookers is None)"): _SPARED,
    },
    "models/payroll/sale_corrections.py": {
        **{
            (
                'for staff_no in sorted({*was, *now, *already}, key=lambda who: (who is None, who or "")):',
                now,
            ): "in which order they are written is no matter of what anybody gets"
            for now in ("(who is not None)", "('')", "(who and '')", "(who)")
        },
        (
            'found[deal_no or ""][staff_no or None] = parse_money(amount or "0")',
            "(deal_no)",
        ): _NO_CELL_BLANK,
        (
            'found[deal_no or ""][staff_no or None] = parse_money(amount or "0")',
            "(staff_no)",
        ): _NO_CELL_BLANK,
        (
            'found[deal_no or ""][staff_no or None] = parse_money(amount or "0")',
            "(amount)",
        ): _NO_CELL_BLANK,
    },
    "models/rules/post_absences.py": {
        (
            "return at == self.out_at or self.out_at <= at < self.until",
            "(self.out_at < at < self.until)",
        ): "its beginning is asked for already",
        (
            "while night < last:",
            "(night <= last)",
        ): "whoever is looked for a night longer isn't out in it",
    },
    "models/ledger/post_absences.py": {
        (
            'one, who = ("", ()) if staff_no is None else (_BOTH, (staff_no,))',
            "(('', ()))",
        ): "of others nothing is asked",
    },
    "models/operations/punches.py": {
        ("if own is None or own not in owners.values():", "(own is None)"): _SPARED,
        ("return int(newest or 0) + 1", "1"): _TOLD_APART,
        ("return int(newest or 0) + 1", "2"): _TOLD_APART,
    },
    "models/operations/first_punches.py": {
        (
            '"SELECT p.clock, p.told_at, n.staff_no FROM punches p"',
            repr(
                "SELECT p.clock, p.told_at, n.staff_no FROM punches p"
                " JOIN clock_numbers n ON n.clock = p.clock AND n.number = p.number"
                " WHERE n.staff_no IS NOT NULL AND p.told_at > ? AND ? IS NOT NULL"
            ),
        ): _SPARED,
        (
            "span = ((first - WRONG_BY).isoformat(), (last + WRONG_BY + 2 * ONE_NIGHT).isoformat())",
            "3",
        ): _SPARED,
        (
            "if first <= night <= last and instant < found.get(key, instant + 1):",
            "(instant <= found.get(key, instant + 1))",
        ): _SAME_INSTANT,
        (
            "if first <= night <= last and instant < found.get(key, instant + 1):",
            "2",
        ): _SAME_INSTANT,
    },
    "models/ledger/presence.py": {
        (
            '"SELECT night, staff_no, arrived_at, left_at, status FROM bookings"',
            repr(
                "SELECT night, staff_no, arrived_at, left_at, status FROM bookings"
                " WHERE night BETWEEN ? AND ? AND staff_no IS NOT NULL"
                " AND (status = 'arrived' OR (status IN ('left', 'arrived') AND arrived_at IS NOT"
                " NULL))"
            ),
        ): "those who are there are asked for already",
    },
    "models/ledger/turns.py": {
        ("and rows[0][:2] == (held.seq, held.hash)", "3"): _SPARED,
        ('if naming is None or naming[0] != "staff":', "1"): _SPARED,
        (
            "if all(turn.visit_no != visit_no and turn.at <= at for turn in later):",
            "(turn.at < at)",
        ): _SPARED,
        (
            "if len(mine) == len(turns) and night == session.tonight():",
            "(len(mine) == len(turns))",
        ): _REMEMBERED,
        (
            "if len(mine) == len(turns) and night == session.tonight():",
            "(night != session.tonight())",
        ): _REMEMBERED,
        (
            "until = max((turn.at for turn in mine), default=0)",
            "1",
        ): "nobody was given a guest in 1970",
        (
            '_SINCE_THEN = "SELECT seq, hash, action, at, night FROM audit WHERE seq >= ? ORDER BY seq"',
            "'SELECT seq, hash, action, at, night FROM audit WHERE seq > ? ORDER BY seq'",
        ): _SPARED,
        (
            'if action.startswith("roll.") and night is not None:',
            "(action.startswith('roll.'))",
        ): "what is done on a roll is of its night",
        ('if action.startswith("roll.") and night is not None:', "(night is None)"): _SPARED,
        (
            "def _turns_between(first: date, last: date, after: Instant = -1) -> list[Turn]:",
            "2",
        ): "nobody was given a guest in 1969",
        (
            'return row.fetchone()[0] or "", _beginning(session, night)',
            "(row.fetchone()[0])",
        ): "no list is no list, by whatever name",
        (
            'if turn.how in (None, "known") and turn.visit_no in self.by_no',
            "(turn.visit_no in self.by_no)",
        ): _SPARED,
        (
            "if rules is not None and guests:",
            "(rules is not None)",
        ): "whoever is met is recognised then",
        ("if self._spells_now is None:", "(self._spells_now is not None)"): _SPARED,
        ('visit = self.by_no.get(turn.visit_no or "")', "(turn.visit_no)"): _NO_BLANK,
    },
    "models/operations/bookings.py": {
        (
            'people = reference_data.people(fact["staff_no"]) if fact["staff_no"] is not None else {}',
            "(reference_data.people(fact['staff_no']))",
        ): _SPARED,
        ("if moved and held.live:", "(held.live)"): "where it is, nobody else is",
        ("if moved and held.staff_no is not None:", "(moved)"): _SPARED,
        ("if moved and held.staff_no is not None:", "(held.staff_no is not None)"): _SPARED,
        (
            "if moved and held.staff_no is not None:",
            "(moved or held.staff_no is not None)",
        ): _SPARED,
    },
    "models/operations/booking_preview.py": {
        (
            'if "room" not in (held.kind, kind) or held.staff_no is None:',
            "(held.staff_no is None)",
        ): _SPARED,
    },
    "models/ledger/resignations.py": {
        (
            "if ever and earlier is None:  # only who was absent of late is looked at",
            "(ever)",
        ): _SPARED,
        (
            "if ever and earlier is None:  # only who was absent of late is looked at",
            "(earlier is None)",
        ): _SPARED,
        (
            "if ever and earlier is None:  # only who was absent of late is looked at",
            "(ever or earlier is None)",
        ): _SPARED,
        ("if ever and earlier is not None:", "(ever)"): "then it was read",
        ("if ever and earlier is not None:", "(earlier is not None)"): _MONTHS_ALONE,
        ("if ever and earlier is not None:", "(ever or earlier is not None)"): _MONTHS_ALONE,
    },
    "models/ledger/separations.py": {
        (
            'names = dict(execute("SELECT staff_no, name FROM staff").fetchall()) if causes else {}',
            "(dict(execute('SELECT staff_no, name FROM staff').fetchall()))",
        ): _SPARED,
        ("staff = staffers() if causes else {}", "(staffers())"): _SPARED,
        ("_TOGETHER = 200", "201"): "so many at a time, or one more: all are asked for",
        (
            "if rule is not None and rule.kind is RuleKind.DISMISSAL:",
            "(rule.kind is RuleKind.DISMISSAL)",
        ): "what stands is charged by a rule of its own night's book",
    },
    "models/payroll/deductions.py": {
        (
            "if not (employed or by_rule or due):",
            "(employed or due)",
        ): "nobody is charged for a night on which they aren't employed",
        (
            "total = sum(amount for _, amount in by_rule.values()) if by_rule else 0",
            "(sum((amount for _, amount in by_rule.values())))",
        ): _SPARED,
        ("if cap is None or due < 0:", "(cap is None)"): "a refund is below any limit",
        ("if cap is None or due < 0:", "(due <= 0)"): "of nothing, nothing is taken either way",
        ("if cap is None or due < 0:", "1"): "of nothing, nothing is taken either way",
        (
            "while beginning is not None and back >= beginning and _carries(session, back):",
            "(beginning is not None and back >= beginning)",
        ): _SPARED,
        (
            "return cap is not None and cap.excess is Excess.CARRY",
            "(cap is not None)",
        ): _SPARED,
    },
    "models/payroll/months.py": {
        (
            "if beginning is None or month < beginning:",
            "(month <= beginning)",
        ): "of the month of the first fact, something is recorded",
    },
}
"""By module: (the line, what stands in it now), and the reason."""
