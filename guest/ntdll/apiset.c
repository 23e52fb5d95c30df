/* Api-set names: contracts ("api-ms-win-core-file-l1-1-0") that stand for host DLLs.
 *
 * The map in PEB.ApiSetMap is version 6 (Windows 10): entries, values, and hashes of the names up
 * to their last hyphen, sorted. All offsets are from the map's start, lengths in bytes. */
#include "loader.h"

struct map {
    ULONG version, size, flags, count, entries, hashes, factor;
};

struct entry {
    ULONG flags, name, name_length, hashed_length, values, value_count;
};

struct hash {
    ULONG hash, index;
};

struct value {
    ULONG flags, name, name_length, host, host_length;
};

static UNICODE_STRING At(const struct map *map, ULONG offset, ULONG length)
{
    return (UNICODE_STRING){(USHORT)length, (USHORT)length, (PWSTR)((char *)map + offset)};
}

static WCHAR Lower(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static BOOL IsContract(PCUNICODE_STRING name)
{
    static const UNICODE_STRING api = {8, 8, (PWSTR)L"api-"}, ext = {8, 8, (PWSTR)L"ext-"};
    return RtlPrefixUnicodeString(&api, name, TRUE) || RtlPrefixUnicodeString(&ext, name, TRUE);
}

/* The name up to its last hyphen. */
static UNICODE_STRING Hashed(PCUNICODE_STRING name)
{
    USHORT count = name->Length / sizeof(WCHAR);
    while (count && name->Buffer[count - 1] != '-')
        count--;
    USHORT length = (count ? count - 1 : 0) * sizeof(WCHAR);
    return (UNICODE_STRING){length, length, name->Buffer};
}

static const struct entry *Find(const struct map *map, PCUNICODE_STRING name)
{
    const struct hash *hashes = (const void *)((const char *)map + map->hashes);
    ULONG hash = 0, low = 0, high = map->count;
    for (USHORT i = 0; i < name->Length / sizeof(WCHAR); i++)
        hash = hash * map->factor + Lower(name->Buffer[i]);
    while (low < high) {
        ULONG middle = (low + high) / 2;
        if (hashes[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < map->count && hashes[low].hash == hash; low++) {
        const struct entry *entry = (const void *)((const char *)map + map->entries);
        entry += hashes[low].index;
        UNICODE_STRING full = At(map, entry->name, entry->hashed_length);
        if (RtlEqualUnicodeString(&full, name, TRUE))
            return entry;
    }
    return NULL;
}

/* kernelbase has what Windows' kernel32 forwards to; here that is all in kernel32 itself. */
static BOOL IsKernelBase(PCUNICODE_STRING name)
{
    static const UNICODE_STRING base = {28, 28, (PWSTR)L"kernelbase.dll"};
    return RtlEqualUnicodeString(name, &base, TRUE);
}

/* TRUE if the name is a contract or kernelbase; then host is its DLL, empty if there is none. */
BOOL ResolveApiSet(PCUNICODE_STRING name, PCUNICODE_STRING importer, PUNICODE_STRING host)
{
    if (IsKernelBase(name)) {
        RtlInitUnicodeString(host, L"kernel32.dll");
        return TRUE;
    }
    const struct map *map = NtPeb()->ApiSetMap;
    if (!map || map->version != 6 || !IsContract(name))
        return FALSE;
    UNICODE_STRING hashed = Hashed(name);
    const struct entry *entry = Find(map, &hashed);
    *host = (UNICODE_STRING){0, 0, NULL};
    if (!entry || !entry->value_count)
        return entry != NULL;
    const struct value *values = (const void *)((const char *)map + entry->values);
    const struct value *chosen = values;
    for (ULONG i = 1; importer && i < entry->value_count; i++) {
        UNICODE_STRING only_for = At(map, values[i].name, values[i].name_length);
        if (RtlEqualUnicodeString(&only_for, importer, TRUE))
            chosen = &values[i];
    }
    *host = At(map, chosen->host, chosen->host_length);
    return TRUE;
}
