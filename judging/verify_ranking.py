"""Recompute a sealed ranking from the exported sheets, with nothing but Python.

    python3 verify_ranking.py hasil.json [digest from the minutes]

It needs Python 3.10 or newer, and shares no line with the portal that made the file:
every mean, rank, tie, shortlist and predicate is computed here again, slowly and
plainly, in exact fractions. It ends with 0 if all agree, with 1 if something differs,
naming it, and with 2 if the file cannot be read.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

Data = dict[str, Any]
Done = list[tuple[Data, list[Data]]]
Entries = Mapping[str, tuple[Any, dict[Any, "Fraction | None"]]]

FORMAT = "kipp-result-export/1"
RESULT_FORMATS = ("kipp-result/2", "kipp-result/3")
GROUPINGS = ("track", "category", "cluster")
LISTS = ("jurors", "proposals", "sheets", "plenaries", "agreed", "ties", "rows")


class Vote(NamedTuple):
    """A link of the tie-break chain that a plenary voted for."""

    number: int


def canonical(value: Any) -> str:
    """Write JSON the one way: sorted keys, no spaces, no escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def parts_of(result: Data) -> Iterator[tuple[str, Data]]:
    """Give everything in a result that has a name of its own, piece by piece."""
    for name in LISTS:
        for place, each in enumerate(result.get(name, []), start=1):
            yield f"{name} {place} ({name_of(each)})", each
    for stage in result["stages"]:
        for place, each in enumerate(stage["rows"], start=1):
            yield f"{stage['stage']} row {place} ({name_of(each)})", each
    for stage in result["rules"]["stages"]:
        yield f"rules of {stage['code']}", stage
    rest = {k: v for k, v in result.items() if k not in (*LISTS, "stages", "rules")}
    yield "head", rest


def name_of(part: Data) -> Any:
    for key in ("sheet", "code", "proposal", "juror", "order", "plenary"):
        if key in part:
            return part[key]
    return "?"


def verify(export: Data, digest: str = "") -> list[str]:
    """List everything that is wrong with an export; nothing means that all agrees."""
    if export.get("format") != FORMAT:
        return ["this is no exported result of the portal"]
    result = export["result"]
    if result.get("format") not in RESULT_FORMATS:
        return ["this script does not know the format of this result"]
    faults = []
    noted = [tuple(each) for each in export["parts"]]
    found = [(name, sha256(part)) for name, part in parts_of(result)]
    for (name, own), (noted_name, noted_own) in zip(found, noted, strict=False):
        if (name, own) != (noted_name, noted_own):
            faults.append(f"{name}: changed since it was exported")
    if len(found) != len(noted):
        faults.append("parts are missing or were added")
    whole = sha256(result)
    if whole != export["digest"]:
        faults.append("the digest is not that of the result")
    if digest and digest.lower() not in (whole, whole[: len(digest)].lower()):
        faults.append("the digest is not the one you gave")
    return [*faults, *ranking_faults(result)]


def ranking_faults(result: Data) -> list[str]:
    """Compute all stages anew and name each row that does not follow."""
    faults: list[str] = []
    stages, finals = judge(result)
    for (code, rows), sealed in zip(stages, result["stages"], strict=False):
        faults += differing(rows, sealed["rows"], f"{code} row")
    if len(stages) != len(result["stages"]):
        faults.append("the number of stages is not that of the rules")
    return [*faults, *differing(finals, result["rows"], "row")]


def differing(
    found: Sequence[Data], sealed: Sequence[Data], what: str
) -> Iterator[str]:
    for place, (own, row) in enumerate(zip(found, sealed, strict=False), start=1):
        wrong = sorted(key for key in own if own[key] != row.get(key))
        if wrong:
            yield (
                f"{what} {place} ({row.get('proposal')}): {', '.join(wrong)} "
                "does not follow from the scores"
            )
    if len(found) != len(sealed):
        yield f"{what}s: {len(sealed)} are sealed, {len(found)} follow"


def judge(result: Data) -> tuple[list[tuple[str, list[Data]]], list[Data]]:
    """Let one stage follow the other, then put them together."""
    people = {each["code"]: each for each in result["proposals"]}
    left = sorted(people)
    done: Done = []
    stages = []
    for rules in result["rules"]["stages"]:
        own: dict[str, list[Data]] = {code: [] for code in left}
        for sheet in result["sheets"]:
            of_stage = sheet["stage"] == rules["code"] and sheet["final"]
            if of_stage and sheet["proposal"] in own:
                own[sheet["proposal"]].append(sheet)
        agreed = agreed_in(result, rules["code"])
        votes = votes_in(result, rules["code"])
        if rules["gate"]:
            lines = gate(own, agreed)
        else:
            lines = score(rules, own, people, agreed, votes)
        done.append((rules, lines))
        scored = [each for each in done if not each[0]["gate"]]
        if not rules["gate"] and len(scored) > 1:
            together(rules, lines, scored, people, votes)
        left = [each["proposal"] for each in lines if each["shortlisted"]]
        stages.append((rules["code"], [public(each) for each in lines]))
    return stages, combine(done, people, last_votes(result))


def agreed_in(result: Data, stage: str) -> dict[str, Data]:
    """What plenaries put in place of the sheets, by proposal; the latest stands."""
    return {
        each["proposal"]: each
        for each in result.get("agreed", [])
        if each["stage"] == stage
    }


def votes_in(result: Data, stage: str) -> list[list[str]]:
    """The orders plenaries voted for among equals, the latest first."""
    own = [each for each in result.get("ties", []) if each["stage"] == stage]
    return [each["order"] for each in reversed(own) if not each["shared"]]


def last_votes(result: Data) -> list[list[str]]:
    """The votes since scores came in last, the latest first."""
    votes: list[list[str]] = []
    for rules in reversed(result["rules"]["stages"]):
        votes += votes_in(result, rules["code"])
        if not rules["gate"]:
            break
    return votes


def public(line: Data) -> Data:
    """Leave out what is only computed with."""
    return {key: value for key, value in line.items() if not key.startswith("_")}


def gate(sheets: Mapping[str, list[Data]], agreed: Mapping[str, Data]) -> list[Data]:
    """Let through all but those of whom most jurors say that they fail."""
    lines: list[Data] = []
    for code, own in sheets.items():
        said = [each["verdict"] for each in own]
        fails = said.count("fails")
        verdict = ""
        if said:
            verdict = "remarks" if fails or "remarks" in said else "passes"
        if 2 * fails > len(said):
            verdict = "fails"
        if said and code in agreed:
            verdict = agreed[code]["verdict"]
        through = verdict != "fails"
        lines.append(
            line(code, len(lines) + 1, count=len(said), verdict=verdict)
            | {"passes": through, "shortlisted": through}
        )
    return lines


def line(code: str, position: int, *, count: int = 0, verdict: str = "") -> Data:
    return {
        "proposal": code,
        "position": position,
        "rank": None,
        "total": None,
        "means": [],
        "sheet_count": count,
        "tie_rule": "",
        "ranks": {},
        "passes": False,
        "shortlisted": False,
        "verdict": verdict,
        "_total": None,
        "_means": {},
    }


def score(
    rules: Data,
    sheets: Mapping[str, list[Data]],
    people: Mapping[str, Data],
    agreed: Mapping[str, Data],
    votes: Sequence[Sequence[str]],
) -> list[Data]:
    """Rank by the mean of the sheets; those without a sheet stand last.

    A value that a plenary agreed on stands in place of the mean of its criterion.
    """
    entries: dict[str, tuple[Fraction, dict[Any, Fraction | None]]] = {}
    for code, own in sheets.items():
        if not own:
            continue
        means: dict[Any, Fraction | None] = {}
        for criterion in rules["criteria"]:
            if criterion["tracks"] and people[code]["track"] not in criterion["tracks"]:
                means[criterion["code"]] = None
            else:
                values = [Fraction(each["scores"][criterion["code"]]) for each in own]
                means[criterion["code"]] = sum(values, Fraction(0)) / len(values)
                known = agreed[code]["scores"] if code in agreed else {}
                if criterion["code"] in known:
                    means[criterion["code"]] = Fraction(known[criterion["code"]])
        weighted = (
            (means[each["code"]] or 0) * Fraction(each["weight"]) / 100
            for each in rules["criteria"]
        )
        entries[code] = sum(weighted, Fraction(0)), means
    chain = [
        each["code"]
        for each in sorted(
            (each for each in rules["criteria"] if each["tie_break"] is not None),
            key=lambda each: each["tie_break"],
        )
    ]
    places = ranked(entries, chain, people, votes)
    mark = rules["pass_mark"]
    lines = []
    for place in places:
        code = place["proposal"]
        total, means = entries[code]
        lines.append(
            line(code, place["position"], count=len(sheets[code]))
            | place
            | {
                "total": text(total),
                "means": [text(each) for each in means.values()],
                "passes": mark is None or total >= Fraction(mark),
                "_total": total,
                "_means": means,
            }
        )
    through = shortlist(rules, lines, people)
    for each in lines:
        each["shortlisted"] = each["proposal"] in through
    unscored = sorted(code for code, own in sheets.items() if not own)
    lines += [line(code, len(lines) + n) for n, code in enumerate(unscored, start=1)]
    return lines


def ranked(
    entries: Entries,
    chain: Sequence[Any],
    people: Mapping[str, Data],
    votes: Sequence[Sequence[str]],
) -> list[Data]:
    """Order by key, equals by the chain; who is equal to the end shares a rank.

    `entries` are (key, means) by proposal; `votes` are the last links of the chain.
    """
    entries = {code: (key, dict(means)) for code, (key, means) in entries.items()}
    for number, order in enumerate(votes):
        chain = [*chain, Vote(number)]
        for place, code in enumerate(order):
            if code in entries:
                entries[code][1][Vote(number)] = Fraction(-place)
    places: list[Data] = []
    for key in sorted({key for key, _means in entries.values()}, reverse=True):
        equals = sorted(code for code in entries if entries[code][0] == key)
        for rule, sharing in parted(equals, entries, chain, ""):
            before = list(places)
            for code in sharing:
                ranks = {}
                for per in GROUPINGS:
                    if people[code][per]:
                        ranks[per] = 1 + sum(
                            people[each["proposal"]][per] == people[code][per]
                            for each in before
                        )
                places.append(
                    {
                        "proposal": code,
                        "position": len(places) + 1,
                        "rank": len(before) + 1,
                        "tie_rule": "plenary" if isinstance(rule, Vote) else rule,
                        "ranks": ranks,
                    }
                )
    return places


def parted(
    equals: list[str], entries: Entries, chain: Sequence[Any], rule: Any
) -> list[tuple[Any, list[str]]]:
    if len(equals) == 1:
        return [(rule, equals)]
    for at, name in enumerate(chain):
        values = {code: entries[code][1].get(name) for code in equals}
        if None in values.values() or len(set(values.values())) == 1:
            continue
        found = []
        found_values = {each for each in values.values() if each is not None}
        for value in sorted(found_values, reverse=True):
            same = [code for code in equals if values[code] == value]
            found += parted(same, entries, chain[at + 1 :], name)
        return found
    return [("shared", equals)]


def shortlist(
    rules: Data, places: Sequence[Data], people: Mapping[str, Data]
) -> list[str]:
    """Give who gets through: within the groups first, then of all together."""
    through: list[str] = []
    last = None
    size = rules["shortlist_size"]
    for place in places:
        if not place["passes"] or not within(rules, place, people[place["proposal"]]):
            continue
        if size is not None and len(through) >= size and place["rank"] != last:
            break
        through.append(place["proposal"])
        last = place["rank"]
    return through


def within(rules: Data, place: Data, person: Data) -> bool:
    """Whether a place is within the size of each group it belongs to."""
    for per in dict.fromkeys(each["per"] for each in rules["shortlists"]):
        own = person.get(per, "") if per in GROUPINGS else ""
        size = None
        for each in rules["shortlists"]:
            if each["per"] == per and not each["groups"]:
                size = each["size"]
        for each in rules["shortlists"]:
            if each["per"] == per and own in each["groups"]:
                size = each["size"]
        rank = place["ranks"].get(per) if per in GROUPINGS else place["rank"]
        if size is not None and (rank is None or rank > size):
            return False
    return True


def totals_of(
    codes: Iterable[str], scored: Done
) -> dict[str, tuple[Fraction, dict[Any, Fraction | None]]]:
    """What the scored stages come to on a scale of 0 to 100, and all their means."""
    found = {}
    for code in codes:
        total, means = Fraction(0), dict[Any, Fraction | None]()
        for rules, lines in scored:
            own = next(each for each in lines if each["proposal"] == code)
            points = own["_total"] * 100 / Fraction(rules["scale_max"])
            total += points * Fraction(rules["share"]) / 100
            for name, mean in own["_means"].items():
                means[rules["code"], name] = mean
        found[code] = total, means
    return found


def chain_of(scored: Done) -> list[tuple[str, str]]:
    """The tie-break chain over all stages, as (stage, criterion)."""
    links = [
        (each["tie_break"], place, at, (rules["code"], each["code"]))
        for place, (rules, _lines) in enumerate(scored)
        for at, each in enumerate(rules["criteria"])
        if each["tie_break"] is not None
    ]
    return [link[-1] for link in sorted(links)]


def places_together(
    ended: Mapping[str, Data],
    scored: Done,
    people: Mapping[str, Data],
    votes: Sequence[Sequence[str]],
) -> tuple[list[Data], Mapping[str, tuple[Fraction, Any]]]:
    """Order by the sum of the stages; a pass mark of the last goes before it."""
    totals = totals_of(ended, scored)
    entries = {
        code: ((ended[code]["passes"], total), means)
        for code, (total, means) in totals.items()
    }
    places = ranked(entries, chain_of(scored), people, votes)
    for place in places:
        if isinstance(place["tie_rule"], tuple):
            place["tie_rule"] = place["tie_rule"][1]
    return places, totals


def together(
    rules: Data,
    lines: list[Data],
    scored: Done,
    people: Mapping[str, Data],
    votes: Sequence[Sequence[str]],
) -> None:
    """Let the last stage shortlist by what all stages so far come to."""
    ended = {each["proposal"]: each for each in lines if each["sheet_count"]}
    places, _totals = places_together(ended, scored, people, votes)
    for place in places:
        place["passes"] = ended[place["proposal"]]["passes"]
    through = shortlist(rules, places, people)
    for each in lines:
        each["shortlisted"] = each["proposal"] in through


def combine(
    done: Done, people: Mapping[str, Data], votes: Sequence[Sequence[str]]
) -> list[Data]:
    """Rank who was judged to the end; the others stand below, the furthest first."""
    if not done:
        return []
    rules, last = done[-1]
    word = "shortlisted" if rules["gate"] else "sheet_count"
    ended = {each["proposal"]: each for each in last if each[word]}
    scored = [each for each in done if not each[0]["gate"]]
    places, totals = places_together(ended, scored, people, votes)
    finals: list[Data] = []
    for place in places:
        code = place["proposal"]
        finals.append(
            final(code, done, people)
            | place
            | {
                "total": text(totals[code][0]),
                "passes": ended[code]["passes"],
                "shortlisted": ended[code]["shortlisted"],
            }
        )
    for stage, lines in reversed(done):
        for each in lines:
            if each["proposal"] not in {known["proposal"] for known in finals}:
                finals.append(
                    final(each["proposal"], done, people)
                    | {"position": len(finals) + 1, "stopped_at": stage["code"]}
                )
    return finals


def final(code: str, done: Done, people: Mapping[str, Data]) -> Data:
    own = [
        (rules, each)
        for rules, lines in done
        for each in lines
        if each["proposal"] == code
    ]
    found = {
        "proposal": code,
        "rank": None,
        "total": None,
        "sheet_count": sum(each["sheet_count"] for _rules, each in own),
        "tie_rule": "",
        "ranks": {},
        "passes": False,
        "shortlisted": False,
        "stopped_at": "",
        "predicate": "",
        "shortfalls": [],
    }
    for rules, each in own:
        if rules["components"] and each["_total"] is not None:
            held = people[code]["held"]
            return found | assess(rules, each["_means"], held)
    return found


def assess(rules: Data, means: Data, held: Sequence[str]) -> Data:
    """Find the highest predicate whose every minimum is reached."""
    points: dict[str, Fraction] = {}

    def points_of(code: str) -> Fraction:
        below = [each for each in rules["components"] if each["parent"] == code]
        own = sum((points_of(each["code"]) for each in below), Fraction(0))
        if means.get(code) is not None:
            (component,) = [e for e in rules["components"] if e["code"] == code]
            share = means[code] / Fraction(rules["scale_max"])
            own += Fraction(component["weight"]) * share
        points[code] = own
        return own

    points_of("")
    predicate, shortfalls = "", []
    for rule in rules["predicates"]:
        short = None
        for minimum in rule["minimums"]:
            if points[minimum["component"]] < Fraction(minimum["points"]):
                short = {
                    "predicate": rule["code"],
                    "component": minimum["component"],
                    "points": text(points[minimum["component"]]),
                    "minimum": minimum["points"],
                }
                break
        if short is None and rule["requires"] and rule["requires"] not in held:
            short = {
                "predicate": rule["code"],
                "component": "",
                "points": None,
                "minimum": None,
            }
        if short:
            shortfalls.append(short)
        else:
            predicate = rule["code"]
    return {"predicate": predicate, "shortfalls": shortfalls}


def text(value: Fraction | None) -> str | None:
    """Write a fraction in lowest terms; none as none."""
    return None if value is None else f"{value.numerator}/{value.denominator}"


def main(arguments: Sequence[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            export = json.load(file)
        faults = verify(export, *arguments[1:])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"The file cannot be read as a result: {error!r}")
        return 2
    if faults:
        print(f"{len(faults)} faults:")
        for each in faults:
            print(f"- {each}")
        return 1
    result = export["result"]
    print(f"{result['round_name']}: {len(result['rows'])} ranks from", end=" ")
    print(f"{len(result['sheets'])} sheets computed anew; all agree.")
    print(f"SHA-256 {export['digest']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
