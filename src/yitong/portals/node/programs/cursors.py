"""Where a page of a list ended, signed: opaque, bound to its list and filters, and not to be made up."""

from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from yitong.portals.node.programs.problems import CursorInvalid


class Page(Schema):
    """Which part of a list; subclasses add its filters."""

    cursor: str = Field("", max_length=200, description="from `next`; opaque")
    limit: int = Field(50, ge=1, le=100)

    @property
    def filters(self) -> dict[str, str]:
        return self.model_dump(exclude={"cursor", "limit"})

    def after(self, listing: str) -> str:
        """The key after which the page begins, empty at the beginning; CursorInvalid."""
        if not self.cursor:
            return ""
        try:
            return str(self._signer(listing).unsign_object(self.cursor))
        except (BadSignature, ValueError) as error:
            raise CursorInvalid from error

    def number_after(self, listing: str) -> int:
        return int(self.after(listing) or 0)

    def next(self, request: HttpRequest, listing: str, ended: str | int) -> str:
        """The address of the page after it, empty at the end. `ended` is the last row's key, which inserts do not move."""
        if not ended:
            return ""
        given = {name: value for name, value in self.filters.items() if value}
        cursor = self._signer(listing).sign_object(str(ended))
        return f"{request.path}?{urlencode({**given, 'limit': self.limit, 'cursor': cursor})}"

    def _signer(self, listing: str) -> Signer:
        return Signer(salt=f"yitong.cursor.{listing}?{urlencode(sorted(self.filters.items()))}")
