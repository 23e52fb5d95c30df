/* What the files of kernel32 share. Lower-case names are its own; everything else is Win32's. */
#pragma once
#include "ldr.h"
#include "ntcalls.h"
#include "rtl.h"
#include "wide.h"

#include <limits.h>
#include <string.h>
#include <winerror.h>
#include <winnls.h>
#include <wincon.h>
#include <winioctl.h>
#include <winver.h>
#undef RtlZeroMemory

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define IS_INTRESOURCE(name) (!((ULONG_PTR)(name) >> 16))

/* Errors (error.c): both store the thread's last error and give FALSE; set_status gives TRUE for
 * success. */
BOOL set_error(DWORD error);
BOOL set_status(NTSTATUS status);

/* Memory of the process heap (heap.c); allocate() stores ERROR_NOT_ENOUGH_MEMORY. */
void *allocate(SIZE_T size);
void release(void *block);

/* A and W (ansi.c): besides WIDE, FILE_WIDE obeys SetFileApisToOEM. */
UINT file_code_page(void);
#define FILE_WIDE(name, source) WIDE_IN(name, source, file_code_page())
/* Stores `length` characters and a zero: the count without it, or the size needed with it. */
DWORD narrow_out(const WCHAR *text, DWORD length, char *buffer, DWORD size, UINT code_page);
DWORD wide_out(const WCHAR *text, DWORD length, WCHAR *buffer, DWORD size);
/* Calls a W function that has this protocol and gives its answer to an A caller. */
typedef DWORD (*wide_getter)(void *context, WCHAR *buffer, DWORD size);
DWORD narrow_get(wide_getter get, void *context, char *buffer, DWORD size, UINT code_page);

/* Code pages (codepage.c, codepage_tables.c): 0x80…0xFF of single-byte pages. */
struct code_page {
    UINT number;
    const WCHAR *high;
    const WCHAR *name;
};
const struct code_page *find_code_page(UINT number); /* NULL: none, or UTF-8 */
UINT real_code_page(UINT number); /* CP_ACP and its like resolved */

/* Objects (object.c). */
struct object_name {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    WCHAR text[MAX_PATH + 32];
};
/* Attributes of a named object; name may be NULL. FALSE, with the error stored: name too long. */
BOOL name_object(struct object_name *object, const WCHAR *name,
    const SECURITY_ATTRIBUTES *security, ULONG attributes);
HANDLE created(NTSTATUS status, HANDLE handle); /* ERROR_ALREADY_EXISTS as Create… report it */

/* Time. Both give NULL for INFINITE and the filled-in argument otherwise. */
LARGE_INTEGER *relative_time(LARGE_INTEGER *time, DWORD milliseconds);

/* Files (open.c). */
struct nt_path {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
};
BOOL nt_path(struct nt_path *path, const WCHAR *dos); /* else the error is stored */
void nt_path_free(struct nt_path *path);
NTSTATUS open_path(const WCHAR *dos, ACCESS_MASK access, ULONG options, HANDLE *file);

/* Console (console.c). */
NTSTATUS console_call(HANDLE console, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, ULONG *returned);
HANDLE own_console(void); /* the process's console itself, NULL without one */
HANDLE open_console(const WCHAR *name, DWORD access, const SECURITY_ATTRIBUTES *security);

/* Priority classes (process.c): Win32's bits and NT's numbers; 0: there is no such class. */
DWORD nt_priority_class(DWORD class);
DWORD win32_priority_class(DWORD class);

/* Image File Execution Options (image_options.c): the command line of the debugger that they name,
 * with the image's behind it, to be released; NULL, with the error stored. Closes the key. */
WCHAR *debugger_command(HANDLE options, const WCHAR *image, const WCHAR *command);

/* Attribute lists of CreateProcess (attribute_list.c). */
struct attribute {
    DWORD_PTR attribute;
    SIZE_T size;
    PVOID value;
};
struct _PROC_THREAD_ATTRIBUTE_LIST {
    DWORD room, count;
    struct attribute rows[];
};

/* Modules (module.c). */
PVOID module_or_program(HMODULE module);

/* Resources (resource.c): a message of a module's message table, or NULL. */
const MESSAGE_RESOURCE_ENTRY *find_message(HMODULE module, DWORD id, DWORD language);
/* The text of a Win32 error (message_text.c), or NULL. */
const char *error_text(DWORD error);

/* Text (locale.c, ctype.c). */
WORD char_type1(WCHAR c);
WCHAR lower_char(WCHAR c);
WCHAR upper_char(WCHAR c);
