from pathlib import Path

from kipp_portal.translations import missing_translations

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def _project(tmp_path: Path, catalogue: str) -> Path:
    folder = tmp_path / "locale" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(HEAD + catalogue)
    (tmp_path / "page.html").write_text(
        '{% load i18n %}{% translate "Score" %}{% translate "Rank" %}'
    )
    return tmp_path


def test_missing_translations_names_absent_and_fuzzy_texts(tmp_path):
    root = _project(tmp_path, '#, fuzzy\nmsgid "Rank"\nmsgstr "Peringkat"\n')

    complaints = missing_translations(root, "id")

    assert complaints == ["fuzzy: 'Rank'", "no translation: 'Score'"]


def test_missing_translations_is_silent_when_complete(tmp_path):
    root = _project(
        tmp_path,
        'msgid "Rank"\nmsgstr "Peringkat"\n\nmsgid "Score"\nmsgstr "Nilai"\n',
    )

    assert missing_translations(root, "id") == []


def test_locale_id_is_complete(settings):
    assert missing_translations(settings.BASE_DIR, "id") == []
