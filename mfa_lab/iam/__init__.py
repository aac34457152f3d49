"""The IAM policy language and the decision: policies, conditions, requests, credentials."""

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.context import ContextError
from mfa_lab.iam.decision import Decision, Outcome
from mfa_lab.iam.parsing.mistakes import Mistake, PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.policy_set import PolicySet, PolicySetError
from mfa_lab.iam.request import Request, RequestError

__all__ = [
    "ContextError",
    "Decision",
    "MatchedStatement",
    "Mistake",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyKind",
    "PolicySet",
    "PolicySetError",
    "Request",
    "RequestError",
    "evaluate",
]
