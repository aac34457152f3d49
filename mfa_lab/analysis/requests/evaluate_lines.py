"""A request with the policies that decide it, as a line that `mfa-lab evaluate` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request


def evaluate_line(policies: PolicySet, request: Request) -> dict[str, Any]:
    """Return a request and its policies as JSON values.

    Args:
        policies: Who decides.
        request: The request.
    """
    kinds = {
        "identity": policies.identity,
        "boundary": policies.boundary,
        "session": policies.session,
        "scp": policies.scps,
        "rcp": policies.rcps,
        "resource": policies.resource,
    }
    documents = {name: _documents(given) for name, given in kinds.items() if given}
    return {
        "policies": {"identity": [], **documents},
        "request": {
            "action": request.action,
            "resource": request.resource,
            "principal": request.principal,
            "context": dict(request.context),
        },
    }


def _documents(given: Policy | Sequence[Any]) -> Any:
    if isinstance(given, Policy):
        return given.document
    return [_documents(given_value) for given_value in given]
