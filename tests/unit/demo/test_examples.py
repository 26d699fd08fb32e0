from upshot.demo.examples import Example, ExampleIndex

INDEX = ExampleIndex(
    [Example("east", "e", (1, 0)), Example("north", "n", (0, 1)), Example("north-east", "ne", (0.6, 0.8))]
)


def test_the_nearest_come_last():
    assert INDEX.nearest((0, 1), 2) == [("north-east", "ne"), ("north", "n")]


def test_no_more_than_there_are():
    assert len(INDEX.nearest((1, 0), 9)) == 3
