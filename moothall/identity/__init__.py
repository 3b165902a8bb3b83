"""The identity room: who somebody is, and that it is really them.

It keeps accounts, sign-in (password, passkey, a council's own sign-in), second factors, sessions, and tells
upper rooms what happened. It is not for what somebody may do: that follows from councils, never from here.
"""
