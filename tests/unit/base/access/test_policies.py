import re
from pathlib import Path

import pytest

import yitong
from yitong.base.access.cedar import FOLDER, PolicyBook, PolicyFault, policy_book, read_policies
from yitong.base.access.reasons import ACTIONS, REASONS

GOOD = '@id("catalogue.read")\npermit (principal is Actor, action == Action::"catalogue.read", resource is Thing);\n'


def test_every_policy_has_its_sentence_and_every_sentence_its_policy():
    assert {policy.name for policy in policy_book().policies} == set(REASONS)


def test_every_action_is_allowed_to_somebody():
    permitted = [policy.actions or set() for policy in policy_book().policies if policy.permits]
    assert set().union(*permitted) == set(ACTIONS)


def test_no_policy_permits_every_action():
    assert all(policy.actions for policy in policy_book().policies if policy.permits)


def test_every_action_that_code_asks_for_is_known():
    asked = {
        found
        for file in Path(yitong.__file__).parent.rglob("*.py")
        for found in re.findall(
            r'\b(?:require|allows)\([^")]*"([a-z_]+\.[a-z_]+)"', file.read_text()
        )
    }
    assert asked <= set(ACTIONS)


def test_slices_stay_small_enough_to_be_quick():
    """Cedar looks at every policy of a set."""
    book = policy_book()
    assert max(sum(policy.concerns(action) for policy in book.policies) for action in ACTIONS) <= 20


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("\n\npermit(principal action, resource);", 3, "action"),
        (
            GOOD
            + '\n@id("catalogue.retire")\npermit(principal,\n  action, resource) when { 1 + };',
            6,
            "}",
        ),
        (GOOD + "permit(principal, action, resource)", 3, "unexpected end"),
        ("// no id\npermit(principal, action, resource);", 1, "@id"),
        ("\n" + GOOD.replace('read", r', 'raed", r'), 2, "raed"),
        ("\n" + GOOD.replace(";", '\nwhen { principal.agancy == "" };'), 2, "agancy"),
        (GOOD.replace(";", '\nwhen { principal.assurance == "3" };'), 1, "Long and String"),
    ],
)
def test_a_faulty_policy_is_named_by_file_and_line(tmp_path, text, line, fault):
    file = tmp_path / "faulty.cedar"
    file.write_text(text)
    with pytest.raises(PolicyFault, match=re.escape(f"{file}:{line}:")) as refused:
        read_policies(file)
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("second", "fault"),
    [(GOOD, "两次"), (GOOD.replace('catalogue.read")\n', 'made.up")\n'), "made.up")],
)
def test_ids_are_unique_and_known(tmp_path, second, fault):
    (tmp_path / "a.cedar").write_text(GOOD)
    (tmp_path / "b.cedar").write_text(second)
    with pytest.raises(PolicyFault, match=fault) as refused:
        PolicyBook(tmp_path)
    assert refused.value.file.name == "b.cedar"


def test_every_policy_file_says_what_it_is_for():
    assert all(file.read_text().startswith("// ") for file in FOLDER.glob("*.cedar"))
