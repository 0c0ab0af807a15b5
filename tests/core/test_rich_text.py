import json
import re
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from core import rich_text
from core.rich_text import RichText, clean, of_plain
from core.text import word_count

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "rich_text.json").read_text())
CLIPBOARDS = sorted((HERE / "clipboards").glob("*.html"))
PIECES = re.findall(
    r"<[^>]*>|\S+",
    "<p> </p> <ul> <ol start=2> <li> </li> </ul> <b> </b> <i> <a href=https://x.id> "
    "</a> <br> <table> <tr> <td> <th> </table> <div> </div> kata & <h2> &lt;x <script> "
    "</script> <img src=x>",
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='position:fixed'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='https://e.example/\"onmouseover=\"alert(1)'>x</a>",
    "<svg><animate onbegin=alert(1) attributeName=x /></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=--&gt;&lt;img src=1>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>",
    "<style>p{background:url(https://e.example)}</style>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<table><tr><td colspan=99999999 rowspan=-1 background=https://e.example>x",
    "<ol start=99999999999><li>x",
    "<form action=https://e.example><input name=password><button>x</button></form>",
    "<ins><p>x</p></ins><!-- --><![CDATA[<script>]]>",
    "</p></td></div><p>x",
    "<b style='font-weight:normal;background:url(x)'>x</b>",
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["name"])
def test_clean_keeps_the_one_form_and_reads_it_as_plain_text(example):
    found = clean(example["html"])

    assert found.text == example["text"]
    assert found.markup == example["html"] or found.html == ""
    assert clean(found.markup) == found


@pytest.mark.parametrize("markup", HOSTILE)
def test_clean_leaves_nothing_that_acts(markup):
    found = clean(f"<p>Awal.</p>{markup}")

    assert re.fullmatch(rich_text.CANONICAL, found.markup)
    assert "javascript" not in found.html
    assert found.text.startswith("Awal.")
    shown = re.sub(r"<[^>]*>", "", found.markup)
    assert "<" not in shown


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=150, deadline=None)
def test_clean_of_anything_has_one_form(pieces):
    found = clean(" ".join(pieces))

    assert re.fullmatch(rich_text.CANONICAL, found.markup)
    again = clean(found.markup)
    assert (again.text, again.html) == (found.text, found.html)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=80))
def test_plain_text_written_as_html_reads_the_same(text):
    tidy = clean(of_plain(text)).text

    assert clean(of_plain(tidy)).text == tidy
    assert clean(of_plain(tidy)).html == ""
    assert tidy.split() == text.split() or "\x85" in text


def test_plain_text_needs_no_formats():
    assert clean("<div>satu</div><div>dua</div>") == RichText("satu\n\ndua", "")


def test_what_cannot_come_along_is_counted():
    found = clean("<p>a<img src='data:image/png;base64,AAAA'><img></p><video></video>")

    assert found == RichText("a", "", dropped=3)


def test_deep_markup_does_no_harm():
    assert clean("<div>" * 20_000 + "x").text == "x"
    assert clean("<ul><li>" * 500 + "x").text.strip(" -") == "x"
    assert clean("<b>" * 20_000 + "x").html == "<p><strong>x</strong></p>"


def test_null_bytes_and_turned_writing_go():
    assert clean("<p>a\x00b\u202ec</p>").text == "abc"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://a.go.id/x", "https://a.go.id/x"),
        (" HTTPS://a.go.id/x y ", "https://a.go.id/xy"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.go.id", ""),
        ("/berkas", ""),
        ("https://", ""),
        ('https://a.id/"><b>', "https://a.id/b"),
        ("https://a.id/" + "x" * 2_000, ""),
        ("mailto:a@b.id", "mailto:a@b.id"),
    ],
)
def test_clean_link(address, wanted):
    assert rich_text.clean_link(address) == wanted


def test_joined_keeps_the_formats_of_both():
    both = rich_text.joined(RichText("Satu"), clean("<ul><li>dua</li></ul>"))

    assert both.text == "Satu\n\n- dua"
    assert both.html == "<p>Satu</p><ul><li><p>dua</p></li></ul>"
    assert rich_text.joined(RichText("a"), RichText("")) == RichText("a")


def test_shown_links_tell_nobody_and_tables_scroll():
    with override_settings(LANGUAGE_CODE="en"):
        shown = clean(
            "<table><tr><td><a href='https://a.id'>x</a></td></tr></table>"
        ).body

    assert '<a rel="noopener noreferrer nofollow ugc" href="https://a.id">' in shown
    assert shown.startswith('<div class="rich-table" role="group" tabindex="0"')
    assert shown.endswith("</table></div>")


@pytest.mark.parametrize("path", CLIPBOARDS, ids=lambda path: path.stem)
def test_clipboards_are_harmless_without_the_editor_too(path):
    found = clean(path.read_text())

    assert re.fullmatch(rich_text.CANONICAL, found.markup)
    for trace in ["mso", "o:p", "style", "class", "supportLists", "Normal_0"]:
        assert trace not in found.markup


def test_words_are_counted_in_the_plain_text():
    text = clean("<ul><li>satu <b>d</b>ua</li></ul><p>a<br>b</p>").text

    assert word_count(text) == 5  # with the dash of the item
