"""Approvals: members see them; who holds approvals.write sets the rules; requests and reviews are written by verbs."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "approval_rules",
        insert=lambda t: workspace(t) | {"act": "deployments.publish", "permission": "deployments.approve"},
        inserters="approvals.write",
        update="approvals = approvals",
        updaters="approvals.write",
        deleters="approvals.write",
    ),
    Law("approval_requests"),
    Law("approval_reviews"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
