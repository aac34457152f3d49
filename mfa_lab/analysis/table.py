"""The allow/deny table: actions down, kinds of credentials across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mfa_lab.analysis.catalogue import ActionSet, Catalogue, aws_catalogue
from mfa_lab.analysis.requests.answer import Answer, Face, answer
from mfa_lab.analysis.requests.questions import Question, Whose
from mfa_lab.analysis.requests.survey import Surveyor, Verdicts
from mfa_lab.iam import credentials
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.credentials import Caller, CredentialsKind, User
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenValueError

if TYPE_CHECKING:
    import pandas

# By the value of aws:MultiFactorAuthPresent: absent, "false", "true".
LESSON_KINDS: Final = (
    credentials.ACCESS_KEY,
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.SESSION_TOKEN_WITHOUT_MFA,
    credentials.ROLE_SESSION,
    credentials.CONSOLE_WITH_MFA,
    credentials.SESSION_TOKEN_WITH_MFA,
)

# What a user does with the own credentials, and two actions that are work.
LESSON_ACTIONS: Final = (
    "iam:GetUser",
    "iam:GetAccountPasswordPolicy",
    "iam:ChangePassword",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ResyncMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:DeactivateMFADevice",
    "iam:DeleteVirtualMFADevice",
    "iam:CreateAccessKey",
    "iam:ListAccessKeys",
    "sts:GetSessionToken",
    "s3:ListAllMyBuckets",
    "ec2:DescribeInstances",
)


class UnknownActionError(SpokenValueError):
    """A row was asked for of an action that the catalogue does not have.

    Attributes:
        action: As it was asked for.
        nearest: The action with the nearest name, or None.
    """

    def __init__(self, action: str, nearest: str | None) -> None:
        self.action, self.nearest = action, nearest
        super().__init__(self.sentence())

    def sentence(self, language: str | None = None) -> str:
        """Say that there is no such action, and which is near."""
        code = "without_nearest" if self.nearest is None else "with_nearest"
        return say(f"unknown_action.{code}", language, action=self.action, nearest=self.nearest)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Args:
        face: The answer.
        is_undocumented: Whether it rests on a point that AWS does not document.
        decided_by: The statements that decide, none for an implicit deny or a service's refusal.
        face_before: The face under the starting policy where that was another, else None.
    """

    face: Face
    is_undocumented: bool
    decided_by: tuple[MatchedStatement, ...]
    face_before: Face | None

    @property
    def is_changed(self) -> bool:
        """Whether the starting policy gave another face."""
        return self.face_before is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: an action and the resource that it is asked about."""

    action: str
    resource: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An allow/deny table.

    Args:
        policies: What it was made from.
        callers: One a column.
        rows: In the order asked for.
        totals: One a column: what the caller is answered over the whole catalogue.
        rules: The service rules in force.
        size: How many actions the catalogue has.
    """

    policies: PolicySet
    callers: tuple[Caller, ...]
    rows: tuple[Row, ...]
    totals: tuple[Verdicts, ...]
    rules: ServiceRules
    size: int

    def answer(self, row: int, column: int) -> Answer:
        """Answer one cell's call by itself, with its trace.

        Args:
            row: From 0.
            column: From 0.
        """
        asked = self.rows[row]
        caller = self.callers[column]
        return answer(self.policies, caller, asked.action, asked.resource, self.rules)

    def to_frame(self) -> pandas.DataFrame:
        """Return the faces as a DataFrame: action and resource as index, a column a caller."""
        import pandas  # at the edge: drawing a table does not need it

        index = pandas.MultiIndex.from_tuples(
            [(row.action, row.resource) for row in self.rows], names=["action", "resource"]
        )
        columns = pandas.Index([caller.kind.name for caller in self.callers], name="credentials")
        faces = [[str(cell.face) for cell in row.cells] for row in self.rows]
        return pandas.DataFrame(faces, index=index, columns=columns)

    def to_data(self) -> list[dict[str, Any]]:
        """Return the cells as JSON values, row by row."""
        return [
            {
                "action": row.action,
                "resource": row.resource,
                "credentials": caller.kind.name,
                "face": str(cell.face),
                "undocumented": cell.is_undocumented,
                "decided_by": [matched.to_data() for matched in cell.decided_by],
                "face_before": cell.face_before and str(cell.face_before),
            }
            for row in self.rows
            for caller, cell in zip(self.callers, row.cells, strict=True)
        ]


class Tabulator:
    """Makes tables of one choice of rows and columns, quickly, policy after policy.

    Args:
        actions: Actions or patterns such as `iam:*MFA*`, one or more rows each.
        kinds: Kinds of credentials, one a column.
        user: The calling user.
        whose: Whose user and device the actions are asked about.
        device_name: Name of the caller's own device; None for the name of the user.
        rules: The service rules in force.
        catalogue: The actions; None for all of AWS's.

    Raises:
        UnknownActionError: An entry of `actions` matches nothing.
    """

    def __init__(
        self,
        actions: Iterable[str] = LESSON_ACTIONS,
        kinds: Sequence[CredentialsKind] = LESSON_KINDS,
        *,
        user: User | None = None,
        whose: Whose = Whose.OWN,
        device_name: str | None = None,
        rules: ServiceRules | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.catalogue = catalogue or aws_catalogue()
        question = Question(user or User(), whose, device_name)
        self.rules = rules or ServiceRules()
        self.surveyor = Surveyor(self.catalogue, question, self.rules)
        self.callers = tuple(Caller(kind, question.user) for kind in kinds)
        self._actions = tuple(self._rows_of(actions))

    def for_all_kinds(self) -> Tabulator:
        """Return the same with a column for every kind of credentials."""
        other = copy(self)
        other.callers = tuple(
            Caller(kind, self.surveyor.question.user) for kind in credentials.KINDS.values()
        )
        return other

    def _rows_of(self, actions: Iterable[str]) -> Iterable[tuple[str, str, ActionSet]]:
        seen = 0
        for spelled in actions:
            matching = self.catalogue.matching(spelled)
            if not matching:
                raise UnknownActionError(spelled, self.catalogue.nearest(spelled))
            for action in self.catalogue.members(matching & ~seen):
                resource = self.surveyor.question.resource(action)
                yield action.name, resource, self.catalogue.bit(action.name)
            seen |= matching

    def survey(self, policies: PolicySet) -> tuple[Verdicts, ...]:
        """Answer for the whole catalogue, one a column."""
        return tuple(self.surveyor.survey(policies, caller) for caller in self.callers)

    def table(self, policies: PolicySet, start: PolicySet | None = None) -> Table:
        """Make a table.

        Args:
            policies: The policies to ask.
            start: The policies to mark changes against, or None.
        """
        totals = self.survey(policies)
        totals_before = totals if start is None else self.survey(start)
        columns = tuple(zip(totals, totals_before, strict=True))
        rows = (
            Row(action, resource, tuple(_cell(now, before, bit) for now, before in columns))
            for action, resource, bit in self._actions
        )
        return Table(policies, self.callers, tuple(rows), totals, self.rules, len(self.catalogue))


def _cell(now: Verdicts, before: Verdicts, action: ActionSet) -> Cell:
    face, face_before = now.face(action), before.face(action)
    return Cell(
        face,
        bool(now.undocumented & action),
        now.decided_by(action),
        face_before if face_before is not face else None,
    )
