import re

import bargain as bg
from bargain.latex import escape


def test_special_characters_print_as_they_are():
    assert escape("a_b & 50 % #1 $x {y} ~^\\") == (
        r"a\_b \& 50 \% \#1 \$x \{y\} \textasciitilde{}\textasciicircum{}\textbackslash{}"
    )


def test_shares_as_latex_have_every_predicted_outcome_with_its_interval():
    sweep = bg.run(bg.load_scenario("gsomia").task("2020-08 default", draws=20_000, seed=7))
    lines = sweep.to_latex().splitlines()
    assert lines[0].startswith("% gsomia 2020-08 default: 20,000 draws, seed 7")
    rows = [line.removesuffix(r" \\").split(" & ") for line in lines[5:-2]]
    shares = sweep.shares().query("share > 0")
    assert [row[0] for row in rows] == shares.index.get_level_values(0).tolist()
    assert "(none)" in {row[0] for row in rows}
    for row, share, low, high in zip(rows, shares["share"], shares["low"], shares["high"], strict=True):
        assert row[3:] == [f"{share:.3f}", f"{low:.3f}", f"{high:.3f}"]
    assert all(line.count("&") == 5 for line in lines[3:4] + lines[5:-2])
    assert re.fullmatch(r"\\begin\{tabular\}\{lllrrr\}", lines[1])
