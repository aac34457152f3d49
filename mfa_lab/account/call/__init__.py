"""What one call goes through, from a request over HTTP to the refusal or to what moto gets.

In this order: signature (authentication_errors), caller, validation, context, attached_policies,
gate, which decides, access_denied or else allowed_call and moto_request.
"""
