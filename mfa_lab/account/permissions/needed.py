"""The permissions that a call needs: IAM actions, and the ARN for each.

Each service has a file, which says what it asks as `*`. What is not derived is asked about as `*`,
which only policies with the resource `*` match: a narrower Allow does not let such a call through,
and a Deny that names resources does not meet it.

Besides the action of its own name, a call needs those that the service authorization reference
has as its dependent actions where its parameters ask for them: tags, roles that are passed, ACLs.
Not asked are those on resources that a call does not name, such as the KMS key of a bucket.

Source: service authorization reference; data/facts.md, "Actions and resources" and "Access denied
messages".
"""

from __future__ import annotations

from collections.abc import Iterator

from mfa_lab.account.moto_state.state import MotoState
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.ec2 import ec2_permissions
from mfa_lab.account.permissions.iam import iam_permissions
from mfa_lab.account.permissions.needed_permission import NeededPermission
from mfa_lab.account.permissions.passed_roles import passed_roles
from mfa_lab.account.permissions.s3 import s3_permissions
from mfa_lab.account.permissions.sts import sts_permissions


def needed_permissions(
    state: MotoState, operation: Operation, caller_name: str | None, region: str
) -> list[NeededPermission]:
    """Return the actions and resources for which a call needs permission, at least one.

    Args:
        state: Where paths, aliases and what else a name stands for are looked up.
        operation: The call.
        caller_name: Name of the calling user, which IAM takes where a call names none.
        region: Region of the call.
    """
    own = list(_of_service(state, operation, caller_name, region))
    if not own:  # a list in the call is empty, such as that of the resources to tag
        own = [NeededPermission(f"{operation.signing_name}:{operation.name}")]
    return own + list(passed_roles(state, operation, region))


def _of_service(
    state: MotoState, operation: Operation, caller_name: str | None, region: str
) -> Iterator[NeededPermission]:
    match operation.service:
        case "iam":
            return iam_permissions(state, operation, caller_name)
        case "sts":
            return sts_permissions(operation)
        case "s3":
            return s3_permissions(operation)
    return ec2_permissions(operation, region)
