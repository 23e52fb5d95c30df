/* Values that may name a string of a DLL, and what the machine tells of its user. */
#include <windows.h>
#include <lm.h>
#include <stdio.h>

static void load(HKEY key, const WCHAR *value, DWORD bytes)
{
    WCHAR out[64] = L"-";
    DWORD needed = 0;
    LSTATUS error;
    RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)value, (DWORD)(wcslen(value) + 1) * 2);
    error = RegLoadMUIStringW(key, L"v", out, bytes, &needed, 0, NULL);
    printf("[%ls] %ld", value, error);
    printf(" %ls\n", error ? L"" : out);
}

int main(void)
{
    HKEY key;
    WCHAR out[8], *name = NULL;
    NETSETUP_JOIN_STATUS status = 0;
    RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\picorun-mui", 0, NULL, 0, KEY_ALL_ACCESS, NULL,
        &key, NULL);
    load(key, L"plain", 128);
    load(key, L"plain", 4);
    load(key, L"@nosuch.dll,-1", 128);
    printf("%ld\n", RegLoadMUIStringW(key, L"none", out, sizeof out, NULL, 0, NULL));
    RegCloseKey(key);
    RegDeleteKeyW(HKEY_CURRENT_USER, L"Software\\picorun-mui");
    printf("%lu", NetGetJoinInformation(NULL, &name, &status));
    printf(" %d\n", status == NetSetupWorkgroupName);
    NetApiBufferFree(name);
    return 0;
}
