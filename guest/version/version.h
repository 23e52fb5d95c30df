/* The version resource, as the SDK's VS_VERSIONINFO page draws it: a tree of blocks, each with its
 * length, the length of its value, its type (1: text), a key, the value and the blocks below;
 * value and blocks begin at multiples of four bytes. */
#pragma once
#include "wide.h"
#include <string.h>
#include <winerror.h>

#define MAKEINTRESOURCEW(number) ((LPCWSTR)(ULONG_PTR)(number))

struct block {
    WORD length, value_length, type;
    WCHAR key[];
};

/* Behind the resource lies as much room again, where VerQueryValueA puts text in ANSI. */
static inline DWORD room_for(DWORD resource)
{
    return ((resource + 3) & ~3u) * 2;
}
