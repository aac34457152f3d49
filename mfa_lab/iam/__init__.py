"""The IAM policy language and the decision: policies, conditions, requests, credentials."""

from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.context import ContextError
from mfa_lab.iam.decision import Decision, MatchedStatement, Outcome
from mfa_lab.iam.mistakes import Mistake, PolicyError
from mfa_lab.iam.policy import Policy, PolicySet, UnsupportedPolicyKindError
from mfa_lab.iam.request import Request, RequestError

__all__ = [
    "ContextError",
    "Decision",
    "MatchedStatement",
    "Mistake",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Request",
    "RequestError",
    "UnsupportedPolicyKindError",
    "evaluate",
]
