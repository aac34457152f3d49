"""A lesson's tools: one object that speaks the lesson's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from botocore.exceptions import ClientError

from mfa_lab.account import Account
from mfa_lab.account.account import Credentials, open_account
from mfa_lab.analysis.ask import ask
from mfa_lab.analysis.difference import Difference, difference
from mfa_lab.analysis.table import LESSON_ACTIONS, LESSON_KINDS, Tabulator
from mfa_lab.iam.credentials import KINDS, Caller, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.prediction import GUESSES, Choice, Question
from mfa_lab.lesson.stored_policies import stored_policy
from mfa_lab.text import LANGUAGES, catalogue, say
from mfa_lab.view.call_view import CallView, command_view
from mfa_lab.view.console_view import ConsoleView
from mfa_lab.view.contexts import ContextsView
from mfa_lab.view.decision_table import DecisionTable
from mfa_lab.view.difference_view import DifferenceView
from mfa_lab.view.guess import GuessForm, GuessResults, Option, face_options
from mfa_lab.view.not_action_editor import NotActionWorkbench
from mfa_lab.view.not_action_list import not_action_of
from mfa_lab.view.phone_view import PhoneView
from mfa_lab.view.policy_page import PolicyPage
from mfa_lab.view.record_view import RecordView
from mfa_lab.view.trace_view import TraceView
from mfa_lab.view.verdict import VerdictView

LESSONS: Final = (
    "00_start_here",
    "01_force_mfa_policy",
    "02_first_sign_in",
    "03_two_more_actions",
    "04_someone_elses_keys",
    "05_the_documented_way",
    "06_many_devices",
    "07_absent_is_not_false",
    "08_design_your_own",
    "09_check_your_own_policy",
)


class LessonError(LookupError):
    """A lesson, a prediction or an exercise was asked for that does not exist."""


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to guess and to do in a lesson.

    Args:
        predictions: The questions, in order.
        exercises: The exercises, in order.
    """

    predictions: tuple[Question, ...]
    exercises: tuple[Exercise, ...]


def content_of(name: str) -> Content:
    """Give what there is to guess and to do in a lesson.

    Args:
        name: The notebook's name without `.ipynb`.

    Raises:
        LessonError: There is no such lesson.
    """
    if name not in LESSONS:
        raise LessonError(f"no lesson is named {name!r}; there are: {', '.join(LESSONS)}")
    module = import_module(f"mfa_lab.lesson.lesson_{name[:2]}")
    return Content(module.PREDICTIONS, module.EXERCISES)


class Lesson:
    """The tools of one lesson.

    Args:
        name: The notebook's name without `.ipynb`.
        language: `en` or `ja`.

    Raises:
        LessonError: There is no such lesson.
        ValueError: There is no such language.
    """

    def __init__(self, name: str, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        self.name, self.language = name, language
        self._content = content_of(name)
        self._tabulator = Tabulator()
        # Of the account that is open: there is one at a time.
        self._console: tuple[Account, ConsoleView] | None = None
        self._phone: tuple[Account, PhoneView] | None = None

    def __repr__(self) -> str:
        return f"<lesson {self.name}, {self.language}>"

    # ---------------------------------------------------------------- reading
    def policy(self, name: str) -> Policy:
        """Give a policy of data/policies by its name."""
        return stored_policy(name)

    def read(self, policy: Policy) -> PolicyPage:
        """Show a policy as a page to read."""
        return PolicyPage(policy, self.language)

    def contexts(self, kinds: Sequence[str] = ()) -> ContextsView:
        """Show what each kind of credentials says about MFA.

        Args:
            kinds: Names of kinds; none for those of the table.
        """
        callers = self._tabulator.callers
        chosen = [Caller(_kind(kind)) for kind in kinds] or callers
        return ContextsView(tuple(chosen), self.language)

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
            GUESSES.made(self.name, name),
            lambda guess: GUESSES.record(self.name, prediction, guess),
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
        GUESSES.record(self.name, self._prediction(name), guess)
        return self.predict(name)

    def results(self, *names: str) -> GuessResults:
        """Run predictions and show each guess beside the result.

        Args:
            names: Of the predictions; none for all of the lesson.
        """
        chosen = [self._prediction(name) for name in names] or self._content.predictions
        return GuessResults(tuple(map(self._result, chosen)), self.language)

    def _result(self, question: Question) -> tuple[str, Option | None, Option]:
        options = {one.value: one for one in self._options(question)}
        guess = GUESSES.made(self.name, question.name)
        return self._sentence(question), options.get(guess or ""), options[question.run()]

    def _sentence(self, question: Question) -> str:
        return say(f"lesson_{self.name[:2]}.predict_{question.name}", self.language)

    def _options(self, question: Question) -> tuple[Option, ...]:
        if not isinstance(question, Choice):
            return face_options(self.language)
        section = f"lesson_{self.name[:2]}.options_{question.name}"
        return tuple(
            Option(one, say(f"{section}.{one}", self.language)) for one in question.options
        )

    def forget_guesses(self) -> None:
        """Forget the guesses of this lesson, to start again."""
        GUESSES.forget(self.name)

    # ---------------------------------------------------------------- running
    def table(
        self,
        *policies: Policy,
        actions: Iterable[str] = LESSON_ACTIONS,
        kinds: Sequence[str] = (),
        has_device: bool = False,
        own_devices_need_mfa: bool = True,
    ) -> DecisionTable:
        """Show what each kind of credentials may do; a click or Enter on a cell shows why.

        Args:
            policies: The policies that are attached.
            actions: Actions or patterns, one or more rows each.
            kinds: Names of kinds of credentials, one a column; none for those of lesson 01.
            has_device: Whether the user has an MFA device already.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
        """
        rules = ServiceRules(has_device=has_device, own_devices_need_mfa=own_devices_need_mfa)
        chosen = [_kind(kind) for kind in kinds] or LESSON_KINDS
        tabulator = Tabulator(actions, chosen, rules=rules)
        return DecisionTable(tabulator.table(PolicySet(identity=policies)), self.language)

    def why(
        self,
        policies: Policy | Sequence[Policy],
        action: str,
        credentials: str,
        *,
        resource: str | None = None,
        has_device: bool = False,
        own_devices_need_mfa: bool = True,
    ) -> TraceView:
        """Show why a call is answered as it is.

        Args:
            policies: The policies that are attached.
            action: Such as `iam:ChangePassword`.
            credentials: Name of a kind of credentials, such as `access_key`.
            resource: ARN or `*`; None for the caller's own user or device.
            has_device: Whether the user has an MFA device already.
            own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
        """
        rules = ServiceRules(has_device=has_device, own_devices_need_mfa=own_devices_need_mfa)
        identity = [policies] if isinstance(policies, Policy) else policies
        attached = PolicySet(identity=identity)
        found = ask(attached, _kind(credentials), action, rules, resource=resource)
        return TraceView(found, self.language)

    def difference(self, before: Policy, after: Policy) -> DifferenceView:
        """Show exactly which answers change between two policies, over all of AWS's actions."""
        found: Difference = difference(
            self._tabulator, PolicySet(identity=(before,)), PolicySet(identity=(after,))
        )
        return DifferenceView(found, self.language)

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
        """
        view = PhoneView(account.phone(), self.language)
        self._phone = account, view
        if self._console is not None and self._console[0] is account:
            console = self._console[1]
            console.phone = console.phone or view
        return view

    def record(self, account: Account) -> RecordView:
        """Show every call that an account was asked for, with its verdict."""
        return RecordView(account.record, self.language)

    def attempt(self, call: Callable[..., Any], **parameters: Any) -> CallView:
        """Make a call of boto3 that may be refused, and show what came back.

        Args:
            call: A method of one of the account's clients, such as `iam.change_password`.
            parameters: Of the call.
        """
        record = open_account().record
        first = len(record)
        try:
            answer, error = call(**parameters), None
        except ClientError as refusal:
            answer, error = None, refusal
        calls = tuple(record)[first:]
        line = str(error) if error else ", ".join(one.operation for one in calls)
        return CallView(error is None, (line,), calls, self.language, answer)

    def cli(self, account: Account, command: str, credentials: Credentials = None) -> CallView:
        """Run the real AWS CLI against an account, and show what a terminal shows.

        Args:
            account: The account.
            command: What is typed after `aws`.
            credentials: Whose keys it uses; the administrator's by default.
        """
        first = len(account.record)
        result = account.cli(command, credentials)
        return command_view(result, tuple(account.record)[first:], self.language)

    # ---------------------------------------------------------------- trying
    def edit(self, policy: Policy, presets: Sequence[str] = ()) -> NotActionWorkbench:
        """Edit the NotAction list of a policy and see the table answer.

        Args:
            policy: The policy; it stays as it is.
            presets: Names of policies in data/policies whose lists get a button each.
        """
        steps = {name: not_action_of(stored_policy(name)) for name in presets}
        lists = {self._label_of(name): entries for name, entries in steps.items()}
        return NotActionWorkbench(policy, self.language, presets=lists, tabulator=self._tabulator)

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
        sentence = say(
            f"lesson_{self.name[:2]}.check_{exercise.name}.{verdict.code}",
            self.language,
            **verdict.values,
        )
        return VerdictView(verdict.is_right, sentence, self.language, verdict.calls)

    # ---------------------------------------------------------------- looking up
    def _prediction(self, name: str) -> Question:
        for prediction in self._content.predictions:
            if prediction.name == name:
                return prediction
        names = ", ".join(one.name for one in self._content.predictions)
        raise LessonError(f"this lesson has no prediction {name!r}; it has: {names}")

    def _exercise(self, name: str) -> Exercise:
        for exercise in self._content.exercises:
            if exercise.name == name:
                return exercise
        names = ", ".join(one.name for one in self._content.exercises)
        raise LessonError(f"this lesson has no exercise {name!r}; it has: {names}")


def _kind(name: str) -> CredentialsKind:
    if name not in KINDS:
        raise LessonError(
            f"no kind of credentials is named {name!r}; there are: {', '.join(KINDS)}"
        )
    return KINDS[name]
