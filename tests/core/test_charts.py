"""Small charts drawn on the server."""

from core import charts


def test_slices_lie_side_by_side_and_fill_the_bar():
    first, none, last = charts.slices([("A", 1, "done"), ("B", 0, "x"), ("C", 3, "y")])

    assert (first.x, first.width) == ("0%", "25%")
    assert (none.x, none.width) == ("25%", "0%")
    assert (last.x, last.width, last.variant) == ("25%", "75%", "y")


def test_slices_of_nothing_are_empty():
    assert [each.width for each in charts.slices([("A", 0, "done")])] == ["0%"]


def test_small_columns_compare_by_one_height():
    low = charts.spark([0, 1], highest=4)
    high = charts.spark([4])

    assert (low.width, high.width) == (12, 6)
    assert [each.y for each in low.columns] == ["23.2", "18.5"]
    assert [(each.y, each.height) for each in high.columns] == [("2", "22")]
    assert charts.spark([]).columns == []
