"""Answers with formats: saved, kept apart, compared, brought on."""

import json

import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from core.rich_text import clean
from submissions import services
from submissions.differences import compare_formatted
from submissions.dossier import load_dossier
from submissions.fingerprints import content_of, fingerprint
from submissions.models import Answer, Proposal
from tests.submissions.browsing import AUTOSAVE, section_url
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
LIST = clean("<p>Untuk:</p><ul><li>nelayan</li><li><b>pekerja</b></li></ul>")
TABLE = clean("<table><tr><th>Tahun<td>2021</table>")


def save(city, proposal, rich, base, **changes):
    values = {
        "proposal": proposal,
        "section": city.section,
        "text": rich.text,
        "html": rich.html,
        "base_version": base,
        "actor": city.author,
        "at": AT,
    }
    return services.save_answer(**(values | changes))


def unwritten(city):
    """A draft whose section nobody has ever written."""
    proposal = city.proposal()
    answer = Answer.objects.get(proposal=proposal, section=city.section)
    with pgtrigger.ignore("submissions.AnswerEvent:append_only"):
        answer.events.all().delete()
    answer.delete()
    return proposal


@pytest.fixture
def draft(city):
    return unwritten(city)


def test_save_keeps_formats_beside_the_plain_text(city, draft):
    answer = save(city, draft, LIST, 0)

    assert answer.text == "Untuk:\n\n- nelayan\n- pekerja"
    assert answer.html.startswith("<p>Untuk:</p><ul>")
    assert save(city, draft, LIST, 1).version == 1


def test_formats_alone_are_a_change(city, draft):
    save(city, draft, clean("<p>satu dua</p>"), 0)

    answer = save(city, draft, clean("<p>satu <b>dua</b></p>"), 1)

    assert (answer.version, answer.html) == (2, "<p>satu <strong>dua</strong></p>")
    assert save(city, draft, clean("<p>satu dua</p>"), 2).html == ""


def test_plain_page_keeps_formats_of_the_same_text_only(city, draft):
    save(city, draft, LIST, 0)

    same = save(city, draft, LIST, 1, html=None)
    assert (same.version, same.html) == (1, LIST.html)

    other = save(city, draft, LIST, 1, html=None, text="Lain.")
    assert (other.version, other.text, other.html) == (2, "Lain.", "")


def test_stale_save_keeps_both_with_their_formats(city, draft):
    save(city, draft, LIST, 0)

    with pytest.raises(services.AnswerConflict) as conflict:
        save(city, draft, TABLE, 0, actor=city.head)

    assert conflict.value.kept.html == TABLE.html
    kept = Answer.objects.get(proposal=draft, section=city.section).events
    assert kept.get(pgh_label="conflict").html == TABLE.html


@pytest.mark.parametrize(
    "markup",
    [
        "teks",
        "<p>a</p><script>alert(1)</script>",
        "<p onclick=x>a</p>",
        '<p><a href="javascript:alert(1)">a</a></p>',
        '<p><a href="https://a.id" style="x">a</a></p>',
        "<p>a</p><p",
        "<div>a</div>",
    ],
)
def test_database_takes_clean_markup_only(draft, city, markup):
    answer = save(city, draft, LIST, 0)

    with pytest.raises(IntegrityError, match="html_is_clean"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(html=markup)


def test_database_takes_long_clean_markup(draft, city):
    long = clean("<p>kata <b>tebal</b> &amp; <i>miring</i></p>" * 8_000)

    answer = save(city, draft, long, 0)

    assert len(answer.html) > 400_000


def test_fingerprint_covers_formats(city, draft):
    save(city, draft, clean("<p>satu dua</p>"), 0)
    plain = content_of(load_dossier(Proposal.objects.for_page().get(pk=draft.pk)))
    save(city, draft, clean("<p>satu <b>dua</b></p>"), 1)
    formatted = content_of(load_dossier(Proposal.objects.for_page().get(pk=draft.pk)))

    assert fingerprint(plain) != fingerprint(formatted)
    names = [{part.name for part in parts} for parts in (plain, formatted)]
    assert names[1] - names[0] == {"bagian/kebaruan.html"}


def test_compare_formatted_marks_words_and_formats():
    found = compare_formatted(
        "<p>Naik menjadi <strong>94</strong> persen.</p>",
        "<p>Naik menjadi 94 persen.</p><ul><li><p>akta</p></li></ul>",
    )

    assert found.mine == ("<p>Naik menjadi <strong><ins>94</ins></strong> persen.</p>")
    assert found.theirs == (
        "<p>Naik menjadi <del>94 </del>persen.</p>"
        "<ul><li><p><del>akta</del></p></li></ul>"
    )


def test_compare_formatted_keeps_what_it_compares():
    markups = [LIST.html, TABLE.html, "", "<p>a <strong>b</strong> <em>c</em></p>"]
    long = "<p>" + "kata " * 5_000 + "</p>"

    for mine in [*markups, long]:
        for theirs in [*markups, long]:
            found = compare_formatted(mine, theirs)
            assert _unmarked(found.mine) == _unmarked(clean(mine).body if mine else "")
            assert _unmarked(found.theirs).count("<p>") == theirs.count("<p>")


def _unmarked(shown):
    for tag in ("<ins>", "</ins>", "<del>", "</del>"):
        shown = shown.replace(tag, "")
    return shown.replace(" </p>", "</p>")


# The page ---------------------------------------------------------------------------


@pytest.fixture
def live(live_city):
    return unwritten(live_city)


@pytest.fixture
def as_author(client, live_city):
    client.force_login(live_city.author)
    return client


def stored(proposal):
    return Answer.objects.get(proposal=proposal, section__code="kebaruan")


def test_page_saves_the_formats_it_sends(as_author, live):
    sent = {
        "version": "0",
        "text": "lain",
        "html": "<p>a <b>b</b><script>x</script></p>",
    }

    answer = as_author.post(section_url(live), sent, headers=AUTOSAVE)

    assert json.loads(answer.content)["state"] == "saved"
    assert (stored(live).text, stored(live).html) == (
        "a b",
        "<p>a <strong>b</strong></p>",
    )
    page = as_author.get(section_url(live)).content.decode()
    assert 'value="&lt;p&gt;a &lt;strong&gt;b&lt;/strong&gt;&lt;/p&gt;"' in page


def test_page_without_script_keeps_what_it_does_not_change(as_author, live):
    as_author.post(section_url(live), {"version": "0", "html": LIST.html})

    text = stored(live).text.replace("\n", "\r\n")
    as_author.post(section_url(live), {"version": "1", "text": text})
    assert (stored(live).version, stored(live).html) == (1, LIST.html)

    as_author.post(section_url(live), {"version": "1", "text": text + " juga"})
    assert (stored(live).version, stored(live).html) == (2, "")


def test_images_are_told_when_they_do_not_come_along(as_author, live):
    sent = {"version": "0", "html": "<p>a</p><img src='data:image/png;base64,AA'>"}

    page = as_author.post(section_url(live), sent, follow=True).content.decode()

    assert "Gambar tidak ikut" in page or "Images do not come along" in page


@pytest.mark.parametrize("name", ["text", "html"])
def test_overlong_text_is_refused_with_the_form_back(as_author, live, name):
    long = "kata " * 200_000

    answer = as_author.post(section_url(live), {"version": "0", name: long})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("kata ") >= 200_000
    assert "60.000" in page
    assert not Answer.objects.filter(proposal=live, section__code="kebaruan").exists()


def test_conflict_offers_both_one_after_the_other(as_author, live):
    as_author.post(section_url(live), {"version": "0", "html": LIST.html})
    stale = {"version": "0", "html": TABLE.html}

    answer = as_author.post(section_url(live), stale, headers=AUTOSAVE)
    told = json.loads(answer.content)
    assert answer.status_code == 409
    assert told["both"]["html"] == TABLE.html + LIST.html
    assert "data-autosave-both" in told["html"]

    page = as_author.post(section_url(live), stale)
    assert 'name="use_both" value="1"' in page.content.decode()
    as_author.post(section_url(live), stale | {"use_both": "1"})
    assert stored(live).html == TABLE.html + LIST.html
    assert stored(live).version == 2
