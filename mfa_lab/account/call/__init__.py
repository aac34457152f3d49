"""What one call goes through, from a request over HTTP to the refusal or to what moto gets.

`gate` takes it through these steps: signature (authentication_errors), caller, authenticated_call,
validation, the needed permissions (in `permissions`), context, attached_policies, the decision,
then access_denied or, where moto carries the call out, moto_request.
"""
