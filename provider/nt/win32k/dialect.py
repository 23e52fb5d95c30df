"""How user32 and win32u of one version speak with the kernel.

Wine's calls beyond those of Windows are told apart by codes, which change with its versions; the
names here are those of its header (include/ntuser.h of Wine 8.0 and 10.0).
"""

from __future__ import annotations

from emu.named_tuple import NamedTuple


class Dialect(NamedTuple):
    """One version's numbers."""

    no_param: tuple[str, ...]
    """What the codes of NtUserCallNoParam mean; so with the next ones."""
    one_param: tuple[str, ...]
    two_param: tuple[str, ...]
    hwnd: tuple[str, ...]
    hwnd_param: tuple[str, ...]
    procedures: tuple[str, ...]
    """The order of user32's own window procedures in NtUserInitializeClientPfnArrays."""
    procedure_size: int
    """Bytes of an address in those arrays."""
    call_procedure: int
    """The routine of PEB.KernelCallbackTable that calls a window procedure."""
    call_fields: tuple[str, ...]
    """The words of what that routine gets (struct win_proc_params)."""
    load_driver: int
    """The routine that loads a DLL for the display, and keeps it."""
    enumerate_monitor: int
    """The routine that calls a MONITORENUMPROC."""
    message_name: int
    """The kind of NtUserMessageCall that asks for a message's name (NtUserSpyGetMsgName)."""
    window_dpi: int
    """The DPI awareness context of a window, in such a structure."""
    unaware: int = 0x6010
    """The same of a process that has not said any (NTUSER_DPI_UNAWARE)."""


_EARLY_PROCEDURES = (
    "Button", "ComboBox", "DefWindow", "#32770", "Edit", "ListBox", "MDIClient", "ScrollBar",
    "Static", "IME", "#32769", "#32772", "#32768", "Message",
)  # fmt: skip
_LATE_PROCEDURES = (
    "ScrollBar", "Message", "#32768", "#32769", "DefWindow", "#32772", "Unknown", "Button",
    "ComboBox", "ComboLBox", "#32770", "Edit", "ListBox", "MDIClient", "Static", "IME", "Ghost",
)  # fmt: skip

EARLY = Dialect(
    no_param=(
        "DestroyCaret", "GetDesktopWindow", "GetDialogBaseUnits", "GetInputState",
        "GetProcessDefaultLayout", "GetProgmanWindow", "GetShellWindow", "GetTaskmanWindow",
        "ReleaseCapture", "ExitingThread", "ThreadDetach",
    ),
    one_param=(
        "BeginDeferWindowPos", "CreateCursorIcon", "CreateMenu", "EnableDC", "EnableThunkLock",
        "EnumClipboardFormats", "GetClipCursor", "GetCursorPos", "GetIconParam",
        "GetMenuItemCount", "GetPrimaryMonitorRect", "GetSysColor", "GetSysColorBrush",
        "GetSysColorPen", "GetSystemMetrics", "GetVirtualScreenRect", "IsWindowRectFullScreen",
        "MessageBeep", "RealizePalette", "ReplyMessage", "SetCaretBlinkTime",
        "SetProcessDefaultLayout", "GetDeskPattern",
    ),
    two_param=(
        "GetDialogProc", "GetMenuInfo", "GetMonitorInfo", "GetSystemMetricsForDpi",
        "MonitorFromRect", "SetCaretPos", "SetIconParam", "UnhookWindowsHook", "AllocWinProc",
    ),
    hwnd=(
        "ActivateOtherWindow", "ArrangeIconicWindows", "DrawMenuBar", "GetDefaultImeWindow",
        "GetDialogInfo", "GetDpiForWindow", "GetMDIClientInfo", "GetParent",
        "GetWindowContextHelpId", "GetWindowDpiAwarenessContext", "GetWindowInputContext",
        "GetWindowSysSubMenu", "GetWindowTextLength", "IsWindow", "IsWindowEnabled",
        "IsWindowUnicode", "IsWindowVisible", "SetForegroundWindow", "SetProgmanWindow",
        "SetTaskmanWindow", "GetFullWindowHandle", "IsCurrentProcessWindow",
        "IsCurrentThreadWindow",
    ),
    hwnd_param=(
        "ClientToScreen", "EnableWindow", "GetChildRect", "GetClassLongA", "GetClassLongW",
        "GetClassLongPtrA", "GetClassLongPtrW", "GetClassWord", "GetClientRect", "GetScrollInfo",
        "GetWindowInfo", "GetWindowLongA", "GetWindowLongW", "GetWindowLongPtrA",
        "GetWindowLongPtrW", "GetWindowRect", "GetWindowRelative", "GetWindowThread",
        "GetWindowWord", "IsChild", "KillSystemTimer", "MapWindowPoints", "MirrorRgn",
        "MonitorFromWindow", "ScreenToClient", "SetDialogInfo", "SetMDIClientInfo",
        "SetWindowContextHelpId", "SetWindowPixelFormat", "ShowOwnedPopups", "SetWindowStyle",
    ),
    procedures=_EARLY_PROCEDURES,
    procedure_size=4,
    call_procedure=3,
    call_fields=(
        "function", "window", "message", "wparam", "lparam", "result", "ansi", "ansi_target",
        "packed", "mapping", "dpi", "ansi_procedure", "wide_procedure",
    ),
    load_driver=13,
    enumerate_monitor=0,
    message_name=0x3003,
    window_dpi=0x10,
)  # fmt: skip
LATE = Dialect(
    no_param=(
        "DestroyCaret", "GetDesktopWindow", "GetDialogBaseUnits", "GetInputState",
        "GetLastInputTime", "GetProcessDefaultLayout", "GetProgmanWindow", "GetShellWindow",
        "GetTaskmanWindow", "ReleaseCapture", "DisplayModeChanged", "ExitingThread",
        "ThreadDetach",
    ),
    one_param=(
        "BeginDeferWindowPos", "CreateCursorIcon", "CreateMenu", "EnableDC", "EnableThunkLock",
        "EnumClipboardFormats", "GetClipCursor", "GetCursorPos", "GetIconParam",
        "GetMenuItemCount", "GetPrimaryMonitorRect", "GetSysColor", "GetSysColorBrush",
        "GetSysColorPen", "GetSystemMetrics", "GetVirtualScreenRect", "MessageBeep",
        "PostQuitMessage", "RealizePalette", "ReplyMessage", "SetCaretBlinkTime",
        "SetProcessDefaultLayout", "SetKeyboardAutoRepeat", "SetThreadDpiAwarenessContext",
        "D3DKMTOpenAdapterFromGdiDisplayName", "GetAsyncKeyboardState", "GetDeskPattern",
    ),
    two_param=(
        "GetDialogProc", "GetMenuInfo", "GetMonitorInfo", "GetSystemMetricsForDpi",
        "MonitorFromRect", "SetCaretPos", "SetIconParam", "SetIMECompositionRect",
        "UnhookWindowsHook", "AdjustWindowRect", "GetVirtualScreenRectOfType", "AllocWinProc",
    ),
    hwnd=(
        "ActivateOtherWindow", "ArrangeIconicWindows", "DrawMenuBar", "GetDialogInfo",
        "GetDpiForWindow", "GetLastActivePopup", "GetMDIClientInfo", "GetParent",
        "GetWindowContextHelpId", "GetWindowDpiAwarenessContext", "GetWindowInputContext",
        "GetWindowSysSubMenu", "GetWindowTextLength", "IsWindow", "IsWindowEnabled",
        "IsWindowUnicode", "IsWindowVisible", "SetForegroundWindow", "SetProgmanWindow",
        "SetTaskmanWindow", "GetFullWindowHandle", "IsCurrentProcessWindow",
        "IsCurrentThreadWindow",
    ),
    hwnd_param=(
        "ClientToScreen", "EnableWindow", "GetChildRect", "GetClassLongA", "GetClassLongW",
        "GetClassLongPtrA", "GetClassLongPtrW", "GetClassWord", "GetScrollInfo", "GetWindowInfo",
        "GetWindowLongA", "GetWindowLongW", "GetWindowLongPtrA", "GetWindowLongPtrW",
        "GetWindowRects", "GetWindowRelative", "GetWindowThread", "GetWindowWord", "IsChild",
        "KillSystemTimer", "MapWindowPoints", "MirrorRgn", "MonitorFromWindow", "ScreenToClient",
        "SetDialogInfo", "SetMDIClientInfo", "SetWindowContextHelpId", "ShowOwnedPopups",
        "SendHardwareInput", "ExposeWindowSurface", "GetWinMonitorDpi", "SetRawWindowPos",
        "SetWindowStyle",
    ),
    procedures=_LATE_PROCEDURES,
    procedure_size=8,
    call_procedure=4,
    call_fields=(
        "function", "window", "message", "wparam", "lparam", "ansi", "ansi_target", "mapping",
        "dpi", "ansi_procedure", "wide_procedure",
    ),
    load_driver=14,
    enumerate_monitor=1,
    message_name=0x3002,
    window_dpi=0x6010,
)  # fmt: skip
DIALECTS = {"EARLY": EARLY, "LATE": LATE}
