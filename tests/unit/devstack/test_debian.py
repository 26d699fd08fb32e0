"""A source for another release is derived from the machine's own, in both ways in which apt writes them."""

import pytest

from upshot_devstack.postgres import debian
from upshot_devstack.postgres.packages import FetchError

DEB822 = """
Types: deb
# a comment
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/some.gpg

Types: deb
URIs: http://other.test/security
Suites: bookworm-security
Components: main
"""


@pytest.fixture
def apt(tmp_path, monkeypatch):
    (tmp_path / "sources.list.d").mkdir()
    monkeypatch.setattr(debian, "APT", tmp_path)
    return tmp_path


def test_a_stanza_of_the_release_is_turned_to_the_newer_one(apt):
    (apt / "sources.list.d" / "debian.sources").write_text(DEB822)
    line = debian._source_line("bookworm")
    assert line == "deb [signed-by=/usr/share/keyrings/some.gpg] http://mirror.test/debian trixie main\n"


@pytest.mark.parametrize(
    ("written", "derived"),
    [
        ("deb http://mirror.test/debian bookworm main contrib", "deb http://mirror.test/debian trixie main\n"),
        (
            "deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian bookworm main",
            "deb [signed-by=/k.gpg] http://mirror.test/debian trixie main\n",
        ),
    ],
)
def test_a_line_of_the_release_is_too(apt, written, derived):
    (apt / "sources.list").write_text(f"# comment\ndeb http://mirror.test/debian bookworm-updates main\n{written}\n")
    assert debian._source_line("bookworm") == derived


def test_a_machine_without_such_a_source_is_told(apt):
    (apt / "sources.list").write_text("deb http://mirror.test/ubuntu noble main\n")
    with pytest.raises(FetchError, match="no source for bookworm"):
        debian._source_line("bookworm")


def test_another_system_is_told_that_it_is_another_system(tmp_path, monkeypatch):
    (tmp_path / "os-release").write_text('ID="alpine"\n')
    monkeypatch.setattr(debian, "OS_RELEASE", tmp_path / "os-release")
    with pytest.raises(FetchError, match="not Debian"):
        debian.extension_files("postgresql-17-plpgsql-check")
