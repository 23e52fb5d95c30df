/* The shell's associations and streams over files: there is no shell. */
#include "wide.inc"

HRESULT WINAPI no_stream(LPCVOID file, DWORD mode, PVOID *stream)
{
    (void)file, (void)mode;
    if (stream) *stream = NULL;
    return E_NOTIMPL;
}
