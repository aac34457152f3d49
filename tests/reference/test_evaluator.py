"""Small tables of cases for the reference itself: what each kind of policy can do.

Source of each: IAM User Guide, "Policy evaluation logic", and the pages that the tests name.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference.evaluator import decide

A, B = "111122223333", "444455556666"
USER = f"arn:aws:iam::{A}:user/alice"
ROLE = f"arn:aws:iam::{A}:role/admin"
SESSION = f"arn:aws:sts::{A}:assumed-role/admin/alice"
FEDERATED = f"arn:aws:sts::{A}:federated-user/alice"
ROOT = f"arn:aws:iam::{A}:root"
SERVICE = "ec2.amazonaws.com"

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}
OF_OTHERS = {"Effect": "Allow", "Action": "other:*", "Resource": "*"}

Policies = dict[str, Any]


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allowing(principal: Any) -> dict[str, Any]:
    return policy({**ALLOW, "Principal": principal})


def aws(*names: str) -> dict[str, Any]:
    return {"AWS": list(names)}


def answer(
    policies: Policies, principal: str = USER, action: str = "s3:GetObject", **request: Any
) -> str:
    """The outcome, and what is missing behind it."""
    asked = {"action": action, "resource": "arn:aws:s3:::bucket/key", "principal": principal}
    decision = decide(policies, {**asked, "context": {}, **request})
    return " ".join([decision["outcome"], *decision["missing"]])


YES = "allow"
NO = "implicit_deny"
DENIED = "explicit_deny"
FULL = policy(ALLOW)
NOTHING = policy(OF_OTHERS)


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({"identity": []}, f"{NO} identity"),
        ({"identity": [NOTHING, FULL]}, YES),
        ({"identity": [FULL, policy(DENY)]}, DENIED),
        # A boundary limits and grants nothing.
        ({"identity": [FULL], "boundary": FULL}, YES),
        ({"identity": [FULL], "boundary": NOTHING}, f"{NO} boundary"),
        ({"identity": [], "boundary": FULL}, f"{NO} identity"),
        ({"identity": [], "boundary": NOTHING}, f"{NO} identity boundary"),
        ({"identity": [FULL], "boundary": policy(ALLOW, DENY)}, DENIED),
        ({"identity": [FULL], "boundary": [NOTHING, FULL]}, YES),
        ({"identity": [FULL], "boundary": []}, YES),
        ({"identity": [FULL], "boundary": None}, YES),
        # A session policy likewise.
        ({"identity": [FULL], "session": NOTHING}, f"{NO} session"),
        ({"identity": [], "session": FULL}, f"{NO} identity"),
        # Every level of the organization must allow.
        ({"identity": [FULL], "scp": []}, YES),
        ({"identity": [FULL], "scp": [FULL]}, YES),
        ({"identity": [FULL], "scp": [NOTHING]}, f"{NO} scp"),
        ({"identity": [FULL], "scp": [NOTHING, FULL]}, YES),
        ({"identity": [FULL], "scp": [[NOTHING], [FULL]]}, f"{NO} scp"),
        ({"identity": [FULL], "scp": [[FULL], [FULL, NOTHING]]}, YES),
        ({"identity": [FULL], "scp": [[FULL], []]}, f"{NO} scp"),
        ({"identity": [FULL], "scp": [[FULL], [FULL, policy(DENY)]]}, DENIED),
        ({"identity": [], "scp": [FULL]}, f"{NO} identity"),
        # A resource control policy only denies: what allows everything is always there.
        ({"identity": [FULL], "rcp": [policy({**OF_OTHERS, "Principal": "*"})]}, YES),
        ({"identity": [FULL], "rcp": [policy({**DENY, "Principal": "*"})]}, DENIED),
        ({"identity": [FULL], "rcp": [[], [policy({**DENY, "Principal": "*"})]]}, DENIED),
    ],
)
def test_what_limits_a_user(policies: Policies, expected: str) -> None:
    assert answer(policies) == expected


@pytest.mark.parametrize(
    ("principal", "names", "by_resource_alone", "with_boundary", "with_session_policy"),
    [
        (USER, "*", YES, YES, YES),
        (USER, aws("*"), YES, YES, YES),
        (USER, aws(USER), YES, YES, YES),
        (USER, aws(B, USER), YES, YES, YES),
        (USER, aws(A), f"{NO} identity", f"{NO} identity boundary", f"{NO} identity session"),
        (USER, aws(ROOT), f"{NO} identity", f"{NO} identity boundary", f"{NO} identity session"),
        (SESSION, aws(SESSION), YES, YES, YES),
        (SESSION, aws(ROLE), YES, f"{NO} boundary", f"{NO} session"),
        (SESSION, aws(ROLE, SESSION), YES, YES, YES),
        (SESSION, aws(A), f"{NO} identity", f"{NO} identity boundary", f"{NO} identity session"),
        (ROLE, aws(ROLE), YES, f"{NO} boundary", f"{NO} session"),
        (FEDERATED, aws(FEDERATED), YES, YES, YES),
        (FEDERATED, "*", YES, YES, YES),
        (ROOT, aws(B), YES, YES, YES),
    ],
)
def test_what_a_resources_policy_grants_in_its_own_account(
    principal: str,
    names: Any,
    by_resource_alone: str,
    with_boundary: str,
    with_session_policy: str,
) -> None:
    """Who is named itself needs nothing else; a role is limited by boundary and session policy."""
    given = {"identity": [], "resource": allowing(names)}
    assert answer(given, principal) == by_resource_alone
    assert answer({**given, "boundary": NOTHING}, principal) == with_boundary
    assert answer({**given, "session": NOTHING}, principal) == with_session_policy


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({"identity": [FULL], "resource": allowing(aws(USER))}, YES),
        ({"identity": [FULL], "resource": allowing(aws(A))}, YES),
        ({"identity": [FULL], "resource": allowing("*")}, YES),
        ({"identity": [FULL]}, f"{NO} resource"),
        ({"identity": [FULL], "resource": allowing(aws(B))}, f"{NO} resource"),
        ({"identity": [], "resource": allowing(aws(USER))}, f"{NO} identity"),
        ({"identity": [], "resource": allowing(aws(B))}, f"{NO} resource identity"),
        # Across accounts, to be named lifts no limit.
        (
            {"identity": [FULL], "resource": allowing(aws(USER)), "boundary": NOTHING},
            f"{NO} boundary",
        ),
        (
            {"identity": [FULL], "resource": allowing(aws(USER)), "session": NOTHING},
            f"{NO} session",
        ),
    ],
)
def test_across_accounts_both_must_allow(policies: Policies, expected: str) -> None:
    assert answer(policies, context={"aws:ResourceAccount": B}) == expected
    assert answer(policies, resource=f"arn:aws:sqs:eu-west-1:{B}:queue") == expected


@pytest.mark.parametrize(
    ("action", "identity", "names", "principal", "expected"),
    [
        ("kms:Decrypt", [FULL], aws(USER), USER, YES),
        ("kms:Decrypt", [], aws(USER), USER, YES),
        ("kms:Decrypt", [FULL], aws(A), USER, YES),
        ("kms:Decrypt", [], aws(A), USER, f"{NO} identity"),
        ("kms:Decrypt", [FULL], aws(B), USER, f"{NO} resource"),
        ("kms:Decrypt", [FULL], aws(B), ROOT, f"{NO} resource"),
        ("kms:Decrypt", [], aws(A), ROOT, YES),
        ("STS:assumerole", [FULL], aws(B), USER, f"{NO} resource"),
        ("sts:AssumeRoleWithSAML", [FULL], aws(B), USER, f"{NO} resource"),
        ("sts:TagSession", [FULL], aws(B), USER, YES),
    ],
)
def test_a_key_policy_and_a_trust_policy_must_allow(
    action: str, identity: list[Any], names: Any, principal: str, expected: str
) -> None:
    policies = {"identity": identity, "resource": allowing(names)}
    assert answer(policies, principal, action) == expected


def test_without_a_resources_policy_the_identitys_is_enough() -> None:
    assert answer({"identity": [FULL]}, USER, "kms:Decrypt") == YES


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({"identity": []}, YES),
        ({"identity": [policy(DENY)], "boundary": NOTHING, "session": NOTHING}, YES),
        ({"identity": [], "scp": [NOTHING]}, f"{NO} scp"),
        ({"identity": [], "scp": [policy(ALLOW, DENY)]}, DENIED),
        ({"identity": [], "resource": policy({**DENY, "Principal": aws(A)})}, DENIED),
    ],
)
def test_the_root_user_is_stopped_by_its_organization_and_by_resources(
    policies: Policies, expected: str
) -> None:
    assert answer(policies, ROOT) == expected


def test_the_root_user_elsewhere_needs_the_resources_policy_alone() -> None:
    elsewhere: dict[str, Any] = {"context": {"aws:ResourceAccount": B}}
    assert answer({"identity": []}, ROOT, **elsewhere) == f"{NO} resource"
    assert answer({"identity": [], "resource": allowing(aws(A))}, ROOT, **elsewhere) == YES


@pytest.mark.parametrize(
    ("principal", "names", "expected"),
    [
        (SERVICE, {"Service": SERVICE}, YES),
        (SERVICE, {"Service": ["lambda.amazonaws.com", SERVICE]}, YES),
        (SERVICE, "*", YES),
        (SERVICE, aws("*"), YES),
        (SERVICE, aws(A), f"{NO} resource"),
        ("*", "*", YES),
        ("anonymous", aws("*"), YES),
        ("anonymous", aws(A), f"{NO} resource"),
        (
            f"arn:aws:iam::{A}:saml-provider/x",
            {"Federated": f"arn:aws:iam::{A}:saml-provider/x"},
            YES,
        ),
        (f"arn:aws:iam::{A}:saml-provider/x", aws(A), f"{NO} resource"),
    ],
)
def test_others_are_subject_to_the_resources_policies_alone(
    principal: str, names: Any, expected: str
) -> None:
    beside = {"identity": [policy(DENY)], "boundary": NOTHING, "scp": [policy(DENY)]}
    assert answer({**beside, "resource": allowing(names)}, principal) == expected
    denying = [policy({**DENY, "Principal": "*"})]
    assert answer({**beside, "resource": allowing(names), "rcp": denying}, principal) == DENIED


@pytest.mark.parametrize(
    ("resource", "session", "expected"),
    [
        (None, None, f"{NO} session"),
        (None, FULL, YES),
        (allowing(aws(A)), None, f"{NO} session"),
        (allowing(aws(USER)), None, f"{NO} session"),
        (allowing(aws(FEDERATED)), None, YES),
        (allowing("*"), None, YES),
    ],
)
def test_a_federated_user_without_a_session_policy_has_nothing(
    resource: Any, session: Any, expected: str
) -> None:
    policies = {"identity": [FULL], "resource": resource, "session": session}
    assert answer(policies, FEDERATED) == expected


@pytest.mark.parametrize(
    ("principal", "listed", "expected"),
    [
        (USER, aws(USER), DENIED),
        (USER, aws(A), DENIED),
        (USER, aws(USER, A), YES),
        (USER, aws(USER, ROOT), YES),
        (USER, "*", YES),
        (SESSION, aws(SESSION, A), DENIED),
        (SESSION, aws(ROLE, A), DENIED),
        (SESSION, aws(SESSION, ROLE), DENIED),
        (SESSION, aws(SESSION, ROLE, A), YES),
        (ROOT, aws(A), YES),
        (ROOT, aws(B), DENIED),
        (SERVICE, {"Service": SERVICE}, YES),
        (SERVICE, aws(A), DENIED),
    ],
)
def test_not_principal_excepts_who_is_listed_with_account_and_role(
    principal: str, listed: Any, expected: str
) -> None:
    denying = {**DENY, "NotPrincipal": listed}
    policies = {"identity": [FULL], "resource": policy(denying, {**ALLOW, "Principal": "*"})}
    assert answer(policies, principal) == expected


@pytest.mark.parametrize("principal", [USER, SESSION])
def test_not_principal_excepts_nobody_with_a_boundary(principal: str) -> None:
    denying = {**DENY, "NotPrincipal": aws(principal, ROLE, A)}
    policies = {"identity": [FULL], "resource": policy(denying)}
    assert answer(policies, principal) == YES
    assert answer({**policies, "boundary": FULL}, principal) == DENIED


def test_a_role_with_a_path_is_known_from_the_context() -> None:
    role = f"arn:aws:iam::{A}:role/path/admin"
    policies = {"identity": [], "resource": allowing(aws(role))}
    assert answer(policies, SESSION) == f"{NO} resource identity"
    assert answer(policies, SESSION, context={"aws:PrincipalArn": role}) == YES
    assert (
        answer(policies, SESSION, context={"aws:PrincipalArn": USER}) == f"{NO} resource identity"
    )


def test_the_name_of_a_role_and_of_a_user_is_compared_with_case() -> None:
    assert answer({"identity": [], "resource": allowing(aws(USER.upper()))}) == (
        f"{NO} resource identity"
    )


def test_unique_ids_name_nobody() -> None:
    policies = {"identity": [FULL], "resource": policy({**DENY, "Principal": aws("AIDAEXAMPLE")})}
    assert answer(policies) == YES


@pytest.mark.parametrize("action", ["sts:GetCallerIdentity", "STS:getsessiontoken"])
def test_two_actions_ask_no_permission(action: str) -> None:
    denied_everywhere = {"identity": [policy(DENY)], "scp": [policy(DENY)]}
    assert answer(denied_everywhere, action=action) == YES


def test_what_decided_is_named_in_the_order_of_kinds() -> None:
    everywhere: Policies = {
        "session": FULL,
        "boundary": [NOTHING, FULL],
        "identity": [NOTHING, policy(OF_OTHERS, ALLOW)],
        "resource": allowing(aws(A)),
        "scp": [[NOTHING, FULL], [FULL]],
        "rcp": [[], [policy({**ALLOW, "Principal": "*"})]],
    }
    request = {"action": "s3:GetObject", "resource": "*", "principal": USER, "context": {}}
    assert [tuple(one.values()) for one in decide(everywhere, request)["decided_by"]] == [
        ("rcp/1/0", 0),
        ("scp/0/1", 0),
        ("scp/1/0", 0),
        ("resource", 0),
        ("identity/1", 1),
        ("boundary/1", 0),
        ("session", 0),
    ]


def test_every_deny_is_named_and_no_allow() -> None:
    policies = {"identity": [policy(ALLOW, DENY), policy(DENY)], "scp": [policy(ALLOW, DENY)]}
    request = {"action": "s3:GetObject", "resource": "*", "principal": USER, "context": {}}
    assert decide(policies, request)["decided_by"] == [
        {"policy": "scp/0", "statement": 1},
        {"policy": "identity/0", "statement": 1},
        {"policy": "identity/1", "statement": 0},
    ]
