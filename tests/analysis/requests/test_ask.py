"""One question to some policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.table import UnknownActionError
from mfa_lab.iam.credentials import KINDS
from mfa_lab.iam.service_rules import ServiceRules

POLICIES = Path(__file__).resolve().parents[3] / "data" / "policies"
ARTICLE = PolicySet([Policy.parse((POLICIES / "2021-05-13_article.json").read_text("utf-8"))])
WITH_DEVICE = ServiceRules(has_device=True)

# fmt: off
ANSWERS = [
    # kind                  action                  rules           face
    ("access_key",          "iam:ChangePassword",   None,           Face.EXPLICIT_DENY),
    ("console_with_mfa",    "iam:ChangePassword",   None,           Face.ALLOW),
    ("console_with_mfa",    "IAM:changepassword",   None,           Face.ALLOW),
    ("console_with_mfa",    "s3:ListAllMyBuckets",  None,           Face.IMPLICIT_DENY),
    ("access_key",          "iam:EnableMFADevice",  None,           Face.ALLOW),
    ("access_key",          "iam:EnableMFADevice",  WITH_DEVICE,    Face.REFUSED),
]
# fmt: on


@pytest.mark.parametrize(("kind", "action", "rules", "face"), ANSWERS)
def test_about_the_callers_own(
    kind: str, action: str, rules: ServiceRules | None, face: Face
) -> None:
    one = ask(ARTICLE, KINDS[kind], action, rules)
    assert one.face is face
    assert one.caller.kind is KINDS[kind]
    if action.lower().startswith("iam:"):
        assert one.decision.request.resource == one.caller.arn


def test_about_an_action_that_there_is_not() -> None:
    with pytest.raises(UnknownActionError) as raised:
        ask(ARTICLE, KINDS["access_key"], "iam:ChangePasword")
    assert raised.value.nearest == "iam:ChangePassword"
