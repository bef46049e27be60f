"""The first line of each entry of a footprint: who did what with whose data."""

from collections.abc import Mapping
from enum import StrEnum

from yitong.base.identity.api import delegations
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis


class Outcome(StrEnum):
    """What became of a call."""

    RECEIVED = "received"
    CHECKED = "checked"
    ABSENT = "absent"
    KEPT_BACK = "kept_back"  # there was a row, and the grant's rule did not let it through
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    JUDGED = "judged"  # the agency whose data they are looked what a rule says of them
    SEEN = "seen"  # no call: somebody looked into the footprint by a delegation


# The second of each pair is for a table that names several people: whose row it was cannot be told.
SENTENCES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.RECEIVED: (
        N_("{agency}取得了您的{resource}"),
        N_("{agency}取得了与您有关的{resource}"),
    ),
    Outcome.CHECKED: (N_("{agency}核对了您的{resource}"), N_("{agency}核对了与您有关的{resource}")),
    Outcome.ABSENT: (
        N_("{agency}查了您的{resource}，没有查到"),
        N_("{agency}查了与您有关的{resource}，没有查到"),
    ),
    Outcome.KEPT_BACK: (
        N_("{agency}查了您的{resource}，授权的规则没有放行，没有给"),
        N_("{agency}查了与您有关的{resource}，授权的规则没有放行，没有给"),
    ),
    Outcome.JUDGED: (
        N_("{agency}看了您的{resource}，为的是判断一条规则"),
        N_("{agency}看了与您有关的{resource}，为的是判断一条规则"),
    ),
    Outcome.REFUSED: (
        N_("{agency}要查您的{resource}，没有给"),
        N_("{agency}要查与您有关的{resource}，没有给"),
    ),
    Outcome.UNANSWERED: (
        N_("{agency}要取得您的{resource}，数据没有送出"),
        N_("{agency}要取得与您有关的{resource}，数据没有送出"),
    ),
}
# The same where somebody else looks by a delegation.
SENTENCES_FOR: Mapping[Outcome, tuple[str, str]] = {
    Outcome.RECEIVED: (
        N_("{agency}取得了“{whom}”的{resource}"),
        N_("{agency}取得了与“{whom}”有关的{resource}"),
    ),
    Outcome.CHECKED: (
        N_("{agency}核对了“{whom}”的{resource}"),
        N_("{agency}核对了与“{whom}”有关的{resource}"),
    ),
    Outcome.ABSENT: (
        N_("{agency}查了“{whom}”的{resource}，没有查到"),
        N_("{agency}查了与“{whom}”有关的{resource}，没有查到"),
    ),
    Outcome.KEPT_BACK: (
        N_("{agency}查了“{whom}”的{resource}，授权的规则没有放行，没有给"),
        N_("{agency}查了与“{whom}”有关的{resource}，授权的规则没有放行，没有给"),
    ),
    Outcome.JUDGED: (
        N_("{agency}看了“{whom}”的{resource}，为的是判断一条规则"),
        N_("{agency}看了与“{whom}”有关的{resource}，为的是判断一条规则"),
    ),
    Outcome.REFUSED: (
        N_("{agency}要查“{whom}”的{resource}，没有给"),
        N_("{agency}要查与“{whom}”有关的{resource}，没有给"),
    ),
    Outcome.UNANSWERED: (
        N_("{agency}要取得“{whom}”的{resource}，数据没有送出"),
        N_("{agency}要取得与“{whom}”有关的{resource}，数据没有送出"),
    ),
}
SEEN = N_("“{agent}”代看了您的{resource}")
SEEN_FOR = N_("“{agent}”代看了“{whom}”的{resource}")
LOOKS: Mapping[str, str] = {
    "page": N_("看了{count}条记录"),
    "export": N_("下载了{count}条记录"),
    "use": N_("看了一条记录"),
    "proof": N_("下载了一条记录的凭证"),
}
# Why somebody may look for another: the guardian's office, or the matters that were given.
BASES: Mapping[delegations.DelegationKind, Basis] = {
    delegations.DelegationKind.GUARDIAN: Basis("民法典", "34"),
    delegations.DelegationKind.HELPER: Basis("民法典", "165"),
}
