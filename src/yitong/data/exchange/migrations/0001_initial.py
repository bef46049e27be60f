"""Usage by month, and the counters of grants' rates."""

from django.db import migrations, models

SQL = r"""
create table exchange_usage (
    subject bytea not null check (octet_length(subject) = 33),
    at timestamptz not null,
    entry_id bigint not null,
    primary key (subject, at, entry_id)
) partition by range (at);
create table exchange_usage_default partition of exchange_usage default;

create function exchange_make_month(month date) returns boolean language plpgsql as $$
declare part text := 'exchange_usage_' || to_char(month, 'YYYY_MM');
declare first timestamptz := date_trunc('month', month)::timestamp at time zone 'UTC';
declare last timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp at time zone 'UTC';
begin
    if to_regclass(part) is not null then return false; end if;
    -- Rows written while the month had no partition move into it: it could not be made beside them.
    execute format('create table %I (like exchange_usage including all)', part);
    execute format('with late as (delete from exchange_usage_default where at >= %L and at < %L returning *)'
                   ' insert into %I select * from late', first, last, part);
    execute format('alter table exchange_usage attach partition %I for values from (%L) to (%L)', part, first, last);
    return true;
end $$;
select exchange_make_month((date_trunc('month', now() at time zone 'UTC') + make_interval(months => k))::date)
    from generate_series(0, 2) k;

-- Lost in a crash, and may be: it only counts the running minute.
create unlogged table exchange_rate (
    grant_id bigint primary key,
    minute bigint not null,
    used int not null
);
"""

DROP = """
drop table exchange_rate, exchange_usage;
drop function exchange_make_month;
"""


class Migration(migrations.Migration):
    """The exchange's first tables."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            SQL,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    name="Usage",
                    fields=[
                        ("subject", models.BinaryField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("entry_id", models.BigIntegerField()),
                    ],
                    options={"db_table": "exchange_usage", "managed": False},
                )
            ],
        )
    ]
