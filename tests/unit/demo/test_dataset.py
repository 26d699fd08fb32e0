"""Anyone's labelled requests: what is read, and what is said of files that cannot be used."""

from collections import Counter

import pytest

from upshot.demo import dataset
from upshot.demo.errors import DatasetError


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "My requests.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(label: str, count: int) -> str:
    return "".join(f"{label} request {number},{label}\n" for number in range(count))


def test_our_own_data_has_three_hundred_requests_and_twenty_examples_for_each_of_twelve_intents():
    ours = dataset.read(dataset.DEFAULT)
    assert len(ours.requests) == 300
    assert Counter(item.label for item in ours.examples) == dict.fromkeys(ours.labels, 20)
    assert len(ours.labels) == 12
    texts = [item.text.lower() for item in (*ours.examples, *ours.requests)]
    assert len(set(texts)) == len(texts)


def test_split_says_which_rows_are_examples_and_other_columns_do_not_matter(write):
    head = "id,Split, TEXT ,intent\n"
    body = "".join(f"x{n},train,learn {n},a\n" for n in range(3)) + 'y1,test,"route, me",b\n'
    found = dataset.read(write(head + body))
    assert [item.text for item in found.examples] == ["learn 0", "learn 1", "learn 2"]
    assert [(item.row, item.text, item.label) for item in found.requests] == [(4, "route, me", "b")]
    assert found.name == "my-requests"


def test_without_split_a_part_of_each_label_is_held_out_the_same_at_every_reading(write):
    path = write("text,intent\n" + rows("book", 12) + rows("cancel", 60))
    first, second = dataset.read(path), dataset.read(path)
    assert first == second
    assert Counter(item.label for item in first.examples) == {"book": 4, "cancel": 10}
    assert len(first.requests) == 72 - 14
    assert not set(first.examples) & set(first.requests)


def test_any_beginning_of_the_requests_is_a_fair_sample(write):
    content = "text,intent,split\n" + "".join(rows(label, 50).replace("\n", ",test\n") for label in ("a", "b"))
    found = dataset.read(write(content + "l1,a,train\nl2,a,train\nl3,b,train\n"))
    share = Counter(item.label for item in found.requests[:40])["a"] / 40
    assert 0.25 < share < 0.75


def test_semicolons_and_a_byte_order_mark_are_how_spreadsheets_save(write):
    found = dataset.read(write("\ufefftext;intent;split\na, b;x;train\nc;x;train\nd;y;train\ne;y;test\n"))
    assert found.examples[0].text == "a, b"
    assert found.requests[0].label == "y"


def test_a_request_that_is_among_the_examples_is_not_asked(write):
    content = "text,intent,split\nhi,a,train\nyo,a,train\nbye,b,train\nhi,a,test\nciao,b,test\n"
    assert [item.text for item in dataset.read(write(content)).requests] == ["ciao"]


def test_at_most_twenty_examples_a_label_are_kept(write):
    content = "text,intent,split\n" + rows("a", 50).replace("\n", ",train\n") + "x,b,test\n"
    assert len(dataset.read(write(content)).examples) == dataset.EXAMPLES_PER_LABEL


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "has no column text and no column intent; found: none"),
        ("text,label\nhi,a\n", "has no column intent; found: text, label"),
        ("text,intent\n", "has no rows"),
        ("text,intent\nhi,a\n,b\n", "line 3: text is empty"),
        ("text,intent\nhi,a\nyo\n", "line 3: intent is empty"),
        ("text,intent\nhi,a\nyo,a\n", "has 1 different intents; 2 to 100"),
        ("text,intent,split\nhi,a,train\nyo,b,valid\n", "line 3: split is 'valid'; it must be train or test"),
        ("text,intent,split\nhi,a,train\nyo,b,train\nho,b,train\n", "3 examples (split = train) and 0 other requests"),
        ("text,intent\nhi,a\nyo,b\n", "0 examples (split = train) and 2 other requests"),
        ("text,intent\n" + "x" * 1001 + ",a\n", "line 2: the text has 1001 characters"),
        ("text,intent\nhi,???\n", "line 2: the intent '???' must have letters or digits"),
        ("text,intent\nhi,pay bill\nyo,pay_bill\n", "write them alike: pay bill, pay_bill"),
        ('text,intent\n"hi,a\n', "Check the quotes of that line"),
        (b"text,intent\n\xff\xfe,a\n", "is not UTF-8 (byte 12)"),
    ],
)
def test_a_bad_file_is_told_what_is_wrong_and_where(write, content, words):
    with pytest.raises(DatasetError) as caught:
        dataset.read(write(content))
    assert words in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(DatasetError, match="There is no file"):
        dataset.read(tmp_path / "none.csv")
    with pytest.raises(DatasetError, match="cannot be read: Is a directory"):
        dataset.read(tmp_path)


def test_a_label_becomes_a_key_that_the_database_takes():
    assert dataset.key_of("  Card payment / fee? ") == "Card_payment_fee"
    assert dataset.key_of("über-uns") == "ber-uns"
