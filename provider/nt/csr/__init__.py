r"""The Windows subsystem's server (CSRSS: CSRSRV.DLL and BASESRV.DLL), inside the kernel.

It keeps the list of Win32 processes and their threads and answers what kernel32 and ntdll ask over
the port \Sessions\1\Windows\ApiPort.  It is a minimal process of its own, csrss.exe, made when
somebody first connects to a port.  It must not know how messages travel: that is `lpc`.
"""
