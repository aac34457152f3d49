"""Principal and NotPrincipal: what is refused, where, and in which words."""

from __future__ import annotations

import pytest

from tests.iam.parsing.marked_policy import (
    REST,
    REST_OF_RCP,
    REST_OF_TRUST,
    assert_in_kind,
    assert_in_statement,
)

# fmt: off
IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("principal_in_identity_policy", f'{REST},\n§"Principal": "*"', "/Principal",
        ["Principal", "identity-based policy", "attached to"]),
    ("principal_in_identity_policy", f'§"NotPrincipal": "*", {REST}', "/NotPrincipal",
        ["NotPrincipal"]),
]

IN_OTHER_KINDS = [
    # code, kind, what stands in the statement's braces, pointer from the statement, words
    ("neither_form", "resource", REST, "",
        ["neither Principal nor NotPrincipal"]),
    ("both_forms", "resource", f'{REST}, "Principal": "*", §"NotPrincipal": "*"', "/NotPrincipal",
        ["both Principal and NotPrincipal"]),
    ("not_principal_allows", "resource", f'{REST}, §"NotPrincipal": "*"', "/NotPrincipal",
        ["NotPrincipal", "“Allow”"]),
    ("not_principal_here", "trust", f'§"NotPrincipal": {{"AWS": "*"}}, {REST_OF_TRUST}'.replace("Allow", "Deny"),
        "/NotPrincipal", ["“trust”", "aws:PrincipalArn"]),
    ("not_principal_here", "rcp", REST_OF_RCP.replace('"Pr', '§"NotPr'), "/NotPrincipal",
        ["“rcp”"]),
    ("principal_not_an_object", "resource", f'{REST}, §"Principal": "alice"', "/Principal",
        ["“*”", "text"]),
    ("principal_not_an_object", "resource", f'{REST}, §"Principal": ["*"]', "/Principal",
        ["list"]),
    ("unknown_principal_type", "resource", f'{REST}, "Principal": {{§"Aws": "123456789012"}}', "/Principal/Aws",
        ["“Aws”", "Did you mean “AWS”?", "Service, "]),
    ("empty_principal", "trust", f'{REST_OF_TRUST}, §"Principal": {{}}', "/Principal",
        ["Principal names nobody"]),
    ("empty_principal", "resource", f'{REST}, "Principal": {{§"Service": ""}}', "/Principal/Service",
        ["Service names nobody"]),
    ("group_as_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"AWS": "arn:aws:iam::123456789012:group/g"}}',
        "/Principal/AWS", ["“arn:aws:iam::123456789012:group/g”", "group"]),
    ("malformed_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"AWS": "arn:aws:iam::123456789012:users/a"}}',
        "/Principal/AWS", ["users/a”"]),
    ("empty_principals", "resource", f'{REST}, "Principal": {{§"AWS": []}}', "/Principal/AWS",
        ["AWS is an empty list"]),
    ("not_text", "resource", f'{REST}, "Principal": {{§"AWS": 123456789012}}', "/Principal/AWS",
        ["quotation marks", "number"]),
    ("wildcard_in_principal", "resource", f'{REST}, "Principal": {{"AWS": ["*", §"arn:aws:iam::1:user/*"]}}',
        "/Principal/AWS/1", ["“arn:aws:iam::1:user/*”", "aws:PrincipalArn"]),
    ("wildcard_in_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"Service": "*"}}', "/Principal/Service",
        ["“*”"]),
    ("malformed_principal", "resource", f'{REST}, "Principal": {{§"AWS": "alice"}}', "/Principal/AWS",
        ["“alice”", "12 digits"]),
    ("malformed_principal", "resource", f'{REST}, "Principal": {{§"AWS": "arn:aws:s3:::b"}}', "/Principal/AWS",
        ["“arn:aws:s3:::b”"]),
    ("everyone_in_trust_policy", "trust", f'{REST_OF_TRUST}, §"Principal": "*"', "/Principal",
        ["“*” alone", '{"AWS": "*"}']),
    ("principal_in_scp", "scp", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal", "aws:PrincipalArn"]),
    ("principal_in_scp", "scp", f'{REST}, §"NotPrincipal": "*"', "/NotPrincipal",
        ["NotPrincipal"]),
    ("principal_in_identity_policy", "boundary", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal"]),
    ("principal_in_identity_policy", "session", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal"]),
    ("principal_in_rcp", "rcp", REST_OF_RCP.replace('"Principal": "*"', '§"Principal": {"AWS": "123456789012"}'),
        "/Principal", ["“*”", "aws:PrincipalArn"]),
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_statement(code, marked, pointer, words)


@pytest.mark.parametrize(("code", "kind", "marked", "pointer", "words"), IN_OTHER_KINDS)
def test_a_mistake_in_another_kind_of_policy(
    code: str, kind: str, marked: str, pointer: str, words: list[str]
) -> None:
    assert_in_kind(code, kind, marked, pointer, words)
