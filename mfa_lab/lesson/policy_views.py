"""What a lesson shows of policies: pages to read, tables, reasons, differences; none is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from mfa_lab.analysis.difference import Difference, difference
from mfa_lab.analysis.exposure import exposure
from mfa_lab.analysis.history import Version, history
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.table import LESSON_ACTIONS, LESSON_KINDS, Tabulator
from mfa_lab.analysis.warnings import warnings_of
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import KINDS, Caller, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.errors import UnknownNameError
from mfa_lab.lesson.policies import POLICY_HISTORY, load, stored_policy
from mfa_lab.text import catalogue, say
from mfa_lab.text.shown_value import quoted
from mfa_lab.text.spoken_error import SpokenValueError
from mfa_lab.view.picture.exposure_view import ExposureView
from mfa_lab.view.picture.history_view import HistoryView
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from mfa_lab.view.policy.not_action_list import not_action_of
from mfa_lab.view.policy.policy_page import PolicyPage
from mfa_lab.view.policy.warnings_view import WarningsView
from mfa_lab.view.table.comparison_view import ComparisonView
from mfa_lab.view.table.credentials_view import CredentialsView
from mfa_lab.view.table.decision_table import DecisionTable
from mfa_lab.view.table.difference_view import DifferenceView
from mfa_lab.view.table.trace_view import TraceView

# Those with which any call can be made, by the value of aws:MultiFactorAuthPresent: absent,
# "false", "true". Policies do not bind the root user; a federated user needs a session policy.
KINDS_TO_COMPARE: Final = (
    credentials.ACCESS_KEY,
    credentials.FEDERATED_ROLE_SESSION,
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.SESSION_TOKEN_WITHOUT_MFA,
    credentials.ROLE_SESSION,
    credentials.THROUGH_SERVICE,
    credentials.THROUGH_SERVICE_WITH_MFA,
    credentials.CONSOLE_WITH_MFA,
    credentials.SESSION_TOKEN_WITH_MFA,
)


GivenPolicy: TypeAlias = Policy | Mapping[str, Any] | str
"""A policy, its JSON values, its JSON text or the path of its file."""


class PolicyViews:
    """The tools of a lesson that show policies and what they decide.

    Args:
        language: `en` or `ja`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._tabulator = Tabulator()

    def policy(self, name: str) -> Policy:
        """Return a policy of data/policies by its name.

        Args:
            name: Its file's name without `.json`.
        """
        return stored_policy(name)

    def load(self, given: str | bytes | Path | Mapping[str, Any]) -> Policy:
        """Read a policy of one's own; it is sent nowhere.

        Args:
            given: Its JSON text or values, or the path of a file that holds the text.

        Raises:
            GivenPolicyError: There is no such file, or no policy in it that AWS would take.
        """
        return load(given, self.language)

    def warnings(self, policy: GivenPolicy) -> WarningsView:
        """Show what AWS accepts in a policy but hardly anybody intends.

        Args:
            policy: What is read; see `load`.
        """
        return WarningsView(warnings_of(self._read(policy)), self.language)

    def read(self, policy: GivenPolicy) -> PolicyPage:
        """Show a policy as a page to read.

        Args:
            policy: What is shown; see `load`.
        """
        return PolicyPage(self._read(policy), self.language)

    def contexts(self, kinds: Sequence[str] = ()) -> CredentialsView:
        """Show what each kind of credentials says about MFA.

        Args:
            kinds: Names of kinds; none for those of the table.
        """
        callers = self._tabulator.callers
        chosen = [Caller(kind) for kind in _kinds(kinds)] or callers
        return CredentialsView(tuple(chosen), self.language)

    def table(
        self,
        *policies: GivenPolicy,
        actions: Iterable[str] = LESSON_ACTIONS,
        kinds: Sequence[str] = (),
        has_device: bool = False,
        own_devices_need_mfa: bool = True,
        device_name: str | None = None,
    ) -> DecisionTable:
        """Show what each kind of credentials may do; a click or Enter on a cell shows why.

        Args:
            policies: The policies that are attached.
            actions: Actions or patterns, one or more rows each.
            kinds: Names of kinds of credentials, one a column; none for those of lesson 01.
            has_device: Whether the user has an MFA device already.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
            device_name: Name of the user's own device; None for the user's name.
        """
        rules = ServiceRules(has_device=has_device, own_devices_need_mfa=own_devices_need_mfa)
        chosen = _kinds(kinds) or LESSON_KINDS
        asked = [actions] if isinstance(actions, str) else actions
        tabulator = Tabulator(asked, chosen, rules=rules, device_name=device_name)
        return DecisionTable(tabulator.table(self._attached(policies)), self.language)

    def why(
        self,
        policies: GivenPolicy | Sequence[GivenPolicy],
        action: str,
        credentials: str,
        *,
        resource: str | None = None,
        resource_policy: Policy | None = None,
        has_device: bool = False,
        own_devices_need_mfa: bool = True,
    ) -> TraceView:
        """Show why a call is answered as it is.

        Args:
            policies: The policies that are attached.
            action: Such as `iam:ChangePassword`.
            credentials: Name of a kind of credentials, such as `access_key`.
            resource: ARN or `*`; None for the caller's own user or device.
            resource_policy: Policy of the resource, such as a bucket's.
            has_device: Whether the user has an MFA device already.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.

        Raises:
            UnknownActionError: AWS has no such action.
            UnknownNameError: There is no such kind of credentials.
            SpokenValueError: The resource is none.
        """
        if resource is not None and not _is_resource(resource):
            raise SpokenValueError(say("lesson_error.no_resource", given=quoted(resource)))
        rules = ServiceRules(has_device=has_device, own_devices_need_mfa=own_devices_need_mfa)
        identity = self._attached(policies).identity
        bearing = PolicySet(identity=identity, resource=resource_policy)
        found = ask(bearing, _kind(credentials), action, rules, resource=resource)
        return TraceView(found, self.language)

    def compare(
        self,
        policies: Mapping[str, GivenPolicy],
        action: str,
        kinds: Sequence[str] = (),
    ) -> ComparisonView:
        """Show what several policies answer one call, by kind of credentials.

        Args:
            policies: One alone a column, by its label.
            action: Such as `s3:ListAllMyBuckets`.
            kinds: Names of kinds of credentials, one a row; none for all with which any
                call can be made.
        """
        chosen = _kinds(kinds) or KINDS_TO_COMPARE
        answers = {
            label: {kind.name: ask(self._attached(policy), kind, action) for kind in chosen}
            for label, policy in policies.items()
        }
        return ComparisonView(action, answers, self.language)

    def difference(
        self,
        before: GivenPolicy | Sequence[GivenPolicy],
        after: GivenPolicy | Sequence[GivenPolicy],
        *,
        device_name: str | None = None,
        has_device: bool = False,
        own_devices_need_mfa: bool = True,
    ) -> DifferenceView:
        """Show exactly which answers change between two policies, over all of AWS's actions.

        Args:
            before: A policy, or several that are attached together.
            after: What takes its place.
            device_name: Name of the user's own device; None for the user's name.
            has_device: Whether the user has an MFA device already.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
        """
        rules = ServiceRules(has_device=has_device, own_devices_need_mfa=own_devices_need_mfa)
        is_usual = rules == ServiceRules() and device_name is None
        tabulator = self._tabulator if is_usual else Tabulator(device_name=device_name, rules=rules)
        found: Difference = difference(tabulator, self._attached(before), self._attached(after))
        return DifferenceView(found, self.language)

    def history(self) -> HistoryView:
        """Show what AWS's policy answered from 2017 to today, and to whom, as a picture."""
        dated = ((name.partition("_")[0], name) for name in POLICY_HISTORY)
        versions = [Version(day, stored_policy(name)) for day, name in dated]
        return HistoryView(history(versions), self.language)

    def exposure(
        self,
        policies: Mapping[str, GivenPolicy | Sequence[GivenPolicy]],
        *,
        own_devices_need_mfa: bool = True,
    ) -> ExposureView:
        """Show side by side what policies leave open and whom they lock out, as a picture.

        Args:
            policies: By label, one policy or those that are attached together.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.

        Raises:
            SpokenValueError: There is no policy to show.
        """
        if not policies:
            raise SpokenValueError(say("exposure.no_policy", self.language))
        sets = {str(label): self._attached(policy) for label, policy in policies.items()}
        found = exposure(sets, own_devices_need_mfa=own_devices_need_mfa)
        return ExposureView(found, self.language)

    def edit(self, policy: GivenPolicy, presets: Sequence[str] = ()) -> NotActionWorkbench:
        """Edit the NotAction list of a policy and see the table answer.

        Args:
            policy: The policy; it stays as it is.
            presets: Names of policies in data/policies whose lists get a button each.
        """
        steps = {name: not_action_of(stored_policy(name)) for name in presets}
        lists = {self._label_of(name): entries for name, entries in steps.items()}
        return NotActionWorkbench(
            self._read(policy), self.language, presets=lists, tabulator=self._tabulator
        )

    def _label_of(self, preset: str) -> str:
        key = f"preset.{preset}"
        return say(key, self.language) if key in catalogue(self.language) else preset

    def _read(self, given: GivenPolicy) -> Policy:
        return given if isinstance(given, Policy) else load(given, self.language)

    def _attached(self, given: GivenPolicy | Sequence[GivenPolicy]) -> PolicySet:
        is_one = isinstance(given, str) or not isinstance(given, Sequence)
        several = cast("Sequence[GivenPolicy]", [given] if is_one else given)
        return PolicySet(identity=[self._read(policy) for policy in several])


def _is_resource(given: object) -> bool:
    return isinstance(given, str) and (given == "*" or given.startswith("arn:"))


def _kinds(names: Sequence[str]) -> list[CredentialsKind]:
    """Return kinds of credentials by their names; one name may stand alone."""
    return [_kind(name) for name in ([names] if isinstance(names, str) else names)]


def _kind(name: str) -> CredentialsKind:
    if name not in KINDS:
        raise UnknownNameError("credentials", name, KINDS)
    return KINDS[name]
