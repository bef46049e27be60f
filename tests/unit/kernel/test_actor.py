from yitong.kernel.actor import Actor


def test_an_operator_is_named_by_the_machine_s_user():
    assert Actor.operator("root") == Actor("operator:root", kind="operator", assurance=5)


def test_the_node_itself_is_named_by_its_part():
    assert Actor.system("sequencer") == Actor("system:sequencer", kind="system", assurance=5)
