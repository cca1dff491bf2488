import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.games.deadline import DeadlineGame
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers
from bargain.solvers.bargaining.deadline_offers import DeadlineOffers, DeadlineStatus
from reference.bargaining import deadline_offers

SEEDS = st.integers(0, 2**32 - 1)
PIE = {"all to the first": [(0, 1), (1, 0)]}


def solve(**terms):
    return DeadlineOffers().solve(DeadlineGame(("A", "B"), **terms))


# The slow twin and the closed forms --------------------------------------------------------------------------


@given(SEEDS, st.integers(1, 6), st.booleans(), st.booleans())
def test_the_slow_twin_finds_the_same(seed, rounds, options, chance):
    rng = np.random.default_rng(seed)
    draws = 3
    deals = {str(k): rng.normal(0.5, 1, (2, 2, draws)) for k in range(rng.integers(1, 4))}
    path = solve(
        deals=deals,
        disagreement=rng.normal(0, 0.5, (2, draws)),
        patience=rng.uniform(0.5, 1, (2, draws)),
        rounds=rounds,
        first=str(rng.choice(["A", "B"])),
        breakdown=rng.uniform(0, 0.4, draws),
        breakdown_payoffs=rng.normal(0, 0.3, (2, draws)),
        posturing=rng.uniform(0, 0.3, (2, draws)) * rng.integers(0, 2),
        outside_options=rng.uniform(-0.5, 0.8, (2, draws)) if options else None,
        side_payment=rng.uniform(0, 0.5, (2, rounds, draws)),
        recognition=rng.uniform(0.3, 1, (2, draws)) if chance else None,
    )
    for n in range(draws):
        value, ends, deal, depth = deadline_offers(path.game, n)
        assert np.abs(path.payoffs[:, n] - value).max() < 1e-10
        if chance:  # what happens may then depend on who proposes
            continue
        assert (path.round[n], path.deal[n]) == (ends, deal)
        assert path.depth[n] == pytest.approx(depth, abs=1e-9) if deal >= 0 else np.isnan(path.depth[n])


@given(SEEDS, st.integers(1, 12), st.booleans(), st.booleans())
def test_a_deal_that_goes_from_hand_to_hand_is_a_pie(seed, rounds, options, chance):
    rng = np.random.default_rng(seed)
    draws = 4
    terms = {
        "patience": rng.uniform(0.5, 1, (2, draws)),
        "rounds": rounds,
        "disagreement": rng.uniform(0, 0.4, (2, draws)),
        "breakdown": rng.uniform(0, 0.4, draws),
        "breakdown_payoffs": rng.uniform(0, 0.3, (2, draws)),
        "posturing": rng.uniform(0, 0.02, (2, draws)),
        "outside_options": rng.uniform(0, 0.6, (2, draws)) if options else None,
        "recognition": rng.uniform(0.3, 1, (2, draws)) if chance else None,
    }
    # A pie without bounds to what one can have: depth 0 and 1 are far away.
    path = solve(deals={"far": [(-10, 11), (11, -10)]}, **terms)
    pie = AlternatingOffers(**terms).solve()
    assert np.abs(path.payoffs - pie.payoffs).max() < 1e-11
    if not (options and chance):
        assert (path.round == pie.round).all()
        assert np.abs(path.reached - pie.reached).max() < 1e-12


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_without_a_date_the_closed_form_holds(seed, options):
    rng = np.random.default_rng(seed)
    draws, rounds = 4, 10
    terms = {
        "patience": rng.uniform(0.3, 0.95, (2, draws)),
        "posturing": rng.uniform(0, 0.02, (2, draws)),
        "outside_options": rng.uniform(0, 0.45, (2, draws)) if options else None,
    }
    without = rng.uniform(0, 0.4, (2, draws))
    path = solve(deals=PIE, disagreement=without, rounds=rounds, deadline="random", **terms)
    pie = AlternatingOffers(**terms, breakdown=1 / rounds, breakdown_payoffs=without).solve()
    assert np.abs(path.payoffs - pie.payoffs).max() < 1e-9
    assert (path.status == DeadlineStatus.AT_ONCE).all()
    assert (path.round == pie.round).all()


# Signs, over random parameters -------------------------------------------------------------------------------


def linear(rng, draws):
    """One deal over which interests are opposed, at random rates, and room left at both ends."""
    first, second = rng.uniform(0.5, 3, (2, draws))
    place = rng.uniform(0.3, 0.7, draws)  # the depth at which the first player gains nothing
    surplus = rng.uniform(0.1, 0.2, draws)  # in units of depth
    deal = [
        np.stack([-place * first, (place + surplus) * second]),
        np.stack([(1 - place) * first, (place + surplus - 1) * second]),
    ]
    return {"concession": deal}, first, second, surplus


@given(SEEDS, st.integers(2, 16))
def test_at_once_or_in_the_last_round_by_the_closed_form(seed, rounds):
    """Posturing +, surplus -, hazard -, impatience - for agreement at the deadline."""
    rng = np.random.default_rng(seed)
    draws = 60
    deals, first, second, surplus = linear(rng, draws)
    patience, hazard = rng.uniform(0.9, 1, draws), rng.uniform(0, 0.05, draws)
    firm = rng.uniform(0, 0.01, (2, draws))

    def late(*, posturing=firm, patience=patience, hazard=hazard, deals=deals):
        path = solve(
            deals=deals,
            disagreement=np.zeros((2, draws)),
            patience=np.stack([patience, patience]),
            rounds=rounds,
            breakdown=hazard,
            posturing=posturing * np.stack([first, second]),
        )
        assert set(path.codes) <= {DeadlineStatus.AT_ONCE, DeadlineStatus.AT_THE_DEADLINE}
        return path.codes == DeadlineStatus.AT_THE_DEADLINE

    before = late()
    worth = firm.sum(axis=0)
    cost = (1 - patience * (1 - hazard)) * surplus
    clear = np.abs(worth - cost) > 1e-9
    assert (before == (worth > cost))[clear].all()
    assert late(posturing=1.2 * firm)[before].all()
    assert late(hazard=0.7 * hazard)[before].all()
    assert late(patience=1 - 0.7 * (1 - patience))[before].all()
    start, end = deals["concession"]
    smaller = {"concession": [side - 0.1 * surplus * np.stack([first, second]) for side in (start, end)]}
    assert late(deals=smaller)[before].all()


@given(SEEDS, st.integers(2, 15))
def test_what_the_last_round_gives(seed, rounds):
    """Whoever has the last word leaves the other its disagreement payoff, and who that is goes by parity."""
    rng = np.random.default_rng(seed)
    deals, _, _, surplus = linear(rng, 5)
    depths = []
    for more in (0, 1):
        path = solve(
            deals=deals,
            disagreement=np.zeros((2, 5)),
            patience=(1, 1),
            rounds=rounds + more,
            posturing=np.full((2, 5), 1e-3),
        )
        assert (path.codes == DeadlineStatus.AT_THE_DEADLINE).all()
        last = (rounds + more - 1) % 2
        assert (path.proposer == last).all()
        assert np.abs(path.agreed[1 - last]).max() < 1e-12
        depths.append(path.depth)
    # One week more or less moves the depth by the whole surplus.
    assert np.abs(np.abs(depths[0] - depths[1]) - surplus).max() < 1e-9


@given(SEEDS, st.integers(1, 10))
def test_disagreement_and_pressure(seed, rounds):
    rng = np.random.default_rng(seed)
    draws = 20
    deals, first, second, _ = linear(rng, draws)
    patience = rng.uniform(0.6, 1, (2, draws))
    rise = rng.uniform(0, 0.05, draws)

    def at(one, two):
        without = np.stack([one * first, two * second])
        return solve(deals=deals, disagreement=without, patience=patience, rounds=rounds)

    zero = np.zeros(draws)
    before, better, both, pressed = at(zero, zero), at(rise, zero), at(rise, rise), at(-rise, zero)
    # A better way out never hurts who has it, and never helps the other.
    assert (better.payoffs[0] >= before.payoffs[0] - 1e-12).all()
    assert (better.payoffs[1] <= before.payoffs[1] + 1e-12).all()
    # Both better off without: there is less to win by agreeing in the last round.
    assert (both.gain[-1] <= before.gain[-1] + 1e-12).all()
    # Pressure on the first player: more to win for both together, less for the one pressed.
    assert (pressed.gain[-1] >= before.gain[-1] - 1e-12).all()
    assert (pressed.payoffs[0] <= before.payoffs[0] + 1e-12).all()
    assert (pressed.payoffs[1] >= before.payoffs[1] - 1e-12).all()


@given(SEEDS, st.integers(2, 13), st.floats(0.01, 0.5))
def test_a_subsidy_that_waits_for_the_deadline_delays(seed, rounds, subsidy):
    rng = np.random.default_rng(seed)
    deals, first, second, surplus = linear(rng, 10)
    patience = rng.uniform(0.9, 0.999, 10)
    paid = np.zeros((2, rounds, 10))
    paid[0, -1], paid[1, -1] = subsidy * surplus * first, subsidy * surplus * second
    terms = {
        "deals": deals,
        "disagreement": np.zeros((2, 10)),
        "patience": np.stack([patience, patience]),
        "rounds": rounds,
    }
    assert (solve(**terms).codes == DeadlineStatus.AT_ONCE).all()
    late = solve(**terms, side_payment=paid)
    worth = patience ** (rounds - 1) * (1 + 2 * subsidy)
    clear = np.abs(worth - 1) > 1e-9
    assert ((late.round == rounds) == (worth > 1))[clear].all()
    always = solve(**terms, side_payment=np.broadcast_to(paid[:, -1:], paid.shape))
    assert (always.codes == DeadlineStatus.AT_ONCE).all()


@settings(max_examples=15)
@given(SEEDS)
def test_the_switch_of_deadline_type_ends_the_waiting_of_optimists(seed):
    rng = np.random.default_rng(seed)
    deals, _, _, _ = linear(rng, 10)
    terms = {
        "deals": deals,
        "disagreement": np.zeros((2, 10)),
        "patience": (0.99, 0.99),
        "rounds": 13,
        "recognition": rng.uniform(0.75, 1, (2, 10)),
    }
    firm, loose = solve(**terms), solve(**terms, deadline="random")
    assert (firm.codes == DeadlineStatus.AT_THE_DEADLINE).all()
    assert (loose.codes == DeadlineStatus.AT_ONCE).all()
    sober = solve(**terms | {"recognition": (0.5, 0.5)})
    assert (sober.codes == DeadlineStatus.AT_ONCE).all()


# What else can happen ----------------------------------------------------------------------------------------


def test_time_runs_out_and_players_walk_out():
    lapsed = solve(deals=PIE, disagreement=(0.7, 0.6), patience=(0.9, 0.9), rounds=3)
    assert lapsed.status.tolist() == [DeadlineStatus.LAPSED]
    assert (lapsed.round[0], lapsed.deal[0], lapsed.proposer[0]) == (0, -1, -1)
    assert np.isnan(lapsed.depth).all()
    assert lapsed.payoffs[:, 0] == pytest.approx(np.array([0.7, 0.6]) * 0.81)
    walk = solve(deals=PIE, disagreement=(0, 0), patience=(0.9, 0.9), rounds=3, outside_options=(0.6, 0.7))
    assert walk.status.tolist() == [DeadlineStatus.WALKED_OUT]
    assert walk.payoffs[:, 0].tolist() == [0.6, 0.7]
    never = solve(deals=PIE, disagreement=(0.7, 0.6), patience=(1, 1), rounds=3, deadline="random")
    assert never.status.tolist() == [DeadlineStatus.LAPSED]
    assert never.reached.tolist() == [0]


def test_a_deal_that_both_want_deep_is_deep():
    both = solve(deals={"thaw": [(0, 0), (1, 2)]}, disagreement=(0, 0), patience=(0.9, 0.9), rounds=3)
    assert both.depth.tolist() == [1]
    assert both.round.tolist() == [1]
    flat = solve(deals={"gift": [(1, 0), (1, 2)]}, disagreement=(0, 0), patience=(0.9, 0.9), rounds=1)
    assert flat.depth.tolist() == [1]


def test_the_better_of_two_deals_is_offered():
    deals = {"poor": [(0, 1), (1, 0)], "rich": [(0, 2), (2, 0)]}
    path = solve(deals=deals, disagreement=(0, 0), patience=(0.9, 0.9), rounds=4)
    assert path.to_frame()["deal"].tolist() == ["rich"]
    single = solve(deals={"rich": deals["rich"]}, disagreement=(0, 0), patience=(0.9, 0.9), rounds=4)
    assert np.abs(path.payoffs - single.payoffs).max() < 1e-12


def test_offers_that_do_not_settle_are_said_so():
    path = DeadlineOffers(horizon=4).solve(
        DeadlineGame(("A", "B"), PIE, (0, 0), patience=(0.99, 0.99), rounds=50, deadline="random")
    )
    assert path.status.tolist() == [DeadlineStatus.UNSETTLED]
    assert all(status.sentence.endswith(".") for status in DeadlineStatus)
    assert repr(path) == "DeadlinePath(1 draws; 1 UNSETTLED)"
    with pytest.raises(InvalidArgumentError, match="horizon"):
        DeadlineOffers(horizon=1)


@settings(max_examples=20)
@given(SEEDS, st.sampled_from(["firm", "random"]))
def test_a_batch_is_its_draws(seed, deadline):
    rng = np.random.default_rng(seed)
    deals = {str(k): rng.normal(0.5, 1, (2, 2, 5)) for k in range(2)}
    patience, without = rng.uniform(0.5, 0.9, (2, 5)), rng.normal(0, 0.3, (2, 5))
    batch = solve(deals=deals, disagreement=without, patience=patience, rounds=5, deadline=deadline)
    for n in range(5):
        one = solve(
            deals={name: deal[..., n] for name, deal in deals.items()},
            disagreement=without[:, n],
            patience=patience[:, n],
            rounds=5,
            deadline=deadline,
        )
        assert np.abs(one.payoffs[:, 0] - batch.payoffs[:, n]).max() < 1e-10
        assert (one.codes[0], one.round[0], one.deal[0]) == (batch.codes[n], batch.round[n], batch.deal[n])
