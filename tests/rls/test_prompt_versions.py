"""Members see versions; nobody writes them but commit_version."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [
    Law("prompt_versions"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
