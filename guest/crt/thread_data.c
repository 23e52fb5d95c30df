/* What the runtime keeps for every thread, in a TLS slot; made when a thread first asks for it. */
#include "crt.h"

static DWORD slot = TLS_OUT_OF_INDEXES;

bool crt_threads_start(void)
{
    slot = TlsAlloc();
    return slot != TLS_OUT_OF_INDEXES;
}

void crt_threads_stop(void)
{
    crt_thread_detach();
    TlsFree(slot);
}

static struct thread_data *make(void)
{
    struct thread_data *data = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *data);
    if (!data || !TlsSetValue(slot, data))
        TerminateProcess(GetCurrentProcess(), 255);
    data->random = 1;
    return data;
}

/* The TEB's first 64 slots are read in place: TlsGetValue would clear the last error. */
struct thread_data *crt_thread(void)
{
    struct thread_data *data;
    DWORD error;

    if (slot < 64) {
        data = (struct thread_data *)__readfsdword(0xE10 + slot * 4);
        if (data)
            return data;
    }
    error = GetLastError();
    data = TlsGetValue(slot);
    if (!data)
        data = make();
    SetLastError(error);
    return data;
}

void crt_thread_detach(void)
{
    struct thread_data *data = TlsGetValue(slot);

    if (!data)
        return;
    TlsSetValue(slot, NULL);
    free(data->error_text);
    free(data->error_wtext);
    free(data->time_text);
    free(data->time_wtext);
    free(data->broken_down_time);
    free(data->conversion);
    HeapFree(GetProcessHeap(), 0, data);
}
