"""What the product promises, as plain Python: scopes as stacks, experiments as a state machine, arms drawn by a hash."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Optional

Place = tuple[str | None, str | None]
"""Action and intent, either of them perhaps open."""

MOVES = {
    ("activate", "draft"): "active",
    ("pause", "active"): "paused",
    ("resume", "paused"): "active",
    ("archive", "draft"): "archived",
    ("archive", "active"): "archived",
    ("archive", "paused"): "archived",
}


class RefusedError(Exception):
    """The code that a verb must be refused with."""

    def __init__(self, *codes: str) -> None:
        super().__init__(codes)
        self.codes = codes


@dataclass
class State:
    """What stood at a scope, and what it stood on."""

    version: str | None
    under: Optional["State"] = None


@dataclass
class Scope:
    """One scope: a stack of states, and every move that was made."""

    states: list[State] = field(default_factory=lambda: [State(None)])
    """The state after each move; the first is the time before any."""

    @property
    def live(self) -> str | None:
        return self.states[-1].version

    def publish(self, version: str | None) -> None:
        self.states.append(State(version, self.states[-1]))

    def before(self) -> State:
        """What a rollback restores."""
        if self.states[-1].under is None:
            raise RefusedError("nothing_to_roll_back")
        return self.states[-1].under

    def last_with(self, version: str) -> State:
        """What a rollback to a version restores: the last state in which it was live."""
        found = [state for state in self.states[1:] if state.version == version]
        if not found:
            raise RefusedError("never_live_here")
        return found[-1]


@dataclass
class Arm:
    """One arm: its version and its weight."""

    key: str
    version: str
    weight: int = 1
    rolled_back: bool = False


@dataclass
class Trial:
    """One experiment; `phase` is the share-out of the buckets that new units meet."""

    id: str
    key: str
    place: Place
    arms: dict[str, Arm]
    traffic: int = 10000
    state: str = "draft"
    revision: int = 1
    order: int = 0
    has_started: bool = False
    phase: list[tuple[int, int, str]] = field(default_factory=list)
    phases: int = 0
    assigned: dict[str, str] = field(default_factory=dict)

    def covers(self, place: Place) -> bool:
        return all(mine in (None, theirs) for mine, theirs in zip(self.place, place, strict=True))

    def share_out(self) -> list[tuple[int, int, str]]:
        """Buckets by weight, arms in the order of their keys; arms that were rolled back get none."""
        arms = [arm for _, arm in sorted(self.arms.items()) if not arm.rolled_back]
        whole, upto, shares = sum(arm.weight for arm in arms), 0, []
        for arm in arms:
            shares.append((upto * 10000 // whole, (upto + arm.weight) * 10000 // whole, arm.key))
            upto += arm.weight
        return shares

    def problems(self) -> bool:
        arms = [arm for arm in self.arms.values() if not arm.rolled_back and arm.weight > 0]
        return len(arms) < 2 or not any(arm.key == "a" for arm in arms)

    def open_phase(self) -> None:
        if self.share_out() != self.phase:
            self.phase, self.phases = self.share_out(), self.phases + 1

    def move(self, verb: str, clock: int) -> None:
        target = MOVES.get((verb, self.state))
        if target is None:
            raise RefusedError("move_not_allowed")
        if target == "active":
            if self.problems():
                raise RefusedError("experiment_incomplete")
            self.open_phase()
            if not self.has_started:
                self.has_started, self.order = True, clock
        self.state = target

    def draw(self, unit: str) -> str | None:
        """The unit's arm: the one it has, else the one its bucket draws; None outside of the traffic."""
        if unit not in self.assigned:
            if bucket(self.key, "traffic", unit) >= self.traffic:
                return None
            drawn = bucket(self.key, "variant", unit)
            self.assigned[unit] = next(key for low, high, key in self.phase if low <= drawn < high)
        return self.assigned[unit]


def bucket(salt: str, purpose: str, unit: str) -> int:
    """The hash of the product's specification."""
    return int(hashlib.sha256(f"{salt}:{purpose}:{unit}".encode()).hexdigest()[:12], 16) % 10000


@dataclass
class Model:
    """A workspace."""

    scopes: dict[Place, Scope] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    clock: int = 0

    def scope(self, place: Place) -> Scope:
        return self.scopes.setdefault(place, Scope())

    def wider(self, place: Place, *, itself: bool = False) -> str | None:
        """What answers at a place: the most specific scope; action before intent."""
        action, intent = place
        for candidate in ((action, intent), (action, None), (None, intent), (None, None)):
            if candidate == place and not itself:
                continue
            found = self.scopes.get(candidate)
            if found and found.live:
                return found.live
        return None

    def require_live(self, place: Place, expected: str | None) -> Scope:
        if self.scope(place).live != expected:
            raise RefusedError("stale_version")
        return self.scope(place)

    def publish(self, place: Place, version: str, expected: str | None) -> None:
        scope = self.require_live(place, expected)
        if scope.live == version:
            raise RefusedError("already_live")
        scope.publish(version)

    def rollback(self, place: Place, expected: str | None, to_version: str | None) -> None:
        if len(self.scope(place).states) == 1:
            raise RefusedError("nothing_to_roll_back", "nothing_deployed", "stale_version")
        scope = self.require_live(place, expected)
        target = scope.last_with(to_version) if to_version else scope.before()
        if target.version is None and place == (None, None):
            raise RefusedError("nothing_to_roll_back")
        if target.version is None and self.wider(place) is None:
            raise RefusedError("nothing_wider")
        if target.version == scope.live and target.version is not None:
            raise RefusedError("already_live")
        scope.states.append(target)

    def withdraw(self, place: Place, expected: str | None) -> None:
        scope = self.require_live(place, expected)
        if scope.live is None:
            raise RefusedError("nothing_here")
        if self.wider(place) is None:
            raise RefusedError("nothing_wider")
        scope.publish(None)

    def decide(self, place: Place, unit: str) -> dict[str, Any]:
        """What the next call must run."""
        live = [t for t in self.trials.values() if t.state == "active" and t.covers(place)]
        live.sort(key=lambda t: (t.place[0] is None, t.place[1] is None, t.order))
        for trial in live:
            arm = trial.draw(unit)
            if arm is not None:
                runs = trial.arms["a"] if trial.arms[arm].rolled_back else trial.arms[arm]
                return {"version": runs.version, "variant": arm, "experiment": trial.id}
        version = self.wider(place, itself=True)
        if version is None:
            raise RefusedError("nothing_deployed")
        return {"version": version, "variant": None, "experiment": None}
