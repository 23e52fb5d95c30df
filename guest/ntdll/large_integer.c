/* 64-bit arithmetic by name, from the time when compilers had none. */
#include "ntdll.h"

LONGLONG NTAPI RtlLargeIntegerAdd(LONGLONG Left, LONGLONG Right)
{
    return Left + Right;
}

LONGLONG NTAPI RtlLargeIntegerSubtract(LONGLONG Left, LONGLONG Right)
{
    return Left - Right;
}

LONGLONG NTAPI RtlLargeIntegerNegate(LONGLONG Value)
{
    return -Value;
}

LONGLONG NTAPI RtlLargeIntegerShiftLeft(LONGLONG Value, CCHAR Count)
{
    return Value << Count;
}

LONGLONG NTAPI RtlLargeIntegerShiftRight(LONGLONG Value, CCHAR Count)
{
    return (LONGLONG)((ULONGLONG)Value >> Count);
}

LONGLONG NTAPI RtlLargeIntegerArithmeticShift(LONGLONG Value, CCHAR Count)
{
    return Value >> Count;
}

ULONGLONG NTAPI RtlLargeIntegerDivide(ULONGLONG Dividend, ULONGLONG Divisor, PULONGLONG Remainder)
{
    ULONGLONG quotient = Dividend / Divisor;
    if (Remainder)
        *Remainder = Dividend - quotient * Divisor;
    return quotient;
}

LONGLONG NTAPI RtlConvertLongToLargeInteger(LONG Value)
{
    return Value;
}

ULONGLONG NTAPI RtlConvertUlongToLargeInteger(ULONG Value)
{
    return Value;
}

LONGLONG NTAPI RtlEnlargedIntegerMultiply(LONG Left, LONG Right)
{
    return (LONGLONG)Left * Right;
}

ULONGLONG NTAPI RtlEnlargedUnsignedMultiply(ULONG Left, ULONG Right)
{
    return (ULONGLONG)Left * Right;
}

ULONG NTAPI RtlEnlargedUnsignedDivide(ULONGLONG Dividend, ULONG Divisor, PULONG Remainder)
{
    if (Remainder)
        *Remainder = (ULONG)(Dividend % Divisor);
    return (ULONG)(Dividend / Divisor);
}

LONGLONG NTAPI RtlExtendedIntegerMultiply(LONGLONG Left, LONG Right)
{
    return Left * Right;
}

ULONGLONG NTAPI RtlExtendedLargeIntegerDivide(ULONGLONG Dividend, ULONG Divisor, PULONG Remainder)
{
    if (Remainder)
        *Remainder = (ULONG)(Dividend % Divisor);
    return Dividend / Divisor;
}

/* The upper 64 bits of the product of the magnitudes, shifted, with the dividend's sign. */
LONGLONG NTAPI RtlExtendedMagicDivide(LONGLONG Dividend, LONGLONG Magic, CCHAR Shift)
{
    ULONGLONG a = Dividend < 0 ? 0 - (ULONGLONG)Dividend : (ULONGLONG)Dividend;
    ULONGLONG b = (ULONGLONG)Magic, low = (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
    ULONGLONG middle1 = (a >> 32) * (b & 0xFFFFFFFF), middle2 = (a & 0xFFFFFFFF) * (b >> 32);
    ULONGLONG carry = ((low >> 32) + (middle1 & 0xFFFFFFFF) + (middle2 & 0xFFFFFFFF)) >> 32;
    ULONGLONG high = (a >> 32) * (b >> 32) + (middle1 >> 32) + (middle2 >> 32) + carry;
    high >>= Shift;
    return Dividend < 0 ? -(LONGLONG)high : (LONGLONG)high;
}

LONGLONG NTAPI RtlInterlockedCompareExchange64(volatile LONGLONG *Target, LONGLONG New,
                                               LONGLONG Expected)
{
    return InterlockedCompareExchange64(Target, New, Expected);
}

/* As RtlIntegerToChar: no terminator if it just fits; STATUS_BUFFER_OVERFLOW if it does not. */
NTSTATUS NTAPI RtlLargeIntegerToChar(const ULONGLONG *Value, ULONG Base, ULONG Length, PCHAR String)
{
    CHAR text[65];
    ULONGLONG value = *Value;
    ULONG at = sizeof text;
    if (!Base)
        Base = 10;
    if (Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return STATUS_INVALID_PARAMETER;
    do {
        text[--at] = "0123456789ABCDEF"[value % Base];
        value /= Base;
    } while (value);
    ULONG count = sizeof text - at;
    if (count > Length)
        return STATUS_BUFFER_OVERFLOW;
    if (!String)
        return STATUS_ACCESS_VIOLATION;
    memcpy(String, text + at, count);
    if (count < Length)
        String[count] = 0;
    return STATUS_SUCCESS;
}
