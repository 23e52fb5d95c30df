/* Text of network addresses, of bytes or of UTF-16 characters. */
#pragma once
#include "ntdll.h"

struct text {
    const void *start;
    ULONG at; /* characters read */
    ULONG width; /* bytes of a character */
};

static inline ULONG Peek(const struct text *text, ULONG ahead)
{
    ULONG index = text->at + ahead;
    return text->width == 1 ? ((const UCHAR *)text->start)[index]
                            : ((const USHORT *)text->start)[index];
}

static inline PVOID Position(const struct text *text)
{
    return (char *)text->start + text->at * text->width;
}

static inline USHORT NetworkOrder(ULONG port)
{
    return (USHORT)(port << 8 | port >> 8);
}

ULONG HexDigit(ULONG c); /* 16 and more: none */
BOOL ReadNumber(struct text *text, ULONG base, ULONGLONG limit, ULONG *value); /* >= 1 digit */
BOOL ReadPort(struct text *text, USHORT *port); /* ":" and decimal, octal or hexadecimal digits */
NTSTATUS ReadIpv4(struct text *text, BOOLEAN strict, UCHAR address[4]);
ULONG FormatIpv4(const UCHAR address[4], char *text);
/* `length` characters and a zero to a caller's buffer of *size characters. */
NTSTATUS StoreText(const char *text, ULONG length, PVOID buffer, PULONG size, ULONG width);
VOID CopyText(const char *text, ULONG length, PVOID buffer, ULONG width);
