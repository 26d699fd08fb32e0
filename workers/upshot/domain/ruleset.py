"""A local decide: what the verb ``ruleset`` gives for an environment, asked for one call without the network.

It answers as decide would for a unit that has no arm yet, or has had none since the present phases began. Arms that a
unit got in an earlier phase are known to the database alone: whoever decides locally remembers the first arm of a unit.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upshot.domain.audience import matches
from upshot.domain.buckets import bucket
from upshot.domain.errors import UnknownNameError


@dataclass(frozen=True)
class Call:
    """What decide is asked."""

    capability: str
    subject: str
    action: str | None = None
    conversation: str | None = None
    intent: str | None = None
    attributes: Mapping[str, Any] | None = None

    @property
    def context(self) -> dict[str, Any]:
        """What audiences are asked about."""
        said = {"subject": self.subject, "conversation": self.conversation}
        return {**(self.attributes or {}), "call": {**said, "action": self.action, "intent": self.intent}}


@dataclass(frozen=True)
class _Place:
    capability_id: str
    action_id: str | None
    intent_id: str | None


@dataclass(frozen=True)
class Ruleset:
    """One environment at one moment."""

    data: Mapping[str, Any]

    @property
    def etag(self) -> str:
        """Names the content: pass it as if_none_match."""
        return str(self.data["etag"])

    def decide(self, call: Call) -> dict[str, Any] | None:
        """The answer of decide without assignment_id, and the phase_id for record_exposures; None if nothing is live.

        Raises UnknownNameError for a capability, action or intent that the workspace does not have.
        """
        place = self._place(call)
        held_out = self._is_held_out(call.subject)
        if not held_out:
            for rule in self.data["experiments"]:
                unit = call.subject if rule["unit"] == "subject" else call.conversation
                if unit is not None and _covers(rule, place, call) and self._draws(rule, call.subject, unit):
                    return self._experiment_answer(rule, unit, place)
        return self._deployment_answer(place, "holdout" if held_out else "live_deployment")

    def _place(self, call: Call) -> _Place:
        capability = self.data["capabilities"].get(call.capability)
        if capability is None:
            raise UnknownNameError("capability", call.capability)
        return _Place(
            capability["id"],
            _named("action", call.action, capability["actions"]),
            _named("intent", call.intent, self.data["intents"]),
        )

    def _is_held_out(self, subject: str) -> bool:
        holdout = self.data["holdout"]
        return holdout is not None and bucket(holdout["salt"], "holdout", subject) < int(holdout["share"])

    def _draws(self, rule: Mapping[str, Any], subject: str, unit: str) -> bool:
        layer = rule["layer"]
        if layer is not None:
            slot = bucket(self.data["layers"][layer["id"]], "layer", subject)
            if not layer["from"] <= slot < layer["to"]:
                return False
        return bucket(rule["salt"], "traffic", unit) < int(rule["traffic"])

    def _experiment_answer(self, rule: Mapping[str, Any], unit: str, place: _Place) -> dict[str, Any]:
        arm_id = rule["arm_ids"][bisect_right(rule["arm_starts"], bucket(rule["salt"], "variant", unit)) - 1]
        arm = rule["arms"][arm_id]
        version_id = arm["versions"].get(place.action_id) or arm["versions"]["*"]
        return {
            "experiment": {"id": rule["id"], "key": rule["key"]},
            "variant": {"id": arm_id, "key": arm["key"], "is_control": arm["is_control"]},
            "phase_id": rule["phase_id"],
            **self.data["versions"][version_id],
            "deployment_id": None,
            "reason": "variant_rolled_back" if arm["rolled_back"] else "assigned",
        }

    def _deployment_answer(self, place: _Place, reason: str) -> dict[str, Any] | None:
        covering = [
            head
            for head in self.data["deployments"]
            if head["capability_id"] == place.capability_id
            and head["action_id"] in (None, place.action_id)
            and head["intent_id"] in (None, place.intent_id)
        ]
        if not covering:
            return None
        head = max(covering, key=lambda h: (h["action_id"] is not None, h["intent_id"] is not None))
        answer = {"experiment": None, "variant": None, "phase_id": None, "deployment_id": head["deployment_id"]}
        return {**answer, **self.data["versions"][head["version_id"]], "reason": reason}


def _named(kind: str, key: str | None, ids: Mapping[str, str]) -> str | None:
    if key is None:
        return None
    if key not in ids:
        raise UnknownNameError(kind, key)
    return ids[key]


def _covers(rule: Mapping[str, Any], place: _Place, call: Call) -> bool:
    return (
        rule["capability_id"] == place.capability_id
        and (rule["action_ids"] is None or place.action_id in rule["action_ids"])
        and (rule["intent_ids"] is None or place.intent_id in rule["intent_ids"])
        and (rule["runs_action_ids"] is None or place.action_id in rule["runs_action_ids"])
        and matches(rule["audience"], call.context)
    )
