"""Invariants of the whole database, whatever was pressed: what stood stays, and nothing crosses a border."""

from psycopg import sql

from support.borders import snapshot, tenant_tables
from support.world import Actor, World

APPEND_ONLY = """
select c.oid::regclass::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgname = '_000_append_only' and exists (
  select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') order by 1
"""
GAPS = """
select environment_id, capability_id, action_id, intent_id, array_agg(number order by number) as numbers from deployments where workspace_id = %s
group by 1, 2, 3, 4 having max(number) <> count(*) or min(number) <> 1 or count(distinct number) <> count(*)
"""
WRITTEN = ("experiments", "variants", "variant_versions", "branches", "private.deployment_heads", "private.live_rules")
# Notes of when a key was last used are no data of the workspace: a refused call may leave one.
ASIDE = {'"public"."api_key_uses"'}


class Watch:
    """Remembers what it saw."""

    def __init__(self, world: World, workspace_id: str, other_id: str) -> None:
        self.world, self.admin, self.workspace_id, self.other_id = world, world.admin, workspace_id, other_id
        self.append_only = [row["name"] for row in self.admin.rows(APPEND_ONLY)]
        self.tables = [t for t in tenant_tables(world) if t.as_string() not in ASIDE]
        self.written = [sql.Identifier(*name.split(".")) for name in (*self.append_only, *WRITTEN)]
        self.rows: dict[str, set[str]] = {}
        self.revisions: dict[str, tuple[int, str]] = {}
        self.events: set[tuple[str, int]] = set()
        self.metric = ""
        self.audited = 0
        self.before: dict[str, str] = {}
        assert len(self.append_only) > 8

    def now(self) -> dict[str, str]:
        """The rows of what verbs write, as one number a table."""
        found = self.admin.connection.execute(snapshot(self.written, self.workspace_id)).fetchall()
        return {row["name"]: row["hash"] for row in found}

    def nothing_changed(self) -> None:
        """Since the last step: for calls that were refused."""
        now = self.now()
        changed = [name for name, value in now.items() if self.before.get(name, value) != value]
        assert changed == [], f"a refused call changed {changed}"

    def history_only_grew(self) -> None:
        """Every row that was ever seen in an append-only table is there, byte by byte."""
        for table in self.append_only:
            query = f"select md5(t::text) as h from {table} t where workspace_id = %s"
            found = {row["h"] for row in self.admin.rows(query, self.workspace_id)}
            assert self.rows.get(table, set()) <= found, f"a row of {table} was changed or is gone"
            self.rows[table] = found
        self.before = self.now()

    def numbers_have_no_gap(self) -> None:
        """Deployments count 1, 2, 3 … in each scope."""
        gaps = self.admin.rows(GAPS, self.workspace_id)
        assert not gaps, f"the numbers of a scope have gaps: {gaps}"

    def revision(self, experiment_id: str, least: int) -> int:
        """The revision, which never falls, and rises with every change of the row."""
        row = self.admin.one(
            "select revision, md5((to_jsonb(e) - 'revision' - 'updated_at')::text) as h from experiments e where id = %s",
            experiment_id,
        )
        number, content = self.revisions.get(experiment_id, (0, row["h"]))
        assert row["revision"] >= max(number, least)
        assert row["revision"] > number or content == row["h"], "the experiment changed and its revision did not"
        self.revisions[experiment_id] = (row["revision"], row["h"])
        return int(row["revision"])

    def something_was_written(self, actor: Actor, who: str, verb: str) -> None:
        """The audit log has new events, and they say who."""
        events = self.admin.rows(
            "select actor_kind, actor_id::text as actor_id from audit_events where workspace_id = %s order by id",
            self.workspace_id,
        )
        fresh, self.audited = events[self.audited :], len(events)
        assert fresh, f"{verb} by {who} left no audit event"
        if actor.user_id:
            assert ("user", str(actor.user_id)) in {(e["actor_kind"], e["actor_id"]) for e in fresh}, (verb, fresh)

    def nothing_crossed(self, stranger: Actor, member: Actor) -> None:
        """Neither owner's people see a row of the other workspace, nor does any row say it is of both."""
        for actor, hidden in ((stranger, self.workspace_id), (member, self.other_id)):
            for table in self.tables:
                if table.as_string().startswith('"public"') and self.readable(table):
                    query = sql.SQL("select count(*) as n from {} where workspace_id = {}").format(
                        table, sql.Literal(hidden)
                    )
                    found = actor.connection.execute(query).fetchone()
                    assert found == {"n": 0}, table.as_string()

    def readable(self, table: sql.Identifier) -> bool:
        """Whether people may ask at all."""
        query = "select has_table_privilege('authenticated', %s, 'select') as may"
        return bool(self.admin.one(query, table.as_string())["may"])
