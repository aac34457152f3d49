"""A lesson's tools: one object that speaks the lesson's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from os.path import relpath
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from mfa_lab import folders
from mfa_lab.account import Account
from mfa_lab.account.account import Credentials
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
from mfa_lab.lesson.calls import attempt, run_command
from mfa_lab.lesson.content import LESSONS, content_of
from mfa_lab.lesson.errors import UnknownNameError
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.lesson_notebook import lesson_notebook
from mfa_lab.lesson.policies import POLICY_HISTORY, load, stored_policy
from mfa_lab.lesson.prediction import Question, options_of, sentence_of
from mfa_lab.lesson.progress.course_progress import progress_view
from mfa_lab.lesson.progress.progress import Progress, learners_progress
from mfa_lab.lesson.progress.summary_file import write_page
from mfa_lab.text import LANGUAGES, catalogue, say, speak
from mfa_lab.text.shown_value import quoted
from mfa_lab.text.spoken_error import SpokenValueError
from mfa_lab.view.account.call_view import CallView
from mfa_lab.view.account.console_view import ConsoleView
from mfa_lab.view.account.phone_view import PhoneView
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.course.guess_form import GuessForm
from mfa_lab.view.course.guess_results import GuessResults
from mfa_lab.view.course.progress_view import ProgressView
from mfa_lab.view.course.summary_page import SummaryPage, SummarySaved
from mfa_lab.view.course.verdict_view import VerdictView
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


class Lesson:
    """The tools of one lesson.

    Args:
        name: The notebook's name without `.ipynb`.
        language: `en` or `ja`.

    Raises:
        UnknownNameError: There is no such lesson.
        ValueError: There is no such language.
    """

    def __init__(self, name: str, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        self.name, self.language = name, language
        speak(language)
        self._content = content_of(name)
        self._tabulator = Tabulator()
        # Of the account that is open: there is one at a time.
        self._console: tuple[Account, ConsoleView] | None = None
        self._phone: tuple[Account, PhoneView] | None = None

    def __repr__(self) -> str:
        return f"<lesson {self.name}, {self.language}>"

    # ---------------------------------------------------------------- reading
    def policy(self, name: str) -> Policy:
        """Give a policy of data/policies by its name.

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
        """Show what AWS accepts in a policy and nobody means.

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

    # ---------------------------------------------------------------- guessing
    def predict(self, name: str) -> GuessForm:
        """Ask for a guess, which is recorded at once.

        Args:
            name: Name of the prediction.
        """
        prediction = self._prediction(name)
        return GuessForm(
            self._sentence(prediction),
            self.language,
            self._guess_of(prediction),
            lambda guess: self._progress.record_guess(self.name, prediction, guess),
            self._options(prediction),
        )

    def guess(self, name: str, guess: str) -> GuessForm:
        """Record a guess, as the form does.

        Args:
            name: Name of the prediction.
            guess: `allow`, `explicit_deny`, `implicit_deny` or `refused`, or one of the question's
                own options.

        Raises:
            GuessError: It is none of these.
        """
        self._progress.record_guess(self.name, self._prediction(name), guess)
        return self.predict(name)

    def results(self, *names: str) -> GuessResults:
        """Run predictions and show each guess beside the result.

        Args:
            names: Of the predictions; none for all of the lesson.
        """
        chosen = [self._prediction(name) for name in names] or self._content.predictions
        came_out = {question.name: question.run() for question in chosen}
        self._progress.record_results(self.name, came_out)
        rows = (self._row(question, came_out[question.name]) for question in chosen)
        return GuessResults(tuple(rows), self.language)

    def _row(self, question: Question, result: str) -> tuple[str, Option | None, Option]:
        options = {one.value: one for one in self._options(question)}
        guess = options.get(self._guess_of(question) or "")
        return self._sentence(question), guess, options[result]

    def _guess_of(self, question: Question) -> str | None:
        """Give the guess that is noted, where it is still one of the answers."""
        guess = self._progress.guess(self.name, question.name)
        return guess if guess in question.options else None

    def _sentence(self, question: Question) -> str:
        return sentence_of(self.name, question, self.language)

    def _options(self, question: Question) -> tuple[Option, ...]:
        return options_of(self.name, question, self.language)

    def forget_guesses(self) -> None:
        """Forget the guesses of this lesson, to start again; its checks stay."""
        self._progress.forget_guesses(self.name)

    # ---------------------------------------------------------------- keeping
    @property
    def _progress(self) -> Progress:
        return learners_progress()

    def progress(self) -> ProgressView:
        """Show what was done in all lessons, and what to do next."""
        return self._progress_view()

    def reset(self) -> ProgressView:
        """Delete the progress of all lessons; the notebooks stay as they are."""
        try:
            was_there = self._progress.reset()
        except OSError as error:
            path, reason = self._progress.path, error.strerror or str(error)
            failed = say("progress.reset_failed", self.language, path=path, reason=reason)
            return self._progress_view(failed)
        key = "progress.reset" if was_there else "progress.reset_nothing"
        return self._progress_view(say(key, self.language))

    def keep_progress(self, name: str = "") -> SummarySaved:
        """Write what was done as a page of its own, to keep, send or print.

        Args:
            name: The learner's, to stand on the page; empty for none.
        """
        folder = folders.learners_notebooks()
        if folders.is_progress_off() or folder is None:
            why = "off" if folders.is_progress_off() else "nowhere"
            return SummarySaved(say(f"summary_page.unwritten_{why}", self.language), self.language)
        page = SummaryPage(self._progress_view(), str(name), date.today().isoformat())
        try:
            file = write_page(page, folder)
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = say("summary_page.unwritten", self.language, folder=folder, reason=reason)
            return SummarySaved(sentence, self.language)
        path = _path_to(file)
        return SummarySaved(
            say("summary_page.written", self.language), self.language, file.name, path
        )

    def _progress_view(self, *first: str) -> ProgressView:
        contents = {name: content_of(name) for name in LESSONS if self._has_notebook(name)}
        return progress_view(self._progress, contents, self.language, *first)

    def _has_notebook(self, name: str) -> bool:
        return lesson_notebook(name, self.language) is not None

    # ---------------------------------------------------------------- running
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
        sets = {str(label): self._attached(one) for label, one in policies.items()}
        found = exposure(sets, own_devices_need_mfa=own_devices_need_mfa)
        return ExposureView(found, self.language)

    # ---------------------------------------------------------------- acting in an account
    def console(self, account: Account, phone: PhoneView | None = None) -> ConsoleView:
        """Give a console of an account, to sign in at.

        Args:
            account: The account.
            phone: What scans QR codes on its page; None for the account's phone of this lesson.
        """
        if phone is None and self._phone is not None and self._phone[0] is account:
            phone = self._phone[1]
        view = ConsoleView(account, self.language, phone)
        self._console = account, view
        return view

    def phone(self, account: Account) -> PhoneView:
        """Give a phone with an authenticator app that follows an account's clock.

        A console of the account that knows no phone yet scans with this one.

        Args:
            account: Whose clock it follows.
        """
        view = PhoneView(account.phone(), self.language)
        self._phone = account, view
        if self._console is not None and self._console[0] is account:
            console = self._console[1]
            console.phone = console.phone or view
        return view

    def record(self, account: Account) -> RecordView:
        """Show every call that an account was asked for, with its verdict.

        Args:
            account: Whose calls are shown.
        """
        return RecordView(account.record, self.language)

    def attempt(self, call: Callable[..., Any], **parameters: Any) -> CallView:
        """Make a call of boto3 that may be refused, and show what came back.

        Args:
            call: A method of one of the account's clients, such as `iam.change_password`.
            parameters: Of the call.
        """
        return attempt(self.language, call, parameters)

    def cli(self, account: Account, command: str, credentials: Credentials = None) -> CallView:
        """Run the real AWS CLI against an account, and show what a terminal shows.

        Where there is no AWS CLI, or nothing that it could reach, boto3 makes the same call.

        Args:
            account: The account.
            command: What is typed after `aws`.
            credentials: Whose keys it uses; the administrator's by default.

        Raises:
            AccountError: There is no AWS CLI, and the command is no plain call of an operation.
        """
        return run_command(self.language, account, command, credentials)

    # ---------------------------------------------------------------- trying
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

    def check(self, name: str, answer: Any) -> VerdictView:
        """Judge the answer to an exercise.

        Args:
            name: Name of the exercise.
            answer: What the exercise asks for.
        """
        exercise = self._exercise(name)
        verdict = exercise.check(answer)
        if verdict.is_right or verdict.code not in exercise.unedited:
            self._progress.record_check(self.name, name, verdict.is_right)
        section = f"lesson_{self.name[:2]}.check_{exercise.name}"
        sentence = verdict.sentence(section, self.language)
        return VerdictView(
            verdict.is_right, sentence, self.language, verdict.calls, verdict.warnings
        )

    # ---------------------------------------------------------------- looking up
    def _read(self, given: GivenPolicy) -> Policy:
        return given if isinstance(given, Policy) else load(given, self.language)

    def _attached(self, given: GivenPolicy | Sequence[GivenPolicy]) -> PolicySet:
        is_one = isinstance(given, str) or not isinstance(given, Sequence)
        several = cast("Sequence[GivenPolicy]", [given] if is_one else given)
        return PolicySet(identity=[self._read(one) for one in several])

    def _prediction(self, name: str) -> Question:
        for prediction in self._content.predictions:
            if prediction.name == name:
                return prediction
        raise UnknownNameError("prediction", name, [one.name for one in self._content.predictions])

    def _exercise(self, name: str) -> Exercise:
        for exercise in self._content.exercises:
            if exercise.name == name:
                return exercise
        raise UnknownNameError("exercise", name, [one.name for one in self._content.exercises])


def _path_to(file: Path) -> str:
    """Give the way to a file from the notebook, as JupyterLab wants a link."""
    try:
        return relpath(file, folders.notebook_folder())
    except (OSError, ValueError):  # no working directory, or one on another drive
        return str(file)


def _is_resource(given: object) -> bool:
    return isinstance(given, str) and (given == "*" or given.startswith("arn:"))


def _kinds(names: Sequence[str]) -> list[CredentialsKind]:
    """Give kinds of credentials by their names; one name may stand alone."""
    return [_kind(name) for name in ([names] if isinstance(names, str) else names)]


def _kind(name: str) -> CredentialsKind:
    if name not in KINDS:
        raise UnknownNameError("credentials", name, KINDS)
    return KINDS[name]
