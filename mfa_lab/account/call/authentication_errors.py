"""What the services answer a caller whom they cannot authenticate, each in its own words.

IAM's and STS's are known from users' reports (data/facts.md, "Signed and unsigned calls"), S3's
from its table of error codes, the others from "Common errors" of their API references. Where
several services share a protocol, the words of the best known stand for all; AWS does not document
each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mfa_lab.account.fault import Fault
from mfa_lab.account.operation import Service

_INVALID: Final = "The security token included in the request is invalid"
_EXPIRED: Final = "The security token included in the request is expired"
_NOT_VALIDATED: Final = "AWS was not able to validate the provided access credentials"
_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_S3_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "key and signing method."
)
_MISSING: Final = "Request is missing Authentication Token"


def unknown_key(service: Service) -> Fault:
    """There is no such access key, or it is not active."""
    match service:
        case Service(name="s3"):
            message = "The AWS Access Key Id you provided does not exist in our records."
            return Fault("InvalidAccessKeyId", message)
        case Service(protocol="ec2"):
            return Fault("AuthFailure", _NOT_VALIDATED, 401)
        case Service(protocol="rest-json"):
            return Fault("UnrecognizedClientException", f"{_INVALID}.", 400)
        case Service(name="sts"):
            return Fault("InvalidClientTokenId", f"{_INVALID}.")
    return Fault("InvalidClientTokenId", _INVALID)


def wrong_token(service: Service, token: str) -> Fault:
    """The session token does not belong to the access key.

    S3 answers a temporary access key without any token as one that there is not.
    """
    if service.name == "s3" and token:
        return Fault("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
    return unknown_key(service)


def expired(service: Service) -> Fault:
    """The temporary credentials are expired."""
    match service:
        case Service(name="s3"):
            return Fault("ExpiredToken", "The provided token has expired.", 400)
        case Service(protocol="ec2"):
            return Fault("RequestExpired", "Request has expired.", 400)
        case Service(protocol="rest-json"):
            return Fault("ExpiredTokenException", _EXPIRED, 400)
    return Fault("ExpiredToken", _EXPIRED)


def mismatch(service: Service, message: str = _MISMATCH) -> Fault:
    """The signature is not that of the secret access key."""
    match service:
        case Service(name="s3"):
            return Fault("SignatureDoesNotMatch", _S3_MISMATCH)
        case Service(protocol="ec2"):
            return Fault("AuthFailure", _NOT_VALIDATED, 401)
        case Service(protocol="rest-json"):
            return Fault("InvalidSignatureException", message, 400)
    return Fault("SignatureDoesNotMatch", message)


def wrong_scope(service: Service) -> Fault:
    """The credential scope names another service than is addressed."""
    return mismatch(
        service, f"Credential should be scoped to correct service: '{service.signing_name}'. "
    )


def wrong_region(service: Service, region: str, expected: str) -> Fault:
    """The credential scope names another region than the address."""
    if service.name != "s3":
        return mismatch(service, "Credential should be scoped to a valid region. ")
    message = (
        f"The authorization header is malformed; the region '{region}' is wrong; expecting "
        f"'{expected}'"
    )
    return Fault("AuthorizationHeaderMalformed", message, 400)


def unsigned_header() -> Fault:
    """A header of S3 is not covered by the signature."""
    return Fault("AccessDenied", "There were headers present in the request which were not signed")


def invalid_body_hash() -> Fault:
    """X-Amz-Content-SHA256 is neither a hash of the body nor a word that S3 knows."""
    message = (
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value."
    )
    return Fault("InvalidArgument", message, 400)


_INVALID_EXPIRES: Final = {
    "missing": "Query-string authentication version 4 requires the X-Amz-Algorithm, "
    "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires "
    "parameters.",
    "no_number": "X-Amz-Expires should be a number",
    "negative": "X-Amz-Expires must be non-negative",
    "too_long": "X-Amz-Expires must be less than a week (in seconds); that is, the given "
    "X-Amz-Expires must be less than 604800 seconds",
}


def invalid_expires(what: str) -> Fault:
    """The time for which a presigned URL is valid is missing, or not one that S3 takes.

    Args:
        what: `missing`, `no_number`, `negative` or `too_long`.
    """
    return Fault("AuthorizationQueryParametersError", _INVALID_EXPIRES[what], 400)


def presigned_url_expired() -> Fault:
    """A presigned URL of S3 has expired."""
    return Fault("AccessDenied", "Request has expired")


def wrong_body_hash(service: Service) -> Fault:
    """The body is not the one whose hash was signed."""
    if service.name != "s3":
        return mismatch(service)
    message = "The provided 'x-amz-content-sha256' header does not match what was computed."
    return Fault("XAmzContentSHA256Mismatch", message, 400)


def missing(service: Service) -> Fault:
    """The request carries no signature at all."""
    match service:
        case Service(name="s3"):
            return Fault("AccessDenied", "Access Denied")
        case Service(protocol="ec2"):
            message = "The request must contain the parameter AWSAccessKeyId"
            return Fault("MissingParameter", message, 400)
        case Service(protocol="rest-json"):
            return Fault("MissingAuthenticationTokenException", _MISSING, 400)
    return Fault("MissingAuthenticationToken", _MISSING)


def incomplete(service: Service, lacking: Sequence[str], header: str) -> Fault:
    """A part of the signature is missing."""
    message = "".join(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        if name == "Date"
        else f"Authorization header requires '{name}' parameter. "
        for name in lacking
    )
    return _incomplete(service, f"{message}Authorization={header.partition(' ')[0]}")


def malformed(service: Service) -> Fault:
    """The credential scope or the time of signing is malformed."""
    message = (
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term"
    )
    return _incomplete(service, message)


def _incomplete(service: Service, message: str) -> Fault:
    match service:
        case Service(name="s3"):
            return Fault(
                "AuthorizationHeaderMalformed",
                f"The authorization header is malformed; {message}",
                400,
            )
        case Service(protocol="ec2"):
            return Fault("AuthFailure", _NOT_VALIDATED, 401)
        case Service(protocol="rest-json"):
            return Fault("IncompleteSignatureException", message, 400)
    return Fault("IncompleteSignature", message, 400)


def unsupported_algorithm(service: Service) -> Fault:
    """The request isn't authorized by Signature Version 4."""
    if service.name != "s3":
        return _incomplete(service, "Authorization header does not begin with AWS4-HMAC-SHA256.")
    message = (
        "The authorization mechanism you have provided is not supported. "
        "Please use AWS4-HMAC-SHA256."
    )
    return Fault("InvalidRequest", message, 400)


def wrong_signing_time(
    service: Service, signed: str, limit: str, now: str, *, is_late: bool
) -> Fault:
    """The request was signed too long ago, or in the future."""
    match service:
        case Service(name="s3"):
            message = "The difference between the request time and the current time is too large."
            return Fault("RequestTimeTooSkewed", message)
        case Service(protocol="ec2"):
            return Fault("RequestExpired", "Request has expired.", 400)
    if is_late:
        message = f"Signature expired: {signed} is now earlier than {limit} ({now} - 15 min.)"
    else:
        message = (
            f"Signature not yet current: {signed} is still later than {limit} ({now} + 15 min.)"
        )
    return mismatch(service, message)
