"""Members see imports; their verbs alone write them, and nobody reads what a file said."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("metric_imports"),
    Law("import_rows", schema="private", readers=NOBODY),
    Law("import_readings", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
