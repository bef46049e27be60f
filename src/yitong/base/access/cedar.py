"""The policies: read from text, checked against a schema, parsed once and sliced by action.

Cedar looks at every policy of a set, so each action gets a set of those that can concern it. A policy that does not
parse, or that names what does not exist, stops the start with file and line: a forbid that silently fails would
allow.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import cedarpy

from yitong.base.access.reasons import ACTIONS, REASONS
from yitong.base.access.rules import ATTRIBUTES, Decision

FOLDER: Final = Path(__file__).parent / "policies"
GRANT_ACTION: Final = "sharing.call"
_INCOMPLETE: Final = "unexpected end of input"

_ENTITIES: Final = """
entity Actor = {
    account: String, kind: String, agency: String, region: String, line: String, post: String,
    assurance: Long, roles: Set<String>, on_behalf_of: String,
};
entity Thing = { type: String, agency: String, region: String, regions: Set<String>, ATTRIBUTES };
entity Client = { key: String, agency: String };
entity Grant = {
    client: String, agency: String, resource: String, provider: String, share_type: String, in_force: Bool,
    state: String, purposes: Set<String>, fields: Set<String>, region: String, since: Long, until: Long,
    ruled: Bool,
};
""".replace("ATTRIBUTES", ", ".join(f"{name}: String" for name in ATTRIBUTES))
_ACTION: Final = """
action "%s" appliesTo {
    principal: Actor, resource: Thing, context: { purpose: String, demo: Bool },
};
"""
_GRANT_ACTION: Final = """
action "%s" appliesTo {
    principal: Client, resource: Grant,
    context: { purpose: String, on: Long, fields: Set<String>, row_regions: Set<String>, rule_met: Bool },
};
"""


class PolicyFault(Exception):
    """A policy file that must not be used; stops the start."""

    def __init__(self, file: Path, line: int, fault: str) -> None:
        super().__init__(f"{file}:{line}: 这条策略不能使用，节点不启动：{fault}")
        self.file, self.line, self.fault = file, line, fault


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a file, in Cedar's JSON form."""

    name: str
    file: Path
    line: int
    permits: bool
    actions: frozenset[str] | None  # None: every action
    form: Mapping[str, Any]

    def concerns(self, action: str) -> bool:
        return self.actions is None or action in self.actions


@dataclass(frozen=True, slots=True)
class Slice:
    """The policies that can concern one action."""

    policies: cedarpy.PolicySet
    permits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to Cedar: two entities with attributes, an action and a context."""

    action: str
    principal: tuple[str, str, Mapping[str, Any]]
    resource: tuple[str, str, Mapping[str, Any]]
    context: Mapping[str, Any]


class PolicyBook:
    """All policies of a folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.policies = tuple(
            policy for file in sorted(folder.glob("*.cedar")) for policy in read_policies(file)
        )
        _check_names(self.policies)
        self._slices: dict[str, Slice] = {}

    def decide(self, request: Request) -> Decision:
        """Deny unless a policy allows, none forbids, and none failed."""
        part = self._slice(request.action)
        principal, resource = _entity(request.principal), _entity(request.resource)
        try:
            answer = cedarpy.is_authorized(
                {
                    "principal": principal["uid"],
                    "action": {"type": "Action", "id": request.action},
                    "resource": resource["uid"],
                    "context": dict(request.context),
                },
                part.policies,
                [principal, resource],
            )
        except UnicodeEncodeError:  # half a character: nobody is called that
            return Decision.of((), allowed=False, needed=part.permits)
        policies = tuple(sorted(answer.diagnostics.reasons))
        allowed = bool(answer.allowed) and not answer.diagnostics.errors
        return Decision.of(policies, allowed=allowed, needed=part.permits)

    def _slice(self, action: str) -> Slice:
        found = self._slices.get(action)
        if found is None:
            concerned = [policy for policy in self.policies if policy.concerns(action)]
            found = Slice(
                _policy_set(concerned), tuple(policy.name for policy in concerned if policy.permits)
            )
            if action in ACTIONS:  # unknown ones are not kept: whoever asks could fill the memory
                self._slices[action] = found
        return found


@cache
def policy_book() -> PolicyBook:
    """The node's policies; the first call reads them."""
    return PolicyBook()


def read_policies(file: Path) -> list[Policy]:
    """The policies of one file, each checked; PolicyFault says where it is wrong."""
    text = file.read_text(encoding="utf-8")
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise PolicyFault(file, _faulty_line(text), str(error)) from error
    found = [_policy(file, text, form) for form in parsed["staticPolicies"].values()]
    if parsed["templates"]:
        raise PolicyFault(file, 1, "这里不用模板：授权是数据行，不是策略")
    _validate(file, text, found)
    return found


def _policy(file: Path, text: str, form: Mapping[str, Any]) -> Policy:
    name = form.get("annotations", {}).get("id", "")
    line = _line_of(text, f'@id("{name}")') if name else 1
    if not name:
        raise PolicyFault(file, line, "缺少 @id")
    action = form["action"]
    actions: frozenset[str] | None = None
    if action["op"] != "All":
        entities = action.get("entities") or [action["entity"]]
        actions = frozenset(entity["id"] for entity in entities)
    return Policy(name, file, line, form["effect"] == "permit", actions, form)


def _validate(file: Path, text: str, policies: Iterable[Policy]) -> None:
    """Against the schema, strictly: unknown actions and attributes, wrong types."""
    if cedarpy.validate_policies(text, schema()).validation_passed:
        return
    for policy in policies:  # one by one, only to find whose fault it is
        alone = cedarpy.policies_from_json_str(json.dumps(_document([policy])))
        result = cedarpy.validate_policies(alone, schema())
        if not result.validation_passed:
            raise PolicyFault(file, policy.line, "; ".join(error.error for error in result.errors))
    raise PolicyFault(file, 1, "整个文件没有通过检查")


@cache
def schema() -> cedarpy.Schema:
    """What policies may speak of."""
    actions = (
        (_GRANT_ACTION if action == GRANT_ACTION else _ACTION) % action for action in ACTIONS
    )
    return cedarpy.Schema.from_str(_ENTITIES + "".join(actions))


def _check_names(policies: Iterable[Policy]) -> None:
    seen: set[str] = set()
    for policy in policies:
        if policy.name in seen:
            raise PolicyFault(policy.file, policy.line, f"@id {policy.name} 用了两次")
        if policy.name not in REASONS:
            raise PolicyFault(policy.file, policy.line, f"reasons.py 里没有 {policy.name} 的说明")
        seen.add(policy.name)


def _document(policies: Iterable[Policy]) -> dict[str, Any]:
    forms = {policy.name: policy.form for policy in policies}
    return {"staticPolicies": forms, "templates": {}, "templateLinks": []}


def _policy_set(policies: Iterable[Policy]) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_json_str(json.dumps(_document(policies)))


def _entity(described: tuple[str, str, Mapping[str, Any]]) -> dict[str, Any]:
    kind, key, attributes = described
    return {"uid": {"type": kind, "id": key}, "attrs": dict(attributes), "parents": []}


def _line_of(text: str, mark: str) -> int:
    return text[: text.find(mark)].count("\n") + 1


def _faulty_line(text: str) -> int:
    """The first line with which the text so far is not merely unfinished; Cedar tells no line."""
    lines = text.splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        try:
            cedarpy.policies_to_json_str("".join(lines[:count]))
        except ValueError as error:
            if _INCOMPLETE not in str(error):
                return count
    return len(lines)
