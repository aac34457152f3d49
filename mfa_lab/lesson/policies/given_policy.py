"""A policy of the learner's own: pasted, or in a file. It is read here and sent nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.spelling import shown, similar
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenValueError
from mfa_lab.whole_file import NoPlainFileError, TooLargeError, read_whole

_MOST_MISTAKES: Final = 5


class GivenPolicyError(SpokenValueError):
    """A policy that cannot be read.

    Args:
        sentences: What is wrong, and where.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))


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
        mistakes = [one.located_sentence(language) for one in error.mistakes[:_MOST_MISTAKES]]
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
    """Give the JSON file of the same folder whose name is nearest."""
    if not path.parent.is_dir():
        return None
    near = similar(path.name, sorted(one.name for one in path.parent.glob("*.json")))
    return str(path.with_name(near)) if near else None
