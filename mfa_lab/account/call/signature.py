"""Signatures: read from a request, and computed anew with botocore's own signer.

Source: IAM User Guide, "AWS Signature Version 4 for API requests".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mfa_lab.account.call import authentication_errors
from mfa_lab.account.clock import Clock
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpRequest
from mfa_lab.account.operation import Service

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"
_SCOPE = re.compile(r"([A-Za-z0-9]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_HEX_HASH = re.compile(r"[0-9a-f]{64}")
_WITHOUT_HASH = re.compile(r"UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+")
_REGION_OF_HOST = re.compile(
    r"[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?::\d+)?", re.IGNORECASE
)
_TOLERANCE: Final = timedelta(minutes=15)
_LONGEST_LIFE: Final = 604_800  # seconds, a week


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as a request carries it.

    Args:
        access_key_id: Whose key it claims to be made with.
        token: Session token; empty for none.
        region: Region of the credential scope.
        service: Service of the credential scope.
        time: When the request was signed, as it is written in the request.
        signed_headers: Names of the headers that it covers, in lower case.
        signature: The signature itself, in hexadecimal.
        life: Seconds for which a presigned URL is valid; None for a signature in a header.
    """

    access_key_id: str
    token: str
    region: str
    service: str
    time: str
    signed_headers: tuple[str, ...]
    signature: str
    life: int | None = None

    @property
    def is_in_query(self) -> bool:
        """Whether the signature is in the URL, as in a presigned one."""
        return self.life is not None

    @property
    def moment(self) -> datetime:
        """When the request was signed."""
        return datetime.strptime(self.time, _TIME_FORMAT).replace(tzinfo=UTC)


def read_signature(request: HttpRequest, service: Service) -> Signature:
    """Read the signature of a request.

    Raises:
        Fault: There is none, or a part of it is missing.
    """
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    if "X-Amz-Signature" in query or "X-Amz-Credential" in query:
        return _in_query(query, service)
    header = request.headers.get("Authorization", "")
    if not header:
        raise authentication_errors.missing(service)
    algorithm, _, rest = header.partition(" ")
    if algorithm != _ALGORITHM:
        raise authentication_errors.unsupported_algorithm(service)
    parts = dict(_pair(part) for part in rest.split(","))
    time = request.headers.get("X-Amz-Date") or ""
    lacking = [name for name in ("Credential", "Signature", "SignedHeaders") if not parts.get(name)]
    if not time:
        lacking.append("Date")
    if lacking:
        raise authentication_errors.incomplete(service, lacking, header)
    return _build_signature(
        service,
        parts["Credential"],
        request.headers.get("X-Amz-Security-Token", ""),
        time,
        parts["SignedHeaders"],
        parts["Signature"],
    )


def _in_query(query: dict[str, str], service: Service) -> Signature:
    wanted = ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date")
    lacking = [name for name in wanted if not query.get(name)]
    if lacking:
        raise authentication_errors.incomplete(service, lacking, "")
    signature = _build_signature(
        service,
        query["X-Amz-Credential"],
        query.get("X-Amz-Security-Token", ""),
        query["X-Amz-Date"],
        query["X-Amz-SignedHeaders"],
        query["X-Amz-Signature"],
    )
    return replace(signature, life=_read_expires(query.get("X-Amz-Expires"), service))


def _read_expires(spelled: str | None, service: Service) -> int:
    """Return for how many seconds a presigned URL is valid; only S3 requires it to say so."""
    if spelled is None and service.name != "s3":
        return int(_TOLERANCE.total_seconds())
    if spelled is None:
        raise authentication_errors.invalid_expires("missing")
    if not re.fullmatch(r"-?\d{1,18}", spelled, re.ASCII):
        raise authentication_errors.invalid_expires("no_number")
    if int(spelled) < 0:
        raise authentication_errors.invalid_expires("negative")
    if int(spelled) > _LONGEST_LIFE:
        raise authentication_errors.invalid_expires("too_long")
    return int(spelled)


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name, value


def _build_signature(
    service: Service, credential: str, token: str, time: str, headers: str, signature: str
) -> Signature:
    scope = _SCOPE.fullmatch(credential)
    if scope is None or not _has_time_format(time):
        raise authentication_errors.malformed(service)
    access_key_id, date, region, scoped_service = scope.groups()
    if scoped_service != service.signing_name:
        raise authentication_errors.wrong_scope(service)
    if not time.startswith(date):
        raise authentication_errors.mismatch(service)
    names = tuple(headers.lower().split(";"))
    return Signature(access_key_id, token, region, scoped_service, time, names, signature)


def _has_time_format(spelled: str) -> bool:
    try:
        datetime.strptime(spelled, _TIME_FORMAT)
    except ValueError:
        return False
    return re.fullmatch(r"\d{8}T\d{6}Z", spelled, re.ASCII) is not None


def verify(
    request: HttpRequest, service: Service, signature: Signature, secret: str, clock: Clock
) -> None:
    """Compute the signature anew and compare it.

    The signatures of the single chunks of a body that S3's clients stream are not looked at: the
    clients that the AWS SDKs have today sign none.

    Args:
        request: What was signed.
        service: The service that is addressed.
        signature: What the request carries.
        secret: The secret access key of the access key id.
        clock: Compared with the time of signing only where it is the machine's.

    Raises:
        Fault: They differ, a part of the request is not the one that was signed, it was signed for
            another region, or the time is too far off.
    """
    region = _REGION_OF_HOST.search(request.host)
    if region is not None and region[1].lower() != signature.region:
        raise authentication_errors.wrong_region(service, signature.region, region[1].lower())
    computed = _compute_signature(request, service, signature, secret)
    if not hmac.compare_digest(computed.encode(), signature.signature.encode()):
        raise authentication_errors.mismatch(service)
    if service.name == "s3":
        _check_headers_of_s3(request, signature)
    _check_body(request, service)
    if clock.is_real:
        _check_time(service, signature, clock.now())


def _check_headers_of_s3(request: HttpRequest, signature: Signature) -> None:
    """Refuse headers of S3 that somebody may have added after the signing."""
    for name in request.headers:
        lowered = name.lower()
        is_own = lowered.startswith("x-amz-") and lowered != "x-amz-content-sha256"
        if is_own and lowered not in signature.signed_headers:
            raise authentication_errors.unsigned_header()


def _check_body(request: HttpRequest, service: Service) -> None:
    content_hash = request.headers.get("X-Amz-Content-SHA256", "")
    if _HEX_HASH.fullmatch(content_hash):
        if hashlib.sha256(request.body).hexdigest() != content_hash:
            raise authentication_errors.wrong_body_hash(service)
    elif content_hash and service.name != "s3":
        raise authentication_errors.mismatch(service)  # only S3 lets a body go unsigned
    elif content_hash and not _WITHOUT_HASH.fullmatch(content_hash):
        raise authentication_errors.invalid_body_hash()


def _compute_signature(
    request: HttpRequest, service: Service, signature: Signature, secret: str
) -> str:
    credentials = Credentials(signature.access_key_id, secret, signature.token or None)
    in_query = (SigV4QueryAuth, S3SigV4QueryAuth)
    in_header = (SigV4Auth, S3SigV4Auth)
    signer_class = (in_query if signature.is_in_query else in_header)[service.name == "s3"]
    signer = signer_class(credentials, signature.service, signature.region)
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() in signature.signed_headers
        or (name.lower() == "x-amz-content-sha256" and not signature.is_in_query)
    }
    url = request.url
    if signature.is_in_query:
        url = re.sub(r"([?&])X-Amz-Signature=[^&]*&?", r"\1", url).rstrip("?&")
    to_sign = AWSRequest(request.method, url, headers, request.body)
    to_sign.context["timestamp"] = signature.time
    canonical = signer.canonical_request(to_sign)
    computed: str = signer.signature(signer.string_to_sign(to_sign, canonical), to_sign)
    return computed


def _check_time(service: Service, signature: Signature, now: datetime) -> None:
    signed = signature.moment
    life = _TOLERANCE if signature.life is None else timedelta(seconds=signature.life)
    if signature.is_in_query and service.name == "s3" and now - signed > life:
        raise authentication_errors.presigned_url_expired()
    if now - signed > life or signed - now > _TOLERANCE:
        raise _out_of_time(service, signed, now)


def _out_of_time(service: Service, signed: datetime, now: datetime) -> Fault:
    is_late = signed < now
    limit = now - _TOLERANCE if is_late else now + _TOLERANCE
    spelled = [moment.strftime(_TIME_FORMAT) for moment in (signed, limit, now)]
    return authentication_errors.wrong_signing_time(service, *spelled, is_late=is_late)
