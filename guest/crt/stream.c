/* Streams: their table and locks, and closing. */
#include "crt.h"

#define FIRST 20                              /* _iob holds this many, the rest is allocated */
#define STREAM_LIMIT 8192

FILE _iob[FIRST] = {
    {._file = 0, ._flag = F_READ | F_INUSE},
    {._file = 1, ._flag = F_WRITE | F_INUSE},
    {._file = 2, ._flag = F_WRITE | F_NBF | F_INUSE},
};
struct late_stream {
    FILE stream;
    CRITICAL_SECTION lock;
};
static CRITICAL_SECTION first_locks[FIRST];
static struct late_stream **late;
static int late_count, stream_limit = 512;
int _fmode, _commode;

bool crt_streams_start(void)
{
    for (int i = 0; i < FIRST; i++)
        InitializeCriticalSection(&first_locks[i]);
    for (int i = 0; i < 3; i++)
        if ((intptr_t)_get_osfhandle(i) == -2)
            _iob[i]._file = -2;
    return true;
}

FILE *__acrt_iob_func(unsigned index)
{
    return &_iob[index];
}

FILE *__iob_func(void)
{
    return _iob;
}

void _lock_file(FILE *f)
{
    if (f >= _iob && f < _iob + FIRST)
        EnterCriticalSection(&first_locks[f - _iob]);
    else
        EnterCriticalSection(&((struct late_stream *)f)->lock);
}

void _unlock_file(FILE *f)
{
    if (f >= _iob && f < _iob + FIRST)
        LeaveCriticalSection(&first_locks[f - _iob]);
    else
        LeaveCriticalSection(&((struct late_stream *)f)->lock);
}

static FILE *take(FILE *f)
{
    *f = (FILE){._flag = F_INUSE, ._file = -1};
    return f;
}

static FILE *add_late(void)
{
    struct late_stream *new, **grown;

    if (FIRST + late_count >= stream_limit)
        return NULL;
    grown = realloc(late, (size_t)(late_count + 1) * sizeof *late);
    if (!grown)
        return NULL;
    late = grown;
    new = malloc(sizeof *new);
    if (!new)
        return NULL;
    InitializeCriticalSection(&new->lock);
    late[late_count++] = new;
    return take(&new->stream);
}

/* A stream of the caller's own, or NULL with EMFILE. */
FILE *crt_stream_new(void)
{
    FILE *f = NULL;

    _lock(LOCK_STREAMS);
    for (int i = 3; i < FIRST && !f; i++)
        if (!_iob[i]._flag)
            f = take(&_iob[i]);
    for (int i = 0; i < late_count && !f; i++)
        if (!late[i]->stream._flag)
            f = take(&late[i]->stream);
    if (!f)
        f = add_late();
    _unlock(LOCK_STREAMS);
    if (!f)
        errno = EMFILE;
    return f;
}

static void free_buffer(FILE *f)
{
    if (f->_flag & F_MYBUF)
        free(f->_base);
    f->_base = f->_ptr = NULL;
    f->_cnt = 0;
    f->_flag &= ~(F_MYBUF | F_USERBUF | F_NBF | F_LBF);
}

void crt_stream_release(FILE *f)
{
    free_buffer(f);
    free(f->_tmpfname);
    f->_tmpfname = NULL;
    f->_file = -1;
    f->_flag = 0;
}

static int each_stream(int (*visit)(FILE *))
{
    int count = 0;

    for (int i = 0; i < FIRST + late_count; i++) {
        FILE *f = i < FIRST ? &_iob[i] : &late[i - FIRST]->stream;
        if (f->_flag)
            count += visit(f);
    }
    return count;
}

static int flush_visit(FILE *f)
{
    if (f->_flag & F_WRITE && f->_base && f->_ptr != f->_base)
        crt_flush(f);
    return 1;
}

static int close_visit(FILE *f)
{
    return f >= _iob && f < _iob + 3 ? 0 : fclose(f) != EOF;
}

static int temporary_visit(FILE *f)
{
    return f->_tmpfname ? fclose(f) != EOF : 0;
}

void crt_streams_flush(void)
{
    each_stream(flush_visit);
}

int _flushall(void)
{
    return each_stream(flush_visit);
}

int _fcloseall(void)
{
    return each_stream(close_visit);
}

int _rmtmp(void)
{
    return each_stream(temporary_visit);
}

int _getmaxstdio(void)
{
    return stream_limit;
}

int _setmaxstdio(int limit)
{
    if (limit < FIRST || limit > STREAM_LIMIT || limit < FIRST + late_count) {
        crt_invalid(EINVAL);
        return -1;
    }
    return stream_limit = limit;
}

int _fclose_nolock(FILE *f)
{
    int result;

    if (!(f->_flag & F_INUSE) || f->_flag & F_STRG) {
        crt_stream_release(f);
        return EOF;
    }
    result = crt_flush(f);
    if (f->_file >= 0 && _close(f->_file) < 0)
        result = EOF;
    if (f->_tmpfname)
        _unlink(f->_tmpfname);
    crt_stream_release(f);
    return result;
}

int fclose(FILE *f)
{
    int result;

    if (!f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    _lock_file(f);
    result = _fclose_nolock(f);
    _unlock_file(f);
    return result;
}
