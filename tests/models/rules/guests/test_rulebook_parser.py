"""The guest desk's part of a rulebook is read strictly: what it doesn't know is refused."""

import re
from fractions import Fraction

import pytest

from models.rules.guests.rulebook import CLAIM_WORDS, OWNER_WORDS, Band, Range, Skip, Validity
from models.rules.guests.validation import format_shares, parse_shares
from models.rules.rulebook_parser import parse
from models.rules.shipped import load
from models.values.problems import Refused
from tests.models.rules.guests.scene import guest_rules

BARE = re.sub(r"\n# The guest desk\..*", "", load("club").source, flags=re.S)


def problems(section: str) -> set[str]:
    """Where something is wrong in a rulebook with that section."""
    with pytest.raises(Refused) as refusal:
        parse(f"{section}\n{BARE}" if section[0] != "[" else f"{BARE}\n{section}")
    return {each.field for each in refusal.value.problems}


def test_a_rulebook_may_have_no_guest_desk() -> None:
    assert parse(BARE).guests is None


def test_the_clubs_rules_are_read_whole() -> None:
    rules = guest_rules("club")
    assert rules.touches["follow_up"].valid == Validity(months=1)
    assert rules.touches["follow_up"].second_void
    assert rules.touches["appointment"].signed
    assert rules.number.unreachable_days == 2
    follow_up = next(rule for rule in rules.claims if rule.code == "follow_up")
    assert follow_up.found == (Band(7, Fraction(1)), Band(15, Fraction(1, 2)))
    group = next(rule for rule in rules.claims if rule.code == "group")
    assert group.when["buyers"] == Range(8, None)
    assert rules.month_end.last_days == 3
    assert rules.month_end.next_month_void


def test_every_word_of_a_when_is_known_to_the_judgement() -> None:
    from models.rules.guests.credit import CLAIM_ANSWERS
    from models.rules.guests.ownership import OWNER_ANSWERS

    assert set(OWNER_WORDS) == OWNER_ANSWERS.keys()
    assert set(CLAIM_WORDS) == OWNER_ANSWERS.keys() | CLAIM_ANSWERS.keys()


def test_what_a_rotation_leaves_out_does_what_the_nearest_does() -> None:
    rotation = guest_rules("property_sales").rotation
    assert rotation is not None
    assert rotation.passed("slip_private") is Skip.COUNTED
    assert rotation.passed("slip_duty") is Skip.OWED
    assert rotation.passed("rest") is Skip.OUT
    assert rotation.passed("own_room") is Skip.OWED


OWNER = '[[owners]]\ncode = "a"\nclause = "1"\nowner = "closer"\nwhen = {}\n'
CLAIM = OWNER + '[[claims]]\ncode = "b"\nclause = "1"\n'
PROMISE = '[[promises]]\ncode = "a"\nstarts = "complaint"\nends = "answered"\n'
WRONG = {
    "guest = {}": {"guest"},
    "guests = 3": {"guests"},
    "[guests]\ncolour = 1": {"guests.colour"},
    "[guests]\none_client = []": {"guests.one_client"},
    '[guests]\none_client = ["name"]': {"guests.one_client"},
    "[guests.number]\nown = 1": {"guests.number.own"},
    '[guests.number]\nmasked = "perhaps"': {"guests.number.masked"},
    "[guests.number]\nunreachable_days = -1": {"guests.number.unreachable_days"},
    '[touches.letter]\nvalid = "day"': {"touches.letter"},
    "[touches.visit]": {"touches.visit.valid"},
    '[touches.visit]\nvalid = "2 weeks"': {"touches.visit.valid"},
    '[touches.visit]\nvalid = "day"\nsecond = "fine"': {"touches.visit.second"},
    '[touches.visit]\nvalid = "day"\nvoid_if = "late"': {"touches.visit.void_if"},
    OWNER.replace("when = {}", ""): {"owners.a.when"},
    OWNER.replace("{}", "{ follow_up = true }"): {"owners.a.when.follow_up"},
    OWNER.replace("{}", "{ voucher = 1 }") + OWNER.replace('"a"', '"z"'): {"owners.a.when.voucher"},
    OWNER.replace('"closer"', '"sales"'): {"owners.a.owner"},
    OWNER.replace('"1"', '""'): {"owners.a.clause"},
    OWNER + OWNER: {"owners"},
    OWNER + "final = 1": {"owners.a.final"},
    OWNER.replace("{}", "{ voucher = true }"): {"owners"},
    CLAIM + "when = {}": {"claims.b.found"},
    CLAIM + 'when = {}\nfound = [{ days = 0, share = "1" }]': {"claims.b.found[1].days"},
    CLAIM + 'when = {}\nfound = [{ share = "3/2" }]': {"claims.b.found[1].share"},
    CLAIM + 'when = {}\nfound = [{ share = "1/0" }]': {"claims.b.found[1].share"},
    CLAIM + 'when = {}\nfound = [{ share = 0.5 }]': {"claims.b.found[1].share"},
    CLAIM + 'when = {}\nfound = [{ days = 7, share = "1" }, { days = 7, share = "1/2" }]': {"claims.b.found"},
    CLAIM + 'when = {}\nfound = [{ days = 7, share = "1/2" }, { share = "1" }]': {"claims.b.found"},
    CLAIM + "when = { buyers = {} }\nfound = []": {"claims.b.when.buyers"},
    CLAIM + "when = { buyers = { least = 8 } }\nfound = []": {"claims.b.when.buyers.least", "claims.b.when.buyers"},
    CLAIM + 'when = { closer_follow_up = "before" }\nfound = []': {"claims.b.when.closer_follow_up"},
    CLAIM + "when = { follow_up = true, moon = true }\nfound = []": {"claims.b.when.moon"},
    CLAIM.removeprefix(OWNER) + "when = {}\nfound = []": {"claims"},
    '[after]\nservice = { whole = "guest" }': {"after.service.whole"},
    '[after]\nshares = { booker = "7/10" }': {"after.shares.booker"},
    '[after]\nshares = { booker = "1", served = "3/10" }': {"after.shares.served"},
    '[after]\nshares = { driver = "1" }': {"after.shares.driver"},
    '[after]\npartner = "ask"': {"after.partner"},
    "[month_end]\nlast_days = 40": {"month_end.last_days"},
    '[month_end]\nchange_signed_by = ["guest"]': {"month_end.change_signed_by"},
    '[month_end]\nearlier = "lost"': {"month_end.earlier"},
    '[rotation]\ncounting = "dice"': {"rotation.counting"},
    '[rotation.skip]\nasleep = "out"': {"rotation.skip.asleep"},
    '[rotation.skip]\nphone = "sorry"': {"rotation.skip.phone"},
    '[rotation.named]\nbusy = "turn"': {"rotation.named.busy"},
    "[rotation.suspension]\nnights = 0": {"rotation.suspension.nights"},
    PROMISE: {"promises.a.within"},
    PROMISE + 'within = "2 nights"': {"promises.a.within"},
    PROMISE + 'within = "2 h"\nclock = "sun"': {"promises.a.clock"},
    PROMISE + 'within = "2 h"\nat_most = "1 h"': {"promises.a.at_most"},
    PROMISE + 'within = "2 h"\nnot_between = ["02:00"]': {"promises.a.not_between"},
    PROMISE + 'within = "2 h"\nfor = ["vip"]': {"promises.a.for"},
    PROMISE + 'within = "2 h"\nescalate = ["police"]': {"promises.a.escalate"},
    PROMISE.replace("answered", "done") + 'within = "2 h"': {"promises.a.ends"},
    "[promises]\ncode = 1": {"promises"},
}  # fmt: skip


@pytest.mark.parametrize("section", WRONG)
def test_what_is_wrong_is_named_by_where(section: str) -> None:
    assert problems(section) == WRONG[section]


@pytest.mark.parametrize(
    "text", ["A:3/5 B:2/5", "A=60%; B=40%", "A 3/5, B 2/5", "A:0.6,B:0.4", "A : 6/10 B : 4/10"]
)
def test_shares_are_read_as_people_write_them(text: str) -> None:
    shares = parse_shares(text)
    assert shares == {"A": Fraction(3, 5), "B": Fraction(2, 5)}
    assert parse_shares(format_shares(shares)) == shares


@pytest.mark.parametrize(
    "text", ["", "A", "A:1/2", "A:2 B:-1", "A:1/2 A:1/2", "A:1/0 B:1", "A:0 B:1", "half each"]
)
def test_shares_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_shares(text)
