/* Atoms: strings with a number. The process's own and the global ones are one table, kept by NT. */
#include "kernel32.h"

static BOOL integer_atom(const WCHAR *name, ATOM *atom)
{
    ULONG value = 0;
    if (IS_INTRESOURCE(name)) {
        *atom = LOWORD(name);
        return *atom < MAXINTATOM;
    }
    if (*name++ != '#' || !*name) return FALSE;
    for (; *name; name++) {
        if (*name < '0' || *name > '9' || value >= MAXINTATOM) return FALSE;
        value = value * 10 + *name - '0';
    }
    *atom = (ATOM)value;
    return value && value < MAXINTATOM;
}

ATOM WINAPI GlobalAddAtomW(LPCWSTR name)
{
    ATOM atom;
    if (integer_atom(name, &atom)) return atom;
    return set_status(NtAddAtom(name, (ULONG)wcslen(name) * sizeof(WCHAR), &atom)) ? atom : 0;
}

ATOM WINAPI GlobalFindAtomW(LPCWSTR name)
{
    ATOM atom;
    if (integer_atom(name, &atom)) return atom;
    return set_status(NtFindAtom(name, (ULONG)wcslen(name) * sizeof(WCHAR), &atom)) ? atom : 0;
}

ATOM WINAPI GlobalDeleteAtom(ATOM atom)
{
    return atom < MAXINTATOM || set_status(NtDeleteAtom(atom)) ? 0 : atom;
}

UINT WINAPI GlobalGetAtomNameW(ATOM atom, LPWSTR buffer, int size)
{
    struct {
        USHORT usage, flags, length;
        WCHAR name[256];
    } info;
    if (size <= 0) return (UINT)set_error(ERROR_MORE_DATA);
    if (!set_status(NtQueryInformationAtom(atom, 0, &info, sizeof info, NULL))) return 0;
    return wide_out(info.name, min(info.length / sizeof(WCHAR), (ULONG)size - 1), buffer,
        (DWORD)size);
}

ATOM WINAPI GlobalAddAtomA(LPCSTR name)
{
    WIDE(wide, IS_INTRESOURCE(name) ? NULL : name);
    return GlobalAddAtomW(wide ? wide : (LPCWSTR)name);
}

ATOM WINAPI GlobalFindAtomA(LPCSTR name)
{
    WIDE(wide, IS_INTRESOURCE(name) ? NULL : name);
    return GlobalFindAtomW(wide ? wide : (LPCWSTR)name);
}

UINT WINAPI GlobalGetAtomNameA(ATOM atom, LPSTR buffer, int size)
{
    WCHAR name[256];
    UINT length = GlobalGetAtomNameW(atom, name, COUNT(name));
    if (length) length = narrow_out(name, length, buffer, (DWORD)size, CP_ACP);
    return length < (UINT)size ? length : (UINT)set_error(ERROR_MORE_DATA);
}

BOOL WINAPI InitAtomTable(DWORD size)
{
    (void)size;
    return TRUE;
}
