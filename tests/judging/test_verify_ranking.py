"""The script that proves a result without the portal."""

import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from judging import sealing, verify_ranking
from judging.assessing import Component, Minimum, PredicateRule
from judging.combining import FAILS, PASSES, REMARKS, Contestant, StageRules
from judging.models import Result
from judging.ordering import Groups
from judging.ranking import CriterionRule, RuleSet, ShortlistRule
from judging.sealing import SealedSheet
from tests.factories.judging import sealed_round
from tests.judging.pages import login_secretariat

CODES = "PQRSTU"
points = st.one_of(
    st.sampled_from([Decimal("70.00"), Decimal("80.00")]),
    st.decimals(0, 100, places=2),
)


@st.composite
def rule_sets(draw, codes):
    size = draw(st.one_of(st.none(), st.integers(1, 5)))
    lists = draw(
        st.lists(
            st.builds(
                ShortlistRule,
                st.sampled_from(["track", "category", "cluster", "overall"]),
                st.integers(1, 3),
                st.sampled_from([(), ("x",), ("k", "l")]),
            ),
            max_size=2,
        )
    )
    chain = draw(st.permutations([1, 2, None]))
    return RuleSet(
        tuple(
            CriterionRule(code, Decimal(weight), link, tracks)
            for code, weight, link, tracks in zip(
                codes, ("50", "30", "20"), chain, ((), (), ("x",)), strict=True
            )
        ),
        draw(st.sampled_from([None, Decimal("75.00")])),
        size,
        tuple(lists),
    )


@st.composite
def competitions(draw):
    """Stages of every kind, contestants in groups, and few sheets."""
    share = Decimal(draw(st.integers(0, 100)))
    tree = (
        Component("isi", Decimal(50)),
        Component("d", Decimal(50), "isi"),
        Component("e", Decimal(30)),
        Component("f", Decimal(20)),
    )
    predicates = (
        PredicateRule("wbk", (Minimum("", Fraction(75)), Minimum("isi", Fraction(40)))),
        PredicateRule("wbbm", (Minimum("", Fraction(85)),), "wbk"),
    )
    stages = [
        StageRules("satu", draw(rule_sets("abc")), share),
        StageRules("lapangan", RuleSet(()), Decimal(0), is_gate=True),
        StageRules(
            "dua",
            draw(rule_sets("def")),
            100 - share,
            Decimal(100),
            tree=tree,
            predicates=predicates,
        ),
    ]
    stages = draw(st.sampled_from([stages, stages[:1], stages[2:], stages[:2]]))
    people = [
        Contestant(
            code,
            Groups(
                *(draw(st.sampled_from(g)) for g in (["x", "y"], ["k", "l"], ["", "m"]))
            ),
            draw(st.sampled_from([frozenset(), frozenset(["wbk"])])),
        )
        for code in CODES
    ]
    sheets = []
    for rules in stages:
        for code in draw(st.lists(st.sampled_from(CODES), max_size=12)):
            verdict = draw(st.sampled_from([PASSES, REMARKS, FAILS]))
            sheets.append(
                SealedSheet(
                    f"s{len(sheets)}",
                    rules.code,
                    1,
                    code,
                    draw(st.booleans()),
                    verdict if rules.is_gate else "",
                    {each.code: draw(points) for each in rules.ranking.criteria},
                )
            )
    agreed, ties = [], []
    for rules in stages:
        for code in draw(st.lists(st.sampled_from(CODES), max_size=3)):
            codes = [each.code for each in rules.ranking.criteria]
            chosen = draw(st.sets(st.sampled_from(codes))) if codes else ()
            agreed.append(
                {
                    "stage": rules.code,
                    "proposal": code,
                    "scores": {each: str(draw(points)) for each in sorted(chosen)},
                    "verdict": draw(st.sampled_from([PASSES, REMARKS, FAILS]))
                    if rules.is_gate
                    else "",
                }
            )
        if draw(st.booleans()):
            order = draw(st.permutations(CODES))[: draw(st.integers(2, 6))]
            shared = draw(st.booleans())
            ties.append({"stage": rules.code, "order": order, "shared": shared})
    return stages, people, sheets, {"agreed": agreed, "ties": ties}


def result_of(competition):
    stages, people, sheets, decided = competition
    return {
        "format": sealing.FORMAT,
        "round_name": "KIPP",
        "previous_digest": "",
        "jurors": [{"juror": 1, "background": "akademisi"}],
        "rules": {"stages": [sealing.rules_as_data(each) for each in stages]},
        "proposals": [sealing.contestant_as_data(each) for each in people],
        "sheets": [each.as_data() for each in sheets],
        **decided,
        **sealing.outcome_as_data(
            sealing.judge_sheets(
                stages, people, sheets, sealing.decisions_from_data(decided)
            )
        ),
    }


@settings(max_examples=200, deadline=None)
@given(competitions())
def test_it_comes_to_what_the_portal_sealed(competition):
    assert verify_ranking.ranking_faults(result_of(competition)) == []


def export_of(client, round):
    url = reverse("judging:result_export", args=[round.slug])
    with zipfile.ZipFile(io.BytesIO(client.get(url).content)) as package:
        assert len(package.namelist()) == 3
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.django_db
def test_package_runs_by_itself_and_names_what_was_changed(client, tmp_path):
    round = sealed_round(jurors=2, proposals=3)
    login_secretariat(client, round)
    for name, content in export_of(client, round).items():
        (tmp_path / name).write_bytes(content)
    digest = Result.objects.get(round=round).digest

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-I", "verify_ranking.py", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    whole = run("hasil.json", digest)
    assert whole.returncode == 0, whole.stdout
    assert digest in whole.stdout
    assert run("hasil.json", "0" * 64).returncode == 1
    assert run("missing.json").returncode == 2

    export = json.loads((tmp_path / "hasil.json").read_text())
    sheet = export["result"]["sheets"][0]
    criterion = next(iter(sheet["scores"]))
    sheet["scores"][criterion] = "12.00"
    (tmp_path / "hasil.json").write_text(json.dumps(export))
    changed = run("hasil.json", digest)
    assert changed.returncode == 1
    assert f"({sheet['sheet']}): changed since it was exported" in changed.stdout
    assert sheet["proposal"] in changed.stdout


@pytest.mark.django_db
def test_every_changed_character_is_found(client):
    round = sealed_round(jurors=2, proposals=2)
    login_secretariat(client, round)
    text = export_of(client, round)["hasil.json"].decode()
    assert verify_ranking.verify(json.loads(text)) == []

    missed = []
    for place, letter in enumerate(text):
        if letter.isspace() or letter in '{}[],:"\\':
            continue
        other = "8" if letter != "8" else "3"
        try:
            changed = json.loads(text[:place] + other + text[place + 1 :])
            faults = verify_ranking.verify(changed)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # no JSON, or no result, any more
        if not faults:
            missed.append(text[place - 20 : place + 5])

    assert missed == []
