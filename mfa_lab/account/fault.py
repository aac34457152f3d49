"""What goes wrong in a call: AWS's error code, HTTP status and message, written as AWS writes it.

    Fault                    AWS would answer so; becomes an error response
    NotServedError           the account has no such thing; nothing is sent anywhere

Source: data/facts.md, "Access denied messages", "MFA codes" and "ChangePassword"; "Common errors"
of the IAM, STS and EC2 API references, "Error responses" of the S3 API reference.
"""

from __future__ import annotations

import json
import re
from typing import Final
from xml.sax.saxutils import escape

from mfa_lab.account.http import HttpAnswer
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenError

_XML: Final = "text/xml"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN: Final = 403
_SERVER_ERRORS: Final = 500


class Fault(Exception):
    """An error that AWS would answer.

    Args:
        code: AWS's error code, such as `AccessDenied`.
        message: AWS's message.
        status: HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = _FORBIDDEN) -> None:
        self.code, self.message, self.status = code, message, status
        super().__init__(f"{code}: {message}")

    def answer(self, protocol: str, namespace: str, request_id: str) -> HttpAnswer:
        """Write the error as a service of some protocol does.

        Args:
            protocol: As botocore names it: `query`, `ec2`, `rest-xml`, `json` or `rest-json`.
            namespace: XML namespace of the service, for `query`.
            request_id: Id that the answer carries.
        """
        if protocol.endswith("json"):
            return self._in_json(protocol, request_id)
        if protocol == "ec2":
            body = (
                f"<Response><Errors><Error>{self._in_xml()}</Error></Errors>"
                f"<RequestID>{request_id}</RequestID></Response>"
            )
        elif protocol == "rest-xml":
            body = f"<Error>{self._in_xml()}<RequestId>{request_id}</RequestId></Error>"
        else:
            sender = "Receiver" if self.status >= _SERVER_ERRORS else "Sender"
            body = (
                f'<ErrorResponse xmlns="{escape(namespace)}"><Error><Type>{sender}</Type>'
                f"{self._in_xml()}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
            )
        headers = {"Content-Type": _XML, "x-amzn-RequestId": request_id}
        declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return HttpAnswer(self.status, headers, (declaration + body).encode())

    def _in_xml(self) -> str:
        message = _NOT_IN_XML.sub("\ufffd", self.message)
        return f"<Code>{escape(self.code)}</Code><Message>{escape(message)}</Message>"

    def _in_json(self, protocol: str, request_id: str) -> HttpAnswer:
        headers = {
            "Content-Type": "application/json"
            if protocol == "rest-json"
            else "application/x-amz-json-1.1",
            "x-amzn-RequestId": request_id,
            "x-amzn-ErrorType": self.code,
        }
        body = json.dumps({"__type": self.code, "message": self.message})
        return HttpAnswer(self.status, headers, body.encode())


class NotServedError(SpokenError):
    """A call that this account does not serve. It went nowhere.

    Attributes:
        code: Why: a key of the section `account_error` of the text catalogue.
        values: What the sentence names.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(self.sentence())

    def sentence(self, language: str | None = None) -> str:
        """Say what is not served."""
        return say(f"account_error.{self.code}", language, **self.values)
