"""The allow/deny table: actions down, kinds of credentials across.

A cell speaks about every request of its row with its kind of credentials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mfa_lab.analysis.catalogue import ActionSet, Catalogue, aws_catalogue
from mfa_lab.analysis.requests.answer import Answer, Face, answer
from mfa_lab.analysis.requests.cells import Answers, answer_of, reachable
from mfa_lab.analysis.requests.flips import flips
from mfa_lab.analysis.requests.questions import Question, Whose
from mfa_lab.analysis.requests.rows import Row as RequestRow
from mfa_lab.analysis.requests.rows import context_of
from mfa_lab.analysis.requests.survey import Surveyor, Verdicts
from mfa_lab.iam import credentials
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.credentials import Caller, CredentialsKind, User
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
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


class NoRequestError(SpokenValueError):
    """No request for a row's action has the resource and the context that were asked for.

    Attributes:
        action: The action.
        credentials: Name of the kind of credentials.
    """

    def __init__(self, action: str, credentials: str) -> None:
        self.action, self.credentials = action, credentials
        super().__init__(self.sentence())

    def sentence(self, language: str | None = None) -> str:
        """Say which action and which credentials it is about."""
        name = say(f"credentials.{self.credentials}", language)
        return say("no_request.sentence", language, action=self.action, credentials=name)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Args:
        face: The answer.
        is_undocumented: Whether it rests on a point that AWS does not document.
        decided_by: The statements that decide, none for an implicit deny, a service's refusal, or
            where it depends.
        face_before: The face under the starting policy where a request was answered otherwise,
            which may be the same one where it depends; else None.
        outcomes: What its requests are answered: the face alone, or several where it depends.
        is_undecided: Whether there may be other outcomes, since the search was cut short.
    """

    face: Face
    is_undocumented: bool
    decided_by: tuple[MatchedStatement, ...]
    face_before: Face | None
    outcomes: tuple[Face, ...]
    is_undecided: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the starting policy answered a request otherwise."""
        return self.face_before is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Args:
        action: Name of the action.
        resource: An example of what it is asked about.
        requests: The requests that its cells speak about.
        cells: One a column.
    """

    action: str
    resource: str
    requests: RequestRow
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

    def outcomes(self, row: int, column: int) -> Answers:
        """Return every outcome of a cell, each with a witness.

        Args:
            row: From 0.
            column: From 0.
        """
        kind = self.callers[column].kind
        return reachable(self.policies, kind, self.rows[row].requests, self.rules)

    def answers(self, row: int, column: int) -> tuple[Answer, ...]:
        """Answer a call for each outcome of a cell, with its trace: one where there is but one.

        Args:
            row: From 0.
            column: From 0.
        """
        asked, caller = self.rows[row], self.callers[column]
        if asked.cells[column].face is Face.DEPENDS:
            parts = self.outcomes(row, column).outcomes.values()
            return tuple(answer_of(self.policies, caller, part) for part in parts)
        return (
            answer(
                self.policies,
                caller,
                asked.action,
                asked.resource,
                self.rules,
                context_of(asked.requests),
            ),
        )

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
        return [cell for number in range(len(self.rows)) for cell in self.row_data(number)]

    def row_data(self, row: int) -> list[dict[str, Any]]:
        """Return the cells of a row as JSON values.

        The outcomes of a cell have nothing to say of themselves here; see `outcomes`.

        Args:
            row: From 0.
        """
        shown = self.rows[row]
        return [
            {
                "action": shown.action,
                "resource": shown.resource,
                "credentials": caller.kind.name,
                "face": str(cell.face),
                "undocumented": cell.is_undocumented,
                "decided_by": [matched.to_data() for matched in cell.decided_by],
                "face_before": cell.face_before and str(cell.face_before),
                "outcomes": {str(face): {} for face in cell.outcomes},
                "undecided": cell.is_undecided,
            }
            for caller, cell in zip(self.callers, shown.cells, strict=True)
        ]


class Tabulator:
    """Makes tables of one choice of rows and columns, quickly, policy after policy.

    Args:
        actions: Actions or patterns such as `iam:*MFA*`, one or more rows each.
        kinds: Kinds of credentials, one a column.
        user: The calling user.
        whose: Whose user and device the actions are asked about.
        device_name: Name of the caller's own device; None for the name of the user.
        resources: ARNs, with wildcards, that narrow what is asked about; none for all.
        context: Context keys that every request has, with their values.
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
        resources: Sequence[str] = (),
        context: Mapping[str, str | tuple[str, ...]] | None = None,
        rules: ServiceRules | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.catalogue = catalogue or aws_catalogue()
        given = tuple((key.lower(), value) for key, value in (context or {}).items())
        question = Question(
            user or User(), whose, device_name, resources=tuple(resources), context=given
        )
        self.rules = rules or ServiceRules()
        self.surveyor = Surveyor(self.catalogue, question, self.rules)
        self.callers = tuple(Caller(kind, question.user) for kind in kinds)
        self._actions = tuple(self._rows_of(actions))
        self._contexts: dict[str, dict[str, str]] = {}
        self._examples: dict[CacheKey, Request] = {}

    def for_all_kinds(self) -> Tabulator:
        """Return the same with a column for every kind of credentials."""
        other = copy(self)
        other._contexts, other._examples = {}, {}
        other.callers = tuple(
            Caller(kind, self.surveyor.question.user) for kind in credentials.KINDS.values()
        )
        return other

    def _rows_of(self, actions: Iterable[str]) -> Iterable[_AskedAction]:
        seen = 0
        question = self.surveyor.question
        for spelled in actions:
            matching = self.catalogue.matching(spelled)
            if not matching:
                raise UnknownActionError(spelled, self.catalogue.nearest(spelled))
            for action in self.catalogue.members(matching & ~seen):
                resource, requests = question.resource(action), question.row(action)
                yield _AskedAction(self.catalogue.bit(action.name), resource, requests)
            seen |= matching

    def survey(self, policies: PolicySet) -> tuple[Verdicts, ...]:
        """Answer for the whole catalogue, one a column."""
        return tuple(self.surveyor.survey(policies, caller) for caller in self.callers)

    def table(self, policies: PolicySet, start: PolicySet | None = None) -> Table:
        """Make a table.

        Args:
            policies: The policies to ask.
            start: The policies to mark changes against, or None.

        Raises:
            NoRequestError: No request has the given resources and context.
        """
        totals = self.survey(policies)
        totals_before = totals if start is None else self.survey(start)
        columns = tuple(zip(self.callers, totals, totals_before, strict=True))
        rows = (
            Row(
                asked.requests.action.name,
                asked.resource,
                asked.requests,
                tuple(
                    self._cell(asked, caller, policies, start, now, before)
                    for caller, now, before in columns
                ),
            )
            for asked in self._actions
        )
        return Table(policies, self.callers, tuple(rows), totals, self.rules, len(self.catalogue))

    def _cell(
        self,
        asked: _AskedAction,
        caller: Caller,
        policies: PolicySet,
        start: PolicySet | None,
        now: Verdicts,
        before: Verdicts,
    ) -> Cell:
        action = asked.bit
        outcomes = now.outcomes(action)
        if not outcomes:
            raise NoRequestError(asked.requests.action.name, caller.kind.name)
        face = outcomes[0] if len(outcomes) == 1 else Face.DEPENDS
        is_changed, face_before = False, None
        if start is not None:
            face_before = before.face(action)
            is_changed = face_before is not face
            if face is face_before is Face.DEPENDS:
                found = flips(start, policies, caller.kind, asked.requests, self.rules)
                is_changed = bool(found.flips)
        decided_by: tuple[MatchedStatement, ...] = ()
        if face in (Face.ALLOW, Face.EXPLICIT_DENY):
            decided_by = evaluate(policies, self._example(asked, caller)).decided_by
        return Cell(
            face,
            bool(now.undocumented & action),
            decided_by,
            face_before if is_changed else None,
            outcomes,
            bool(now.undecided & action),
        )

    def _example(self, asked: _AskedAction, caller: Caller) -> Request:
        """Return an example of a cell's requests, which is the same for every policy."""
        key = asked.requests.action.name, caller.kind.name
        known = self._examples.get(key)
        if known is not None:
            return known
        context = self._contexts.get(caller.kind.name)
        if context is None:
            context = self._contexts[caller.kind.name] = caller.context()
        in_row = context | context_of(asked.requests)
        request = Request(asked.requests.action.name, asked.resource, caller.arn, in_row)
        return remember(self._examples, key, request)


class _AskedAction(NamedTuple):
    """An action of a table's rows.

    Args:
        bit: The set that holds it.
        resource: An example of what it is asked about.
        requests: The requests that its cells speak about.
    """

    bit: ActionSet
    resource: str
    requests: RequestRow
