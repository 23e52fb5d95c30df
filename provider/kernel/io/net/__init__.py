"""Sockets: in NT the ancillary function driver (AFD) over TCP/IP, here TCP and UDP in the machine.

Packets between guests never leave the machine; what others are sent goes to the host's network if
the user allows it, and nowhere otherwise.  It must not know SOCKADDRs, the numbers of controls, nor
errors of Winsock.
"""
