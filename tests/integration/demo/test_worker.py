"""What stays when the demo has ended: the dashboard, and a worker that goes on counting."""

import os
import subprocess
import sys

from support.clinic import open_clinic
from support.patience import PATIENCE, eventually
from support.world import world_of


def test_what_is_recorded_beside_the_served_dashboard_counts(db, gateway, tmp_path):
    (tmp_path / "index.html").write_text("<h1>App</h1>")
    keys = {"PUBLISHABLE_KEY": gateway.settings.publishable_key, "SECRET_KEY": gateway.settings.secret_key}
    command = [sys.executable, "-m", "upshot.demo.dashboard", str(tmp_path), gateway.url, "0"]
    with world_of(db) as world, subprocess.Popen(command, env={**os.environ, **keys}) as process:
        try:
            clinic = open_clinic(world)
            version, metric = clinic.version("x"), clinic.metric("booked")
            clinic.publish(version)
            experiment = clinic.experiment({"a": version, "b": version})
            experiment.counts(metric)
            experiment.move("activate")
            clinic.decide("ann")
            clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("booked", 1, subject="ann")])

            def counted() -> int:
                said = "select coalesce(sum(outcomes_used), 0) as n from private.unit_values where experiment_id = %s"
                return int(world.admin.one(said, experiment.id)["n"])

            eventually(counted, "the counting of the outcome")
        finally:
            process.terminate()
            process.wait(PATIENCE)
