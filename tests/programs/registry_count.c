/* Counts its own runs in the registry, and prints the count. */
#include <stdio.h>
#include <windows.h>

int main(void)
{
    HKEY key;
    DWORD count = 0, size = sizeof count;

    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Count", 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                        &key, NULL))
        return 1;
    RegQueryValueExW(key, L"Runs", NULL, NULL, (BYTE *)&count, &size);
    count++;
    if (RegSetValueExW(key, L"Runs", 0, REG_DWORD, (BYTE *)&count, sizeof count))
        return 2;
    RegCloseKey(key);
    printf("%lu\n", count);
    return 0;
}
