/* The C library's part of ntdll: what its own files use of it. */
#pragma once
#include "nt.h"

void *CDECL memcpy(void *target, const void *source, size_t length);
void *CDECL memmove(void *target, const void *source, size_t length);
void *CDECL memset(void *target, int value, size_t length);
int CDECL memcmp(const void *left, const void *right, size_t length);
void *CDECL memchr(const void *memory, int value, size_t length);
size_t CDECL strlen(const char *string);
int CDECL strcmp(const char *left, const char *right);
int CDECL strncmp(const char *left, const char *right, size_t count);
int CDECL _stricmp(const char *left, const char *right);
char *CDECL strchr(const char *string, int value);
char *CDECL strrchr(const char *string, int value);
size_t CDECL wcslen(const wchar_t *string);
wchar_t *CDECL wcschr(const wchar_t *string, wchar_t value);
wchar_t *CDECL wcsrchr(const wchar_t *string, wchar_t value);
int CDECL wcscmp(const wchar_t *left, const wchar_t *right);
int CDECL _wcsicmp(const wchar_t *left, const wchar_t *right);
int CDECL _wcsnicmp(const wchar_t *left, const wchar_t *right, size_t count);
int CDECL _vsnprintf(char *target, size_t count, const char *format, va_list arguments);
int CDECL _snprintf(char *target, size_t count, const char *format, ...);
int CDECL _vsnwprintf(wchar_t *target, size_t count, const wchar_t *format, va_list arguments);
int CDECL _snwprintf(wchar_t *target, size_t count, const wchar_t *format, ...);
int CDECL tolower(int value);
int CDECL toupper(int value);
wchar_t CDECL towlower(wchar_t value);
wchar_t CDECL towupper(wchar_t value);
