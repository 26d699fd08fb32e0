"""Some weeks of customers, for what the ledger says of changes."""

import random
from datetime import datetime, timedelta
from typing import Any

from support.clinic import EPOCH, Clinic


class Story:
    """Some weeks of a workspace: every customer comes once, a share of them books."""

    def __init__(self, clinic: Clinic, seed: int = 5) -> None:
        self.clinic, self.draw, self.n = clinic, random.Random(seed), 0
        self.first = clinic.version("first")
        clinic.metric("booked", when_absent="zero", attribution_window="1 hour")
        self.came: dict[int, datetime] = {}
        self.calls: list[dict[str, Any]] = []
        self.outcomes: list[dict[str, Any]] = []

    def day(self, n: int, rates: dict[str, float], each: int = 20, **more: Any) -> None:
        """A day's customers: intent to the share that books, made of as many customers each."""
        for intent, rate in rates.items():
            booked = round(each * rate + self.draw.choice([-1, 0, 0, 1]))
            for k in range(each):
                self.n += 1
                at = self.came[self.n] = EPOCH + timedelta(days=n, hours=8, minutes=k)
                self.calls.append(
                    self.clinic.inference(
                        self.first, f"s{self.n}", started_at=at.isoformat(), intent=intent, **more
                    )
                )  # fmt: skip
                if k < booked:
                    self.outcomes.append(
                        self.clinic.outcome("booked", 1, subject=f"s{self.n}", occurred_at=at.isoformat())
                    )

    def moment(self, n: int) -> datetime:
        """When the customer of that number came."""
        return self.came[n]

    def at(self, n: float) -> None:
        """From now on it is that day."""
        for actor in (self.clinic.owner, self.clinic.world.admin):
            actor.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=n)).isoformat())

    def settle(self, now: float) -> None:
        """Record what happened, and estimate as of that day."""
        for kind, rows in (("inferences", self.calls), ("outcomes", self.outcomes)):
            for start in range(0, len(rows), 5000):
                batch = rows[start : start + 5000]
                assert self.clinic.owner.rpc(f"record_{kind}", **{kind: batch})["errors"] == []
            rows.clear()
        self.at(now)
        self.clinic.world.catch_up()

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """What the ledger says of changes of a kind."""
        return self.clinic.owner.rows("select * from change_effects where kind = %s order by occurred_at", kind)
