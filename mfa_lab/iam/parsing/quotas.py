"""How large a policy document may be, place by place.

A policy alone does not tell where it will be attached, and AWS's own managed policies are larger
than customers' may be. So reading refuses only what is too large for every place of its kind; the
quota of a place is for whoever attaches the policy.

Source: IAM User Guide, "IAM and AWS STS quotas"; Organizations User Guide, "Quotas for AWS
Organizations", and AWS's notice of May 2026 that service control policies may be twice as large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.iam.parsing import json_text
from mfa_lab.iam.policy_kind import PolicyKind


@dataclass(frozen=True, slots=True)
class Quota:
    """How many characters a document may have in one place.

    Args:
        characters: The most.
        white_space: Whether white space inside texts counts. White space between them is left
            out in any case, since it can be. That IAM also leaves it out inside texts is not
            documented; counting it might refuse what AWS accepts.
    """

    characters: int
    white_space: bool = False

    def size(self, values: Any) -> int | None:
        """Count a document's characters as the quota does; None where it cannot be written."""
        return json_text.size(values, white_space=self.white_space)


CUSTOMER_MANAGED_POLICY: Final = Quota(6_144)
INLINE_POLICIES_OF_USER: Final = Quota(2_048)
INLINE_POLICIES_OF_GROUP: Final = Quota(5_120)
INLINE_POLICIES_OF_ROLE: Final = Quota(10_240)
TRUST_POLICY: Final = Quota(2_048)
LARGEST_TRUST_POLICY: Final = Quota(4_096)
SESSION_POLICY: Final = Quota(2_048, white_space=True)
SERVICE_CONTROL_POLICY: Final = Quota(10_240, white_space=True)
RESOURCE_CONTROL_POLICY: Final = Quota(5_120, white_space=True)

LARGEST: Final = {
    PolicyKind.SESSION: SESSION_POLICY,
    PolicyKind.TRUST: LARGEST_TRUST_POLICY,
    PolicyKind.SCP: SERVICE_CONTROL_POLICY,
    PolicyKind.RCP: RESOURCE_CONTROL_POLICY,
}
"""By kind of policy, the largest of the quotas of its places."""
