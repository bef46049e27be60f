"""Short messages against a real HTTP gateway."""

import time

import pytest

from tests.factories.sms_gateway import SmsGatewayServer, an_sms_gateway
from yitong.base.messages import adapters
from yitong.base.messages.adapters import Outgoing
from yitong.base.messages.rendering import MessageText
from yitong.base.messages.sms import SmsAdapter, SmsGateway

PHONE = "10000000002"
TEXT = MessageText("标题", "澜宁市公安局：", "您申领了居住证。", "少一份材料。", "10月23日前补交。")
OUT = Outgoing("0f6f6e5e-9d1c-4a8e-8a6e-000000000001", TEXT, "zh-hans", PHONE)


@pytest.fixture
def gateway():
    with an_sms_gateway() as running:
        yield running


def adapter_of(gateway: SmsGatewayServer, token: str = "only for tests") -> SmsAdapter:
    return SmsAdapter(SmsGateway(gateway.url, "澜宁一同", token, step_s=0.5, whole_s=1.0))


def send(adapter: SmsAdapter) -> str:
    with adapter.session() as session:
        return session.send(OUT)


def test_the_gateway_gets_number_text_and_identity(gateway):
    assert send(adapter_of(gateway)) == "R-0"
    assert gateway.taken[OUT.identity] == {
        "to": PHONE,
        "text": "【澜宁一同】澜宁市公安局：少一份材料。10月23日前补交。您申领了居住证。",
        "id": OUT.identity,
    }


def test_the_same_identity_again_is_one_message(gateway):
    assert [send(adapter_of(gateway)) for _ in range(3)] == ["R-0"] * 3
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (400, adapters.Refused),
        (404, adapters.Refused),
        (408, adapters.PutOff),
        (429, adapters.PutOff),
        (500, adapters.Unreachable),
        (503, adapters.Unreachable),
        (302, adapters.Unreachable),
        (403, adapters.NotLetIn),
    ],
)
def test_each_status_has_its_meaning(gateway, status, trouble):
    gateway.status = status
    with pytest.raises(adapters.Trouble) as told:
        send(adapter_of(gateway))
    assert type(told.value) is trouble
    assert PHONE not in repr(told.value)


def test_a_wrong_token_is_no_fault_of_the_message(gateway):
    with pytest.raises(adapters.NotLetIn):
        send(adapter_of(gateway, "wrong"))


def test_a_gateway_that_hangs_lets_us_go(gateway):
    gateway.hangs = True
    began = time.monotonic()
    with pytest.raises(adapters.Uncertain):
        send(adapter_of(gateway))
    assert time.monotonic() - began < 3


def test_nobody_there(gateway):
    adapter = SmsAdapter(SmsGateway("http://127.0.0.1:9", step_s=0.5, whole_s=1.0))
    with pytest.raises(adapters.Unreachable):
        send(adapter)


def test_receipts_say_what_arrived_what_did_not_and_nothing_else(gateway):
    gateway.states = {"R-0": "delivered", "R-1": "failed", "R-2": "pending"}
    asked = {11: "R-0", 12: "R-1", 13: "R-2", 14: "R-9"}
    assert adapter_of(gateway).receipts(asked) == {11: True, 12: False}
    assert PHONE not in repr(OUT)
    assert "only for tests" not in repr(adapter_of(gateway).gateway)
