"""Who acts: a frozen value, so that the ledger and access need not know identity."""

from dataclasses import dataclass
from typing import Literal, Self

ActorKind = Literal["person", "staff", "client", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, as of now.

    `account` names the doer ("account:42", "client:abc", "operator:root", "system:sequencer"); `post` and
    `agency` are keys of identity, empty where there is none; `region` is a division's prefix code ("890102",
    "" for the nation); `line` is the code of a vertical line (条) or empty; `assurance` is the log-in's level 0-5;
    `roles` are the roles of the post ("dept_head", "data_reviewer", ...). `on_behalf_of` names whom a citizen acts
    for ("person:<key>", "legal_person:<code>"), empty where she acts for herself; the ledger keeps it with every entry.
    """

    account: str
    post: str = ""
    agency: str = ""
    region: str = ""
    line: str = ""
    assurance: int = 0
    kind: ActorKind = "staff"
    roles: frozenset[str] = frozenset()
    on_behalf_of: str = ""

    @classmethod
    def operator(cls, user: str) -> Self:
        """A person at the node's own machine without a log-in; recorded as such."""
        return cls(account=f"operator:{user}", kind="operator", assurance=5)

    @classmethod
    def system(cls, part: str) -> Self:
        """The node itself, acting by a rule or a schedule."""
        return cls(account=f"system:{part}", kind="system", assurance=5)
