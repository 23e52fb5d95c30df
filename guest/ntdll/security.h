/* The parts of a security descriptor, wherever they lie. */
#pragma once
#include "ntdll.h"

struct parts {
    PSID owner, group;
    PACL sacl, dacl; /* NULL too if absent */
};
struct parts PartsOf(PSECURITY_DESCRIPTOR descriptor);

/* Sizes in a self-relative descriptor, whose parts begin at multiples of four; 0 for NULL. */
static inline ULONG SizeOfSid(PSID sid)
{
    return sid ? RtlLengthSid(sid) : 0;
}

static inline ULONG SizeOfAcl(PACL acl)
{
    return acl ? (acl->AclSize + 3u) & ~3u : 0;
}
