"""Who asks, and for what, where policies are tried."""

from yitong.base.access.api import Thing, allows
from yitong.kernel.actor import Actor

CIVIL, POLICE, BUREAU = "11890100DM0000001A", "11890100DM0000002B", "11890100DM0000003C"
CITY, DISTRICT, OTHER_DISTRICT = "8901", "890102", "890103"


def staff(*roles, agency=CIVIL, region=CITY, account="account:1", line=""):
    return Actor(account, "post", agency, region, line, 4, "staff", frozenset(roles))


def resource(agency=CIVIL, region=CITY, **attributes):
    return Thing("resource", "17", agency, region, attributes)


CITIZEN = Actor("account:9", assurance=4, kind="person")
OPERATOR = Actor.operator("root")
CLIENT = Actor("client:abc", agency=POLICE, kind="client")
NODE = Thing("node", "")


def may(by, action, of=NODE, **more):
    return allows(by, action, of=of, **more).allowed
