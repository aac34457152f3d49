"""How a service tells a caller that policies, or its own rules, do not let the call through.

Source: data/facts.md, "Access denied messages"; IAM User Guide, "Troubleshoot access denied error
messages".
"""

from __future__ import annotations

from typing import Final

from mfa_lab.account.call.attached_policies import ApplicablePolicies
from mfa_lab.account.fault import Fault
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission
from mfa_lab.analysis.requests.answer import Answer
from mfa_lab.iam.decision import Decision, Outcome
from mfa_lab.iam.service_rules import Refusal

# "one type of policy only is named", in this order. AWS does not say in which.
_NAMED_FIRST: Final = ("scp", "rcp", "identity", "resource", "boundary", "session")
_MISSING: Final = {
    "scp": "no service control policy allows",
    "rcp": "no resource control policy allows",
    "identity": "no identity-based policy allows",
    "resource": "no resource-based policy allows",
    "boundary": "no permissions boundary allows",
    "session": "no session policy allows",
}
_DENYING: Final = {
    "scp": "a service control policy",
    "rcp": "a resource control policy",
    "identity": "an identity-based policy",
    "resource": "a resource-based policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
}
_TRUST: Final = "role trust policy"


def access_denied_fault(
    answer: Answer,
    permission: NeededPermission,
    applicable: ApplicablePolicies,
    operation: Operation,
    *,
    names_policy: bool,
) -> Fault:
    """Return the fault for a call that was not allowed.

    Args:
        answer: What was decided, anything but allowed.
        permission: The action and the resource that it was decided about.
        applicable: The policies, for the ARN of the one that denies.
        operation: The call, for the manner of its service.
        names_policy: Whether the ARN of a managed policy that denies is appended, as AWS has
            done since 2026.
    """
    if answer.refusal is not None:
        return service_refusal_fault(answer.refusal, answer, permission)
    decision = answer.decision
    because = (
        _explain_explicit_deny(decision, applicable, names_policy=names_policy)
        if decision.outcome is Outcome.EXPLICIT_DENY
        else f"because {_explain_no_allow(decision, permission)} the {permission.action} action"
    )
    who = f"User: {answer.caller.arn} is not authorized to perform: {permission.action}"
    resource = permission.shown or permission.resource
    match operation:
        case Operation(service="s3"):
            # Of a call about no bucket in particular, such as ListBuckets, S3 names no resource.
            where = "" if resource == EVERYTHING else f' on resource: "{resource}"'
            return Fault("AccessDenied", f"{who}{where} {because}")
        case Operation(protocol="ec2"):
            where = "" if resource == EVERYTHING else f" on resource: {resource}"
            message = f"You are not authorized to perform this operation. {who}{where} {because}"
            return Fault("UnauthorizedOperation", message)
        case Operation(protocol="rest-json"):
            return Fault("AccessDeniedException", f"{who} on resource: {resource} {because}", 400)
    return Fault("AccessDenied", f"{who} on resource: {resource} {because}")


def service_refusal_fault(refusal: Refusal, answer: Answer, permission: NeededPermission) -> Fault:
    """Return the fault for a call that a rule of the service refuses.

    Where no source shows AWS's words, the code is AccessDenied and the message the ordinary one
    without a reason; AWS's own are not known.
    """
    code = refusal.error_code or "AccessDenied"
    ordinary = f"User: {answer.caller.arn} is not authorized to perform: {permission.action}"
    return Fault(code, refusal.message or ordinary)


def _explain_explicit_deny(
    decision: Decision, applicable: ApplicablePolicies, *, names_policy: bool
) -> str:
    first = decision.decided_by[0].policy
    kind = first.partition("/")[0]
    text = f"with an explicit deny in {_DENYING[kind]}"
    if kind == "resource" and _is_role_call(decision):
        text = f"with an explicit deny in the {_TRUST}"
    arn = applicable.arns.get(first)
    return f"{text}: {arn}" if arn and names_policy else text


def _explain_no_allow(decision: Decision, permission: NeededPermission) -> str:
    kind = next(
        (policy_type for policy_type in _NAMED_FIRST if policy_type in decision.missing), "identity"
    )
    if kind == "resource" and _is_role_call(decision):
        return f"no {_TRUST} allows"
    return _MISSING[kind]


def _is_role_call(decision: Decision) -> bool:
    return decision.request.action.lower().startswith("sts:assumerole")
