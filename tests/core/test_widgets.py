"""What we draw is what Django draws."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html

from core.widgets import LeanRenderer

CHOICES = [("", "---"), ("a", "A & B"), ("Group", [("b", "<b>"), (3, "Three")])]
PLAIN = [("a", "A & B"), ("b", "<b>")]
HOSTILE = "\"><script>alert('x')</script>&amp;"


def both(widget, value, attrs):
    lean, plain = (
        parse_html(widget.render("nama", value, attrs=dict(attrs), renderer=renderer))
        for renderer in (LeanRenderer(), TemplatesSetting())
    )
    return lean, plain


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.TextInput(attrs={"class": "x", "readonly": True, "hidden": False}),
        forms.NumberInput(attrs={"min": 1, "step": "0.01"}),
        forms.EmailInput(),
        forms.URLInput(),
        forms.PasswordInput(render_value=True),
        forms.HiddenInput(),
        forms.DateInput(),
        forms.TimeInput(),
        forms.DateTimeInput(),
        forms.Textarea(attrs={"rows": 3}),
        forms.CheckboxInput(),
        forms.Select(choices=CHOICES),
        forms.Select(choices=CHOICES, attrs={"disabled": True}),
        forms.SelectMultiple(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "", "a", "b", 3, HOSTILE, "dua\nbaris"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_nama", "data-x": HOSTILE}])
def test_control_is_drawn_as_django_does(widget, value, attrs):
    lean, plain = both(widget, value, attrs)

    assert lean == plain


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_nama"}])
def test_options_of_a_group_are_drawn_as_django_does(kind, attrs):
    widget = kind(choices=PLAIN)

    lean, plain = (
        [
            parse_html(each.tag())
            for each in _bound(widget, attrs, renderer)["nama"].subwidgets
        ]
        for renderer in (LeanRenderer(), TemplatesSetting())
    )

    assert lean == plain
    assert len(lean) == len(PLAIN)


def _bound(widget, attrs, renderer):
    class Sample(forms.Form):
        nama = forms.ChoiceField(choices=PLAIN, widget=widget)

    form = Sample({"nama": "b"}, renderer=renderer)
    form.fields["nama"].widget.attrs.update(attrs)
    return form
