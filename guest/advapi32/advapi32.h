/* What the files of advapi32 share. Lower-case names are its own; everything else is Win32's. */
#pragma once
#include "ntcalls.h"
#include "rtl.h"
#include "rtl_security.h"
#include "wide.h"

#include <string.h>
#include <winerror.h>
#include <winreg.h>
#undef RtlZeroMemory

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Errors (error.c). The first two store the thread's last error; set_status gives TRUE for success.
 * The registry's functions return theirs. */
BOOL set_error(DWORD error);
BOOL set_status(NTSTATUS status);
LSTATUS error_of(NTSTATUS status);

static inline void *allocate(SIZE_T size)
{
    return RtlAllocateHeap(NtPeb()->ProcessHeap, 0, size);
}

static inline void release(void *block)
{
    RtlFreeHeap(NtPeb()->ProcessHeap, 0, block);
}

/* Keys (key.c): the handle behind a key, which for a predefined one is opened once. */
LSTATUS key_handle(HKEY key, HANDLE *handle);

/* Text in values (value_text.c). */
BOOL is_text(DWORD type);
/* A value's data in ANSI: `*size` is the room and becomes what is needed. ERROR_MORE_DATA if `data`
 * is too small; NULL only asks for the size. Data that is not text stays as it is. */
LSTATUS narrow_data(DWORD type, const BYTE *wide, DWORD wide_size, BYTE *data, DWORD *size);
/* `count` characters in ANSI and a zero; `*size` is the room and becomes the count. */
LSTATUS narrow_name(const WCHAR *wide, DWORD count, char *name, DWORD *size);
