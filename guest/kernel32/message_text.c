/* The text of common Win32 errors, as the "System Error Codes" pages give it. */
#include "kernel32.h"

struct row {
    DWORD error;
    const char *text;
};
#define ROW(error, text) {error, text "\r\n"}
static const struct row rows[] = { /* in the order of their numbers */
    ROW(0, "The operation completed successfully."),
    ROW(1, "Incorrect function."),
    ROW(2, "The system cannot find the file specified."),
    ROW(3, "The system cannot find the path specified."),
    ROW(4, "The system cannot open the file."),
    ROW(5, "Access is denied."),
    ROW(6, "The handle is invalid."),
    ROW(7, "The storage control blocks were destroyed."),
    ROW(8, "Not enough memory resources are available to process this command."),
    ROW(9, "The storage control block address is invalid."),
    ROW(10, "The environment is incorrect."),
    ROW(11, "An attempt was made to load a program with an incorrect format."),
    ROW(12, "The access code is invalid."),
    ROW(13, "The data is invalid."),
    ROW(14, "Not enough memory resources are available to complete this operation."),
    ROW(15, "The system cannot find the drive specified."),
    ROW(16, "The directory cannot be removed."),
    ROW(17, "The system cannot move the file to a different disk drive."),
    ROW(18, "There are no more files."),
    ROW(19, "The media is write protected."),
    ROW(20, "The system cannot find the device specified."),
    ROW(21, "The device is not ready."),
    ROW(22, "The device does not recognize the command."),
    ROW(23, "Data error (cyclic redundancy check)."),
    ROW(24, "The program issued a command but the command length is incorrect."),
    ROW(25, "The drive cannot locate a specific area or track on the disk."),
    ROW(29, "The system cannot write to the specified device."),
    ROW(30, "The system cannot read from the specified device."),
    ROW(31, "A device attached to the system is not functioning."),
    ROW(32, "The process cannot access the file because it is being used by another process."),
    ROW(33, "The process cannot access the file because another process has locked a portion of "
            "the file."),
    ROW(36, "Too many files opened for sharing."),
    ROW(38, "Reached the end of the file."),
    ROW(39, "The disk is full."),
    ROW(50, "The request is not supported."),
    ROW(53, "The network path was not found."),
    ROW(55, "The specified network resource or device is no longer available."),
    ROW(65, "Network access is denied."),
    ROW(67, "The network name cannot be found."),
    ROW(80, "The file exists."),
    ROW(82, "The directory or file cannot be created."),
    ROW(87, "The parameter is incorrect."),
    ROW(89, "The system cannot start another process at this time."),
    ROW(109, "The pipe has been ended."),
    ROW(110, "The system cannot open the device or file specified."),
    ROW(111, "The file name is too long."),
    ROW(112, "There is not enough space on the disk."),
    ROW(120, "This function is not supported on this system."),
    ROW(121, "The semaphore timeout period has expired."),
    ROW(122, "The data area passed to a system call is too small."),
    ROW(123, "The filename, directory name, or volume label syntax is incorrect."),
    ROW(124, "The system call level is not correct."),
    ROW(126, "The specified module could not be found."),
    ROW(127, "The specified procedure could not be found."),
    ROW(128, "There are no child processes to wait for."),
    ROW(131, "An attempt was made to move the file pointer before the beginning of the file."),
    ROW(132, "The file pointer cannot be set on the specified device or file."),
    ROW(145, "The directory is not empty."),
    ROW(158, "The segment is already unlocked."),
    ROW(160, "One or more arguments are not correct."),
    ROW(161, "The specified path is invalid."),
    ROW(164, "No more threads can be created in the system."),
    ROW(167, "Unable to lock a region of a file."),
    ROW(170, "The requested resource is in use."),
    ROW(183, "Cannot create a file when that file already exists."),
    ROW(187, "The specified system semaphore name was not found."),
    ROW(193, "%1 is not a valid Win32 application."),
    ROW(203, "The system could not find the environment option that was entered."),
    ROW(206, "The filename or extension is too long."),
    ROW(216, "This version of %1 is not compatible with the version of Windows you're running. "
             "Check your computer's system information and then contact the software publisher."),
    ROW(230, "The pipe state is invalid."),
    ROW(231, "All pipe instances are busy."),
    ROW(232, "The pipe is being closed."),
    ROW(233, "No process is on the other end of the pipe."),
    ROW(234, "More data is available."),
    ROW(258, "The wait operation timed out."),
    ROW(259, "No more data is available."),
    ROW(267, "The directory name is invalid."),
    ROW(288, "Attempt to release mutex not owned by caller."),
    ROW(298, "Too many posts were made to a semaphore."),
    ROW(299, "Only part of a ReadProcessMemory or WriteProcessMemory request was completed."),
    ROW(317, "The system cannot find message text for message number 0x%1 in the message file for "
             "%2."),
    ROW(487, "Attempt to access invalid address."),
    ROW(534, "Arithmetic result exceeded 32 bits."),
    ROW(535, "There is a process on other end of the pipe."),
    ROW(536, "Waiting for a process to open the other end of the pipe."),
    ROW(995, "The I/O operation has been aborted because of either a thread exit or an "
             "application request."),
    ROW(996, "Overlapped I/O event is not in a signaled state."),
    ROW(997, "Overlapped I/O operation is in progress."),
    ROW(998, "Invalid access to memory location."),
    ROW(1001, "Recursion too deep; the stack overflowed."),
    ROW(1004, "Invalid flags."),
    ROW(1005, "The volume does not contain a recognized file system.\r\nPlease make sure that all "
              "required file system drivers are loaded and that the volume is not corrupted."),
    ROW(1006, "The volume for a file has been externally altered so that the opened file is no "
              "longer valid."),
    ROW(1008, "An attempt was made to reference a token that does not exist."),
    ROW(1060, "The specified service does not exist as an installed service."),
    ROW(1113, "No mapping for the Unicode character exists in the target multi-byte code page."),
    ROW(1114, "A dynamic link library (DLL) initialization routine failed."),
    ROW(1131, "A potential deadlock condition has been detected."),
    ROW(1142, "An attempt was made to create more links on a file than the file system supports."),
    ROW(1150, "The specified program requires a newer version of Windows."),
    ROW(1157, "One of the library files needed to run this application cannot be found."),
    ROW(1168, "Element not found."),
    ROW(1200, "The specified device name is invalid."),
    ROW(1223, "The operation was canceled by the user."),
    ROW(1229, "An operation was attempted on a nonexistent network connection."),
    ROW(1314, "A required privilege is not held by the client."),
    ROW(1326, "The user name or password is incorrect."),
    ROW(1392, "The file or directory is corrupted and unreadable."),
    ROW(1400, "Invalid window handle."),
    ROW(1450, "Insufficient system resources exist to complete the requested service."),
    ROW(1455, "The paging file is too small for this operation to complete."),
    ROW(1460, "This operation returned because the timeout period expired."),
    ROW(1784, "The supplied user buffer is not valid for the requested operation."),
    ROW(1813, "The specified resource type cannot be found in the image file."),
    ROW(1814, "The specified resource name cannot be found in the image file."),
    ROW(1815, "The specified resource language ID cannot be found in the image file."),
    ROW(4390, "The file or directory is not a reparse point."),
    ROW(10004, "A blocking operation was interrupted by a call to WSACancelBlockingCall."),
    ROW(10009, "The file handle supplied is not valid."),
    ROW(10013, "An attempt was made to access a socket in a way forbidden by its access "
               "permissions."),
    ROW(10014, "The system detected an invalid pointer address in attempting to use a pointer "
               "argument in a call."),
    ROW(10022, "An invalid argument was supplied."),
    ROW(10024, "Too many open sockets."),
    ROW(10035, "A non-blocking socket operation could not be completed immediately."),
    ROW(10036, "A blocking operation is currently executing."),
    ROW(10037, "An operation was attempted on a non-blocking socket that already had an "
               "operation in progress."),
    ROW(10038, "An operation was attempted on something that is not a socket."),
    ROW(10039, "A required address was omitted from an operation on a socket."),
    ROW(10040, "A message sent on a datagram socket was larger than the internal message buffer "
               "or some other network limit, or the buffer used to receive a datagram into was "
               "smaller than the datagram itself."),
    ROW(10041, "A protocol was specified in the socket function call that does not support the "
               "semantics of the socket type requested."),
    ROW(10042, "An unknown, invalid, or unsupported option or level was specified in a "
               "getsockopt or setsockopt call."),
    ROW(10043, "The requested protocol has not been configured into the system, or no "
               "implementation for it exists."),
    ROW(10044, "The support for the specified socket type does not exist in this address family."),
    ROW(10045, "The attempted operation is not supported for the type of object referenced."),
    ROW(10046, "The protocol family has not been configured into the system or no "
               "implementation for it exists."),
    ROW(10047, "An address incompatible with the requested protocol was used."),
    ROW(10048, "Only one usage of each socket address (protocol/network address/port) is "
               "normally permitted."),
    ROW(10049, "The requested address is not valid in its context."),
    ROW(10050, "A socket operation encountered a dead network."),
    ROW(10051, "A socket operation was attempted to an unreachable network."),
    ROW(10052, "The connection has been broken due to keep-alive activity detecting a failure "
               "while the operation was in progress."),
    ROW(10053, "An established connection was aborted by the software in your host machine."),
    ROW(10054, "An existing connection was forcibly closed by the remote host."),
    ROW(10055, "An operation on a socket could not be performed because the system lacked "
               "sufficient buffer space or because a queue was full."),
    ROW(10056, "A connect request was made on an already connected socket."),
    ROW(10057, "A request to send or receive data was disallowed because the socket is not "
               "connected and (when sending on a datagram socket using a sendto call) no "
               "address was supplied."),
    ROW(10058, "A request to send or receive data was disallowed because the socket had already "
               "been shut down in that direction with a previous shutdown call."),
    ROW(10060, "A connection attempt failed because the connected party did not properly "
               "respond after a period of time, or established connection failed because "
               "connected host has failed to respond."),
    ROW(10061, "No connection could be made because the target machine actively refused it."),
    ROW(10064, "A socket operation failed because the destination host was down."),
    ROW(10065, "A socket operation was attempted to an unreachable host."),
    ROW(10067, "A Windows Sockets implementation may have a limit on the number of applications "
               "that may use it simultaneously."),
    ROW(10091, "WSAStartup cannot function at this time because the underlying system it uses "
               "to provide network services is currently unavailable."),
    ROW(10092, "The Windows Sockets version requested is not supported."),
    ROW(10093, "Either the application has not called WSAStartup, or WSAStartup failed."),
    ROW(10101, "Returned by WSARecv or WSARecvFrom to indicate the remote party has initiated a "
               "graceful shutdown sequence."),
    ROW(10109, "The specified class was not found."),
    ROW(11001, "No such host is known."),
    ROW(11002, "This is usually a temporary error during hostname resolution and means that the "
               "local server did not receive a response from an authoritative server."),
    ROW(11003, "A non-recoverable error occurred during a database lookup."),
    ROW(11004, "The requested name is valid, but no data of the requested type was found."),
};

const char *error_text(DWORD error)
{
    if (error >> 16 == 0x8007) error &= 0xFFFF; /* HRESULT_FROM_WIN32 */
    for (SIZE_T i = 0; i < COUNT(rows); i++)
        if (rows[i].error == error) return rows[i].text;
    return NULL;
}
