"""What a learner does in a lesson: predict, run, ask why, edit, check."""

from mfa_lab.lesson.lesson import Lesson

__all__ = ["Lesson"]
