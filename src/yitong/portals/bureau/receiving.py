"""A file on its way in: spooled to a file without a name, so that whatever breaks leaves nothing that can be opened."""

from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from yitong.data.catalogue.api import uploads

TOO_LARGE: Final = (
    "yitong.too_large"  # in request.META, since a form never sees what was not taken in
)


class NamelessFile(FileUploadHandler):
    """Takes one file at a time up to the bound; the rest of a larger one is read and thrown away."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().new_file(*args, **kwargs)
        self._taken = 0
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._taken += len(raw_data)
        if self._taken > uploads.LARGEST:
            self._file.close()
            if self.request is not None:
                self.request.META[TOO_LARGE] = True
            raise SkipFile
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        self._file.seek(0)
        return UploadedFile(
            file=self._file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


def is_too_large(request: HttpRequest) -> bool:
    return bool(request.META.get(TOO_LARGE))
