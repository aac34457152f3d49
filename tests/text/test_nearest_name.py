"""What somebody probably meant by a name that does not exist."""

from __future__ import annotations

import pytest

from mfa_lab.text.nearest_name import half_width, nearest_name

ELEMENTS = ("Effect", "Action", "NotAction", "Resource")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Efect", "Effect"),
        ("ACTION", "Action"),
        ("NoAction", "NotAction"),
        ("Statement", None),
        ("Zzz", None),
        ("", None),
        ("Effect" * 10_000, None),
    ],
)
def test_the_nearest_name(name: str, nearest: str | None) -> None:
    assert nearest_name(name, ELEMENTS) == nearest


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("iam:GetUser", "iam:GetUser"),
        ("\uff29\uff21\uff2d\uff1a\uff0a", "IAM:*"),
        ("iam:Get\u200bUser\u3000", "iam:GetUser"),
        (" kept as it is ", " kept as it is "),
        ("アリス", "アリス"),
    ],
)
def test_half_width(text: str, plain: str) -> None:
    assert half_width(text) == plain
