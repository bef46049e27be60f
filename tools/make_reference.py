#!/usr/bin/env python3
"""Write `docs/reference` from the code (`make reference`), or say where they differ (`--check`)."""

import argparse
import sys
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import inventory

FOLDER = inventory.ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make reference` from the code. Do not edit. -->\n"

# name -> (default, what it means). The code holds names and defaults; the meaning stands here.
SETTINGS = {
    "DATABASE_URL": ("none", "An operator's own PostgreSQL (`postgresql://…`). Without it the node runs its own server."),
    "YITONG_CLIENT": ("none", "`yitong call`: the client's id."),
    "YITONG_CLIENT_SECRET": ("none", "`yitong call`: the client's secret, which is never an argument."),
    "YITONG_DEBUG": ("none", "Command line: also print the stack of frames of a program fault."),
    "YITONG_LANG": ("from the terminal", "Command line: `zh` or `en`."),
    "YITONG_URL": ("the node on this machine", "`yitong call`: address of the node to ask."),
    "YITONG_API_PER_MINUTE": ("`600`", "How often each client, account or address may call `/api/` and the ledger's proofs in a minute."),
    "YITONG_CITY": ("empty; 澜宁市 in the demo", "Name of the place whose node this is, as the frame of every page says it."),
    "YITONG_CITY_EN": ("empty", "The same in English."),
    "YITONG_CRYPTO": ("`international`", "Algorithms for what is sealed from now on: `international` (AES-256-GCM, SHA-256) or `sm` (SM4-GCM, SM3)."),
    "YITONG_DATA": ("`var`", "The node's directory: server, files, keys, logs. `yitong run --data` sets it."),
    "YITONG_FILE_SCANNER": ("none", "A program that looks at every file taken in and refuses by its exit code."),
    "YITONG_HOSTS": ("the machine itself", "Host names the site answers to, separated by commas."),
    "YITONG_HOST_AGENCY": ("empty", "Name of the agency that runs the node."),
    "YITONG_HOST_AGENCY_EN": ("empty", "The same in English."),
    "YITONG_KEEP_DELIVERIES": ("`6`", "For how many months it is kept when and how messages were sent out; not fewer than 6."),
    "YITONG_KEEP_MESSAGES": ("`36`", "For how many months the text of messages is kept; not fewer than 12."),
    "YITONG_KEYS": ("`keys` in the node's directory", "Directory of the key store. Keep it on another disk than the database, and in another backup."),
    "YITONG_METRICS_TOKEN": ("none", "Who sends it as a bearer token may read `/metrics`. Without it only the machine itself may."),
    "YITONG_NODE": ("from the ledger's key", "The ledger's public name, the first line of every checkpoint."),
    "YITONG_PG_BIN": ("the packaged programs", "Folder of PostgreSQL programs to run instead, such as `/usr/lib/postgresql/15/bin`."),
    "YITONG_PG_USER": ("`postgres`, else `nobody`", "Existing unprivileged user as whom root runs the server."),
    "YITONG_PASSPHRASE": ("none", "`yitong keys export|import`, `yitong restore --keys`: the passphrase of the copy of the keys. Else it is asked for, or read from standard input."),
    "YITONG_PROFILE": ("`node`", "`demo` marks every page and document as made up, and allows the demo's furnishing."),
    "YITONG_PUBLIC_URL": ("none", "Under which address people reach the node, such as `https://yitong.example`. With it a mail holds the address of the page it tells of."),
    "YITONG_PROXIES": ("`0`", "How many reverse proxies stand before the node; their word for a caller's address is then believed."),
    "YITONG_SMS_CA": ("the system's", "File of certificates to trust for the SMS gateway."),
    "YITONG_SMS_SIGNATURE": ("`一同`", "Name in 【】 before every short message, as registered with the provider."),
    "YITONG_SMS_TOKEN": ("none", "Bearer token for the SMS gateway."),
    "YITONG_SMS_URL": ("none", "Address of the SMS gateway. Without it no short message is sent."),
    "YITONG_SMTP_CA": ("the system's", "File of certificates to trust for the mail server."),
    "YITONG_SMTP_FROM": ("none", "Sender's address of every mail."),
    "YITONG_SMTP_HOST": ("none", "Mail server. Without it and a sender no mail is sent."),
    "YITONG_SMTP_PASSWORD": ("none", "Password for the mail server; never sent over a line that is not encrypted."),
    "YITONG_SMTP_PORT": ("`587`", "Port of the mail server."),
    "YITONG_SMTP_SECURITY": ("`starttls`", "`starttls`, `tls` (from the first byte) or `none` (a relay on the machine itself)."),
    "YITONG_SMTP_USER": ("none", "User name for the mail server; empty: no log-in."),
    "YITONG_SECOND_FACTOR": ("`required`; `optional` in the demo", "Whether staff need a passkey or an authenticator beside their password."),
    "YITONG_SIGN_ON_ADAPTER": ("the provincial one", "Dotted path of the adapter of the sign-on service (统一身份认证)."),
    "YITONG_SIGN_ON_APP": ("empty", "The node's app id with the sign-on service."),
    "YITONG_SIGN_ON_ISSUER": ("`province`", "How the sign-on service names itself in its tickets."),
    "YITONG_SIGN_ON_KEY": ("empty", "The sign-on service's SM2 public key, 64 bytes in hex."),
    "YITONG_SIGN_ON_SECRET": ("empty", "The secret shared with the sign-on service; it signs what is asked and opens tickets."),
    "YITONG_SIGN_ON_URL": ("none", "Where the sign-on service is. Without it the node offers none."),
    "YITONG_SECRET_KEY": ("made by the node", "Secret behind sessions and form tokens."),
    "YITONG_SUPERVISED_IN": ("set by the node", "Marks the node's own child processes. Never set it yourself."),
    "YITONG_ALL": ("`0`", "Tests: `1` runs everything; what is missing is a failure, not a skip."),
    "YITONG_CHROMIUM": ("Debian's", "Tests: the browser to drive."),
    "YITONG_FAKETIME": ("Debian's", "Tests: the library of faketime to load."),
    "YITONG_PICTURES": ("none", "Tests: a folder into which browser tests put a picture of every page."),
    "YITONG_TEST_DATABASE_URL": ("none", "Tests: servers to use instead of embedded ones, one for each worker, separated by spaces."),
}  # fmt: skip

EXIT_CODES = """\
| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: input not valid, or something needed is not there now |
| 2 | the command line itself is wrong |
| 3 | not found |
| 4 | refused: not allowed, by policy or by law |
| 5 | conflict with what is already there |

`--json` prints only JSON on standard output; progress goes to standard error, and only to a terminal.
A command on the node's own machine without a log-in acts as `operator:<system user>` and is recorded so.
"""


def cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def by_app(pairs: Iterable[tuple[str, object]], heads: list[str], row: Callable) -> str:
    """One table for each app."""
    parts = []
    for app, found in groupby(pairs, key=lambda pair: pair[0]):
        name = app.removeprefix("yitong.").replace(".", "/")
        parts.append(f"## {name}\n\n" + table(heads, (row(each) for _, each in found)))
    return "\n".join(parts)


def events() -> str:
    return (
        "# Events\n\nEvery kind of ledger entry: its name, the sentence people read, and the fields it carries. "
        "Fields hold keys, codes, counts and pseudonyms, never a person's name, number, telephone or address.\n\n"
        + by_app(
            inventory.events(),
            ["event", "sentence", "fields"],
            lambda event: (
                f"`{event.name}`",
                event.sentence,
                ", ".join(f"`{field}`" for field in event.fields) or "–",
            ),
        )
    )


def refusals() -> str:
    kinds = table(
        ["kind", "HTTP", "exit code"],
        [
            ("invalid", "400 (422 for single fields)", 1),
            ("not_found", 404, 3),
            ("refused", 403, 4),
            ("conflict", 409, 5),
            ("unavailable", 503, 1),
        ],
    )
    pairs = [(inventory.app_of(kind.__module__), kind) for kind in inventory.refusals()]
    return (
        '# Refusals\n\nEvery expected "no": a stable code, what is said, on which basis, and what to do next. '
        f"The kind decides how a door answers.\n\n{kinds}\n"
        + by_app(
            pairs,
            ["code", "kind", "sentence", "basis", "remedy"],
            lambda kind: (
                f"`{kind.code}`",
                kind.kind,
                "<br>".join(inventory.sentences(kind)),
                kind.basis or "–",
                kind.remedy,
            ),
        )
    )


def settings() -> str:
    rows = [
        (f"`{name}`", default, meaning) for name, (default, meaning) in sorted(SETTINGS.items())
    ]
    return (
        "# Settings\n\nEverything that differs between deployments comes from the environment.\n\n"
        + table(["name", "default", "meaning"], rows)
    )


def schedules() -> str:
    runs = [
        (f"`{each.name}`", f"`{each.cron}`", app.removeprefix("yitong."))
        for app, each in inventory.schedules()
    ]
    reacts = [
        (f"`{each.name}`", ", ".join(f"`{name}`" for name in each.events))
        for _, each in inventory.reactions()
    ]
    return (
        "# Schedules and reactions\n\nWork that recurs (cron lines in the node's zone), and what apps do when "
        "others' events have got their index in the ledger.\n\n## Schedules\n\n"
        + table(["name", "when", "app"], runs)
        + "\n## Reactions\n\n"
        + table(["name", "follows"], reacts)
    )


def commands() -> str:
    parts = ["# Commands\n\nThe operators' door.\n\n## Exit codes\n\n" + EXIT_CODES]
    for each in inventory.commands():
        usage = f"{each.path} {each.usage}".strip()
        part = f"## {each.path}\n\n```text\n{usage}\n```\n"
        if each.help:
            part += "\n" + each.help + "\n"
        if each.options:
            part += "\n" + table(["option", "meaning"], ((f"`{o}`", m) for o, m in each.options))
        parts.append(part)
    return "\n".join(parts)


PAGES = {
    "events.md": events,
    "refusals.md": refusals,
    "settings.md": settings,
    "schedules.md": schedules,
    "commands.md": commands,
}


def page(name: str) -> str:
    """What the page should say."""
    return NOTE + "\n" + PAGES[name]().rstrip() + "\n"


def differing() -> list[str]:
    """Pages that do not say what the code says."""
    found = []
    for name in PAGES:
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != page(name):
            found.append(name)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail where they differ"
    )
    if parser.parse_args().check:
        if old := differing():
            print(f"docs/reference differs from the code in {', '.join(old)}: run `make reference`")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(page(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
