from competitions import placeholders


def test_words_in_braces_are_found_once_in_their_order():
    text = "{judul} milik {instansi}, {judul} {isian.sumber} {} {a b}"

    assert placeholders.placeholders_in(text) == [
        "judul",
        "instansi",
        "isian.sumber",
        "",
        "a b",
    ]


def test_letter_is_filled_in_and_unknown_words_stay():
    text = "{judul} milik {instansi}: {lain} {judul}"

    filled = placeholders.fill_in(text, {"judul": "Kelas {instansi}", "instansi": "X"})

    # What was put in is not read again: a title may hold braces of its own.
    assert filled == "Kelas {instansi} milik X: {lain} Kelas {instansi}"
