"""A lesson's tools: one object that speaks the lesson's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from mfa_lab.analysis.ask import ask
from mfa_lab.analysis.difference import Difference, difference
from mfa_lab.analysis.table import LESSON_ACTIONS, Tabulator
from mfa_lab.iam.credentials import KINDS, Caller, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.prediction import GUESSES, Prediction
from mfa_lab.lesson.stored_policies import stored_policy
from mfa_lab.text import LANGUAGES, catalogue, say
from mfa_lab.view.contexts import ContextsView
from mfa_lab.view.decision_table import DecisionTable
from mfa_lab.view.difference_view import DifferenceView
from mfa_lab.view.guess import GuessForm, GuessResults
from mfa_lab.view.not_action_editor import NotActionWorkbench
from mfa_lab.view.not_action_list import not_action_of
from mfa_lab.view.policy_page import PolicyPage
from mfa_lab.view.trace_view import TraceView
from mfa_lab.view.verdict import VerdictView

_CONTENT: Final = {
    "00_start_here": "mfa_lab.lesson.lesson_00",
    "01_force_mfa_policy": "mfa_lab.lesson.lesson_01",
}


class LessonError(LookupError):
    """A lesson, a prediction or an exercise was asked for that does not exist."""


@dataclass(frozen=True, slots=True)
class _Content:
    predictions: tuple[Prediction, ...]
    exercises: tuple[Exercise, ...]


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
        if name not in _CONTENT:
            raise LessonError(f"no lesson is named {name!r}; there are: {', '.join(_CONTENT)}")
        self.name, self.language = name, language
        module = import_module(_CONTENT[name])
        self._content = _Content(module.PREDICTIONS, module.EXERCISES)
        self._tabulator = Tabulator()

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
            say(f"lesson_{self.name[:2]}.predict_{prediction.name}", self.language),
            self.language,
            GUESSES.made(self.name, name),
            lambda guess: GUESSES.record(self.name, name, guess),
        )

    def guess(self, name: str, guess: str) -> GuessForm:
        """Record a guess, as the form does.

        Args:
            name: Name of the prediction.
            guess: `allow`, `explicit_deny`, `implicit_deny` or `refused`.

        Raises:
            GuessError: It is none of these.
        """
        self._prediction(name)
        GUESSES.record(self.name, name, guess)
        return self.predict(name)

    def results(self) -> GuessResults:
        """Run every prediction and show each guess beside the result."""
        rows = [
            (
                say(f"lesson_{self.name[:2]}.predict_{one.name}", self.language),
                GUESSES.made(self.name, one.name),
                one.run(self._policy_of(one)),
            )
            for one in self._content.predictions
        ]
        return GuessResults(tuple(rows), self.language)

    def forget_guesses(self) -> None:
        """Forget the guesses of this lesson, to start again."""
        GUESSES.forget(self.name)

    # ---------------------------------------------------------------- running
    def table(
        self,
        *policies: Policy,
        actions: Iterable[str] = LESSON_ACTIONS,
        has_device: bool = False,
    ) -> DecisionTable:
        """Show what each kind of credentials may do; a click or Enter on a cell shows why.

        Args:
            policies: The policies that are attached.
            actions: Actions or patterns, one or more rows each.
            has_device: Whether the user has an MFA device already.
        """
        tabulator = Tabulator(actions, rules=ServiceRules(has_device=has_device))
        return DecisionTable(tabulator.table(PolicySet(identity=policies)), self.language)

    def why(
        self, policy: Policy, action: str, credentials: str, *, has_device: bool = False
    ) -> TraceView:
        """Show why a call is answered as it is.

        Args:
            policy: The policy that is attached.
            action: Such as `iam:ChangePassword`, on the caller's own user or device.
            credentials: Name of a kind of credentials, such as `access_key`.
            has_device: Whether the user has an MFA device already.
        """
        rules = ServiceRules(has_device=has_device)
        found = ask(PolicySet(identity=(policy,)), _kind(credentials), action, rules)
        return TraceView(found, self.language)

    def difference(self, before: Policy, after: Policy) -> DifferenceView:
        """Show exactly which answers change between two policies, over all of AWS's actions."""
        found: Difference = difference(
            self._tabulator, PolicySet(identity=(before,)), PolicySet(identity=(after,))
        )
        return DifferenceView(found, self.language)

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
        return VerdictView(verdict.is_right, sentence, self.language)

    # ---------------------------------------------------------------- looking up
    def _policy_of(self, prediction: Prediction) -> Policy:
        policy = prediction.policy
        return stored_policy(policy) if isinstance(policy, str) else policy

    def _prediction(self, name: str) -> Prediction:
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
