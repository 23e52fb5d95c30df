/* PROC_THREAD_ATTRIBUTE_LIST: a counted table inside the caller's buffer. */
#include "kernel32.h"

struct known {
    DWORD_PTR attribute;
    struct {
        SIZE_T sizes[3]; /* 0: no other */
        BOOL is_list;
    } value;
};

/* UpdateProcThreadAttribute (Win32 API) has the list of attributes and their values' types. */
static const struct known known[] = {
    {PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, {{sizeof(HANDLE)}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_HANDLE_LIST, {{sizeof(HANDLE)}, TRUE}},
    {PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY, {{sizeof(GROUP_AFFINITY)}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_PREFERRED_NODE, {{sizeof(USHORT)}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_IDEAL_PROCESSOR, {{sizeof(PROCESSOR_NUMBER)}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, {{4, 8, 16}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_JOB_LIST, {{sizeof(HANDLE)}, TRUE}},
    {PROC_THREAD_ATTRIBUTE_CHILD_PROCESS_POLICY, {{4, 8}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, {{sizeof(HANDLE)}, FALSE}},
    {PROC_THREAD_ATTRIBUTE_MACHINE_TYPE, {{sizeof(USHORT)}, FALSE}},
};

static const struct known *find(DWORD_PTR attribute)
{
    for (DWORD i = 0; i < COUNT(known); i++)
        if (known[i].attribute == attribute) return &known[i];
    return NULL;
}

static BOOL fits(const struct known *row, SIZE_T size)
{
    if (row->value.is_list) return size % row->value.sizes[0] == 0;
    for (DWORD i = 0; i < COUNT(row->value.sizes); i++)
        if (size && size == row->value.sizes[i]) return TRUE;
    return FALSE;
}

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
    const struct known *row = find(attribute);
    if (flags || previous || returned || !list) return set_error(ERROR_INVALID_PARAMETER);
    if (list->count == list->room) return set_error(ERROR_GEN_FAILURE);
    if (!row) return set_error(ERROR_NOT_SUPPORTED);
    if (!fits(row, size)) return set_error(ERROR_BAD_LENGTH);
    for (DWORD i = 0; i < list->count; i++)
        if (list->rows[i].attribute == attribute) return set_error(ERROR_OBJECT_NAME_EXISTS);
    list->rows[list->count++] = (struct attribute){attribute, size, value};
    return TRUE;
}

VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    list->count = 0;
}
