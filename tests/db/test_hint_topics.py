"""The list of topics covers every table, or says why a table is silent."""

from support.world import World

SILENT = """
select c.relname from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and c.relname not in (select h.table_name from private.hint_topics h)
order by c.relname
"""

# Tables whose changes nobody hears of by their own name, each with its reason.
UNHEARD = {
    "api_key_uses": "at most one a minute and key: read when it is shown",
    "assignments": "announced as results, by the compactor",
    "erasures": "rare, and read by auditors when they look",
    "audit_events": "every write makes one: the kinds of what was written are announced",
    "experiment_moves": "the same in every workspace, changed by migrations",
    "experiment_revisions": "the experiment's revision counts up with them",
    "exposures": "announced as results, by the compactor",
    "factor_levels": "the experiment's revision counts up with them",
    "factors": "the experiment's revision counts up with them",
    "variant_levels": "the experiment's revision counts up with them",
    "experiment_phase_arms": "written with their phase",
    "ingest_batches": "read with the results, which are announced",
    "inferences": "announced as results, by the compactor",
    "intent_examples": "thousands at a time, while they are embedded",
    "job_failures": "for workers, which have their queue",
    "outcome_keys": "seen with the inferences and outcomes",
    "outcomes": "announced as results, by the compactor",
    "permissions": "the same in every workspace, changed by migrations",
    "ramp_steps": "the ramp's row changes with them",
    "tag_moves": "written with their tag",
    "variant_rollbacks": "written with their variant",
    "variant_versions": "the experiment's revision counts up with them",
}


def test_every_table_is_announced_or_has_a_reason_not_to_be(world: World):
    silent = {row["relname"] for row in world.postgres().rows(SILENT)}
    assert silent - UNHEARD.keys() == set(), "Add them to sql/60_realtime/hint_topics.sql, or say here why not."
    assert UNHEARD.keys() - silent == set()
