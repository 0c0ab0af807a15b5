from django.db import migrations


def write_codes(apps, schema_editor):
    Section = apps.get_model("competitions", "Section")
    for section in Section.objects.exclude(tracks=None).distinct().iterator():
        tracks = section.tracks.order_by("order", "pk")
        section.track_codes = list(tracks.values_list("code", flat=True))
        section.save(update_fields=["track_codes"])


def link_rows(apps, schema_editor):
    Section = apps.get_model("competitions", "Section")
    Track = apps.get_model("competitions", "Track")
    for section in Section.objects.exclude(track_codes=[]).select_related("form"):
        section.tracks.set(
            Track.objects.filter(
                round=section.form.round_id, code__in=section.track_codes
            )
        )


class Migration(migrations.Migration):
    """Sections name their tracks by code: see `competitions.models.parts`."""

    dependencies = [("competitions", "0003_rules_of_every_generation")]

    operations = [migrations.RunPython(write_codes, link_rows)]
