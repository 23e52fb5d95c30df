"""Local procedure calls (Lpc in NT): ports that processes send each other short messages through.

A server makes a named *connection port*; each client that connects gets a *client port*, and the
server a *server port* for it.  It must not know what any message means.
"""
