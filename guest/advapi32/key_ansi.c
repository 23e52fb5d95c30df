/* The A forms of functions on keys. */
#include "advapi32.h"

LSTATUS WINAPI RegOpenKeyExA(HKEY root, LPCSTR path, DWORD options, REGSAM access, PHKEY result)
{
    WIDE(wide, path);
    return RegOpenKeyExW(root, wide, options, access, result);
}

LSTATUS WINAPI RegOpenKeyA(HKEY root, LPCSTR path, PHKEY result)
{
    WIDE(wide, path);
    return RegOpenKeyW(root, wide, result);
}

LSTATUS WINAPI RegCreateKeyExA(HKEY root, LPCSTR path, DWORD reserved, LPSTR class, DWORD options,
    REGSAM access, LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    WIDE(wide, path);
    WIDE(wide_class, class);
    return RegCreateKeyExW(root, wide, reserved, wide_class, options, access, security, result,
        disposition);
}

LSTATUS WINAPI RegCreateKeyA(HKEY root, LPCSTR path, PHKEY result)
{
    WIDE(wide, path);
    return RegCreateKeyW(root, wide, result);
}

LSTATUS WINAPI RegDeleteKeyExA(HKEY root, LPCSTR path, REGSAM access, DWORD reserved)
{
    WIDE(wide, path);
    return RegDeleteKeyExW(root, wide, access, reserved);
}

LSTATUS WINAPI RegDeleteKeyA(HKEY root, LPCSTR path)
{
    WIDE(wide, path);
    return RegDeleteKeyW(root, wide);
}

LSTATUS WINAPI RegConnectRegistryA(LPCSTR machine, HKEY key, PHKEY result)
{
    WIDE(wide, machine);
    return RegConnectRegistryW(wide, key, result);
}

LSTATUS WINAPI RegDeleteTreeA(HKEY root, LPCSTR path)
{
    WIDE(wide, path);
    return RegDeleteTreeW(root, wide);
}

LSTATUS WINAPI RegCopyTreeA(HKEY source, LPCSTR path, HKEY target)
{
    WIDE(wide, path);
    return RegCopyTreeW(source, wide, target);
}

LSTATUS WINAPI RegDeleteKeyValueA(HKEY root, LPCSTR path, LPCSTR name)
{
    WIDE(wide, path);
    WIDE(wide_name, name);
    return RegDeleteKeyValueW(root, wide, wide_name);
}

LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES security)
{
    WIDE(wide, file);
    return RegSaveKeyW(key, wide, security);
}

LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES security, DWORD format)
{
    WIDE(wide, file);
    return RegSaveKeyExW(key, wide, security, format);
}

LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR file, DWORD flags)
{
    WIDE(wide, file);
    return RegRestoreKeyW(key, wide, flags);
}

LSTATUS WINAPI RegLoadKeyA(HKEY root, LPCSTR path, LPCSTR file)
{
    WIDE(wide, path);
    WIDE(wide_file, file);
    return RegLoadKeyW(root, wide, wide_file);
}

LSTATUS WINAPI RegUnLoadKeyA(HKEY root, LPCSTR path)
{
    WIDE(wide, path);
    return RegUnLoadKeyW(root, wide);
}

LSTATUS WINAPI RegReplaceKeyA(HKEY root, LPCSTR path, LPCSTR new_file, LPCSTR old_file)
{
    WIDE(wide, path);
    WIDE(wide_new, new_file);
    WIDE(wide_old, old_file);
    return RegReplaceKeyW(root, wide, wide_new, wide_old);
}
