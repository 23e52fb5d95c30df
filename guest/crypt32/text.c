/* Base64 and hexadecimal text as bytes. */
#include "certificates.h"

static int base64_value(WCHAR c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int hex_value(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static BOOL is_space(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Digits of `bits` bits, white space between them; "=" only at the end. `output` may be NULL. */
static BOOL digits(const WCHAR *text, DWORD length, int bits, BYTE *output, DWORD room, DWORD *size)
{
    DWORD value = 0, done = 0;
    int have = 0;
    BOOL ended = FALSE;
    for (DWORD i = 0; i < length; i++) {
        int digit = bits == 6 ? base64_value(text[i]) : hex_value(text[i]);
        if (is_space(text[i])) continue;
        if (bits == 6 && text[i] == '=') {
            ended = TRUE;
            continue;
        }
        if (digit < 0 || ended) return fail(ERROR_INVALID_DATA);
        value = value << bits | (DWORD)digit;
        have += bits;
        if (have < 8) continue;
        have -= 8;
        if (output && done < room) output[done] = (BYTE)(value >> have);
        done++;
    }
    if (have >= bits) return fail(ERROR_INVALID_DATA);
    *size = done;
    if (output && done > room) return fail(ERROR_MORE_DATA);
    return TRUE;
}

/* What lies between "-----BEGIN X-----" and "-----END X-----". FALSE: there are no such lines. */
static BOOL between_lines(const WCHAR **text, DWORD *length, DWORD *skipped)
{
    static const WCHAR begin[] = L"-----BEGIN ", end[] = L"-----END ";
    DWORD at = 0, first;
    while (at + 11 <= *length && memcmp(*text + at, begin, 11 * sizeof(WCHAR))) at++;
    if (at + 11 > *length) return FALSE;
    *skipped = at;
    while (at < *length && (*text)[at] != '\n') at++;
    first = at;
    while (at + 9 <= *length && memcmp(*text + at, end, 9 * sizeof(WCHAR))) at++;
    if (at + 9 > *length) return FALSE;
    *text += first;
    *length = at - first;
    return TRUE;
}

BOOL WINAPI CryptStringToBinaryW(LPCWSTR text, DWORD length, DWORD flags, BYTE *output, DWORD *size,
    DWORD *skipped, DWORD *found)
{
    DWORD kind = flags & ~(DWORD)CRYPT_STRING_STRICT, before = 0;
    BOOL header = FALSE;
    if (!text || !size) return fail(ERROR_INVALID_PARAMETER);
    if (!length) length = (DWORD)wcslen(text);
    if (kind == CRYPT_STRING_BASE64HEADER || kind == CRYPT_STRING_BASE64_ANY ||
        kind == CRYPT_STRING_ANY || kind == CRYPT_STRING_BASE64REQUESTHEADER)
        header = between_lines(&text, &length, &before);
    if (!header && (kind == CRYPT_STRING_BASE64HEADER || kind == CRYPT_STRING_BASE64REQUESTHEADER))
        return fail(ERROR_INVALID_DATA);
    if (kind == CRYPT_STRING_BINARY) return fail(ERROR_INVALID_PARAMETER);
    if (skipped) *skipped = before;
    if (found) *found = header ? CRYPT_STRING_BASE64HEADER
        : kind == CRYPT_STRING_HEX || kind == CRYPT_STRING_HEXRAW ? kind : CRYPT_STRING_BASE64;
    return digits(text, length, kind == CRYPT_STRING_HEX || kind == CRYPT_STRING_HEXRAW ? 4 : 6,
        output, *size, size);
}

BOOL WINAPI CryptStringToBinaryA(LPCSTR text, DWORD length, DWORD flags, BYTE *output, DWORD *size,
    DWORD *skipped, DWORD *found)
{
    WIDE(wide, text);
    return CryptStringToBinaryW(wide, length, flags, output, size, skipped, found);
}
