"""What a set of policies accepts, and in which form it keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import PolicySet
from mfa_lab.iam import PolicyKind, PolicySetError
from tests.iam.policies_of_kinds import (
    ALLOW,
    EXPLICIT,
    S3,
    SQS,
    allow,
    decide,
    deny,
    document,
    names,
    policy,
)


def test_policies_that_stand_in_no_list_of_levels_are_of_one_level() -> None:
    scps = [policy("scp", S3), policy("scp", SQS)]
    decision = decide(PolicySet([policy("identity", allow())], scps=scps))
    assert decision.outcome is ALLOW
    assert [one.policy for one in decision.decided_by] == ["scp/1", "identity/0"]


# fmt: off
REFUSED: list[Any] = [
    # given                                             code                    says
    ({"identity": policy("identity", S3)},              "not_a_list",           "[policy]"),
    ({"identity": [document(S3)]},                      "not_a_policy",         "dict"),
    ({"resource": policy("identity", S3)},              "names_no_principals",  'kind="resource"'),
    ({"rcps": [policy("identity", S3)]},                "names_no_principals",  'kind="rcp"'),
    ({"boundary": policy("resource", names("*"))},      "names_principals",     "“resource”"),
    ({"scps": [[policy("scp", S3)], policy("scp", S3)]}, "not_a_policy",        "list"),
]
# fmt: on


@pytest.mark.parametrize(("given", "code", "says"), REFUSED)
def test_what_cannot_stand_there_is_refused(given: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(PolicySetError) as raised:
        PolicySet(**given)
    assert raised.value.code == code
    assert next(iter(given)) in (raised.value.slot, f"{raised.value.slot}s")
    assert says in str(raised.value)


def test_an_empty_list_is_no_policy() -> None:
    policies = PolicySet([policy("identity", SQS)], boundary=[], scps=[], rcps=[])
    assert policies.kinds == {PolicyKind.IDENTITY}
    assert decide(policies).outcome is ALLOW


A, D = policy("identity", allow()), policy("identity", deny())
SCP = policy("scp", allow()), policy("scp", deny())


@pytest.mark.parametrize("slot", ["identity", "boundary", "scps"])
def test_of_a_generator_no_policy_is_lost(slot: str) -> None:
    several = SCP if slot == "scps" else (D, A)
    for given in (
        (one for one in several),
        map(lambda one: one, several),
        dict(enumerate(several)).values(),
        list(several),
    ):
        policies = PolicySet(**{"identity": [A], slot: given})  # type: ignore[arg-type]
        assert decide(policies).outcome is EXPLICIT
        assert getattr(policies, slot) == several
        assert policies == PolicySet(**{"identity": [A], slot: several})  # type: ignore[arg-type]


def test_levels_that_are_made_one_by_one_are_levels() -> None:
    levels: Any = ((one for one in [each]) for each in SCP)
    policies = PolicySet([A], scps=levels)
    assert policies.scps == tuple((each,) for each in SCP)
    assert policies.scp_levels == 2
    assert decide(policies).outcome is EXPLICIT


def test_a_set_of_lists_is_equal_to_one_of_tuples_and_can_be_hashed() -> None:
    lists = PolicySet([A], boundary=[A], scps=[[SCP[0]]], rcps=[])
    tuples = PolicySet((A,), boundary=(A,), scps=((SCP[0],),), rcps=())
    assert lists == tuples
    assert len({lists, tuples}) == 1


# fmt: off
NO_SLOT: list[Any] = [
    # given                             code            says
    ({"identity": None},                "not_a_list",   "[] for none"),
    ({"identity": 5},                   "not_a_list",   "[policy]"),
    ({"identity": "policy.json"},       "not_a_list",   "[policy]"),
    ({"identity": {"a": A}},            "not_a_list",   "[policy]"),
    ({"identity": [[A], [D]]},          "not_a_policy", "list"),
    ({"identity": ((A,), (D,))},        "not_a_policy", "tuple"),
    ({"boundary": [[A], [D]]},          "not_a_policy", "list"),
    ({"boundary": 5},                   "not_a_list",   "boundary"),
    ({"session": [A, A]},               "not_one",      "session"),
    ({"session": 5},                    "not_a_policy", "int"),
    ({"resource": [policy("resource", names("*"))]}, "not_one", "resource"),
    ({"scps": None},                    "not_a_list",   "[] for none"),
    ({"scps": [[A], A]},                "not_a_policy", "list"),
]
# fmt: on


@pytest.mark.parametrize(("given", "code", "says"), NO_SLOT)
def test_what_is_no_policy_for_a_slot_is_refused(
    given: dict[str, Any], code: str, says: str
) -> None:
    with pytest.raises(PolicySetError) as raised:
        PolicySet(**given)
    assert raised.value.code == code
    assert says in str(raised.value)
