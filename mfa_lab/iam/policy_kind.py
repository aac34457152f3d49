"""The kinds of policy that apply to a request, in the order in which AWS evaluates them."""

from __future__ import annotations

import enum


class PolicyKind(enum.StrEnum):
    """A kind of policy; its value is its name in `missing` and for `mfa-lab evaluate`.

    A trust policy is the resource policy of a role, and decides as one. It is a kind of its own
    because it is written differently: it names no resource, since it is about its role.

    Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny
    access".
    """

    RCP = "rcp"
    SCP = "scp"
    RESOURCE = "resource"
    TRUST = "trust"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"

    @property
    def names_principals(self) -> bool:
        """Whether its statements have a Principal."""
        return self in (PolicyKind.RCP, PolicyKind.RESOURCE, PolicyKind.TRUST)

    @property
    def names_resources(self) -> bool:
        """Whether its statements have a Resource."""
        return self is not PolicyKind.TRUST

    @property
    def is_of_iam(self) -> bool:
        """Whether IAM or STS keeps it, whose rules on characters and Sids it then follows."""
        return self.is_attached_to_identities or self is PolicyKind.TRUST

    @property
    def is_attached_to_identities(self) -> bool:
        """Whether it is attached to users and roles themselves, and so has no Id."""
        return self in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION)
