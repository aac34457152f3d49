"""A guess, recorded before the run, and the answer that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.analysis.answer import Answer, Face
from mfa_lab.analysis.ask import ask
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet


class GuessError(ValueError):
    """A guess that is none of the possible answers.

    Attributes:
        guess: As it was given.
    """

    def __init__(self, guess: object) -> None:
        self.guess = guess
        super().__init__(f"a guess must be one of {', '.join(Face)}, got {guess!r}")


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question whose answer is guessed before it is run.

    Args:
        name: Key of its sentence in the text catalogue, after the lesson's.
        policy: Name of the policy in data/policies, or the policy itself.
        kind: With what credentials the call is made.
        action: What is called, on the caller's own user or device.
    """

    name: str
    policy: str | Policy
    kind: CredentialsKind
    action: str

    def run(self, policy: Policy) -> Answer:
        """Ask the evaluator."""
        return ask(PolicySet(identity=(policy,)), self.kind, self.action)


class Guesses:
    """What a learner guessed, kept while the kernel runs, so that a cell may be run again."""

    def __init__(self) -> None:
        self._faces: dict[tuple[str, str], Face] = {}

    def record(self, lesson: str, prediction: str, guess: str) -> Face:
        """Keep a guess, in place of an earlier one.

        Raises:
            GuessError: It is none of the four faces.
        """
        if guess not in tuple(Face):
            raise GuessError(guess)
        face = Face(guess)
        self._faces[lesson, prediction] = face
        return face

    def made(self, lesson: str, prediction: str) -> Face | None:
        """Give the guess, or None where there is none yet."""
        return self._faces.get((lesson, prediction))

    def forget(self, lesson: str) -> None:
        """Forget the guesses of a lesson."""
        self._faces = {key: face for key, face in self._faces.items() if key[0] != lesson}


GUESSES = Guesses()
