"""Members see ingest batches; nobody writes them but the record verbs."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [
    Law("ingest_batches"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
