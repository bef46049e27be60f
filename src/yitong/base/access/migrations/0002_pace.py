"""Counters of calls a minute."""

from django.db import migrations

# Lost in a crash, and may be: it only counts the running minute.
SQL = """
create unlogged table access_pace (
    who text primary key,
    minute bigint not null,
    used bigint not null
);
"""


class Migration(migrations.Migration):
    """One row a caller."""

    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "drop table access_pace")]
