"""The copy of a person's data holds nothing that only others may see."""

import io
import zipfile

import pytest
from django.utils import timezone

from kipp_portal import personal_data
from tests.project.city import PEOPLE

pytestmark = pytest.mark.django_db


def read_copy(user):
    """All texts of a copy, with the names of its files, in lower case."""
    target = io.BytesIO()
    personal_data.write_copy(user=user, target=target, at=timezone.now())
    archive = zipfile.ZipFile(target)
    texts = [
        archive.read(name).decode()
        for name in archive.namelist()
        if name.endswith((".json", ".txt"))
    ]
    return "\n".join([*archive.namelist(), *texts]).lower()


@pytest.mark.parametrize("person", PEOPLE)
def test_copy_shows_nothing_of_others(person, world, leaks, settings):
    settings.MEDIA_ROOT = world.media
    user = world.people[person]

    text = read_copy(type(user).objects.get(pk=user.pk))

    assert user.email in text
    assert [word for word in leaks.hidden[person] if word in text] == []
