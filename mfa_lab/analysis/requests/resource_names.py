"""What the placeholders of a resource type's ARN stand for: the grammar of names.

The reference names the placeholders, such as `${BucketName}`, and does not say what may stand
there. Where a name's characters are not known, more are taken here rather than fewer.

Source: IAM User Guide, "IAM and AWS STS quotas", on names; Amazon S3 User Guide, "General purpose
bucket naming rules".
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LETTERS_AND_DIGITS: Final = string.ascii_letters + string.digits
_OF_IAM: Final = _LETTERS_AND_DIGITS + "+=,.@_-"
_WITHOUT_PATH: Final = _LETTERS_AND_DIGITS + "._-"
_VISIBLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_OF_ARNS: Final = "".join(one for one in _VISIBLE if one not in '*?"\\${}<>|^`')

USER_NAME: Final = _OF_IAM


@dataclass(frozen=True, slots=True)
class NameGrammar:
    """What a name may be made of.

    Args:
        characters: The characters; empty where every one may stand in it.
        least: How long it is at least.
    """

    characters: str
    least: int = 1


_BY_PLACEHOLDER: Final = (
    ("BucketName", NameGrammar(string.ascii_lowercase + string.digits + ".-", 3)),
    ("ObjectName|KeyName", NameGrammar("")),
    (r"\w*WithPath|EntityPath", NameGrammar(_OF_IAM + "/")),
    (r"(?:Federated)?UserName|RoleName|RoleSessionName|GroupName", NameGrammar(_OF_IAM)),
    (r"TableName|FunctionName|QueueName|TopicName|\w+Id|Id|\w+ID", NameGrammar(_WITHOUT_PATH)),
)
_ANY_NAME: Final = NameGrammar(_OF_ARNS)


@lru_cache(maxsize=2048)
def name_grammar(placeholder: str) -> NameGrammar:
    """Return what a placeholder of an ARN stands for.

    Args:
        placeholder: Its name, such as `BucketName`.
    """
    for pattern, grammar in _BY_PLACEHOLDER:
        if re.fullmatch(pattern, placeholder):
            return grammar
    return _ANY_NAME
