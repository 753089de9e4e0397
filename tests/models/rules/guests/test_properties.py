"""What holds of the guest desk's judgements whatever the facts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.guests.credit import WHOLE, Result, credit, still_open
from models.rules.guests.facts import Claim, Visit
from models.rules.guests.ownership import owner_at_door
from models.rules.guests.promises import Case, Service, State, promises
from models.rules.guests.rotation import Door, Turn, play
from models.rules.guests.rulebook import IN_HOUSE, NOT_IN_HOUSE, PromiseRule
from tests.models.rules.guests.scene import Scene, guest_rules, night
from tests.models.rules.guests.test_promises import CALENDAR, hours

STAFF = "ABC"
NIGHTS = [f"11-{day:02}" for day in (1, 3, 9, 10)] + ["10-09", "10-10", "10-20", "09-25"]
FOUND = st.dates(date(2026, 11, 10), date(2026, 12, 3))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    rulebook = draw(st.sampled_from(["club", "property_sales", "nightlife"]))
    scene = Scene(rulebook)
    scene.guest("w", kind="member", consultant_no="C") if draw(st.booleans()) else scene.guest("w")
    guests = st.sampled_from(["w", "x", "y"])
    clocks = st.sampled_from(["09:00", "12:00", "15:30"])
    staff = st.sampled_from(STAFF)
    party = draw(st.sampled_from([None, "p"]))
    for guest_no in ("w", "x", "y"):
        if draw(st.booleans()):
            scene.visit(
                draw(st.sampled_from(["11-10", "11-09"])), draw(clocks), guest_no, draw(staff),
                party_no=party, asked_for=draw(st.sampled_from([None, None, "C"])),
                voucher_of=draw(st.sampled_from([None, None, "A"])),
            )  # fmt: skip
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["follow_up", "follow_up", "appointment", "call_in", "visit"]))
        day = "11-10" if kind != "follow_up" else draw(st.sampled_from(NIGHTS))
        number = draw(st.sampled_from(["full", "full", "masked", "overwritten", "unreachable"]))
        reached = draw(st.sampled_from([None, "11-12"])) if number == "unreachable" else None
        scene.contact(
            draw(staff), kind, day, draw(clocks), draw(guests), day, number=number,
            reached_on=reached, signed_by=draw(st.sampled_from([None, "boss", "boss"])),
        )  # fmt: skip
    deal = draw(st.sampled_from(["new", "new", "new", "renewal_in_term", "renewal_expired"]))
    scene.deal(
        draw(st.sampled_from(["11-10", "11-27"])), guest_no=draw(guests), kind=deal,
        buyers=draw(st.sampled_from([1, 1, 8])), amount=draw(st.integers(0, 10**6)),
        closer_no=draw(staff),
    )  # fmt: skip
    assert scene.sale is not None
    for staff_no in draw(st.lists(staff, unique=True)):
        found = max(draw(FOUND), scene.sale.night)
        scene.claims.append(Claim("d1", staff_no, found))
    return scene


def share_of(scene: Scene, staff_no: str) -> object:
    return scene.shares().get(staff_no, 0)


@given(scenes())
def test_shares_come_to_one_and_cents_to_the_amount(scene: Scene) -> None:
    assert scene.sale is not None
    judged = scene.credit()
    assert sum(each.share for each in judged.shares) == WHOLE
    assert sum(each.cents for each in judged.shares) == scene.sale.amount
    assert all(each.cents >= 0 for each in judged.shares)
    assert scene.credit() == judged


@given(scenes(), st.randoms())
def test_the_order_of_the_facts_makes_no_difference(scene: Scene, random: object) -> None:
    judged = scene.credit()
    for facts in (scene.contacts, scene.visits, scene.claims):
        random.shuffle(facts)  # type: ignore[attr-defined]
    scene.guests = dict(sorted(scene.guests.items(), reverse=True))
    assert scene.credit() == judged


@given(scenes())
def test_a_claim_of_ones_own_never_lowers_ones_share(scene: Scene) -> None:
    assert scene.sale is not None
    assert scene.rules is not None
    claims, around = scene.claims, scene.around()
    for claim in claims:
        without = [each for each in claims if each != claim]
        shares = [
            sum(s.share for s in credit(scene.sale, told, around, scene.rules).shares if s.staff_no == claim.staff_no)
            for told in (without, claims)
        ]  # fmt: skip
        assert shares[0] <= shares[1]


@given(scenes())
def test_found_earlier_is_never_worse(scene: Scene) -> None:
    assert scene.sale is not None
    assert scene.rules is not None
    around = scene.around()
    for staff_no in STAFF:
        shares = []
        for days in range(20):
            found_on = scene.sale.night + timedelta(days=days)
            judged = credit(scene.sale, [Claim("d1", staff_no, found_on)], around, scene.rules)
            shares.append(sum(s.share for s in judged.shares if s.staff_no == staff_no))
        assert shares == sorted(shares, reverse=True)


@given(scenes())
def test_taking_a_fact_back_takes_its_effect_back(scene: Scene) -> None:
    judged = scene.credit()
    claims, contacts = list(scene.claims), list(scene.contacts)
    scene.claims.append(Claim("d1", "D", night("11-28")))
    scene.follow_up("D", "11-02")
    scene.credit()
    scene.claims, scene.contacts = claims, contacts
    assert scene.credit() == judged
    scene.claims = []
    assert scene.credit().granted is None


@given(scenes())
def test_what_is_granted_is_granted_once(scene: Scene) -> None:
    results = [each.result for each in scene.credit().verdicts]
    assert results.count(Result.GRANTED) <= 1
    assert Result.BEHIND not in results or Result.GRANTED in results


ORDER = ("A", "B", "C", "D")
REASONS = st.sampled_from([None, None, None, *IN_HOUSE, *NOT_IN_HOUSE])


@st.composite
def rounds(
    draw: st.DrawFn,
) -> tuple[str, list[Turn], dict[int, Door], dict[tuple[str, int], str | None]]:
    rulebook = draw(st.sampled_from(["property_sales", "nightlife"]))
    count = draw(st.integers(0, 12))
    turns, doors, away = [], {}, {}
    for at in range(count):
        doors[at] = draw(
            st.sampled_from([Door(), Door(), Door(), Door(named="B"), Door(owner="C")])
        )
        for staff_no in ORDER:
            away[staff_no, at] = draw(REASONS)
        how = "named" if doors[at].named else "known" if doors[at].owner else None
        receiver = draw(st.sampled_from([*ORDER, None]))
        turns.append(Turn(f"t{at:02}", night("11-10"), at, f"v{at}", receiver, how))
    return rulebook, turns, doors, away


@given(rounds(), st.randoms())
def test_every_turn_accounts_for_everybody_on_the_order(
    played: tuple[str, list[Turn], dict[int, Door], dict[tuple[str, int], str | None]],
    random: object,
) -> None:
    rulebook, turns, doors, away = played
    rules = guest_rules(rulebook).rotation
    assert rules is not None

    def judge(turns: list[Turn]) -> list:  # type: ignore[type-arg]
        return play(turns, ORDER, rules, lambda t: doors[t.at], lambda who, t: away[who, t.at])[0]

    judged = judge(turns)
    for each in judged:
        passed = [other.staff_no for other in each.passed]
        people = [*passed, *each.behind, *({each.turn.staff_no} & set(ORDER))]
        assert sorted(people) == sorted(ORDER)
        # Nobody is given a guest by the order who can't take one while somebody else can.
        if doors[each.turn.at] == Door() and each.right is not None:
            free = [who for who in ORDER if away[who, each.turn.at] is None]
            assert not free or each.right in free
    shuffled = list(turns)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled) == judged
    # A turn that is taken back leaves those before it as they were.
    if turns:
        assert judge(turns[:-1]) == judged[:-1]


@given(st.integers(0, 30))
def test_when_all_are_free_turns_are_shared_out_evenly(count: int) -> None:
    for rulebook in ("property_sales", "nightlife"):
        rules = guest_rules(rulebook).rotation
        assert rules is not None
        turns: list[Turn] = []
        for at in range(count):
            _, standing = play(turns, ORDER, rules, lambda t: Door(), lambda who, t: None)
            given = standing.whose(Door(), lambda who: None)
            turns.append(Turn(f"t{at:02}", night("11-10"), at, None, given.staff_no, "turn"))
        had = [sum(t.staff_no == who for t in turns) for who in ORDER]
        assert max(had) - min(had) <= 1


def test_a_replaced_rulebook_changes_the_answer() -> None:
    scene = Scene().visit("11-10", received_by="B").deal("11-10").follow_up("A", "10-20")
    scene.claim("A", "11-17")
    assert scene.rules is not None
    assert scene.shares() == {"A": WHOLE / 2, "B": WHOLE / 2}
    scene.rules = scene.rules._replace(claims=())
    assert scene.shares() == {"B": WHOLE}


# Whose a guest is, at the door


@given(scenes(), st.randoms())
def test_whose_a_guest_is_follows_from_the_facts_alone(scene: Scene, random: object) -> None:
    assert scene.rules is not None
    rules = scene.rules
    doors = [Visit("now", night("11-10"), scene.at("11-10", "17:00"), who) for who in "wxy"]
    owned = [owner_at_door(door, scene.around(), rules) for door in doors]
    assert [owner_at_door(door, scene.around(), rules) for door in doors] == owned
    for facts in (scene.contacts, scene.visits):
        random.shuffle(facts)  # type: ignore[attr-defined]
    assert [owner_at_door(door, scene.around(), rules) for door in doors] == owned
    contacts = list(scene.contacts)
    scene.contact("D", "visit", "10-01", guest_no="w")
    scene.around()
    scene.contacts = contacts
    assert [owner_at_door(door, scene.around(), rules) for door in doors] == owned


# What was promised

MINUTES = st.integers(0, 20 * 24 * 60)


@st.composite
def promised(draw: st.DrawFn) -> tuple[PromiseRule, list[Case], Service, int]:
    rule = draw(
        st.sampled_from(
            [*guest_rules("nightlife").promises, *guest_rules("property_sales").promises]
        )
    )
    begins = CALENDAR.parse("2026-11-01T12:00")
    kinds = frozenset(
        draw(st.sets(st.sampled_from(["simple", "general", "complex", "member", "guest"])))
    )

    def instants(most: int) -> tuple[int, ...]:
        return tuple(begins + 60 * each for each in draw(st.lists(MINUTES, max_size=most)))

    cases = [
        Case(f"c{number}", begins + 60 * draw(MINUTES), kinds, instants(4), instants(5))
        for number in range(draw(st.integers(1, 4)))
    ]
    nights = draw(st.sets(st.dates(date(2026, 10, 31), date(2026, 12, 31)), max_size=40))
    return rule, cases, Service(CALENDAR, hours, nights), begins + 60 * draw(MINUTES)


@given(promised(), st.randoms())
def test_what_is_due_follows_from_the_facts_alone(
    made: tuple[PromiseRule, list[Case], Service, int], random: object
) -> None:
    rule, cases, service, now = made
    found = {each.about: each for each in promises(rule, cases, service, now)}
    shuffled = [
        case._replace(acts=case.acts[::-1], tries=case.tries[::-1]) for case in reversed(cases)
    ]
    assert {each.about: each for each in promises(rule, shuffled, service, now)} == found
    for each in found.values():
        assert each.starts_at <= each.half_at <= each.due_at
        assert each.aim_at <= each.due_at
        assert each.kept_at is None or each.starts_at <= each.kept_at <= now
    # What was done makes nothing due at another time, and taken back it is as if it hadn't been.
    bare = [case._replace(acts=(), tries=()) for case in cases]
    for before in promises(rule, bare, service, now):
        assert before.due_at == found[before.about].due_at
        assert before.state in (State.OPEN, State.OVERDUE)
    # As time goes by, what is kept stays kept.
    for later in promises(rule, cases, service, now + 60):
        was = found[later.about]
        assert was.kept_at is None or later.kept_at == was.kept_at
        assert was.state is not State.OVERDUE or later.state is not State.OPEN


@given(scenes())
def test_asked_twice_the_same(scene: Scene) -> None:
    assert scene.credit() == scene.credit()
    assert scene.sale is not None
    assert scene.rules is not None
    today = scene.sale.night
    around = scene.around()
    first = still_open(scene.sale, scene.claims, around, scene.rules, today)
    assert still_open(scene.sale, scene.claims, around, scene.rules, today) == first
    # Whoever could still claim gains what they are told they would.
    for each in first:
        judged = credit(scene.sale, [Claim("d1", each.staff_no, today)], around, scene.rules)
        assert judged.granted is not None
        assert judged.granted.share == each.share
