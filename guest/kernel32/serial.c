/* Serial ports, by the requests of ntddser.h. What is no serial port refuses them. */
#include "kernel32.h"

#define SERIAL(function) (FILE_DEVICE_SERIAL_PORT << 16 | (function) << 2)
#define SET_TIMEOUTS SERIAL(7)
#define GET_TIMEOUTS SERIAL(8)
#define SET_QUEUE_SIZE SERIAL(2)
#define SET_BREAK_ON SERIAL(4)
#define SET_BREAK_OFF SERIAL(5)
#define IMMEDIATE_CHAR SERIAL(6)
#define SET_DTR SERIAL(9)
#define CLR_DTR SERIAL(10)
#define SET_RTS SERIAL(12)
#define CLR_RTS SERIAL(13)
#define SET_XOFF SERIAL(14)
#define SET_XON SERIAL(15)
#define GET_WAIT_MASK SERIAL(16)
#define SET_WAIT_MASK SERIAL(17)
#define WAIT_ON_MASK SERIAL(18)
#define PURGE SERIAL(19)
#define GET_BAUD_RATE SERIAL(20)
#define SET_BAUD_RATE SERIAL(1)
#define GET_MODEM_STATUS SERIAL(26)
#define GET_COMM_STATUS SERIAL(27)
#define RESET_DEVICE SERIAL(11)
#define GET_PROPERTIES SERIAL(29)

static BOOL request(HANDLE port, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size)
{
    DWORD done;
    return DeviceIoControl(port, code, (void *)in, in_size, out, out_size, &done, NULL);
}

BOOL WINAPI GetCommTimeouts(HANDLE port, LPCOMMTIMEOUTS timeouts)
{
    return request(port, GET_TIMEOUTS, NULL, 0, timeouts, sizeof *timeouts);
}

BOOL WINAPI SetCommTimeouts(HANDLE port, LPCOMMTIMEOUTS timeouts)
{
    if (!timeouts) return set_error(ERROR_INVALID_PARAMETER);
    return request(port, SET_TIMEOUTS, timeouts, sizeof *timeouts, NULL, 0);
}

BOOL WINAPI SetupComm(HANDLE port, DWORD in, DWORD out)
{
    DWORD sizes[2] = {in, out};
    return request(port, SET_QUEUE_SIZE, sizes, sizeof sizes, NULL, 0);
}

BOOL WINAPI SetCommBreak(HANDLE port)
{
    return request(port, SET_BREAK_ON, NULL, 0, NULL, 0);
}

BOOL WINAPI ClearCommBreak(HANDLE port)
{
    return request(port, SET_BREAK_OFF, NULL, 0, NULL, 0);
}

BOOL WINAPI TransmitCommChar(HANDLE port, char character)
{
    return request(port, IMMEDIATE_CHAR, &character, sizeof character, NULL, 0);
}

BOOL WINAPI GetCommMask(HANDLE port, LPDWORD mask)
{
    return request(port, GET_WAIT_MASK, NULL, 0, mask, sizeof *mask);
}

BOOL WINAPI SetCommMask(HANDLE port, DWORD mask)
{
    return request(port, SET_WAIT_MASK, &mask, sizeof mask, NULL, 0);
}

BOOL WINAPI WaitCommEvent(HANDLE port, LPDWORD mask, LPOVERLAPPED overlapped)
{
    return DeviceIoControl(port, WAIT_ON_MASK, NULL, 0, mask, sizeof *mask, NULL, overlapped);
}

BOOL WINAPI PurgeComm(HANDLE port, DWORD flags)
{
    return request(port, PURGE, &flags, sizeof flags, NULL, 0);
}

BOOL WINAPI GetCommModemStatus(HANDLE port, LPDWORD status)
{
    return request(port, GET_MODEM_STATUS, NULL, 0, status, sizeof *status);
}

BOOL WINAPI GetCommProperties(HANDLE port, LPCOMMPROP properties)
{
    return request(port, GET_PROPERTIES, NULL, 0, properties, sizeof *properties);
}

BOOL WINAPI EscapeCommFunction(HANDLE port, DWORD function)
{
    static const ULONG codes[] = {0, SET_XOFF, SET_XON, SET_RTS, CLR_RTS, SET_DTR, CLR_DTR,
        RESET_DEVICE, SET_BREAK_ON, SET_BREAK_OFF};
    if (!function || function >= COUNT(codes)) return set_error(ERROR_INVALID_PARAMETER);
    return request(port, codes[function], NULL, 0, NULL, 0);
}

BOOL WINAPI ClearCommError(HANDLE port, LPDWORD errors, LPCOMSTAT state)
{
    struct {
        ULONG errors, hold, in, out;
        BOOLEAN eof, immediate;
    } status;
    if (!request(port, GET_COMM_STATUS, NULL, 0, &status, sizeof status)) return FALSE;
    if (errors) *errors = status.errors;
    if (state) *state = (COMSTAT){.cbInQue = status.in, .cbOutQue = status.out};
    return TRUE;
}

/* Only the rate: no port of this machine has more to set. */
BOOL WINAPI GetCommState(HANDLE port, LPDCB state)
{
    DWORD rate;
    if (!request(port, GET_BAUD_RATE, NULL, 0, &rate, sizeof rate)) return FALSE;
    *state = (DCB){.DCBlength = sizeof *state, .BaudRate = rate, .ByteSize = 8, .fBinary = 1};
    return TRUE;
}

BOOL WINAPI SetCommState(HANDLE port, LPDCB state)
{
    if (!state) return set_error(ERROR_INVALID_PARAMETER);
    return request(port, SET_BAUD_RATE, &state->BaudRate, sizeof state->BaudRate, NULL, 0);
}

/* There is no serial port whose settings could be named. */
BOOL WINAPI GetDefaultCommConfigW(LPCWSTR name, LPCOMMCONFIG config, LPDWORD size)
{
    (void)name;
    (void)config;
    (void)size;
    return set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI GetDefaultCommConfigA(LPCSTR name, LPCOMMCONFIG config, LPDWORD size)
{
    WIDE(wide, name);
    return GetDefaultCommConfigW(wide, config, size);
}

/* The part "name=" of a mode string, or NULL. */
static const WCHAR *setting(const WCHAR *text, const WCHAR *name)
{
    SIZE_T length = wcslen(name);
    for (; *text; text++)
        if (!_wcsnicmp(text, name, length)) return text + length;
    return NULL;
}

static BOOL digit_setting(const WCHAR *text, const WCHAR *name, WCHAR lowest, WCHAR highest,
    BYTE *value)
{
    const WCHAR *at = setting(text, name);
    if (!at) return TRUE;
    if (*at < lowest || *at > highest) return FALSE;
    *value = (BYTE)(*at - '0');
    return TRUE;
}

/* "baud=1200 parity=N data=8 stop=1", any of them left out. */
BOOL WINAPI BuildCommDCBW(LPCWSTR text, LPDCB dcb)
{
    static const WCHAR parities[] = L"noems";
    const WCHAR *baud = setting(text, L"baud="), *parity = setting(text, L"parity=");
    BYTE stop = 0;
    if (baud) {
        DWORD rate = 0;
        for (; *baud >= '0' && *baud <= '9'; baud++) rate = rate * 10 + *baud - '0';
        if (!rate) return set_error(ERROR_INVALID_PARAMETER);
        dcb->BaudRate = rate == 11 ? 110 : rate == 15 ? 150 : rate == 30 ? 300 : rate == 60 ? 600
            : rate == 12 ? 1200 : rate == 24 ? 2400 : rate == 48 ? 4800 : rate == 96 ? 9600
            : rate == 19 ? 19200 : rate;
    }
    if (parity) {
        const WCHAR *found = *parity ? wcschr(parities, *parity | 0x20) : NULL;
        if (!found) return set_error(ERROR_INVALID_PARAMETER);
        dcb->Parity = (BYTE)(found - parities);
    }
    if (!digit_setting(text, L"data=", '5', '8', &dcb->ByteSize)
        || !digit_setting(text, L"stop=", '1', '2', &stop))
        return set_error(ERROR_INVALID_PARAMETER);
    if (stop) {
        const WCHAR *at = setting(text, L"stop=");
        dcb->StopBits = stop == 2 ? TWOSTOPBITS : at[1] == '.' ? ONE5STOPBITS : ONESTOPBIT;
    }
    if (!baud && !parity && !stop && !setting(text, L"data="))
        return set_error(ERROR_INVALID_PARAMETER);
    return TRUE;
}

BOOL WINAPI BuildCommDCBA(LPCSTR text, LPDCB dcb)
{
    WIDE(wide, text);
    return wide && BuildCommDCBW(wide, dcb);
}

BOOL WINAPI BuildCommDCBAndTimeoutsW(LPCWSTR text, LPDCB dcb, LPCOMMTIMEOUTS timeouts)
{
    const WCHAR *limit = setting(text, L"to=");
    if (!BuildCommDCBW(text, dcb)) return FALSE;
    if (!limit) return TRUE;
    *timeouts = (COMMTIMEOUTS){0};
    if (!_wcsnicmp(limit, L"on", 2)) timeouts->ReadTotalTimeoutConstant =
        timeouts->WriteTotalTimeoutConstant = 60000;
    return TRUE;
}

BOOL WINAPI BuildCommDCBAndTimeoutsA(LPCSTR text, LPDCB dcb, LPCOMMTIMEOUTS timeouts)
{
    WIDE(wide, text);
    return wide && BuildCommDCBAndTimeoutsW(wide, dcb, timeouts);
}
