"""The IAM policy language and the decision, which `evaluate` makes.

The modules in the order of a decision:

    policy, parsing/        a policy's text, read and checked: one module an element
    statement, principals   what a statement covers, and who its Principal names
    condition/              what its Condition tests: operators, values, policy variables
    patterns                the wildcard matcher, for all of them
    policy_kind, attached_policy, policy_set, statement_index
                            the policies that apply to a request, by kind, and their statements
    request, context        who wants to do what, on what, and under which circumstances
    credentials             the context that AWS builds from a caller's credentials
    service_rules           what services grant or refuse whatever the policies are
    authorizer              sort the matching statements, then decide
    required_allows         which kinds of policy must allow, and which do
    decision, trace         the outcome, and why
    fast_path               what is there for speed alone
"""

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
