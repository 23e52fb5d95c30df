/* ntdll's atom tables, resources, bit runs, compression and addresses as text. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>

static void *ntdll(const char *name)
{
    return (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), name);
}

static void atoms(void)
{
    NTSTATUS(NTAPI * create)(ULONG, void **) = ntdll("RtlCreateAtomTable");
    NTSTATUS(NTAPI * add)(void *, PCWSTR, USHORT *) = ntdll("RtlAddAtomToAtomTable");
    NTSTATUS(NTAPI * look)(void *, PCWSTR, USHORT *) = ntdll("RtlLookupAtomInAtomTable");
    NTSTATUS(NTAPI * pin)(void *, USHORT) = ntdll("RtlPinAtomInAtomTable");
    NTSTATUS(NTAPI * drop)(void *, USHORT) = ntdll("RtlDeleteAtomFromAtomTable");
    NTSTATUS(NTAPI * query)(void *, USHORT, ULONG *, ULONG *, PWSTR, ULONG *) =
        ntdll("RtlQueryAtomInAtomTable");
    void *table = NULL;
    USHORT atom = 0, same = 0;
    ULONG references, pins, size;
    WCHAR name[32];
    printf("create %#lx\n", create(37, &table));
    printf("add %#lx", add(table, L"Hello", &atom));
    printf(" %#lx", add(table, L"hELLO", &same));
    printf(" same %d, high %d\n", atom == same, atom >= 0xC000);
    size = sizeof name;
    printf("query %#lx", query(table, atom, &references, &pins, name, &size));
    printf(" %lu %lu %lu %ls\n", references, pins, size, name);
    printf("pin %#lx, drop %#lx\n", pin(table, atom), drop(table, atom));
    printf("look %#lx", look(table, L"none", &same));
    printf(" %#lx %u\n", look(table, L"#12", &same), same);
}

static void bits(void)
{
    ULONG words[2] = {0xFF0F00F0, 0x1}, start;
    struct { ULONG size, *buffer; } map = {64, words};
    ULONG(NTAPI * longest)(void *, ULONG *) = ntdll("RtlFindLongestRunClear");
    ULONG(NTAPI * next)(void *, ULONG, ULONG *) = ntdll("RtlFindNextForwardRunSet");
    CCHAR(NTAPI * most)(ULONGLONG) = ntdll("RtlFindMostSignificantBit");
    CCHAR(NTAPI * least)(ULONGLONG) = ntdll("RtlFindLeastSignificantBit");
    printf("longest %lu", longest(&map, &start));
    printf(" at %lu\n", start);
    printf("next %lu", next(&map, 8, &start));
    printf(" at %lu\n", start);
    printf("bits %d %d %d\n", most(0x100000000ull), least(0x50), most(0));
}

static void packing(void)
{
    NTSTATUS(NTAPI * sizes)(USHORT, ULONG *, ULONG *) = ntdll("RtlGetCompressionWorkSpaceSize");
    NTSTATUS(NTAPI * pack)(USHORT, UCHAR *, ULONG, UCHAR *, ULONG, ULONG, ULONG *, void *) =
        ntdll("RtlCompressBuffer");
    NTSTATUS(NTAPI * unpack)(USHORT, UCHAR *, ULONG, UCHAR *, ULONG, ULONG *) =
        ntdll("RtlDecompressBuffer");
    static UCHAR plain[10000], packed[20000], back[10000];
    ULONG work, fragment, size = 0, length = 0;
    for (ULONG i = 0; i < sizeof plain; i++) plain[i] = (UCHAR)(i % 7 * (i / 1000));
    printf("sizes %#lx\n", sizes(COMPRESSION_FORMAT_LZNT1, &work, &fragment));
    printf("pack %#lx\n", pack(COMPRESSION_FORMAT_LZNT1, plain, sizeof plain, packed,
        sizeof packed, 4096, &size, malloc(work)));
    printf("unpack %#lx", unpack(COMPRESSION_FORMAT_LZNT1, back, sizeof back, packed, size, &length));
    printf(" %lu, same %d\n", length, !memcmp(plain, back, sizeof plain));
    printf("format %#lx\n", unpack(9, back, sizeof back, packed, size, &length));
    printf("short %#lx\n", unpack(COMPRESSION_FORMAT_LZNT1, back, sizeof back, packed, 1, &length));
}

static void addresses(void)
{
    LONG(NTAPI * parse4)(PCSTR, BOOLEAN, PCSTR *, void *) = ntdll("RtlIpv4StringToAddressA");
    char *(NTAPI * text4)(const void *, char *) = ntdll("RtlIpv4AddressToStringA");
    LONG(NTAPI * parse6)(PCSTR, PCSTR *, void *) = ntdll("RtlIpv6StringToAddressA");
    char *(NTAPI * text6)(const void *, char *) = ntdll("RtlIpv6AddressToStringA");
    static const char *const four[] = {"1.2.3.4", "1.2", "0x10.1", "256.1.1.1", "1.2.3.4x"};
    static const char *const six[] = {"::", "1:2:3:4:5:6:7:8", "fe80::1:0:0:2", "::1.2.3.4", "1::2::3"};
    UCHAR address[16];
    char text[64];
    const char *end;
    for (int i = 0; i < 5; i++) {
        LONG status = parse4(four[i], FALSE, &end, address);
        printf("%s: %#lx at %d", four[i], status, (int)(end - four[i]));
        if (!status) text4(address, text);
        printf(" %s\n", status ? "-" : text);
    }
    for (int i = 0; i < 4; i++) {
        LONG status = parse6(six[i], &end, address);
        printf("%s: %#lx at %d", six[i], status, (int)(end - six[i]));
        if (!status) text6(address, text);
        printf(" %s\n", status ? "-" : text);
    }
}

int main(void)
{
    atoms();
    bits();
    packing();
    addresses();
    return 0;
}
