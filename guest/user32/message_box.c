/* Message boxes are the system's matter, as those of services are: it shows the text to whom it can
 * and says which button was chosen (STATUS_SERVICE_NOTIFICATION, "Windows NT/2000 Native API"). */
#include "user32.h"
#include "wide.h"

#define SERVICE_NOTIFICATION ((NTSTATUS)0x40000018)
#define OVERRIDE_ERROR_MODE 0x10000000

/* HARDERROR_RESPONSE_OPTION by the type of the box, and the button by HARDERROR_RESPONSE. */
static const BYTE options[] = {1, 2, 0, 5, 4, 3, 8};
static const BYTE buttons[] = {0, 0, IDABORT, IDCANCEL, IDIGNORE, IDNO, IDOK, IDRETRY, IDYES,
    IDTRYAGAIN, IDCONTINUE};

static int show(LPCWSTR text, LPCWSTR caption, UINT type)
{
    UNICODE_STRING strings[2];
    ULONG_PTR parameters[3] = {(ULONG_PTR)&strings[0], (ULONG_PTR)&strings[1], type};
    ULONG response = 0;
    if ((type & MB_TYPEMASK) >= ARRAYSIZE(options))
        return (int)user_fail(ERROR_INVALID_MSGBOX_STYLE);
    RtlInitUnicodeString(&strings[0], text ? text : L"");
    RtlInitUnicodeString(&strings[1], caption ? caption : L"Error");
    NtRaiseHardError((NTSTATUS)(SERVICE_NOTIFICATION | OVERRIDE_ERROR_MODE), 3, 3, parameters,
        options[type & MB_TYPEMASK], &response);
    return response < ARRAYSIZE(buttons) ? buttons[response] : 0;
}

int WINAPI MessageBoxExW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type, WORD language)
{
    (void)language;
    if (owner && !IsWindow(owner)) return 0;
    return show(text, caption, type);
}

int WINAPI MessageBoxExA(HWND owner, LPCSTR text, LPCSTR caption, UINT type, WORD language)
{
    WIDE(wide_text, text);
    WIDE(wide_caption, caption);
    return MessageBoxExW(owner, wide_text, wide_caption, type, language);
}

int WINAPI MessageBoxW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type)
{
    return MessageBoxExW(owner, text, caption, type, 0);
}

int WINAPI MessageBoxA(HWND owner, LPCSTR text, LPCSTR caption, UINT type)
{
    return MessageBoxExA(owner, text, caption, type, 0);
}

static LPCWSTR loaded(HINSTANCE module, LPCWSTR text, WCHAR *room, int size)
{
    if (!text || !IS_INTRESOURCE(text)) return text;
    return LoadStringW(module, (UINT)(ULONG_PTR)text, room, size) ? room : NULL;
}

int WINAPI MessageBoxIndirectW(const MSGBOXPARAMSW *box)
{
    WCHAR text[512], caption[256];
    return MessageBoxExW(box->hwndOwner, loaded(box->hInstance, box->lpszText, text, 512),
        loaded(box->hInstance, box->lpszCaption, caption, 256), box->dwStyle, 0);
}

int WINAPI MessageBoxIndirectA(const MSGBOXPARAMSA *box)
{
    MSGBOXPARAMSW wide = *(const MSGBOXPARAMSW *)box;
    BOOL has_text = !IS_INTRESOURCE(box->lpszText), has_caption = !IS_INTRESOURCE(box->lpszCaption);
    WIDE(text, has_text ? box->lpszText : NULL);
    WIDE(caption, has_caption ? box->lpszCaption : NULL);
    if (has_text) wide.lpszText = text;
    if (has_caption) wide.lpszCaption = caption;
    return MessageBoxIndirectW(&wide);
}

BOOL WINAPI MessageBeep(UINT type)
{
    (void)type;
    return TRUE;
}
