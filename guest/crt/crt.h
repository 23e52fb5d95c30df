/* Shared declarations of the C runtime: one source tree, two DLLs (_MSVCRT=1 gives msvcrt.dll,
   otherwise ucrtbase.dll). Names and layouts are those of the Microsoft C runtime reference. */
#pragma once

#define WIN32_LEAN_AND_MEAN
#define NOGDI
#define _INC_CTYPE                            /* its macros would replace our functions */
#define NOUSER
#include <windows.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <stdbool.h>

#ifndef _MSVCRT
#define _MSVCRT 0
#endif

typedef unsigned char uchar;

/* ---- errors (errno.c, invalid.c) */
enum {
    EPERM = 1, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD, EAGAIN, ENOMEM,
    EACCES, EFAULT, EEXIST = 17, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY,
    EFBIG = 27, ENOSPC, ESPIPE, EROFS, EMLINK, EPIPE, EDOM, ERANGE, EDEADLOCK = 36,
    ENAMETOOLONG = 38, ENOLCK, ENOSYS, ENOTEMPTY, EILSEQ, STRUNCATE = 80,
};

typedef void(__cdecl *invalid_parameter_handler)(const wchar_t *, const wchar_t *, const wchar_t *,
                                                 unsigned, uintptr_t);

int *_errno(void);
#define errno (*_errno())
void crt_set_os_error(DWORD error);           /* errno and _doserrno from a Win32 error */
void _invalid_parameter_noinfo(void);
int crt_invalid(int error);                   /* sets errno, calls the handler, returns error */
char *strerror(int error);
void crt_errors_start(void);

/* ---- per-thread data (thread_data.c) */
struct thread_data {
    int error;
    unsigned long dos_error;
    unsigned random;
    char *strtok_next;
    wchar_t *wcstok_next;
    uchar *mbstok_next;
    char *error_text;
    wchar_t *error_wtext;
    char *time_text;
    wchar_t *time_wtext;
    void *broken_down_time;
    char *conversion;
    int shift_state;
    invalid_parameter_handler invalid_handler;
    void *exception_pointers;
    int floating_point_code;
    void *signal_actions[3];                  /* SIGFPE, SIGILL, SIGSEGV are per thread */
    void *thread_start, *thread_argument;
    void *current_exception, *current_exception_context;
    void *unexpected_handler, *terminate_handler, *translator;
    int processing_throw;                     /* unwindings that run destructors */
    void *catches;                            /* the catch blocks that run (cxx_frame.c) */
    uintptr_t thread_handle;
};
struct thread_data *crt_thread(void);
bool crt_threads_start(void);
void crt_threads_stop(void);
void crt_thread_detach(void);

/* ---- memory (heap.c) */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
void crt_heap_start(void);
int _set_new_mode(int mode);

/* ---- strings */
typedef struct locale *_locale_t_;
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int _stricmp(const char *a, const char *b);
int _wcsicmp(const wchar_t *a, const wchar_t *b);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count);
char *_strdup(const char *s);
wchar_t *_wcsdup(const wchar_t *s);
/* Narrow text in the code page of file names (the ANSI one, or UTF-8 in a .UTF8 locale) to UTF-16
   and back, allocated with malloc; NULL with errno when it does not convert. */
wchar_t *crt_widen(const char *text);
char *crt_narrow(const wchar_t *text);

#define CLASS(name) int is##name(int c); int isw##name(wint_t c);
CLASS(alpha) CLASS(upper) CLASS(lower) CLASS(digit) CLASS(xdigit) CLASS(space) CLASS(punct)
CLASS(alnum) CLASS(print) CLASS(graph) CLASS(cntrl)
#undef CLASS
int tolower(int c);
int toupper(int c);
wint_t towlower(wint_t c);
wint_t towupper(wint_t c);
int iswctype(wint_t c, wctype_t mask);

/* ---- locale (locale.c, multibyte.c) */
typedef struct crt_locale {
    int utf8;                                 /* LC_CTYPE is a UTF-8 locale */
    int max_bytes;                            /* of a character: 1 or 4 */
    unsigned code_page;                       /* 0 in the "C" locale */
    char name[64];
} crt_locale;
extern crt_locale crt_global_locale;
int crt_wctomb(char *out, wchar_t c);         /* bytes written, or -1 with EILSEQ; out holds 5 */
int crt_mbtowc(wchar_t *out, const char *s, size_t n);
unsigned crt_file_code_page(void);
bool crt_locale_start(void);

/* ---- low-level I/O (fd*.c) */
enum { FD_OPEN = 1, FD_EOF = 2, FD_CRLF = 4, FD_PIPE = 8, FD_NOINHERIT = 16, FD_APPEND = 32,
       FD_DEV = 64, FD_TEXT = 128 };
enum { ENC_ANSI = 0, ENC_UTF8 = 1, ENC_UTF16 = 2 };
struct fd {
    HANDLE handle;
    uchar flags;
    uchar encoding;
    char peeked[3];                           /* read ahead after a CR on a pipe */
    uchar peeked_count;
    uchar ctrl_z;                             /* a Ctrl-Z ended the text */
    CRITICAL_SECTION lock;
    bool has_lock;
    int64_t text_start;                       /* raw position where the last text read began */
};
#define FD_LIMIT 2048
struct fd *crt_fd(int fd);                    /* NULL with EBADF and the handler called */
struct fd *crt_fd_lock(int fd);
void crt_fd_unlock(struct fd *f);
int crt_fd_new(void);                         /* a locked free slot, or -1 with EMFILE */
struct fd *crt_fd_slot(int fd);
bool crt_fds_start(void);
int _open_osfhandle(intptr_t handle, int flags);
intptr_t _get_osfhandle(int fd);
int _read(int fd, void *buffer, unsigned count);
int _write(int fd, const void *buffer, unsigned count);
int _close(int fd);
int64_t _lseeki64(int fd, int64_t offset, int whence);
int _isatty(int fd);
int _commit(int fd);
int _setmode(int fd, int mode);
int crt_wopen(int *fd, const wchar_t *path, int flags, int share, int mode, bool secure);
int _dup(int fd);
int _dup2(int from, int to);
int _pipe(int *fds, unsigned size, int mode);
int _unlink(const char *path);
int _wunlink(const wchar_t *path);

enum { O_RDONLY_ = 0, O_WRONLY_ = 1, O_RDWR_ = 2, O_APPEND_ = 8, O_RANDOM_ = 16,
       O_SEQUENTIAL_ = 32, O_TEMPORARY_ = 64, O_NOINHERIT_ = 128, O_CREAT_ = 256, O_TRUNC_ = 512,
       O_EXCL_ = 1024, O_SHORT_LIVED_ = 0x1000, O_TEXT_ = 0x4000, O_BINARY_ = 0x8000,
       O_WTEXT_ = 0x10000, O_U16TEXT_ = 0x20000, O_U8TEXT_ = 0x40000 };
enum { SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2 };
enum { SH_DENYRW_ = 0x10, SH_DENYWR_ = 0x20, SH_DENYRD_ = 0x30, SH_DENYNO_ = 0x40,
       SH_SECURE_ = 0x80 };

/* ---- streams (stream*.c); the public part is msvcrt's struct _iobuf */
typedef struct FILE {
    char *_ptr;
    int _cnt;
    char *_base;
    int _flag;
    int _file;
    int _charbuf;
    int _bufsiz;
    char *_tmpfname;
} FILE;
enum { F_READ = 1, F_WRITE = 2, F_NBF = 4, F_MYBUF = 8, F_EOF = 0x10, F_ERR = 0x20, F_STRG = 0x40,
       F_RW = 0x80, F_USERBUF = 0x100, F_LBF = 0x200, F_COMMIT = 0x4000, F_INUSE = 0x10000 };
#define EOF (-1)
#undef WEOF
#define WEOF ((wint_t)0xFFFF)
#define BUFSIZ_ 4096
FILE *__acrt_iob_func(unsigned index);
#define stdin_ __acrt_iob_func(0)
#define stdout_ __acrt_iob_func(1)
#define stderr_ __acrt_iob_func(2)
void _lock_file(FILE *f);
void _unlock_file(FILE *f);
bool crt_streams_start(void);
FILE *crt_stream_new(void);
void crt_stream_release(FILE *f);
void crt_streams_flush(void);
bool crt_stream_temporary(FILE *f, bool *had); /* a buffer for one call on an unbuffered stream */
void crt_stream_temporary_end(FILE *f, bool had);
int crt_flush(FILE *f);
int _filbuf(FILE *f);
int _flsbuf(int c, FILE *f);
size_t fread(void *out, size_t size, size_t count, FILE *f);
size_t fwrite(const void *data, size_t size, size_t count, FILE *f);
size_t crt_put(FILE *f, const void *data, size_t size);
int crt_getc(FILE *f);
int crt_ungetc(int c, FILE *f);
wint_t crt_getwc(FILE *f);
wint_t crt_putwc(wchar_t c, FILE *f);
wint_t crt_ungetwc(wint_t c, FILE *f);
bool crt_stream_open(FILE *f, const wchar_t *path, const wchar_t *mode, int share);
bool crt_temporary_name(wchar_t *out, size_t room, const wchar_t *folder, const wchar_t *prefix);
bool crt_stream_mode(const wchar_t *mode, int *fd_flags, int *stream_flags);
int fclose(FILE *f);
int fflush(FILE *f);
int fputs(const char *s, FILE *f);
extern int _fmode, _commode;

/* ---- formatting */
enum { FMT_LEGACY_END = 1, FMT_STANDARD_SNPRINTF = 2, FMT_WIDE_LEGACY = 4, FMT_MSVCRT = 8,
       FMT_EXPONENT3 = 16, FMT_SECURE = 0x10000, FMT_POSITIONAL = 0x20000 };
enum { SCAN_SECURE = 1, SCAN_WIDE_LEGACY = 2, SCAN_MSVCRT = 4 };
struct sink {                                 /* where formatted text goes */
    void *buffer;                             /* or NULL */
    size_t room, count;                       /* characters */
    FILE *file;
    bool failed;
};
bool crt_count_output(int size, void *target, size_t count);
int crt_format(struct sink *out, uint64_t options, const char *format, va_list args);
int crt_wformat(struct sink *out, uint64_t options, const wchar_t *format, va_list args);
struct source {                               /* what is scanned: a stream or a string */
    FILE *file;
    const void *text;
    size_t left;
    size_t count;                             /* characters taken */
};
int crt_scan(struct source *in, uint64_t options, const char *format, va_list args);
int crt_wscan(struct source *in, uint64_t options, const wchar_t *format, va_list args);
/* A double as printf prints it, without padding: buffer holds 400 + precision characters. */
struct number {
    char sign, type;
    bool alternate;
    int precision;
    uint64_t options;
};
size_t crt_double_text(char *out, double value, struct number *how);
#define DOUBLE_TEXT_ROOM 400

/* ---- conversions */
double strtod(const char *s, char **end);
float strtof(const char *s, char **end);
unsigned long strtoul(const char *s, char **end, int base);
long strtol(const char *s, char **end, int base);
char *_ultoa(unsigned long value, char *out, int radix);

/* ---- environment, arguments, start and end */
char **crt_narrow_environment(void);
wchar_t **crt_wide_environment(void);
wchar_t *_wgetenv(const wchar_t *name);
char *getenv(const char *name);
bool crt_arguments_start(void);
void crt_time_start(void);
void crt_call_atexit(void);
DECLSPEC_NORETURN void _exit(int code);
DECLSPEC_NORETURN void exit(int code);
DECLSPEC_NORETURN void abort(void);
int raise(int signal);
void crt_text_message(const char *text);      /* on stderr when the program has one */

/* ---- files and processes */
wchar_t *_wfullpath(wchar_t *out, const wchar_t *path, size_t room);
int _waccess(const wchar_t *path, int mode);
intptr_t crt_spawn(int mode, const wchar_t *path, const wchar_t *const *arguments,
                   const wchar_t *const *environment, bool search);

void _lock(int number);
void _unlock(int number);
void crt_locks_start(void);
enum { LOCK_ENV = 7, LOCK_EXIT = 8, LOCK_FDS = 11, LOCK_STREAMS = 1, LOCK_SIGNAL = 0, LOCK_TIME = 6,
       LOCK_POPEN = 9 };

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))
#define UNUSED(x) ((void)(x))
