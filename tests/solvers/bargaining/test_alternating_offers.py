import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers, OfferStatus
from reference import bargaining as slow

SEEDS = st.integers(0, 2**32 - 1)


# Known cases -------------------------------------------------------------------------------------------------


def test_rubinstein_shares():
    patience = np.array([[0.9, 0.95, 0.5], [0.9, 0.9, 0.8]])
    offers = AlternatingOffers(patience).solve()
    assert np.abs(offers.payoffs[0] - [0.526315789474, 0.689655172414, 0.333333333333]).max() < 1e-12
    assert offers.round.tolist() == [1, 1, 1]
    assert offers.proposer.tolist() == [0, 0, 0]
    assert (offers.payoffs == offers.split[0]).all()


def test_deadline_shares():
    known = {1: 1.0, 2: 0.1, 3: 0.91, 4: 0.181, 5: 0.8371, 10: 0.342800821, 50: 0.523603276207}
    for rounds, share in known.items():
        offers = AlternatingOffers((0.9, 0.9), rounds=rounds).solve()
        assert abs(offers.payoffs[0, 0] - share) < 1e-12
        assert abs(share - (1 - (-0.9) ** rounds) / 1.9) < 1e-12
        other = AlternatingOffers((0.9, 0.9), rounds=rounds, first=1).solve()
        assert abs(other.payoffs[1, 0] - share) < 1e-12


def test_breakdown_instead_of_impatience():
    """Binmore, Rubinstein and Wolinsky: (1 - b2 + (1 - p) b1) / (2 - p)."""
    terms = {"patience": (1, 1), "breakdown": 0.1, "breakdown_payoffs": (0.2, 0.1)}
    for rounds in (None, 401):
        offers = AlternatingOffers(**terms, rounds=rounds).solve()
        assert abs(offers.payoffs[0, 0] - 1.08 / 1.9) < 1e-12
    assert round(1.08 / 1.9, 6) == 0.568421
    rare = AlternatingOffers((1, 1), breakdown=1e-9, breakdown_payoffs=(0.2, 0.1)).solve()
    assert np.abs(rare.payoffs[:, 0] - [0.55, 0.45]).max() < 1e-8


@given(st.floats(0.05, 0.99), st.floats(0, 1))
def test_an_outside_option_matters_only_above_what_the_offers_give(patience, option):
    inert = patience / (1 + patience)
    offers = AlternatingOffers((patience, patience), outside_options=(0, option)).solve()
    assert abs(offers.payoffs[1, 0] - max(inert, option)) < 1e-12
    assert offers.status[0] == OfferStatus.AGREED


def test_one_number_stands_for_both_players():
    pairs = AlternatingOffers((0.9, 0.9), posturing=(0.01, 0.01), recognition=(0.5, 0.5)).solve()
    assert (
        AlternatingOffers(0.9, posturing=0.01, recognition=0.5).solve().payoffs.tolist()
        == pairs.payoffs.tolist()
    )


@given(st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_fixed_costs_of_a_round(one, other):
    """Rubinstein (1982): all to who bears the smaller cost; it leaves its cost to who makes the first offer."""
    terms = {"patience": 1, "posturing": (-one, -other), "least_share": 0}
    if one == other:
        with pytest.raises(InvalidArgumentError, match="different costs of a round"):
            AlternatingOffers(**terms)
        return
    assume(abs(one - other) > 1e-12)  # what closer costs lead to is decided by rounding
    share = 1.0 if one < other else other
    for talks in (AlternatingOffers(**terms), AlternatingOffers(**terms, rounds=401)):
        found = talks.solve()
        assert found.round.tolist() == [1]
        if talks.rounds is None or abs(one - other) > 0.01:
            assert np.abs(found.payoffs[:, 0] - [share, 1 - share]).max() < 1e-12


@given(SEEDS, st.booleans())
def test_least_shares_far_from_a_deadline(seed, chance):
    """What parliaments insist on binds offers like an option outside, with and without a deadline."""
    rng = np.random.default_rng(seed)
    terms = {
        "patience": rng.uniform(0.2, 0.9, (2, 4)),
        "disagreement": rng.uniform(-0.5, 0.1, (2, 4)),
        "breakdown": rng.uniform(0, 0.5, 4),
        "posturing": rng.uniform(-0.3, 0, (2, 4)),
        "least_share": rng.uniform(0, 0.45, (2, 4)),
        "recognition": rng.dirichlet((1, 1), 4).T if chance else None,
    }
    ever, far = AlternatingOffers(**terms).solve(), AlternatingOffers(**terms, rounds=401).solve()
    assert (ever.status == OfferStatus.AGREED).all()
    assert (far.round == 1).all()
    assert np.abs(ever.payoffs - far.payoffs).max() < 1e-9
    assert (ever.split >= terms["least_share"] - 1e-12).all()


def test_least_shares_that_are_too_much():
    """The two-level game: no deal where both sides' parliaments want more than there is."""
    for rounds in (None, 5):
        found = AlternatingOffers(0.9, rounds=rounds, least_share=0.6).solve()
        assert found.status[0] in {OfferStatus.NEVER, OfferStatus.EXPIRED}
        fair = AlternatingOffers(0.9, rounds=rounds, least_share=(0.2, 0.7)).solve()
        assert fair.payoffs[:, 0] == pytest.approx([0.3, 0.7], abs=1e-12)


# The slow twin -----------------------------------------------------------------------------------------------


@given(SEEDS, st.integers(1, 8), st.booleans(), st.booleans())
def test_the_slow_twin_finds_the_same(seed, rounds, options, chance):
    rng = np.random.default_rng(seed)
    draws = 3
    patience, posturing = (
        rng.uniform(0.5, 1, (2, draws)),
        rng.uniform(0, 0.3, (2, draws)) * rng.integers(0, 2),
    )
    disagreement, broken = rng.normal(0, 0.3, (2, draws)), rng.normal(0, 0.3, (2, draws))
    hazard, payments = rng.uniform(0, 0.4, draws), rng.uniform(0, 0.5, (rounds, draws))
    outside = rng.uniform(-0.2, 0.8, (2, draws)) if options else None
    recognition = rng.uniform(0.3, 1, (2, draws)) if chance else None
    first = int(rng.integers(0, 2))
    offers = AlternatingOffers(
        patience, rounds=rounds, first=first, disagreement=disagreement, breakdown=hazard,
        breakdown_payoffs=broken, outside_options=outside, posturing=posturing, side_payment=payments,
        recognition=recognition,
    ).solve()  # fmt: skip
    for n in range(draws):
        value, ends = slow.offers(
            1.0, patience[:, n], rounds, first, disagreement[:, n], hazard[n], broken[:, n],
            None if outside is None else outside[:, n], posturing[:, n], payments[:, n],
            None if recognition is None else recognition[:, n],
        )  # fmt: skip
        assert np.abs(offers.payoffs[:, n] - value).max() < 1e-12
        if not (options and chance):  # who walks out may then depend on who proposes
            assert offers.round[n] == ends
            assert (offers.status[n] == OfferStatus.EXPIRED) == (ends == 0)


@given(SEEDS, st.booleans())
def test_a_far_deadline_is_no_deadline(seed, options):
    rng = np.random.default_rng(seed)
    terms = {
        "patience": rng.uniform(0.2, 0.9, (2, 4)),
        "breakdown": rng.uniform(0, 0.3, 4),
        "breakdown_payoffs": rng.uniform(-0.3, 0.3, (2, 4)),
        "posturing": rng.uniform(0, 0.02, (2, 4)),
        "outside_options": rng.uniform(0, 0.45, (2, 4)) if options else None,
    }
    ever, far = AlternatingOffers(**terms).solve(), AlternatingOffers(**terms, rounds=401).solve()
    assert (ever.status == OfferStatus.AGREED).all()
    assert (far.round == 1).all()
    assert np.abs(ever.payoffs - far.payoffs).max() < 1e-9


@given(SEEDS)
def test_a_far_deadline_is_no_deadline_when_chance_names_the_proposer(seed):
    rng = np.random.default_rng(seed)
    terms = {"patience": rng.uniform(0.2, 0.9, (2, 4)), "recognition": rng.uniform(0, 1, (2, 4))}
    ever, far = AlternatingOffers(**terms).solve(), AlternatingOffers(**terms, rounds=401).solve()
    agreed = (far.round == 1) & (ever.status == OfferStatus.AGREED)
    assert agreed.any()
    assert np.abs(ever.payoffs - far.payoffs)[:, agreed].max() < 1e-9


# Signs -------------------------------------------------------------------------------------------------------


@given(SEEDS, st.integers(2, 20))
def test_they_agree_at_once_or_in_the_last_round(seed, rounds):
    """At once exactly if both together get less from waiting a round than from the pie."""
    rng = np.random.default_rng(seed)
    draws = 200
    pie, patience = rng.uniform(0.5, 2, draws), rng.uniform(0.7, 1, draws)
    hazard, posturing = rng.uniform(0, 0.2, draws), rng.uniform(0, 0.3, (2, draws))

    def solve(pie=pie, patience=patience, hazard=hazard, posturing=posturing):
        return AlternatingOffers(
            np.stack([patience, patience]), pie, rounds, breakdown=hazard, posturing=posturing
        ).solve()

    offers = solve()
    at_once = posturing.sum(axis=0) < (1 - patience * (1 - hazard)) * pie
    assert (offers.round == np.where(at_once, 1, rounds)).all()
    assert np.allclose(offers.reached, np.where(at_once, 1, (1 - hazard) ** (rounds - 1)))
    # Deadline agreement: posturing +, pie -, hazard -, impatience -.
    late = offers.round == rounds
    assert (solve(posturing=posturing * 1.2).round == rounds)[late].all()
    assert (solve(pie=pie * 0.8).round == rounds)[late].all()
    assert (solve(hazard=hazard * 0.8).round == rounds)[late].all()
    assert (solve(patience=1 - 0.8 * (1 - patience)).round == rounds)[late].all()
    # The other direction of each may bring agreement forward, never put it off.
    assert (solve(posturing=posturing * 0.8).round == 1)[~late].all()


@given(SEEDS, st.integers(2, 12))
def test_the_last_round_belongs_to_whoever_proposes_in_it(seed, rounds):
    rng = np.random.default_rng(seed)
    disagreement = rng.uniform(0, 0.4, 2)
    offers = AlternatingOffers((1, 1), rounds=rounds, posturing=(0.1, 0.1), disagreement=disagreement).solve()
    last = (rounds - 1) % 2
    assert offers.round[0] == rounds
    assert offers.proposer[0] == last
    split = offers.split[last, :, 0]
    assert abs(split[1 - last] - disagreement[1 - last]) < 1e-12
    assert abs(split.sum() - 1) < 1e-12


@given(SEEDS, st.integers(1, 9))
def test_better_disagreement_lowers_the_surplus_and_pressure_shifts_the_split(seed, rounds):
    rng = np.random.default_rng(seed)
    patience, start = rng.uniform(0.5, 1, 2), rng.uniform(0, 0.3, 2)
    rise = rng.uniform(0, 0.2)

    def solve(disagreement, pie=1.0):
        return AlternatingOffers(patience, pie, rounds, disagreement=disagreement).solve()

    before = solve(start)
    both = solve(start + rise)
    assert both.surplus[-1, 0] <= before.surplus[-1, 0]
    # Pressure by an ally: agreement is worth more to both together, its lack less to the one pressed.
    pressed = solve(start - [rise, 0], 1 + rise)
    assert pressed.surplus[-1, 0] >= before.surplus[-1, 0]
    only = solve(start - [rise, 0])
    assert only.payoffs[0, 0] <= before.payoffs[0, 0] + 1e-12
    assert only.payoffs[1, 0] >= before.payoffs[1, 0] - 1e-12


@given(st.floats(0.5, 0.99), st.integers(2, 13), st.floats(0.01, 2))
def test_a_subsidy_that_waits_for_the_deadline_delays_agreement(patience, rounds, subsidy):
    payments = np.zeros(rounds)
    payments[-1] = subsidy
    late = AlternatingOffers((patience, patience), rounds=rounds, side_payment=payments).solve()
    worth = patience ** (rounds - 1) * (1 + subsidy)
    if abs(worth - 1) > 1e-9:
        assert late.round[0] == (rounds if worth > 1 else 1)
    always = AlternatingOffers((patience, patience), rounds=rounds, side_payment=subsidy).solve()
    assert always.round[0] == 1


@given(st.floats(0.8, 0.999), st.floats(0.05, 1), st.floats(0.0, 1.0))
def test_optimists_wait_for_a_firm_deadline_and_not_for_a_random_one(patience, optimism, share):
    first = (1 + optimism) * share
    beliefs = np.clip([first, 1 + optimism - first], optimism, 1)
    both = beliefs.sum() - 1
    # The last round is worth 1 + optimism to both together; so long as that beats agreeing now, they wait.
    rounds = 2
    while patience**rounds * (1 + both) > 1 + 1e-9 and rounds < 12:
        rounds += 1
    firm = AlternatingOffers((patience, patience), rounds=rounds, recognition=beliefs).solve()
    if patience ** (rounds - 1) * (1 + both) > 1 + 1e-9:
        assert firm.round[0] == rounds
    for hazard in (1 / rounds, 0.01):
        loose = AlternatingOffers((patience, patience), breakdown=hazard, recognition=beliefs).solve()
        assert loose.round[0] == 1
        assert loose.status[0] == OfferStatus.AGREED


def test_holding_out_for_ever():
    offers = AlternatingOffers((0.9, 0.9), posturing=[[0.04, 0.06], [0.05, 0.06]]).solve()
    assert offers.status.tolist() == [OfferStatus.AGREED, OfferStatus.NEVER]
    assert offers.round.tolist() == [1, 0]
    assert np.abs(offers.payoffs[:, 1] - 0.6).max() < 1e-12
    # What agreement adds to holding out is shared as without posturing.
    assert np.abs(offers.payoffs[:, 0] - [0.4 + 0.1 / 1.9, 0.5 + 0.09 / 1.9]).max() < 1e-12
    walk = AlternatingOffers((0.9, 0.9), outside_options=(0.6, 0.6)).solve()
    assert walk.status.tolist() == [OfferStatus.OPTED_OUT]
    assert walk.payoffs[:, 0].tolist() == [0.6, 0.6]
    expired = AlternatingOffers((0.9, 0.9), rounds=3, disagreement=(0.7, 0.7)).solve()
    assert expired.status.tolist() == [OfferStatus.EXPIRED]
    assert expired.round.tolist() == [0]
    assert np.abs(expired.payoffs[:, 0] - 0.567).max() < 1e-12
    assert np.isnan(expired.split).all()
    assert all(status.sentence.endswith(".") for status in OfferStatus)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"patience": (0.9, 1.1)}, "patience: numbers between 0 and 1"),
        ({"patience": (1, 1)}, "must be below 1 where there is no deadline"),
        ({"patience": (0.9,)}, "patience: two finite numbers"),
        ({"patience": "x"}, "patience: two finite numbers"),
        ({"patience": 0.9, "pie": "x"}, "pie: a finite number"),
        ({"patience": 1, "posturing": (-0.1, -0.2)}, "with a least_share and different costs"),
        ({"patience": (0.9, 0.9), "rounds": 0}, "whole number from 1 on"),
        ({"patience": (0.9, 0.9), "first": 2}, "0 or 1 was expected"),
        ({"patience": (0.9, 0.9), "breakdown": -0.1}, "breakdown: numbers between 0 and 1"),
        ({"patience": (0.9, 0.9), "rounds": 3, "side_payment": (1, 2)}, "one for each of 3 rounds"),
        ({"patience": (0.9, 0.9), "side_payment": (1, 2)}, "needs a deadline"),
        ({"patience": (0.9, 0.9), "pie": [1, 2], "breakdown": [0.1] * 3}, "1 or 3 draws"),
        ({"patience": (0.9, 0.9), "recognition": (1, 1), "outside_options": (0, 0)}, "need a deadline"),
    ],
)
def test_misuse(terms, message):
    with pytest.raises(InvalidArgumentError, match=message):
        AlternatingOffers(**terms)
