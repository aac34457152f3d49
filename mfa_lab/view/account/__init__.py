"""The account as a learner sees it: console, phone, record and calls."""
