"""The requests that two policy sets answer differently: each shown by its witness, none left out."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest

from mfa_lab import Policy, PolicySet, evaluate
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.admission import why_not
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.flips import flips
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, KINDS
from tests.analysis.requests.drawing import Policies, PolicyDrawer, RequestDrawer, any_cell, read

SEED = 511
CELLS = 400
SLICES = 4
REQUESTS = 20


def edited(draw: Random, document: Policies, action: str) -> Policies:
    """The same policies after a small edit: a statement less, or one of another drawing."""
    after = copy.deepcopy(document)
    statements = after["identity"][0]["Statement"]
    other = PolicyDrawer(draw, action).policies()["identity"][0]["Statement"]
    match draw.choice(("drop", "add", "condition", "resource")):
        case "drop" if len(statements) > 1:
            del statements[draw.randrange(len(statements))]
        case "condition":
            draw.choice(statements).pop("Condition", None)
        case "resource" if "Resource" in other[0]:
            one = draw.choice(statements)
            one.pop("NotResource", None)
            one["Resource"] = other[0]["Resource"]
        case _:
            statements.append(other[0])
    return after


@pytest.mark.parametrize("part", range(SLICES))
def test_drawn_edits(part: int) -> None:
    found = 0
    for number in range(part, CELLS, SLICES):
        draw = Random(f"{SEED}/{number}")
        kind, row = any_cell(draw)
        document = PolicyDrawer(draw, row.action.name).policies()
        after = edited(draw, document, row.action.name)
        first, second = read(document), read(after)
        answers = flips(first, second, kind, row)
        found += len(answers.flips)
        for faces, flip in answers.flips.items():
            assert flip.before.witness is flip.after.witness
            assert why_not(kind, row, flip.before.witness) is None
            assert faces == (flip.before.face, flip.after.face)
            assert Face(evaluate(first, flip.before.witness).outcome) is flip.before.face
            assert Face(evaluate(second, flip.before.witness).outcome) is flip.after.face
        both = {"identity": [*document["identity"], *after["identity"]]}
        drawer = RequestDrawer(draw, document | both, kind, row)
        if kind.from_get_session_token or row.action.service == "sts":
            continue  # the service refuses some, whatever policies say
        if KINDS["federated_user"] == kind and row.action.service == "iam":
            continue
        for request in drawer.requests(REQUESTS):
            pair = Face(evaluate(first, request).outcome), Face(evaluate(second, request).outcome)
            assert pair[0] is pair[1] or pair in answers.flips, (document, after, request)
    assert found > CELLS / SLICES / 10


def test_a_fence_on_one_bucket_that_is_dropped() -> None:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    fence: dict[str, Any] = {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::prod/*", "arn:aws:s3:::prod"],
        "Condition": {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "1800"}},
    }

    def policies(*statements: dict[str, Any]) -> PolicySet:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        return PolicySet([Policy.parse(json.dumps(document))])

    row = Row(aws_catalogue()["s3:DeleteObject"])
    for kind in (ACCESS_KEY, CONSOLE_WITH_MFA):
        answers = flips(policies(allow, fence), policies(allow), kind, row)
        (flip,) = answers.flips.values()
        assert (flip.before.face, flip.after.face) == (Face.EXPLICIT_DENY, Face.ALLOW)
        assert flip.before.witness.resource.startswith("arn:aws:s3:::prod/")
        assert not flips(policies(allow), policies(allow), kind, row).flips
