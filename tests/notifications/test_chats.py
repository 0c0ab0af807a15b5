"""Numbers that hold a chat, and links that open it."""

import pytest

from notifications import chats


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("0812 3456 7890 / 0283 123456", "6281234567890"),
        ("+65 6123 4567", "6561234567"),
        ("0283 351222", ""),  # a landline holds no chat
        ("", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_chat_number(phone, number):
    assert chats.chat_number(phone) == number


def test_chat_link_carries_the_text_whole():
    link = chats.chat_link("081234567890", "Halo & salam\n50%")

    assert link == "https://wa.me/6281234567890?text=Halo%20%26%20salam%0A50%25"
