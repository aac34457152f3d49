"""What one call goes through, from HTTP to the refusal or to what moto gets.

In this order: http, operation, signature (authentication_errors), caller, validation, context,
attached_policies, gate, which decides, access_denied or else allowed_call and moto_request.
Whatever goes wrong on the way is a `fault`.
"""
