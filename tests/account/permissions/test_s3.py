"""The permissions that calls to S3 need."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.permissions.stages import (
    BUCKET,
    GRANT,
    INVENTORY,
    OBJECT,
    ON_OBJECT,
    assert_needed,
)

NEEDED = [
    # service, operation, parameters, the permissions that it needs: action and resource
    ("s3", "list_buckets", {}, [("s3:ListAllMyBuckets", "*")]),
    ("s3", "create_bucket", {"Bucket": "b-1"}, [("s3:CreateBucket", "arn:aws:s3:::b-1")]),
    ("s3", "list_objects_v2", {"Bucket": "b-1"}, [("s3:ListBucket", "arn:aws:s3:::b-1")]),
    ("s3", "head_bucket", {"Bucket": "b-1"}, [("s3:ListBucket", "arn:aws:s3:::b-1")]),
    ("s3", "get_object", {"Bucket": "b-1", "Key": "a/b c+é"}, [("s3:GetObject", "arn:aws:s3:::b-1/a/b c+é")]),
    ("s3", "get_object", {"Bucket": "b-1", "Key": "k", "VersionId": "1"}, [("s3:GetObjectVersion", "arn:aws:s3:::b-1/k")]),
    ("s3", "head_object", {"Bucket": "b-1", "Key": "k"}, [("s3:GetObject", "arn:aws:s3:::b-1/k")]),
    ("s3", "put_object", {"Bucket": "b-1", "Key": "k", "Body": b"x"}, [("s3:PutObject", "arn:aws:s3:::b-1/k")]),
    ("s3", "copy_object", {"Bucket": "b-1", "Key": "k", "CopySource": {"Bucket": "b-2", "Key": "j"}}, [("s3:PutObject", "arn:aws:s3:::b-1/k"), ("s3:GetObject", "arn:aws:s3:::b-2/j")]),
    ("s3", "delete_objects", {"Bucket": "b-1", "Delete": {"Objects": [{"Key": "k"}, {"Key": "j"}]}}, [("s3:DeleteObject", "arn:aws:s3:::b-1/k"), ("s3:DeleteObject", "arn:aws:s3:::b-1/j")]),
    ("s3", "get_bucket_encryption", {"Bucket": "b-1"}, [("s3:GetEncryptionConfiguration", "arn:aws:s3:::b-1")]),
    ("s3", "put_object", {**ON_OBJECT, "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT)]),
    ("s3", "put_object", {**ON_OBJECT, **GRANT, "Tagging": "a=b"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT), ("s3:PutObjectTagging", OBJECT)]),
    ("s3", "put_object", {**ON_OBJECT, "ObjectLockLegalHoldStatus": "ON", "ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2030-01-01T00:00:00Z"}, [("s3:PutObject", OBJECT), ("s3:PutObjectLegalHold", OBJECT), ("s3:PutObjectRetention", OBJECT)]),
    ("s3", "create_multipart_upload", {**ON_OBJECT, "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT)]),
    ("s3", "copy_object", {**ON_OBJECT, "CopySource": "b-2/j?versionId=1", "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT), ("s3:GetObjectVersion", "arn:aws:s3:::b-2/j")]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ACL": "public-read"}, [("s3:CreateBucket", BUCKET), ("s3:PutBucketAcl", BUCKET)]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ACL": "private"}, [("s3:CreateBucket", BUCKET)]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ObjectLockEnabledForBucket": True, "ObjectOwnership": "ObjectWriter"}, [("s3:CreateBucket", BUCKET), ("s3:PutBucketObjectLockConfiguration", BUCKET), ("s3:PutBucketVersioning", BUCKET), ("s3:PutBucketOwnershipControls", BUCKET)]),
    ("s3", "get_object_attributes", {**ON_OBJECT, "ObjectAttributes": ["ETag"]}, [("s3:GetObjectAttributes", OBJECT), ("s3:GetObject", OBJECT)]),
    ("s3", "get_object_attributes", {**ON_OBJECT, "VersionId": "1", "ObjectAttributes": ["ETag"]}, [("s3:GetObjectVersionAttributes", OBJECT), ("s3:GetObjectVersion", OBJECT)]),
    ("s3", "delete_object", {**ON_OBJECT, "BypassGovernanceRetention": True}, [("s3:DeleteObject", OBJECT), ("s3:BypassGovernanceRetention", OBJECT)]),
    ("s3", "delete_object_tagging", {**ON_OBJECT, "VersionId": "1"}, [("s3:DeleteObjectVersionTagging", OBJECT)]),
    ("s3", "put_bucket_inventory_configuration", {"Bucket": "b-1", "Id": "i", "InventoryConfiguration": INVENTORY}, [("s3:PutInventoryConfiguration", BUCKET)]),
    ("s3", "list_bucket_inventory_configurations", {"Bucket": "b-1"}, [("s3:GetInventoryConfiguration", BUCKET)]),
    ("s3", "delete_bucket_metrics_configuration", {"Bucket": "b-1", "Id": "i"}, [("s3:PutMetricsConfiguration", BUCKET)]),
    ("s3", "get_bucket_analytics_configuration", {"Bucket": "b-1", "Id": "i"}, [("s3:GetAnalyticsConfiguration", BUCKET)]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "needed"), NEEDED)
def test_what_a_call_needs(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    needed: list[tuple[str, str]],
) -> None:
    assert_needed(account, service, operation, parameters, needed)
