"""Amazon Resource Names, compared part by part.

Source: IAM User Guide, "IAM ARNs", "IAM JSON policy elements: Resource" and
"Condition operators", Amazon Resource Name.
"""

from __future__ import annotations

import re

from tests.reference.variables import Character, fits

PARTS = 6


def is_arn(text: str) -> bool:
    """Whether a text has the six parts of an ARN."""
    return text.startswith("arn:") and text.count(":") >= PARTS - 1


def account(text: str) -> str:
    """The account in an ARN, the twelve digits of its fifth part; empty where there is none."""
    fifth = text.split(":")[4] if is_arn(text) else ""
    return fifth if re.fullmatch("[0-9]{12}", fifth) else ""


def parts_fit(wanted: list[list[Character]], text: str) -> bool:
    """Whether each part of an ARN is what the same part of the pattern asks for.

    The last part of six holds the rest of the ARN, colons and all.
    """
    return is_arn(text) and all(
        fits(pattern, part)
        for pattern, part in zip(wanted, text.split(":", PARTS - 1), strict=True)
    )
