"""What a statement of PartiQL, DynamoDB's SQL, does to which table.

Source: Amazon DynamoDB Developer Guide, "PartiQL statements for DynamoDB" for the forms of the
statements, "IAM security policies with PartiQL for DynamoDB" for their actions.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN = re.compile(r"""
      "([^"]*)"          # a name in quotes
    | ('(?:[^']|'')*')   # a text
    | ([\w$-]+)          # a name or a keyword
    | (\S)""", re.VERBOSE)  # fmt: skip
_QUOTED, _WORD, _SIGN = 1, 3, 4
# What stands before the name of the table.
_BEFORE_TABLE: Final = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}


def about(statement: str) -> tuple[str, str, str]:
    """Give the action, the table and the index of a statement; a name that is not found is empty.

    What is no statement at all is asked about as one that reads.

    Args:
        statement: The text, EXISTS around a SELECT included.
    """
    tokens = list(_TOKEN.finditer(statement))
    keywords = [(token[_WORD] or "").upper() for token in tokens]
    verb = next((word for word in keywords if word in _BEFORE_TABLE), "SELECT")
    action = f"dynamodb:PartiQL{verb.capitalize()}"
    if _BEFORE_TABLE[verb] not in keywords:
        return action, "", ""
    place = keywords.index(_BEFORE_TABLE[verb]) + 1
    names = [token[_QUOTED] or token[_WORD] or token[_SIGN] or "" for token in tokens[place:]]
    table = names[0] if names else ""
    has_index = names[1:2] == ["."] and len(names) > 2  # "table"."index"
    return action, table, names[2] if has_index else ""
