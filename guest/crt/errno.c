/* errno, _doserrno, their mapping from Win32 errors, and the messages. */
#include "crt.h"

static const char *const messages[] = {
    "No error", "Operation not permitted", "No such file or directory", "No such process",
    "Interrupted function call", "Input/output error", "No such device or address",
    "Arg list too long", "Exec format error", "Bad file descriptor", "No child processes",
    "Resource temporarily unavailable", "Not enough space", "Permission denied", "Bad address",
    "Unknown error", "Resource device", "File exists", "Improper link", "No such device",
    "Not a directory", "Is a directory", "Invalid argument", "Too many open files in system",
    "Too many open files", "Inappropriate I/O control operation", "Unknown error",
    "File too large", "No space left on device", "Invalid seek", "Read-only file system",
    "Too many links", "Broken pipe", "Domain error", "Result too large", "Unknown error",
    "Resource deadlock avoided", "Unknown error", "Filename too long", "No locks available",
    "Function not implemented", "Directory not empty", "Illegal byte sequence", "Unknown error",
};
char *_sys_errlist[COUNT_OF(messages)];
int _sys_nerr = COUNT_OF(messages) - 1;

static const struct { uint16_t os, crt; } errors[] = {
    {ERROR_INVALID_FUNCTION, EINVAL}, {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT}, {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_ACCESS_DENIED, EACCES}, {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_ARENA_TRASHED, ENOMEM}, {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_INVALID_BLOCK, ENOMEM}, {ERROR_BAD_ENVIRONMENT, E2BIG}, {ERROR_BAD_FORMAT, ENOEXEC},
    {ERROR_INVALID_ACCESS, EINVAL}, {ERROR_INVALID_DATA, EINVAL},
    {ERROR_INVALID_DRIVE, ENOENT}, {ERROR_CURRENT_DIRECTORY, EACCES},
    {ERROR_NOT_SAME_DEVICE, EXDEV}, {ERROR_NO_MORE_FILES, ENOENT},
    {ERROR_LOCK_VIOLATION, EACCES}, {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_NETWORK_ACCESS_DENIED, EACCES}, {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_FILE_EXISTS, EEXIST}, {ERROR_CANNOT_MAKE, EACCES}, {ERROR_FAIL_I24, EACCES},
    {ERROR_INVALID_PARAMETER, EINVAL}, {ERROR_NO_PROC_SLOTS, EAGAIN},
    {ERROR_DRIVE_LOCKED, EACCES}, {ERROR_BROKEN_PIPE, EPIPE}, {ERROR_DISK_FULL, ENOSPC},
    {ERROR_INVALID_TARGET_HANDLE, EBADF}, {ERROR_WAIT_NO_CHILDREN, ECHILD},
    {ERROR_CHILD_NOT_COMPLETE, ECHILD}, {ERROR_DIRECT_ACCESS_HANDLE, EBADF},
    {ERROR_NEGATIVE_SEEK, EINVAL}, {ERROR_SEEK_ON_DEVICE, EACCES},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY}, {ERROR_NOT_LOCKED, EACCES}, {ERROR_BAD_PATHNAME, ENOENT},
    {ERROR_MAX_THRDS_REACHED, EAGAIN}, {ERROR_LOCK_FAILED, EACCES},
    {ERROR_ALREADY_EXISTS, EEXIST}, {ERROR_FILENAME_EXCED_RANGE, ENOENT},
    {ERROR_NESTING_NOT_ALLOWED, EAGAIN}, {ERROR_NO_DATA, EPIPE}, {ERROR_NOT_ENOUGH_QUOTA, ENOMEM},
    {ERROR_NO_UNICODE_TRANSLATION, EILSEQ},
};

int *_errno(void)
{
    return &crt_thread()->error;
}

unsigned long *__doserrno(void)
{
    return &crt_thread()->dos_error;
}

/* The mapping that the reference documents under "errno, _doserrno"; what is not in the table is
   EINVAL, but a range of write-protect and sharing errors is EACCES and one of loader errors
   ENOEXEC. */
static int mapped(DWORD error)
{
    for (size_t i = 0; i < COUNT_OF(errors); i++)
        if (errors[i].os == error)
            return errors[i].crt;
    if (error >= ERROR_WRITE_PROTECT && error <= ERROR_SHARING_BUFFER_EXCEEDED)
        return EACCES;
    if (error >= ERROR_INVALID_STARTING_CODESEG && error <= ERROR_INFLOOP_IN_RELOC_CHAIN)
        return ENOEXEC;
    return EINVAL;
}

void crt_set_os_error(DWORD error)
{
    crt_thread()->dos_error = error;
    errno = mapped(error);
}

int _get_errno(int *value)
{
    if (!value)
        return crt_invalid(EINVAL);
    *value = errno;
    return 0;
}

int _set_errno(int value)
{
    errno = value;
    return 0;
}

int _get_doserrno(unsigned long *value)
{
    if (!value)
        return crt_invalid(EINVAL);
    *value = crt_thread()->dos_error;
    return 0;
}

int _set_doserrno(unsigned long value)
{
    crt_thread()->dos_error = value;
    return 0;
}

static const char *message(int error)
{
    if (error < 0 || error > _sys_nerr)
        error = _sys_nerr;
    return messages[error];
}

void crt_errors_start(void)
{
    for (size_t i = 0; i < COUNT_OF(messages); i++)
        _sys_errlist[i] = (char *)messages[i];
}

char *strerror(int error)
{
    struct thread_data *data = crt_thread();

    if (!data->error_text && !(data->error_text = malloc(256)))
        return "Visual C++ CRT: Not enough memory to complete call to strerror.";
    lstrcpynA(data->error_text, message(error), 256);
    return data->error_text;
}

int strerror_s(char *out, size_t size, int error)
{
    if (!out || !size)
        return crt_invalid(EINVAL);
    lstrcpynA(out, message(error), (int)(size > 0x7FFF ? 0x7FFF : size));
    return 0;
}

wchar_t *_wcserror(int error)
{
    struct thread_data *data = crt_thread();
    const char *text = message(error);

    if (!data->error_wtext && !(data->error_wtext = malloc(256 * sizeof(wchar_t))))
        return NULL;
    for (size_t i = 0; (data->error_wtext[i] = (uchar)text[i]); i++)
        ;
    return data->error_wtext;
}

int _wcserror_s(wchar_t *out, size_t size, int error)
{
    if (!out || !size)
        return crt_invalid(EINVAL);
    lstrcpynW(out, _wcserror(error), (int)(size > 0x7FFF ? 0x7FFF : size));
    return 0;
}

/* "prefix: message" of the current errno; without a prefix only the message. */
static char *with_prefix(const char *prefix)
{
    struct thread_data *data = crt_thread();
    const char *text = message(errno);

    if (!data->error_text && !(data->error_text = malloc(256)))
        return NULL;
    data->error_text[0] = 0;
    if (prefix && *prefix) {
        lstrcpynA(data->error_text, prefix, 150);
        lstrcatA(data->error_text, ": ");
    }
    lstrcatA(data->error_text, text);
    lstrcatA(data->error_text, "\n");
    return data->error_text;
}

char *_strerror(const char *prefix)
{
    return with_prefix(prefix);
}

int _strerror_s(char *out, size_t size, const char *prefix)
{
    const char *text = with_prefix(prefix);

    if (!out || !size)
        return crt_invalid(EINVAL);
    lstrcpynA(out, text ? text : "", (int)(size > 0x7FFF ? 0x7FFF : size));
    return 0;
}

wchar_t *__wcserror(const wchar_t *prefix)
{
    struct thread_data *data = crt_thread();
    char *narrow = prefix ? crt_narrow(prefix) : NULL;
    const char *text = with_prefix(narrow);

    free(narrow);
    if (!text || (!data->error_wtext && !(data->error_wtext = malloc(256 * sizeof(wchar_t)))))
        return NULL;
    MultiByteToWideChar(crt_file_code_page(), 0, text, -1, data->error_wtext, 256);
    return data->error_wtext;
}

int __wcserror_s(wchar_t *out, size_t size, const wchar_t *prefix)
{
    const wchar_t *text = __wcserror(prefix);

    if (!out || !size)
        return crt_invalid(EINVAL);
    lstrcpynW(out, text ? text : L"", (int)(size > 0x7FFF ? 0x7FFF : size));
    return 0;
}

void perror(const char *prefix)
{
    const char *text = message(errno);
    FILE *f = stderr_;

    _lock_file(f);
    if (prefix && *prefix) {
        fputs(prefix, f);
        fputs(": ", f);
    }
    fputs(text, f);
    fputs("\n", f);
    _unlock_file(f);
}

void _wperror(const wchar_t *prefix)
{
    char *text = prefix ? crt_narrow(prefix) : NULL;

    perror(text);
    free(text);
}

char ***__sys_errlist(void)
{
    static char **list = _sys_errlist;
    return &list;
}

int *__sys_nerr(void)
{
    return &_sys_nerr;
}
