/* The registry's functions, in both their forms. */
#include <windows.h>
#include <stdio.h>

#define PATH "Software\\picorun-test"

static void values(HKEY key)
{
    char text[64], name[16];
    WCHAR wide[32];
    DWORD type, size, name_size, number;
    LONG error = RegSetValueExA(key, "text", 0, REG_SZ, (BYTE *)"hello", 5);
    printf("set %ld\n", error);
    size = sizeof wide;
    error = RegQueryValueExW(key, L"text", NULL, &type, (BYTE *)wide, &size);
    printf("W: %ld, type %lu, %lu bytes, %ls\n", error, type, size, wide);
    size = sizeof text;
    error = RegQueryValueExA(key, "TEXT", NULL, &type, (BYTE *)text, &size);
    printf("A: %ld, type %lu, %lu bytes, %s\n", error, type, size, text);
    size = 2;
    error = RegQueryValueExA(key, "text", NULL, &type, (BYTE *)text, &size);
    printf("small: %ld, %lu\n", error, size);
    error = RegQueryValueExA(key, "none", NULL, &type, NULL, &size);
    printf("none: %ld, %lu\n", error, size);
    number = 42;
    RegSetValueExA(key, "number", 0, REG_DWORD, (BYTE *)&number, sizeof number);
    RegSetValueExA(key, "path", 0, REG_EXPAND_SZ, (BYTE *)"%NOTHING%x", 11);
    for (DWORD i = 0;; i++) {
        name_size = sizeof name, size = sizeof text;
        error = RegEnumValueA(key, i, name, &name_size, NULL, &type, (BYTE *)text, &size);
        if (error) break;
        printf("%lu: %s (%lu), type %lu, %lu bytes\n", i, name, name_size, type, size);
    }
    printf("end %ld\n", error);
    name_size = 2;
    printf("name too long: %ld\n", RegEnumValueA(key, 0, name, &name_size, NULL, NULL, NULL, NULL));
    size = sizeof number;
    printf("get %ld\n", RegGetValueA(key, NULL, "number", RRF_RT_REG_DWORD, &type, &number, &size));
    printf("get wrong %ld\n", RegGetValueA(key, NULL, "text", RRF_RT_REG_DWORD, NULL, NULL, NULL));
    size = sizeof text;
    error = RegGetValueA(key, NULL, "path", RRF_RT_REG_SZ, &type, text, &size);
    printf("get expanded %ld, type %lu, %lu, %s\n", error, type, size, text);
    printf("delete %ld %ld\n", RegDeleteValueA(key, "number"), RegDeleteValueA(key, "number"));
}

static void keys(HKEY key)
{
    HKEY sub;
    DWORD disposition, subkeys, longest, count, longest_value, size;
    char name[32], class[32];
    LONG error = RegCreateKeyExA(key, "one\\two\\three", 0, "sort", 0, KEY_ALL_ACCESS, NULL, &sub,
        &disposition);
    printf("create %ld, %lu\n", error, disposition);
    size = sizeof class;
    error = RegQueryInfoKeyA(sub, class, &size, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL);
    printf("class %ld %s\n", error, class);
    RegCloseKey(sub);
    RegCreateKeyExA(key, "one", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &sub, &disposition);
    printf("again %lu\n", disposition);
    RegSetValueExA(sub, NULL, 0, REG_SZ, (BYTE *)"default", 8);
    RegCloseKey(sub);
    RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, &longest, NULL, &count, &longest_value, NULL,
        NULL, NULL);
    printf("%lu keys (%lu), %lu values (%lu)\n", subkeys, longest, count, longest_value);
    size = sizeof name;
    printf("enum %ld %s\n", RegEnumKeyExA(key, 0, name, &size, NULL, NULL, NULL, NULL), name);
    printf("enum end %ld\n", RegEnumKeyA(key, 1, name, sizeof name));
    size = sizeof name;
    error = RegQueryValueA(key, "one", name, (LONG *)&size);
    printf("old %ld %s\n", error, name);
    printf("not empty %ld\n", RegDeleteKeyA(key, "one"));
    printf("none %ld\n", RegOpenKeyExA(key, "nothing", 0, KEY_READ, &sub));
    printf("slash %ld\n", RegOpenKeyExA(HKEY_CURRENT_USER, "\\" PATH, 0, KEY_READ, &sub));
    printf("copy %ld\n", RegCreateKeyA(key, "copy", &sub) ? -1 : RegCopyTreeA(key, "one", sub));
    RegCloseKey(sub);
    printf("copied %ld\n", RegOpenKeyA(key, "copy\\two\\three", &sub));
    RegCloseKey(sub);
    printf("tree %ld\n", RegDeleteTreeA(key, "one"));
    printf("gone %ld\n", RegOpenKeyA(key, "one", &sub));
}

int main(void)
{
    HKEY key;
    RegDeleteTreeA(HKEY_CURRENT_USER, PATH);
    printf("%ld\n", RegCreateKeyA(HKEY_CURRENT_USER, PATH, &key));
    values(key);
    keys(key);
    RegCloseKey(key);
    printf("closed %ld\n", RegFlushKey(NULL));
    printf("%ld\n", RegDeleteTreeA(HKEY_CURRENT_USER, PATH));
    return 0;
}
