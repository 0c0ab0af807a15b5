from hypothesis import given
from hypothesis import strategies as st

from submissions.differences import Piece, compare


def joined(pieces):
    return "".join(piece.text for piece in pieces)


def test_compare_marks_what_only_one_has():
    found = compare("Naik menjadi 94 persen.", "Naik menjadi 92 persen.")

    assert found.mine == [
        Piece("Naik menjadi", is_own=False),
        Piece(" 94", is_own=True),
        Piece(" persen.", is_own=False),
    ]
    assert found.theirs == [
        Piece("Naik menjadi", is_own=False),
        Piece(" 92", is_own=True),
        Piece(" persen.", is_own=False),
    ]


def test_compare_long_texts_line_by_line():
    line = "kata " * 3_000 + "\n"

    found = compare(line + "mine " * 1_500, line + "theirs")

    assert found.theirs == [Piece(line, is_own=False), Piece("theirs", is_own=True)]


words = st.text(st.sampled_from("ab \n"), max_size=60)


@given(words, words)
def test_pieces_give_each_text_back(mine, theirs):
    found = compare(mine, theirs)

    assert joined(found.mine) == mine
    assert joined(found.theirs) == theirs


@given(words)
def test_equal_texts_have_nothing_of_their_own(text):
    found = compare(text, text)

    assert not any(piece.is_own for piece in found.mine + found.theirs)
