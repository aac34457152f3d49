"""The policies of a lesson: stored ones, those attached beside them, the learner's own, answers.

A learner's own policy is read here and sent nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from mfa_lab import folders
from mfa_lab.iam.parsing.grammar import VERSION_2012
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.lesson.errors import GivenPolicyError, UnknownNameError
from mfa_lab.lesson.exercise import Verdict, not_yet
from mfa_lab.text import say
from mfa_lab.text.nearest_name import nearest_name
from mfa_lab.text.shown_value import shown
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from mfa_lab.whole_file import NoPlainFileError, TooLargeError, read_whole

ARTICLE: Final = "2021-05-13_article"
WEAKENED: Final = "2021-05-13_article_weakened"  # what the article advises against
CORRECTED: Final = "2022-11-23_multiple_mfa_devices"
NEWEST: Final = "2023-11_newest"

POLICY_HISTORY: Final = (
    "2017-12-01_tutorial",
    "2018-11-21_tutorial_flawed",
    "2018-11-30_tutorial_fixed",
    "2019-01-31_security_credentials_page",
    ARTICLE,
    CORRECTED,
    NEWEST,
)
"""The versions that AWS published of the policy that the lessons are about, oldest first."""

_MOST_MISTAKES: Final = 5


# What a user's work needs beside the policy that a lesson is about.

EVERYTHING_ALLOWED: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Sid": "AllowAll", "Effect": "Allow", "Action": "*", "Resource": "*"},
    }
)
"""As an administrator has it."""

BUCKETS: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "ListBuckets",
            "Effect": "Allow",
            "Action": "s3:ListAllMyBuckets",
            "Resource": "*",
        },
    }
)

WORK: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"},
    }
)


# The policies of data/policies.


@cache
def stored_policy(name: str) -> Policy:
    """Return a policy of data/policies.

    Args:
        name: Its file's name without `.json`, such as `2021-05-13_article`.

    Raises:
        UnknownNameError: There is none of that name.
    """
    known = policy_names()
    if name not in known:  # a path, which might lead elsewhere, is none of them
        raise UnknownNameError("policy", name, known)
    file = folders.data() / "policies" / f"{name}.json"
    return Policy.parse(file.read_text(encoding="utf-8"))


def policy_names() -> tuple[str, ...]:
    """Return the names of the policies, oldest first."""
    return tuple(sorted(file.stem for file in (folders.data() / "policies").glob("*.json")))


# A policy of the learner's own: pasted, or in a file.


def load(given: str | bytes | Path | Mapping[str, Any], language: str = "en") -> Policy:
    """Read a policy.

    Args:
        given: Its JSON text or values, or the path of a file that holds the text.
        language: In which to say what is wrong.

    Raises:
        GivenPolicyError: There is no such file, or no policy in it that AWS would take.
    """
    source = _read(Path(given), language) if _is_path(given) else given  # type: ignore[arg-type]
    if isinstance(source, (str, bytes)) and not source.strip():
        raise GivenPolicyError(say("given_policy.empty", language))
    try:
        return Policy.parse(source)  # type: ignore[arg-type]
    except PolicyError as error:
        mistakes = [
            mistake.located_sentence(language) for mistake in error.mistakes[:_MOST_MISTAKES]
        ]
        raise GivenPolicyError(say("given_policy.refused", language), *mistakes) from None


def _is_path(given: object) -> bool:
    """Whether a text names a file: JSON has a brace or bracket, or more than one line."""
    if isinstance(given, Path):
        return True
    if not isinstance(given, str):
        return False
    text = given.strip()
    return bool(text) and "\n" not in text and not text.startswith(("{", "[", '"'))


def _read(path: Path, language: str) -> bytes:
    def error(code: str, **values: object) -> GivenPolicyError:
        return GivenPolicyError(
            say(f"given_policy.{code}", language, path=shown(str(path)), **values)
        )

    try:
        path = path.expanduser()
        return read_whole(path)
    except TooLargeError:
        raise error("too_large") from None
    except NoPlainFileError:
        raise error("folder" if path.is_dir() else "no_plain_file") from None
    except FileNotFoundError:
        nearest = _nearest(path)
        if nearest is None:
            raise error("no_file") from None
        raise error("no_file_nearest", nearest=nearest) from None
    except (OSError, ValueError, RuntimeError) as reason:  # a ValueError: no file has such a name
        told = getattr(reason, "strerror", None) or reason
        raise error("unreadable", reason=told) from None


def _nearest(path: Path) -> str | None:
    """Return the JSON file of the same folder whose name is nearest."""
    if not path.parent.is_dir():
        return None
    near = nearest_name(path.name, sorted(file.name for file in path.parent.glob("*.json")))
    return str(path.with_name(near)) if near else None


# The policy that somebody hands in as an answer, however it is written.


def answered_policy(answer: object) -> Policy | None:
    """Return the identity-based policy that an answer stands for, or None where it is no policy.

    Args:
        answer: A policy, its JSON text or values, a list of its statements, or a workbench.

    Raises:
        PolicyError: It is meant as a policy and breaks a rule of the grammar.
    """
    if isinstance(answer, NotActionWorkbench):
        return answer.entries.policy()
    if isinstance(answer, Policy):
        is_of_identity = answer.kind is PolicyKind.IDENTITY
        return answer if is_of_identity else Policy.parse(answer.document)
    if isinstance(answer, (str, bytes)):
        return Policy.parse(answer) if len(answer.strip()) > 1 else None
    if isinstance(answer, Mapping):
        return Policy.parse(dict(answer)) if answer else None
    if isinstance(answer, (list, tuple)) and any(
        isinstance(statement, Mapping) for statement in answer
    ):
        return Policy.parse({"Version": VERSION_2012, "Statement": list(answer)})
    return None


def policy_or_verdict(answer: object) -> Policy | Verdict:
    """Return the policy that an answer stands for, or the verdict of one that is no policy.

    Args:
        answer: As for `answered_policy`.
    """
    try:
        policy = answered_policy(answer)
    except PolicyError as error:
        return not_yet("malformed", mistake=error.mistakes[0])
    return not_yet("no_policy") if policy is None else policy
