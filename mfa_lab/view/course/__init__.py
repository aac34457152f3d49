"""The course as a learner sees it: guesses, verdicts, progress, the page to keep, slides."""
