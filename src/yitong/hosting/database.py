"""What a database must have before a node works on it: roles, extensions, and Chinese trigrams."""

import psycopg
from psycopg import sql

from yitong.hosting import rules
from yitong.hosting.errors import DatabaseUnreachable, ExtensionMissing, LocaleUnfit
from yitong.hosting.server import Server

ROLE = "yitong"
DATABASE = "yitong"
EXTENSIONS = ("pg_trgm", "btree_gist")

type_connection = psycopg.Connection[tuple[object, ...]]


def furnish(server: Server) -> None:
    """Give our own server the application's role and database; repeatable, since a first start may be cut short.

    The role owns its database and is nothing more: no superuser, so triggers and constraints bind it.
    """
    with server.superuser() as connection:
        _make_role(connection, server.folder.passwords()[ROLE])
        if not _one(connection, "select 1 from pg_database where datname = %s", DATABASE):
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(ROLE)
                )
            )
    with server.superuser(DATABASE) as connection:
        check(connection)


def _make_role(connection: type_connection, password: str) -> None:
    if not _one(connection, "select 1 from pg_roles where rolname = %s", ROLE):
        connection.execute(
            sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole password {}").format(
                sql.Identifier(ROLE), sql.Literal(password)
            )
        )
    # `doctor` names whoever holds the ledger's horizon, the superuser included.
    connection.execute(sql.SQL("grant pg_read_all_stats to {}").format(sql.Identifier(ROLE)))
    set_timeouts(connection, sql.Identifier(ROLE))


def set_timeouts(connection: type_connection, role: sql.Composable) -> None:
    """Bound the role's transactions (see `rules.role_timeouts` for the reason)."""
    for name, value in rules.role_timeouts(connection.info.server_version // 10000).items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(
                role, sql.Identifier(name), sql.Literal(value)
            )
        )


def check(connection: type_connection) -> None:
    """Refuse a database that lacks what search needs."""
    database = connection.info.dbname
    for extension in EXTENSIONS:
        if _one(connection, "select 1 from pg_extension where extname = %s", extension):
            continue
        try:
            connection.execute(
                sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
            )
        except psycopg.Error as error:
            why = error.diag.message_primary or str(error)
            raise ExtensionMissing(database=database, extension=extension, why=why) from error
    if not knows_chinese(connection):
        raise LocaleUnfit(database=database, locale=locale_of(connection))


def knows_chinese(connection: type_connection) -> bool:
    """Whether this database's character classes take Chinese for letters (with --no-locale they do not)."""
    return bool(_one(connection, "select coalesce(array_length(show_trgm('石桥'), 1), 0)"))


def locale_of(connection: type_connection) -> str:
    return str(
        _one(
            connection,
            "select pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype"
            " from pg_database where datname = current_database()",
        )
    )


def check_url(url: str) -> None:
    """Check an operator's own database (`DATABASE_URL`) and bound our role's transactions in it."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            check(connection)
            set_timeouts(connection, sql.SQL("current_user"))
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error


def _one(connection: type_connection, statement: str, *values: str) -> object:
    row = connection.execute(statement.encode(), values or None).fetchone()
    return row[0] if row else None
