"""The doors that the home page can show: for people with a log-in, and open to anyone."""

from dataclasses import dataclass

from yitong.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Door:
    """A door with its boxed character; `address` is the name of its first page."""

    character: str
    name: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """What anyone may read, without a log-in."""

    name: str
    words: str
    path: str


DOORS = (
    Door(
        N_("民"), N_("我的数据足迹"), N_("哪个部门、什么时候、为什么用了您的数据。"), "citizen:home"
    ),
    Door(
        N_("办"),
        N_("工作台"),
        N_("由您的岗位负责的每一件事：到期先后、依据、还剩几天。"),
        "staff:inbox",
    ),
    Door(N_("数"), N_("数据局"), N_("政务数据目录：编制、批准、审核、发布。"), "bureau:home"),
    Door(
        N_("管"),
        N_("机构和账号"),
        N_("岗位、任职、账号，窗口的代办登记。"),
        "administration:home",
    ),
)

OPEN_DOORS = (
    OpenDoor(
        N_("算届满日"),
        N_("一项时限从哪天起算、到哪天为止、依据哪一条、哪些天不计。"),
        "/law/due/",
    ),
    OpenDoor(
        N_("时限登记簿"),
        N_("法定的和各地自己的时限，每一条有依据、有效期间和把握。"),
        "/law/limits/",
    ),
    OpenDoor(N_("工作日历"), N_("哪天上班、哪天放假，依据哪个通知。"), "/law/calendar/"),
    OpenDoor(N_("办公时间"), N_("哪个机构几点上班、几点下班，依据什么。"), "/law/hours/"),
    OpenDoor(
        N_("账本检查点"),
        N_("每次使用数据都记在账本里。这一页由节点签名，谁都可以核对。"),
        "/ledger/checkpoint",
    ),
    OpenDoor(
        N_("接口说明"), N_("部门系统调用共享数据的方法（OpenAPI 3.1）。"), "/api/openapi.json"
    ),
)
