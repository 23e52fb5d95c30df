/* Activation contexts. Manifests are not read: no context can be made, none is ever active, and
 * what is looked for in them is not found, as in a process without a manifest. */
#include "kernel32.h"

HANDLE WINAPI CreateActCtxW(const ACTCTXW *context)
{
    HANDLE file;
    NTSTATUS status;
    if (!context || context->cbSize < RTL_SIZEOF_THROUGH_FIELD(ACTCTXW, lpSource)
        || context->dwFlags & ~0xFFu) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (context->lpSource) {
        status = open_path(context->lpSource, FILE_READ_DATA, FILE_NON_DIRECTORY_FILE, &file);
        if (!set_status(status)) return INVALID_HANDLE_VALUE;
        NtClose(file);
    }
    set_error(ERROR_SXS_CANT_GEN_ACTCTX);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateActCtxA(const ACTCTXA *context)
{
    ACTCTXW wide = {0};
    if (!context) return CreateActCtxW(NULL);
    WIDE(source, context->lpSource);
    wide.cbSize = sizeof wide;
    wide.dwFlags = context->dwFlags;
    wide.lpSource = source;
    return CreateActCtxW(&wide);
}

VOID WINAPI AddRefActCtx(HANDLE context)
{
    RtlAddRefActivationContext(context);
}

VOID WINAPI ReleaseActCtx(HANDLE context)
{
    RtlReleaseActivationContext(context);
}

BOOL WINAPI ZombifyActCtx(HANDLE context)
{
    (void)context;
    return set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI ActivateActCtx(HANDLE context, ULONG_PTR *cookie)
{
    return set_status(RtlActivateActivationContext(0, context, cookie));
}

BOOL WINAPI DeactivateActCtx(DWORD flags, ULONG_PTR cookie)
{
    RtlDeactivateActivationContext(flags, cookie);
    return TRUE;
}

BOOL WINAPI GetCurrentActCtx(HANDLE *context)
{
    return set_status(RtlGetActiveActivationContext(context));
}

BOOL WINAPI FindActCtxSectionStringW(DWORD flags, const GUID *extension, ULONG section,
    LPCWSTR name, PACTCTX_SECTION_KEYED_DATA data)
{
    (void)flags;
    (void)section;
    if (extension || !data || !name || data->cbSize < sizeof *data)
        return set_error(ERROR_INVALID_PARAMETER);
    return set_error(ERROR_SXS_SECTION_NOT_FOUND);
}

BOOL WINAPI FindActCtxSectionStringA(DWORD flags, const GUID *extension, ULONG section,
    LPCSTR name, PACTCTX_SECTION_KEYED_DATA data)
{
    WIDE(wide, name);
    return FindActCtxSectionStringW(flags, extension, section, wide, data);
}

BOOL WINAPI FindActCtxSectionGuid(DWORD flags, const GUID *extension, ULONG section,
    const GUID *guid, PACTCTX_SECTION_KEYED_DATA data)
{
    (void)flags;
    (void)section;
    if (extension || !guid || !data || data->cbSize < sizeof *data)
        return set_error(ERROR_INVALID_PARAMETER);
    return set_error(ERROR_SXS_SECTION_NOT_FOUND);
}

/* Of the context that is none only the basic facts are known: no handle, no flags. */
BOOL WINAPI QueryActCtxW(DWORD flags, HANDLE context, PVOID instance, ULONG class, PVOID buffer,
    SIZE_T size, SIZE_T *written)
{
    ACTIVATION_CONTEXT_BASIC_INFORMATION basic = {0};
    (void)instance;
    if (context && !(flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX))
        return set_error(ERROR_INVALID_PARAMETER);
    if (class != ActivationContextBasicInformation) return set_error(ERROR_INVALID_PARAMETER);
    if (written) *written = sizeof basic;
    if (size < sizeof basic) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, &basic, sizeof basic);
    return TRUE;
}
