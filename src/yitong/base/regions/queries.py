"""Reading divisions. They are public, so a viewer is not asked for."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from yitong.base.regions import rules
from yitong.base.regions.errors import InvalidRegionCode, UnknownRegion
from yitong.base.regions.models import LoadedEdition, Region
from yitong.base.regions.rules import RegionFacts

_NATION = RegionFacts(
    rules.NATION, 0, "中华人民共和国", "zhonghuarenmingongheguo", ("中华人民共和国",)
)


def region(code: str, *, on: date | None = None) -> RegionFacts:
    """The division with this code, in any padding: the one in force, else the last that had it.

    With `on`, the one in force on that day where we know it: codes are given again after years.
    """
    if code == rules.NATION:
        return _NATION
    for form in rules.prefix_forms(code):
        if (row := _row(form, on)) is not None:
            return _facts([row])[0]
    raise UnknownRegion(code=code)


def path(code: str, *, on: date | None = None) -> list[RegionFacts]:
    """From the province down to the division itself, by one look-up."""
    here = region(code, on=on)
    rows = {row.code: row for row in _in_force(rules.lineage(here.code)[:-1])}
    above = [rows[c] for c in rules.lineage(here.code)[:-1] if c in rows]
    return [*_facts(above), here]


def children(code: str = rules.NATION) -> list[RegionFacts]:
    """The divisions right below, in the order of their codes."""
    level = rules.level_of(code) + 1
    if level > len(rules.LENGTHS):
        return []
    return _facts(_below(Region.objects.filter(level=level, valid_to=None), code).order_by("code"))


def find(text: str, *, limit: int = 20, within: str = rules.NATION) -> list[RegionFacts]:
    """Divisions in force by name, pinyin, initials or code; exact names first, then the higher level.

    Several words narrow: the last is sought below what the others name («澜宁 桐花»).
    """
    *above, last = text.split() or [""]
    if not last:
        return []
    joined = "".join([*above, last])
    if not above or joined.isascii():
        found = _facts(_matches(joined, within)[:limit]) or _closed(joined, within)[:limit]
        if found or not above:
            return found
    return _find_below(above, last, limit, within)


def national_totals() -> dict[int, int]:
    """How many divisions of each level are in force; overlays are not the nation's."""
    rows = Region.objects.filter(overlay="", valid_to=None)
    return dict(rows.values_list("level").annotate(Count("pk")).order_by("level"))


def loaded_editions() -> list[LoadedEdition]:
    """What was loaded, the newest first."""
    return list(LoadedEdition.objects.order_by("-pk"))


def _find_below(above: Sequence[str], last: str, limit: int, within: str) -> list[RegionFacts]:
    found: list[RegionFacts] = []
    for place in find(" ".join(above), limit=10, within=within):
        hits = _facts(_matches(last, place.code)[: limit - len(found)])
        found += [hit for hit in hits if hit not in found and hit.code != place.code]
        if len(found) >= limit:
            break
    return found[:limit]


def _closed(text: str, within: str) -> list[RegionFacts]:
    """A code that nobody has any more still says where a number in an old paper comes from."""
    if not rules.is_digits(text) or not 2 <= len(text) <= rules.LENGTHS[-1]:
        return []
    rows = Region.objects.filter(code__in=rules.prefix_forms(text)).exclude(valid_to=None)
    return _facts(_below(rows, within).order_by("-valid_to"))


def _matches(text: str, within: str) -> QuerySet[Region]:
    rows = _below(Region.objects.filter(valid_to=None), within)
    if rules.is_digits(text):
        return _by_code(rows, text)
    rows = rows.exclude(level=rules.Level.CITY, name__in=rules.PLACEHOLDERS)
    latin = text.lower().replace("'", "").replace("’", "").replace("ü", "v")
    if latin.isascii() and latin.isalnum():
        spoken = rules.spoken_forms(latin, rules.LATIN_KINDS)
        rows = rows.filter(Q(pinyin__startswith=latin) | Q(initials__startswith=latin))
        return _ranked(rows, Q(pinyin__in=spoken))
    if len(text) == 1:
        rows = rows.filter(name__startswith=text)
    else:
        rows = rows.filter(bigrams__contains=rules.bigrams(text), name__contains=text)
    return _ranked(rows, Q(name__in=rules.spoken_forms(text)))


def _by_code(rows: QuerySet[Region], text: str) -> QuerySet[Region]:
    """What the code means in any padding, then everything that begins with its digits."""
    try:
        forms = rules.prefix_forms(text)
    except InvalidRegionCode:
        return rows.none()
    every_level = range(1, len(rules.LENGTHS) + 1)
    begins = Q(level__in=every_level, code__gte=text, code__lt=_after(text))
    means = Q(level__in=every_level, code__in=forms)
    return rows.filter(begins | means).order_by("level", "code")


def _ranked(rows: QuerySet[Region], exact: Q) -> QuerySet[Region]:
    rank = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(rank, "level", Length("name"), "code")


def _below(rows: QuerySet[Region], code: str) -> QuerySet[Region]:
    """Containment as a range: prefixes are neighbours under collation C."""
    return rows.filter(code__gte=code, code__lt=_after(code)) if code else rows


def _after(prefix: str) -> str:
    """The first text past everything that begins with these digits (':' follows '9')."""
    return prefix + ":"


def _row(code: str, on: date | None) -> Region | None:
    same = Region.objects.filter(code=code)
    in_force = same.filter(level=rules.level_of(code), valid_to=None)
    if on is not None:
        began = Q(valid_from=None) | Q(valid_from__lte=on)
        then = same.filter(began, valid_to__gt=on).order_by("-valid_to").first()
        if then is not None:
            return then
    return in_force.first() or same.exclude(valid_to=None).order_by("-valid_to").first()


def _in_force(codes: Iterable[str]) -> QuerySet[Region]:
    wanted = [Q(level=rules.level_of(code), code=code) for code in codes]
    return (
        Region.objects.filter(Q(*wanted, _connector=Q.OR), valid_to=None)
        if wanted
        else Region.objects.none()
    )


def _facts(rows: Iterable[Region]) -> list[RegionFacts]:
    """Facts with the names above, by one look-up for all rows."""
    found = list(rows)
    above = {code for row in found for code in rules.lineage(row.code)[:-1]}
    names = dict(_in_force(above).values_list("code", "name")) if above else {}
    return [
        RegionFacts(
            code=row.code,
            level=row.level,
            name=row.name,
            pinyin=row.pinyin,
            path=(*(names[c] for c in rules.lineage(row.code)[:-1] if c in names), row.name),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            replaced_by=row.replaced_by,
            overlay=row.overlay,
        )
        for row in found
    ]
