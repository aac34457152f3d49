"""Session policies, as AssumeRole and GetFederationToken are given them.

Source: IAM User Guide, "Session policies"; AWS STS API Reference.
"""

from __future__ import annotations

from typing import Any, Final

from mfa_lab.account.call.attached_policies import parse_document
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import MotoState
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy_kind import PolicyKind

_LONGEST: Final = 2_048


def read_session_policies(state: MotoState, parameters: dict[str, Any]) -> tuple[str, ...]:
    """Return the documents of the session policies that a call passes.

    Raises:
        Fault: One cannot be read, is too long, or does not exist.
    """
    documents = []
    inline = parameters.get("Policy")
    if inline:
        if len(inline) > _LONGEST:
            message = f"Policy exceeds the size limit of {_LONGEST} characters"
            raise Fault("PackedPolicyTooLarge", message, 400)
        documents.append(inline)
    for named in parameters.get("PolicyArns") or ():
        policy = state.policy(str(named.get("arn")))
        if policy is None:
            raise Fault("MalformedPolicyDocument", "Policy ARN is not valid", 400)
        documents.append(lookups.default_document(policy))
    for document in documents:
        try:
            parse_document(document, PolicyKind.SESSION)
        except PolicyError:
            message = "This policy contains invalid Json"
            raise Fault("MalformedPolicyDocument", message, 400) from None
    return tuple(documents)
