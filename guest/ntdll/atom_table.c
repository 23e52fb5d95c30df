/* Atom tables of user mode: strings with a number, counted; a pinned one is never deleted.
 *
 * Numbers below 0xC000 are integer atoms: they need no table. "#123" is one too. */
#include "ntdll.h"

#define FIRST_ATOM 0xC000
#define LONGEST_NAME 255

struct atom {
    struct atom *next;
    USHORT number;
    USHORT length; /* characters */
    ULONG references, pins;
    WCHAR name[];
};

#define SIGNATURE 0x6D6F7441 /* "Atom" */

struct atom_table {
    ULONG signature;
    RTL_SRWLOCK lock;
    ULONG buckets;
    struct atom *chains[];
};

NTSTATUS NTAPI RtlCreateAtomTable(ULONG Buckets, struct atom_table **Table)
{
    if (*Table)
        return Buckets ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    if (!Buckets)
        Buckets = 37;
    if (Buckets > 0xFFFF)
        return STATUS_NO_MEMORY;
    struct atom_table *table = AllocateZeroed(sizeof *table + Buckets * sizeof *table->chains);
    if (!table)
        return STATUS_NO_MEMORY;
    table->signature = SIGNATURE;
    table->buckets = Buckets;
    *Table = table;
    return STATUS_SUCCESS;
}

/* Pinned ones stay unless they are asked for too. */
NTSTATUS NTAPI RtlEmptyAtomTable(struct atom_table *Table, BOOLEAN Pinned)
{
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    RtlAcquireSRWLockExclusive(&Table->lock);
    for (ULONG i = 0; i < Table->buckets; i++) {
        struct atom **link = &Table->chains[i];
        while (*link) {
            struct atom *atom = *link;
            if (atom->pins && !Pinned) {
                link = &atom->next;
                continue;
            }
            *link = atom->next;
            Free(atom);
        }
    }
    RtlReleaseSRWLockExclusive(&Table->lock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDestroyAtomTable(struct atom_table *Table)
{
    NTSTATUS status = RtlEmptyAtomTable(Table, TRUE);
    if (NT_SUCCESS(status))
        Free(Table);
    return status;
}

/* STATUS_MORE_ENTRIES: the name is a string. */
static NTSTATUS IntegerAtom(PCWSTR name, USHORT *number)
{
    ULONG value = (ULONG)(ULONG_PTR)name;
    if (value >> 16) {
        if (*name++ != '#' || !*name)
            return STATUS_MORE_ENTRIES;
        for (value = 0; *name; name++) {
            if (*name < '0' || *name > '9')
                return STATUS_MORE_ENTRIES;
            value = value * 10 + *name - '0';
            if (value > 0xFFFFF)
                value = 0xFFFFF;
        }
        if (!value) /* "#0" stands for the first string atom's number */
            value = FIRST_ATOM;
        else if (value >= FIRST_ATOM)
            return STATUS_INVALID_PARAMETER;
    } else if (!value || value >= FIRST_ATOM) {
        return STATUS_INVALID_PARAMETER;
    }
    *number = (USHORT)value;
    return STATUS_SUCCESS;
}

static struct atom **Chain(struct atom_table *table, PCWSTR name, ULONG length)
{
    ULONG hash = 0;
    for (ULONG i = 0; i < length; i++)
        hash = hash * 31 + RtlUpcaseUnicodeChar(name[i]);
    return &table->chains[hash % table->buckets];
}

static struct atom *ByName(struct atom_table *table, PCWSTR name, ULONG length)
{
    for (struct atom *atom = *Chain(table, name, length); atom; atom = atom->next)
        if (atom->length == length && !_wcsnicmp(atom->name, name, length))
            return atom;
    return NULL;
}

/* The link that leads to it, or NULL. */
static struct atom **ByNumber(struct atom_table *table, USHORT number)
{
    for (ULONG i = 0; i < table->buckets; i++)
        for (struct atom **link = &table->chains[i]; *link; link = &(*link)->next)
            if ((*link)->number == number)
                return link;
    return NULL;
}

/* The lock is held; the name is not in the table. */
static NTSTATUS Insert(struct atom_table *table, PCWSTR name, ULONG length, USHORT *number)
{
    ULONG free = FIRST_ATOM;
    while (free <= 0xFFFF && ByNumber(table, (USHORT)free))
        free++;
    struct atom *atom = free > 0xFFFF ? NULL
                                      : Allocate(sizeof *atom + (length + 1) * sizeof(WCHAR));
    if (!atom)
        return STATUS_NO_MEMORY;
    struct atom **chain = Chain(table, name, length);
    *atom = (struct atom){*chain, (USHORT)free, (USHORT)length, 1, 0};
    memcpy(atom->name, name, length * sizeof(WCHAR));
    atom->name[length] = 0;
    *chain = atom;
    *number = atom->number;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAddAtomToAtomTable(struct atom_table *Table, PCWSTR Name, PUSHORT Atom)
{
    USHORT number;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = IntegerAtom(Name, &number);
    if (status == STATUS_MORE_ENTRIES) {
        ULONG length = (ULONG)wcslen(Name);
        if (!length)
            return STATUS_OBJECT_NAME_INVALID;
        if (length > LONGEST_NAME)
            return STATUS_INVALID_PARAMETER;
        RtlAcquireSRWLockExclusive(&Table->lock);
        struct atom *atom = ByName(Table, Name, length);
        if (atom) {
            atom->references++;
            number = atom->number;
            status = STATUS_SUCCESS;
        } else {
            status = Insert(Table, Name, length, &number);
        }
        RtlReleaseSRWLockExclusive(&Table->lock);
    }
    if (NT_SUCCESS(status) && Atom)
        *Atom = number;
    return status;
}

NTSTATUS NTAPI RtlLookupAtomInAtomTable(struct atom_table *Table, PCWSTR Name, PUSHORT Atom)
{
    USHORT number;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = IntegerAtom(Name, &number);
    if (status == STATUS_MORE_ENTRIES) {
        if (!*Name)
            return STATUS_OBJECT_NAME_INVALID;
        RtlAcquireSRWLockShared(&Table->lock);
        struct atom *atom = ByName(Table, Name, (ULONG)wcslen(Name));
        status = atom ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
        if (atom)
            number = atom->number;
        RtlReleaseSRWLockShared(&Table->lock);
    }
    if (NT_SUCCESS(status) && Atom)
        *Atom = number;
    return status;
}

NTSTATUS NTAPI RtlDeleteAtomFromAtomTable(struct atom_table *Table, USHORT Atom)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    if (Atom < FIRST_ATOM)
        return Atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&Table->lock);
    struct atom **link = ByNumber(Table, Atom), *atom = link ? *link : NULL;
    if (!atom) {
        status = STATUS_INVALID_HANDLE;
    } else if (atom->pins) {
        status = STATUS_WAS_LOCKED;
    } else if (!--atom->references) {
        *link = atom->next;
        Free(atom);
    }
    RtlReleaseSRWLockExclusive(&Table->lock);
    return status;
}

NTSTATUS NTAPI RtlPinAtomInAtomTable(struct atom_table *Table, USHORT Atom)
{
    NTSTATUS status = STATUS_INVALID_HANDLE;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    if (Atom < FIRST_ATOM)
        return Atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&Table->lock);
    struct atom **link = ByNumber(Table, Atom);
    if (link) {
        (*link)->pins = 1;
        status = STATUS_SUCCESS;
    }
    RtlReleaseSRWLockExclusive(&Table->lock);
    return status;
}

/* Length is in bytes: of the buffer, then of the name without its terminator. */
static NTSTATUS StoreName(PCWSTR name, ULONG length, PWSTR buffer, PULONG size)
{
    ULONG bytes = length * sizeof(WCHAR);
    if (!size)
        return buffer ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    ULONG room = *size;
    *size = bytes;
    if (!buffer)
        return STATUS_SUCCESS;
    if (room < sizeof(WCHAR)) {
        *size = bytes;
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (room < bytes + sizeof(WCHAR))
        *size = bytes = (room - sizeof(WCHAR)) & ~1u;
    memcpy(buffer, name, bytes);
    buffer[bytes / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryAtomInAtomTable(struct atom_table *Table, USHORT Atom, PULONG References,
                                       PULONG Pins, PWSTR Name, PULONG Length)
{
    ULONG references = 1, pins = 1;
    NTSTATUS status = STATUS_INVALID_HANDLE;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    if (!Atom)
        return STATUS_INVALID_PARAMETER;
    RtlAcquireSRWLockShared(&Table->lock);
    struct atom **link = ByNumber(Table, Atom);
    if (link) {
        references = (*link)->references;
        pins = (*link)->pins;
        status = StoreName((*link)->name, (*link)->length, Name, Length);
    } else if (Atom < FIRST_ATOM) {
        WCHAR text[8];
        status = StoreName(text, (ULONG)_snwprintf(text, 8, L"#%u", Atom), Name, Length);
    }
    RtlReleaseSRWLockShared(&Table->lock);
    if (status == STATUS_INVALID_HANDLE)
        return status;
    if (References)
        *References = references;
    if (Pins)
        *Pins = pins;
    return status;
}
