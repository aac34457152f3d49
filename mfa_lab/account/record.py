"""The record of what happened: every call with its verdict, in the manner of CloudTrail."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from mfa_lab.analysis.requests.answer import Answer

if TYPE_CHECKING:
    import pandas

# What somebody who reads the record could sign in with.
_SECRETS: Final = frozenset(
    {
        "Password",
        "OldPassword",
        "NewPassword",
        "AuthenticationCode1",
        "AuthenticationCode2",
        "TokenCode",
        "SecretAccessKey",
    }
)
MASK: Final = "****"
COLUMNS: Final = (
    "time",
    "caller",
    "credentials",
    "action",
    "resource",
    "verdict",
    "decided_by",
    "error",
    "mfa",
)


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call.

    Args:
        number: From 1.
        time: By the account's clock.
        access_key_id: What it was signed with; empty where that is not known.
        caller: ARN of the caller; empty where the call could not be authenticated.
        operation: Service and operation, such as `iam:ChangePassword`; empty where unknown.
        parameters: Of the call, secrets masked.
        answer: The decision, or None where it did not come to one.
        resource: What was asked about.
        deciding: Names of the policies and statements that decided.
        error_code: AWS's error code; empty for a call that was carried out.
        error_message: AWS's message.
    """

    number: int
    time: datetime
    access_key_id: str = ""
    caller: str = ""
    operation: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer | None = field(default=None, repr=False)
    resource: str = ""
    deciding: tuple[str, ...] = ()
    error_code: str = ""
    error_message: str = ""

    @property
    def verdict(self) -> str:
        """`allow`, `explicit_deny`, `implicit_deny` or `refused`.

        Where it did not come to a decision: `unauthenticated`, or empty for a sign-in that worked.
        """
        if self.answer is not None:
            return str(self.answer.face)
        return "unauthenticated" if self.error_code else ""

    @property
    def mfa(self) -> str:
        """What the call's context says of aws:MultiFactorAuthPresent."""
        if self.answer is None:
            return ""
        context = self.answer.decision.request.values
        return str(context.get("aws:multifactorauthpresent", "absent"))

    def row(self) -> dict[str, str]:
        """Return the columns that a table of the record shows."""
        kind = self.answer.caller.kind.name if self.answer else ""
        values = (
            f"{self.time:%Y-%m-%dT%H:%M:%SZ}",
            self.caller,
            kind,
            self.operation,
            self.resource,
            self.verdict,
            ", ".join(self.deciding),
            self.error_code,
            self.mfa,
        )
        return dict(zip(COLUMNS, values, strict=True))


class Record:
    """The calls of an account, the oldest first.

    Args:
        most: How many are kept; the oldest go first.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._entries: deque[RecordedCall] = deque(maxlen=most)
        self._count = 0

    @property
    def last_number(self) -> int:
        """Number of the latest call; 0 where there was none."""
        return self._count

    def add(self, **described: Any) -> RecordedCall:
        """Write down a call; `described` is what `RecordedCall` takes besides its number."""
        self._count += 1
        parameters = mask_secrets(described.pop("parameters", {}))
        entry = RecordedCall(number=self._count, parameters=parameters, **described)
        self._entries.append(entry)
        return entry

    def since(self, number: int) -> tuple[RecordedCall, ...]:
        """Return the calls that were made after one, the oldest first.

        Places in the record move once the oldest calls go, so a call is known by its number.

        Args:
            number: That call's, which was `last_number` then.
        """
        latest_first = reversed(tuple(self._entries))
        return tuple(takewhile(lambda entry: entry.number > number, latest_first))[::-1]

    def clear(self) -> None:
        """Forget all calls."""
        self._entries.clear()
        self._count = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[RecordedCall]:
        return iter(tuple(self._entries))  # a copy: a server may add to it meanwhile

    def __getitem__(self, place: int) -> RecordedCall:
        return self._entries[place]

    def to_frame(self) -> pandas.DataFrame:
        """Return the record as a DataFrame, a call a row."""
        import pandas as pd  # here, since only this asks for it

        return pd.DataFrame([entry.row() for entry in self], columns=list(COLUMNS))

    def __repr__(self) -> str:
        return f"<record of {len(self)} calls>"


def mask_secrets(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call's parameters with passwords and codes masked."""
    return {name: MASK if name in _SECRETS else value for name, value in parameters.items()}
