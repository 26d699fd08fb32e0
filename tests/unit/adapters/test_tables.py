"""Files as people have them: packed, from Excel, torn."""

import gzip

import pytest

from upshot.adapters.tables import open_table
from upshot.domain.errors import TableError

TEXT = "arm,value\nx,1\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress(TEXT.encode())),
        ("a.csv", b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()),
        ("a.csv", b"sep=;\n" + TEXT.replace(",", ";").encode()),
    ],
)
def test_a_table_is_found_in_its_wrapping(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with open_table(tmp_path / name) as table:
        assert (table.columns, list(table.rows)) == (["arm", "value"], [["x", "1"]])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv.gz", b"no gzip", "cannot be unpacked"),
        ("a.csv.gz", gzip.compress(TEXT.encode() * 99)[:-9], "cannot be unpacked"),
        ("a.csv", b"arm,value\nx\0,1\n", "is no text"),
        ("a.csv", b'arm,value\nx,"1\ny,"2\n', "Is a quotation mark left open?"),
        ("a.xlsx", b"PK", "save it as CSV UTF-8"),
    ],
)
def test_a_torn_file_is_told_and_never_half_read(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=words), open_table(tmp_path / name) as table:
        list(table.rows)
