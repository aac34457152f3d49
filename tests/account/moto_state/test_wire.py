"""Which services are served, and what a call to any other is told."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from mfa_lab.account import Account, NotServedError
from tests.account.conftest import client_of

NOT_SERVED = [
    # service, an operation
    ("dynamodb", "list_tables"),
    ("kms", "list_keys"),
    ("logs", "describe_log_groups"),
    ("secretsmanager", "list_secrets"),
    ("sqs", "list_queues"),
    ("ssm", "describe_parameters"),
    ("lambda", "list_functions"),
]
SERVED = {
    "en": "This account serves IAM, STS, S3 and EC2, but not {host}. The call was not sent anywhere.",
    "ja": "このアカウントで利用できるのは IAM、STS、S3、EC2 だけで、{host} は利用できません。呼び出しはどこにも送信していません。",
}


@pytest.mark.parametrize(("service", "operation"), NOT_SERVED)
def test_a_service_that_is_not_served_says_which_are(
    shared_account: Account, service: str, operation: str
) -> None:
    host = f"{service}.us-east-1.amazonaws.com"
    with pytest.raises(NotServedError) as caught:
        getattr(shared_account.client(service), operation)()
    for language, sentence in SERVED.items():
        assert caught.value.sentence(language) == sentence.format(host=host)


@pytest.mark.parametrize(("service", "operation"), NOT_SERVED)
def test_so_it_does_over_http(
    shared_account: Account, reachable: None, service: str, operation: str
) -> None:
    with pytest.raises(ClientError, match="NotImplemented") as caught:
        getattr(client_of(shared_account, service), operation)()
    assert SERVED["en"].format(host=f"{service}.us-east-1.amazonaws.com") in str(caught.value)


def test_so_does_the_aws_cli(shared_account: Account) -> None:
    result = shared_account.cli("dynamodb list-tables")
    assert not result.works
    assert SERVED["en"].format(host="dynamodb.us-east-1.amazonaws.com") in result.error
