"""How large a policy may be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError

# fmt: off
QUOTAS = [
    # kind      most       white space in texts counts
    ("session", 2_048,     True),
    ("trust",   4_096,     False),
    ("scp",     10_240,    True),
    ("rcp",     5_120,     True),
]
# fmt: on


def of_size(kind: str, characters: int, filling: str = "x") -> str:
    """Return the text of a policy that has so many characters between its brackets' white space."""
    statement: dict[str, Any] = {"Effect": "Deny", "Action": "sts:*"}
    if kind in ("trust", "rcp"):
        statement["Principal"] = {"AWS": "*"}
    if kind != "trust":
        statement["Resource"] = "*"
    statement["Condition"] = {"StringLike": {"aws:userid": ""}}
    bare = json.dumps({"Statement": statement}, separators=(",", ":"))
    statement["Condition"]["StringLike"]["aws:userid"] = filling * (characters - len(bare))
    return json.dumps({"Statement": statement}, indent=8)


@pytest.mark.parametrize(("kind", "most", "counts_white_space"), QUOTAS)
def test_the_largest_policy_and_one_too_large(
    kind: str, most: int, counts_white_space: bool
) -> None:
    assert Policy.parse(of_size(kind, most), kind).kind == kind
    for source in (of_size(kind, most + 1), json.loads(of_size(kind, most + 1))):
        with pytest.raises(PolicyError) as raised:
            Policy.parse(source, kind)
        (mistake,) = raised.value.mistakes
        assert (mistake.code, mistake.pointer) == ("too_large", "")
        for language in ("en", "ja"):
            assert str(most) in mistake.sentence(language)
            assert str(most + 1) in mistake.sentence(language)
    spaces = of_size(kind, most + 1, " ")
    if counts_white_space:
        with pytest.raises(PolicyError):
            Policy.parse(spaces, kind)
    else:
        Policy.parse(spaces, kind)


def test_an_identity_policy_has_a_size_but_no_limit_of_its_own() -> None:
    """AWS's own managed policies are larger than a customer's may be."""
    policy = Policy.parse(of_size("identity", 20_000))
    assert policy.size == 20_000
    assert Policy.parse(of_size("identity", 20_000, " ")).size < 200
