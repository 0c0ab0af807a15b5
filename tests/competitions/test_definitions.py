import json

import pytest
import yaml

from competitions import definitions
from competitions.definitions import DefinitionError
from competitions.definitions.extending import UnknownEntry, extended

PRESETS = definitions.presets()
SEEDS = {
    "kipp-kota-tegal",
    "kipp-kabupaten-pekalongan",
    "zona-integritas-kota-pekalongan",
    "kompetisi-inovasi-kota-magelang",
    "krenova-kota-magelang",
    "kipp-provinsi-jawa-tengah",
}
GENERATIONS = {
    "national-2018",
    "national-2021",
    "national-2022",
    "national-2023",
    "national-2025",
    "kovablik",
}


@pytest.fixture
def data():
    return json.loads(definitions.to_json(definitions.preset("national-2023")))


def parse(data):
    return definitions.parse(yaml.safe_dump(data), key="uji", file="uji.yaml")


def test_presets_are_read_with_the_default_first():
    presets = definitions.presets()

    assert presets[0].key == definitions.DEFAULT_PRESET
    assert definitions.preset(presets[0].key) is presets[0]
    assert {each.key for each in presets} == SEEDS | GENERATIONS


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.key)
def test_preset_is_the_same_from_yaml_and_from_json(preset):
    for text in (definitions.to_yaml(preset), definitions.to_json(preset)):
        again = definitions.parse(text, key=preset.key, file="uji")

        assert again == preset


def test_national_2023_holds_the_published_form():
    preset = definitions.preset("national-2023")

    common = [each for each in preset.form.sections if not each.tracks]
    assert sum(section.word_limit for section in common) == 2500
    assert {each.word_limit for each in preset.form.sections if each.tracks} == {
        100,
        200,
    }
    assert len(preset.categories) == 11
    assert [track.code for track in preset.tracks] == ["umum", "replikasi"]
    assert len(preset.form.letters) == 3
    assert {letter.max_bytes for letter in preset.form.letters} == {1024 * 1024}


def test_national_2023_holds_the_published_weights():
    preset = definitions.preset("national-2023")
    (scoring,) = preset.scoring

    assert [int(each.weight) for each in scoring.criteria] == [10, 15, 5, 30, 20, 5, 15]
    assert preset.tie_break == (
        "proposal.signifikansi",
        "proposal.kebaruan",
        "proposal.keberlanjutan",
    )
    assert (scoring.note_below, scoring.note_above) == (60, 95)
    assert all(len(each.anchors) == 5 for each in scoring.criteria)


def test_national_2023_holds_the_requirements_and_awards():
    preset = definitions.preset("national-2023")

    params = {each.rule: each.params for each in preset.requirements}
    assert params["minimum_age"] == {"months": 12, "field": "mulai-implementasi"}
    assert params["quota"] == {"maximum": 3}
    assert [award.name for award in preset.awards] == [
        "Juara I",
        "Juara II",
        "Juara III",
        "Harapan I",
        "Harapan II",
        "Harapan III",
    ]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("national-2018", 5900),
        ("national-2022", 3800),  # Umum 2800 and Khusus 1000, with the summary of both
        ("national-2025", 1850),
    ],
)
def test_generation_holds_its_word_limits(key, words):
    sections = definitions.preset(key).form.sections

    assert sum(each.word_limit or 0 for each in sections) == words


def test_national_2021_counts_quota_and_age_by_track():
    requirements = definitions.preset("national-2021").requirements

    found = {
        (each.rule, each.tracks): each.params.get("months") or each.params["maximum"]
        for each in requirements
        if each.rule in {"quota", "minimum_age"}
    }

    assert found == {
        ("minimum_age", ("umum", "khusus")): 24,
        ("minimum_age", ("replikasi",)): 12,
        ("quota", ("umum",)): 10,
        ("quota", ("replikasi",)): 5,
    }


def test_zona_integritas_is_a_tree_with_minimums():
    assessment = definitions.preset("zona-integritas-kota-pekalongan").scoring[0]

    weights = {each.code: each.weight for each in assessment.tree()}
    wbk, wbbm = assessment.predicates

    assert (weights["pengungkit"], weights["hasil"]) == (60, 40)
    assert (wbk.code, wbbm.requires) == ("wbk", "wbk")
    minimums = {each.criterion: (each.minimum, each.unit) for each in wbk.minimums}
    assert minimums["pengungkit"] == (40, "points")
    assert minimums["pengawasan"] == (60, "percent")
    assert minimums[""] == (75, "points")


def test_krenova_is_for_citizens_without_endorsement():
    preset = definitions.preset("krenova-kota-magelang")

    assert preset.institution_kinds == ("komunitas",)
    assert not preset.endorsement_required
    assert preset.scoring[0].scale == (1, 5)
    assert preset.scoring[0].is_blind


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        (["name"], None, "name", "must be a text"),
        (["name"], 7, "name", "must be a text"),
        (["name"], "x" * 121, "name", "at most 120 characters, not 121"),
        (["nama"], "Salah ketik", "nama", "is not known here"),
        (["format"], 2, "format", "is not known here"),
        (["extends"], "national-2018", "extends", "is not known here"),
        (["applicants"], ["dinas"], "applicants", "must be one of opd"),
        (["tracks"], "umum", "tracks", "must be a list"),
        (["tracks", 0], "umum", "tracks[1]", "mapping"),
        (["tracks", 0, "code"], "dua kata", "tracks[1].code", "only letters"),
        (["tracks", 1, "code"], "umum", "tracks", "umum stands there twice"),
        (["form", "statement"], None, "form.statement", "must be a text"),
        (["form", "sections", 1, "words"], "banyak", "form.sections[2].words", "whole"),
        (["form", "sections", 1, "words"], 0, "form.sections[2].words", "from 1 to"),
        (["form", "sections", 1, "words"], True, "form.sections[2].words", "whole"),
        (
            ["form", "sections", 1, "required"],
            "ya",
            "form.sections[2].required",
            "true or false",
        ),
        (
            ["form", "sections", 1, "evidence"],
            {"size": "2 GB"},
            "form.sections[2].evidence.size",
            "must be a size up to 50 MB",
        ),
        (
            ["form", "sections", 1, "evidence"],
            {"ukuran": "2 MB"},
            "form.sections[2].evidence.ukuran",
            "is not known here",
        ),
        (
            ["form", "sections", 3, "tracks"],
            ["khusus"],
            "form.sections[4].tracks",
            "khusus is not defined",
        ),
        (
            ["form", "header", 0, "kind"],
            "tanggal",
            "form.header[1].kind",
            "one of date",
        ),
        (
            ["form", "header", 0, "follow_up"],
            "Kapan?",
            "form.header[1].follow_up",
            "yes_no only",
        ),
        (
            ["form", "header", 0, "options"],
            [{"code": "a", "label": "A"}],
            "form.header[1].options",
            "choice, choices or persons",
        ),
        (
            ["form", "header", 0, "minimum"],
            1,
            "form.header[1].minimum",
            "numbers, goals",
        ),
        (
            ["calendar", 0, "kind"],
            "pesta",
            "calendar[1].kind",
            "must be one of kickoff",
        ),
        (["calendar", 1, "kind"], "kickoff", "calendar", "kickoff stands there twice"),
        (["calendar", 0, "days"], [3], "calendar[1].days", "two numbers"),
        (["calendar", 0, "days"], [3, 1], "calendar[1].days", "ascending"),
        (["calendar", 0, "closes"], "sore", "calendar[1].closes", "must be a time"),
        (["calendar", 0, "closes"], "07.00", "calendar[1].closes", "later than"),
        (
            ["requirements", 0, "rule"],
            "umur",
            "requirements[1].rule",
            "must be one of",
        ),
        (
            ["requirements", 0, "params", "months"],
            None,
            "requirements[1].params.months",
            "whole number",
        ),
        (
            ["requirements", 0, "params"],
            {"months": 12, "field": "video"},
            "requirements[1].params.field",
            "video is not defined",
        ),
        (
            ["requirements", 6, "params"],
            {"maximum": 3, "minimum": 1},
            "requirements[7].params.minimum",
            "is not known here",
        ),
        (["scoring", 0, "scale"], [5, 5], "scoring[1].scale", "ascending"),
        (["scoring", 0, "kind"], "field_gate", "scoring[1].share", "must be 0"),
        (["tie_break"], ["proposal.biaya"], "tie_break", "proposal.biaya is not"),
        (["tie_break"], ["biaya"], "tie_break", "a list of codes"),
        (
            ["scoring", 0, "criteria", 0, "weight"],
            "sepuluh",
            "scoring[1].criteria[1].weight",
            "must be a number",
        ),
        (
            ["scoring", 0, "criteria", 0, "weight"],
            101,
            "scoring[1].criteria[1].weight",
            "from 0 to 100",
        ),
        (
            ["scoring", 0, "criteria", 0, "weight"],
            10.125,
            "scoring[1].criteria[1].weight",
            "two decimals",
        ),
        (
            ["scoring", 0, "criteria", 0, "sections"],
            ["penutup"],
            "scoring[1].criteria[1].sections",
            "penutup is not defined",
        ),
        (
            ["scoring", 0, "criteria", 0, "anchors", 1, "to"],
            1,
            "scoring[1].criteria[1].anchors[2].to",
            "ascending",
        ),
        (["awards", 0, "ranks"], [0, 1], "awards[1].ranks", "from 1 to"),
        (["awards", 0, "ranks"], None, "awards[1].ranks", "needed by an award"),
        (["awards", 0, "predicate"], "wbk", "awards[1].predicate", "needed by"),
        (["awards", 0, "groups"], ["umum"], "awards[1].groups", "write per"),
        (["jury", "backgrounds"], {"dukun": 1}, "jury.backgrounds.dukun", "not known"),
    ],
)
def test_parse_names_place_and_reason(data, path, value, place, reason):
    target = data
    for key in path[:-1]:
        target = target[key]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value

    with pytest.raises(DefinitionError) as refusal:
        parse(data)

    (mistake,) = refusal.value.mistakes
    assert mistake.path == place
    assert reason in mistake.reason
    assert refusal.value.message == f"uji.yaml: {mistake.sentence}"


def test_parse_names_line_path_reason_and_value(data):
    text = definitions.to_yaml(definitions.preset("national-2023"))
    wrong = text.replace("words: 300", "words: banyak", 1)
    line = wrong[: wrong.index("words: banyak")].count("\n") + 1

    with pytest.raises(DefinitionError) as refusal:
        definitions.parse(wrong, key="uji", file="uji.yaml")

    assert refusal.value.message == (
        f"uji.yaml: line {line}, form.sections[2].words: must be a whole number from 1 "
        "to 10000 (there stands: banyak)"
    )


def test_parse_names_every_mistake_at_once(data):
    data["name"] = ""
    data["tracks"][0]["code"] = "dua kata"
    data["awards"][2]["hadiah"] = "Rp1"

    with pytest.raises(DefinitionError) as refusal:
        parse(data)

    assert {each.path for each in refusal.value.mistakes} == {
        "name",
        "tracks[1].code",
        "awards[3].hadiah",
    }


def nested(depth):
    return "a: " + "[" * depth + "]" * depth


BOMB = "\n".join(
    [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        *(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]"
            for a, b in zip("abcdef", "bcdefg", strict=True)
        ),
    ]
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a\n- b\n", "must be a mapping"),
        ("", "must be a mapping"),
        ("name: [\n", "is no valid YAML"),
        ("\x00", "is no valid YAML"),
        ("a: !!python/object/apply:os.getcwd []", "must not carry a tag"),
        ("a: !!int x", "must not carry a tag"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("a: 1\na: 2", "stands there twice"),
        ("? [a]\n: 1", "a key that is no word"),
        (BOMB, "must not refer to an anchor"),
        ("a: &a\n  b: *a", "must not refer to an anchor"),
        (nested(100), "nested too deep"),
        (nested(30_000), "nested too deep"),
        ("a: " + "9" * 10_000, "is not known here"),
        ("a: 2022-13-45", "is not known here"),
        ("a: 1e999", "is not known here"),
        ("'<<': {a: 1}", "is not known here"),
        ("x" * 500_000, "larger than 400 kB"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "is no text in UTF-8"),
        ("\ud800", "must be a text"),
    ],
)
def test_parse_refuses_what_is_hostile_without_falling(text, reason):
    with pytest.raises(DefinitionError) as refusal:
        definitions.parse(text, key="uji", file="uji.yaml")

    assert reason in refusal.value.message


def test_tree_of_too_many_components_is_refused(data):
    leaf = {"name": "Butir", "weight": 0}
    data["scoring"][0]["criteria"] = [
        {
            "code": f"area-{area}",
            "name": "Area",
            "weight": 10,
            "criteria": [{"code": f"butir-{area}-{n}", **leaf} for n in range(30)],
        }
        for area in range(10)
    ]
    data["tie_break"] = []

    with pytest.raises(DefinitionError) as refusal:
        parse(data)

    (mistake,) = refusal.value.mistakes
    assert mistake.path == "scoring[1].criteria"
    assert "more than 200" in mistake.reason


def test_file_with_a_byte_order_mark_is_read():
    preset = definitions.preset("national-2023")
    content = definitions.to_yaml(preset).encode("utf-8-sig")

    assert definitions.parse(content, key=preset.key, file="uji.yaml") == preset


def test_text_is_kept_with_all_its_signs_but_those_no_file_can_carry(data):
    data["guideline"] = (
        "Satu\u2028dua\ttiga \U0001f600 \u0627\u0644\u0644\u063a\u0629\x07"
    )

    again = parse(data)

    assert again.guideline == "Satu\ndua tiga \U0001f600 \u0627\u0644\u0644\u063a\u0629"
    assert definitions.parse(definitions.to_json(again), key="uji", file="u") == again


def test_a_file_that_builds_on_others_takes_what_it_does_not_write():
    files = {
        "a": {
            "name": "A",
            "form": {"name": "F", "sections": [{"code": "x", "words": 1, "help": "h"}]},
        },
        "b": {"form": {"sections": [{"code": "y", "words": 2}]}},
    }

    found = extended(
        {
            "extends": ["a", "b"],
            "form": {
                "sections": [{"use": "y"}, {"use": "x", "words": 5}, {"code": "z"}]
            },
        },
        files.__getitem__,
    )

    assert found == {
        "name": "A",
        "form": {
            "name": "F",
            "sections": [
                {"code": "y", "words": 2},
                {"code": "x", "words": 5, "help": "h"},
                {"code": "z"},
            ],
        },
    }
    with pytest.raises(UnknownEntry):
        extended({"extends": "a", "form": {"sections": [{"use": "q"}]}}, files.get)
