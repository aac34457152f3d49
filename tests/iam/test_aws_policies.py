"""AWS's own managed policies: none of them breaks a rule that AWS is said to have."""

from __future__ import annotations

import json

import pytest

from mfa_lab import Policy


def test_every_managed_policy_of_aws_is_accepted() -> None:
    data = pytest.importorskip("moto.iam.aws_managed_policies").aws_managed_policies_data
    documents = {name: policy["Document"] for name, policy in json.loads(data).items()}
    assert len(documents) > 1_000
    for document in documents.values():
        Policy.parse(document)
        Policy.parse(document, "boundary")
