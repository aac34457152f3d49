"""The words that cases are drawn from: actions, ARNs, context keys, operators and values."""

from __future__ import annotations

# fmt: off
OWN, FOREIGN = "111122223333", "444455556666"

ACTIONS = (
    *("iam:ListUsers", "iam:GetUser", "iam:ChangePassword", "iam:CreateAccessKey"),
    *("iam:EnableMFADevice", "iam:ListVirtualMFADevices", "s3:GetObject", "s3:PutObject"),
    *("ec2:DescribeInstances", "kms:Decrypt", "sts:AssumeRole", "sts:AssumeRoleWithSAML"),
)
NO_PERMISSION_NEEDED = ("sts:GetCallerIdentity", "STS:getsessiontoken")

RESOURCES = (
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/path/bob"),
    *(f"arn:aws:iam::{OWN}:mfa/alice", f"arn:aws:iam::{OWN}:role/admin"),
    *("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/alice/key", "arn:aws:s3:::bucket/a:b"),
    *(f"arn:aws:kms:eu-west-1:{OWN}:key/1234", f"arn:aws:kms:eu-west-1:{FOREIGN}:key/1234"),
    *(f"arn:aws:iam::{FOREIGN}:role/admin", f"arn:aws:sqs:eu-west-1:{FOREIGN}:queue", "*"),
)

SESSIONS = (
    *(f"arn:aws:sts::{OWN}:assumed-role/admin/alice", f"arn:aws:sts::{OWN}:assumed-role/auditor/x"),
    f"arn:aws:sts::{FOREIGN}:assumed-role/admin/alice",
)
SERVICE_LINKED = f"arn:aws:iam::{OWN}:role/aws-service-role/support.amazonaws.com/admin"
ROLES = (
    *(f"arn:aws:iam::{OWN}:role/admin", f"arn:aws:iam::{OWN}:role/path/auditor"),
    f"arn:aws:iam::{FOREIGN}:role/admin",
    SERVICE_LINKED,
)
USERS = (
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/path/bob"),
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{FOREIGN}:user/alice"),
)
FEDERATED_USERS = (f"arn:aws:sts::{OWN}:federated-user/alice",)
ROOTS = (f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{FOREIGN}:root")
SERVICES = ("ec2.amazonaws.com", "lambda.amazonaws.com")
PROVIDERS = (f"arn:aws:iam::{OWN}:saml-provider/corporate", "accounts.google.com")
ANONYMOUS = ("*", "anonymous")
CANONICAL_USER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"

# How often each sort of principal asks.
PRINCIPALS = (
    *((USERS, 42), (SESSIONS, 24), (ROLES, 6), (FEDERATED_USERS, 8), (ROOTS, 7)),
    *((SERVICES, 6), (PROVIDERS, 3), (ANONYMOUS, 4)),
)

KEYS = {
    "String": ("aws:username", "aws:PrincipalTag/team", "aws:PrincipalTag/Cost Center", "s3:prefix"),
    "Numeric": ("aws:MultiFactorAuthAge", "s3:max-keys"),
    "Date": ("aws:CurrentTime", "aws:EpochTime"),
    "Bool": ("aws:MultiFactorAuthPresent", "aws:SecureTransport"),
    "Binary": ("example:Blob",),
    "Ip": ("aws:SourceIp", "aws:VpcSourceIp"),
    "Arn": ("aws:PrincipalArn", "aws:SourceArn"),
}
OF_MANY_VALUES = ("aws:TagKeys", "dynamodb:Attributes")

OPERATORS = {
    "String": (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"),
        *("StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
    ),
    "Numeric": (
        *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
        *("NumericGreaterThan", "NumericGreaterThanEquals"),
    ),
    "Date": (
        *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"),
        *("DateGreaterThan", "DateGreaterThanEquals"),
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
}

# How often each kind of operator stands in a condition.
OPERATOR_KINDS = (
    *(("String", 40), ("Numeric", 13), ("Date", 14), ("Bool", 8), ("Binary", 4), ("Ip", 10)),
    ("Arn", 11),
)

VARIABLES = (
    *("${aws:username}", "${AWS:UserName}", "${ aws:username }", "${aws:PrincipalTag/team}"),
    *("${aws:username, 'nobody'}", "${aws:PrincipalTag/team, ''}", "${aws:TagKeys, 'many*'}"),
    "${aws:MultiFactorAuthPresent}",
    *("${aws:PrincipalTag/Cost Center}", "${s3:prefix}", "${aws:TagKeys}", "${*}", "${?}", "${$}"),
)
# What begins like a variable, and is none.
NO_VARIABLES = ("${", "${}", "$", "${aws:username", "$aws:username", "{aws:username}", "${'x'}")
NAMES = (
    *("alice", "Alice", "bob", "team", "a*e", "al?ce", "", "é", "É", "ß", "a\nb", "x/y", "x:y", "$"),
    *("a.b", "a[b]", "a\\b", "(a|b)+", "^a$", "a b", "***", "*?*", "ÿ"),
)
# What a request may hold, but no policy.
FOREIGN_NAMES = ("K", "İ", "ſ", "名前", "😀", "\u2028", "\0")

# What a value of each kind of operator may look like, and what only looks so.
VALUES: dict[str, tuple[str, ...]] = {
    "Numeric": (
        *("5", "5.0", "05", "+5", "-5", "5.", ".5", "0.5", "-0", "0", "3600", "3600.0001"),
        *("12345678901234567890123", "12345678901234567890124", "1e3", "five", "", "5 ", "٣", "1_0"),
    ),
    "Date": (
        *("2024", "2024-01", "2024-01-01", "2024-01-01T00:00Z", "2024-01-01T00:00:00Z"),
        *("2024-01-01T00:00:00.0Z", "2024-01-01T00:00:00.001Z", "2024-01-01T01:00:00+01:00"),
        *("2024-01-01T01:00+0100", "2023-12-31T18:30:00-05:30", "2024-01-01T00:00:00"),
        *("1704067200", "1704067200.5", "1704067201", "2023-02-29", "2024-02-29", "2024-13-01"),
        *("2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01 00:00:00Z", "0000", "0"),
        *("20240101", "2024-01-01T00Z", "today", "", "2024-01-01Z", "-1", "2024-1-1"),
        *("2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60", "٢٠٢٤", "9999-12-31T23:59:59Z"),
        *("2024-01-01t00:00:00z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ),
    "Bool": ("true", "false", "True", "FALSE", "yes", "0", "", "true "),
    "Binary": ("YWxpY2U=", "YWxpY2U", "Ym9i", "YW\nxpY2U=", "", "YWxpY2V=", "-_-_", "+/+/", "Y==="),
    "Ip": (
        *("203.0.113.5", "203.0.113.0/24", "203.0.113.77/24", "203.0.113.5/32", "0.0.0.0/0"),
        *("2001:db8::1", "2001:DB8::/32", "2001:0db8:0:0::1/128", "::/0", "::ffff:203.0.113.5"),
        *("203.0.113.256", "203.0.113.0/33", "203.0.113.0/255.255.255.0", "203.0.113", "here", ""),
        *("203.000.113.005", "203.0.113.5/", "fe80::1%eth0", " 203.0.113.5", "203.0.113.0/024"),
    ),
    "Arn": (
        *(*ROLES, *USERS, *SESSIONS, *RESOURCES, "arn:aws:iam::*", "arn:*", "arn:aws:iam", ""),
        *("arn:aws:sns:*:111122223333:topic*", "arn:aws:iam::1111?2223333:user/*", "alice"),
        *("arn:aws:iam::*:*", "arn:aws:*:*:*:*", "*:*:*:*:*:*", "a*", "ARN:aws:iam::*:user/alice"),
    ),
}
# What IAM refuses where a date must be; other services are not known to.
NO_DATES = frozenset({
    "", "today", "2024-13-01", "2024-01-01 00:00:00Z", "2024-01-01Z", "2024-01-01T00:00:00+24:00",
    "2024-01-01T00:00:00+00:60",
})
# fmt: on
