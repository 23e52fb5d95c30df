/* Thread pools: what their files share. A pool's lock guards its objects too. */
#pragma once
#include "ntdll.h"
#include "thread_pool.h"

typedef struct {
    HANDLE Port;
    PVOID Key;
} FILE_COMPLETION_INFORMATION;
#define FileCompletionInformation 30

struct _TP_POOL {
    RTL_SRWLOCK lock;
    RTL_CONDITION_VARIABLE arrived; /* an object was queued, or nobody holds the pool any more */
    LIST_ENTRY queues[TP_CALLBACK_PRIORITY_COUNT]; /* objects with pending callbacks */
    ULONG queued, workers, idle, most, least;
    LONG references; /* of the creator and of each object */
    TP_POOL_STACK_INFORMATION stack;
};

struct _TP_CLEANUP_GROUP {
    RTL_SRWLOCK lock;
    LIST_ENTRY members;
};

enum kind { SIMPLE, WORK, TIMER, WAIT, IO };

struct completion {
    PVOID context;
    IO_STATUS_BLOCK status;
};

struct object {
    LIST_ENTRY link; /* in the pool's queue; to itself: not queued */
    LIST_ENTRY member; /* in the group */
    struct _TP_POOL *pool;
    struct _TP_CLEANUP_GROUP *group; /* NULL: none, or it has let go of the object */
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled;
    PTP_SIMPLE_CALLBACK finalize;
    PVOID callback, context, dll;
    enum kind kind;
    TP_CALLBACK_PRIORITY priority;
    LONG references;
    LONG pending; /* callbacks that are queued */
    LONG running, associated; /* callbacks that run; those that waits wait for */
    BOOL long_function, released;
    RTL_CONDITION_VARIABLE finished;
    union {
        struct {
            LIST_ENTRY link; /* in the list of armed timers */
            LONGLONG due; /* interrupt time */
            ULONG period; /* ms */
            BOOL set;
        } timer;
        struct {
            LIST_ENTRY link; /* in a waiter's list */
            struct waiter *waiter; /* NULL: not armed */
            HANDLE handle; /* a duplicate */
            LONGLONG due;
            LONG signalled; /* how many of the pending callbacks are not for a time-out */
            BOOL watched; /* the waiter waits for the handle just now */
            BOOL dropped; /* TpSetWait waits for the waiter to let go of it */
        } wait;
        struct {
            LONG started; /* operations that were begun and have not completed */
            struct completion *completions; /* of the pending callbacks, first come first */
            ULONG room;
        } io;
    };
};

struct _TP_CALLBACK_INSTANCE {
    struct object *object;
    HANDLE thread;
    BOOL associated, may_run_long;
    PRTL_CRITICAL_SECTION section;
    HANDLE mutex, semaphore, event;
    ULONG semaphore_count;
    PVOID dll;
};

#define NEVER 0x7FFFFFFFFFFFFFFFll

/* pool.c */
NTSTATUS PoolAcquire(struct _TP_POOL *pool, struct _TP_POOL **acquired); /* NULL: the default one */
VOID PoolRelease(struct _TP_POOL *pool);
NTSTATUS PoolAddWorker(struct _TP_POOL *pool); /* the lock is held */

/* pool_object.c */
NTSTATUS ObjectMake(struct object **object, enum kind kind, PVOID callback, PVOID context,
                    PTP_CALLBACK_ENVIRON environment);
VOID ObjectReference(struct object *object);
VOID ObjectDereference(struct object *object);
VOID ObjectRelease(struct object *object); /* the owner's reference */
VOID ObjectPost(struct object *object, const struct completion *completion, BOOL signalled);
LONG ObjectWait(struct object *object, BOOL cancel, BOOL whole_group); /* cancelled callbacks */
struct _TP_POOL *ObjectRunNext(struct _TP_POOL *pool); /* the lock is held, and let go meanwhile */

/* pool_timer.c, pool_wait.c */
LONGLONG DueTime(const LARGE_INTEGER *due); /* relative or absolute, as interrupt time */
VOID TimerDisarm(struct object *object);
VOID WaitDisarm(struct object *object);
NTSTATUS StartPoolThread(PVOID function, PVOID context);
