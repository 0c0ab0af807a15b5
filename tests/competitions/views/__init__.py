"""What the tests of pages share."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"competitions:{name}", args=args)


def text_of(response):
    return response.content.decode()
