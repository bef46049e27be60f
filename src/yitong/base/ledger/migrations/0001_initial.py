"""Tables, trigger and the one function by which rows leave."""

from django.db import migrations, models

SQL = r"""
create sequence ledger_entry_id;

create table ledger_entry (
    id bigint not null default nextval('ledger_entry_id'),
    at timestamptz not null,
    epoch int not null default 1,
    xid xid8 not null default pg_current_xact_id(),
    event text not null,
    about_type text not null,
    about_key text not null,
    account text not null,
    post text not null,
    agency text not null,
    region text not null collate "C",
    facts jsonb not null,
    salt bytea not null check (octet_length(salt) = 16),
    commitment bytea not null check (octet_length(commitment) = 32),
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    mac bytea not null check (octet_length(mac) = 16),
    primary key (id, at)
) partition by range (at);

create table ledger_entry_default partition of ledger_entry default;
create index ledger_entry_order on ledger_entry (epoch, xid, id);
create index ledger_entry_event on ledger_entry (event, epoch, xid, id);
create index ledger_entry_about on ledger_entry (about_type, about_key, at, id);

create table ledger_leaf (
    n bigint primary key,
    size int not null check (size between 1 and 256),
    first_epoch int not null,
    first_xid xid8 not null,
    first_id bigint not null,
    ids bigint[] not null,
    seconds bytea not null,
    commitments bytea not null,
    hashes bytea not null,
    check (octet_length(hashes) = 32 * size and octet_length(commitments) = 32 * size
           and octet_length(seconds) = 8 * size and cardinality(ids) = size)
);
create index ledger_leaf_order on ledger_leaf (first_epoch, first_xid, first_id);
alter table ledger_leaf alter ids set storage external, alter seconds set storage external,
    alter commitments set storage external, alter hashes set storage external;

create table ledger_tile (
    level smallint not null,
    n bigint not null,
    hashes bytea check (level = 0 or octet_length(hashes) = 8192),
    inner_nodes bytea not null check (octet_length(inner_nodes) = 8160),
    primary key (level, n)
);
alter table ledger_tile alter hashes set storage external, alter inner_nodes set storage external;

create table ledger_checkpoint (
    size bigint primary key check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    at timestamptz not null,
    note text not null
);

create table ledger_head (
    one boolean primary key default true check (one),
    size bigint not null default 0,
    epoch int not null default 1,
    xid xid8 not null default '0',
    entry_id bigint not null default 0,
    horizon xid8 not null default '0',
    frontier bytea not null default '',
    system_identifier bigint not null
);
insert into ledger_head (system_identifier) select system_identifier from pg_control_system();

create function ledger_is_insert_only() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('yitong.ledger_removal', true) = 'on' then
        return old;
    end if;
    raise exception 'the ledger is insert-only: % refused', tg_op using errcode = 'integrity_constraint_violation';
end $$;
create trigger ledger_entry_insert_only before update or delete on ledger_entry
    for each row execute function ledger_is_insert_only();
-- A statement's trigger holds for the table it names only, so every partition has its own.
create trigger ledger_entry_no_truncate before truncate on ledger_entry
    for each statement execute function ledger_is_insert_only();
create trigger ledger_entry_no_truncate before truncate on ledger_entry_default
    for each statement execute function ledger_is_insert_only();

-- The only door by which rows leave. The actions that call it record what it removes in the same transaction.
create function ledger_remove(entries bigint[]) returns bigint language plpgsql as $$
declare removed bigint;
begin
    perform set_config('yitong.ledger_removal', 'on', true);
    delete from ledger_entry where id = any(entries);
    get diagnostics removed = row_count;
    perform set_config('yitong.ledger_removal', 'off', true);
    return removed;
end $$;

create function ledger_make_month(month date) returns boolean language plpgsql as $$
declare part text := 'ledger_entry_' || to_char(month, 'YYYY_MM');
declare first timestamptz := date_trunc('month', month)::timestamp at time zone 'UTC';
declare last timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp at time zone 'UTC';
begin
    if to_regclass(part) is not null then return false; end if;
    -- Rows written while the month had no partition move into it: it could not be made beside them.
    execute format('create table %I (like ledger_entry including all)', part);
    perform set_config('yitong.ledger_removal', 'on', true);
    execute format('with late as (delete from ledger_entry_default where at >= %L and at < %L returning *)'
                   ' insert into %I select * from late', first, last, part);
    perform set_config('yitong.ledger_removal', 'off', true);
    execute format('alter table ledger_entry attach partition %I for values from (%L) to (%L)', part, first, last);
    execute format('create trigger ledger_entry_no_truncate before truncate on %I'
                   ' for each statement execute function ledger_is_insert_only()', part);
    return true;
end $$;
select ledger_make_month((date_trunc('month', now() at time zone 'UTC') + make_interval(months => k))::date)
    from generate_series(0, 2) k;
"""

DROP = """
drop table ledger_head, ledger_checkpoint, ledger_tile, ledger_leaf, ledger_entry;
drop function ledger_is_insert_only, ledger_remove, ledger_make_month;
drop sequence ledger_entry_id;
"""


class Migration(migrations.Migration):
    """The ledger's first tables."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            SQL,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("event", models.TextField()),
                        ("about_type", models.TextField()),
                        ("about_key", models.TextField()),
                        ("account", models.TextField()),
                        ("post", models.TextField()),
                        ("agency", models.TextField()),
                        ("region", models.TextField()),
                        ("facts", models.JSONField()),
                        ("salt", models.BinaryField()),
                        ("commitment", models.BinaryField()),
                        ("leaf_hash", models.BinaryField()),
                        ("mac", models.BinaryField()),
                    ],
                    options={"db_table": "ledger_entry", "managed": False},
                ),
                migrations.CreateModel(
                    name="Leaf",
                    fields=[
                        ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("size", models.IntegerField()),
                        ("seconds", models.BinaryField()),
                        ("commitments", models.BinaryField()),
                        ("hashes", models.BinaryField()),
                    ],
                    options={"db_table": "ledger_leaf", "managed": False},
                ),
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("root", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        ("note", models.TextField()),
                    ],
                    options={"db_table": "ledger_checkpoint", "managed": False},
                ),
            ],
        )
    ]
