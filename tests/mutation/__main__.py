"""`python -m tests.mutation [--sample N] [--seed S] [MODULE...]`: changes the modules that decide
about money one place at a time, and runs the tests that are about them.

Says for each change that no test noticed where it is; exit status 1 when less than 95 % were
noticed. Changes that no test could notice are named in `equivalent`, each with the reason.
"""

import argparse
import sys
from random import Random

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import mutants
from tests.mutation.trial import Trial

WANTED = 0.95

JUDGED = ("tests/models/rules/test_judgement.py", "tests/models/rules/test_judgement_properties.py")
PAID = (
    "tests/models/payroll/test_deductions.py",
    "tests/models/payroll/test_months.py",
    "tests/commands/test_closing.py",
)
CREDITED = (
    "tests/models/rules/guests/test_claims.py",
    "tests/models/rules/guests/test_contacts.py",
    "tests/models/rules/guests/test_credit.py",
    "tests/models/rules/guests/test_first_recorded.py",
    "tests/models/rules/guests/test_ownership.py",
    "tests/models/rules/guests/test_shares.py",
)
ABSENT = (
    "tests/models/ledger/test_post_absences.py",
    "tests/models/operations/test_outings.py",
    "tests/models/operations/test_incidents.py",
)
CALLED = (
    "tests/models/operations/test_roll.py",
    "tests/models/operations/test_first_call.py",
    "tests/models/operations/test_punches.py",
    "tests/models/access/test_clock.py",
)
MONTH = (
    "tests/models/payroll/test_month_sheet.py",
    "tests/models/payroll/test_exports.py",
    "tests/models/access/test_scope.py",
)
PUNCHED = ("tests/models/operations/test_punches.py",)
SEPARATED = (
    "tests/models/ledger/test_separations.py",
    "tests/models/operations/test_staff.py",
    "tests/commands/test_judgement.py",
    *PAID[2:],
)
NOTICED_BY: dict[str, tuple[str, ...]] = {
    "models/rules/judgement.py": JUDGED,
    "models/rules/absences.py": JUDGED,
    "models/rules/versions.py": ("tests/models/rules/test_versions.py",),
    "models/rules/employment.py": (
        "tests/models/rules/test_employment.py",
        "tests/models/operations/test_staff.py",
        *PAID[:1],
        "tests/commands/test_postings.py",
    ),
    "models/values/nights.py": ("tests/models/values/test_nights.py",),
    "models/values/money.py": ("tests/models/values/test_money.py", *PAID[:1]),
    "models/ledger/ledger.py": ("tests/models/ledger", "tests/models/operations/test_roll.py"),
    "models/ledger/settling.py": ("tests/models/ledger", "tests/models/operations/test_roll.py"),
    "models/ledger/unended_rolls.py": ("tests/models/ledger/test_unended_rolls.py",),
    "models/ledger/resignations.py": SEPARATED,
    "models/ledger/separations.py": SEPARATED,
    "models/payroll/deductions.py": PAID,
    "models/payroll/months.py": PAID,
    "models/access/permissions.py": ("tests/models/access/test_permissions.py",),
    "models/rules/guests/contacts.py": CREDITED,
    "models/rules/guests/credit.py": CREDITED,
    "models/rules/guests/ownership.py": CREDITED,
    "models/rules/guests/promises.py": ("tests/models/rules/guests/test_promises.py",),
    "models/rules/guests/register.py": ("tests/models/rules/guests/test_register.py",),
    "models/rules/guests/rotation.py": ("tests/models/rules/guests/test_rotation.py",),
    "models/rules/validation.py": ("tests/models/rules/test_validation.py",),
    "models/ledger/credits.py": (
        "tests/models/ledger/test_credits.py",
        "tests/models/access/test_desk_scope.py",
    ),
    "models/ledger/promises.py": (
        "tests/models/ledger/test_promises.py",
        "tests/models/access/test_desk_scope.py",
    ),
    "models/ledger/turns.py": ("tests/models/ledger/test_turns.py",),
    "models/ledger/presence.py": ("tests/models/ledger/test_presence.py",),
    "models/ledger/deduction.py": (*PAID[:1], "tests/models/payroll/test_month_sheet.py"),
    "models/ledger/own_charges.py": ("tests/models/ledger/test_own_charges.py",),
    "models/imports/self_dealing.py": ("tests/models/imports/test_self_dealing.py",),
    "models/operations/bookings.py": (
        "tests/models/operations/test_bookings.py",
        "tests/models/operations/test_booking_steps.py",
    ),
    "models/operations/booking_board.py": ("tests/models/operations/test_booking_board.py",),
    "models/operations/booking_preview.py": ("tests/models/operations/test_booking_preview.py",),
    "models/operations/punches.py": PUNCHED,
    "models/operations/punch_arrivals.py": PUNCHED,
    "models/operations/first_punches.py": PUNCHED,
    "models/ledger/closings.py": (
        *PAID[1:],
        "tests/models/payroll/test_appeals.py",
        "tests/models/ledger/test_waivers.py",
    ),
    "models/payroll/appeals.py": (
        "tests/models/payroll/test_appeals.py",
        "tests/models/access/test_scope.py",
    ),
    "models/ledger/waivers.py": (
        "tests/models/ledger/test_waivers.py",
        "tests/models/payroll/test_appeals.py",
    ),
    "models/access/scope.py": (
        "tests/models/access/test_scope.py",
        "tests/models/access/test_desk_scope.py",
    ),
    "models/operations/roll.py": CALLED,
    "models/operations/leave.py": ("tests/models/operations/test_leave.py",),
    "models/operations/outings.py": ("tests/models/operations/test_outings.py",),
    "models/operations/incidents.py": ("tests/models/operations/test_incidents.py",),
    "models/operations/first_call.py": CALLED,
    "models/operations/unheld_briefings.py": (
        "tests/models/operations/test_briefings.py",
        "tests/models/payroll/test_months.py",
    ),
    "models/operations/charge_preview.py": ("tests/models/operations/test_charge_preview.py",),
    "models/rules/post_absences.py": ABSENT,
    "models/ledger/post_absences.py": ABSENT,
    "models/ledger/night_facts.py": ("tests/models/ledger", *CALLED),
    "models/ledger/night_preview.py": (
        "tests/models/operations/test_roll.py",
        "tests/models/operations/test_roll_board.py",
    ),
    "models/ledger/guest_facts.py": (
        "tests/models/ledger/test_guest_facts.py",
        "tests/models/ledger/test_credits.py",
        "tests/models/guests",
    ),
    "models/ledger/sales.py": ("tests/models/ledger/test_credits.py",),
    "models/ledger/sale_rows.py": ("tests/models/ledger/test_credits.py",),
    "models/rules/guests/plain_bookings.py": ("tests/models/rules/guests/test_plain_bookings.py",),
    "models/ledger/desk_breaches.py": (
        "tests/models/ledger/test_desk_breaches.py",
        "tests/models/guests/test_contacts.py",
    ),
    "models/ledger/rebookings.py": ("tests/models/ledger/test_rebookings.py",),
    "models/ledger/grooming.py": ("tests/models/operations/test_grooming.py",),
    "models/payroll/sale_corrections.py": ("tests/models/payroll/test_sale_corrections.py",),
    "models/payroll/month_sheet.py": MONTH,
    "models/payroll/charge_list.py": MONTH,
    "models/rules/charge_reasons.py": ("tests/models/rules/test_charge_reasons.py", *MONTH),
    "models/payroll/open_items.py": ("tests/commands/test_closing.py",),
    "models/payroll/whatif.py": (
        "tests/models/payroll/test_whatif.py",
        "tests/models/access/test_scope.py",
    ),
    "models/rules/rulebook_amendment.py": ("tests/models/rules/test_rulebook_amendment.py",),
}
"""Each module, and the tests that should notice what is done to it."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*NOTICED_BY, []], default=[])
    parser.add_argument("--sample", type=int, help="only so many, picked by chance")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chosen = [
        each
        for module in options.modules or NOTICED_BY
        for each in mutants(module)
        if (each.text, each.now) not in EQUIVALENT.get(module, {})
    ]
    known = {(each.path, each.text, each.now) for module in NOTICED_BY for each in mutants(module)}
    for module, named in EQUIVALENT.items():
        for text, now in named:
            if (module, text, now) not in known:
                _tell(f"no such change any more: {module}: {text}  ->  {now}")
    if options.sample is not None and options.sample < len(chosen):
        chosen = sorted(Random(options.seed).sample(chosen, options.sample))
    trial = Trial(chosen, NOTICED_BY, _tell)
    about = {test for each in chosen for test in NOTICED_BY[each.path]}
    # Of a folder and a file in it, pytest would load the file alone.
    files = sorted(each for each in about if not any(each.startswith(f"{one}/") for one in about))
    plugins = ("no:terminal", "no:xdist", "no:cacheprovider", "no:faulthandler")
    switches = [part for plugin in plugins for part in ("-p", plugin)]
    status = pytest.main(
        ["-s", "-o", "addopts=", *switches, "-k", "not postgresql", *files], plugins=[trial]
    )
    assert trial.tried == len(chosen), status
    killed = trial.tried - len(trial.survivors)
    score = killed / trial.tried if chosen else 1.0
    print(f"{killed} of {trial.tried} changes were noticed: {score:.1%}")
    return 0 if score >= WANTED else 1


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
