"""One line of `mfa-lab evaluate`: a question in JSON, and its answer in JSON.

What a line may hold is fixed by the command's contract; everything else is answered with an error
that says where, as a JSON pointer (RFC 6901) from the root of the line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.context import ContextError
from mfa_lab.iam.parsing.json_text import WrittenDecimal, WrittenInteger, read
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.parsing.mistakes import Mistake, PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import PrincipalType, read_principal
from mfa_lab.iam.request import Request, RequestError
from mfa_lab.text import say
from mfa_lab.text.shown_value import shown

KINDS: Final = ("identity", "boundary", "session", "scp", "rcp", "resource")

MOST_LEVELS: Final = 100
"""So deep a line may be nested, the line itself being the first level. Its own bound, since how
deep Python reads and writes JSON is another in each version, and depends on who calls."""

_REQUIRED: Final = object()
# A text, which may be cut off, or what opens or closes a level.
_TEXT_OR_BRACKET: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[{}\[\]]', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
# Line ends to some readers of text, and what UTF-8 cannot write: only JSON strings hold them.
_TO_ESCAPE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class LineError(ValueError):
    """A line that cannot be decided.

    Attributes:
        sentence: What is wrong.
        pointer: Where, as a JSON pointer from the root of the line; empty for the line itself.
    """

    def __init__(self, sentence: str, pointer: str = "") -> None:
        self.sentence, self.pointer = sentence, pointer
        super().__init__(sentence)


def answer(line: bytes) -> str:
    """Answer one line.

    Args:
        line: The line's bytes, UTF-8 where all is well.

    Returns:
        One JSON object without a line end: the decision, or what is wrong with the line.
    """
    identity = ""
    try:
        text = _text(line)
        if _is_too_deep(text):
            raise LineError(say("cli.line.too_deep", most=MOST_LEVELS))
        question, flaw = _question(text)
        identity = _identity(question)
        if flaw is not None:
            raise flaw
        body = _decide(question, text)
    except LineError as error:
        body = {"error": error.sentence, "pointer": error.pointer}
    return _escaped("{" + identity + json.dumps(body, ensure_ascii=False)[1:])


def _text(line: bytes) -> str:
    if not line.strip():
        raise LineError(say("cli.line.blank"))
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LineError(say("cli.line.not_utf8", place=error.start + 1)) from None


def _is_too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= MOST_LEVELS:  # most lines: nothing to look at closely
        return False
    level = 0
    for found in _TEXT_OR_BRACKET.finditer(text):
        match found[0]:
            case "{" | "[":
                level += 1
                if level > MOST_LEVELS:
                    return True
            case "}" | "]":
                level -= 1
    return False


def _question(text: str) -> tuple[dict[str, Any], LineError | None]:
    """Read a line's JSON; a name that stands twice is a flaw, but spoils no id."""
    flaw = None
    try:
        question = read(text)
    except PolicyError as error:
        mistake = error.mistakes[0]
        if mistake.code != "repeated":
            raise _not_json(mistake) from None
        sentence = say("cli.line.repeated", **mistake.values)
        question, flaw = _last_of_each(text), LineError(sentence, mistake.pointer)
    if not isinstance(question, dict):
        raise LineError(say("cli.line.not_an_object"))
    return question, flaw


def _not_json(mistake: Mistake) -> LineError:
    if mistake.code == "number_too_long":
        return LineError(say("cli.line.long_number"))
    sentence = mistake.sentence()
    return LineError(say("cli.line.not_json", column=mistake.column, sentence=sentence))


def _last_of_each(text: str) -> Any:
    return json.loads(text.removeprefix("\ufeff"))


def _identity(question: dict[str, Any]) -> str:
    """Return the member `id` as it stands in the line, ready to begin the answer with."""
    if "id" not in question:
        return ""
    return f'"id": {_spelled(question["id"])}, '


def _spelled(value: Any) -> str:
    """Write JSON with its numbers spelled as they came: 1e999 is a number to JSON alone."""
    match value:
        case WrittenInteger() | WrittenDecimal():
            return value.spelled
        case dict():
            members = (f"{json.dumps(name)}: {_spelled(member)}" for name, member in value.items())
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(map(_spelled, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _decide(question: dict[str, Any], text: str) -> dict[str, Any]:
    policies = _object(question, "policies", "")
    asked = _object(question, "request", "")
    if _ESCAPED_SURROGATE.search(text):
        _refuse_surrogates({"policies": policies, "request": asked})
    decision = evaluate(_policy_set(policies, asked), _request(asked))
    return {
        "outcome": str(decision.outcome),
        "decided_by": [matched.to_data() for matched in decision.decided_by],
    }


def _object(parent: dict[str, Any], name: str, pointer: str, default: Any = _REQUIRED) -> Any:
    """Return a member that must be an object; null counts as absent where it may be absent."""
    value = parent.get(name)
    if value is None and default is not _REQUIRED:
        return default
    if name not in parent:
        raise LineError(say("cli.line.missing", name=name), pointer_to(pointer, name))
    if not isinstance(value, dict):
        raise LineError(say("cli.line.member_not_an_object", name=name), pointer_to(pointer, name))
    return value


def _policy_set(policies: dict[str, Any], asked: dict[str, Any]) -> PolicySet:
    for kind in policies:
        if kind not in KINDS:
            sentence = say("cli.line.unknown_kind", kind=shown(kind), known=", ".join(KINDS))
            raise LineError(sentence, pointer_to("/policies", kind))
    if "identity" not in policies:
        raise LineError(say("cli.line.missing", name="identity"), "/policies/identity")
    resource_kind = PolicyKind.TRUST if _is_role(asked.get("resource")) else PolicyKind.RESOURCE
    return PolicySet(
        identity=_list(policies, PolicyKind.IDENTITY),
        boundary=_one_or_list(policies, PolicyKind.BOUNDARY),
        session=_one(policies, "session", PolicyKind.SESSION),
        scps=_levels(policies, PolicyKind.SCP),
        rcps=_levels(policies, PolicyKind.RCP),
        resource=_one(policies, "resource", resource_kind),
    )


def _is_role(resource: object) -> bool:
    """Whether a resource is a role, so that its policy is a trust policy."""
    return isinstance(resource, str) and read_principal(resource).type is PrincipalType.ROLE


def _one(policies: dict[str, Any], name: str, kind: PolicyKind) -> Policy | None:
    given = policies.get(name)
    return None if given in (None, []) else _policy(given, f"/policies/{name}", kind)


def _list(policies: dict[str, Any], kind: PolicyKind) -> tuple[Policy, ...]:
    given = policies.get(kind)
    if given is not None and not isinstance(given, list):
        raise LineError(say("cli.line.not_a_list", kind=kind), f"/policies/{kind}")
    return tuple(_policies(given or (), f"/policies/{kind}", kind))


def _one_or_list(policies: dict[str, Any], kind: PolicyKind) -> Policy | tuple[Policy, ...] | None:
    if isinstance(policies.get(kind), list):
        return _list(policies, kind)
    return _one(policies, kind, kind)


def _levels(
    policies: dict[str, Any], kind: PolicyKind
) -> tuple[Policy, ...] | tuple[tuple[Policy, ...], ...]:
    given = policies.get(kind)
    if not isinstance(given, list) or not any(isinstance(level, list) for level in given):
        return _list(policies, kind)
    levels: list[tuple[Policy, ...]] = []
    for number, level in enumerate(given):
        pointer = f"/policies/{kind}/{number}"
        if not isinstance(level, list):
            raise LineError(say("cli.line.level_not_a_list", kind=kind), pointer)
        levels.append(tuple(_policies(level, pointer, kind)))
    return tuple(levels)


def _policies(documents: Iterable[Any], pointer: str, kind: PolicyKind) -> Iterator[Policy]:
    for index, document in enumerate(documents):
        yield _policy(document, f"{pointer}/{index}", kind)


def _policy(document: Any, pointer: str, kind: PolicyKind) -> Policy:
    try:
        if isinstance(document, str):  # which Policy.parse would take for JSON text
            raise PolicyError([Mistake("not_an_object", "", {"type": "text"})])
        return Policy.parse(document, kind, is_saved=False)
    except PolicyError as error:
        raise LineError(error.mistakes[0].sentence(), pointer + error.pointer) from None


def _request(asked: dict[str, Any]) -> Request:
    for name in ("action", "resource", "principal"):
        if name not in asked:
            raise LineError(say("cli.line.missing", name=name), f"/request/{name}")
    context = _object(asked, "context", "/request", default={})
    try:
        return Request(asked["action"], asked["resource"], asked["principal"], context)
    except RequestError as error:
        raise LineError(str(error), f"/request/{error.field}") from None
    except ContextError as error:
        pointer = pointer_to("/request/context", str(error.key))
        if error.index is not None:
            pointer = pointer_to(pointer, error.index)
        raise LineError(str(error), pointer) from None


def _refuse_surrogates(value: Any) -> None:
    """Refuse half a character, such as the escape of D800 alone: no policy of AWS's holds one."""
    for pointer, text in _texts(value, ""):
        if _SURROGATE.search(text):
            raise LineError(say("cli.line.half_a_character"), pointer)


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, names of members included, with its pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield pointer_to(pointer, name), name
            yield from _texts(member, pointer_to(pointer, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, pointer_to(pointer, index))


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
