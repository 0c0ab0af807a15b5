"""Template tags and the components they feed."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core import charts, inventory
from core.templatetags import kipp
from core.text import has_words

ROOT = Path(__file__).resolve().parents[2]
SPRITE = ROOT / "static" / kipp.SPRITE
MOMENT = datetime(2022, 3, 31, 9, 0, 24, tzinfo=UTC)  # 16.00.24 in Jakarta


@pytest.fixture(autouse=True)
def _jakarta():
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        yield


def render(source, request=None, **values):
    template = Template("{% load kipp %}" + source)
    context = RequestContext(request, values) if request else Context(values)
    return template.render(context).strip()


# Dates --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ v|date_id }}", "31 Maret 2022"),
        ("{{ v|date_id:'short' }}", "31 Mar 2022"),
        ("{{ v|date_id:'weekday' }}", "Kamis, 31 Maret 2022"),
        ("{{ v|date_id:'day_month' }}", "31 Maret"),
        ("{{ v|date_id:'month_year' }}", "Maret 2022"),
        ("{{ v|date_id:'iso' }}", "2022-03-31"),
        ("{{ v|datetime_id }}", "Kamis, 31 Maret 2022 pukul 16.00 WIB"),
        ("{{ v|datetime_id:'medium' }}", "31 Maret 2022 pukul 16.00 WIB"),
        ("{{ v|datetime_id:'seconds' }}", "Kamis, 31 Maret 2022 pukul 16.00.24 WIB"),
        ("{{ v|datetime_id:'short' }}", "31 Mar 2022, 16.00 WIB"),
        ("{{ v|datetime_id:'iso' }}", "2022-03-31T16:00:24+07:00"),
        ("{{ v|time_id }}", "16.00 WIB"),
        ("{{ v|time_id:'bare' }}", "16.00"),
        ("{% datetime_in v 'Asia/Makassar' 'short' %}", "31 Mar 2022, 17.00 WITA"),
        ("{% datetime_in v 'Asia/Jayapura' 'short' %}", "31 Mar 2022, 18.00 WIT"),
        (
            "{% time_tag v 'short' %}",
            '<time datetime="2022-03-31T16:00:24+07:00">31 Mar 2022, 16.00 WIB</time>',
        ),
    ],
)
def test_moment_is_written_in_words(source, expected):
    assert render(source, v=MOMENT) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ v|date_id }}",
        "{{ v|datetime_id }}",
        "{{ v|time_id }}",
        "{% time_tag v %}",
        "{% datetime_in v 'Asia/Jakarta' %}",
    ],
)
def test_missing_moment_writes_nothing(source):
    assert render(source, v=None) == ""


def test_dates_follow_the_language():
    with translation.override("en"):
        written = render("{{ v|datetime_id }}", v=MOMENT)

    assert written == "Thursday, 31 March 2022 at 16.00 WIB"


def test_date_falls_on_the_local_day():
    late = datetime(2022, 3, 31, 18, 30, tzinfo=UTC)

    assert render("{{ v|date_id }}", v=late) == "1 April 2022"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2022, 4, 1), date(2022, 4, 14), "1 – 14 April"),
        (date(2022, 4, 18), date(2022, 5, 13), "18 April – 13 Mei"),
        (date(2022, 6, 10), date(2022, 6, 10), "10 Juni"),
        (date(2022, 6, 10), None, "10 Juni"),
        (None, None, ""),
        (
            date(2022, 12, 20),
            date(2023, 1, 5),
            "20 Desember 2022 – 5 Januari 2023",
        ),
    ],
)
def test_date_range_names_each_month_once(start, end, expected):
    assert render("{% date_range a b %}", a=start, b=end) == expected


def test_date_range_with_year():
    days = {"a": date(2022, 4, 1), "b": date(2022, 4, 14)}

    assert render("{% date_range a b with_year=True %}", **days) == "1 – 14 April 2022"


def test_time_left_stops_at_nothing():
    before = render(
        "{% time_left v now as t %}{{ t.days }} {{ t.hours }} {{ t.minutes }}",
        v=MOMENT,
        now=datetime(2022, 3, 23, 3, 42, tzinfo=UTC),
    )
    after = render(
        "{% time_left v now as t %}{{ t.days }} {{ t.minutes }} {{ t.is_over }}",
        v=MOMENT,
        now=datetime(2022, 4, 1, tzinfo=UTC),
    )

    assert before == "8 5 18"
    assert after == "0 0 True"


# Numbers and words --------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|decimal_id:2 }}", "1204.5", "1.204,50"),
        ("{{ v|decimal_id:1 }}", 86.25, "86,3"),
        ("{{ v|decimal_id:0 }}", -0.4, "0"),
        ("{{ v|decimal_id }}", None, ""),
        ("{{ v|decimal_id }}", "bukan angka", ""),
        ("{{ v|decimal_id }}", float("nan"), ""),
        ("{{ v|percent_id }}", 84, "84%"),
        ("{{ v|percent_id:1 }}", "33.333", "33,3%"),
        ("{{ v|percent_of:31 }}", 26, "84%"),
        ("{{ v|percent_of:0 }}", 3, "0%"),
        ("{{ v|filesize_id }}", 512, "512 B"),
        ("{{ v|filesize_id }}", 655360, "640 KB"),
        ("{{ v|filesize_id }}", 3145728, "3,0 MB"),
        ("{{ v|filesize_id }}", 1048000, "1.023 KB"),
        ("{{ v|filesize_id }}", 1048500, "1,0 MB"),
        ("{{ v|filesize_id }}", 5 * 1024**3, "5,0 GB"),
        ("{{ v|rupiah }}", 60000, "Rp60.000"),
        ("{{ v|rupiah }}", -1500, "-Rp1.500"),
        ("{{ v|terbilang }}", 21, "dua puluh satu"),
        ("{{ v|terbilang }}", 2026, "dua ribu dua puluh enam"),
        ("{{ v|mask_employee_number }}", "19800101 200501 1 001", "*" * 15 + "001"),
        ("{{ v|mask_employee_number }}", "12", ""),
    ],
)
def test_number_is_written_the_indonesian_way(source, value, expected):
    assert render(source, v=value) == expected


def test_numbers_follow_the_language():
    with translation.override("en"):
        assert render("{{ v|decimal_id:2 }}", v="1204.5") == "1,204.50"


@pytest.mark.parametrize(
    ("text", "expected"),
    json.loads((Path(__file__).parent / "word_count.json").read_text()),
)
def test_word_count_shared_with_the_browser(text, expected):
    assert kipp.word_count(text) == expected
    assert has_words(text) == (expected > 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, False),
        ("\u200b" * 300, False),
        ("\u200b" * 300 + "kata", True),
        (" " * 300 + "kata", True),
        ("<p>" * 100 + "&nbsp;" * 100, False),
        ("&nbsp;" * 100 + "kata", True),
    ],
)
def test_words_are_found_wherever_they_begin(text, expected):
    assert has_words(text) == expected == (kipp.word_count(text) > 0)


def test_paragraphs_are_escaped_and_keep_line_breaks():
    text = "satu <b>\r\ndua\r\n\r\n\r\ntiga"

    assert render("{{ v|paragraphs }}", v=text) == (
        "<p>satu &lt;b&gt;<br>dua</p>\n<p>tiga</p>"
    )


# Icons, tags, links -------------------------------------------------------------


def test_icon_is_decorative_unless_labelled():
    assert 'aria-hidden="true"' in render("{% icon 'bell' %}")
    assert 'role="img" aria-label="&lt;Lonceng&gt;"' in render(
        "{% icon 'bell' label=v %}", v="<Lonceng>"
    )


def icon_names():
    """Every icon that templates, tags and scripts name literally."""
    named = set(kipp.NOTICE_ICONS.values()) | set(kipp.VARIANT_ICONS.values())
    patterns = (
        r"""\{% icon ["']([\w-]+)["']""",
        r"""icon_name=["']([\w-]+)["']""",
        r"""(?:icon|kind)(?:_name)?=["']([a-z][\w-]+)["']""",
        r"""\{% tag \S+ ["']\w+["'] ["']([\w-]+)["']""",
        r"""\{\{ sprite \}\}#([\w-]+)["']""",
    )
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/*.py")]:
        source = path.read_text()
        for pattern in patterns:
            named |= set(re.findall(pattern, source))
    for path in ROOT.glob("static/js/*.js"):
        block = re.search(r"ICONS = \{(.*?)\};", path.read_text(), re.DOTALL)
        named |= set(re.findall(r'"([\w-]+)"', block[1])) if block else set()
    return named


def test_every_named_icon_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))

    assert icon_names() - drawn == set()


def test_every_address_in_a_style_sheet_leads_to_a_file():
    missing = [
        f"{sheet.name}: {address}"
        for sheet in (ROOT / "static/css").glob("*.css")
        for address in re.findall(r"url\([\"']?(?!data:)([^)\"']+)", sheet.read_text())
        if not (sheet.parent / unquote(address)).is_file()
    ]

    assert missing == []


def test_tag_escapes_its_label():
    assert render("{% tag v 'ok' %}", v="<i>") == (
        '<span class="tag tag--ok"><svg class="icon" aria-hidden="true">'
        f'<use href="/static/{kipp.SPRITE}#check-circle-fill"/></svg>&lt;i&gt;</span>'
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/inovasi/", ' aria-current="page"'),
        ("/inovasi/e-kelurahan/", ' aria-current="true"'),
        ("/", ""),
        ("/pengumuman/", ""),
    ],
)
def test_aria_current_marks_page_and_section(rf, path, expected):
    source = "{% aria_current '/inovasi/' %}|"

    assert render(source, rf.get(path)) == f"{expected}|".strip()


def test_pager_keeps_filters_and_names_the_present_page(rf):
    page = Paginator(range(100), 10).get_page(5)
    request = rf.get("/?saring=lolos&halaman=5")

    html = render(
        "{% include 'components/pager.html' with page=page only %}", request, page=page
    )

    assert re.findall(r'<a href="([^"]*)"', html) == [
        f"?saring=lolos&amp;halaman={number}" for number in (4, 1, 4, 6, 10, 6)
    ]
    assert re.search(r'aria-current="page"><span[^>]*>\w+ </span>5<', html)


def test_pager_of_one_page_is_empty(rf):
    page = Paginator(range(3), 10).get_page(1)
    source = "{% include 'components/pager.html' with page=page only %}"

    assert render(source, rf.get("/"), page=page) == ""


@pytest.mark.parametrize(
    ("current", "href", "aria"),
    [
        ("judul", "?q=air&amp;urut=-judul", 'aria-sort="ascending"'),
        ("-judul", "?q=air&amp;urut=judul", 'aria-sort="descending"'),
        ("nilai", "?q=air&amp;urut=judul", ""),
    ],
)
def test_sort_header_turns_the_order_and_forgets_the_page(rf, current, href, aria):
    source = (
        "{% include 'components/sort_header.html' "
        "with label='Judul' key='judul' current=current only %}"
    )

    html = render(source, rf.get("/?q=air&halaman=3"), current=current)

    assert f'href="{href}"' in html
    assert ("aria-sort" in html) == bool(aria)
    assert aria in html


# Fields -------------------------------------------------------------------------


class SampleForm(forms.Form):
    answer = forms.CharField(
        label="Hasil",
        help_text="Tulis <angka>.",
        widget=forms.Textarea(attrs={"data-words": "3", "class": "tall"}),
    )
    choice = forms.ChoiceField(
        label="Sudah ikut?", choices=[("y", "Ya")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Catatan", required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def field_html(form, name):
    return render(
        "{% include 'components/field.html' with field=field only %}", field=form[name]
    )


def test_field_stands_in_order_label_hint_error_control_counter():
    form = SampleForm({"answer": ""})

    html = field_html(form, "answer")

    places = [
        html.index(part)
        for part in ("<label", "_helptext", "_error", "<textarea", "word-count")
    ]
    assert places == sorted(places)
    assert 'class="form-control tall is-invalid"' in html
    assert (
        'aria-describedby="id_answer_helptext id_answer_error id_answer_count"' in html
    )
    assert 'aria-invalid="true"' in html


def test_field_says_how_many_words_are_too_many():
    html = field_html(SampleForm({"answer": "satu dua tiga empat lima"}), "answer")

    assert "word-count--over" in html
    assert re.search(r"2 \D+ \(5 \D+ 3\)", html)


def test_field_group_is_a_fieldset_with_its_error():
    html = field_html(SampleForm({}), "choice")

    assert html.startswith("<fieldset")
    assert 'aria-describedby="id_choice_error"' in html
    assert 'class="form-check-input"' in html


def test_field_is_called_optional_only_beside_required_ones():
    class Loose(forms.Form):
        note = forms.CharField(required=False)

    assert 'class="optional"' in field_html(SampleForm(), "note")
    assert 'class="optional"' not in field_html(Loose(), "note")


def test_placeholder_that_repeats_the_label_is_dropped():
    class Repeating(forms.Form):
        name = forms.CharField(
            label="Nama", widget=forms.TextInput(attrs={"placeholder": "Nama"})
        )
        unit = forms.CharField(
            label="Unit", widget=forms.TextInput(attrs={"placeholder": "RSUD"})
        )

    form = Repeating()

    assert "placeholder" not in field_html(form, "name")
    assert 'placeholder="RSUD"' in field_html(form, "unit")


def test_error_summary_links_each_field_and_lists_the_hidden_ones():
    html = render_to_string(
        "components/error_summary.html", {"form": SampleForm({"answer": "a"})}
    )

    assert re.findall(r'href="([^"]+)"', html) == ["#id_choice_0"]
    assert html.count("<li>") == 2
    assert "Sudah ikut? " in html


def test_error_summary_of_a_sound_form_is_empty():
    form = SampleForm({"answer": "a", "choice": "y", "secret": "s"})

    assert render_to_string(
        "components/error_summary.html", {"form": form}
    ).strip() == ("")


def test_error_lines_of_formsets_and_lists():
    formset_class = forms.formset_factory(SampleForm, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    formset = formset_class(data)

    lines = kipp.error_lines(formset, SampleForm({}))

    assert lines[0].href == ""
    assert {line.href for line in lines[1:]} >= {"#id_form-0-answer", "#id_answer"}


def test_crispy_renders_our_field():
    html = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=SampleForm({}))

    assert html.index("error-summary") < html.index('id="div_id_answer"')
    assert "asteriskField" not in html


# Blocks -------------------------------------------------------------------------


def test_notice_frames_its_content_once_escaped():
    html = render(
        "{% notice 'warn' title=t %}<p>{{ t }}</p>{% endnotice %}", t="Awas <b>"
    )

    assert 'class="notice notice--warn"' in html
    assert html.count("Awas &lt;b&gt;") == 2
    assert "<p>Awas" in html


def test_dialog_posts_with_token_and_typed_word(rf):
    html = render(
        "{% dialog id='kunci' title='Kunci?' action='/kunci/' confirm='Kunci' "
        "word='KUNCI' name='langkah' value='kunci' %}<p>Akibat.</p>{% enddialog %}",
        rf.get("/"),
    )

    assert '<dialog class="dialog" id="kunci" aria-labelledby="kunci-title">' in html
    assert '<form method="post" action="/kunci/">' in html
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)
    assert 'data-confirm-word="KUNCI"' in html
    assert 'name="langkah" value="kunci"' in html


# Charts -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "expected"), [(11, 4), (4, 1), (30, 10), (1, 0.25), (0, 1), (900, 250)]
)
def test_nice_step_is_round(span, expected):
    assert charts.nice_step(span) == pytest.approx(expected)


def test_bar_chart_starts_at_zero_and_labels_the_highest():
    chart = charts.bar_chart([("18", 0), ("29", 5), ("30", 7), ("31", 11), ("1", 1)])

    assert [bar.height for bar in chart.bars] == ["0", "60", "84", "132", "12"]
    assert [bar.shows_value for bar in chart.bars] == [False, True, True, True, False]
    assert [tick.value for tick in chart.ticks] == [0, 4, 8, 12]
    assert all(bar.x.endswith("%") and "," not in bar.x for bar in chart.bars)


def test_bar_chart_of_nothing_has_an_axis():
    assert charts.bar_chart([]).ticks[0].value == 0
    assert charts.bar_chart([("a", 0)]).bars[0].height == "0"


def test_bar_chart_thins_out_labels_but_keeps_the_last():
    chart = charts.bar_chart([(f"{day} Maret", day) for day in range(1, 31)])

    shown = [bar.label for bar in chart.bars if bar.shows_label]
    assert len(shown) < 10
    assert shown[-1] == "30 Maret"


def test_range_chart_places_lowest_mean_and_highest():
    chart = charts.range_chart([("Juri 1", 60, 80, 100), ("Juri 2", 70, 70, 70)])

    assert [tick.value for tick in chart.ticks] == [60, 70, 80, 90, 100]
    assert (chart.rows[0].x, chart.rows[0].dot, chart.rows[0].width) == (
        "16%",
        "56%",
        "80%",
    )
    assert chart.rows[1].width == "0%"


def test_calendar_chart_spans_whole_months():
    chart = charts.calendar_chart(
        [
            ("Pengajuan", date(2022, 12, 1), date(2022, 12, 31)),
            ("Penilaian", date(2023, 1, 10), date(2023, 1, 20)),
            ("Belum pasti", None, None),
        ]
    )

    assert [tick.text_at for tick in chart.ticks] == ["Des", "Jan 2023"]
    assert (chart.rows[0].x, chart.rows[0].width) == ("0%", "50%")
    assert (chart.rows[0].text_x, chart.rows[0].text_ends) == ("50%", False)
    assert chart.rows[1].text_ends  # there is more room before it
    assert len(chart.rows) == 2


def test_seeds_dye_as_many_petals_as_take_part():
    figure = charts.seeds(21, 31)

    assert sum(petal.is_in for petal in figure.petals) == 21
    assert len(figure.petals) == 31
    assert figure.view_box == "0 0 352 176"


def test_charts_never_put_a_comma_into_a_coordinate():
    html = render_to_string(
        "components/range_chart.html",
        {"rows": [("Juri", 61.5, 77.25, 89)], "finding": "f", "label_head": "Juri"},
    )

    coordinates = re.findall(r'(?:x|x1|cx|width)="([^"]*)"', html)
    assert coordinates
    assert not any("," in value for value in coordinates)


# The page of all components -----------------------------------------------------


def test_inventory_shows_every_component():
    page = (ROOT / "templates/core/components_inventory.html").read_text()
    layouts = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'components/(\w+)\.html"', page + layouts))
    made = {path.stem for path in (ROOT / "templates/components").glob("*.html")}
    by_tag = {"dialog", "icon", "tag", "crest"}

    assert made - named - by_tag == set()


def test_inventory_context_is_complete(rf):
    context = inventory.sample_context(MOMENT, 4)

    assert context["page"].number == 4
    assert isinstance(context["phases"][0], SimpleNamespace)
    assert context["bound_form"].errors["start"]
