"""Members see tags and where they pointed before; nobody writes them but tag_version and untag."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [
    Law("tags"),
    Law("tag_moves"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
