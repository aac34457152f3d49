"""What one call goes through, from HTTP to the refusal or to what moto gets.

In this order: http, signature, caller, validation, context, attached_policies, gate, access_denied,
moto_request.
"""
