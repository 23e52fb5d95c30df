/* What printf.c offers to the named functions of msvcrt.dll. */
#pragma once
#include "crt.h"

int crt_vfprintf(uint64_t options, FILE *f, const void *format, va_list args, bool wide);
int crt_vsprintf(uint64_t options, void *buffer, size_t room, const void *format, va_list args,
                 bool wide);
int crt_vsprintf_s(uint64_t options, void *buffer, size_t room, const void *format, va_list args,
                   bool wide);
int crt_vsnprintf_s(uint64_t options, void *buffer, size_t room, size_t limit, const void *format,
                    va_list args, bool wide);
