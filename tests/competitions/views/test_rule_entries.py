"""Every list of the rules is edited one entry at a time, by the pages alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Institution
from competitions import building, definitions, queries, services
from competitions.forms.rows import RowsField
from competitions.models import Round, RuleChange
from competitions.rule_lists import rule_list
from competitions.views.rule_entries import _saving
from tests.competitions.views import text_of, url
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(city):
    return make.small_round(government=city, opened_at=None)


def rules_of(round):
    round = Round.objects.of_government().get(pk=round.pk)
    return building.definition_of(queries.round_parts(round))


def codes(entries):
    return [each.code for each in entries]


def as_posted(form):
    """What a browser sends of a form that nobody touched."""
    data = {}
    for each in form:
        value = each.value()
        if isinstance(each.field, RowsField):
            for cell in (cell for row in each.rows for cell in row):
                data.setdefault(cell.html_name, []).append(
                    cell.value or cell.column.blank
                )
        elif value is not None and value is not False:
            data[each.html_name] = value
    return data


def rows_posted(name, *rows):
    """Rows of a field as a browser sends them."""
    return {f"{name}-{part}": [row[part] for row in rows] for part in rows[0]}


def send(client, round, key, code=None, **data):
    page = (
        url("entry_edit", round.slug, key, code)
        if code
        else url("entry_create", round.slug, key)
    )
    return client.post(page, data)


SECTION = {
    "title": "Dampak bagi warga",
    "question": "Apa yang berubah?",
    "word_limit": "300",
    "is_required": "on",
    "evidence_max_files": "2",
    "evidence_max_bytes": "1,5",
    "evidence_types": ["pdf", "link"],
}


def test_section_is_added_changed_and_removed(client, secretariat, prepared):
    made = send(client, prepared, "bagian", **SECTION)

    assert made.url == url("form_edit", prepared.slug) + "#section-dampak-bagi-warga"
    added = rules_of(prepared).form.sections[-1]
    assert (added.code, added.word_limit) == ("dampak-bagi-warga", 300)
    assert added.evidence_types == ("pdf", "link")
    assert added.evidence_max_bytes == 1536 * 1024

    send(client, prepared, "bagian", added.code, **SECTION | {"title": "Dampak"})
    changed = rules_of(prepared).form.sections[-1]
    assert (changed.code, changed.title) == ("dampak-bagi-warga", "Dampak")

    page = url("entry_delete", prepared.slug, "bagian", changed.code)
    assert "What happens then" in text_of(client.get(page))
    client.post(page)
    assert "dampak-bagi-warga" not in codes(rules_of(prepared).form.sections)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"question": " "}, "question"),
        ({"word_limit": "0"}, "word_limit"),
        ({"word_limit": "banyak"}, "word_limit"),
        ({"evidence_max_bytes": "900"}, "evidence_max_bytes"),
        ({"evidence_types": []}, "evidence_types"),
        ({"evidence_types": ["exe"]}, "evidence_types"),
        ({"tracks": ["lain"]}, "tracks"),
    ],
)
def test_section_says_what_is_wrong(client, secretariat, prepared, changes, field):
    before = rules_of(prepared)

    answer = send(client, prepared, "bagian", **SECTION | changes)

    assert list(answer.context["form"].errors) == [field]
    assert rules_of(prepared) == before


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ({"arah": "naik"}, ["kebaruan", "ringkasan", "signifikansi"]),
        ({"arah": "turun"}, ["ringkasan", "signifikansi", "kebaruan"]),
        ({"tempat": "0"}, ["kebaruan", "ringkasan", "signifikansi"]),
        ({"tempat": "99"}, ["ringkasan", "signifikansi", "kebaruan"]),
        ({"tempat": "-1"}, ["ringkasan", "kebaruan", "signifikansi"]),
        ({}, ["ringkasan", "kebaruan", "signifikansi"]),
    ],
)
def test_entry_moves_by_button_and_by_drag(client, secretariat, prepared, move, order):
    page = url("entry_move", prepared.slug, "bagian", "kebaruan")

    answer = client.post(page, move, follow=True)

    assert codes(rules_of(prepared).form.sections) == order
    place = order.index("kebaruan") + 1
    assert f"now stands at place {place} of 3" in text_of(answer)


def test_first_entry_cannot_go_up(client, secretariat, prepared):
    page = url("entry_move", prepared.slug, "bagian", "ringkasan")

    client.post(page, {"arah": "naik"})

    assert codes(rules_of(prepared).form.sections)[0] == "ringkasan"


def test_choices_keep_their_codes_when_words_change(client, secretariat, prepared):
    field = {"label": "Bentuk", "kind": "choice", "options": "Layanan\nProduk"}
    send(client, prepared, "isian", **field)
    changed = field | {"options": "Layanan publik\nProduk"}

    send(client, prepared, "isian", "bentuk", **changed)

    options = rules_of(prepared).form.header[-1].options
    assert [(each.code, each.label) for each in options] == [
        ("layanan", "Layanan publik"),
        ("produk", "Produk"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "choice", "options": "Satu"}, "options"),
        ({"kind": "choice", "options": "Satu\nSatu"}, "options"),
        ({"kind": "text", "options": "Satu\nDua"}, "options"),
        ({"kind": "text", "follow_up": "Yang mana?"}, "follow_up"),
        ({"kind": "text", "minimum": "1"}, "minimum"),
        ({"kind": "number", "minimum": "5", "maximum": "1"}, "maximum"),
    ],
)
def test_field_says_what_does_not_fit_its_kind(
    client, secretariat, prepared, changes, field
):
    answer = send(client, prepared, "isian", label="Isian", **changes)

    assert list(answer.context["form"].errors) == [field]


def test_letter_shows_its_words_and_a_sample(client, secretariat, prepared):
    send(
        client,
        prepared,
        "surat",
        "implementasi",
        title="Surat pernyataan",
        body="Kami dari {instansi} mengikuti {kompetisi}.",
        signer="head",
        max_bytes="1",
    )

    page = text_of(
        client.get(url("entry_edit", prepared.slug, "surat", "implementasi"))
    )

    assert "{judul}" in page
    assert f"[name of the institution] mengikuti {prepared.name}" in page


@pytest.mark.parametrize(
    ("key", "data", "attribute"),
    [
        ("pernyataan", {"text": "Data ini benar"}, "form.consents"),
        ("kelompok", {"name": "Khusus", "is_by_invitation": "on"}, "tracks"),
        ("kategori", {"names": "Ekonomi\r\nLingkungan"}, "categories"),
        ("klaster", {"name": "Sekolah"}, "clusters"),
        (
            "penghargaan",
            {"name": "Harapan", "kind": "rank", "rank_from": "4", "per": "overall"},
            "awards",
        ),
        (
            "kriteria.proposal",
            {
                "name": "Dampak",
                "weight": "12,5",
                "sections": ["ringkasan"],
                "anchors-low": "0",
                "anchors-high": "100",
                "anchors-label": "Ada",
                "anchors-text": "Nyata",
            },
            "scoring.0.criteria",
        ),
        (
            "tahap",
            {
                "name": "Presentasi",
                "kind": "presentation",
                "calendar_kind": "presentation",
                "share": "30",
                "scale_low": "0",
                "scale_high": "100",
                "scale_step": "1",
                "others_scores": "never",
                "shortlists-group": ["track:umum", "category:"],
                "shortlists-size": ["5", "3"],
            },
            "scoring",
        ),
    ],
)
def test_every_list_takes_an_entry(client, secretariat, prepared, key, data, attribute):
    answer = send(client, prepared, key, **data)

    assert answer.status_code == 302, answer.context["form"].errors
    found = rules_of(prepared)
    for step in attribute.split("."):
        found = found[int(step)] if step.isdecimal() else getattr(found, step)
    wanted = data.get("name") or data.get("text") or data["names"].splitlines()[-1]
    assert (getattr(found[-1], "name", None) or found[-1].text) == wanted


def test_stage_reads_its_shortlists_by_name(client, secretariat, prepared):
    page = url("entry_edit", prepared.slug, "tahap", "proposal")
    data = as_posted(client.get(page).context["form"])
    rows = [{"group": "track:umum", "size": "5"}, {"group": "category:", "size": "3"}]
    data |= rows_posted("shortlists", *rows)

    assert client.post(page, data).status_code == 302
    lists = rules_of(prepared).scoring[0].shortlists
    assert [(each.per, each.groups, each.size) for each in lists] == [
        ("track", ("umum",), 5),
        ("category", (), 3),
    ]
    assert client.get(page).context["form"]["shortlists"].value() == rows
    for wrong in [{"group": "", "size": "3"}, {"group": "track:umum", "size": "lima"}]:
        answer = client.post(page, data | rows_posted("shortlists", rows[0], wrong))
        (error,) = answer.context["form"].errors["shortlists"]
        assert error.startswith("Row 2: ")
        assert 'value="lima"' in text_of(answer) or wrong["size"] == "3"


def test_stage_saved_late_undoes_no_criterion(client, secretariat, prepared, actor):
    page = url("entry_edit", prepared.slug, "tahap", "proposal")
    form = client.get(page).context["form"]
    stale = form.entry
    listed = rule_list("tahap")
    services.change_rules(
        round=prepared,
        change=lambda rules: rule_list("kriteria.proposal").remove(rules, "kebaruan"),
        actor=actor,
        at=timezone.now(),
    )

    save = _saving(listed, [replace(stale, name="Seleksi")], "", stale)
    services.change_rules(round=prepared, change=save, actor=actor, at=timezone.now())

    (stage,) = rules_of(prepared).scoring
    assert stage.name == "Seleksi"
    assert codes(stage.criteria) == ["signifikansi"]


@pytest.mark.parametrize("rule", definitions.PARAMS)
def test_requirement_of_each_rule_comes_with_a_ready_sentence(
    client, secretariat, prepared, rule
):
    page = url("entry_create", prepared.slug, "syarat") + f"?aturan={rule}"
    form = client.get(page).context["form"]
    data = {
        each.html_name: each.value() for each in form if each.value() not in (None, "")
    }
    assert {"title", "advice", "reason_code"} <= data.keys()
    data.setdefault("levels", "Juara I")

    assert client.post(page, data).status_code == 302
    assert rules_of(prepared).requirements[-1].rule == rule


def test_usual_requirements_are_added_at_once(client, secretariat, prepared):
    page = url("entry_create", prepared.slug, "syarat") + "?aturan=lazim"
    before = len(rules_of(prepared).requirements)
    form = client.get(page).context["form"]
    offered = [code for code, _label in form.fields["rules_chosen"].choices]

    client.post(page, {"rules_chosen": offered})

    added = rules_of(prepared).requirements[before:]
    assert [each.rule for each in added] == offered
    assert client.post(page, {}).status_code == 200
    assert not client.get(page).context["form"].fields["rules_chosen"].choices


def test_copy_begins_with_what_the_entry_holds(client, secretariat, prepared):
    page = url("entry_create", prepared.slug, "bagian") + "?salin=kebaruan"
    data = as_posted(client.get(page).context["form"])
    assert data["title"].endswith(" (copy)")

    client.post(page, data | {"title": "Kebaruan kedua", "lagi": "1"})

    first, second = (rules_of(prepared).form.sections[place] for place in (1, -1))
    assert (second.code, second.title) == ("kebaruan-kedua", "Kebaruan kedua")
    assert replace(second, code=first.code, title=first.title) == first
    page = url("entry_create", prepared.slug, "bagian") + "?salin=tidak-ada"
    assert client.get(page).status_code == 404


def test_requirement_without_a_known_rule_is_not_there(client, secretariat, prepared):
    page = url("entry_create", prepared.slug, "syarat")

    assert client.get(f"{page}?aturan=sulap").status_code == 404
    assert client.get(page).status_code == 200  # the secretariat judges by itself


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("bagian", "tidak-ada"),
        ("sulap", "ringkasan"),
        ("kriteria", "kebaruan"),
        ("kriteria.lain", "kebaruan"),
        ("kriteria.", "kebaruan"),
        ("seri", "proposal.kebaruan"),
    ],
)
def test_what_is_not_there_is_not_found(client, secretariat, prepared, key, code):
    page = url("entry_edit", prepared.slug, key, code)

    assert client.get(page).status_code == 404
    assert client.post(page, {"nothing": "1"}).status_code == 404


def test_jury_rules_are_kept(client, secretariat, prepared):
    page = url("jury_edit", prepared.slug)
    data = {"minimum": "5", "quorum": "67", "background_akademisi": "2"}

    assert client.post(page, data).status_code == 302
    jury = rules_of(prepared).jury
    assert (jury.minimum, jury.quorum) == (5, 67)
    assert jury.backgrounds == (("akademisi", 2),)
    assert client.post(page, {"quorum": "101"}).context["form"].errors


def test_tie_break_chain_is_built_and_ordered(client, secretariat, prepared):
    before = rules_of(prepared).tie_break
    left = [
        f"proposal.{code}"
        for code in ("kebaruan", "signifikansi")
        if f"proposal.{code}" not in before
    ]
    for code in left:
        client.post(url("link_create", prepared.slug), {"link": code})
    chain = rules_of(prepared).tie_break
    assert set(chain) == {"proposal.kebaruan", "proposal.signifikansi"}

    page = url("entry_move", prepared.slug, "seri", chain[1])
    client.post(page, {"arah": "naik"})

    assert rules_of(prepared).tie_break == tuple(reversed(chain))
    client.post(url("entry_delete", prepared.slug, "seri", chain[0]))
    assert rules_of(prepared).tie_break == (chain[1],)


# Trees --------------------------------------------------------------------------------


@pytest.fixture
def assessment(city, actor):
    return services.create_round(
        competition=make.CompetitionFactory(government=city),
        year=2027,
        edition=1,
        name="Zona Integritas",
        theme="Tema",
        organiser="Inspektorat",
        definition=definitions.preset("zona-integritas-kota-pekalongan"),
        actor=actor,
        at=timezone.now(),
    )


def test_component_moves_below_another_with_all_below_it(
    client, secretariat, assessment
):
    stage = rules_of(assessment).scoring[0]
    first, second = stage.criteria[:2]
    key = f"kriteria.{stage.code}"
    count = len(list(stage.tree()))

    answer = send(
        client,
        assessment,
        key,
        second.code,
        name=second.name,
        weight=str(second.weight),
        parent=first.code,
    )

    assert answer.status_code == 302
    stage = rules_of(assessment).scoring[0]
    assert stage.criteria[0].criteria[-1].code == second.code
    assert len(list(stage.tree())) == count
    wrong = send(
        client,
        assessment,
        key,
        first.code,
        name=first.name,
        weight="1",
        parent=second.code,
    )
    assert "parent" in wrong.context["form"].errors


def test_predicate_keeps_its_minimums(client, secretariat, assessment):
    stage = rules_of(assessment).scoring[0]
    key, code = f"predikat.{stage.code}", stage.predicates[0].code
    form = client.get(url("entry_edit", assessment.slug, key, code)).context["form"]
    data = as_posted(form)

    assert send(client, assessment, key, code, **data).status_code == 302
    assert rules_of(assessment).scoring[0].predicates == stage.predicates
    total = {"criterion": "", "minimum": "75", "unit": "points"}
    data |= rows_posted("minimums", total, total)
    assert "minimums" in (
        send(client, assessment, key, code, **data).context["form"].errors
    )


@pytest.mark.parametrize(
    "key",
    [
        "kipp-provinsi-jawa-tengah",
        "krenova-kota-magelang",
        "national-2018",
        "zona-integritas-kota-pekalongan",
    ],
)
def test_saving_an_entry_untouched_changes_nothing(
    client, secretariat, city, actor, key
):
    """What a page shows is all there is: no entry loses anything by being saved."""
    round = services.create_round(
        competition=make.CompetitionFactory(government=city),
        year=2027,
        edition=1,
        name="Putaran",
        theme="Tema",
        organiser="Bagian",
        definition=definitions.preset(key),
        actor=actor,
        at=timezone.now(),
    )
    before = rules_of(round)
    scoring = [stage for stage in before.scoring if stage.criteria]
    places = [
        *(("bagian", each.code) for each in before.form.sections[:1]),
        *(("isian", each.code) for each in before.form.header),
        *(("surat", each.code) for each in before.form.letters[:1]),
        *(("syarat", each.code) for each in before.requirements),
        *(("penghargaan", each.code) for each in before.awards),
        *(("klaster", each.code) for each in before.clusters),
        *(("tahap", each.code) for each in before.scoring),
        *((f"kriteria.{s.code}", s.criteria[0].code) for s in scoring),
        *((f"predikat.{s.code}", p.code) for s in scoring for p in s.predicates),
    ]
    for name, code in places:
        page = url("entry_edit", round.slug, name, code)
        answer = client.post(page, as_posted(client.get(page).context["form"]))
        assert answer.status_code == 302, (name, code, answer.context["form"].errors)

    assert rules_of(round) == before


# Starting from something --------------------------------------------------------------


def new_round(city, competition, **changes):
    return {
        "competition": competition.slug,
        "government": city.pk,
        "year": "2099",
        "edition": "90",
        "theme": "",
        "organiser": "Bagian Organisasi",
    } | changes


def test_copy_of_last_year_is_first_and_chosen(client, secretariat, prepared):
    form = client.get(url("round_create")).context["form"]

    assert form["preset"].value() == f"putaran:{prepared.slug}"
    assert form.rule_groups[0].choices[0].label == f"Copy of {prepared.name}"


def test_copy_keeps_the_rules(client, secretariat, city, prepared):
    data = new_round(city, prepared.competition, preset=f"putaran:{prepared.slug}")

    answer = client.post(url("round_create"), data)

    assert answer.status_code == 302
    made = Round.objects.exclude(pk=prepared.pk).get()
    assert made.organiser == "Bagian Organisasi"
    assert rules_of(made).form == rules_of(prepared).form
    assert made.stage_set.count() == prepared.stage_set.count()


def test_copy_stays_in_its_series(client, secretariat, city, prepared):
    other = make.CompetitionFactory(government=city)
    data = new_round(city, other, preset=f"putaran:{prepared.slug}")

    answer = client.post(url("round_create"), data)

    assert "another series" in answer.context["form"].errors["preset"][0]


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_rules_go_out_as_a_file_and_come_back(
    client, secretariat, city, prepared, kind
):
    given = client.get(url("round_rules", prepared.slug, kind))
    assert f'aturan-{prepared.slug}.{kind}"' in given["Content-Disposition"]
    upload = SimpleUploadedFile(f"aturan.{kind}", given.content)
    day = timezone.localdate() + timedelta(days=30)
    data = new_round(city, prepared.competition, preset="berkas", file=upload)

    client.post(url("round_create"), data | {"first_day": day.isoformat()})

    made = Round.objects.exclude(pk=prepared.pk).get()
    assert rules_of(made).form == rules_of(prepared).form
    assert rules_of(made).scoring == rules_of(prepared).scoring
    assert client.get(url("round_rules", prepared.slug, "exe")).status_code == 404


def test_mistakes_of_a_file_are_named_by_line_place_and_value(
    client, secretariat, city, prepared
):
    content = client.get(url("round_rules", prepared.slug, "yaml")).content.decode()
    broken = content.replace("words: 600", "words: banyak")
    upload = SimpleUploadedFile("aturan.yaml", broken.encode())
    data = new_round(city, prepared.competition, preset="berkas", file=upload)

    answer = client.post(url("round_create"), data)

    page = text_of(answer)
    line = broken[: broken.index("banyak")].count("\n") + 1
    assert f"Line {line}" in page
    assert "form.sections[3].words" in page
    assert "banyak" in page
    assert Round.objects.count() == 1


def test_round_is_set_up_from_nothing_by_its_pages_alone(client, secretariat, city):
    competition = make.CompetitionFactory(government=city)
    data = new_round(city, competition, preset="kosong", theme="Tema")
    client.post(url("round_create"), data)
    round = Round.objects.get()
    missing = client.get(url("round_setup", round.slug)).context["problems"]
    assert len(missing) >= 5
    make.add_calendar(round, phase="before")

    for key, entry in [
        ("kelompok", {"name": "Umum"}),
        ("kategori", {"names": "Kesehatan"}),
        ("bagian", SECTION),
        (
            "tahap",
            {
                "name": "Penilaian proposal",
                "kind": "desk",
                "calendar_kind": "scoring",
                "share": "100",
                "scale_low": "0",
                "scale_high": "100",
                "scale_step": "1",
                "others_scores": "never",
            },
        ),
        (
            "kriteria.penilaian-proposal",
            {"name": "Dampak", "weight": "100", "sections": ["dampak-bagi-warga"]},
        ),
        (
            "penghargaan",
            {"name": "Juara I", "kind": "rank", "rank_from": "1", "per": "overall"},
        ),
    ]:
        answer = send(client, round, key, **entry)
        assert answer.status_code == 302, answer.context["form"].errors

    assert client.get(url("round_setup", round.slug)).context["problems"] == []
    client.post(url("round_open", round.slug))
    round.refresh_from_db()
    assert round.is_opened


# The pages ----------------------------------------------------------------------------


def test_contradiction_leads_to_its_row(client, secretariat, prepared):
    criterion = prepared.scoringstage_set.get().criterion_set.get(code="kebaruan")
    criterion.sections.clear()

    page = client.get(url("round_setup", prepared.slug))

    (problem,) = page.context["problems"]
    page = url("entry_edit", prepared.slug, "kriteria.proposal", "kebaruan")
    assert problem.url == page
    listed = text_of(client.get(url("criterion_edit", prepared.slug)))
    assert 'id="criterion-proposal-kebaruan"' in listed
    assert problem.sentence in listed


def test_preview_is_of_one_track(client, secretariat, prepared):
    form = prepared.formtemplate_set.get()
    make.SectionFactory(form=form, title="Hanya untuk replikasi", tracks=["replikasi"])
    page = url("form_preview", prepared.slug)

    assert "Hanya untuk replikasi" not in text_of(client.get(page))
    assert "Hanya untuk replikasi" in text_of(client.get(f"{page}?kelompok=replikasi"))


def test_totals_are_for_each_track_where_they_differ(client, secretariat, prepared):
    stage = prepared.scoringstage_set.get()
    stage.criterion_set.filter(code="kebaruan").update(tracks=["umum"])

    (block,) = client.get(url("criterion_edit", prepared.slug)).context["blocks"]

    assert [(each.track, each.sum) for each in block.form.totals()] == [
        ("umum", Decimal(100)),
        ("replikasi", Decimal(60)),
    ]


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("name", ["form_edit", "group_list", "criterion_edit"])
def test_big_round_costs_no_more_queries(
    client, secretariat, prepared, django_assert_num_queries, name, count
):
    make.SectionFactory.create_batch(count, form=prepared.formtemplate_set.get())
    make.CategoryFactory.create_batch(count, round=prepared)
    stage = prepared.scoringstage_set.get()
    make.CriterionFactory.create_batch(count, scoring_stage=stage, weight=0)

    # user, memberships, round, 13 for its parts, panels, unread messages
    with django_assert_num_queries(18):
        client.get(url(name, prepared.slug))


def test_who_may_enter_is_only_prepared_once_open(client, secretariat, prepared):
    page = url("round_edit", prepared.slug)
    data = {
        "name": prepared.name,
        "year": str(prepared.year),
        "edition": str(prepared.edition),
        "theme": "Tema",
        "organiser": "Bagian",
        "guideline": "",
    }
    kinds = [Institution.Kind.values[0]]

    client.post(page, data | {"institution_kinds": kinds})
    assert list(rules_of(prepared).institution_kinds) == kinds

    Round.objects.update(opened_at=timezone.now())
    others = Institution.Kind.values[1:2]
    client.post(page, data | {"institution_kinds": others})
    assert list(rules_of(prepared).institution_kinds) == kinds
    assert client.get(page).context["form"]["institution_kinds"].value() == others
    assert RuleChange.objects.open().count() == 1
