"""How like the words of a juror are to those of an institution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging import likeness

COMMON = frozenset({"pemerintah", "kota", "tegal"})


def like(affiliation, name, short_name="Singkatan"):
    return likeness.is_like(
        affiliation, name=name, short_name=short_name, common=COMMON
    )


@pytest.mark.parametrize(
    ("affiliation", "name", "short_name"),
    [
        ("Dinas Kesehatan Kota Tegal", "Dinas Kesehatan", "Dinkes"),
        ("Pensiunan pejabat dinas kesehatan", "Dinas Kesehatan Kota Tegal", "Dinkes"),
        ("Staf Dinkes", "Dinas Kesehatan", "Dinkes"),
        ("Kepala UPTD DPMPTSP", "Dinas Penanaman Modal", "DPMPTSP"),
        ("Dinas Kesehatn", "Dinas Kesehatan", "Dinkes"),
        ("pengajar BKPSDM", "Badan Kepegawaian Pengembangan SDM", "BKPSDM"),
        ("Guru SMPN 1 Tegal", "SMP Negeri 1 Tegal", "SMPN 1"),
        ("dulu di DLHK", "Dinas Lingkungan Hidup dan Kebersihan", "Dinas LH"),
    ],
)
def test_names_the_institution(affiliation, name, short_name):
    assert like(affiliation, name, short_name)


@pytest.mark.parametrize(
    ("affiliation", "name", "short_name"),
    [
        ("", "Dinas Kesehatan", "Dinkes"),
        ("   ", "Dinas Kesehatan", "Dinkes"),
        ("Dinas Sosial Kota Tegal", "Dinas Kesehatan Kota Tegal", "Dinkes"),
        ("Perguruan tinggi di Tegal", "Kecamatan Tegal Barat", "Kec. Tegal Barat"),
        ("Praktisi pelayanan publik", "Badan Pelayanan Umum", "BPU"),
        ("Pensiunan pejabat provinsi", "Sekretariat Daerah", "Setda"),
        ("Kota Tegal", "Dinas Kota Tegal", "Kota"),
        ("Guru SMPN 2 Tegal", "SMP Negeri 1 Tegal", "SMPN 1"),
        ("Satu", "", ""),
    ],
)
def test_names_another_or_none(affiliation, name, short_name):
    assert not like(affiliation, name, short_name)


@pytest.mark.parametrize(
    ("affiliation", "is_former"),
    [
        ("Mantan camat", True),
        ("Pensiunan pejabat", True),
        ("Purnabakti PNS", True),
        ("Camat", False),
        ("Komantan Contoh", False),
    ],
)
def test_words_for_what_is_over(affiliation, is_former):
    assert likeness.is_former(affiliation) == is_former


def test_address_that_anybody_may_have_says_nothing():
    assert likeness.domain_of("ani@Dinkes.example") == "dinkes.example"
    assert likeness.domain_of("ani@gmail.com") == ""
    assert likeness.domain_of("tanpa alamat") == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_compared_without_a_fault(affiliation, name):
    assert isinstance(like(affiliation, name), bool)
    assert isinstance(likeness.is_former(affiliation), bool)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_likeness_of_words_goes_both_ways(one, other):
    assert likeness.word_likeness(one, other) == likeness.word_likeness(other, one)
    assert likeness.word_likeness(one, one) == 1
