/* From the A form of a function to its W form; one file of a DLL that uses it includes wide.inc. */
#pragma once
#include "rtl.h"
#include <winnls.h>

/* WIDE declares `name`, the UTF-16 form of an ANSI string (NULL for NULL or when memory ran out),
 * that lives as long as the block. */
struct wide {
    WCHAR *text;
    WCHAR room[MAX_PATH];
};
#define WIDE_IN(name, source, code_page) \
    struct wide name##_wide __attribute__((cleanup(wide_free))); \
    WCHAR *name = wide_from(&name##_wide, (source), (code_page))
#define WIDE(name, source) WIDE_IN(name, source, CP_ACP)

WCHAR *wide_from(struct wide *wide, const char *text, UINT code_page);
void wide_free(struct wide *wide);
