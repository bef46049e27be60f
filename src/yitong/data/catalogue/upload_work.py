"""One run of the worker on an upload: for whom it works, how it tells how far it is, and whether it shall go on."""

import time
from dataclasses import dataclass, field
from typing import Final

from yitong.data.catalogue.filing import Progress
from yitong.data.catalogue.models import Upload, UploadTable
from yitong.data.catalogue.upload_models import UploadState
from yitong.kernel import clock
from yitong.kernel.actor import Actor

TOLD_EVERY_S: Final = 0.5


class Superseded(Exception):
    """Another worker has taken the upload over, or its state was changed by a person."""


@dataclass
class Work:
    """One run of the worker on one upload: whose, and how it tells how far it is."""

    row: Upload
    by: Actor
    run: str
    phase: str = "opening"
    table: str = ""
    place: int = 0
    places: int = 0
    _told_at: float = field(default=0.0)

    def begin(self, phase: str, table: UploadTable | None = None) -> None:
        self.phase = phase
        self.table = table.name if table else ""
        self.place = table.number if table else 0
        self._tell(0, 0, 0)

    def tell(self, progress: Progress) -> bool:
        """Keep how far it is, twice a second at most; False where a person has asked to stop."""
        if time.monotonic() - self._told_at < TOLD_EVERY_S:
            return True
        return self._tell(progress.rows, progress.bytes_done, progress.bytes_total or 0)

    def _tell(self, rows: int, done: int, total: int) -> bool:
        self._told_at = time.monotonic()
        said = {
            "run": self.run,
            "phase": self.phase,
            "table": self.table,
            "place": self.place,
            "places": self.places,
            "rows": rows,
            "done": done,
            "total": total,
        }
        ours = Upload.objects.filter(pk=self.row.pk, progress__run=self.run)
        if ours.filter(state=UploadState.WORKING).update(progress=said, progress_at=clock.now()):
            return True
        if ours.filter(state=UploadState.STOPPING).exists():
            return False
        raise Superseded
