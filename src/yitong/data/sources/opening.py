"""From a location to a reader."""

from pathlib import Path

from yitong.data.sources.delimited import CsvReader
from yitong.data.sources.locations import is_url, server_location
from yitong.data.sources.postgresql import TableReader
from yitong.data.sources.tables import Reader


def open_table(location: str) -> Reader:
    """A CSV file by its path, or a PostgreSQL table by URL."""
    if is_url(location):
        return TableReader(server_location(location))
    return CsvReader(Path(location))
