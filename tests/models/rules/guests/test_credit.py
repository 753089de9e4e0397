"""Whose a sale is: the worked examples of a membership club, a sales office and a KTV, by number."""

from fractions import Fraction

import pytest

from models.rules.guests.credit import CreditDecision, Result, still_open
from models.rules.guests.facts import Breach, Heir
from tests.models.rules.guests.scene import Person, Scene, halves, night


def registered(day: str = "11-10") -> Scene:
    """B made w's card on a day, and w came through the register."""
    return Scene().visit(day, received_by="B").deal(day)


def together(*guests: str, day: str = "11-10") -> Scene:
    scene = Scene()
    for guest_no in guests:
        scene.visit(day, guest_no=guest_no, received_by="B", party_no="p")
    return scene


def office() -> Scene:
    return Scene("property_sales")


def ktv() -> Scene:
    return Scene("nightlife")


def _left(who: str, scene: Scene, heir: str | None, last: str = "08-31") -> Scene:
    scene.staff[who] = Person(night(last))
    if heir is not None:
        scene.heirs = [Heir("w", night("09-01"), who, heir)]
    return scene


CLUB = {
    "C1": (lambda: registered().follow_up("A", "10-20").claim("A", "11-10"), "A 1", "A"),
    "C2": (lambda: registered().follow_up("A", "10-20").claim("A", "11-16"), "A 1", "A"),
    "C3": (lambda: registered().follow_up("A", "10-20").claim("A", "11-17"), "A 1/2, B 1/2", "B"),
    "C4": (lambda: registered().follow_up("A", "10-20").claim("A", "11-24"), "A 1/2, B 1/2", "B"),
    "C5": (lambda: registered().follow_up("A", "10-20").claim("A", "11-25"), "B 1", "B"),
    "C6": (lambda: registered().follow_up("A", "10-09").claim("A", "11-10"), "B 1", "B"),
    "C7": (lambda: registered().follow_up("A", "10-10").claim("A", "11-10"), "A 1", "A"),
    "C8": (
        lambda: registered().appointment("A", "11-10", "14:05").appointment("B", "11-10", "15:30").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C9": (lambda: registered().appointment("A", "11-09").claim("A", "11-10"), "B 1", "B"),
    "C10": (
        lambda: registered().appointment("A", "11-10", "15:30").appointment("B", "11-10", "14:05").claim("A", "11-10"),
        "B 1", "B",
    ),
    "C11": (
        lambda: registered().follow_up("A", "10-20", number="unreachable").claim("A", "11-13"), "B 1", "B",
    ),
    "C12": (
        lambda: registered().follow_up("A", "10-20", number="unreachable", reached_on="11-12").claim("A", "11-12"),
        "A 1", "A",
    ),
    "C15": (lambda: Scene().deal("11-10").follow_up("A", "10-20").claim("A", "12-19"), "A 1", "A"),
    "C16": (registered, "B 1", "B"),
    "C17": (
        lambda: Scene().visit("11-10", received_by="B", asked_for="C", asked_before_tour=True).deal("11-10"),
        "C 1", "C",
    ),
    "C18": (
        lambda: Scene().visit("11-10", received_by="B", asked_for="C", prompted=True).deal("11-10"), "B 1", "B",
    ),
    "C19": (
        lambda: Scene().guest("m", kind="member", consultant_no="C")
        .visit("11-10", received_by="B", asked_member="m").deal("11-10"),
        "C 1", "C",
    ),
    "C20": (
        lambda: Scene().visit("11-10", received_by="B", asked_for="C").deal("11-10")
        .follow_up("A", "10-20").claim("A", "11-12"),
        "A 1", "A",
    ),
    "C21": (
        lambda: Scene().visit("11-10", received_by="B", voucher_of="C").deal("11-10"), "C 1", "C",
    ),
    "C22": (
        lambda: registered().contact("A", "call_in", "11-10", "09:00").appointment("A", "11-10", "09:05").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C23": (
        lambda: registered().contact("A", "call_in", "11-10", "09:00").appointment("A", "11-10", "09:05").claim("A", "11-16"),
        "A 1/2, B 1/2", "B",
    ),
    "C24": (
        lambda: registered().contact("A", "call_in", "11-10", "09:00").appointment("A", "11-10", "09:05").claim("A", "11-17"),
        "B 1", "B",
    ),
    "C25": (lambda: registered().contact("A", "call_in", "11-10", "09:00").claim("A", "11-10"), "B 1", "B"),
    "C27": (
        lambda: together("w", "x", "y").deal("11-10", guest_no="x")
        .follow_up("A", "10-20").appointment("A", "11-10").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C28": (
        lambda: together("w", "x", "y").deal("11-10", guest_no="x").follow_up("A", "10-20").claim("A", "11-10"),
        "B 1", "B",
    ),
    "C29": (lambda: together("w", "x", "y").deal("11-10").follow_up("A", "10-20").claim("A", "11-10"), "A 1", "A"),
    "C30": (
        lambda: together("w", "x", "y").deal("11-10", guest_no="x")
        .follow_up("A", "10-20").appointment("A", "11-10").claim("A", "11-11"),
        "B 1", "B",
    ),
    "C30b": (
        lambda: together("w", "x", "y").deal("11-10").follow_up("A", "10-20").appointment("A", "11-10").claim("A", "11-11"),
        "A 1", "A",
    ),
    "C31": (
        lambda: together("w", "x", "y").deal("11-10", guest_no="x").follow_up("A", "10-20").appointment("A", "11-10")
        .follow_up("B", "10-21", guest_no="y").claim("A", "11-10"),
        "B 1", "B",
    ),
    "C33": (
        lambda: registered().follow_up("A", "10-20").claim("A", "11-10").deal("11-10", buyers=8), "A 1", "A",
    ),
    "C34": (lambda: registered().appointment("A", "11-10").claim("A", "11-10").deal("11-10", buyers=8), "A 1", "A"),
    "C35": (
        lambda: registered().follow_up("A", "10-20", guest_no="a").claim("A", "11-10").deal("11-10", buyers=8),
        "B 1", "B",
    ),
    "C36": (
        lambda: registered().follow_up("A", "10-20").claim("A", "11-11").deal("11-10", buyers=8), "B 1", "B",
    ),
    "C37": (lambda: registered().follow_up("A", "10-20").claim("A", "11-11").deal("11-10", buyers=7), "A 1", "A"),
    "C38": (
        lambda: registered().guest("w", kind="member", consultant_no="C").follow_up("A", "10-20").claim("A", "11-10")
        .deal("11-10", kind="renewal_in_term"),
        "C 1", "C",
    ),
    "C40": (
        lambda: registered().guest("w", kind="member", consultant_no="C").deal("11-10", kind="renewal_expired"),
        "C 1", "C",
    ),
    "C45": (
        lambda: registered().follow_up("B", "11-01", "10:00").follow_up("A", "11-01", "16:00")
        .appointment("A", "11-10", "09:00").appointment("B", "11-10", "11:00").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C46": (
        lambda: registered().follow_up("B", "11-01", "10:00").follow_up("A", "11-01", "16:00").claim("A", "11-10"),
        "A 1/2, B 1/2", "B",
    ),
    "C43": (
        lambda: registered().follow_up("B", "11-01").follow_up("A", "11-03").claim("A", "11-10"), "B 1", "B",
    ),
    "C47": (
        lambda: Scene().visit("11-10", "10:30", received_by="A").visit("11-10", "15:50", received_by="B")
        .deal("11-10").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C48": (
        lambda: Scene().visit("11-10", "10:30", received_by="A").deal("11-10").claim("A", "11-11"),
        "A 1/2, B 1/2", "B",
    ),
    "C49": (
        lambda: Scene().visit("11-10", "10:30", received_by="A").deal("11-10").claim("A", "11-12"), "B 1", "B",
    ),
    "C50": (
        lambda: registered().deal("11-10", user_no="u").follow_up("A", "10-20").claim("A", "11-10"), "B 1", "B",
    ),
    "C51": (
        lambda: registered().deal("11-10", user_no="u").follow_up("A", "10-20", guest_no="u").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C52": (lambda: registered("11-29").follow_up("A", "11-10").claim("A", "11-29"), "A 1", "A"),
    "C53": (lambda: registered("11-27").follow_up("A", "11-10").claim("A", "11-28"), "B 1", "B"),
    "C54": (lambda: registered("11-29").follow_up("A", "11-10").claim("A", "12-02"), "B 1", "B"),
    "C55": (lambda: registered("11-26").follow_up("A", "11-10").claim("A", "11-27"), "A 1", "A"),
    "C56": (lambda: registered().appointment("A", "11-10", signed_by=None).claim("A", "11-10"), "B 1", "B"),
    "C58": (
        lambda: registered().follow_up("A", "09-25").follow_up("B", "10-05").follow_up("A", "10-20").claim("A", "11-10"),
        "A 1", "A",
    ),
    "C14": (lambda: registered().appointment("A", "11-10", number="masked").claim("A", "11-10"), "B 1", "B"),
    "C26 a flyer as a call": (
        lambda: registered().contact("A", "flyer", "11-10", "09:00").appointment("A", "11-10", "09:05").claim("A", "11-12"),
        "A 1/2, B 1/2", "B",
    ),
    "C26 yields to a sheet": (
        lambda: registered().contact("A", "call_in", "11-10", "09:00").appointment("A", "11-10", "09:05")
        .follow_up("C", "11-01").claim("A", "11-10"),
        "B 1", "B",
    ),
    "C26 yields to a naming": (
        lambda: Scene().visit("11-10", received_by="B", asked_for="C").deal("11-10")
        .contact("A", "call_in", "11-10", "09:00").appointment("A", "11-10", "09:05").claim("A", "11-10"),
        "C 1", "C",
    ),
    "C32 one client's sheets": (
        lambda: together("w", "x", "y").deal("11-10").follow_up("B", "10-20").follow_up("A", "10-21")
        .appointment("A", "11-10").claim("A", "11-10"),
        "B 1", "B",
    ),
    "C39 an upgrade is the heir's": (
        lambda: _left("C", registered().guest("w", kind="member", consultant_no="C").deal("11-10", kind="upgrade"), "E"),
        "E 1", "E",
    ),
    "C39 an upgrade without an heir": (
        lambda: _left("C", registered().guest("w", kind="member", consultant_no="C").deal("11-10", kind="upgrade"), None),
        "B 1", "B",
    ),
    "C41": (
        lambda: _left("C", registered().guest("w", kind="member", consultant_no="C").deal("11-10", kind="renewal_expired"), None),
        "B 1", "B",
    ),
    "C42": (
        lambda: _left("C", registered().guest("w", kind="member", consultant_no="C").deal("11-10", kind="renewal_expired"), "E"),
        "E 1", "E",
    ),
    "C44 the earlier sheet": (
        lambda: registered().follow_up("A", "11-01").follow_up("B", "11-03").claim("A", "11-10"), "A 1", "A",
    ),
    "C59 the last of a short month": (
        lambda: registered("02-28").follow_up("A", "01-31").claim("A", "02-28"), "A 1", "A",
    ),
    "C59 the day after": (lambda: registered("03-01").follow_up("A", "01-31").claim("A", "03-01"), "B 1", "B"),
    "C13": (
        lambda: together("w", "x", "y").deal("11-10", guest_no="y").follow_up("A", "10-20")
        .appointment("A", "11-10", number="masked").claim("A", "11-10"),
        "A 1", "A",
    ),
    "the minute before the day ends": (
        lambda: Scene().visit("11-10", received_by="B").deal("11-11", "04:59").follow_up("A", "10-10", "23:00").claim("A", "11-10"),
        "A 1", "A",
    ),
    "the minute in which the next begins": (
        lambda: Scene().visit("11-10", received_by="B").deal("11-11", "05:00").follow_up("A", "10-10", "23:00").claim("A", "11-11"),
        "B 1", "B",
    ),
    "the 28th of November is among the last three": (
        lambda: registered("11-25").follow_up("A", "11-10").claim("A", "11-28"), "B 1", "B",
    ),
    "the 27th isn't": (lambda: registered("11-25").follow_up("A", "11-10").claim("A", "11-27"), "A 1", "A"),
    "two who claim on one day, the earlier sheet": (
        lambda: registered().follow_up("C", "11-01", "13:00").follow_up("A", "11-01", "14:00")
        .claim("A", "11-10").claim("C", "11-10"),
        "C 1", "C",
    ),
    "a sheet that was void makes nothing void": (
        lambda: registered().follow_up("C", "11-01", void="yes").follow_up("A", "11-03").claim("A", "11-10"), "A 1", "A",
    ),
    "the claimant left before finding it": (
        lambda: _left("A", registered().follow_up("A", "10-20").claim("A", "11-16"), None, "11-15"), "B 1", "B",
    ),
    "C60": (
        lambda: registered().follow_up("A", "11-01").follow_up("C", "11-03").claim("A", "11-10").claim("C", "11-12"),
        "A 1", "A",
    ),
}  # fmt: skip


APART = {
    number: CLUB.pop(number)
    for number in (
        "C39 an upgrade is the heir's", "C39 an upgrade without an heir", "C41", "C42",
        "C59 the last of a short month", "C59 the day after",
        "the claimant left before finding it",
    )
}  # fmt: skip
"""Those in which somebody left, or which are another month's: through files each has a house of its
own."""


@pytest.mark.parametrize("number", [*CLUB, *APART])
def test_club(number: str) -> None:
    make, shares, serves = (CLUB | APART)[number]
    credit = make().credit()
    assert {each.staff_no: each.share for each in credit.shares} == halves(shares)
    assert credit.serves == serves


@pytest.mark.parametrize("card", ["w", "x", "y"])
def test_c13_a_masked_appointment_beside_a_follow_up_gains_the_whole_party(card: str) -> None:
    scene = together("w", "x", "y").deal("11-10", guest_no=card).claim("A", "11-10")
    scene.follow_up("A", "10-20").appointment("A", "11-10", number="masked")
    assert scene.shares() == halves("A 1")


def test_a_masked_appointment_without_a_follow_up_is_void() -> None:
    scene = registered().appointment("A", "11-10", number="masked").claim("A", "11-10")
    assert scene.shares() == halves("B 1")


@pytest.mark.parametrize(
    ("number", "heirs", "shares"),
    [
        ("C41", [], "B 1"),
        ("C42", [Heir("w", night("09-01"), "C", "E")], "E 1"),
        ("given later", [Heir("w", night("11-11"), "C", "E")], "B 1"),
    ],
)
def test_an_expired_members_renewal_when_the_consultant_left(
    number: str, heirs: list[Heir], shares: str
) -> None:
    scene = registered().guest("w", kind="member", consultant_no="C")
    scene.staff["C"] = Person(night("08-31"))
    scene.heirs = heirs
    assert scene.deal("11-10", kind="renewal_expired").shares() == halves(shares)


def test_c38_is_final_whatever_is_claimed() -> None:
    make, *_ = CLUB["C38"]
    [verdict] = make().credit().verdicts
    assert verdict.result is Result.FINAL


def test_c51_the_users_renewal_is_whoevers_served_them() -> None:
    scene = (
        registered().guest("u", kind="member").deal("12-10", guest_no="u", kind="renewal_in_term")
    )
    scene.served = {"u": [(night("11-10"), "A")]}
    assert scene.shares() == halves("A 1")


def test_the_odd_cent_goes_to_whoever_serves() -> None:
    credit = registered().follow_up("A", "10-20").claim("A", "11-17").credit()
    assert {each.staff_no: each.cents for each in credit.shares} == {"A": 144000, "B": 144001}


@pytest.mark.parametrize(
    ("number", "result"),
    [("C5", Result.TOO_LATE), ("C6", Result.NO_GROUND), ("C53", Result.BETWEEN_THEM), ("C54", Result.NEXT_MONTH)],
)  # fmt: skip
def test_why_a_claim_gained_nothing(number: str, result: Result) -> None:
    make, *_ = CLUB[number]
    [verdict] = make().credit().verdicts
    assert verdict.result is result


def test_of_several_claims_one_gains_its_share() -> None:
    scene = registered().follow_up("A", "11-01").follow_up("C", "11-01", "13:00")
    credit = scene.claim("C", "11-10").claim("A", "11-17").credit()
    assert {each.staff_no: each.share for each in credit.shares} == halves("C 1")
    assert [each.result for each in credit.verdicts] == [Result.GRANTED, Result.BEHIND]
    tied = scene.claims[:0]
    scene.claims = tied
    assert scene.claim("C", "11-10").claim("A", "11-10").shares() == halves("A 1")


def test_who_can_still_claim_and_until_when() -> None:
    scene = registered().follow_up("A", "10-20")
    assert scene.sale is not None
    assert scene.rules is not None
    for today, share, until in (("11-10", "1", "11-16"), ("11-18", "1/2", "11-24")):
        [other] = [
            each
            for each in still_open(scene.sale, [], scene.around(), scene.rules, night(today))
            if each.staff_no != "B"
        ]
        assert other == ("A", Fraction(share), "follow_up", night(until))
    assert still_open(scene.sale, [], scene.around(), scene.rules, night("11-25")) == []


def test_an_unregistered_sale_can_be_claimed_without_end() -> None:
    scene = Scene().deal("11-10").follow_up("A", "10-20")
    assert scene.sale is not None
    assert scene.rules is not None
    [other] = still_open(scene.sale, [], scene.around(), scene.rules, night("11-10"))
    assert (other.staff_no, other.until) == ("A", None)


OFFICE = {
    "P1": (lambda: office().visit("11-01", received_by="A").deal("11-05", closer_no="A"), "A 1"),
    "P2": (
        lambda: office().visit("11-01", received_by="B", asked_for="B").deal("11-01", closer_no="B"), "B 1",
    ),
    "P3": (
        lambda: office().visit("10-03", received_by="C").visit("11-05", received_by="A").deal("11-05", closer_no="A"),
        "C 1",
    ),
    "P4": (
        lambda: office().visit("10-03", received_by="C").visit("11-05", received_by="B", asked_for="B")
        .deal("11-05", closer_no="B"),
        "B 1",
    ),
    "P6": (
        lambda: office().guest("boss", unit="大华公司").guest("clerk", unit="大华公司")
        .visit("11-01", guest_no="boss", received_by="A").visit("11-08", guest_no="clerk", received_by="B")
        .deal("11-08", guest_no="clerk"),
        "A 1",
    ),
    "P7": (
        lambda: office().contact("A", "call_in", "11-01").visit("11-05", received_by="B").deal("11-05"), "B 1",
    ),
    "name given first": (
        lambda: office().contact("A", "visit", "10-03", void="name_volunteered").visit("11-05", received_by="B").deal("11-05"),
        "B 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", OFFICE)
def test_sales_office(number: str) -> None:
    make, shares = OFFICE[number]
    assert make().shares() == halves(shares)


def test_p9_partners_agree_on_their_shares() -> None:
    scene = office().visit("11-01", received_by="A").deal("11-05", closer_no="B", amount=10001)
    scene.decision = CreditDecision(
        {"A": Fraction(3, 5), "B": Fraction(2, 5)}, "60/40", None, frozenset("AB")
    )
    credit = scene.credit()
    assert {each.staff_no: each.share for each in credit.shares} == halves("A 3/5, B 2/5")
    assert sum(each.cents for each in credit.shares) == 10001
    assert {each.staff_no: each.share for each in credit.by_rule} == halves("A 1")


@pytest.mark.parametrize(
    ("breach", "shares"),
    [
        (Breach("asked_client", night("11-06")), "B 1"),
        (Breach("asked_client", night("11-06"), frozenset({"w"})), "B 1"),
        (Breach("asked_client", night("11-06"), frozenset({"another"})), "A 1"),
        (Breach("asked_client", night("10-06")), "A 1"),
        (Breach("taken_client", night("11-06")), "A 1"),
    ],
)
def test_p10_whoever_asks_the_client_loses_them(breach: Breach, shares: str) -> None:
    scene = office().visit("11-01", received_by="A").visit("11-05", received_by="B").deal("11-05")
    scene.breaches = {"A": [breach]}
    assert scene.shares() == halves(shares)


KTV = {
    "S1": (lambda: ktv().booked("K1", "A", "11-10", "15:00").left("K1"), "A 1", "A"),
    "S2": (lambda: ktv().booked("K1", None, "11-10", "15:00", source="guest").left("K1"), "house 1", None),
    "S3": (
        lambda: ktv().visit("11-10", "21:00").booked("K1", None, "11-10", "21:01", source="walk_in", visit_no="v00")
        .turn("v00", "B").left("K1"),
        "B 1", "B",
    ),
    "S4": (
        lambda: ktv().visit("11-10", "21:00", received_by="C", asked_for="C")
        .booked("K1", None, "11-10", "21:01", source="walk_in", visit_no="v00").left("K1"),
        "C 1", "C",
    ),
    "S6": (
        lambda: ktv().visit("11-10", "21:00", received_by="C", asked_for="C")
        .booked("K1", "A", "11-10", "15:00", visit_no="v00").left("K1"),
        "A 1", "C",
    ),
    "S7": (lambda: ktv().booked("K2", "D", "11-10", "20:55").left("K2"), "D 1", "D"),
    "S8": (
        lambda: ktv().guest("h", unit="陈家").guest("f", unit="陈家").booked("K1", "A", "11-10", "15:00", guest_no="h")
        .booked("K2", "B", "11-10", "16:00", guest_no="f").left("K2"),
        "A 1", "A",
    ),
    "booked after they came": (
        lambda: ktv().visit("11-10", "21:00", received_by="B")
        .booked("K1", "A", "11-10", "21:30", arrived_at="21:00", visit_no="v00").left("K1"),
        "B 1", "B",
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", KTV)
def test_ktv(number: str) -> None:
    make, shares, serves = KTV[number]
    credit = make().credit()
    assert {each.staff_no: each.share for each in credit.shares} == halves(shares)
    assert credit.serves == serves
