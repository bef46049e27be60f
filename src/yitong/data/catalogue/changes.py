"""What a new file of the same table changes in the entry. Pure.

What people have confirmed stands: of an item that is there already only a type that no longer holds its values and
personal information that was not there before are taken over.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from yitong.data.catalogue.grading import Grade, highest
from yitong.data.catalogue.proposal import Change, FieldProposal, Proposal, diff
from yitong.kernel.errors import N_

# What the person who shares may say anew; all else the entry says already.
_SAID: Final = (
    "abstract", "duty", "category", "data_format", "update_cycle", "share_type", "share_scope",
    "use_purposes", "basis_level", "basis_citation", "withhold_reason", "subject_link",
)  # fmt: skip
_TEXT: Final = frozenset({"C", "M", "G"})  # takes whatever a file has


@dataclass(frozen=True, slots=True)
class Renamed:
    """An item that is gone and one that is new, which look like one item; `why` they do."""

    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What a new file changes in the entry. `content` is the entry as it would be.

    Items `renamed` are among those added and gone too: whoever asks for the old name gets nothing.
    """

    content: Proposal
    added: tuple[FieldProposal, ...]
    gone: tuple[FieldProposal, ...]
    renamed: tuple[Renamed, ...]
    changes: tuple[Change, ...]

    @property
    def is_none(self) -> bool:
        return not self.changes

    @property
    def retyped(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.field and each.item == "type_letter")

    @property
    def otherwise(self) -> tuple[Change, ...]:
        """Changes that are neither of an item's being there nor of its type."""
        shown = [each for each in self.changes if each.item and each not in self.retyped]
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class RowChange:
    """How the rows differ; without a key only how many there are on each side is known."""

    before: int
    after: int
    added: int | None = None
    gone: int | None = None
    changed: int | None = None
    by_column: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_keyed(self) -> bool:
        return self.added is not None

    @property
    def is_none(self) -> bool:
        return self.is_keyed and not (self.added or self.gone or self.changed)


def changed_by(
    entry: Proposal,
    proposed: Proposal,
    *,
    said: Mapping[str, str],
    empty: Collection[str] = (),
) -> EntryChange:
    """What `proposed`, read from a new file, changes in the entry. Pure.

    What people have confirmed stands: of an item that is there already only a type that no longer holds its values
    and personal information that was not there before are taken over. `said` was said anew; `empty` columns have no
    value at all and tell nothing.
    """
    content = _renewed(entry, proposed, said, empty)
    known, found = {f.name for f in entry.fields}, {f.name for f in proposed.fields}
    added = tuple(f for f in content.fields if f.name not in known)
    gone = tuple(f for f in entry.fields if f.name not in found)
    fresh = (f for f in proposed.fields if f.name not in known)
    changes = tuple(diff(entry, content))
    if changes:
        content = replace(
            content,
            source=proposed.source,
            fields=tuple(_as_long(f, proposed) for f in content.fields),
        )
    return EntryChange(content, added, gone, tuple(_renamed(gone, fresh)), changes)


def _renewed(
    entry: Proposal, proposed: Proposal, said: Mapping[str, str], empty: Collection[str]
) -> Proposal:
    found = {f.name: f for f in proposed.fields}
    kept = [_kept(f, found[f.name], f.name in empty) for f in entry.fields if f.name in found]
    known = {f.name for f in entry.fields}
    fresh = [f for f in proposed.fields if f.name not in known]
    has_key = entry.key_field in found or not entry.key_field
    keyed = entry if has_key else proposed
    following = max((f.order for f in entry.fields), default=-1) + 1
    fields = tuple(
        replace(f, is_key=f.name == keyed.key_field)
        for f in [
            *kept,
            *(replace(f, order=following + place) for place, f in enumerate(fresh)),
        ]
    )
    content = replace(
        entry,
        fields=fields,
        key_field=keyed.key_field,
        key_kind=keyed.key_kind,
        key_unique=keyed.key_unique,
        row_count=proposed.row_count,
    )
    content = _regraded(content, entry)
    if content.has_personal and not entry.has_personal:
        content = replace(
            content,
            share_type=proposed.share_type,
            share_methods=proposed.share_methods,
            share_scope=proposed.share_scope,
            use_purposes=proposed.use_purposes,
            use_condition=proposed.use_condition,
            open_type=proposed.open_type,
        )
    spoken = {name: said[name] for name in _SAID if said.get(name)}
    unverified = tuple(name for name in content.unverified if name not in spoken)
    return replace(content, unverified=unverified, **spoken)  # type: ignore[arg-type]


def _kept(known: FieldProposal, found: FieldProposal, is_empty: bool) -> FieldProposal:  # noqa: FBT001
    item = (
        known  # its words too: a header that reads otherwise than its column was written by people
    )
    if is_empty:
        return item
    if known.type_letter != found.type_letter and known.type_letter not in _TEXT:
        item = replace(item, type_letter=found.type_letter)
    if found.personal and not known.personal:
        item = replace(
            item,
            personal=found.personal,
            subject=known.subject or found.subject,
            grade=highest([Grade(known.grade), Grade(found.grade)]).value,
            grade_reason=found.grade_reason,
            mask=found.mask if known.mask == "none" else known.mask,
            reasons=found.reasons,
        )
    return item


def _as_long(item: FieldProposal, proposed: Proposal) -> FieldProposal:
    longest = max((f.length for f in proposed.fields if f.name == item.name), default=0)
    return replace(item, length=max(item.length, longest))


def _regraded(content: Proposal, entry: Proposal) -> Proposal:
    """综合定级 follows the items (43697 6.6); where they weigh the same, the entry's own grade stands."""
    was, now = (highest(Grade(f.grade) for f in each.fields) for each in (entry, content))
    if was == now:
        return content
    reason = N_("数据项变动后按最高的一项重新定级")
    return replace(content, grade=now.value, grade_reason=reason)


def _renamed(gone: Iterable[FieldProposal], fresh: Iterable[FieldProposal]) -> Iterator[Renamed]:
    """Pairs that look like one item, each item at most once."""
    left = list(fresh)
    for old in gone:
        for reason, is_same in _LIKENESS.items():
            found = [new for new in left if is_same(old, new)]
            if len(found) == 1:
                left.remove(found[0])
                yield Renamed(old.name, found[0].name, reason)
                break


_LIKENESS: Final[Mapping[str, Callable[[FieldProposal, FieldProposal], bool]]] = {
    N_("同一个数据元"): lambda old, new: bool(old.element) and old.element == new.element,
    N_("同一列位置，同一类型"): lambda old, new: (
        (old.order, old.type_letter) == (new.order, new.type_letter)
        and not (old.element and new.element)
    ),
}
