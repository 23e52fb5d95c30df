/* UTF-8 to UTF-16 and back. What is not valid becomes U+FFFD and the answer says
 * STATUS_SOME_NOT_MAPPED (documented for both functions). */
#include "ntdll.h"

#define REPLACEMENT 0xFFFD
#define BAD 0xFFFFFFFFu

/* Decode one character of a sequence. On BAD, *at is before the first byte that is no continuation,
 * or after a second byte that makes the sequence overlong, a surrogate or too large. */
static ULONG DecodeUtf8(const UCHAR **at, const UCHAR *end)
{
    UCHAR lead = *(*at)++;
    if (lead < 0x80)
        return lead;
    ULONG more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    UCHAR low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    UCHAR high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4)
        return BAD;
    ULONG value = lead & (0x3F >> more);
    for (; more; more--, low = 0x80, high = 0xBF) {
        if (*at == end || (**at & 0xC0) != 0x80)
            return BAD;
        UCHAR byte = *(*at)++;
        if (byte < low || byte > high)
            return BAD;
        value = value << 6 | (byte & 0x3F);
    }
    return value;
}

NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
                                 ULONG SourceSize)
{
    const UCHAR *at = (const UCHAR *)Source, *end = at + SourceSize;
    ULONG count = 0, room = TargetSize / sizeof(WCHAR);
    NTSTATUS status = STATUS_SUCCESS;
    if (!Source)
        return STATUS_INVALID_PARAMETER_4;
    if (!Target && !Written)
        return STATUS_INVALID_PARAMETER;
    while (at < end) {
        ULONG c = DecodeUtf8(&at, end), units = c != BAD && c > 0xFFFF ? 2 : 1;
        if (c == BAD) {
            c = REPLACEMENT;
            status = STATUS_SOME_NOT_MAPPED;
        }
        if (Target && count + units > room) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        if (Target && units == 2) {
            Target[count] = (WCHAR)(0xD7C0 + (c >> 10));
            Target[count + 1] = (WCHAR)(0xDC00 | (c & 0x3FF));
        } else if (Target) {
            Target[count] = (WCHAR)c;
        }
        count += units;
    }
    if (Written)
        *Written = count * sizeof(WCHAR);
    return status;
}

static ULONG DecodeUtf16(PCWCH *at, PCWCH end)
{
    ULONG c = *(*at)++;
    if (c < 0xD800 || c > 0xDFFF)
        return c;
    if (c > 0xDBFF || *at == end || **at < 0xDC00 || **at > 0xDFFF)
        return BAD;
    return 0x10000 + ((c & 0x3FF) << 10) + (*(*at)++ & 0x3FF);
}

static ULONG EncodeUtf8(ULONG c, UCHAR *to)
{
    static const UCHAR leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    ULONG length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (ULONG i = length - 1; i; i--, c >>= 6)
        to[i] = 0x80 | (c & 0x3F);
    to[0] = (UCHAR)(leads[length] | c);
    return length;
}

NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR Target, ULONG TargetSize, PULONG Written, PCWCH Source,
                                 ULONG SourceSize)
{
    PCWCH at = Source, end = Source + SourceSize / sizeof(WCHAR);
    ULONG count = 0;
    NTSTATUS status = STATUS_SUCCESS;
    if (!Source)
        return STATUS_INVALID_PARAMETER_4;
    if (!Target && !Written)
        return STATUS_INVALID_PARAMETER;
    if (Target && SourceSize % sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER_5;
    while (at < end) {
        UCHAR bytes[4];
        ULONG c = DecodeUtf16(&at, end);
        if (c == BAD)
            status = STATUS_SOME_NOT_MAPPED;
        ULONG length = EncodeUtf8(c == BAD ? REPLACEMENT : c, bytes);
        if (Target && count + length > TargetSize) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        if (Target)
            memcpy(Target + count, bytes, length);
        count += length;
    }
    if (Written)
        *Written = count;
    return status;
}
