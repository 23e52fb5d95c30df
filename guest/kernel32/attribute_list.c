/* PROC_THREAD_ATTRIBUTE_LIST: a counted table inside the caller's buffer. */
#include "kernel32.h"

BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD count,
    DWORD flags, PSIZE_T size)
{
    SIZE_T needed = sizeof *list + count * sizeof *list->rows, room = *size;
    if (flags) return set_error(ERROR_INVALID_PARAMETER);
    *size = needed;
    if (!list || room < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    list->room = count;
    list->count = 0;
    return TRUE;
}

BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags,
    DWORD_PTR attribute, PVOID value, SIZE_T size, PVOID previous, PSIZE_T returned)
{
    (void)previous;
    (void)returned;
    if (flags || !list) return set_error(ERROR_INVALID_PARAMETER);
    if (list->count == list->room) return set_error(ERROR_GEN_FAILURE);
    list->rows[list->count++] = (struct attribute){attribute, size, value};
    return TRUE;
}

VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    list->count = 0;
}
